"""What the outcomes hang on: indices of a sample's points for every setting that varies and every outcome."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from experiments.design import Cell, Experiment
from experiments.draws import Floats
from experiments.points import LEVELS, SAMPLE, is_choice
from experiments.schema import Value
from model.register import load_register

RESAMPLES = 200
SEED = 1  # of the resamples behind the confidence; SALib takes 0 for none


def points_table(cells: Sequence[Cell]) -> pd.DataFrame:
    """The points of the sample among the cells: cell, then one column for each setting that varies."""
    return pd.DataFrame([{"cell": cell.label, **cell.settings} for cell in cells if cell.arm == SAMPLE])


def sensitivity_table(experiment: Experiment, cells: Sequence[Cell], means: ArrayLike) -> pd.DataFrame:
    """How much each outcome hangs on each setting; `means` (points, experiment.outcomes) are of the sample's cells.

    Saltelli's design gives variance-based indices (Saltelli et al. 2010): S1, the share of the variance between
    points that a setting explains alone, and ST, with everything that it takes part in; S1_conf and ST_conf are
    half the width of their 95% interval. Morris's design gives effects in the outcome's unit (Morris 1991, Campolongo,
    Cariboni and Saltelli 2007): mu_star, the mean absolute change per whole range of a number (of its prior's shares,
    if it has one; a step is four sevenths of it), or from one option of a choice to another; mu_star_conf, half the
    width of its 95% interval; and sigma, the standard deviation of the changes with their signs, large where the effect
    is curved or hangs on other settings. Other designs give rank_correlation (Spearman), -1 to 1. Choices count by
    their place among the options, true as 1. Without variation all are NaN.

    Raises ValueError unless there is one row for each point and one column for each outcome.
    """
    points = [cell.settings for cell in cells if cell.arm == SAMPLE]
    names = list(points[0]) if points else []
    found = np.asarray(means, float)
    if experiment.sample is None or found.shape != (len(points), len(experiment.outcomes)):
        raise ValueError(f"means of {len(points)} points and {len(experiment.outcomes)} outcomes are needed")
    inputs = np.column_stack([_code(name, [point[name] for point in points]) for name in names])
    if experiment.sample.method == "saltelli":
        columns = [_sobol_indices(names, column) for column in found.T]
    elif experiment.sample.method == "morris":
        columns = [_elementary_effects(names, inputs, column) for column in found.T]
    else:
        columns = [{"rank_correlation": column} for column in _rank_correlations(inputs, found).T]
    tables = [
        pd.DataFrame({"parameter": names, "outcome": outcome, **column})
        for outcome, column in zip(experiment.outcomes, columns, strict=True)
    ]
    return pd.concat(tables, ignore_index=True)


def _sobol_indices(names: list[str], outcome: Floats) -> dict[str, Floats]:
    """S1, S1_conf, ST and ST_conf (names,) of one outcome over Saltelli's points."""
    from SALib.analyze import sobol  # noqa: PLC0415  (takes two seconds)

    kinds = ("S1", "S1_conf", "ST", "ST_conf")
    if np.ptp(outcome) == 0.0:
        return {kind: np.full(len(names), np.nan) for kind in kinds}
    problem = {"num_vars": len(names), "names": names}
    indices = sobol.analyze(problem, outcome, calc_second_order=False, num_resamples=RESAMPLES, seed=SEED)
    return {kind: np.asarray(indices[kind], float) for kind in kinds}


def _elementary_effects(names: list[str], inputs: Floats, outcome: Floats) -> dict[str, Floats]:
    """mu_star, mu_star_conf and sigma (names,) of one outcome over Morris's points, inputs (points, names)."""
    from SALib.analyze import morris  # noqa: PLC0415  (takes two seconds)

    kinds = ("mu_star", "mu_star_conf", "sigma")
    if np.ptp(outcome) == 0.0:
        return {kind: np.full(len(names), np.nan) for kind in kinds}
    problem = {"num_vars": len(names), "names": names}
    effects = morris.analyze(problem, inputs, outcome, num_resamples=RESAMPLES, num_levels=LEVELS, seed=SEED)
    step = LEVELS / (2 * (LEVELS - 1))  # share of a range: a number's change counts for all of it, a choice's as it is
    scale = np.where([is_choice(name) for name in names], step, 1.0)
    return {kind: np.asarray(effects[kind], float) * scale for kind in kinds}


def _rank_correlations(inputs: Floats, outcomes: Floats) -> Floats:
    """Spearman's correlation (settings, outcomes) of columns; NaN where one of the two does not vary."""
    x, y = _standard_ranks(inputs), _standard_ranks(outcomes)
    return x.T @ y / len(x)


def _standard_ranks(columns: Floats) -> Floats:
    from scipy.stats import rankdata  # noqa: PLC0415  (takes a second)

    ranks = rankdata(columns, axis=0)
    spread = ranks.std(axis=0)
    spread[spread == 0.0] = np.nan
    return np.asarray((ranks - ranks.mean(axis=0)) / spread, float)


def _code(name: str, values: Sequence[Value]) -> Floats:
    """One setting of all points as numbers: as the rules see it; rosters by their place in the alphabet."""
    if parameter := load_register().get(name):
        return np.array([parameter.encode(value) for value in values])
    if isinstance(values[0], str):
        places = {word: float(place) for place, word in enumerate(sorted({str(value) for value in values}))}
        return np.array([places[str(value)] for value in values])
    return np.array(values, float)
