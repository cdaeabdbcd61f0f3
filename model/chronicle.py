"""A run in words: what happened, when, and why, told by watching the actors change."""

from typing import Any, NamedTuple

from model.terms import Act, Breaker, Guarantee, Regime, Status

FORMS = ("no guarantee", "a backstop", "an executive pledge", "a ratified treaty", "troops in theatre")
STATUSES = ("holding", "strained", "in limited war", "in renewed war", "consolidated")


class Event(NamedTuple):
    """Something that happened: the week, whom it concerns, and a sentence."""

    week: int
    kind: str
    text: str


class Chronicle:
    """Compares each week with the one before and notes what a historian would."""

    def __init__(self, world: Any) -> None:
        """Remember how things stand at the start."""
        self.events: list[Event] = []
        self._before = _snapshot(world)

    def note(self, world: Any) -> None:
        """Compare the week that has just passed with the one before, and add its events."""
        week = int(world.line.week) - 1
        now = _snapshot(world)
        for kind, text in [
            *_line(world, self._before, now),
            *_sides(world, self._before, now),
            *_washington(world, self._before, now),
            *_force(world, self._before, now),
            *_states(world, self._before, now),
        ]:
            self.events.append(Event(week, kind, text))
        self._before = now


def tell(world: Any) -> list[Event]:
    """The events of a recorded run, in order; ValueError if it was not recorded."""
    if world.chronicle is None:
        raise ValueError("this run was not recorded: build it with record=True")
    return list(world.chronicle.events)


def _snapshot(world: Any) -> dict[str, Any]:
    return {
        "status": world.line.status,
        "territory": world.line.territory,
        "renewed": world.line.renewed_week,
        "limited_wars": world.line.limited_wars,
        "calm": world.line.calm,
        "russia": world.russia.act,
        "ukraine": world.ukraine.act,
        "attacks": world.russia.limited_attacks,
        "form": world.us.form,
        "regime": world.us.regime,
        "inauguration": world.us.next_election,
        "present": world.us.present,
        "authorised": world.force.authorised,
        "arrived": world.force.arrived,
        "dead": world.force.dead,
        "combat": world.line.direct_combat,
        "us_combat": world.line.us_combat,
        "wider": world.line.wider_war,
        "bypassed": world.line.bypassed,
        "full": world.force.pledged > 0.0 and world.force.troops >= 0.98 * world.force.pledged,
        "contributing": {state.name: state.contributing for state in world.states},
        "next_election": {state.name: state.next_election for state in world.states},
        "consensus": {state.name: state.consensus for state in world.states},
    }


def _reasons(world: Any) -> str:
    """Why Russia chose as it did, in the terms of its utility."""
    russia = world.russia
    return (
        f"it gave a renewed war {russia.win_full:.0%} and a limited attack {russia.win_limited:.0%} to succeed, "
        f"Europe {russia.belief:.0%} to fight and Washington {world.us.belief_russia * world.us.present:.0%} to act"
    )


def _line(world: Any, before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    lost = now["territory"] - before["territory"]
    if now["renewed"] >= 0.0 > before["renewed"]:
        found.append(("war", f"Russia renews the war: {_reasons(world)}."))
    elif now["attacks"] > before["attacks"]:
        end = f"takes {lost:,.0f} km2" if lost > 0.0 else "is thrown back"
        found.append(("war", f"Russia launches a limited attack and {end}: {_reasons(world)}."))
    elif now["limited_wars"] > before["limited_wars"]:
        if world.line.broken_by == Breaker.BOTH or world.ukraine.act != Act.LIMITED:
            dead = f"{world.line.deaths:,.0f} dead in a week"
            found.append(("war", f"Fire begets fire until it is open battle: {dead}, and no one gave the order."))
        else:
            found.append(("war", f"Ukraine attacks across the line; confidence {world.ukraine.confidence:.2f}."))
    if before["status"] == Status.LIMITED_WAR and now["status"] == Status.STRAINED:
        found.append(("line", "The limited war ends in a new ceasefire."))
    elif now["calm"] == 1.0 > before["calm"]:
        found.append(("line", "Both sides recommit to the ceasefire."))
    if now["status"] != before["status"] and now["status"] in (Status.HOLDING, Status.CONSOLIDATED):
        word = STATUSES[int(now["status"])]
        found.append(("line", f"The ceasefire is {word} after {world.line.quiet_weeks:.0f} quiet weeks."))
    elif now["status"] == Status.STRAINED and before["status"] in (Status.HOLDING, Status.CONSOLIDATED):
        total = world.line.violations_russia + world.line.violations_ukraine
        found.append(
            ("line", f"The ceasefire is strained: {total:,.0f} violations, {world.line.blame:.0%} laid to Russia.")
        )
    return found


def _sides(world: Any, before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    russia = world.russia
    if now["russia"] == Act.PROBE != before["russia"]:
        found.append(("russia", f"Russia starts to probe; it thinks an answer {russia.belief:.0%} likely."))
    elif before["russia"] == Act.PROBE and now["russia"] == Act.COMPLY:
        found.append(
            (
                "russia",
                f"Russia stops probing ({russia.probes_answered:.0f} of {russia.probes:.0f} weeks answered so far).",
            )
        )
    if now["ukraine"] == Act.PROBE != before["ukraine"]:
        found.append(("ukraine", f"Ukraine answers in kind; its confidence is {world.ukraine.confidence:.2f}."))
    return found


def _washington(world: Any, before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if now["inauguration"] > before["inauguration"]:
        kind = "an Atlanticist" if now["regime"] == Regime.ATLANTICIST else "a restrainer"
        found.append(("us", f"America inaugurates {kind} president."))
    if now["present"] < before["present"]:
        found.append(
            ("us", f"The United States turns away from Europe; European effort stood at {world.us.burden:.1f}% of GDP.")
        )
    elif now["form"] != before["form"]:
        old, new = FORMS[int(before["form"])], FORMS[int(now["form"])]
        verb = "drops" if now["form"] == Guarantee.NONE else "changes"
        found.append(("us", f"Washington {verb} its guarantee: {old} before, {new} now."))
    if now["us_combat"] > before["us_combat"]:
        found.append(("us", f"American forces act; readiness was {world.us.readiness:.0%}."))
    return found


def _force(world: Any, before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    force = world.force
    if now["authorised"] > before["authorised"]:
        wait = max(0.0, force.start_week - world.line.week)
        chosen = world.institutions[int(world.parameters.command.form)]
        found.append(
            ("force", f"The force is mandated under {_command(chosen.name)}; deployment can begin in {wait:.0f} weeks.")
        )
    elif now["authorised"] < before["authorised"]:
        found.append(("force", "The mandate is not renewed: the force goes home."))
    if now["arrived"] >= 0.0 > before["arrived"]:
        found.append(("force", "The first troops arrive."))
    if now["full"] and not before["full"]:
        found.append(("force", f"The force stands at {force.troops:,.0f} troops from {force.contributors:.0f} states."))
    if now["combat"] > before["combat"]:
        found.append(("force", f"European and Russian troops fight: {force.dead:,.0f} of the force have died so far."))
    elif now["bypassed"] > before["bypassed"]:
        found.append(("force", "The force stands by: the attack goes round it."))
    if now["wider"] > before["wider"]:
        found.append(("war", "Fighting spreads beyond Ukraine."))
    return found


def _states(world: Any, before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    joined = [name for name, there in now["contributing"].items() if there > before["contributing"][name]]
    left = [name for name, there in now["contributing"].items() if there < before["contributing"][name]]
    if joined:
        found.append(("state", f"{_names(joined)} {'pledges' if len(joined) == 1 else 'pledge'} troops."))
    for state in world.states:
        if state.name in left:
            split = "consensus at home had broken" if state.consensus == 0.0 else "consensus at home still held"
            found.append(("state", f"{state.name} withdraws: support {state.support:.0f}%, {split}."))
        elif state.contributing == 1.0 and state.deployed > 0.0:
            if now["consensus"][state.name] < before["consensus"][state.name]:
                found.append(
                    ("state", f"Consensus on the mission breaks in {state.name}: support {state.support:.0f}%.")
                )
            if now["next_election"][state.name] > before["next_election"][state.name]:
                mood = "for" if state.government >= 0.0 else "against"
                found.append(("state", f"{state.name} votes; the new government leans {mood} the mission."))
    return found


def _names(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _command(name: str) -> str:
    return {
        "LeadNation": "a lead nation",
        "EuropeanUnion": "the European Union",
        "UnitedNations": "the United Nations",
    }.get(name, name)
