"""What a scenario may say: every setting passes here, from a file, from --set or from code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
DEFAULT_ROSTER = "europe"
PARTNER = "USA"  # outside every roster, but the model reads when its government can change
PARTNER_COLUMNS = {"election", "term"}

States = dict[str, dict[str, float | str]]


class ScenarioError(ValueError):
    """One line for the user: file, key, what was wrong, what is allowed, the nearest name."""

    def __init__(self, message: str) -> None:
        """Keep the message on one line."""
        super().__init__(one_line(message))


@dataclass(frozen=True)
class Choice:
    """What a whole scenario amounts to, for the checks that look at more than one setting."""

    roster: tuple[str, ...]
    overrides: Mapping[str, Value]
    states: States

    def value(self, name: str) -> Value:
        """The parameter's value, the scenario's or the register's."""
        return self.overrides.get(name, load_register()[name].value)

    def members_of(self, alliance: str) -> list[str]:
        """Members of the roster that are in `nato` or `eu`."""
        rows = {iso3: {**load_states()[iso3], **self.states.get(iso3, {})} for iso3 in self.roster}
        return [iso3 for iso3, row in rows.items() if float(row[alliance]) > 0.5]


def read_settings(source: str, settings: Mapping[str, object], tables: bool = False) -> dict[str, object]:
    """The fields of a Scenario from dotted settings. Raises ScenarioError.

    `source` opens each message; with `tables` it is a file, and keys are shown as a file writes them.
    """
    fields: dict[str, object] = {}
    overrides: dict[str, Value] = {}
    states: States = {}
    roster = load_rosters()[DEFAULT_ROSTER]
    for name, content in settings.items():
        try:
            if name == "roster":
                roster = _roster(_plain(content))
            elif name in _READERS:
                fields[name] = _READERS[name](_plain(content, "weeks" if name == "weeks" else ""))
            elif name.partition(".")[0] == "states":
                iso3, column, cell = _state(name, content)
                states.setdefault(iso3, {})[column] = cell
            else:
                overrides[name] = _override(name, content)
        except ValueError as error:
            raise ScenarioError(f"{source}: {_place(name, tables)}: {error}") from None
    for name in ("name", "about"):
        if name not in fields:
            raise ScenarioError(f'{source}: {name}: is missing; write {name} = "..." at the top')
    choice = Choice(roster, overrides, states)
    for impossible in IMPOSSIBLE:
        if found := impossible(choice):
            name, reason = found
            raise ScenarioError(f"{source}: {_place(name, tables)}: {reason}")
    return {**fields, "roster": roster, "overrides": overrides, "states": states}


def flatten_tables(source: str, raw: Mapping[str, object]) -> dict[str, object]:
    """The tables of a scenario file as dotted settings. Raises ScenarioError."""
    groups = {entry.group for entry in load_register().values()}
    found: dict[str, object] = {}
    for key, content in raw.items():
        if key in TOP:
            found[key] = content
        elif key not in groups and key != "states":
            raise ScenarioError(f"{source}: {_unknown_top(key, content, groups)}")
        elif not isinstance(content, Mapping):
            table = "states.FRA" if key == "states" else key
            raise ScenarioError(f"{source}: {key}: {show(content)} is not a table; write [{table}], keys under it")
        elif key == "states":
            found |= _flatten_states(source, content)
        else:
            found |= {f"{key}.{inner}": value for inner, value in content.items()}
    return found


def _flatten_states(source: str, content: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for iso3, cells in content.items():
        if not isinstance(cells, Mapping):
            reason = f"{show(cells)} is not a table; write [states.FRA], keys under it"
            raise ScenarioError(f"{source}: [states] {iso3}: {reason}")
        found |= {f"states.{iso3}.{column}": cell for column, cell in cells.items()}
    return found


def _unknown_top(key: str, content: object, groups: set[str]) -> str:
    """What to say of a key at the top of a file that is neither a group nor one of the scenario's own."""
    allowed = f"allowed {', '.join([*TOP, 'states', *sorted(groups)])}"
    if isinstance(content, Mapping) and "value" not in content:
        return f"[{key}]: no such group; {allowed}{did_you_mean(nearest(key, [*groups, 'states']))}"
    if meant := nearest(key, TOP):
        return f"{key}: no such key; {allowed}{did_you_mean(meant)}"
    if meant := nearest_parameter(key):
        group, _, last = meant.partition(".")
        return f"{key}: no such key; write [{group}], {last} under it{did_you_mean(meant)}"
    return f"{key}: no such key; {allowed}"


def _place(name: str, tables: bool) -> str:
    """A setting's name as its source writes it: `[force] size` in a file, `force.size` elsewhere."""
    group, _, key = name.rpartition(".")
    if not tables or not group:
        return name
    return f"[{name}]" if group == "states" else f"[{group}] {key}"


def _plain(content: object, unit: str = "") -> object:
    """The value of a setting that may be written `{ value = 25000, unit = "troops" }`."""
    if not isinstance(content, Mapping):
        return content
    if "value" not in content or content.keys() - {"value", "unit"}:
        raise ValueError("a table is not a value; allowed a plain value or { value = ..., unit = ... }")
    if "unit" in content and content["unit"] != unit:
        raise ValueError(f'unit {show(content["unit"])} does not fit; allowed "{unit}"')
    return content["value"]


def _text(content: object) -> str:
    if not isinstance(content, str):
        raise ValueError(f"{show(content)} is not text; write it in quotes")
    if not content.strip():
        raise ValueError("is empty; a few words are needed")
    if not (line := " ".join(content.split())).isprintable():
        raise ValueError("has characters that cannot be printed; plain text is needed")
    return line


def _start(content: object) -> date:
    start = read_date(content)
    if not FIRST_START <= start <= LAST_START:
        raise ValueError(f"{start} is out of range; allowed {FIRST_START} to {LAST_START}")
    return start


def _weeks(content: object) -> int:
    allowed = f"1 to {MOST_WEEKS} weeks"
    if isinstance(content, str):
        raise ValueError(f"{show(content)} is text, not a number without quotes; allowed {allowed}")
    if isinstance(content, bool) or not isinstance(content, int | float) or content != content // 1:
        raise ValueError(f"{show(content)} is not a whole number; allowed {allowed}")
    if not 1 <= content <= MOST_WEEKS:
        raise ValueError(f"{show(content)} is out of range; allowed {allowed}")
    return int(content)


_READERS: Mapping[str, Callable[[object], object]] = {
    "name": _text, "about": _text, "start": _start, "weeks": _weeks
}  # fmt: skip


def _roster(content: object) -> tuple[str, ...]:
    """The members of a named roster, or the states of a list."""
    rosters = load_rosters()
    if isinstance(content, str) and content in rosters:
        return rosters[content]
    if not isinstance(content, list | tuple):
        meant = nearest(content, rosters) if isinstance(content, str) else None
        known = " | ".join(f'"{name}"' for name in rosters)
        allowed = f'{known} or a list such as ["GBR", "FRA"]'
        raise ValueError(f"{show(content)} is not a roster; allowed {allowed}{did_you_mean(meant)}")
    if not content:
        raise ValueError("is empty; at least one state is needed")
    for number, state in enumerate(content):
        if state not in eligible():
            raise ValueError(_not_a_member(state))
        if state in content[:number]:
            raise ValueError(f"{show(state)} is there twice; name each state once")
    return tuple(content)


def _not_a_member(state: object) -> str:
    if not isinstance(state, str):
        return f'{show(state)} is not a state; allowed codes such as "FRA"'
    if state in state_names():
        return f"{show(state)} is an actor of its own, not a member; allowed {', '.join(eligible())}"
    return f"{show(state)} is not a state of the data{did_you_mean(nearest_state(state, eligible()))}"


def _state(name: str, content: object) -> tuple[str, str, float | str]:
    """One cell of the per-state data: state, column and checked value."""
    _, *rest = name.split(".")
    if len(rest) != 2:
        raise ValueError("a state's setting has three parts, as in states.FRA.support")
    iso3, key = rest
    if iso3 not in state_names():
        meant = nearest_state(iso3)
        raise ValueError(f"{show(iso3)} is not a state of the data{did_you_mean(meant)}")
    column = state_columns().get(key)
    if column is None:
        meant = nearest(key, state_columns()) or nearest_parameter(key)
        raise ValueError(f"no such column; `ceasefire params states` lists all{did_you_mean(meant)}")
    return iso3, key, _cell(column, _plain(content, column.unit))


def _cell(column: Column, value: object) -> float | str:
    column.check(value)
    if column.unit == "date":
        return read_date(value).isoformat()
    return float(value)  # type: ignore[arg-type]  # checked


def _override(name: str, content: object) -> Value:
    """A parameter's checked value; numbers as floats."""
    register = load_register()
    parameter = register.get(name)
    if parameter is None:
        raise ValueError(_unknown(name, register))
    value = _plain(content, parameter.unit)
    parameter.check(value)
    return value if isinstance(value, bool | str) else float(value)  # type: ignore[arg-type]  # checked


def _unknown(name: str, register: Mapping[str, Parameter]) -> str:
    group = name.rpartition(".")[0]
    keys = [entry.key for entry in register.values() if entry.group == group]
    meant = nearest_parameter(name)
    if not keys:
        meant = nearest(name, TOP) or meant
        return f"no such setting; `ceasefire params` lists all{did_you_mean(meant)}"
    meant = meant and meant.removeprefix(f"{group}.")
    allowed = f"allowed {', '.join(keys)}" if len(keys) <= 8 else f"`ceasefire params {group}` lists all"
    return f"no such key; {allowed}{did_you_mean(meant)}"


def _states_that_act(choice: Choice) -> tuple[str, str] | None:
    for iso3, cells in choice.states.items():
        if iso3 == PARTNER and (unread := cells.keys() - PARTNER_COLUMNS):
            allowed = " | ".join(sorted(PARTNER_COLUMNS))
            reason = f"the model reads nothing else of the United States; allowed {allowed}"
            return f"states.{iso3}.{min(unread)}", reason
        if iso3 not in choice.roster and iso3 != PARTNER:
            return f"states.{iso3}", f"{state_names()[iso3]} is not in the roster, so nothing would change"
    return None


def _un_does_not_enforce(choice: Choice) -> tuple[str, str] | None:
    if choice.value("command.form") == "un" and choice.value("force.doctrine") in {"fight", "escalate"}:
        reason = "a force under the UN cannot enforce against a Russian veto"
        return "force.doctrine", f'{reason}; allowed with command.form = "un": "withdraw" | "hold"'
    return None


def _alliance_has_members(choice: Choice) -> tuple[str, str] | None:
    command = choice.value("command.form")
    if command in {"nato", "eu"} and not choice.members_of(str(command)):
        reason = f"no state of the roster is a member of {str(command).upper()}"
        return "command.form", f'{show(command)} is not possible: {reason}; allowed "lead_nation" | "un"'
    return None


IMPOSSIBLE: tuple[Callable[[Choice], tuple[str, str] | None], ...] = (
    _states_that_act,
    _un_does_not_enforce,
    _alliance_has_members,
)
