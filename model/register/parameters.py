"""The parameters of one run as the rules see them: plain floats, `p.opinion.reversion`."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from model.register.entry import Parameter, RegisterError, Value, nearest
from model.register.loader import load_register


class Group:
    """One group of parameters, for example `p.opinion`; every attribute is a float. Read-only."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> float:
            """One value, as the rules read it."""

    def __setattr__(self, key: str, value: object) -> None:
        """Refuse: a run's parameters are its own record."""
        raise AttributeError(f"{key}: parameters do not change during a run")


class Parameters:
    """All parameters of one run by group; build with `build_parameters`. Read-only."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __getattr__(self, group: str) -> Group:
            """One group of values."""

    def __setattr__(self, group: str, value: object) -> None:
        """Refuse: a run's parameters are its own record."""
        raise AttributeError(f"{group}: parameters do not change during a run")

    def __reduce__(self) -> tuple[object, ...]:
        """Travel to another process as numbers, since the slotted classes below have no importable name."""
        return _fill, (tuple(flatten(self).items()),)


def build_parameters(overrides: Mapping[str, Value] | None = None) -> Parameters:
    """The register's values with `overrides` (dotted name to value) on top.

    Raises RegisterError for an unknown name or a value that the register does not allow.
    """
    if not overrides:
        return _defaults()
    register = load_register()
    values = {name: parameter.encode(parameter.value) for name, parameter in register.items()}
    for name, value in overrides.items():
        values[name] = encode(register, name, value)
    return _fill(tuple(values.items()))


def encode(register: Mapping[str, Parameter], name: str, value: Value) -> float:
    """One checked override as the rules see it."""
    if name not in register:
        close = nearest(name, register)
        raise RegisterError(f"{name}: unknown parameter" + (f'; did you mean "{close}"?' if close else ""))
    try:
        register[name].check(value)
    except ValueError as error:
        raise RegisterError(f"{name}: {error}") from None
    return register[name].encode(value)


def flatten(parameters: Parameters) -> dict[str, float]:
    """Dotted name to float, in the register's order: the inverse of building."""
    groups: tuple[str, ...] = type(parameters).__slots__
    return {
        f"{group}.{key}": getattr(getattr(parameters, group), key)
        for group in groups
        for key in type(getattr(parameters, group)).__slots__
    }


@cache
def _defaults() -> Parameters:
    return _fill(tuple((name, entry.encode(entry.value)) for name, entry in load_register().items()))


def _fill(values: tuple[tuple[str, float], ...]) -> Parameters:
    """Parameters with these values. Slots, because the rules read them millions of times."""
    whole, groups = _classes(tuple(name for name, _ in values))
    blocks = {group: kind() for group, kind in groups.items()}
    for name, value in values:
        group, key = name.split(".")
        object.__setattr__(blocks[group], key, value)
    parameters = whole()
    for group, block in blocks.items():
        object.__setattr__(parameters, group, block)
    return parameters


@cache
def _classes(names: tuple[str, ...]) -> tuple[type[Parameters], dict[str, type[Group]]]:
    """One slotted class for the whole and one for each group, made from the names in the register."""
    keys: dict[str, list[str]] = {}
    for name in names:
        group, key = name.split(".")
        keys.setdefault(group, []).append(key)
    groups = {group: type(group.title(), (Group,), {"__slots__": tuple(of)}) for group, of in keys.items()}
    return type("AllParameters", (Parameters,), {"__slots__": tuple(keys)}), groups
