"""How well predicted survival fits what happened: order (Harrell's C), calibration (Brier), groups (Kaplan-Meier)."""

from collections.abc import Hashable, Sequence
from typing import Any

import lifelines
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from experiments.history.columns import LEVELS
from experiments.intervals import Interval
from experiments.survival import rothman

type Floats = NDArray[np.float64]

DAYS_A_YEAR = 365.25
RESAMPLES = 500
SEED = 20250217


def harrell_c(t: ArrayLike, event: ArrayLike, score: ArrayLike, clusters: Sequence[Hashable] | None = None) -> float:
    """Share of comparable pairs whose scores are in the order of their times (Harrell 1982); NaN if there are none.

    `t` in days, `event` 0 or 1, `score` higher where a ceasefire should last longer, all of shape (cases,). A pair
    is comparable if the shorter time ended in failure, or if the times are equal and one of them did. Equal scores
    count half. With `clusters` only pairs of different clusters count.
    """
    ordered, comparable = _pairs(t, event, score, clusters)
    pairs = comparable.sum()
    return float(ordered.sum() / pairs) if pairs else float("nan")


def cluster_bootstrap_c(
    t: ArrayLike,
    event: ArrayLike,
    score: ArrayLike,
    clusters: Sequence[Hashable],
    resamples: int = RESAMPLES,
    across: bool = False,
) -> Interval:
    """Harrell's C with a 95% percentile interval from drawing whole clusters (Efron 1979), always with the same seed.

    `across` counts only pairs of different clusters.
    """
    ordered, comparable = _pairs(t, event, score, clusters if across else None)
    weights = cluster_weights(clusters, resamples)
    pairs = ((weights @ comparable) * weights).sum(axis=1)
    drawn = ((weights @ ordered) * weights).sum(axis=1)[pairs > 0] / pairs[pairs > 0]
    low, high = np.quantile(drawn, [0.025, 0.975]) if len(drawn) else (np.nan, np.nan)
    return Interval(harrell_c(t, event, score, clusters if across else None), float(low), float(high))


def cluster_weights(clusters: Sequence[Hashable], resamples: int = RESAMPLES) -> Floats:
    """How often each case is in each resample of as many clusters as there are; shape (resamples, cases)."""
    place, names = pd.factorize(np.asarray(clusters, dtype=object))
    generator = np.random.default_rng(SEED)
    drawn = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
    return drawn[:, place].astype(float)


def brier(t: ArrayLike, event: ArrayLike, survival: ArrayLike, horizons_days: ArrayLike) -> Floats:
    """Mean squared error of predicted survival at each horizon; shape (horizons,), 0 is perfect.

    `survival` has shape (cases, horizons). Who was censored before a horizon counts through those who were not
    (`brier_terms`). NaN at a horizon to which nobody was followed while not all had failed.
    """
    found: Floats = brier_terms(t, event, survival, horizons_days).mean(axis=0)
    return found


def brier_terms(t: ArrayLike, event: ArrayLike, survival: ArrayLike, horizons_days: ArrayLike) -> Floats:
    """What each case adds to the Brier score, weighted by the inverse probability of censoring (Graf et al. 1999).

    Shape (cases, horizons). G, the chance of not yet being censored, is the Kaplan-Meier estimate of all cases; a
    failure has the weight 1 / G(t-), a case that has outlived the horizon h has 1 / G(h). A case censored on a day
    was still there at its end: it comes after the failures of that day, and has outlived a horizon on that day.
    """
    days, failed = np.asarray(t, dtype=float), np.asarray(event, dtype=bool)
    predicted, horizons = np.asarray(survival, dtype=float), np.asarray(horizons_days, dtype=float)
    if predicted.shape != (len(days), len(horizons)):
        raise ValueError(f"survival has shape {predicted.shape}, not {(len(days), len(horizons))}")
    last = np.where(failed, days, np.nextafter(days, np.inf))
    censoring = lifelines.KaplanMeierFitter().fit(last, event_observed=~failed)
    at_failure = censoring.survival_function_at_times(days).to_numpy(float)[:, None]
    at_horizon = censoring.survival_function_at_times(horizons).to_numpy(float)[None, :]
    dead = failed[:, None] & (days[:, None] <= horizons)
    alive = last[:, None] > horizons
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(dead, predicted**2 / at_failure, 0.0) + np.where(alive, (1 - predicted) ** 2 / at_horizon, 0.0)
    return np.where(at_horizon > 0, terms, np.nan)


def km_by_group(
    t: ArrayLike, event: ArrayLike, groups: Sequence[Hashable], horizons: Sequence[float], levels: Sequence[str] = ()
) -> pd.DataFrame:
    """Kaplan-Meier survival of each group at `horizons` (years), a row for each group and horizon.

    Columns: group, n, events (both of the whole group), horizon_years, survival, low, high. The 95% interval is
    Wilson's with the effective number of cases (Rothman 1978), as in `experiments.survival`, and keeps a width where
    nobody has failed. NaN past the longest time of a group that has not all failed. Cases in the group "" are left
    out. Groups come in the order of `levels`, or of a known column's levels, or sorted.
    """
    days, failed = np.asarray(t, dtype=float), np.asarray(event, dtype=bool)
    member = np.asarray(groups, dtype=object)
    at: Any = np.asarray(horizons, dtype=float) * DAYS_A_YEAR  # `rothman` asks for whole weeks, but takes any times
    tables = []
    for group in _order(set(member.tolist()) - {""}, levels):
        chosen = member == group
        fitter = lifelines.KaplanMeierFitter().fit(days[chosen], event_observed=failed[chosen])
        survival = fitter.survival_function_at_times(at).to_numpy(float)
        counts = {"group": group, "n": int(chosen.sum()), "events": int(failed[chosen].sum())}
        table = pd.DataFrame(counts, index=range(len(at)))
        table["horizon_years"] = np.asarray(horizons, dtype=float)
        table["survival"] = survival
        table[["low", "high"]] = rothman(survival, at, fitter.event_table)
        table.loc[(at > days[chosen].max()) & (survival > 0), ["survival", "low", "high"]] = np.nan
        tables.append(table)
    columns = ["group", "n", "events", "horizon_years", "survival", "low", "high"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _order(groups: set[Any], levels: Sequence[str]) -> list[Any]:
    known = levels or next((column for column in LEVELS.values() if groups <= set(column)), ())
    return [level for level in known if level in groups] + sorted(groups - set(known), key=str)


def _pairs(
    t: ArrayLike, event: ArrayLike, score: ArrayLike, clusters: Sequence[Hashable] | None
) -> tuple[Floats, Floats]:
    """For each pair, row failing before column: 1, 0.5 or 0 for the scores' order, and whether it is comparable."""
    days, failed, scores = np.asarray(t, dtype=float), np.asarray(event, dtype=bool), np.asarray(score, dtype=float)
    if np.isnan(scores).any():
        raise ValueError("a score is not a number")
    later = (days[:, None] < days) | ((days[:, None] == days) & ~failed)
    comparable = failed[:, None] & later
    if clusters is not None:
        place = pd.factorize(np.asarray(clusters, dtype=object))[0]
        comparable &= place[:, None] != place
    ordered = comparable * ((scores[:, None] < scores) + 0.5 * (scores[:, None] == scores))
    return ordered, comparable.astype(float)
