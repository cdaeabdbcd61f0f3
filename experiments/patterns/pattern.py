"""What every pattern is measured with: parameter sets, a budget, runs of the engine, and what was found.

An interval is over parameter sets and luck together: its estimate is the median of the sets, its ends are their 2.5th
and 97.5th percentiles. Every set is measured with a few runs whose luck is its own. A single set is repeated with
fresh luck, so that its interval is luck alone.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from experiments.draws import draw_parameters
from experiments.intervals import Interval
from model.engine import Engine
from model.outcomes import OUTCOMES
from model.register import load_register
from model.scenario import Scenario, load_scenario

type Floats = NDArray[np.float64]
type Bands = Mapping[str, tuple[float, float]]  # of a value: the least and the most that passes

WEEKS_A_YEAR = float(load_register()["calendar.weeks_per_year"].value)
SEED = 20250224  # of the luck of all patterns
RESAMPLES = 2000
TOGETHER = 24  # runs whose weeks are in memory at once


@dataclass(frozen=True)
class Budget:
    """How much to run: parameter sets, runs of each set for outcomes, and runs of each whose weeks are looked at."""

    sets: int = 100
    runs: int = 10
    traces: int = 2


@dataclass(frozen=True)
class ParameterSets:
    """Equally likely parameter sets: dotted names (d,) and values (n, d) as the rules see them; d may be 0."""

    names: tuple[str, ...]
    values: Floats

    @classmethod
    def point(cls) -> Self:
        """The register's values: one set in which nothing is drawn."""
        return cls((), np.empty((1, 0)))

    @classmethod
    def prior(cls, count: int, seed: int = 1, switches: bool = False) -> Self:
        """Sets from the register's priors, the rival theories too if asked."""
        drawn = draw_parameters(load_register(), count, seed, switches)
        return cls(drawn.names, drawn.values)

    def spread(self, count: int) -> "ParameterSets":
        """As many sets, evenly picked: some left out if there are more, each repeated if there are fewer."""
        return ParameterSets(self.names, self.values[np.arange(count) * len(self.values) // count])

    def fixed(self, name: str, value: float) -> "ParameterSets":
        """The same sets with one parameter at one value in all of them, even beyond its range."""
        kept = [place for place, known in enumerate(self.names) if known != name]
        column = np.full((len(self.values), 1), value)
        names = (*(self.names[place] for place in kept), name)
        return ParameterSets(names, np.hstack([self.values[:, kept], column]))

    def columns(self, scenario: Scenario, runs: int = 1) -> dict[str, Floats]:
        """A column for each parameter, each set repeated for its runs, without what the scenario itself says."""
        return {
            name: np.repeat(self.values[:, place], runs)
            for place, name in enumerate(self.names)
            if name not in scenario.overrides
        }


@dataclass(frozen=True)
class Finding:
    """One pattern as measured. It passes if every value that has a band lies in it: by its estimate, or all of it."""

    name: str  # F1 to F15
    title: str
    target: str
    statistic: str
    values: dict[str, Interval]
    bands: dict[str, tuple[float, float]]
    passed: bool
    use: Literal["fit", "check"]
    why: str  # what produces it; opens with "Input" or "Input in part" where a parameter puts it in
    series: dict[str, list[Any]] = field(default_factory=dict)
    whole: tuple[str, ...] = ()  # values whose whole interval has to lie in the band

    @property
    def put_in(self) -> str:
        """`input`, `input in part` or nothing: a pattern that was put in proves little by coming out."""
        opening = self.why.partition(":")[0].lower()
        return opening if opening in {"input", "input in part"} else ""

    @property
    def missed(self) -> list[str]:
        """The values that are not in their bands."""
        return missed(self.values, self.bands, self.whole)


def missed(values: Mapping[str, Interval], bands: Bands, whole: Sequence[str] = ()) -> list[str]:
    """The values not in their bands: by the estimate, or by either end if the whole interval has to be there.

    What could not be measured is not in its band.
    """
    found = []
    for name, (least, most) in bands.items():
        value = values[name]
        numbers = value if name in whole else value[:1]
        if not all(least <= number <= most for number in numbers):
            found.append(name)
    return found


def judge(values: Mapping[str, Interval], bands: Bands, whole: Sequence[str] = ()) -> bool:
    """Whether every value with a band lies in it."""
    return not missed(values, bands, whole)


def over_sets(each: Floats) -> Interval:
    """Median and 95% range over sets of what was measured on each (n,); NaN marks a set that says nothing."""
    known = each[np.isfinite(each)]
    if not known.size:
        return Interval(math.nan, math.nan, math.nan)
    low, middle, high = np.quantile(known, [0.025, 0.5, 0.975])
    return Interval(float(middle), float(low), float(high))


def share_over_sets(part: Floats, whole: Floats) -> Interval:
    """Sum of `part` over sum of `whole`, both (n,) by set, with a 95% bootstrap over sets (Efron 1979).

    For shares of rare events, of which a single set has too few. The resamples have their own fixed seed.
    """
    if not whole.sum():
        return Interval(math.nan, math.nan, math.nan)
    weights = np.random.default_rng(SEED).multinomial(len(part), np.full(len(part), 1 / len(part)), RESAMPLES)
    tops, bottoms = weights @ part, weights @ whole
    low, high = np.quantile(tops[bottoms > 0] / bottoms[bottoms > 0], [0.025, 0.975])
    return Interval(float(part.sum() / whole.sum()), float(low), float(high))


def setting(name: str, **settings: object) -> Scenario:
    """A bundled scenario with settings on top; two underscores stand for the dot."""
    return load_scenario(name).with_settings({key.replace("__", "."): value for key, value in settings.items()})


def play(
    engine: Engine, scenario: Scenario, sets: ParameterSets, runs: int, given: Mapping[str, Floats] | None = None
) -> dict[str, Floats]:
    """Every outcome of `runs` runs of each set, of shape (n, runs); the same luck in every scenario.

    `given` puts numbers of its own, one for each run, on top of scenario and sets.
    """
    count = len(sets.values) * runs
    found = engine.play(scenario, SEED, 0, count, sets.columns(scenario, runs) | dict(given or {}))
    return {name: found[:, place].reshape(-1, runs) for place, name in enumerate(OUTCOMES)}


def traces(
    engine: Engine, scenario: Scenario, sets: ParameterSets, runs: int, seed: int = SEED
) -> Iterator[tuple[int, Any]]:
    """The weekly records of `runs` runs of each set, with the place of the set; the same luck in every scenario."""
    together = max(TOGETHER // runs, 1)
    for start in range(0, len(sets.values), together):
        some = ParameterSets(sets.names, sets.values[start : start + together])
        count = len(some.values) * runs
        found = engine.traces(scenario, seed, start * runs, count, some.columns(scenario, runs))
        for number, weeks in enumerate(found):
            yield start + number // runs, weeks


def mean_by_set(places: list[int], numbers: list[float], count: int) -> Floats:
    """Mean (count,) of the numbers that belong to each set; NaN for a set that has none."""
    found = np.full(count, math.nan)
    held = np.array(numbers, float)
    at = np.array(places, int)
    usable = np.isfinite(held)
    for place in np.unique(at[usable]):
        found[place] = held[usable & (at == place)].mean()
    return found
