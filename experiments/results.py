"""A batch that has been played: what was asked, and what came out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.chunks import DrawnRuns, Origin
from experiments.design import Cell, Experiment

type Column = Callable[[str, str], NDArray[np.float64]]


@dataclass(frozen=True)
class Asked:
    """What was asked, how it was played, and where its numbers come from."""

    experiment: Experiment
    cells: Sequence[Cell]
    draws: DrawnRuns | None  # None with point parameters
    origin: Origin
    precision: float | None  # half-width of the first outcome's 95% intervals
    executor: str
    command: str  # that makes it again
    started: datetime

    @property
    def weeks(self) -> int:
        """The longest horizon of the cells."""
        return max(cell.scenario.weeks for cell in self.cells)


@dataclass(frozen=True)
class Results:
    """What tables, figures and the manifest are made from."""

    asked: Asked
    labels: pd.DataFrame  # one row per cell: cell, arm, levers
    column: Column  # of a cell's label and an outcome: the values of its runs, in order
    summary: pd.DataFrame  # one row per cell and outcome
    sensitivity: pd.DataFrame | None = None  # what the outcomes of a sample's points hang on
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)  # further ones, by the name of their file


def label_cells(cells: Sequence[Cell], levers: Sequence[str]) -> pd.DataFrame:
    """One row per cell: cell, arm, and what each lever is in it."""
    columns: dict[str, list[object]] = {
        "cell": [cell.label for cell in cells],
        "arm": [cell.arm for cell in cells],
    }
    for name in levers:
        values = [cell.value(name) for cell in cells]
        kind = _column_type(values)
        columns[name] = [kind(value) for value in values]
    return pd.DataFrame(columns)


def _column_type(values: Sequence[object]) -> Callable[[object], object]:
    """The type of a lever's column: a roster may be a name in one cell and a list of states in another."""
    if all(isinstance(value, bool) for value in values):
        return bool
    return float if all(isinstance(value, int | float) for value in values) else str  # type: ignore[return-value]
