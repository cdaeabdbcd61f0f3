"""Intervals that people can quote: of probabilities, of means, of differences under equal luck."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from model.outcomes import OUTCOMES

Z = 1.959963984540054  # 95%
RESAMPLES = 2000
MANY = 2000  # runs: from here on the bootstrap and the normal interval agree

# Outcomes that happen or do not, so that their means are probabilities; all others are amounts.
EVENTS = frozenset(name for name, outcome in OUTCOMES.items() if outcome.unit == "0 or 1")


class Interval(NamedTuple):
    """An estimate with its 95% interval."""

    estimate: float
    low: float
    high: float


def wilson(successes: float, n: float) -> Interval:
    """A probability from `successes` in `n` runs (Wilson 1927): sound near 0 and 1 as well."""
    if n <= 0:
        return Interval(math.nan, math.nan, math.nan)
    share = successes / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    low = 0.0 if successes <= 0 else max(centre - half, 0.0)
    high = 1.0 if successes >= n else min(centre + half, 1.0)
    return Interval(share, low, high)


def bootstrap_means(values: NDArray[np.float64]) -> list[Interval]:
    """The mean of each column over the runs (rows), with the percentile bootstrap (Efron 1979).

    Resampling has its own fixed seed, so that the same runs always give the same interval.
    """
    n, mean = len(values), values.mean(axis=0)
    if n < 2:
        low = high = np.full_like(mean, math.nan)
    elif n >= MANY:
        half = Z * values.std(axis=0, ddof=1) / math.sqrt(n)
        low, high = mean - half, mean + half
    else:
        low, high = np.quantile(_resamples(n) @ values / n, [0.025, 0.975], axis=0)
    return [Interval(*map(float, each)) for each in zip(mean, low, high, strict=True)]


@lru_cache(maxsize=1)
def _resamples(n: int) -> NDArray[np.float64]:
    """How often each of `n` runs is in each resample: a row for each, made once for all cells."""
    generator = np.random.default_rng(20250217)
    counts = np.empty((RESAMPLES, n))
    for row in counts:  # one at a time: all at once would be whole numbers first, and need twice the memory
        row[:] = generator.multinomial(n, np.full(n, 1 / n))
    return counts


def estimate(name: str, values: NDArray[np.float64]) -> Interval:
    """The mean of one outcome over runs: Wilson for an event, bootstrap for an amount."""
    if name in EVENTS:
        return wilson(float(values.sum()), len(values))
    return bootstrap_means(values[:, None])[0]


def paired_difference(name: str, cell: NDArray[np.float64], other: NDArray[np.float64]) -> Interval:
    """Mean of one outcome in `cell` less its mean in `other`, where run r had the same luck in both."""
    if len(cell) != len(other):
        raise ValueError(f"paired cells need equal runs, not {len(cell)} and {len(other)}")
    if name in EVENTS:
        return tango(int((cell > other).sum()), int((cell < other).sum()), len(cell))
    return bootstrap_means((cell - other)[:, None])[0]


def tango(gained: int, lost: int, n: int) -> Interval:
    """Difference of two paired proportions from the runs that differ (Tango 1998, a score interval).

    McNemar's test asks only whether it is zero; this bounds it, and keeps a width when no run differs.
    """
    difference = (gained - lost) / n

    def score(delta: float) -> float:
        b = -gained - lost + (2 * n - gained + lost) * delta
        c = -lost * delta * (1 - delta)
        expected_lost = (math.sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
        variance = n * (2 * expected_lost + delta * (1 - delta))
        return (gained - lost - n * delta) / math.sqrt(max(variance, 1e-300))

    edge = 1e-9
    low = -1.0 if difference <= -1 else brentq(lambda d: min(score(d), 1e6) - Z, -1 + edge, difference - edge)
    high = 1.0 if difference >= 1 else brentq(lambda d: max(score(d), -1e6) + Z, difference + edge, 1 - edge)
    return Interval(difference, float(low), float(high))
