"""Other theatres: a row of a table of past ceasefires as a scenario, by one mapping for all rows.

The mapping stands in `register/data/theatres.toml`, with its reasons; how strongly a setting tells is in the
register, as for any scenario. No parameter belongs to a single case.
"""

import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from model.register import parse_toml
from model.scenario import Scenario

WEEKS = 522  # ten years
FORCE, ZONE, GUARANTEE = "third_party_force", "demilitarised_zone", "great_power_guarantee"
TROOPS, SIZE = "guarantor_troops_present", "force_size"

type Cell = str | float | None


@cache
def load_mapping() -> dict[str, Any]:
    """The tables of theatres.toml."""
    return dict(parse_toml((files("model") / "register" / "data" / "theatres.toml").read_bytes()))


def levels(column: str) -> list[str]:
    """The levels that a column of words may have."""
    return [name for name, content in load_mapping()[column].items() if isinstance(content, Mapping)]


def numbers() -> list[str]:
    """The columns of numbers that the mapping reads."""
    return list(load_mapping()["numbers"])


def theatre_scenario(name: str, row: Mapping[str, Cell], weeks: int = WEEKS) -> Scenario:
    """The scenario of one past ceasefire; blank or absent cells are "", None or NaN.

    Raises ValueError for a level that the mapping does not know, ScenarioError for a number out of range.
    """
    mapping = load_mapping()
    general = mapping["everywhere"]
    (stand_in,) = general["roster"]
    settings: dict[str, object] = {"name": name, "about": f"A past ceasefire: {name}.", "weeks": weeks}
    settings |= {"roster": general["roster"], **general["set"]}
    settings |= {f"states.{stand_in}.{column}": value for column, value in general["states"].items()}
    force = _level(mapping, FORCE, row)
    settings |= force["set"]
    if "troops" in force:
        size = row.get(SIZE)
        settings["force.size"] = float(force["troops"]) if _blank(size) else float(size)  # type: ignore[arg-type]
    settings |= _level(mapping, ZONE, row)["set"]
    present = row.get(TROOPS)
    there = not _blank(present) and float(present) > 0.0  # type: ignore[arg-type]
    settings |= _level(mapping, GUARANTEE, row)["with_troops" if there else "set"]
    for column, content in mapping["numbers"].items():
        cell = row.get(column)
        value = float(content["blank"]) if _blank(cell) else float(cell)  # type: ignore[arg-type]
        settings[content["parameter"]] = 1.0 - value if content.get("turned") else value
    return Scenario.from_settings(settings, f"case {name}")


def _level(mapping: Mapping[str, Any], column: str, row: Mapping[str, Cell]) -> Mapping[str, Any]:
    cell = row.get(column)
    level = mapping[column]["blank"] if _blank(cell) else str(cell)
    if level not in levels(column):
        raise ValueError(f"{column}: {level!r} is no level; allowed {', '.join(levels(column))}")
    found: Mapping[str, Any] = mapping[column][level]
    return found


def _blank(cell: Cell) -> bool:
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))
