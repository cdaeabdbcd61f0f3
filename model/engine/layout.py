"""The world of a run as records of float64, laid out from the very declarations that the Mesa agents use."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.agents import CLASSES, Actor, choose_classes
from model.cast import cast, luck_kinds
from model.luck import addresses
from model.register import flatten, load_register
from model.scenario import Scenario

type Floats = NDArray[np.float64]
type Words = NDArray[np.uint64]


APART = 16  # numbers, 128 bytes: threads must not write to one cache line


class Block(NamedTuple):
    """One flat array of float64 and the records that lie in it, an array of one or more for each place."""

    flat: Floats
    records: tuple[NDArray[Any], ...]


class Stage(NamedTuple):
    """A scenario as the kernel takes it."""

    start: Floats  # every state variable before the first week, as `Block.flat`
    places: dict[str, tuple[np.dtype[Any], int]]  # of the world: the record and how many of them
    luck: dict[str, tuple[np.dtype[Any], int]]  # the same of a week's luck
    purposes: Words  # the address of each number in a week's luck: its purpose
    codes: Words  # and its actor


def record(names: tuple[str, ...] | list[str]) -> np.dtype[Any]:
    """A record of float64 fields."""
    return np.dtype([(name, np.float64) for name in names], align=True)


def actor_record(kind: type[Actor]) -> np.dtype[Any]:
    """The record of an actor: its state variables, in the order in which they are declared.

    A class of the user's own has a further field, so that its rules are not taken for the standard ones.
    """
    mark = [] if kind in CLASSES.values() else [f"own_{id(kind):x}"]
    return record([*kind.variables(), *mark])


@cache
def parameter_record() -> np.dtype[Any]:
    """The record of all parameters: a record for each group of the register."""
    groups: dict[str, list[str]] = {}
    for name in load_register():
        group, key = name.split(".")
        groups.setdefault(group, []).append(key)
    return np.dtype([(group, record(keys)) for group, keys in groups.items()], align=True)


def parameter_rows(scenario: Scenario, drawn: Mapping[str, Floats], count: int) -> NDArray[np.void]:
    """Parameter records of a scenario's runs: one for all, or `count` with what was drawn for each on top.

    ValueError if a name is no parameter, or has not one finite number for each run.
    """
    plain = np.fromiter(flatten(scenario.parameters()).values(), np.float64)
    if not drawn:
        return plain.view(parameter_record())
    rows = np.tile(plain, (count, 1))
    places = {name: place for place, name in enumerate(load_register())}
    for name, values in drawn.items():
        if name not in places:
            raise ValueError(f"drawn: {name} is no parameter")
        if np.shape(values) != (count,) or not np.isfinite(values).all():
            raise ValueError(f"drawn: {name} needs one finite number for each of {count} runs")
        rows[:, places[name]] = values
    return rows.view(parameter_record())[:, 0]


def lay_out(scenario: Scenario, classes: Mapping[str, type[Actor]] | None = None) -> Stage:
    """A scenario as the kernel takes it. ValueError if actors of one place differ in their classes."""
    kinds = choose_classes(classes)
    parts = cast(scenario)
    places: dict[str, tuple[np.dtype[Any], int]] = {}
    start: list[float] = []
    for part in parts:
        layout = actor_record(kinds[part.kind])
        before, number = places.get(part.place, (layout, 0))
        if before != layout:
            raise ValueError(f"classes: {part.kind} must have the same class as the others of the {part.place}")
        places[part.place] = (layout, number + 1)
        start += [part.given.get(name, 0.0) for name in layout.names or ()]
    luck = {
        place: (record(shape._fields), 1 if isinstance(codes, str) else len(codes))
        for place, (shape, codes) in luck_kinds(scenario).items()
    }
    found = addresses(luck_kinds(scenario))
    return Stage(
        start=np.array(start),
        places=places,
        luck=luck,
        purposes=np.array([purpose for _, purpose in found], np.uint64),
        codes=np.array([actor for actor, _ in found], np.uint64),
    )


def allot(places: Mapping[str, tuple[np.dtype[Any], int]]) -> Block:
    """A flat array with room for all records, and a view of it for each place."""
    sizes = [dtype.itemsize // 8 * count for dtype, count in places.values()]
    flat = np.zeros(sum(sizes) + 2 * APART)[APART:-APART]
    ends = np.cumsum(sizes)
    views = [
        flat[end - size : end].view(dtype) for end, size, (dtype, _) in zip(ends, sizes, places.values(), strict=True)
    ]
    return Block(flat, tuple(views))
