"""Finds what a user names in the register: parameters, a group, columns of the states' data, a state."""

from typing import get_args

from model.register import (
    Column,
    Kind,
    Parameter,
    RegisterError,
    defence_column,
    did_you_mean,
    load_groups,
    load_register,
    load_states,
    nearest,
    nearest_parameter,
    nearest_state,
    state_columns,
    state_names,
)
from model.scenario import START

STATES = "states"  # the group that holds the data of each state

State = str  # an ISO 3166 code
Found = Parameter | Column | State | list[Parameter] | list[Column]


def look_up(name: str | None = None, kind: str | None = None, group: str | None = None) -> Found:
    """What `name` means, or the list of a group, narrowed to a kind. Raises RegisterError."""
    if name is not None and group is not None:
        raise RegisterError(f"--group: {name} is named already; leave one of the two out")
    if kind is not None and kind not in get_args(Kind):
        raise RegisterError(_miss("--kind", kind, get_args(Kind)))
    if group is not None and group not in (known := (*load_groups(), STATES)):
        raise RegisterError(_miss("--group", group, known))
    found = _named(name or group)
    match found:
        case [Parameter(), *_]:
            return [entry for entry in found if isinstance(entry, Parameter) and kind in {None, entry.kind}]
        case [Column(), *_]:
            return [entry for entry in found if isinstance(entry, Column) and kind in {None, entry.kind}]
    if kind is not None:
        raise RegisterError(f"--kind: {name} is a single entry; leave one of the two out")
    return found


def source_column(column: str) -> str:
    """The column of the data that a value comes from; `defence` is that of the year before the start."""
    return defence_column(START) if column == "defence" else column


def cell(iso3: str, column: str) -> float | str:
    """One state's value of a column."""
    return load_states()[iso3][source_column(column)]


def as_json(found: Found) -> object:
    """The same for `--json`."""
    match found:
        case Parameter():
            return {"name": found.name} | found.model_dump(mode="json")
        case Column():
            values = {iso3: cell(iso3, found.name) for iso3 in load_states()}
            return found.model_dump(mode="json") | {"values": values}
        case str():
            cells = {name: cell(found, name) for name in state_columns()}
            return {"iso3": found, "name": state_names()[found]} | cells
    return [{"name": entry.name} | entry.model_dump(mode="json") for entry in found]


def _named(name: str | None) -> Found:
    register, columns = load_register(), state_columns()
    last = name.removeprefix(f"{STATES}.") if name else None
    if name is None or name in load_groups():
        return [entry for entry in register.values() if name in {None, entry.group}]
    if name == STATES:
        return list(columns.values())
    if name in register:
        return register[name]
    if last in columns:
        return columns[last]
    if last is not None and last in state_names():
        return last
    raise RegisterError(f"{name}: no such parameter, group, column or state{did_you_mean(_nearest(name))}")


def _nearest(name: str) -> str | None:
    names = [*load_groups(), *(f"{STATES}.{column}" for column in state_columns())]
    if name.startswith(f"{STATES}.") or "." not in name:
        return nearest(name, names) or nearest_state(name.removeprefix(f"{STATES}.")) or nearest_parameter(name)
    return nearest_parameter(name) or nearest(name, names)


def _miss(option: str, name: str, known: tuple[str, ...]) -> str:
    return f"{option}: no such name, {name}; allowed {', '.join(known)}{did_you_mean(nearest(name, known))}"
