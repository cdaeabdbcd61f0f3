"""Scenarios: what differs from the register's values, checked before anything runs."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from model.register import (
    Parameters,
    Value,
    build_parameters,
    did_you_mean,
    fall_due,
    load_register,
    load_rosters,
    load_states,
    nearest,
    parse_toml,
    past_defence,
    show,
    starting_defence,
    state_names,
)
from model.scenario_checks import (
    DEFAULT_ROSTER,
    PARTNER,
    TOP,
    ScenarioError,
    States,
    flatten_tables,
    read_settings,
)

__all__ = ["Scenario", "ScenarioError", "list_scenarios", "load_scenario"]

BUNDLED = Path(str(files("model"))) / "scenarios"
START = date(2025, 2, 24)  # the Monday after the Paris summit of 17 February 2025
WEEKS = 260


class Scenario(BaseModel):
    """One scenario: its horizon, its coalition, and the values that differ from the register's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    about: str
    start: date = START
    weeks: int = WEEKS
    roster: tuple[str, ...]
    overrides: dict[str, Value] = {}
    states: States = {}

    @model_validator(mode="before")
    @classmethod
    def _name_roster(cls, fields: object) -> object:
        """Let code say roster="paris", as a file does, or leave it out."""
        if not isinstance(fields, dict):
            return fields
        roster = fields.get("roster", DEFAULT_ROSTER)
        return {**fields, "roster": load_rosters().get(roster, roster) if isinstance(roster, str) else roster}

    @model_validator(mode="after")
    def _check(self) -> Self:
        read_settings("scenario", self.settings())  # one built in code passes the same checks as a file
        return self

    def settings(self) -> dict[str, object]:
        """Everything the scenario says, by dotted name: what `with_settings` takes."""
        found: dict[str, object] = {key: getattr(self, key) for key in TOP}
        for iso3, cells in self.states.items():
            found |= {f"states.{iso3}.{column}": cell for column, cell in cells.items()}
        return found | self.overrides

    def changes(self) -> dict[str, object]:
        """The settings that differ from the register and the defaults, by dotted name."""
        names = {members: name for name, members in load_rosters().items()}
        said = self.settings() | {
            "start": self.start.isoformat(),
            "roster": names.get(self.roster, self.roster),
        }
        plain: dict[str, object] = {"start": START.isoformat(), "weeks": WEEKS, "roster": DEFAULT_ROSTER}
        plain |= {name: parameter.value for name, parameter in load_register().items()}
        plain |= {"name": self.name, "about": self.about}
        return {name: value for name, value in said.items() if plain.get(name) != value}

    @classmethod
    def from_settings(cls, settings: Mapping[str, object], source: str = "settings") -> Self:
        """A scenario from dotted settings, its name and about among them. Raises ScenarioError."""
        return cls.model_validate(read_settings(source, settings))

    def with_settings(self, settings: Mapping[str, object], source: str = "settings") -> "Scenario":
        """A copy with these dotted settings on top, for example {"force.size": 25000, "weeks": 520}.

        Raises ScenarioError; `source` opens its message.
        """
        return Scenario.from_settings(self.settings() | dict(settings), source)

    def parameters(self) -> Parameters:
        """The register's values with the scenario's on top, as the rules read them."""
        return build_parameters(self.overrides)

    def state_rows(self) -> list[dict[str, float | str]]:
        """The data of each member of the roster, in order, with the scenario's values on top.

        Beside the columns: iso3, name, `defence` (% of GDP in the last year before the start),
        `defence_past` (its mean over the years on file before the start), `election_week` (weeks from the
        start to the next election) and `term_weeks`.
        """
        return [self._row(iso3) for iso3 in self.roster]

    def us_row(self) -> dict[str, float | str]:
        """The same for the United States, whose `election_week` is the next inauguration."""
        return self._row(PARTNER)

    def _row(self, iso3: str) -> dict[str, float | str]:
        row: dict[str, float | str] = {"iso3": iso3, "name": state_names()[iso3], **load_states()[iso3]}
        row |= self.states.get(iso3, {})
        row.setdefault("defence", starting_defence(row, self.start))
        row["defence_past"] = past_defence(row, self.start)
        weeks_per_year = float(load_register()["calendar.weeks_per_year"].value)
        row["election_week"], row["term_weeks"] = fall_due(row, self.start, weeks_per_year)
        return row


def load_scenario(name_or_path: str, settings: Sequence[str] = ()) -> Scenario:
    """A bundled scenario by its name, or the one in a file, with `key=value` settings on top.

    Raises ScenarioError.
    """
    if name_or_path.endswith(".toml") or "/" in name_or_path or "\\" in name_or_path:
        scenario = _load(name_or_path, Path(name_or_path))
    else:
        scenario = _load(f"{name_or_path}.toml", BUNDLED / f"{name_or_path}.toml")
    return scenario.with_settings(parse_settings(settings), source="--set") if settings else scenario


def list_scenarios() -> list[Scenario]:
    """The bundled scenarios, the baseline first."""
    found = [_load(f"{name}.toml", BUNDLED / f"{name}.toml") for name in _bundled()]
    return sorted(found, key=lambda scenario: (scenario.name != "baseline", scenario.name))


def parse_settings(settings: Sequence[str]) -> dict[str, object]:
    """`key=value` texts as dotted names and TOML values; a bare word is text. Raises ScenarioError."""
    found: dict[str, object] = {}
    for setting in settings:
        key, equals, text = (part.strip() for part in setting.partition("="))
        if not equals or not key or not text:
            raise ScenarioError(f"--set: {show(setting)} is not key=value; for example force.size=25000")
        if key in found:
            raise ScenarioError(f"--set: {key}: is set twice")
        if re.fullmatch(r"[A-Za-z][\w-]*", text) and text not in {"true", "false", "inf", "nan"}:
            found[key] = text
            continue
        try:
            values = parse_toml(f"value = {text}")
        except ValueError:
            values = {}
        if values.keys() != {"value"}:
            raise ScenarioError(f"--set: {key}: {show(text)} is not a number, a date, true, false or a word")
        found[key] = values["value"]
    return found


def _bundled() -> list[str]:
    found = [file.name for file in BUNDLED.iterdir() if file.name.endswith(".toml")]
    return sorted(name.removesuffix(".toml") for name in found)


def _load(source: str, file: Path) -> Scenario:
    try:
        raw = parse_toml(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        what = "no such file" if file == Path(source) else "no such scenario"
        close = did_you_mean(nearest(Path(source).name.removesuffix(".toml"), _bundled()))
        raise ScenarioError(f"{source}: {what}; bundled scenarios: {', '.join(_bundled())}{close}") from None
    except OSError as error:
        raise ScenarioError(f"{source}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ScenarioError(f"{source}: {error}") from None
    return Scenario.model_validate(read_settings(source, flatten_tables(source, raw), tables=True))
