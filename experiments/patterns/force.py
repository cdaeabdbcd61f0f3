"""F11, F12 and F13: what the force does to attacks, how that looks to a naive eye, and when it stands by."""

import math
from typing import Any

import numpy as np
import pandas as pd

from experiments.intervals import Interval
from experiments.patterns.pattern import (
    SEED,
    Budget,
    Finding,
    Floats,
    ParameterSets,
    judge,
    mean_by_set,
    over_sets,
    play,
    setting,
    share_over_sets,
    traces,
)
from model.engine import Engine

type Settings = dict[str, object]
type Outcomes = dict[str, Floats]

IMPOSED = {"roster": "europe", "force__deployment": "imposed"}
ARRIVED, LOOK = 26, 104  # weeks: from the usual arrival on, for a year and a half
LEAST = 8  # weeks of peace in all arms, below which a run says nothing
SAME, LOWER, RAISED = (0.85, 1.15), (0.0, 0.9), (1.0, math.inf)
LANDMARK, WEEKS = 52, 260
UNIT = 10_000.0  # troops, of the hazard ratios
SURE = 1.959963984540054
MOST = (0.5, 1.0)
FOLD = 2  # as many runs of a set for the regressions as for other outcomes
ARMS: dict[str, Settings] = {
    "nobody": {"force__size": 0},
    "light": {"force__size": 10_000, "force__weight": "light", **IMPOSED},
    "light_on_line": {"force__size": 10_000, "force__weight": "light", "force__place": "line", **IMPOSED},
    "heavy": {"force__size": 50_000, "force__weight": "heavy", "force__doctrine": "fight", **IMPOSED},
}
STANDS: dict[str, Settings] = {
    "bypassed": {"force__place": "reserve", "force__doctrine": "hold"},
    "told_to_fight": {"force__doctrine": "fight"},
    "in_cities": {"force__place": "cities"},
    "on_line": {"force__place": "line"},
}


def measure_quality(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Finding:
    """F11: a light 10,000 changes nothing but the probes; a heavy 50,000 told to fight lowers probes and attacks.

    Imposed forces in reserve against nobody, with the same luck. What is compared is the chance that Russia's next
    review ends in a limited attack or a probe, over the weeks 26 to 104 in which all arms are still at peace. Passes if
    the ratio to nobody is 0.85 to 1.15 for limited attacks and at least 1 for probes under the light force, and below
    0.9 for both under the heavy one, all by the median over sets. The light force on the line is reported beside it.
    """
    budget = budget or Budget()
    chosen = sets.spread(budget.sets)
    arms = {
        arm: traces(engine, setting("baseline", weeks=LOOK, **{"roster": "europe", **put}), chosen, budget.traces)
        for arm, put in ARMS.items()
    }
    places: list[int] = []
    ratios: dict[str, list[float]] = {f"{arm}_{act}": [] for arm in ARMS for act in ("limited", "probe")}
    for together in zip(*arms.values(), strict=True):
        weeks = dict(zip(arms, (each for _, each in together), strict=True))
        peace = min(int((each["line"]["collapse"] == 0.0).sum()) for each in weeks.values())
        if peace < ARRIVED + LEAST:
            continue
        places.append(together[0][0])
        for act in ("limited", "probe"):
            chances = {arm: float(each["russia"][f"{act}_chance"][ARRIVED:peace].mean()) for arm, each in weeks.items()}
            for arm, chance in chances.items():
                ratios[f"{arm}_{act}"].append(chance / chances["nobody"] if chances["nobody"] else math.nan)
    values = {
        name: over_sets(mean_by_set(places, each, budget.sets))
        for name, each in ratios.items()
        if not name.startswith("nobody")
    }
    bands = {"light_limited": SAME, "light_probe": RAISED, "heavy_limited": LOWER, "heavy_probe": LOWER}
    return Finding(
        name="F11",
        title="Quality beats size",
        target="A light 10,000 leaves limited attacks unchanged and may raise probes; a heavy reserve lowers both",
        statistic="Chance of a limited attack, or of a probe, with the force over without it",
        values=values,
        bands=bands,
        passed=judge(values, bands),
        use="check",
        why="Input in part: worth by weight, and the pull of light troops who can be hurt (russia.leverage), are "
        "assumed. The heavy reserve is told to fight; told to hold it hardly deters limited attacks.",
        series={name: [value.estimate] for name, value in values.items()},
    )


def measure_selection(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Finding:
    """F12: where states choose, forces look weaker in a naive regression than where they are imposed at random.

    A plan for 100,000 under a backstop. In runs at peace after a year, the hazard of collapse in the next four is
    regressed on the troops then there (Cox, nothing else held constant): once where states choose, once where each run
    is given the size that some other run chose, at random. Both arms have the same sizes and differ in who got them.
    Starting the clock after a year keeps early collapse from cutting forces short. A third regression shows selection
    bare: the hazard of the same runs with no force at all, on the troops that they would have got.

    Passes if the imposed hazard ratio for 10,000 troops is below 1; if the naive one is larger, and the 95% interval
    of the difference of their logarithms (errors clustered by parameter set) excludes zero; and if the ratio without a
    force is above 1, so that it is hard cases that made the difference. Anything else fails.
    """
    budget = budget or Budget()
    budget = Budget(budget.sets, FOLD * budget.runs)
    chosen = sets.spread(budget.sets)
    plan: dict[str, object] = {"roster": "europe", "guarantee__form": "backstop", "force__size": 100_000}
    free, imposed, bare = (plan | more for more in ({}, {"force__deployment": "imposed"}, {"force__size": 0}))
    early, late = _play_twice(engine, free, chosen, budget)
    at_peace = early["held"] == 1.0
    sizes = np.random.default_rng(SEED).choice(early["troops_end"][at_peace], at_peace.size)
    naive = _cox(early, late, early["troops_end"])
    random = _cox(*_play_twice(engine, imposed, chosen, budget, sizes), sizes.reshape(at_peace.shape))
    harder = _cox(*_play_twice(engine, bare, chosen, budget), np.where(at_peace, early["troops_end"], math.nan))
    gap, error = naive[0] - random[0], math.hypot(naive[1], random[1])
    values = {
        "naive_ratio": _ratio(*naive),
        "imposed_ratio": _ratio(*random),
        "difference": Interval(gap, gap - SURE * error, gap + SURE * error),
        "ratio_without_force": _ratio(*harder),
    }
    certain = ("difference",)
    bands = {"imposed_ratio": (0.0, 1.0), "difference": (0.0, math.inf), "ratio_without_force": (1.0, math.inf)}
    return Finding(
        name="F12",
        title="Chosen forces look weaker than imposed ones",
        target="Hazard ratio nearer to 1 where states choose than where the size is imposed at random",
        statistic="Hazard ratio of collapse for 10,000 troops after a year, naive and imposed; difference of their "
        "logarithms; the ratio for the same runs without a force",
        values=values,
        bands=bands,
        passed=judge(values, bands, certain),
        use="check",
        why="Nothing puts it in. It needs states that send more where the line is more dangerous; here only threat "
        "does that, by way of public support, and weakly. Contingents that come home later blunt the naive ratio too.",
        series={"troops": early["troops_end"][at_peace].tolist()},
        whole=certain,
    )


def measure_bystander(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Finding:
    """F13: a small light force, not reinforced, is bypassed by most local offensives that take their ground in days.

    2,000 light troops in reserve told to hold, imposed, against limited attacks that need three days (Karabakh 2023:
    about 2,000 Russian peacekeepers, over in a day). All limited attacks of all runs that found the force there; passes
    if it did not fight in more than half of them. Other places and doctrines are reported beside it.
    """
    budget = budget or Budget()
    chosen = sets.spread(budget.sets)
    small = {"force__size": 2_000, "force__weight": "light", "crisis__seize_days": 3.0, **IMPOSED}
    values: dict[str, Interval] = {}
    for stand, put in STANDS.items():
        met, passed_by = np.zeros(budget.sets), np.zeros(budget.sets)
        for place, weeks in traces(engine, setting("baseline", weeks=WEEKS, **{**small, **put}), chosen, budget.traces):
            attacked = _rises(weeks, "russia", "limited_attacks") & (weeks["force"]["troops"][:, 0] > 0.0)
            met[place] += attacked.sum()
            passed_by[place] += (attacked & _rises(weeks, "line", "bypassed")).sum()
        values[stand] = share_over_sets(passed_by, met)
    bands = {"bypassed": MOST}
    return Finding(
        name="F13",
        title="A small force stands by",
        target="A small force without reinforcement is bypassed by more than half of fast local offensives",
        statistic="Limited attacks in which the force did not fight over those that found it there",
        values=values,
        bands=bands,
        passed=judge(values, bands),
        use="check",
        why="Input in part: consent, arrival against seizure and the doctrine decide, but how often a force told to "
        "hold fights is crisis.drawn_in. On the line a force always fights, out of cities none moves: a force like "
        "Karabakh's, on the line and passive, is not in this model.",
        series={stand: [value.estimate] for stand, value in values.items()},
    )


def _play_twice(
    engine: Engine, plan: Settings, sets: ParameterSets, budget: Budget, sizes: Floats | None = None
) -> tuple[Outcomes, Outcomes]:
    """Outcomes after a year and after five: a run cut short has the luck of the whole, so its end is a landmark."""
    given = {} if sizes is None else {"force.size": sizes}
    cut, whole = (
        play(engine, setting("baseline", weeks=weeks, **plan), sets, budget.runs, given) for weeks in (LANDMARK, WEEKS)
    )
    return cut, whole


def _cox(early: Outcomes, late: Outcomes, troops: Floats) -> tuple[float, float]:
    """Coefficient of 10,000 troops and its standard error in runs at peace after a year, clustered by set.

    NaN without variation. Runs whose troops are NaN are left out.
    """
    from lifelines import CoxPHFitter  # noqa: PLC0415  (takes a second)

    used = (early["held"] == 1.0) & np.isfinite(troops)
    frame = pd.DataFrame(
        {
            "troops": troops[used] / UNIT,
            "weeks": late["weeks_held"][used] - LANDMARK,
            "collapsed": 1.0 - late["held"][used],
            "set": np.nonzero(used)[0],
        }
    )
    frame = frame[frame["weeks"] > 0]
    if frame["collapsed"].sum() < 2 or frame["troops"].std() < 1e-9:
        return math.nan, math.nan
    fitted = CoxPHFitter().fit(frame, "weeks", "collapsed", cluster_col="set", robust=True)
    return float(fitted.params_["troops"]), float(fitted.standard_errors_["troops"])


def _ratio(coefficient: float, error: float) -> Interval:
    return Interval(*(math.exp(coefficient + side * SURE * error) for side in (0, -1, 1)))


def _rises(weeks: Any, actor: str, count: str) -> Any:
    """The weeks (n,) in which a count rose."""
    return np.diff(weeks[actor][count][:, 0], prepend=0.0) > 0.0
