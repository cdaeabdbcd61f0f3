"""Past ceasefires from a CSV file, one row each: checked, typed, with what is missing said in notes."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NoReturn

import numpy as np
import pandas as pd

from experiments.design import ExperimentError
from experiments.history.columns import COVARIATES, LEVELS, NUMBERS, UNUSED, USED, reader
from model.register import did_you_mean, nearest, show

type Definition = Literal["strict", "broad"]
type Row = tuple[int, dict[str, str]]  # the line of the file on which it starts, and its cells by column

LIKELY = 0.8  # how alike a column's name must be to one that is missing to be taken for a slip


@dataclass(frozen=True)
class CaseTable:
    """Past ceasefires.

    `frame` has one row a case: `case_id`, `dyad_cluster`, the covariates as in the file (text, "" where unknown;
    numbers, NaN where unknown), `core_sample` (bool), and under both definitions of failure the days until it or
    until censoring (`t_strict`, `t_broad`) and whether it failed (`event_strict`, `event_broad`, bool).
    `notes` are lines for people: what is blank, made up or ignored.
    """

    frame: pd.DataFrame
    notes: list[str]

    def chosen(self, definition: Definition = "strict", core_only: bool = True) -> pd.DataFrame:
        """The rows to judge by, with `t` (days) and `event` (bool) of one definition of failure."""
        frame = self.frame[self.frame["core_sample"]] if core_only else self.frame
        outcome = {"t": frame[f"t_{definition}"], "event": frame[f"event_{definition}"]}
        return frame.assign(**outcome).reset_index(drop=True)


def read_cases(path: str | Path) -> CaseTable:
    """The ceasefires in a CSV file with the columns of `facts/ceasefires.csv`.

    Needed are case_id, a duration (`t_strict`, or else `duration_days`) and how it ended (`event_strict`, or else
    `outcome`). All else may be blank. Raises ExperimentError with file, line, case, column and what is allowed.
    """
    header, rows = _read(path)
    notes = _check_header(path, header)
    if not rows:
        _refuse(path, "has no cases: there is no line after the names of the columns")
    columns: dict[str, list[str | float]] = {name: [] for name in USED}
    seen: dict[str, int] = {}
    for line, cells in rows:
        case = cells["case_id"]
        place = f"line {line}: {case}" if case else f"line {line}"
        if not case:
            _refuse(path, f"{place}: case_id: is blank; every case needs a name of its own")
        if case in seen:
            _refuse(path, f"{place}: case_id: {show(case)} is on line {seen[case]} as well")
        seen[case] = line
        for name, cell in columns.items():
            try:
                cell.append(reader(name)(cells.get(name, "")))
            except ValueError as error:
                _refuse(path, f"{place}: {name}: {error}")
        for name, other in (("t_strict", "duration_days"), ("event_strict", "outcome")):
            if not cells.get(name) and not cells.get(other):
                _refuse(path, f"{place}: {other}: is blank, and so is {name}; one of them is needed")
    frame = pd.DataFrame({name: pd.Series(cells, dtype=_dtype(name)) for name, cells in columns.items()})
    notes += _fill(frame)
    notes += _blanks(frame, header)
    return CaseTable(frame.drop(columns=["outcome", "duration_days"]), notes)


def _dtype(name: str) -> type:
    return float if name in NUMBERS else object


def _read(path: str | Path) -> tuple[list[str], list[Row]]:
    """The header and the rows of a CSV file in UTF-8."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        _refuse(path, "no such file")
    except OSError as error:
        _refuse(path, f"cannot be read ({error.strerror})")
    except UnicodeDecodeError as error:
        _refuse(path, f"is not text in UTF-8 (byte {error.start + 1}); save the table as CSV UTF-8")
    if not text.strip():
        _refuse(path, "is empty; it needs a line with the names of the columns, then a line a case")
    if "\0" in text:
        _refuse(path, "is not CSV: it has null bytes; save the table as CSV UTF-8")
    lines = _lines(path, text)
    header = [name.strip() for name in next(lines)[1]]
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            _refuse(path, f"line 1: the columns are separated by {word}; allowed: commas")
    rows = []
    for line, cells in lines:
        if len(cells) != len(header):
            _refuse(path, f"line {line}: {show(cells[0])}: has {len(cells)} cells, but {len(header)} columns are named")
        rows.append((line, dict(zip(header, map(str.strip, cells), strict=True))))
    return header, rows


def _lines(path: str | Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not empty, with the line on which it starts: a quoted cell may have many lines."""
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in records:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = records.line_num + 1
    except csv.Error as error:
        _refuse(path, f"line {start}: is not CSV ({error})")


def _check_header(path: str | Path, header: list[str]) -> list[str]:
    """Refuse what is named twice, missing or misspelt; notes on what is not known."""
    for name in header:
        if header.count(name) > 1:
            _refuse(path, f"line 1: the column {show(name)} is there twice")
    unknown = [name for name in header if name not in USED and name not in UNUSED]
    for needed, other in (("case_id", ""), ("duration_days", "t_strict"), ("outcome", "event_strict")):
        if needed not in header and other not in header:
            close = next((found for name in (needed, other) if name and (found := nearest(name, unknown))), None)
            instead = f" (or {show(other)})" if other else ""
            _refuse(path, f"line 1: the column {show(needed)}{instead} is missing{_instead_of(close)}")
    for name in unknown:
        absent = [known for known in USED if known not in header]
        if close_ones := get_close_matches(name.lower(), absent, n=1, cutoff=LIKELY):
            _refuse(path, f"line 1: unknown column {show(name)}{did_you_mean(close_ones[0])}")
    return [f"{name or 'a column without a name'}: not a known column; ignored" for name in unknown]


def _instead_of(name: str | None) -> str:
    return f"; is it {show(name)}?" if name else ""


def _fill(frame: pd.DataFrame) -> list[str]:
    """Put in place what follows from other columns or has a default, and say so."""
    outcome, known = frame["outcome"], frame["outcome"] != ""
    failed = {"strict": outcome == "collapsed", "broad": outcome != "held"}
    notes = []
    for definition, failure in failed.items():
        t, event = f"t_{definition}", f"event_{definition}"
        made = frame[t].isna() | frame[event].isna()
        if made.any():
            notes.append(f"{t}, {event}: from duration_days and outcome in {made.sum()} of {len(frame)} cases")
        derived = failure.astype(float).where(known)
        frame[t] = frame[t].fillna(frame["duration_days"]).fillna(frame["t_strict"])
        frame[event] = frame[event].fillna(derived).fillna(frame["event_strict"])
    frame[["event_strict", "event_broad"]] = frame[["event_strict", "event_broad"]].astype(bool)
    alone = frame["dyad_cluster"] == ""
    if alone.any():
        notes.append(f"dyad_cluster: blank in {alone.sum()} of {len(frame)} cases; each is a cluster of its own")
    frame["dyad_cluster"] = np.where(alone, frame["case_id"], frame["dyad_cluster"])
    frame["core_sample"] = frame["core_sample"].fillna(1.0).astype(bool)
    return notes


def _blanks(frame: pd.DataFrame, header: list[str]) -> list[str]:
    """A note for each covariate with blank cells, and for failures of which nobody says who caused them."""
    notes = []
    for name in COVARIATES:
        blank = int((frame[name] == "").sum() if name in LEVELS else frame[name].isna().sum())
        if name not in header:
            notes.append(f"{name}: no such column; blank in all {len(frame)} cases")
        elif blank:
            notes.append(f"{name}: blank in {blank} of {len(frame)} cases")
    failed = frame["event_broad"]
    blank = int((failed & (frame["broken_by"] == "")).sum())
    if blank:
        notes.append(f"broken_by: blank in {blank} of {failed.sum()} cases that failed")
    return notes


def _refuse(path: str | Path, reason: str) -> NoReturn:
    raise ExperimentError(f"{path}: {reason}") from None
