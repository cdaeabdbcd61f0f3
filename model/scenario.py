"""Scenarios: what differs from the register's values, checked before anything runs."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from model.register import (
    Parameters,
    Value,
    build_parameters,
    did_you_mean,
    eligible,
    fall_due,
    load_register,
    load_rosters,
    load_states,
    nearest,
    nearest_parameter,
    nearest_state,
    one_line,
    parse_toml,
    read_date,
    show,
    starting_defence,
    state_columns,
    state_names,
)

BUNDLED = files("model").joinpath("scenarios")
START = date(2025, 2, 24)  # a week after the Paris summit
FIRST_START, LAST_START = date(2014, 1, 1), date(2030, 12, 31)
WEEKS, MOST_WEEKS = 260, 1040
TOP = {"name": "text", "about": "text", "start": "date", "weeks": "weeks", "roster": "states"}
PARTNER = "USA"  # the one state outside the roster whose row the model reads

Line = Annotated[str, StringConstraints(min_length=1)]


class ScenarioError(ValueError):
    """One line for the user: file, key, what was wrong, what is allowed, the nearest name."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class Scenario(BaseModel):
    """What one scenario says: its horizon, its coalition, and the values that differ from the register's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    about: Line
    start: date = START
    weeks: int = WEEKS
    roster: tuple[str, ...] = ()  # replaced by the "europe" roster when empty
    overrides: dict[str, Value] = {}
    states: dict[str, dict[str, float | str]] = {}

    @model_validator(mode="before")
    @classmethod
    def _default_roster(cls, fields: object) -> object:
        if isinstance(fields, dict) and "roster" not in fields:
            return {**fields, "roster": load_rosters()["europe"]}
        return fields

    @model_validator(mode="after")
    def _pass_the_door(self) -> Self:
        _read("scenario", self.settings())  # built in code or read from a file: the same checks
        return self

    def settings(self) -> dict[str, object]:
        """Everything the scenario says, by dotted name; `with_settings` takes the same names."""
        found: dict[str, object] = {key: getattr(self, key) for key in TOP}
        found.update(self.overrides)
        for iso3, cells in self.states.items():
            found.update({f"states.{iso3}.{column}": value for column, value in cells.items()})
        return found

    def with_settings(self, settings: Mapping[str, object], source: str = "settings") -> "Scenario":
        """A copy with these dotted settings on top. Raises ScenarioError, naming `source`."""
        return Scenario.model_validate(_read(source, {**self.settings(), **settings}))

    def parameters(self) -> Parameters:
        """The register's values with the scenario's on top, as the rules read them."""
        return build_parameters(self.overrides)

    def state_rows(self) -> list[dict[str, float | str]]:
        """The data of each member of the roster, in order, with the scenario's overrides.

        Beside the columns: iso3, name, `defence` (% of GDP in the last year before the start),
        `election_week` (weeks from the start to the next election) and `term_weeks`.
        """
        return [self._row(iso3) for iso3 in self.roster]

    def us_row(self) -> dict[str, float | str]:
        """The same for the United States; `election_week` is the next inauguration."""
        return self._row(PARTNER)

    def _row(self, iso3: str) -> dict[str, float | str]:
        row: dict[str, float | str] = {"iso3": iso3, "name": state_names()[iso3], **load_states()[iso3]}
        row["defence"] = starting_defence(row, self.start)
        row.update(self.states.get(iso3, {}))
        weeks_per_year = float(load_register()["calendar.weeks_per_year"].value)
        row["election_week"], row["term_weeks"] = fall_due(row, self.start, weeks_per_year)
        return row


def load_scenario(name_or_path: str, settings: Sequence[str] = ()) -> Scenario:
    """A bundled scenario by name, or the one in a file, with `key=value` settings on top.

    Raises ScenarioError.
    """
    scenario = _load(*_find(name_or_path))
    if not settings:
        return scenario
    return scenario.with_settings(read_settings(settings), source="--set")


def list_scenarios() -> list[Scenario]:
    """The bundled scenarios, the baseline first."""
    found = [_load(file.name, file) for file in BUNDLED.iterdir() if file.name.endswith(".toml")]
    return sorted(found, key=lambda scenario: (scenario.name != "baseline", scenario.name))


def read_settings(settings: Sequence[str]) -> dict[str, object]:
    """`key=value` texts as dotted names and TOML values; a bare word is text. Raises ScenarioError."""
    found: dict[str, object] = {}
    for setting in settings:
        key, equals, text = (part.strip() for part in setting.partition("="))
        if not equals or not key or not text:
            raise ScenarioError(f"--set: {show(setting)} is not key=value; for example force.size=25000")
        if key in found:
            raise ScenarioError(f"--set: {key}: is set twice")
        try:
            values = parse_toml(f"value = {text}")
        except ValueError:
            values = {"value": text}
        if set(values) != {"value"} or (values["value"] == text and not re.fullmatch(r"\w[\w-]*", text)):
            raise ScenarioError(f"--set: {key}: {show(text)} is not a number, true, false, a date or a word")
        found[key] = values["value"]
    return found


def _find(name_or_path: str) -> tuple[str, Traversable]:
    """The source to name in messages and the file: a path has a slash or ends in .toml."""
    if name_or_path.endswith(".toml") or "/" in name_or_path or "\\" in name_or_path:
        return name_or_path, Path(name_or_path)
    return f"{name_or_path}.toml", BUNDLED.joinpath(f"{name_or_path}.toml")


def _load(source: str, file: Traversable) -> Scenario:
    try:
        raw = parse_toml(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        bundled = [each.name.removesuffix(".toml") for each in BUNDLED.iterdir() if each.name.endswith(".toml")]
        stem = Path(source).name.removesuffix(".toml")
        where = "no such file" if isinstance(file, Path) else "no such scenario"
        known = f"bundled scenarios: {', '.join(sorted(bundled))}"
        raise ScenarioError(f"{source}: {where}; {known}{did_you_mean(nearest(stem, bundled))}") from None
    except OSError as error:
        raise ScenarioError(f"{source}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ScenarioError(f"{source}: {error}") from None
    return Scenario.model_validate(_read(source, _flatten(source, raw), tables=True))


def _flatten(source: str, raw: Mapping[str, object]) -> dict[str, object]:
    """A scenario file's tables as dotted settings."""
    groups = {entry.group for entry in load_register().values()}
    found: dict[str, object] = {}
    for key, content in raw.items():
        if key in TOP:
            found[key] = content
            continue
        if key not in groups and key != "states":
            raise ScenarioError(f"{source}: {_unknown_top(key, content, groups)}")
        if not isinstance(content, Mapping):
            example = "[states.FRA]" if key == "states" else f"[{key}]"
            raise ScenarioError(f"{source}: {key}: {show(content)} is not a table; write {example} and keys under it")
        for inner, value in content.items():
            if key != "states":
                found[f"{key}.{inner}"] = value
            elif isinstance(value, Mapping):
                found.update({f"states.{inner}.{column}": cell for column, cell in value.items()})
            else:
                example = f"write [states.FRA] and {inner} under it"
                raise ScenarioError(f"{source}: [states] {inner}: a state's code is missing; {example}")
    return found


def _unknown_top(key: str, content: object, groups: set[str]) -> str:
    """What to say of a key at the top of a file that is neither a group nor one of the scenario's own."""
    allowed = f"allowed {', '.join([*TOP, 'states', *sorted(groups)])}"
    if isinstance(content, Mapping) and "value" not in content:
        return f"[{key}]: no such group; {allowed}{did_you_mean(nearest(key, [*groups, 'states']))}"
    meant = nearest(key, TOP) or nearest_parameter(key)
    where = f"; a parameter stands under its group, [{meant.partition('.')[0]}]" if meant and "." in meant else ""
    return f"{key}: no such key{where or '; ' + allowed}{did_you_mean(meant)}"


def _read(source: str, settings: Mapping[str, object], tables: bool = False) -> dict[str, object]:
    """The fields of a Scenario from dotted settings, each one checked. Raises ScenarioError."""
    fields: dict[str, object] = {}
    overrides: dict[str, Value] = {}
    states: dict[str, dict[str, float | str]] = {}
    start = START
    for name in sorted(settings, key=lambda key: key != "start"):  # the start decides what `defence` means
        ...
