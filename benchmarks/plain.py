"""The same rules on plain Python objects: what the runs cost without Mesa and without a compiler."""

import inspect
from collections.abc import Sequence
from typing import Any

from model.agents import CLASSES, Actor
from model.cast import fill_places, luck_kinds
from model.luck import Luck
from model.outcomes import read_outcomes
from model.scenario import Scenario
from model.week import begin, week


class PlainActor:
    """An actor that is a plain Python object."""

    def __init__(self, variables: list[str], given: dict[str, float]) -> None:
        """Set every variable, to zero if it is not given."""
        for name in variables:
            setattr(self, name, given.get(name, 0.0))


def _plain(kind: type[Actor]) -> type[PlainActor]:
    """A class with the rules of an agent's class, and no Mesa."""
    members = inspect.getmembers(kind, inspect.isfunction)
    return type(kind.__name__, (PlainActor,), {name: rule for name, rule in members if not hasattr(Actor, name)})


PLAIN = {name: _plain(kind) for name, kind in CLASSES.items()}


class PlainRun:
    """One run without Mesa: the same rules as methods of plain objects, the same week, the same luck."""

    states: Sequence[Any]
    us: Any
    russia: Any
    ukraine: Any
    force: Any
    europe: Any
    institutions: Sequence[Any]
    line: Any

    def __init__(self, scenario: Scenario, seed: int, run: int) -> None:
        """Build the actors and begin."""
        self.weeks = scenario.weeks
        self.parameters = scenario.parameters()
        fill_places(self, scenario, lambda part: PLAIN[part.kind](CLASSES[part.kind].variables(), part.given))
        self.luck = Luck(seed, run, luck_kinds(scenario))
        begin(self, self.parameters, self.luck.week(0))

    def play(self) -> dict[str, float]:
        """Live to the horizon, or to renewed war; what came of it."""
        for t in range(self.weeks):
            if not week(self, self.parameters, self.luck.week(t)):
                break
        return read_outcomes(self)


def play_plainly(scenario: Scenario, seed: int, count: int) -> list[dict[str, float]]:
    """The outcomes of the first runs."""
    return [PlainRun(scenario, seed, run).play() for run in range(count)]
