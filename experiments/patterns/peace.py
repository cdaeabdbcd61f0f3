"""Estimators of F1 to F3: how peace after war ages, over the theatres of past wars between states.

The theatres are those of the interstate cases of the core sample, each alike: generic conditions. The clock starts
where the sources' clock starts, when a ceasefire has been consolidated: a militarised dispute ends after about six
quiet months (Jones, Bremer & Singer 1996).
"""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import brentq

from experiments.patterns.pattern import WEEKS_A_YEAR, Floats
from model.terms import Breaker

YEARS = (1, 2, 5, 10)


def since_consolidation(played: Mapping[str, Floats], what: str) -> tuple[Floats, Floats]:
    """Weeks from consolidation to `what` (war, or fatal_incident), and whether it came: (sets, cases * runs).

    Only ceasefires that were consolidated before they collapsed count; elsewhere NaN. War is limited or renewed: at
    the scale of past theatres (`theatre.scale`) a limited war of usual length kills as many as the thousand from which
    the Correlates of War count a war. A war is a fatal incident too: rules note fatal weeks of peace alone.
    """
    settled = np.where(played["consolidated"] == 1.0, played["weeks_to_consolidation"], np.nan)
    collapsed = np.where(played["held"] == 0.0, played["weeks_held"], np.inf)
    settled = np.where(settled < collapsed, settled, np.nan)
    came = collapsed
    if what != "war":
        came = np.minimum(came, np.where(played[what] == 1.0, played[f"weeks_to_{what}"], np.inf))
    weeks = np.minimum(came, played["weeks_held"].max()) - settled
    return by_set(weeks), by_set(np.isfinite(came).astype(float))


def since_start(played: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """Weeks from the ceasefire's first day to limited or renewed war, and whether it came: (sets, cases * runs)."""
    return by_set(played["weeks_held"]), by_set(1.0 - played["held"])


def breakers(broken_by: Floats) -> tuple[Floats, Floats]:
    """Shares of collapses by the defender or by both, and by both alone, (sets,) each; NaN without collapses.

    `broken_by` is of shape (cases, sets, runs).
    """
    collapses = (broken_by != Breaker.NOBODY).sum(axis=(0, 2))
    both = (broken_by == Breaker.BOTH).sum(axis=(0, 2))
    defender = (broken_by == Breaker.UKRAINE).sum(axis=(0, 2))
    whole = np.where(collapses > 0, collapses, np.nan)
    return np.asarray((defender + both) / whole), np.asarray(both / whole)


def by_set(values: Floats) -> Floats:
    """Numbers of shape (cases, sets, runs) as (sets, cases * runs)."""
    return values.transpose(1, 0, 2).reshape(values.shape[1], -1)


def incidence(weeks: Floats, came: Floats, years: tuple[int, ...] = YEARS) -> Floats:
    """One less the Kaplan-Meier estimate after so many years, for each set: (sets, years)."""
    found = np.full((len(weeks), len(years)), np.nan)
    for place, (each, event) in enumerate(zip(weeks, came, strict=True)):
        known = np.isfinite(each)
        if not known.any():
            continue
        whole = np.floor(np.maximum(each[known], 0.0)).astype(int)
        ends = np.bincount(whole, minlength=600)
        deaths = np.bincount(whole, weights=event[known], minlength=600)
        at_risk = np.maximum(ends[::-1].cumsum()[::-1], 1)
        survival = np.cumprod(1.0 - deaths / at_risk)
        found[place] = [1.0 - survival[int(year * WEEKS_A_YEAR) - 1] for year in years]
    return found


def weibull_shape(weeks: Floats, came: Floats) -> Floats:
    """Shape of the Weibull distribution by maximum likelihood, censored, for each set: (sets,); NaN below 5 events."""
    found = np.full(len(weeks), np.nan)
    for place, (each, event) in enumerate(zip(weeks, came, strict=True)):
        known = np.isfinite(each)
        time = (np.maximum(each[known], 0.0) + 0.5) / WEEKS_A_YEAR
        ended = event[known] == 1.0
        if ended.sum() < 5:
            continue
        log = np.log(time)
        mean = log[ended].mean()

        def score(shape: float, time: Floats = time, log: Floats = log, mean: float = mean) -> float:
            power = time**shape
            return float((power * log).sum() / power.sum() - 1.0 / shape - mean)

        if score(0.02) < 0.0 < score(10.0):
            found[place] = brentq(score, 0.02, 10.0)
    return found


def exponential_rejected(weeks: Floats, came: Floats) -> Floats:
    """Twice the log likelihood of a Weibull over that of an exponential, for each set: (sets,).

    Chi-squared with one degree of freedom if hazards are constant (Wilks 1938); NaN where there is no shape.
    """
    shapes = weibull_shape(weeks, came)
    found = np.full(len(weeks), np.nan)
    for place, shape in enumerate(shapes):
        known = np.isfinite(weeks[place])
        if not np.isfinite(shape):
            continue
        time = np.maximum(weeks[place][known], 0.0) + 0.5
        ended = came[place][known] == 1.0
        events = ended.sum()
        gain = np.log(shape) + (shape - 1.0) * np.log(time[ended]).mean()
        found[place] = 2.0 * events * (gain - np.log(np.power(time, shape).sum() / time.sum()))
    return found


def hazard(weeks: Floats, came: Floats, begin: float, end: float, prior: float = 0.0) -> Floats:
    """Events a week between two weeks, for each set (sets,); `prior` events are added, so that none is not never."""
    events = ((came == 1.0) & (weeks >= begin) & (weeks < end)).sum(axis=1)
    exposure = np.clip(weeks + 0.5 - begin, 0.0, end - begin).sum(axis=1)
    return np.asarray((events + prior) / np.maximum(exposure, 1e-9))
