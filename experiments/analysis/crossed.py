"""Whose doing the spread of an outcome is, where all rival theories were played with the same runs.

Run r has one parameter set and one luck, the same in every structure, so that the two can be told apart only by runs
that happen to have the same set.
"""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from experiments.analysis.variance import PARTS, RESAMPLES, SEED
from experiments.draws import Floats


def crossed_shares(values: Floats, sets: Sequence[Hashable]) -> pd.DataFrame:
    """The variance of an outcome between structures, between parameter sets within them, and by luck.

    `values` (structures, runs) has a row for each combination of rival theories, all of which are there and count the
    same; `sets` (runs,) says which parameter set a run has. One row per part (PARTS). Columns: part, variance, share,
    low, high; and twins, the number of runs that have their set in common with another one.

    This is the law of total variance. Variances between structures come from products of two runs with different sets
    and lucks, so that few runs do not inflate them. Luck is what differs between runs of one set, over the sets that
    several runs have, each counting by its runs: sets that were drawn once say nothing about it, and are taken to be
    like the others. Parameters are what is left. Shares have the 95% percentile interval of the Bayesian bootstrap
    (Rubin 1981), with weights for sets and runs that are multiplied (Owen and Eckles 2012), and a fixed seed; what is
    below zero counts as a share of zero. Without variance shares are NaN.

    Raises ValueError unless there are two structures, two sets, and two runs with the same set.
    """
    codes = pd.factorize(pd.Series(list(sets), dtype=object))[0]
    together = codes[:, None] == codes[None]
    twins = int((together.sum(axis=1) > 1).sum())
    if values.ndim != 2 or values.shape[1] != len(codes) or len(values) < 2 or not twins or together.all():
        raise ValueError(f"two structures, two sets and two runs of one set are needed, not {values.shape}")
    products = _Products(values - values.mean(), together.astype(float))
    found = products.variances(np.ones(len(codes)))
    generator = np.random.default_rng(SEED)
    weights = (
        generator.exponential(size=codes.max() + 1)[codes] * generator.exponential(size=len(codes))
        for _ in range(RESAMPLES)
    )
    low, high = np.quantile([_shares(products.variances(each)) for each in weights], [0.025, 0.975], axis=0)
    table = pd.DataFrame({"part": PARTS, "variance": found, "share": _shares(found), "low": low, "high": high})
    return table.assign(twins=twins)


class _Products:
    """Products of two runs, on average over the structures: all that variances are made of."""

    def __init__(self, values: Floats, together: Floats) -> None:
        """Keep products (runs, runs) within structures and across them; `together` is 1 where runs share a set."""
        mean = values.mean(axis=0)
        self._within, self._across = values.T @ values / len(values), np.outer(mean, mean)
        self._squares = np.diag(self._within).copy()
        self._together, self._apart = together, 1.0 - together
        self._twins = together - np.eye(len(together))

    def variances(self, weights: Floats) -> Floats:
        """Variances (PARTS,) with weights (runs,)."""
        weights = weights / weights.sum()
        pair = np.outer(weights, weights)
        strangers = pair * self._apart
        same_structure, nothing_shared = (
            float((strangers * each).sum() / strangers.sum()) for each in (self._within, self._across)
        )
        pair *= self._twins
        of_set = self._together @ pair.sum(axis=1)  # (runs,): the weight of all pairs of the run's set
        has = of_set > 0.0
        of_twins = self._together @ (pair * self._within).sum(axis=1)
        differ = self._squares[has] - of_twins[has] / of_set[has]
        luck = float(weights[has] @ differ / weights[has].sum())
        same_run = float(weights @ self._squares)
        return np.array([same_structure - nothing_shared, same_run - same_structure - luck, luck])


def _shares(variances: Floats) -> Floats:
    kept = np.maximum(variances, 0.0)
    total = kept.sum()
    return kept / total if total > 0.0 else np.full(len(PARTS), np.nan)
