"""How fast what is recorded week by week rises: the year in which it passes a mark, and where it stands."""

import math
from typing import NamedTuple

import pandas as pd

from experiments.answers.reader import Folder
from experiments.figures.words import horizon
from experiments.survival import WEEKS_A_YEAR


class Year(NamedTuple):
    """The year of the ceasefire in which half of the runs have passed a mark; infinite if that does not happen."""

    middle: float
    early: float  # in which the first twentieth of the runs has
    late: float  # in which all but the last twentieth have


class Level(NamedTuple):
    """A series in one week: the median of the runs still going, and their middle 90%."""

    middle: float
    low: float
    high: float


class Pace:
    """A series of one recorded cell. What is told holds for runs that are still going: renewed war ends a run."""

    def __init__(self, folder: Folder, cell: str, series: str) -> None:
        """Read weekly.csv. Raises LookupError if the series of the cell was not recorded."""
        found = folder.table("weekly")
        self.table = found[(found["cell"] == cell) & (found["series"] == series)].set_index("week").sort_index()
        if self.table.empty:
            raise LookupError(f"{folder.path.name}: {series} of {cell!r} was not recorded week by week")

    @property
    def weeks(self) -> int:
        """The last week."""
        return int(self.table.index[-1])

    @property
    def mean(self) -> "pd.Series[float]":
        """Mean by week."""
        return self.table["mean"]

    def at(self, year: int) -> Level:
        """At the end of a year."""
        row = self.table.loc[: year * WEEKS_A_YEAR].iloc[-1]
        return Level(float(row["p50"]), float(row["p5"]), float(row["p95"]))

    def passes(self, mark: float) -> Year:
        """The year in which it first stands at a mark or above; it is taken to rise."""
        return Year(*(self._first(part, mark) for part in ("p50", "p95", "p5")))

    def _first(self, part: str, mark: float) -> float:
        above = self.table.index[self.table[part] >= mark]
        return math.ceil(int(above[0]) / WEEKS_A_YEAR) if len(above) else math.inf


def tell_passing(verb: str, what: str, year: Year, weeks: int) -> str:
    """`passes 2.5% in year 2 (1 to 4)`, `does not pass 2.5% in ten years`; `verb` without its s."""
    if math.isinf(year.middle):
        soonest = "" if math.isinf(year.early) else f" (at the fastest in year {year.early:.0f})"
        return f"does not {verb} {what} in {horizon(weeks)}{soonest}"
    late = f"beyond {weeks // WEEKS_A_YEAR}" if math.isinf(year.late) else f"{year.late:.0f}"
    span = "" if year.early == year.late else f" ({year.early:.0f} to {late})"
    return f"{verb}{'es' if verb.endswith('s') else 's'} {what} in year {year.middle:.0f}{span}"


def tell_level(level: Level, unit: str = "") -> str:
    """`3.40% (3.20 to 3.50)`."""
    middle, low, high = (f"{part:.2f}" for part in level)
    return f"{middle}{unit} ({low} to {high})"
