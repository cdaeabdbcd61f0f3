"""F1 to F3 and who: how past ceasefires age in the model, and who breaks them; played once for all four."""

import threading
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from experiments.evidence.targets import fitted_cases
from experiments.intervals import Interval
from experiments.patterns import peace
from experiments.patterns.pattern import SEED, Budget, Finding, Floats, ParameterSets, judge, over_sets
from model.engine import Engine

type Played = dict[str, Floats]  # outcomes by name, (cases, sets, runs)

SHAPE = (0.4, 0.75)
MONTH, THIRD_YEAR = (0.0, 4.0), (104.0, 156.0)  # weeks
MANY = (5.0, np.inf)
SURE = 0.05
RENEWED = {1: (0.01, 0.08), 2: (0.04, 0.15), 5: (0.08, 0.24), 10: (0.15, 0.37)}  # 90% intervals, per dyad
PER_DYAD, PER_WAR = (0.05, 0.09, 0.15, 0.25), (0.10, 0.21, 0.23, 0.36)
PYRAMID = (2.0, 5.0)
LEAST = 0.003  # a share that few runs cannot tell from zero
DEFENDER = (0.25, 0.5)


def measure_aging(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Finding:
    """F1: the hazard of collapse falls with time, over all cases of the core sample, from the ceasefire's first day.

    Shape of a Weibull of the time to limited or renewed war; the likelihood ratio against an exponential, added up
    over sets, each with a rate of its own; the hazard of the first four weeks over that of the third year. Passes if
    the median shape lies in the band, the exponential is rejected at 5%, and the first month is at least five times as
    dangerous. Beside it, without a band: the shape from consolidation on, which is 0.59 (0.10) in the data.
    """
    played = play_core(engine, sets, budget or Budget())
    start = peace.since_start(played)
    shapes = peace.weibull_shape(*start)
    ratios = peace.exponential_rejected(*start)
    tested = ratios[np.isfinite(ratios)]
    p_value = float(chi2.sf(tested.sum(), tested.size)) if tested.size else np.nan
    steeper = peace.hazard(*start, *MONTH) / peace.hazard(*start, *THIRD_YEAR, prior=0.5)
    later = peace.weibull_shape(*peace.since_consolidation(interstate(played), "war"))
    values = {
        "shape": over_sets(shapes),
        "exponential": Interval(p_value, p_value, p_value),
        "first_month": over_sets(steeper),
        "shape_consolidated": over_sets(later),
    }
    bands = {"shape": SHAPE, "exponential": (0.0, SURE), "first_month": MANY}
    return Finding(
        name="F1",
        title="The hazard of collapse falls with time",
        target="Weibull shape 0.4 to 0.75, exponential rejected; the first month at least five times year three",
        statistic="Shape of all durations from the first day, p-value of an exponential, hazard of the first month "
        "over the third year's",
        values=values,
        bands=bands,
        passed=judge(values, bands),
        use="fit",
        why="No rule knows the age of a ceasefire. Ill-disciplined lines and theatres prone to war end first. After "
        "consolidation the hazard hardly falls, where the data's does: shape_consolidated, data 0.59.",
        series={"shape": shapes.tolist()},
    )


def measure_base_rates(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Finding:
    """F2: war 1, 2, 5 and 10 years after consolidation, over the theatres of past wars between states.

    Limited wars count, which elsewhere are as bloody as the sources' wars. Kaplan-Meier for each set; passes if all
    four medians lie in the 90% intervals of 88 dyads of 39 wars, 1946-2010 (computed from GML MIDs and COW wars). A
    theatre of the model is a dyad; rates for each war, in which any of its dyads may fight again, stand beside it.
    """
    played = interstate(play_core(engine, sets, budget or Budget()))
    shares = peace.incidence(*peace.since_consolidation(played, "war"))
    settled = played["consolidated"].mean(axis=(0, 2))
    values = {f"renewed_{year}": over_sets(shares[:, place]) for place, year in enumerate(peace.YEARS)}
    bands = {f"renewed_{year}": band for year, band in RENEWED.items()}
    return Finding(
        name="F2",
        title="Consolidated ceasefires fail at the base rate",
        target="1 to 8, 4 to 15, 8 to 24 and 15 to 37% after 1, 2, 5 and 10 years (per dyad)",
        statistic="War (limited or renewed) since consolidation, theatres of wars between states (Kaplan-Meier)",
        values=values | {"consolidated": over_sets(settled)},
        bands=bands,
        passed=judge(values, bands),
        use="fit",
        why="The costs and gains of war in the register decide the level, which is why it is for fitting.",
        series={"years": list(peace.YEARS), "per_dyad": list(PER_DYAD), "per_war": list(PER_WAR)},
    )


def measure_severity(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Finding:
    """F3: five years after consolidation there are 2 to 5 fatal incidents for each renewed war.

    Cumulative incidence of the first fatal incident over that of renewed war, over the theatres of F2; passes if the
    median ratio lies in the band. Incidence of 18, 33, 44 and 61% after 1, 2, 5 and 10 years is what the data have.
    """
    played = interstate(play_core(engine, sets, budget or Budget()))
    fatal, renewed = (peace.incidence(*peace.since_consolidation(played, what)) for what in ("fatal_incident", "war"))
    five = peace.YEARS.index(5)
    ratio = fatal[:, five] / np.maximum(renewed[:, five], LEAST)
    values = {"ratio_5": over_sets(ratio)}
    values |= {f"fatal_{year}": over_sets(fatal[:, place]) for place, year in enumerate(peace.YEARS)}
    bands = {"ratio_5": PYRAMID}
    return Finding(
        name="F3",
        title="Fatal incidents are commoner than war",
        target="2 to 5 fatal incidents for each renewed war after five years",
        statistic="Incidence of fatal incidents, wars among them, over that of war, five years after consolidation",
        values=values,
        bands=bands,
        passed=judge(values, bands),
        use="fit",
        why="Small acts are cheaper than large ones, so that Moscow and Kyiv choose them more often; a week counts as "
        "a fatal incident from ceasefire.strained_deaths on.",
        series={"ratio": ratio.tolist()},
    )


def measure_breakers(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Finding:
    """Who: a quarter to a half of all collapses are broken by the defender or by both, over the core sample.

    19 of the 40 collapses of the cases themselves. Passes if the median share lies in the band.
    """
    broken = play_core(engine, sets, budget or Budget())["broken_by"]
    share, both = peace.breakers(broken)
    values = {"defender_share": over_sets(share), "both_share": over_sets(both)}
    bands = {"defender_share": DEFENDER}
    return Finding(
        name="who",
        title="Both sides break ceasefires",
        target="A quarter to a half of collapses are broken by the defender or by both",
        statistic="Collapses by an attack of the defender or a spiral of fire over all collapses, core sample",
        values=values,
        bands=bands,
        passed=judge(values, bands),
        use="fit",
        why="The defender's own temptation, and violations that breed violations until nobody's order is needed.",
        series={"defender_share": share.tolist()},
    )


def interstate(played: Played) -> Played:
    """The cases that were wars between states."""
    chosen: NDArray[np.bool_] = np.asarray(fitted_cases().chosen("strict")["case_class"] == "interstate")
    return {name: values[chosen] for name, values in played.items()}


def play_core(engine: Engine, sets: ParameterSets, budget: Budget) -> Played:
    """The core sample of past ceasefires, played once for the same engine, sets and budget, whoever asks first."""
    chosen = sets.spread(budget.sets)
    with _lock:  # else two threads that ask at once would both play
        return _play(engine, chosen.names, chosen.values.tobytes(), budget.sets, budget.runs)


_lock = threading.Lock()


@lru_cache(maxsize=2)
def _play(engine: Engine, names: tuple[str, ...], values: bytes, count: int, runs: int) -> Played:
    from experiments.history.runs import case_scenarios, play_cases  # noqa: PLC0415  (it imports this package)

    sets = ParameterSets(names, np.frombuffer(values).reshape(count, len(names)))
    return play_cases(engine, case_scenarios(fitted_cases().chosen("strict")), sets, runs, SEED)
