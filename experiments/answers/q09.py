"""Q9: can Europe unite: what a split, or one large state's refusal, costs."""

import math
from typing import NamedTuple

import pandas as pd

from experiments.answers.answer import Answer
from experiments.answers.reader import Folder
from experiments.answers.words import amount, bare, change, percent, points, sure
from experiments.design import Arm
from experiments.figures.words import horizon, listed
from experiments.intervals import Interval
from model.register import load_rosters, load_states, state_names

EXPERIMENTS = ["unity"]
TROOPS, HELD, UNITY, COMBAT = "troops_peak", "held", "unity", "direct_combat"
PAIR, SPLIT, AGREE = "France and the United Kingdom refuse", "large states pull apart", "large states agree"
PIVOTAL, OPEN, DISPENSABLE = "pivotal", "open", "not pivotal"
TOLD = 2  # pivotal states whose loss the short answer tells
RIDERS = ("free riding at its strongest", "no free riding")


class Refusal(NamedTuple):
    """One state refuses."""

    state: str
    name: str
    arm: str
    land: float  # its share of Europe's land forces
    fall: Interval  # of the force's peak, as a share of it, with the widest ends that both intervals allow

    @property
    def verdict(self) -> str:
        """By the plan: pivotal if the force's peak falls by more than the state's own share of land forces."""
        if self.fall.low > self.land:
            return PIVOTAL
        return DISPENSABLE if self.fall.high <= self.land else OPEN


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    (folder,) = (folders[name] for name in EXPERIMENTS)
    experiment, base = folder.experiment, folder.mean(TROOPS, folder.experiment.versus)
    refusals, years = read_refusals(folder, base), horizon(experiment.weeks or 0)
    return Answer(
        question="Q9",
        topic="Unity",
        asked="Can Europe unite: what happens when autonomists and Atlanticists split, or when a large state defects?",
        short=(
            f"{_who(refusals)}, while a split between autonomists and Atlanticists {_split_in_short(folder)}, if "
            f"{experiment.set['force.size']:,} troops are asked for with an American backstop."
        ),
        points=[
            _pivotal(refusals),
            _others(folder, refusals),
            _together(folder, base),
            _split(folder),
            _ceasefire(folder, years),
            _free_riding(folder),
        ],
        certainty=(
            f"Differences are paired over {experiment.runs:,} runs. Who is willing is the position of spring 2025 "
            "(stances and polls, graded in the register). How strongly one state's going draws another in is an "
            "assumption with a wide range (contribution.success_midpoint), and a refusal here is a bundle: a "
            "government against, a public against, and a block at the table."
        ),
        changes=(
            "A force under NATO or the EU, where distance between positions and a member's obstruction hold up consent "
            "(Q4): here a lead nation commands, which needs only a number of partners, so that a split can cost it "
            "little. A new government in Paris or London, which the model draws at elections and cannot foresee; a "
            "large state that stays out now and decides to send, which nothing here tries."
        ),
        pictures=[
            folder.picture("effects", f"What each refusal and each split changes, against “{experiment.versus}”"),
            folder.picture("tiles", "Maps of troops by state, as they are and when large states refuse"),
            folder.picture("contributions", "Largest contingent of each state"),
        ],
        experiments=EXPERIMENTS,
        table=_table(folder, refusals, years),
    )


def read_refusals(folder: Folder, base: Interval) -> list[Refusal]:
    """The arms in which a single state refuses, from the one without which the force loses most."""
    found = []
    for arm in folder.experiment.arms:
        states = _refusing(arm)
        if len(states) != 1:
            continue
        lost = folder.difference(TROOPS, arm.label)
        fall = Interval(-lost.estimate / base.estimate, *sorted((-lost.high / base.high, -lost.low / base.low)))
        found.append(Refusal(states[0], _the(state_names()[states[0]]), arm.label, _land(folder, states[0]), fall))
    return sorted(found, key=lambda refusal: -refusal.fall.estimate)


def _refusing(arm: Arm) -> list[str]:
    """The states that an arm makes refuse."""
    return [name.split(".")[1] for name in arm.set if name.endswith(".troops_stance")]


def _land(folder: Folder, state: str) -> float:
    """A state's share of the roster's land forces."""
    asked = folder.experiment.roster
    roster = load_rosters()[asked] if isinstance(asked, str) else asked or []
    forces = {each: float(load_states()[each]["land"]) for each in roster}
    return forces[state] / sum(forces.values())


def _who(refusals: list[Refusal]) -> str:
    """Which states are pivotal, and what the force loses without the first of them."""
    pivotal = [refusal for refusal in refusals if refusal.verdict == PIVOTAL]
    if not pivotal:
        first = refusals[0]
        fall = f"{percent(first.fall)}, without {first.name}"
        return f"Europe's force hangs on no single state: its peak falls most, by {fall}"
    falls = [f"{percent(refusal.fall)} without {refusal.name}" for refusal in pivotal[:TOLD]]
    return f"Europe's force hangs on {listed([refusal.name for refusal in pivotal])}: its peak falls by {listed(falls)}"


def _split_in_short(folder: Folder) -> str:
    """What the large states' pulling apart does to the force."""
    troops = folder.difference(TROOPS, SPLIT)
    return f"changes it by {change(troops, 'troops')}" if sure(troops) else "does not surely change it"


def _moves(folder: Folder) -> dict[str, Interval]:
    """The arms that surely move held, and by how much."""
    found = {arm: folder.difference(HELD, arm) for arm in _arms(folder)}
    return {arm: difference for arm, difference in found.items() if folder.certain(HELD, difference)}


def _arms(folder: Folder) -> list[str]:
    """All arms but the first."""
    return [arm.label for arm in folder.experiment.arms if arm.label != folder.experiment.versus]


def _pivotal(refusals: list[Refusal]) -> str:
    """The plan's rule, state by state."""
    parts = []
    for verdict, words in (
        (PIVOTAL, "Pivotal by the plan's rule, since the peak falls by more than the state's share of land forces"),
        (OPEN, "Not told either way"),
        (DISPENSABLE, "Not pivotal"),
    ):
        told = [
            f"{refusal.name} ({round(100 * refusal.fall.estimate) + 0}% against {100 * refusal.land:.0f}%)"
            for refusal in refusals
            if refusal.verdict == verdict
        ]
        if told:
            parts.append(f"{words}: {listed(told)}.")
    return " ".join(parts)


def _others(folder: Folder, refusals: list[Refusal]) -> str:
    """Whether the force loses more than the refusing state's own contingent: others stay at home with it."""
    states = folder.table("states")
    chosen = (states["variable"] == "deployed") & (states["cell"] == folder.experiment.versus)
    contingents = {
        str(row["state"]): Interval(*(float(row[f"most_{part}"]) for part in ("mean", "low", "high")))
        for row in states[chosen].to_dict("records")
    }
    more: list[str] = []
    same: list[str] = []
    less: list[str] = []
    nothing: list[str] = []
    for refusal in refusals:
        own, lost = contingents[refusal.state], folder.difference(TROOPS, refusal.arm)
        partners = folder.difference("contributors_peak", refusal.arm)
        told = f"{-lost.estimate:,.0f} without {refusal.name}, whose contingent is {own.estimate:,.0f}"
        if refusal.fall.low <= 0.0:
            nothing.append(refusal.name)
        elif -lost.high > own.high:
            more.append(f"{told} ({change(partners, 'contributors')})")
        elif -lost.low < own.low:
            less.append(told)
        else:
            same.append(refusal.name)
    parts = [f"others stay at home as well where the force loses {listed(more)}"] if more else []
    parts += [f"others fill in where it loses {listed(less)}"] if less else []
    parts += [f"without {listed(same, 'or')} it loses about their contingent"] if same else []
    parts += [f"without {listed(nothing, 'or')} it loses nothing for certain"] if nothing else []
    return f"Beyond the plan: {'; '.join(parts)}."


def _together(folder: Folder, base: Interval) -> str:
    """Two refusals at once."""
    troops, weeks, held = (folder.difference(outcome, PAIR) for outcome in (TROOPS, "weeks_to_deployment", HELD))
    both = next(_refusing(arm) for arm in folder.experiment.arms if arm.label == PAIR)
    total = sum(
        folder.difference(TROOPS, arm.label).estimate
        for arm in folder.experiment.arms
        if len(_refusing(arm)) == 1 and _refusing(arm)[0] in both
    )
    against = "more than" if troops.high < total else "less than" if troops.low > total else "about as much as"
    wait = f"the wait for the first {change(weeks, 'weeks')}" if sure(weeks) else "the first surely come no later"
    verb = "changes by" if folder.certain(HELD, held) else "does not surely change:"
    return (
        f"If France and the United Kingdom both refuse, {base.estimate + troops.estimate:,.0f} troops are left "
        f"({change(troops, 'troops')}, {against} the two refusals add up to one by one), {wait}, and the chance "
        f"that the ceasefire holds {verb} {points(held)}."
    )


def _split(folder: Folder) -> str:
    """What disagreement and agreement of the large states do."""
    parts = []
    for arm in (SPLIT, AGREE):
        unity, troops, held = (folder.difference(outcome, arm) for outcome in (UNITY, TROOPS, HELD))
        told = [f"unity {change(unity)}"]
        told.append(change(troops, "troops") if sure(troops) else "no sure change in troops")
        moved = folder.certain(HELD, held)
        told.append(f"{points(held)} held" if moved else f"no sure change in the ceasefire ({bare(points(held))})")
        parts.append(f"if {arm}, {listed(told)}")
    base = folder.mean(UNITY, folder.experiment.versus)
    return f"Unity is {amount(base)} as they are (0 to 1); {'; '.join(parts)}."


def _ceasefire(folder: Folder, years: str) -> str:
    """Which arms move the ceasefire itself, and how far the others could."""
    moves, base = _moves(folder), folder.mean(HELD, folder.experiment.versus)
    rest = [folder.difference(HELD, arm) for arm in _arms(folder) if arm not in moves]
    most = 100 * max((max(abs(each.low), abs(each.high)) for each in rest), default=0.0)
    told = listed([f"“{arm}” ({bare(points(difference))})" for arm, difference in moves.items()] or ["nothing"])
    others = f", and nothing else could by more than {most:.1f} points" if rest else ""
    combat = [f"“{arm}”" for arm in _arms(folder) if folder.certain(COMBAT, folder.difference(COMBAT, arm))]
    risk = f"changes with {listed(combat)}" if combat else "surely changes with none of it"
    return (
        f"The ceasefire holds {years} in {percent(base)} as they are; {told} surely change{'s' * (len(moves) < 2)} that"
        f"{others}. The risk of direct combat {risk}."
    )


def _free_riding(folder: Folder) -> str:
    """Free riding at both ends of its range."""
    spending = {arm: folder.difference("defence_share", arm) for arm in RIDERS}
    base = folder.mean("defence_share", folder.experiment.versus)
    told = listed([f"{change(difference)} with “{arm}”" for arm, difference in spending.items()])
    largest = max(abs(part) for difference in spending.values() for part in difference) / base.estimate
    moved = any(sure(folder.difference(TROOPS, arm)) for arm in RIDERS)
    return (
        f"Free riding, at both ends of its range, moves Europe's defence spending ({amount(base, digits=3)}, in % of "
        f"GDP) by at most {math.ceil(1000 * largest) / 10:.1f}% of it ({told}), and {'also' if moved else 'no'} "
        "troops. The rule compares a state with Europe's average, so that what it saves some it costs others: that is "
        "a limit of the rule as much as a finding."
    )


def _table(folder: Folder, refusals: list[Refusal], years: str) -> pd.DataFrame:
    verdicts = {refusal.arm: refusal.verdict for refusal in refusals}
    first = folder.experiment.versus
    rows = []
    for arm in (arm.label for arm in folder.experiment.arms):
        rows.append(
            {
                "Arm": arm,
                "Troops at most": amount(folder.mean(TROOPS, arm)),
                "Contributors": amount(folder.mean("contributors_peak", arm)),
                "Unity": amount(folder.mean(UNITY, arm)),
                f"Holds {years}": percent(folder.mean(HELD, arm)),
                "Against the first": "" if arm == first else points(folder.difference(HELD, arm)),
                "Pivotal": verdicts.get(arm, ""),
            }
        )
    return pd.DataFrame(rows)


def _the(name: str) -> str:
    return f"the {name}" if name == "United Kingdom" else name
