"""Whose doing the spread of an outcome is, where all rival theories were played with the same runs.

Run r has one parameter set and one luck, the same in every structure, so that the two can be told apart only by runs
that happen to have the same set.
"""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

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
    design = np.bincount(codes)
    twins = int(design[design > 1].sum())
    if values.ndim != 2 or values.shape[1] != len(codes) or len(values) < 2 or not twins or len(design) < 2:
        raise ValueError(f"two structures, two sets and two runs of one set are needed, not {values.shape}")
    products = _Products(values - values.mean(), codes)
    found = products.variances(np.ones(len(codes)))
    generator = np.random.default_rng(SEED)
    weights = (
        generator.exponential(size=len(design))[codes] * generator.exponential(size=len(codes))
        for _ in range(RESAMPLES)
    )
    low, high = np.quantile([_shares(products.variances(each)) for each in weights], [0.025, 0.975], axis=0)
    table = pd.DataFrame({"part": PARTS, "variance": found, "share": _shares(found), "low": low, "high": high})
    return table.assign(twins=twins)


class _Products:
    """Mean products of two runs, on average over the structures: all that variances are made of."""

    def __init__(self, values: Floats, codes: NDArray[np.int64]) -> None:
        """Keep the values (runs, structures), and the set of each run as a number from 0."""
        self._values, self._squares = np.ascontiguousarray(values.T), np.square(values).mean(axis=0)
        runs = len(codes)
        self._of_sets = csr_array((np.ones(runs), (codes, np.arange(runs))), (codes.max() + 1, runs))
        self._several = self._of_sets.sum(axis=1) > 1
        self._twins = self._several[codes]

    def variances(self, weights: Floats) -> Floats:
        """Variances (PARTS,) with weights (runs,)."""
        weights = weights / weights.sum()
        sums = self._of_sets @ (weights[:, None] * self._values)  # (sets, structures)
        of_set, squared = self._of_sets @ weights, np.square(weights)
        apart = 1.0 - np.square(of_set).sum()  # weight of two runs with different sets
        of_structure, of_all = sums.sum(axis=0), sums.mean(axis=1)
        same_structure = float((np.square(of_structure) - np.square(sums).sum(axis=0)).mean() / apart)
        nothing_shared = float((np.square(of_all.sum()) - np.square(of_all).sum()) / apart)
        pairs = np.square(sums).mean(axis=1) - self._of_sets @ (squared * self._squares)
        pairs = pairs[self._several] / (np.square(of_set) - self._of_sets @ squared)[self._several]
        same_set = float(of_set[self._several] @ pairs)
        of_twins = weights[self._twins]
        luck = (float(of_twins @ self._squares[self._twins]) - same_set) / float(of_twins.sum())
        same_run = float(weights @ self._squares)
        return np.array([same_structure - nothing_shared, same_run - same_structure - luck, luck])


def _shares(variances: Floats) -> Floats:
    kept = np.maximum(variances, 0.0)
    total = kept.sum()
    return kept / total if total > 0.0 else np.full(len(PARTS), np.nan)
