"""How long a force lasts: until it first falls below half of its own peak, and after what its contingents go home."""

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.draws import Floats
from experiments.intervals import Interval, bootstrap_means
from experiments.survival import curve


class Going(NamedTuple):
    """When the force of each run first crumbled: the outcomes `weeks_to_crumbling` and `crumbled`, (runs,) each."""

    weeks: Floats  # whole weeks; of a force that never crumbled, the end of its run (censored)
    crumbled: Floats  # 0 or 1


def lasting_curve(going: Going, horizon: int) -> pd.DataFrame:
    """Kaplan-Meier estimate of the chance that the force has not crumbled, one row per step and full year.

    Columns: week, at_risk, crumbled, survival, low, high, as in `experiments.survival.curve`. Renewed war ends a run,
    and with it what is known of its force: such runs are censored there.
    """
    return curve(going.weeks, 1.0 - going.crumbled, horizon).rename(columns={"collapses": "crumbled"})


def median_week(table: pd.DataFrame) -> Interval:
    """The week in which a curve first falls to a half, with its 95% interval; infinite where it does not.

    The ends are the weeks in which the curve's own bounds fall to a half (Brookmeyer and Crowley 1982, with the
    interval that the curve has).
    """
    weeks = table["week"].to_numpy(float)
    found = []
    for part in ("survival", "low", "high"):
        below = table[part].to_numpy(float) <= 0.5
        found.append(float(weeks[below.argmax()]) if below.any() else math.inf)
    return Interval(*found)


def share_of_sums(part: Floats, whole: Floats) -> Interval:
    """The sum of `part` over the sum of `whole`, (runs,) each, with its 95% interval; NaN where `whole` is nothing.

    The interval is that of the mean of the ratio's linear approximation by run (Cochran 1977, section 6.3).
    """
    if not whole.sum() > 0.0:
        return Interval(math.nan, math.nan, math.nan)
    share = part.sum() / whole.sum()
    found = bootstrap_means((share + (part - share * whole) / whole.mean())[:, None])[0]
    return Interval(float(share), float(np.clip(found.low, 0.0, 1.0)), float(np.clip(found.high, 0.0, 1.0)))
