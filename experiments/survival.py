"""How long the ceasefire holds: Kaplan-Meier curves of the time to the first collapse."""

import math
from collections.abc import Iterator, Sequence

import lifelines
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.intervals import Interval, wilson
from experiments.results import Column

WEEKS_A_YEAR = 52

type Floats = NDArray[np.float64]


def years(weeks: int) -> list[int]:
    """The weeks at which numbers at risk are given: the start and every full year to the horizon."""
    return list(range(0, weeks + 1, WEEKS_A_YEAR))


def curve(weeks_held: Floats, held: Floats, horizon: int) -> pd.DataFrame:
    """Kaplan-Meier estimate of the chance that the ceasefire still holds, one row per step and full year.

    Columns: week, at_risk (runs still holding just before the week's end), collapses, survival, low, high.
    Runs that hold are censored at the end. The 95% interval is Wilson's with the effective number of runs
    that Greenwood's variance implies (Rothman 1978): without early censoring it is exactly the interval of a
    proportion, so that curve, map and table agree, and it keeps a width while no run has collapsed.
    """
    ends, runs = np.unique(2 * weeks_held + (held < 0.5), return_counts=True)  # week and whether it collapsed
    times = ends // 2
    fitter = lifelines.KaplanMeierFitter().fit(times, event_observed=ends % 2, weights=runs)
    events = fitter.event_table
    weeks = np.unique([*years(horizon), horizon, *events.index[events["observed"] > 0]]).astype(int)
    table = pd.DataFrame({"week": weeks})
    table["at_risk"] = [int(runs[times >= week].sum()) for week in weeks]
    table["collapses"] = events["observed"].reindex(weeks, fill_value=0).to_numpy().astype(int)
    table["survival"] = fitter.survival_function_at_times(weeks).to_numpy(float)
    table[["low", "high"]] = rothman(table["survival"].to_numpy(), weeks, events)
    return table


def survival_tables(labels: pd.DataFrame, column: Column, horizons: Sequence[int]) -> Iterator[pd.DataFrame]:
    """The curve of each cell: cell, arm, levers, then the columns of `curve`; `horizons` in weeks, by cell."""
    for place, horizon in enumerate(horizons):
        cell = labels["cell"].iloc[place]
        table = curve(column(cell, "weeks_held"), column(cell, "held"), horizon)
        yield pd.concat([labels.iloc[[place] * len(table)].reset_index(drop=True), table], axis="columns")


def rothman(survivals: Floats, weeks: NDArray[np.int64], events: pd.DataFrame) -> list[tuple[float, float]]:
    """95% intervals of Kaplan-Meier estimates at some weeks, from the table of events."""
    at_risk, died = events["at_risk"].to_numpy(float), events["observed"].to_numpy(float)
    with np.errstate(divide="ignore"):  # where the last ones die, the estimate is zero and needs no variance
        greenwood = np.cumsum(died / (at_risk * (at_risk - died)))
    found = []
    for survival, past in zip(survivals.tolist(), events.index.searchsorted(weeks, "right"), strict=True):
        if survival >= 1.0 or survival <= 0.0:
            runs = float(at_risk[0] if survival <= 0.0 else at_risk[past - 1])
        else:
            runs = (1 - survival) / (survival * float(greenwood[past - 1]))
        interval = (
            wilson(round(survival * runs, 9), runs) if math.isfinite(runs) else Interval(survival, math.nan, math.nan)
        )
        found.append((interval.low, interval.high))
    return found
