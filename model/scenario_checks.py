"""What a scenario may say: every setting is checked here, whether it comes from a file, --set or code."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from model.register import (
    Column,
    Parameter,
    Value,
    did_you_mean,
    eligible,
    load_register,
    load_rosters,
    load_states,
    nearest,
    nearest_parameter,
    nearest_state,
    one_line,
    read_date,
    show,
    state_columns,
    state_names,
)

FIRST_START, LAST_START = date(2014, 1, 1), date(2030, 12, 31)
MOST_WEEKS = 1040
TOP = ("name", "about", "start", "weeks", "roster")  # what a scenario says besides groups and states
PARTNER = "USA"  # outside every roster, but the model reads its row

States = dict[str, dict[str, float | str]]


class ScenarioError(ValueError):
    """One line for the user: file, key, what was wrong, what is allowed, the nearest name."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


def read_settings(source: str, settings: Mapping[str, object], tables: bool = False) -> dict[str, object]:
    """The fields of a Scenario from dotted settings.

    `source` opens each message; with `tables` it is a file, and keys are shown as it writes them.
    Raises ScenarioError.
    """
    fields: dict[str, object] = {}
    overrides: dict[str, Value] = {}
    states: States = {}
    for name, content in settings.items():
        try:
            if name in TOP:
                fields[name] = _READERS[name](_plain(content, {"weeks": "weeks"}.get(name, "")))
            elif name.partition(".")[0] == "states":
                iso3, column, cell = _state(name, content)
                states.setdefault(iso3, {})[column] = cell
            else:
                overrides[name] = _override(name, content)
        except ValueError as error:
            raise ScenarioError(f"{source}: {_place(name, tables)}: {error}") from None
    for name in ("name", "about"):
        if name not in fields:
            raise ScenarioError(f"{source}: {name}: is missing; write {name} = \"...\" at the top")
    fields.setdefault("roster", load_rosters()["europe"])
    fields |= {"overrides": overrides, "states": states}
    choice = _Choice(fields["roster"], overrides, states)  # type: ignore[arg-type]
    for impossible in IMPOSSIBLE:
        if found := impossible(choice):
            raise ScenarioError(f"{source}: {_place(found[0], tables)}: {found[1]}")
    return fields
