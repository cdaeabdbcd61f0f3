"""Tables of a full design: what each level of each setting comes to, and what it changes, run by run."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from experiments.analysis.levels import averages, pairs
from experiments.draws import Floats
from experiments.results import Results

ARM = "arm"  # the setting that arms with the same grid make


def pairs_table(results: Results) -> pd.DataFrame:
    """pairs: changed, level, less, within, at, cells, difference, low, high, outcome, of the experiment's outcomes."""
    return _table(results, pairs)


def averages_table(results: Results) -> pd.DataFrame:
    """averages: setting, level, within, at, cells, mean, low, high, outcome, of the experiment's outcomes."""
    return _table(results, averages)


def _table(results: Results, made: Callable[[pd.DataFrame, Floats, str], pd.DataFrame]) -> pd.DataFrame:
    design, labels = full_design(results)
    if not labels:
        return pd.DataFrame()
    tables = []
    for name in results.asked.experiment.outcomes:
        values = np.stack([results.column(label, name) for label in labels])
        tables.append(made(design, values, name).assign(outcome=name))
    return pd.concat(tables, ignore_index=True)


def full_design(results: Results) -> tuple[pd.DataFrame, list[str]]:
    """What each cell of a full design is in each of its settings, and the cells' labels.

    The cells of the grid; without one, those of arms that all have the same grid, and then the arm is a setting.
    Empty if there are neither.
    """
    experiment = results.asked.experiment
    grids = [experiment.grid] if experiment.grid else [arm.grid for arm in experiment.arms]
    if not grids or not grids[0] or any(grid != grids[0] for grid in grids):
        return pd.DataFrame(), []
    shown = {""} if experiment.grid else {arm.label for arm in experiment.arms}
    cells = [cell for cell in results.asked.cells if cell.arm in shown]
    design = pd.DataFrame([{name: cell.settings[name] for name in grids[0]} for cell in cells])
    if not experiment.grid:
        design.insert(0, ARM, [cell.arm for cell in cells])
    return design, [cell.label for cell in cells]
