"""How long the ceasefire holds: Kaplan-Meier curves of the time to the first collapse."""

import math
from collections.abc import Sequence

import lifelines
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.intervals import Interval, wilson

WEEKS_A_YEAR = 52


def years(weeks: int) -> list[int]:
    """The weeks at which numbers at risk are given: the start and every full year to the horizon."""
    return list(range(0, weeks + 1, WEEKS_A_YEAR))


def curve(weeks_held: NDArray[np.float64], held: NDArray[np.float64], horizon: int) -> pd.DataFrame:
    """Kaplan-Meier estimate of the chance that the ceasefire still holds, one row per step and full year.

    Columns: week, at_risk (runs still holding just before the week's end), collapses, survival, low, high.
    Runs that hold are censored at the end. The 95% interval is Wilson's with the effective number of runs
    that Greenwood's variance implies (Rothman 1978): without early censoring it is exactly the interval of a
    proportion, so that curve, map and table agree, and it keeps a width while no run has collapsed.
    """
    fitter = lifelines.KaplanMeierFitter().fit(weeks_held, event_observed=held < 0.5)
    events = fitter.event_table
    weeks = sorted({*years(horizon), horizon, *events.index[events["observed"] > 0].astype(int)})
    survivals = fitter.survival_function_at_times(weeks).to_numpy(float).tolist()
    rows = []
    for week, survival in zip(weeks, survivals, strict=True):
        low, high = _rothman(survival, events.loc[:week])
        collapses = int(events["observed"].get(week, 0))
        rows.append((week, int((weeks_held >= week).sum()), collapses, survival, low, high))
    return pd.DataFrame(rows, columns=["week", "at_risk", "collapses", "survival", "low", "high"])


def survival_table(runs: pd.DataFrame, levers: Sequence[str], horizons: dict[str, int]) -> pd.DataFrame:
    """Curves of all cells: cell, arm, levers, then the columns of `curve`; `horizons` in weeks, by cell."""
    parts = []
    for label, group in runs.groupby("cell", sort=False):
        table = curve(group["weeks_held"].to_numpy(), group["held"].to_numpy(), horizons[str(label)])
        for place, name in enumerate(["cell", "arm", *levers]):
            table.insert(place, name, group[name].iloc[0])
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _rothman(survival: float, past: pd.DataFrame) -> tuple[float, float]:
    """95% interval of a Kaplan-Meier estimate from its table of events so far."""
    at_risk, died = past["at_risk"].to_numpy(float), past["observed"].to_numpy(float)
    if survival >= 1.0 or survival <= 0.0:
        runs = float(at_risk[0] if survival <= 0.0 else at_risk[-1])
    else:
        greenwood = float(np.sum(died / (at_risk * (at_risk - died))))
        runs = (1 - survival) / (survival * greenwood)
    interval = (
        wilson(round(survival * runs, 9), runs) if math.isfinite(runs) else Interval(survival, math.nan, math.nan)
    )
    return interval.low, interval.high
