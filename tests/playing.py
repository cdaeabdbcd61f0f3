"""Runs for the tests: worlds, played runs that are kept, paired differences, parameters out of range."""

import random
from collections.abc import Callable, Mapping
from functools import cache
from statistics import fmean
from types import SimpleNamespace
from typing import Any, NamedTuple

from model import agents
from model.actors import (
    CouncilLuck,
    CrisisLuck,
    LineLuck,
    RussiaLuck,
    StateLuck,
    UkraineLuck,
    UnitedStatesLuck,
)
from model.ceasefire import Ceasefire
from model.register import build_parameters, eligible, flatten, load_register, state_columns
from model.scenario import Scenario, load_scenario
from model.terms import Act

type Settings = Mapping[str, object]

LEVERS = {"force.size": 25_000, "guarantee.form": "backstop"}  # a usual force with the usual guarantee


class Run(NamedTuple):
    """A run that was played to its end."""

    outcomes: dict[str, float]
    series: dict[str, list[float]]
    world: Ceasefire

    def __repr__(self) -> str:
        """Short, since a failing test prints it."""
        return f"<run {self.world.run} of {self.world.setting.overrides}>"


def scenario(settings: Settings | None = None, name: str = "baseline") -> Scenario:
    """A bundled scenario among the seven of Paris, unless the settings say otherwise."""
    return load_scenario(name).with_settings({"roster": "paris"} | dict(settings or {}))


def world(settings: Settings | None = None, seed: int = 1, run: int = 0, **classes: Any) -> Ceasefire:
    """A world in its first week; `classes` replace agent classes by name."""
    return Ceasefire(scenario(settings), seed, run, classes=classes)


def play(settings: Settings | None = None, count: int = 20, name: str = "baseline") -> list[Run]:
    """Runs 0 to count - 1 of a scenario, with the same luck in every scenario; played once, then kept."""
    return [_run(name, tuple(sorted((settings or {}).items())), run) for run in range(count)]


@cache
def _run(name: str, settings: tuple[tuple[str, object], ...], run: int) -> Run:
    played = Ceasefire(scenario(dict(settings), name), 1, run, record=True).play()
    return Run(played.outcomes(), played.series, played)


def mean(runs: list[Run], name: str) -> float:
    """Mean outcome."""
    return fmean(run.outcomes[name] for run in runs)


def mean_week(runs: list[Run], name: str, first: int = 0, last: int | None = None) -> float:
    """Mean over runs of a column's mean over its weeks."""
    return fmean(fmean(run.series[name][first:last]) for run in runs if run.series[name][first:last])


def peaceful(runs: list[Run], name: str) -> float:
    """Mean of a column over the weeks before the first collapse of every run, each week counting once."""
    weeks = [value for run in runs for value in run.series[name][: int(run.outcomes["weeks_held"])]]
    return fmean(weeks)


def watch(settings: Settings, look: Callable[[Ceasefire], Any], weeks: int, run: int = 0, **classes: Any) -> list:
    """What `look` sees after each week of one run, to the end of the run or of the weeks."""
    here = Ceasefire(scenario({"weeks": weeks} | dict(settings)), 1, run, classes=classes)
    seen = []
    while here.running:
        here.step()
        seen.append(look(here))
    return seen


def parameters(**changed: float | str | bool) -> SimpleNamespace:
    """Parameters as the rules see them, to be changed at will and beyond their ranges: `russia__memory=1e9`."""
    groups: dict[str, SimpleNamespace] = {}
    for name, value in flatten(build_parameters()).items():
        group, key = name.split(".")
        setattr(groups.setdefault(group, SimpleNamespace()), key, value)
    for name, value in changed.items():
        group, key = name.split("__")
        if not hasattr(groups[group], key):
            raise AttributeError(f"{group}.{key} is no parameter")
        setattr(groups[group], key, load_register()[f"{group}.{key}"].encode(value))
    return SimpleNamespace(**groups)


def value(name: str) -> float:
    """A parameter's value in the register, as the rules see it."""
    entry = load_register()[name]
    return entry.encode(entry.value)


def ends(name: str) -> tuple[float, float]:
    """The two ends of a parameter's range."""
    entry = load_register()[name]
    assert entry.low is not None
    assert entry.high is not None
    return entry.low, entry.high


def luck(kind: str, **given: float) -> Any:
    """One actor's luck: a half for every purpose that is not given."""
    kinds: dict[str, Any] = {
        "state": StateLuck,
        "us": UnitedStatesLuck,
        "russia": RussiaLuck,
        "ukraine": UkraineLuck,
        "council": CouncilLuck,
        "line": LineLuck,
        "crisis": CrisisLuck,
    }
    return kinds[kind](**(dict.fromkeys(kinds[kind]._fields, 0.5) | given))


def state(here: Ceasefire, code: str) -> Any:
    """A state by its code."""
    return next(each for each in here.states if each.code == code)


FLAGS = {"nato", "eu", "nuclear"}


def somewhere(seed: int, corner: bool) -> Scenario:
    """A scenario from anywhere in the box: every parameter, a roster, a few states' data; all at ends if a corner."""
    dice = random.Random(seed)

    def between(low: float, high: float) -> float:
        return dice.choice((low, high)) if corner else dice.uniform(low, high)

    changed: dict[str, object] = {}
    for name, entry in load_register().items():
        if entry.fixed:
            continue
        if entry.options is not None:
            changed[name] = dice.choice(entry.options)
        elif isinstance(entry.value, bool):
            changed[name] = dice.random() < 0.5
        else:
            assert entry.low is not None
            assert entry.high is not None
            changed[name] = between(entry.low, entry.high)
    changed["force.size"] = dice.choice((0.0, 10_000.0, 64_000.0, 300_000.0))  # nobody there teaches little
    changed["guarantee.exit_week"] = dice.choice((0.0, 0.0, 20.0))
    if changed["command.form"] == "un":
        changed["force.doctrine"] = dice.choice(("withdraw", "hold"))
    roster = ["FRA", *dice.sample([code for code in eligible() if code != "FRA"], dice.randint(0, 11))]
    columns = [name for name, column in state_columns().items() if column.low is not None and not column.fixed]
    for code in dice.sample(roster, min(3, len(roster))):
        for name in dice.sample(columns, 4):
            column = state_columns()[name]
            assert column.low is not None
            assert column.high is not None
            low = max(column.low, 1.0) if column.unit == "%" else column.low  # below 1 looks like a share
            number = between(low, column.high)
            changed[f"states.{code}.{name}"] = float(round(number)) if name in FLAGS else number
    changed |= {"states.FRA.nato": 1.0, "states.FRA.eu": 1.0}  # someone to ask in every institution
    changed |= {"roster": roster, "weeks": dice.randint(30, 80)}
    return load_scenario("baseline").with_settings(changed)


class CalmRussia(agents.Russia):
    """Weighs its options, and complies."""

    def choose(self, line: Any, p: Any, luck: Any) -> None:
        """Reckon the chances, then do nothing."""
        super().choose(line, p, luck)
        self.act = float(Act.COMPLY)


class CalmUkraine(agents.Ukraine):
    """Weighs its options, and complies."""

    def dare(self, line: Any, p: Any, luck: Any) -> None:
        """Reckon the chances, then do nothing."""
        super().dare(line, p, luck)
        self.act = float(Act.COMPLY)


class CalmLine(agents.Line):
    """Exchanges of fire that never tip over."""

    def spin_out(self, *given: Any) -> None:
        """Do nothing."""


def after(settings: Settings, weeks: int, run: int = 0) -> Any:
    """A world that has lived so many weeks without a war, for a test to change."""
    calm = {"Russia": CalmRussia, "Ukraine": CalmUkraine, "Line": CalmLine}
    here = Ceasefire(scenario(settings), 1, run, classes=calm)
    for _ in range(weeks):
        here.step()
    return here


def moscow(here: Any) -> Any:
    """Russia once it has looked at the world as it stands, its chances of each act fresh; no policy review."""
    p = here.parameters
    here.russia.believe(here.force, here.europe, p)
    here.russia.weigh(here.ukraine, here.us, here.force, here.europe, here.line, here.institutions, p)
    here.russia.choose(here.line, p, luck("russia", review=1.0))
    return here.russia
