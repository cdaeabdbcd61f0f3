"""No parameter without effect: each moves some recorded week or outcome in a world where its mechanism is on."""

import random
from functools import cache

import pytest
from playing import after, scenario

from model.actors import CrisisLuck
from model.ceasefire import Ceasefire
from model.register import Parameter, load_register, state_columns
from model.scenario import ScenarioError
from model.terms import Act, Status

EAGER = {
    "russia.limited_cost": 0.3, "russia.limited_prize": 0.4, "russia.concentration": 0.4, "choice.precision": 10.0,
    "russia.review": 4.0,
}  # fmt: skip
BELLICOSE = {
    "russia.renewed_cost": 0.6, "russia.strength_first": 0.75, "russia.defence_advantage": 1.5, "russia.review": 4.0,
    "theories.alliances_deter": False,
}  # fmt: skip
VOTE = {"states.USA.election": "2025-08-01", "states.USA.term": 2.0}  # two inaugurations within the horizon
FLEETING = {"states.GBR.election": "2025-11-01", "states.GBR.support": 35.0, "politics.withdrawal": 0.001}
WORLDS: dict[str, dict[str, object]] = {
    "a light tripwire on the line under a treaty": EAGER | VOTE | FLEETING | {
        "force.size": 12_000, "force.weight": "light", "force.place": "line", "force.commitment": "treaty",
        "theories.tripwire": True, "guarantee.form": "backstop", "guarantee.pressure": 0.6,
    },
    "an imposed heavy reserve under NATO": EAGER | VOTE | {
        "force.size": 60_000, "force.deployment": "imposed", "force.doctrine": "fight", "command.form": "nato",
        "guarantee.form": "ratified", "spending.goal": 3.0, "crisis.wider": 0.2, "theories.alliances_deter": False,
    },
    "a light force of the Union in cities, told to withdraw": EAGER | VOTE | {
        "force.size": 60_000, "force.place": "cities", "force.doctrine": "withdraw", "command.form": "eu",
        "force.weight": "light", "theories.tripwire": True, "procurement.common_fund": 20.0,
        "guarantee.form": "executive", "force.mandate": 0.5,
    },
    "a reserve of the Union, told to fight": EAGER | {
        "force.size": 60_000, "force.deployment": "imposed", "force.doctrine": "fight", "command.form": "eu",
    },
    "blue helmets and a bold Ukraine": VOTE | {
        "force.size": 20_000, "command.form": "un", "theories.moral_hazard": True, "ukraine.attack_cost": 0.5,
        "ukraine.review": 4.0, "guarantee.regime": "atlanticist", "guarantee.atlanticist_odds": 1.5,
    },
    "a hundred thousand told to escalate beside Americans": EAGER | {
        "force.size": 100_000, "force.deployment": "imposed", "force.doctrine": "escalate", "crisis.wider": 0.2,
        "theories.troops_provoke": True, "guarantee.form": "troops", "force.place": "line", "russia.cost_us": 0.6,
    },
    "an American exit, sooner or later": {
        "force.size": 25_000, "force.doctrine": "fight", "guarantee.form": "backstop", "guarantee.exit_rate": 0.2,
        "guarantee.exit_burden": 2.0, "guarantee.burden_expected": 4.0, "guarantee.exit_span": 1.0,
    },
    "an American exit by decree": {"guarantee.exit_week": 30, "guarantee.form": "executive"},
    "a Russia that means war": BELLICOSE | {
        "force.size": 25_000, "force.weight": "light", "guarantee.form": "ratified", "force.deployment": "imposed",
        "command.form": "un", "command.least_consent": 0.05, "theories.tripwire": True,
    },
    "a quiet line": {
        "agreement.verification": 1.0, "agreement.zone": 1.0, "ceasefire.strained_violations": 3000.0,
        "casualties.lethality": 0.001, "russia.probe_gain": 0.02,
    },
    "another theatre": EAGER | {
        "theatre.elsewhere": 1.0, "theatre.apart": 1.0, "theatre.decisive": 1.0, "theatre.previous_wars": 4.0,
        "theatre.war_deaths": 20_000.0, "theatre.balance": 0.6, "theatre.nuclear": 0.0, "agreement.zone": 0.33,
        "force.size": 4_500, "force.deployment": "imposed", "force.place": "line", "force.weight": "light",
    },
    "the whole of Europe": {"roster": "europe", "force.size": 150_000},
}  # fmt: skip
WEEKS = 110
ROUNDS = (range(1, 3), range(3, 8))  # most parameters show in run 0; rare events need more
FIGHTS = (  # worlds in which Russia is made to attack, again and again
    {"force.doctrine": "fight", "force.place": "reserve", "guarantee.form": "ratified"},
    {"force.doctrine": "escalate", "force.place": "line", "guarantee.form": "troops"},
    {"force.doctrine": "hold", "force.place": "line", "guarantee.form": "executive"},
)
CHANGEABLE = {name: entry for name, entry in load_register().items() if not entry.fixed}


def choices(entry: Parameter) -> list[object]:
    """The ends of a parameter's range, or its options."""
    if entry.options is not None:
        return list(entry.options)
    return [False, True] if isinstance(entry.value, bool) else [entry.low, entry.high]


def track(settings: dict[str, object], run: int) -> int:
    """A number that stands for everything recorded of a run."""
    here = Ceasefire(scenario({"weeks": WEEKS} | settings), 2, run, record=True).play()
    return hash((tuple(here.outcomes().items()), tuple(map(tuple, here.series.values()))))


@cache
def plain(name: str, run: int) -> int:
    """The same for a world as it is."""
    return track(WORLDS[name], run)


def moves(name: str, where: str, run: int) -> bool:
    """Whether a parameter's choices give different runs in a world."""
    for choice in choices(CHANGEABLE[name]):
        try:
            if track(WORLDS[where] | {name: choice}, run) != plain(where, run):
                return True
        except ScenarioError:  # an impossible combination
            continue
    return False


def fight(settings: dict[str, object]) -> list[dict[str, float]]:
    """What every one of many forced attacks comes to, each with luck of its own."""
    here = after({"force.size": 60_000, "force.deployment": "imposed"} | settings, 30)
    dice = random.Random(2025)
    results = []
    strengths = here.russia.strength, here.ukraine.strength
    for number in range(120):
        here.russia.strength, here.ukraine.strength = strengths
        here.russia.act = float(Act.RENEWED if number % 2 == 0 else Act.LIMITED)
        here.line.status = float(Status.HOLDING)
        its = CrisisLuck(*(dice.random() for _ in CrisisLuck._fields))
        here.line.open_week(here.force)
        here.russia.meet_attack(here.ukraine, here.us, here.force, here.institutions, here.line, here.parameters, its)
        results.append(here.outcomes())
        here.line.wider_war = here.line.direct_combat = here.line.us_combat = 0.0
    return results


@cache
def plain_fight(number: int) -> list[dict[str, float]]:
    """The same for a world as it is."""
    return fight(FIGHTS[number])


def moves_a_fight(name: str) -> bool:
    """Whether a parameter's choices change what forced attacks come to."""
    return any(
        fight(settings | {name: choice}) != plain_fight(number)
        for number, settings in enumerate(FIGHTS)
        for choice in choices(CHANGEABLE[name])
        if choice != "un"
    )


@pytest.mark.parametrize("name", CHANGEABLE)
def test_a_parameter_moves_something(name):
    assert (
        any(moves(name, where, 0) for where in WORLDS)
        or moves_a_fight(name)
        or any(moves(name, where, run) for runs in ROUNDS for where in WORLDS for run in runs)
    )


COLUMNS = {name: column for name, column in state_columns().items() if column.low is not None}


@pytest.mark.parametrize("name", [*COLUMNS, "election"])
def test_a_column_of_the_states_moves_something(name):
    ends: tuple[object, object] = ("2025-06-01", "2026-06-01")
    if name in COLUMNS:
        low, high = COLUMNS[name].low, COLUMNS[name].high
        assert low is not None
        ends = (max(low, 2.0) if COLUMNS[name].unit == "%" else low, high)
    ready = {"force.size": 150_000, "guarantee.form": "backstop", "force.doctrine": "fight", "weeks": 150}
    moved = False
    for code, command in (("GBR", "nato"), ("DEU", "eu"), ("DNK", "nato")):
        settings = ready | {"command.form": command, f"states.{code}.election": "2025-06-01"}
        if name == "nuclear":  # one deterrent is as good as two
            settings |= {f"states.{other}.nuclear": 0 for other in ("GBR", "FRA")}
        moved = moved or len({track(settings | {f"states.{code}.{name}": end}, 0) for end in ends}) == 2
    assert moved


def test_a_parameter_that_nothing_reads_would_be_caught():
    """A world without a force is deaf to what only a force has."""
    deaf = {"roster": "paris", "weeks": 20}
    assert track(deaf | {"force.tiring": 0.05}, 0) == track(deaf | {"force.tiring": 0.6}, 0)
