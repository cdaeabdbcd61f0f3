"""When a policy fails: scenario discovery by PRIM, boxes of inputs in which most cases fail.

The patient rule induction method (Friedman and Fisher 1999) peels thin slices off the box of all cases, as scenario
discovery uses it (Bryant and Lempert 2010). ema-workbench 3.0 peels the same boxes, but takes twenty times as long,
brings five packages and 100 MB, has no types, and measures no coverage of outcomes that are probabilities.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betainc

from experiments.draws import Floats
from experiments.schema import Value
from model.register import show

PEEL = 0.05  # share of a box's cases that a peel takes, at least
LEAST_MASS = 0.05  # share of all cases that a box keeps
SIGNIFICANT = 0.05  # quasi-p: a restriction above it may be chance
ROUNDING = 1e-9  # no rise of a density, and no gain over an equal peel

type Flags = NDArray[np.bool_]


class Limit(NamedTuple):
    """What a box asks of an input: a number within low and high, both included, or one of some values."""

    low: float = -np.inf
    high: float = np.inf
    values: tuple[Value, ...] = ()


class Box(NamedTuple):
    """Limits of inputs, and how well they tell the cases that fail."""

    limits: Mapping[str, Limit]
    coverage: float  # share of all failures that are inside
    density: float  # share of the cases inside that fail
    mass: float  # share of all cases that are inside
    quasi_p: Mapping[str, float]  # of each limit: the chance of a density as high if it told nothing


def peel(inputs: pd.DataFrame, fails: Floats, share: float = PEEL, least_mass: float = LEAST_MASS) -> list[Box]:
    """The peeling trajectory: from the box of all cases to the densest one with `least_mass`, a box for each peel.

    `inputs` has a row for each case; numbers are peeled from both ends, all else by its values. `fails` (cases,) is 0
    or 1, or a probability. Of the peels that raise the density, the one is taken that raises it most for each case
    that it takes away, so that inputs with two or three values have no advantage (Kwakkel and Jaxa-Rozen 2016). There
    is no pasting: `without_chance` takes off limits that a trajectory need not have met.

    Raises ValueError unless there are as many outcomes as cases, from 0 to 1, and some fail.
    """
    if len(inputs) != len(fails) or not ((fails >= 0) & (fails <= 1)).all() or not fails.any():
        raise ValueError("every case needs an outcome from 0 to 1, and some must fail")
    limits: dict[str, Limit] = {}
    within = np.ones(len(inputs), bool)
    boxes = [measure(limits, inputs, fails)]
    while True:
        best, density = 0.0, fails[within].mean()
        for name in inputs:
            for limit in _peels(inputs[name], within, limits.get(str(name), Limit()), share):
                kept = within & _fits(inputs[name], limit)
                left = int(kept.sum())
                if left < max(least_mass * len(inputs), 1):
                    continue
                rise = fails[kept].mean() - density
                gain = rise / (within.sum() - left)
                if rise > ROUNDING and gain > best * (1 + ROUNDING):
                    best, chosen, found = gain, {str(name): limit}, kept
        if best == 0.0:
            return boxes
        limits, within = limits | chosen, found
        boxes.append(measure(limits, inputs, fails))


def measure(limits: Mapping[str, Limit], inputs: pd.DataFrame, fails: Floats) -> Box:
    """A box of these limits, measured on some cases, which need not be those that it was found with.

    The quasi-p of a limit is one-sided and binomial: as many failures inside, at the density without that limit
    (Bryant and Lempert 2010). Probabilities count by their sum. It is called quasi because the box was chosen to fit.
    """
    fitting = {name: _fits(inputs[name], limit) for name, limit in limits.items()}
    within = _all_of(fitting, len(inputs))
    inside, failing = int(within.sum()), math.fsum(fails[within])
    quasi_p = {}
    for name in limits:
        wider = _all_of({other: fit for other, fit in fitting.items() if other != name}, len(inputs))
        quasi_p[name] = _at_least(failing, inside, float(fails[wider].mean()) if wider.any() else np.nan)
    density = failing / inside if inside else np.nan
    return Box(dict(limits), failing / math.fsum(fails), density, inside / len(inputs), quasi_p)


def without_chance(box: Box, inputs: pd.DataFrame, fails: Floats, level: float = SIGNIFICANT) -> Box:
    """The box without limits that may be chance: the one with the highest quasi-p goes first, while it is above."""
    while box.limits:
        idle = max(box.quasi_p, key=lambda name: box.quasi_p[name])
        if box.quasi_p[idle] <= level:
            break
        box = measure({name: limit for name, limit in box.limits.items() if name != idle}, inputs, fails)
    return box


def choose(boxes: Sequence[Box], least_coverage: float | None = None) -> Box:
    """One box of a trajectory: the densest that covers enough of the failures, the larger one of equals.

    Without `least_coverage` it is the box with the highest harmonic mean of coverage and density.
    """
    if least_coverage is None:
        return max(boxes, key=lambda box: 2 * box.coverage * box.density / (box.coverage + box.density))
    enough = [box for box in boxes if box.coverage >= least_coverage]
    if not enough:
        raise ValueError(f"no box covers {least_coverage:.0%} of the failures")
    return max(enough, key=lambda box: (box.density, box.mass))


def inside(box: Box, inputs: pd.DataFrame) -> Flags:
    """Which cases (cases,) are in a box; the others may be peeled again for a second box."""
    return _all_of({name: _fits(inputs[name], limit) for name, limit in box.limits.items()}, len(inputs))


def trajectory_table(boxes: Sequence[Box]) -> pd.DataFrame:
    """A row for each box: step, coverage, density, mass, restricted (limits), quasi_p (the highest), limits."""
    rows = [
        (step, *box[1:4], len(box.limits), max(box.quasi_p.values(), default=np.nan), "; ".join(in_words(box)))
        for step, box in enumerate(boxes)
    ]
    return pd.DataFrame(rows, columns=["step", "coverage", "density", "mass", "restricted", "quasi_p", "limits"])


def in_words(box: Box, units: Mapping[str, str] | None = None) -> list[str]:
    """The limits, a phrase for each, surest first: `force.size at most 24,000 troops`, `guarantee.form is none`."""
    told = []
    for name in sorted(box.limits, key=lambda each: box.quasi_p[each]):
        low, high, values = box.limits[name]
        unit = f" {units[name]}" if units and units.get(name, "1") != "1" else ""
        if values:
            told.append(
                f"{name} is {' or '.join(str(value) if isinstance(value, str) else show(value) for value in values)}"
            )
        elif low > -np.inf and high < np.inf:
            told.append(f"{name} from {_say(low)} to {_say(high)}{unit}")
        else:
            told.append(f"{name} at least {_say(low)}{unit}" if low > -np.inf else f"{name} at most {_say(high)}{unit}")
    return told


def _say(number: float) -> str:
    """Four digits that count, thousands apart."""
    return f"{float(f'{number:.4g}'):,.15g}"


def _peels(column: "pd.Series[Any]", within: Flags, limit: Limit, share: float) -> Iterator[Limit]:
    """The limits that peels of one input would leave, each of which takes some of the box's cases away."""
    if not _is_number(column):
        allowed = limit.values or tuple(sorted(pd.unique(column).tolist(), key=str))
        met = set(pd.unique(column[within]).tolist())
        if len(met) > 1:
            yield from (Limit(values=tuple(each for each in allowed if each != one)) for one in allowed if one in met)
        return
    numbers = np.sort(column.to_numpy(float)[within])
    low, high = float(numbers[0]), float(numbers[-1])
    if low < high:
        place = min(int(np.ceil(share * len(numbers))), len(numbers) - 1)
        lowest, highest = numbers[place], numbers[-1 - place]
        yield limit._replace(low=float(lowest if lowest > low else numbers[numbers > low][0]))
        yield limit._replace(high=float(highest if highest < high else numbers[numbers < high][-1]))


def _is_number(column: "pd.Series[Any]") -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _fits(column: "pd.Series[Any]", limit: Limit) -> Flags:
    if limit.values:
        return np.asarray(column.isin(limit.values), bool)
    numbers = column.to_numpy(float)
    return np.asarray((numbers >= limit.low) & (numbers <= limit.high), bool)


def _all_of(fitting: Mapping[str, Flags], cases: int) -> Flags:
    return np.asarray(np.logical_and.reduce([np.ones(cases, bool), *fitting.values()]), bool)


def _at_least(events: float, n: int, chance: float) -> float:
    """The probability of so many events or more in `n` trials."""
    return float(betainc(events, n - events + 1, chance)) if n and events > 0 else 1.0
