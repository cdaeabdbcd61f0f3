"""Hands the model's plain functions to Numba from outside: no rule is decorated, edited or written twice."""

import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator
from enum import EnumType
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from llvmlite import ir
from numba import from_dtype, types
from numba.core import cgutils
from numba.core.imputils import lower_cast
from numba.extending import intrinsic, overload, overload_method, register_jitable

from model.agents import Actor
from model.engine.layout import actor_record

type Function = Callable[..., Any]

_handed: set[Function] = set()
_rules: dict[str, dict[types.Record, Function]] = {}  # method: record of the actor: rule


def hand_over(function: object) -> None:
    """Let compiled code call a plain function, and every one that it can reach by name; others are left alone."""
    if not isinstance(function, FunctionType) or function in _handed:
        return
    _handed.add(function)
    register_jitable(forceinline=True)(function)
    names = set(_names(function.__code__))
    for name in names:
        found = function.__globals__.get(name)
        if isinstance(found, ModuleType):
            for inner in names & vars(found).keys():
                hand_over(vars(found)[inner])
        hand_over(found)


def digest(functions: Iterable[Function]) -> str:
    """Hash of what will be compiled: the code in memory of functions, of all that they reach, and their constants.

    Files may have been edited since they were imported, and methods replaced: this sees what is really there.
    """
    found: dict[str, str] = {}
    waiting = list(functions)
    for place, function in enumerate(waiting):
        found[str(place)] = f"{function.__module__}.{function.__qualname__}"
    while waiting:
        function = waiting.pop()
        key = f"{function.__module__}.{function.__qualname__}:{_describe(function.__code__)}"
        if key in found:
            continue
        names = sorted(set(_names(function.__code__)) & function.__globals__.keys())
        values = {name: function.__globals__[name] for name in names}
        for module in [value for value in values.values() if isinstance(value, ModuleType)]:
            inner = [getattr(module, name, None) for name in _names(function.__code__)]
            waiting += [each for each in inner if isinstance(each, FunctionType)]
        waiting += [value for value in values.values() if isinstance(value, FunctionType)]
        plain = {name: repr(value) for name, value in values.items() if isinstance(value, int | float | np.generic)}
        enums: dict[str, object] = {name: list(value) for name, value in values.items() if isinstance(value, EnumType)}
        found[key] = f"{plain}{enums}"
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


def _describe(code: CodeType) -> str:
    constants = [_describe(each) if isinstance(each, CodeType) else repr(each) for each in code.co_consts]
    return f"{code.co_code.hex()}{code.co_names}{code.co_varnames}{constants}"


def bind_rules(kind: type[Actor]) -> None:
    """Let compiled code call the rules of an actor's class as methods of its record.

    ValueError if the class was bound before and has other rules now: Numba may have compiled the old ones.
    """
    record = from_dtype(actor_record(kind))
    for name, rule in rules_of(kind).items():
        hand_over(rule)
        if name not in _rules:
            _rules[name] = {}
            _overload(name)
        if _rules[name].setdefault(record, rule) is not rule:
            raise ValueError(f"{kind.__name__}.{name} has changed; give a class of your own instead: classes=...")


def rules_of(kind: type[Actor]) -> dict[str, Function]:
    """The rules that a class carries as methods, by name: all but what Mesa and `Actor` give it."""
    return {
        name: member
        for name, member in inspect.getmembers(kind, inspect.isfunction)
        if not hasattr(Actor, name) and not name.startswith("_")
    }


def _overload(method: str) -> None:
    rules = _rules[method]

    @overload_method(types.Record, method, jit_options={"forceinline": True})
    def choose(actor, *others):  # type: ignore[no-untyped-def]
        rule = rules.get(actor)
        return None if rule is None else lambda actor, *others: rule(actor, *others)  # noqa: PLW0108  (not the rule's own names)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


@lower_cast(types.IntEnumMember, types.Float)
def _member_as_float(context, builder, fromty, toty, value):  # type: ignore[no-untyped-def]
    """`line.status == Status.HOLDING` compares a float with an IntEnum: Numba lacks the cast."""
    return context.cast(builder, value, fromty.dtype, toty)


@overload(float)
def _float_of_member(x):  # type: ignore[no-untyped-def]
    """`float(Status.HOLDING)`."""
    return (lambda x: x.value * 1.0) if isinstance(x, types.IntEnumMember) else None


@intrinsic
def on_stack(context, record):  # type: ignore[no-untyped-def]
    """A copy of a record on the stack: LLVM then knows that nothing else writes to it, and reads it once a loop."""

    def copy(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        size = context.get_constant(types.intp, record.size)
        here = cgutils.alloca_once(builder, ir.ArrayType(ir.DoubleType(), record.size // 8))
        cgutils.raw_memcpy(builder, here, arguments[0], size, 1)
        return builder.bitcast(here, context.get_value_type(record))

    return record(record), copy
