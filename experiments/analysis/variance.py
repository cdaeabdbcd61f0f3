"""Whose doing the spread of an outcome is: rival theories, parameters within a theory, or luck."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from experiments.draws import Floats

PARTS = ("structure", "parameters", "luck")
RESAMPLES = 1000
SEED = 20250302  # of the resamples


class _Design:
    """Which rows of the values belong together: `structures` and `sets` (rows,) count from 0."""

    def __init__(self, structures: NDArray[np.int64], sets: NDArray[np.int64], lucks: int) -> None:
        """Keep who belongs where, and make the sums over all rows, over structures and over sets."""
        self.structures, self.sets = structures, sets
        self.of_all, self.of_structure, self.of_set = map(_sums, (np.zeros_like(sets), structures, sets))
        self.sizes = (self.of_structure.shape[0], self.of_set.shape[0], lucks)


def variance_table(
    runs: pd.DataFrame, outcome: str, structure: str | Sequence[str], parameters: str, luck: str
) -> pd.DataFrame:
    """`variance_shares` of a column of runs, one row per run.

    `structure` names the switches (a combination of their values is a structure), `parameters` the column that tells
    parameter sets apart, `luck` the column of the run's luck. Raises ValueError unless every set has every luck once.
    """
    switches = [structure] if isinstance(structure, str) else list(structure)
    keys = [*switches, parameters]
    if runs.duplicated([*keys, luck]).any():
        raise ValueError(f"some runs have the same {', '.join([*keys, luck])}")
    values = runs.pivot(index=keys, columns=luck, values=outcome)
    if values.isna().any(axis=None):
        raise ValueError(f"every {parameters} needs the same values of {luck}")
    rows = values.index.to_frame(index=False)
    labels = list(rows[switches].itertuples(index=False, name=None))
    return variance_shares(values.to_numpy(float), labels, list(rows[parameters]))


def variance_shares(
    values: Floats, structures: Sequence[Hashable], sets: Sequence[Hashable] | None = None
) -> pd.DataFrame:
    """The variance of an outcome between structures, between parameter sets within them, and by luck.

    `values` (rows, lucks) has a row for each parameter set of each structure and a column for each luck; `structures`
    (rows,) says which rival theories a row has, and `sets` (rows,) which parameters, if sets are shared by structures.
    The outcome may be 0 or 1. One row per part (PARTS). Columns: part, variance, share, low, high.

    This is the law of total variance with structures, sets and lucks as random draws, each structure with the same
    weight (nested random effects: Searle, Casella and McCulloch 1992). Variances come from products of two runs that
    share the structure, the set, or neither, and never the luck or a set by chance: they are unbiased whether or not
    column k is the same luck in all rows and sets are the same in all structures, equal to the nested analysis of
    variance in balanced data with neither, and may come out a little below zero, which counts as a share of zero.
    Shares have the 95% percentile interval of the Bayesian bootstrap (Rubin 1981), with weights for structures, sets
    and lucks that are multiplied (Owen and Eckles 2012), and their own fixed seed. With 30 structures or more it covers
    what it should, with four to eight only four times in five: of few rival theories none tells what another would do.
    Without variance shares are NaN.

    Raises ValueError unless there are two structures, two sets in each, and two lucks.
    """
    sets = range(len(values)) if sets is None else sets
    if values.ndim != 2 or not len(structures) == len(sets) == len(values):
        raise ValueError(f"a row of values for each set is needed, not {values.shape} for {len(structures)} sets")
    design = _Design(_codes(structures), _codes(sets), values.shape[1])
    if design.sizes[0] < 2 or np.bincount(design.structures).min() < 2 or values.shape[1] < 2:
        raise ValueError("two structures, two parameter sets in each, and two lucks are needed")
    centred = values - values.mean()  # no variance changes, and products keep their digits
    found = _variances(centred, design, [np.ones(size) for size in design.sizes])
    generator = np.random.default_rng(SEED)
    resampled = [
        _shares(_variances(centred, design, [generator.exponential(size=size) for size in design.sizes]))
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(resampled, [0.025, 0.975], axis=0)
    return pd.DataFrame({"part": PARTS, "variance": found, "share": _shares(found), "low": low, "high": high})


def _codes(labels: Sequence[Hashable]) -> NDArray[np.int64]:
    places: dict[Hashable, int] = {}
    return np.array([places.setdefault(label, len(places)) for label in labels])


def _sums(groups: NDArray[np.int64]) -> csr_array:
    """What sums rows by group: (groups, rows)."""
    return csr_array((np.ones(len(groups)), (groups, np.arange(len(groups)))))


def _shares(variances: Floats) -> Floats:
    kept = np.maximum(variances, 0.0)
    total = kept.sum()
    return kept / total if total > 0.0 else np.full(len(PARTS), np.nan)


def _variances(values: Floats, design: _Design, weights: Sequence[Floats]) -> Floats:
    """Variances (PARTS,) with weights for structures, sets and lucks.

    The mean product of two runs, with the mean taken off, is the sum of the variances of whatever they share: all of
    it if they are one run; the set, and with it the structure; the structure alone; or nothing. So the parts are the
    steps between these means.
    """
    by_structure, by_luck = (each / each.sum() for each in (weights[0], weights[2]))
    by_set = weights[1][design.sets]
    within = by_set / np.bincount(design.structures, by_set)[design.structures]  # of a row in its structure
    rows = by_structure[design.structures] * within
    squared = np.square(by_luck)
    means, squares = values @ by_luck, np.square(values)
    apart = 1.0 - squared.sum()  # weight of two different lucks

    def products(member: csr_array, of_rows: Floats) -> Floats:
        """(2, groups): the weighted sum of products of two runs in a group with different lucks, and its weight."""
        whole = np.square(member @ (of_rows * means))
        same = np.square(member @ (of_rows[:, None] * values)) @ squared
        return np.array([whole - same, np.square(member @ of_rows) * apart])

    alone = np.array([np.square(means) - squares @ squared, np.full(len(values), apart)])  # both runs of one set
    together = products(design.of_structure, within)
    pairs = together - (design.of_structure @ (np.square(within) * alone).T).T  # of two sets in one structure
    strangers = products(design.of_all, rows).sum(axis=1) - together @ np.square(by_structure)
    strangers -= products(design.of_set, rows).sum(axis=1) - alone @ np.square(rows)  # else taken off twice
    same_run = rows @ (squares @ by_luck)
    same_set = rows @ alone[0] / apart
    same_structure = by_structure @ (pairs[0] / pairs[1])
    return np.array([same_structure - strangers[0] / strangers[1], same_set - same_structure, same_run - same_set])
