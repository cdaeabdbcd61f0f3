"""What ends a ceasefire, when, and in which years: limited and renewed war as competing risks."""

from collections.abc import Iterator
from typing import NamedTuple

import lifelines
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv

from experiments.draws import Floats
from experiments.intervals import Interval, bootstrap_means, wilson
from experiments.survival import WEEKS_A_YEAR, years

CAUSES = {1: "limited_war", 2: "renewed_war"}  # by the outcome `collapse`
ANY = "any"

type Whole = NDArray[np.int64]


class Ends(NamedTuple):
    """When and how the ceasefire of each run ended first, (runs,) each.

    The outcome `weeks_held` counts the weeks before the one that ended it; time to the end is one more, so that a
    ceasefire that collapses in its first week ends at 1: `weeks_held + (collapse > 0)`.
    """

    weeks_held: Floats  # whole weeks to the end of the week that ended it; of a run that held, its horizon (censored)
    collapse: Floats  # 0 held, 1 limited war, 2 renewed war


def cumulative_incidence(ends: Ends, horizon: int) -> pd.DataFrame:
    """The chance that a ceasefire has ended by a week in limited, and in renewed war (Aalen and Johansen 1978).

    One row per cause and step or full year. Columns: cause, week, at_risk (runs still holding just before the week's
    end), collapses (of this cause, in that week), incidence, low, high. The two incidences and the survival of
    `experiments.survival.curve` add up to 1. The 95% interval is Wilson's, with the effective number of runs that the
    estimate's variance implies, as in that curve: without early censoring it is exactly the interval of a proportion.
    """
    told, runs = np.unique(np.column_stack(ends), axis=0, return_counts=True)
    times, causes = told[:, 0], told[:, 1].astype(int)
    weeks = np.unique([*years(horizon), horizon, *times[causes > 0]]).astype(int)
    at_risk = np.array([runs[times >= week].sum() for week in weeks])
    known = len(ends.weeks_held) - np.array([runs[(times < week) & (causes == 0)].sum() for week in weeks])
    tables = []
    for cause, name in CAUSES.items():
        found = _fit(times, causes, runs, cause).reindex(weeks, method="ffill")
        table = pd.DataFrame({"cause": name, "week": weeks, "at_risk": at_risk})
        table["collapses"] = [int(runs[(times == week) & (causes == cause)].sum()) for week in weeks]
        table["incidence"] = found["incidence"].to_numpy()
        table[["low", "high"]] = list(_bounds(found, known))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def restricted_mean(ends: Ends, weeks: int) -> Interval:
    """Mean weeks that the ceasefire holds up to a week (RMST, Royston and Parmar 2013): the area under its curve.

    Raises ValueError if a run was censored before that week.
    """
    return bootstrap_means(_restricted(ends, weeks)[:, None])[0]


def restricted_mean_difference(ends: Ends, other: Ends, weeks: int) -> Interval:
    """Weeks up to a week that `ends` hold more than `other`, where run r had the same luck in both.

    Raises ValueError if a run was censored before that week, or runs are no pairs.
    """
    if len(ends.weeks_held) != len(other.weeks_held):
        raise ValueError(f"paired cells need equal runs, not {len(ends.weeks_held)} and {len(other.weeks_held)}")
    return bootstrap_means((_restricted(ends, weeks) - _restricted(other, weeks))[:, None])[0]


def yearly_hazard(ends: Ends, horizon: int) -> pd.DataFrame:
    """The dangerous years: collapses per run-year at risk in each year of the ceasefire, constant within a year.

    One row per cause ("any" first) and year, the last one cut at the horizon. Columns: cause, year (1 is the first),
    from_week, to_week (both among its weeks), at_risk (runs holding when it begins), run_years, collapses, hazard (per
    run-year), low, high: the exact 95% interval of a Poisson rate (Garwood 1936). A collapse counts at the end of its
    week. Where nobody was at risk, the hazard is NaN. Hazards of runs with drawn parameters fall with the years because
    the weakest ceasefires end first, even where no single one grows safer.
    """
    rows = []
    edges = list(range(0, horizon, WEEKS_A_YEAR))
    for cause, name in [(None, ANY), *CAUSES.items()]:
        ended = ends.weeks_held[ends.collapse > 0 if cause is None else ends.collapse == cause]
        for year, start in enumerate(edges, 1):
            end = min(start + WEEKS_A_YEAR, horizon)
            run_years = float(np.clip(ends.weeks_held - start, 0.0, end - start).sum() / WEEKS_A_YEAR)
            collapses = int(((ended > start) & (ended <= end)).sum())
            at_risk = int((ends.weeks_held > start).sum())
            rows.append((name, year, start + 1, end, at_risk, run_years, collapses, *garwood(collapses, run_years)))
    columns = ["cause", "year", "from_week", "to_week", "at_risk", "run_years", "collapses", "hazard", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def garwood(events: int, exposure: float) -> Interval:
    """The rate of events per unit of exposure, with the exact 95% interval of a Poisson rate (Garwood 1936)."""
    if exposure <= 0.0:
        return Interval(np.nan, np.nan, np.nan)
    low = float(gammaincinv(events, 0.025)) if events else 0.0
    return Interval(events / exposure, low / exposure, float(gammaincinv(events + 1, 0.975)) / exposure)


def _restricted(ends: Ends, weeks: int) -> Floats:
    censored = ends.weeks_held[ends.collapse == 0]
    if len(censored) and censored.min() < weeks:
        raise ValueError(f"a run was censored in week {censored.min():.0f}, before week {weeks}")
    return np.minimum(ends.weeks_held, float(weeks))


def _fit(times: Floats, causes: Whole, runs: Whole, cause: int) -> pd.DataFrame:
    """Incidence of one cause and its variance, by week.

    lifelines moves events of different causes in the same week apart at random, although its sums are right with
    ties (tests/experiments/test_analysis_risks.py): weeks are whole here, so that this is switched off.
    """
    fitter = lifelines.AalenJohansenFitter()
    fitter._check_for_duplicates = lambda durations, events: False
    with np.errstate(all="ignore"):  # its own intervals, which are not used, take logarithms of zero
        fitter.fit(times, causes, event_of_interest=cause, weights=runs)
    return pd.DataFrame({"incidence": fitter.cumulative_density_.iloc[:, 0], "variance": fitter.variance_})


def _bounds(found: pd.DataFrame, known: Whole) -> Iterator[tuple[float, float]]:
    """Wilson's interval with the runs that a variance implies; where it implies none, with those not yet censored."""
    for incidence, variance, runs in zip(found["incidence"], found["variance"], known, strict=True):
        worth = incidence * (1 - incidence) / variance if variance > 0 and 0 < incidence < 1 else float(runs)
        interval = wilson(round(incidence * worth, 9), worth)
        yield interval.low, interval.high
