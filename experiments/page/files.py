"""Scenarios as files: what a visitor downloads and loads, with the checks and messages of the command."""

import json
from collections.abc import Mapping

from model.register import Value, load_rosters, parse_toml
from model.scenario import Scenario, ScenarioError
from model.scenario_checks import flatten_tables, read_settings

MOST_BYTES = 65_536  # of a file that is loaded


def as_toml(scenario: Scenario) -> str:
    """The scenario as a file that `ceasefire run` takes; it loads as the same scenario."""
    rosters = {members: name for name, members in load_rosters().items()}
    roster = rosters.get(scenario.roster, list(scenario.roster))
    lines = [f"{key} = {_value(each)}" for key, each in (("name", scenario.name), ("about", scenario.about))]
    lines += [f"start = {scenario.start.isoformat()}", f"weeks = {scenario.weeks}"]
    lines.append(f"roster = {json.dumps(roster)}")
    tables: dict[str, dict[str, Value]] = {}
    for name, value in scenario.overrides.items():
        group, _, key = name.partition(".")
        tables.setdefault(group, {})[key] = value
    tables |= {f"states.{iso3}": dict(cells) for iso3, cells in scenario.states.items()}
    for table, cells in tables.items():
        lines += ["", f"[{table}]", *(f"{key} = {_value(cell)}" for key, cell in cells.items())]
    return "\n".join(lines) + "\n"


def read_toml(name: str, content: bytes) -> Scenario:
    """The scenario in a file that a visitor chose. Raises ScenarioError with the file, the key and what is allowed."""
    if len(content) > MOST_BYTES:
        raise ScenarioError(f"{name}: {len(content):,} bytes; a scenario file has at most {MOST_BYTES:,}")
    try:
        raw: Mapping[str, object] = parse_toml(content)
    except ValueError as error:
        raise ScenarioError(f"{name}: {error}") from None
    return Scenario.model_validate(read_settings(name, flatten_tables(name, raw), tables=True))


def _value(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False)
    return f"{value:.1f}" if value == int(value) and abs(value) < 1e15 else repr(value)
