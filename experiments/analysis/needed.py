"""How large a force must be for the ceasefire to hold often enough: the smallest size that reaches a target."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.draws import Floats
from experiments.intervals import RESAMPLES, wilson

TARGET = 0.8
SEED = 20250301  # of the resamples


class Needed(NamedTuple):
    """The smallest size that reaches a target, with its 95% band; infinite where no size reaches it."""

    size: float
    low: float
    high: float
    unreached: float  # share of the resamples in which no size reaches the target
    falls_again: bool  # some larger size misses the target


def needed(sizes: Floats, held: Floats, target: float = TARGET) -> Needed:
    """The smallest size at which the share of runs that hold reaches `target`, straight lines between sizes.

    `sizes` (k,) rise; `held` (k, runs) is 1 where the ceasefire held, and run r has the same luck at every size. The
    band is the percentile bootstrap (Efron 1979) over runs, each of which is taken with all its sizes. It has its own
    fixed seed, so that the same runs always give the same band, and no width where all resamples agree.

    More troops need not be safer, and the curve is not made to rise: this is its first crossing, and `falls_again`
    tells whether it comes down again. Close sizes with luck of their own would cross too early, where one is lucky. A
    size equal to the smallest one means "this or less".

    Raises ValueError unless sizes rise, rows are sizes, and the target is a share above 0.
    """
    if held.ndim != 2 or sizes.shape != held.shape[:1] or not held.size:
        raise ValueError(f"a row of runs for each size is needed, not {held.shape} for {len(sizes)} sizes")
    if not (np.diff(sizes) > 0).all():
        raise ValueError("sizes must rise")
    if not 0.0 < target <= 1.0:
        raise ValueError(f"a target is a share above 0, not {target}")
    shares = held.mean(axis=1)
    size = float(first_crossing(sizes, shares, target))
    resampled = first_crossing(sizes, _resampled_shares(held), target)
    return Needed(
        size,
        float(np.quantile(resampled, 0.025, method="lower")),
        float(np.quantile(resampled, 0.975, method="higher")),
        float(np.isinf(resampled).mean()),
        bool((shares[sizes >= size] < target).any()),
    )


def first_crossing(sizes: Floats, shares: Floats, target: float) -> Floats:
    """Where curves first reach a target: `shares` (k, ...) at `sizes` (k,) make (...); infinite where they never do."""
    reached = shares >= target
    above = reached.argmax(axis=0)
    below = np.maximum(above - 1, 0)
    high, low = (np.take_along_axis(shares, place[None], axis=0)[0] for place in (above, below))
    part = np.divide(target - low, high - low, out=np.ones_like(high), where=above > below)
    found = sizes[below] + part * (sizes[above] - sizes[below])
    return np.asarray(np.where(reached.any(axis=0), found, np.inf), float)


def held_by_size(sizes: Floats, held: Floats) -> pd.DataFrame:
    """The curve behind `needed`: size, n, held, low, high, with Wilson's 95% interval at each size by itself."""
    rows = [(size, len(runs), *wilson(float(runs.sum()), len(runs))) for size, runs in zip(sizes, held, strict=True)]
    return pd.DataFrame(rows, columns=["size", "n", "held", "low", "high"])


def _resampled_shares(held: Floats) -> Floats:
    """Shares (k, RESAMPLES) in resamples of the runs; runs that came out alike at every size are drawn together."""
    patterns, runs = np.unique(held, axis=1, return_counts=True)
    count = held.shape[1]
    weights = np.random.default_rng(SEED).multinomial(count, runs / count, size=RESAMPLES)
    return np.asarray(patterns @ weights.T / count, float)
