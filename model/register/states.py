"""Loads the data of each state: one row per state, one register entry per column, named rosters."""

import csv
import io
import math
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from model.register.entry import Column, Grade, RegisterError, Text, read_date
from model.register.files import HOME, build, read_toml

Row = Mapping[str, float | str]  # numbers, except dates, which stay ISO text
DATA = HOME.joinpath("data")
_DEFENCE = "Defence spending when the ceasefire starts: that of the year before, or what a scenario says"


class CellSource(BaseModel):
    """One cell whose grade or source differs from its column's."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    iso3: Text
    column: Text
    grade: Grade
    source: Text


@cache
def load_columns(directory: Path = DATA) -> Mapping[str, Column]:
    """Every per-state column by name. Raises RegisterError."""
    columns: dict[str, Column] = {}
    for name, fields in read_toml(directory.joinpath("columns.toml")).items():
        where = f"columns.toml [{name}]"
        if name in {"exception", "about"}:
            continue
        if not isinstance(fields, dict):
            raise RegisterError(f"{where}: a column is a table with unit, kind, grade, source, ...")
        columns[name] = build(Column, where, {"name": name, **fields})
    return MappingProxyType(columns)


@cache
def load_cell_sources(directory: Path = DATA) -> tuple[CellSource, ...]:
    """The cells whose grade or source differs from their column's. Raises RegisterError."""
    columns, states = load_columns(directory), load_states(directory)
    found = []
    listed = read_toml(directory.joinpath("columns.toml")).get("exception", [])
    if not isinstance(listed, list):
        raise RegisterError("columns.toml exception: each cell has iso3, column, grade and source")
    for number, fields in enumerate(listed, 1):
        where = f"columns.toml exception {number}"
        cell = build(CellSource, where, fields)
        if cell.column not in columns or cell.iso3 not in states:
            raise RegisterError(f"{where}: no such cell, {cell.iso3} {cell.column}")
        found.append(cell)
    return tuple(found)


@cache
def load_states(directory: Path = DATA) -> Mapping[str, Row]:
    """The data of every state by ISO 3166 code, blanks filled with the column's fallback.

    Raises RegisterError for a column without an entry, a cell that is no number, or one out of range.
    """
    columns = load_columns(directory)
    rows: dict[str, Row] = {}
    for line, cells in _table(directory):
        if set(cells) != {"iso3", "name", *columns}:
            odd = sorted(set(cells) ^ {"iso3", "name", *columns})
            raise RegisterError(f"states.csv: columns that are not in both files: {', '.join(odd)}")
        iso3 = cells["iso3"]
        if iso3 in rows:
            raise RegisterError(f"states.csv line {line}: {iso3} is there twice")
        rows[iso3] = MappingProxyType(
            {name: _cell(column, cells[name], f"states.csv {iso3} {name}") for name, column in columns.items()}
        )
    return MappingProxyType(rows)


@cache
def state_names(directory: Path = DATA) -> Mapping[str, str]:
    """The name of every state by ISO 3166 code."""
    return MappingProxyType({cells["iso3"]: cells["name"] for _, cells in _table(directory)})


@cache
def load_rosters(directory: Path = DATA) -> Mapping[str, tuple[str, ...]]:
    """The members of every named roster, in order. Raises RegisterError."""
    rosters: dict[str, tuple[str, ...]] = {}
    states = load_states(directory)
    for name, fields in read_toml(directory.joinpath("rosters.toml")).items():
        members = fields.get("members") if isinstance(fields, dict) else None
        if not isinstance(fields, dict) or set(fields) != {"about", "members"} or not members:
            raise RegisterError(f"rosters.toml [{name}]: a roster has about and members")
        odd = [each for number, each in enumerate(members) if each not in states or each in members[:number]]
        if odd:
            raise RegisterError(f"rosters.toml [{name}]: unknown or repeated members: {', '.join(map(str, odd))}")
        rosters[name] = tuple(members)
    return MappingProxyType(rosters)


def _table(directory: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of states.csv with their line numbers."""
    text = directory.joinpath("states.csv").read_text(encoding="utf-8")
    reader = csv.DictReader(io.StringIO(text), strict=True)
    rows = []
    for cells in reader:
        if None in cells or None in cells.values():
            raise RegisterError(f"states.csv line {reader.line_num}: another number of cells than the heading")
        rows.append((reader.line_num, {key: cell.strip() for key, cell in cells.items()}))
    return rows


def _cell(column: Column, text: str, where: str) -> float | str:
    value: object = text
    if text == "":
        if column.fallback is None:
            raise RegisterError(f"{where}: blank, and the column has no fallback")
        value = column.fallback
    try:
        if column.unit == "date":
            return read_date(value).isoformat()
        number = float(str(value))
        column.check_number(number)
    except ValueError as error:
        raise RegisterError(f"{where}: {error}") from None
    return number


def state_columns() -> dict[str, Column]:
    """The columns that a scenario may name: those of the data and `defence`, spending at the start."""
    latest = load_columns()[_defence_columns()[-1]]
    return {**load_columns(), "defence": latest.model_copy(update={"name": "defence", "meaning": _DEFENCE})}


def starting_defence(row: Row, start: date) -> float:
    """Defence spending, % of GDP, in the last year before the start that has a figure, else in the first."""
    return float(row[defence_column(start)])


def defence_column(start: date) -> str:
    """The column that spending at this start comes from."""
    return _years_known(start)[-1]


def past_defence(row: Row, start: date) -> float:
    """Mean defence spending, % of GDP, over the years on file before the start: what bought today's stock."""
    known = _years_known(start)
    return sum(float(row[name]) for name in known) / len(known)


def fall_due(row: Row, start: date, weeks_per_year: float) -> tuple[float, float]:
    """Weeks from the start to the next election, and from one election to the next.

    Elections that the data do not name are whole terms before or after the one that they do.
    """
    term = float(row["term"]) * weeks_per_year
    first = (date.fromisoformat(str(row["election"])) - start).days / 7
    until = math.fmod(first, term)
    return (until if until > 0 else until + term), term


@cache
def eligible() -> tuple[str, ...]:
    """Every state that some roster has: those that may be on the European side."""
    return tuple(dict.fromkeys(member for members in load_rosters().values() for member in members))


def _years_known(start: date) -> list[str]:
    """The columns of spending in years before the start, or the first one when there is none."""
    return [name for name in _defence_columns() if name < f"defence_{start.year}"] or _defence_columns()[:1]


@cache
def _defence_columns() -> list[str]:
    return sorted(name for name in load_columns() if re.fullmatch(r"defence_\d{4}", name))
