"""F1 to F3: how peace after war ages, over the theatres of past wars between states.

The theatres are those of the interstate cases of the core sample, each alike: generic conditions. The clock starts
where the sources' clock starts, when a ceasefire has been consolidated: a militarised dispute ends after about six
quiet months (Jones, Bremer & Singer 1996).
"""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import brentq

from experiments.patterns.pattern import Floats

YEARS = (1, 2, 5, 10)
WEEKS_A_YEAR = 52.1775


def since_consolidation(played: Mapping[str, Floats], what: str) -> tuple[Floats, Floats]:
    """Weeks from the first consolidation to `what` (renewed_war, fatal_incident), and whether it came.

    (runs of all cases,) for each set, as arrays (sets, cases * runs); NaN where nothing was consolidated.
    """
    settled = np.where(played["consolidated"] == 1.0, played["weeks_to_consolidation"], np.nan)
    ended = np.where(played["renewed_war"] == 1.0, played["weeks_to_renewed_war"], np.inf)
    horizon = np.minimum(ended, played["weeks_held"].max())
    came = played[what]
    weeks = np.where(came == 1.0, played[f"weeks_to_{what}"], horizon) - settled
    sets = weeks.shape[1]
    return weeks.transpose(1, 0, 2).reshape(sets, -1), came.transpose(1, 0, 2).reshape(sets, -1)


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
