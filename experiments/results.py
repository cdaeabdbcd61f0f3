"""A batch that has been played: what was asked, and what came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from experiments.design import Cell, Experiment
from experiments.prior import Draw


@dataclass(frozen=True)
class Results:
    """What tables, figures and the manifest are made from."""

    experiment: Experiment
    cells: Sequence[Cell]
    draws: Sequence[Draw]  # of each run; empty ones with point parameters
    model: str  # fingerprint
    started: datetime
    command: str  # that makes it again
    runs: pd.DataFrame  # one row per run: cell, arm, levers, run, outcomes
    summary: pd.DataFrame  # one row per cell and outcome

    @property
    def weeks(self) -> int:
        """The longest horizon of the cells."""
        return max(cell.scenario.weeks for cell in self.cells)
