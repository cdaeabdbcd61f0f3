"""What each level of a setting changes in a full design: averaged over everything else, or where one thing is held."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.draws import Floats
from experiments.intervals import EVENTS, Interval, bootstrap_means, estimate, paired_difference
from experiments.schema import Value

ALL = "all"  # instead of a setting that is held, where the mean is over everything else


def averages(design: pd.DataFrame, values: Floats, outcome: str) -> pd.DataFrame:
    """What an outcome comes to at every level of every setting.

    `design` has a row for each cell of a full factorial and a column for each setting; `values` (cells, runs) has the
    outcome in each run, with the same luck in all cells. One row for each setting, level and part of the design: all of
    it, or only the cells `within` which another setting is `at` one level. Columns: setting, level, within, at, cells,
    mean, low, high. A run counts with its mean over the cells (bootstrap over runs); an event in a single cell, or one
    that comes in all runs or none, has Wilson's interval.
    """
    rows = []
    for setting, within, at, part in _parts(design):
        for level in design[setting].unique():
            of_level = values[part.index[part[setting] == level]]
            alone = len(of_level) == 1 or (outcome in EVENTS and np.ptp(of_level) == 0.0)
            found = estimate(outcome, of_level[0]) if alone else _mean(of_level)
            rows.append((setting, text(level), within, at, len(of_level), *found))
    return pd.DataFrame(rows, columns=["setting", "level", "within", "at", "cells", "mean", "low", "high"])


def pairs(design: pd.DataFrame, values: Floats, outcome: str) -> pd.DataFrame:
    """Every level of every setting less each one before it, all else equal, paired by run.

    Arguments and parts as in `averages`. Columns: changed (the setting), level, less, within, at, cells (pairs of
    them), difference, low, high. A run counts with its mean difference over the pairs of cells (bootstrap over runs);
    a single pair of cells with an event, or an event that differs in no run at all, has Tango's interval.
    """
    rows = []
    for setting, within, at, part in _parts(design):
        others = [str(name) for name in design if name != setting]
        ordered = part.sort_values(others, kind="stable") if others else part  # the same others in the same place
        for less, level in combinations(design[setting].unique(), 2):
            pair = [values[ordered.index[ordered[setting] == each]] for each in (level, less)]
            found = _less(outcome, *pair)
            rows.append((setting, text(level), text(less), within, at, len(pair[0]), *found))
    columns = ["changed", "level", "less", "within", "at", "cells", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def text(level: Value) -> str:
    """A level as these tables name it: `hold`, `25000`, `0.3`."""
    return level if isinstance(level, str) else f"{level:.10g}"


def _parts(design: pd.DataFrame) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    """Each setting with each part of the design: all of it, then the cells where another setting is at a level."""
    cells = design.reset_index(drop=True)
    for setting in map(str, cells):
        yield setting, ALL, ALL, cells
        for within in (str(name) for name in cells if name != setting):
            for at in cells[within].unique():
                yield setting, within, text(at), cells[cells[within] == at]


def _less(outcome: str, cells: NDArray[Any], others: NDArray[Any]) -> Interval:
    differences = cells - others
    if len(cells) == 1 or (outcome in EVENTS and not differences.any()):
        return paired_difference(outcome, cells[0], others[0])
    return _mean(differences)


def _mean(values: Floats) -> Interval:
    """Of the runs' means over the cells (cells, runs)."""
    return bootstrap_means(np.asarray(values.mean(axis=0))[:, None])[0]
