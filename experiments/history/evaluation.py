"""Predictions of past ceasefires beside what happened: scores, differences of scores, survival by group."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.history.scores import (
    DAYS_A_YEAR,
    brier,
    brier_terms,
    cluster_bootstrap_c,
    cluster_weights,
    harrell_c,
    km_by_group,
)
from experiments.intervals import Interval

type Floats = NDArray[np.float64]

HORIZONS_YEARS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a model says of each case: survival (cases, horizons), and a score (cases,), higher lasts longer."""

    name: str
    survival: Floats
    score: Floats


@dataclass(frozen=True)
class Scores:
    """How one prediction fared: Harrell's C with its 95% interval by dyad clusters, and the Brier score by year.

    `c_across_clusters` is C among pairs of different dyad clusters only.
    """

    name: str
    cases: int
    events: int
    c: float
    c_low: float
    c_high: float
    c_across_clusters: float
    brier: dict[float, float]  # horizon in years: score


def days(horizons_years: Sequence[float]) -> list[float]:
    """Horizons in days."""
    return [year * DAYS_A_YEAR for year in horizons_years]


def evaluate(
    frame: pd.DataFrame, predictions: Sequence[Prediction], horizons_years: Sequence[float] = HORIZONS_YEARS
) -> list[Scores]:
    """Scores of each prediction on the rows of `frame`, which has `t` (days), `event` and `dyad_cluster`."""
    found = []
    for prediction in predictions:
        _check(prediction, len(frame), len(horizons_years))
        t, event, clusters = frame["t"], frame["event"], frame["dyad_cluster"].tolist()
        c = cluster_bootstrap_c(t, event, prediction.score, clusters)
        across = harrell_c(t, event, prediction.score, clusters)
        errors = brier(t, event, prediction.survival, days(horizons_years))
        by_year = dict(zip(map(float, horizons_years), errors.tolist(), strict=True))
        found.append(Scores(prediction.name, len(frame), int(event.sum()), *c, across, by_year))
    return found


def brier_difference(
    frame: pd.DataFrame, one: Prediction, other: Prediction, horizons_years: Sequence[float] = HORIZONS_YEARS
) -> list[Interval]:
    """Brier score of `one` less that of `other` at each horizon, on the same cases: below zero, `one` is better.

    The 95% interval is the percentile bootstrap that draws whole dyad clusters, with the weights for censoring of
    all cases.
    """
    for prediction in (one, other):
        _check(prediction, len(frame), len(horizons_years))
    t, event, horizons = frame["t"], frame["event"], days(horizons_years)
    terms = brier_terms(t, event, one.survival, horizons) - brier_terms(t, event, other.survival, horizons)
    weights = cluster_weights(frame["dyad_cluster"].tolist())
    low, high = np.quantile(weights @ terms / weights.sum(axis=1, keepdims=True), [0.025, 0.975], axis=0)
    return [Interval(*map(float, each)) for each in zip(terms.mean(axis=0), low, high, strict=True)]


def kaplan_meier_check(
    frame: pd.DataFrame,
    survival: Floats,
    by: str = "third_party_force",
    horizons_years: Sequence[float] = HORIZONS_YEARS,
) -> pd.DataFrame:
    """The data's Kaplan-Meier survival by a column beside the mean predicted survival of the same cases.

    Columns: those of `km_by_group`, then predicted (mean of `survival`, (cases, horizons), over the group) and inside
    (whether it lies in the 95% interval). Cases of unknown group are left out, and so are horizons past a group's
    longest time.
    """
    _check(Prediction("survival", survival, np.zeros(len(frame))), len(frame), len(horizons_years))
    groups = frame[by].to_numpy()
    table = km_by_group(frame["t"], frame["event"], groups.tolist(), horizons_years)
    means = [survival[groups == group].mean(axis=0) for group in table["group"].unique()]
    table["predicted"] = np.concatenate(means) if means else np.empty(0)
    table["inside"] = (table["low"] <= table["predicted"]) & (table["predicted"] <= table["high"])
    return table.dropna(subset="survival").reset_index(drop=True)


def _check(prediction: Prediction, cases: int, horizons: int) -> None:
    shapes = np.shape(prediction.survival), np.shape(prediction.score)
    if shapes != ((cases, horizons), (cases,)):
        raise ValueError(f"{prediction.name}: shapes {shapes}, not {((cases, horizons), (cases,))}")
    if not ((prediction.survival >= 0) & (prediction.survival <= 1)).all():
        raise ValueError(f"{prediction.name}: a survival is not between 0 and 1")
