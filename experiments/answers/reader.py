"""The results of an experiment, read back from its folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analysis.levels import ALL
from experiments.answers.answer import Picture
from experiments.answers.words import firm, sure
from experiments.design import Experiment, ExperimentError
from experiments.intervals import EVENTS, Interval
from experiments.schema import Value

WHOLE = (ALL, ALL)  # the part of a full design that is all of it


@dataclass(frozen=True)
class Folder:
    """What `ceasefire batch NAME` wrote."""

    path: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """How it was made. Raises ExperimentError if the batch is not there or not finished."""
        try:
            found: dict[str, Any] = json.loads((self.path / "manifest.json").read_text())
        except FileNotFoundError:
            command = f"ceasefire batch {self.path.name}"
            raise ExperimentError(f"{self.path}: no finished results there; make them with: {command}") from None
        except (OSError, ValueError) as error:
            raise ExperimentError(f"{self.path / 'manifest.json'}: cannot be read ({error})") from None
        return found

    @cached_property
    def experiment(self) -> Experiment:
        """What was asked."""
        return Experiment.model_validate(self.manifest["experiment"])

    @property
    def cells(self) -> int:
        """How many cells were played, the points of a sample among them."""
        return len(self.manifest["cells"]) + int(self.manifest["points"])

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row for each cell and outcome: cell, arm, levers, outcome, unit, n, mean, low, high, median."""
        return self.table("summary")

    def table(self, name: str) -> pd.DataFrame:
        """NAME.csv. Raises ExperimentError if it is not there."""
        path = self.path / f"{name}.csv"
        if "manifest" not in self.__dict__:
            _ = self.manifest  # an unfinished batch is told of first
        try:
            return pd.read_csv(path, keep_default_na=False, na_values=[""])
        except OSError:
            raise ExperimentError(f"{path}: is not there; make it with: ceasefire batch {self.path.name}") from None

    def mean(self, outcome: str, arm: str = "", where: Mapping[str, Value] | None = None) -> Interval:
        """Mean of an outcome with its interval, in the one cell of an arm ("": the grid) where levers have values.

        Raises LookupError unless there is exactly one such cell.
        """
        rows = self.rows(outcome, arm, where)
        if len(rows) != 1:
            raise LookupError(f"{self.path.name}: {len(rows)} cells of arm {arm!r} with {where}, not one")
        row = rows.iloc[0]
        return Interval(float(row["mean"]), float(row["low"]), float(row["high"]))

    def rows(self, outcome: str, arm: str | None = "", where: Mapping[str, Value] | None = None) -> pd.DataFrame:
        """The rows of the summary of one outcome: of one arm ("": the grid, None: all) and where levers have values."""
        found = self.summary[self.summary["outcome"] == outcome]
        if arm is not None:
            found = found[found["arm"].fillna("") == arm]
        for name, value in (where or {}).items():
            found = found[found[name] == value]
        return found

    def difference(self, outcome: str, cell: str, less: str = "") -> Interval:
        """A cell less another, paired by run: less `versus`, or `less`, whose settings are all among the cell's.

        Raises LookupError unless they were compared.
        """
        found = self.table("contrasts" if less else "effects")
        found = found[(found["cell"] == cell) & (found["outcome"] == outcome)]
        found = found[found["less"] == less] if less else found
        if len(found) != 1:
            raise LookupError(f"{self.path.name}: {len(found)} comparisons of {cell!r} with {less!r} in {outcome}")
        row = found.iloc[0]
        return Interval(float(row["difference"]), float(row["low"]), float(row["high"]))

    def certain(self, outcome: str, difference: Interval, settings: int = 1) -> bool:
        """Whether a paired difference is sure: its interval leaves out zero, and it is no matter of a few runs.

        An amount needs only its interval; an event also as many runs as an exact test of pairs (`firm`). `settings`
        are those that an average is over, each with runs of its own.
        """
        return firm(difference, settings * self.experiment.runs) if outcome in EVENTS else sure(difference)

    def average(self, outcome: str, setting: str, level: str, part: tuple[str, str] = WHOLE) -> Interval:
        """What an outcome comes to at a level of a setting, averaged over a full design or a part of it.

        A part is a setting and its level. Raises LookupError.
        """
        found = _part(self._averages, outcome, part)
        return _interval(found[(found["setting"] == setting) & (found["level"] == level)], "mean", f"{setting} {level}")

    def pair(self, outcome: str, setting: str, level: str, less: str, part: tuple[str, str] = WHOLE) -> Interval:
        """What a level of a setting changes against another one, all else equal, averaged as in `average`."""
        found = _part(self._pairs, outcome, part)
        found = found[found["changed"] == setting]
        there = found[(found["level"] == level) & (found["less"] == less)]
        if len(there):
            return _interval(there, "difference", f"{level} less {less}")
        back = found[(found["level"] == less) & (found["less"] == level)]
        estimate, low, high = _interval(back, "difference", f"{level} less {less}")
        return Interval(0.0 - estimate, 0.0 - high, 0.0 - low)

    @cached_property
    def _averages(self) -> pd.DataFrame:
        return self.table("averages").astype({"level": str, "at": str})

    @cached_property
    def _pairs(self) -> pd.DataFrame:
        return self.table("pairs").astype({"level": str, "less": str, "at": str})

    def picture(self, name: str, alt: str) -> Picture:
        """One of its figures. Raises ExperimentError if it is not there."""
        if not (self.path / f"{name}.svg").is_file():
            reason = f"is not there; make it with: ceasefire batch {self.path.name}"
            raise ExperimentError(f"{self.path / name}.svg: {reason}")
        return Picture(self.path / name, alt)


def _part(table: pd.DataFrame, outcome: str, part: tuple[str, str]) -> pd.DataFrame:
    return table[(table["outcome"] == outcome) & (table["within"] == part[0]) & (table["at"] == part[1])]


def _interval(rows: pd.DataFrame, column: str, what: str) -> Interval:
    """The interval in the only row. Raises LookupError if there is another number of them."""
    if len(rows) != 1:
        raise LookupError(f"{len(rows)} rows of {what}, not one")
    row = rows.iloc[0]
    return Interval(float(row[column]), float(row["low"]), float(row["high"]))
