"""The rules as C: a translator from their syntax trees, so that the floor of speed needs no second copy of them.

It knows the narrow Python that the rules are written in, and says which line it cannot translate. What comes out is
plain scalar C over records of doubles, laid out as `model.engine.layout` lays them out.
"""

import ast
import inspect
import math
import sys
import textwrap
from collections.abc import Callable, Mapping
from enum import IntEnum
from types import FunctionType
from typing import Any, NoReturn, get_args, get_type_hints

from model import actors, week
from model.agents import Actor, choose_classes
from model.cast import cast
from model.engine.layout import parameter_record
from model.scenario import Scenario

MATHS = {"exp", "expm1", "log", "log1p", "sqrt", "erf", "floor"}  # the same names and bits as in C
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.And: "&&",
    ast.Or: "||",
}

HEAD = """#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

static double least(double a, double b) { return b < a ? b : a; }  /* as Python's min and max, zeros and all */
static double most(double a, double b) { return b > a ? b : a; }

static inline double uniform(uint64_t seed, uint64_t run, uint64_t week, uint64_t purpose, uint64_t actor)
{   /* Philox4x32-10, each word held in 64 bits: gcc then takes eight addresses at a time */
    uint64_t c0 = week, c1 = run, c2 = purpose, c3 = actor, key0 = seed, key1 = 0;
    for (int turn = 0; turn < 10; turn++) {
        uint64_t product0 = c0 * 0xD2511F53u, product1 = c2 * 0xCD9E8D57u;
        c0 = (product1 >> 32) ^ c1 ^ key0;
        c2 = (product0 >> 32) ^ c3 ^ key1;
        c1 = product1 & 0xFFFFFFFFu;
        c3 = product0 & 0xFFFFFFFFu;
        key0 = (key0 + 0x9E3779B9u) & 0xFFFFFFFFu;
        key1 = (key1 + 0xBB67AE85u) & 0xFFFFFFFFu;
    }
    return ((double)(c0 >> 6) * 0x1p26 + (double)(c1 >> 6) + 0.5) * 0x1p-52;
}

static void deal(uint64_t seed, uint64_t run, uint64_t week, long size, const uint64_t *purposes,
                 const uint64_t *actors, double *luck)
{
    for (long i = 0; i < size; i++) luck[i] = uniform(seed, run, week, purposes[i], actors[i]);
}

void deal_all(uint64_t seed, uint64_t first, long runs, long weeks, long size, const uint64_t *purposes,
              const uint64_t *actors, double *luck)
{   /* Random numbers alone. */
    for (long i = 0; i < runs; i++)
        for (long t = 0; t < weeks; t++) deal(seed, first + i, t, size, purposes, actors, luck);
}
"""

PLAY = """
void play(uint64_t seed, uint64_t first, long runs, long weeks, const Parameters *given, const double *start, long size,
          const long *counts, double *flat, long deals, const uint64_t *purposes, const uint64_t *actors,
          double *dealt, double *ends)
{   /* Play the runs first, first + 1, ...; the world of each in its last week is a row of `ends`. */
    World world;
    Parameters here = *given;  /* on the stack, where gcc sees that nothing else writes to it */
    const Parameters *p = &here;
    Luck luck;
    place_World(&world, flat, counts);
    place_Luck(&luck, dealt, counts);
    for (long i = 0; i < runs; i++) {
        memcpy(flat, start, size * sizeof(double));
        deal(seed, first + i, 0, deals, purposes, actors, dealt);
        week_begin(&world, p, &luck);
        for (long t = 0; t < weeks; t++) {
            if (t > 0) deal(seed, first + i, t, deals, purposes, actors, dealt);
            if (!week_week(&world, p, &luck)) break;
        }
        memcpy(ends + i * size, flat, size * sizeof(double));
    }
}
"""

type Fields = dict[str, str]  # the type of each field: "double", a record, or a record and [] for several


class UntranslatableError(ValueError):
    """A rule says something that this translator has no C for."""


def translate(scenario: Scenario) -> str:
    """The week, and all rules that it calls, as one file of C; any roster and setting can play it."""
    kinds = choose_classes()
    places: dict[str, type[Actor]] = {part.place: kinds[part.kind] for part in cast(scenario)}
    records = _records(places)
    writer = _Writer(records, {_declared(kind).__name__: kind for kind in places.values()})
    for function in (week.begin, week.week):
        writer.want(function)
    bodies = writer.write_all()
    heads = [f"{_head(name, inner)};" for name, inner in writer.heads.items()]
    structs = [_struct(name, fields) for name, fields in records.items()]
    placing = [_placing("World", records), _placing("Luck", records)]
    return "\n".join([HEAD, *structs, *heads, *bodies, *placing, PLAY])


def _declared(kind: type[Actor]) -> type:
    """The class of `model.actors` that declares an agent's variables."""
    return next(base for base in kind.__mro__ if base.__module__ == actors.__name__)


def _records(places: Mapping[str, type[Actor]]) -> dict[str, Fields]:
    """All records and their fields in the order in which they lie in memory, inner records first."""
    records: dict[str, Fields] = {}
    for kind in places.values():
        records[_declared(kind).__name__] = dict.fromkeys(kind.variables(), "double")
    several = {place for place, hint in get_type_hints(actors.World).items() if get_args(hint)}
    records["World"] = {
        place: _declared(kind).__name__ + ("[]" if place in several else "") for place, kind in places.items()
    }
    hints = get_type_hints(actors.Luck)
    for hint in hints.values():
        luck = (get_args(hint) or (hint,))[0]
        records[luck.__name__] = dict.fromkeys(luck._fields, "double")
    records["Luck"] = {
        kind: get_args(hint)[0].__name__ + "[]" if get_args(hint) else hint.__name__ for kind, hint in hints.items()
    }
    register = parameter_record()
    groups: Fields = {}
    for group in register.names or ():
        groups[group] = f"Group_{group}"
        records[f"Group_{group}"] = dict.fromkeys(register[group].names or (), "double")
    records["Parameters"] = groups
    return records


def _struct(name: str, fields: Fields) -> str:
    """A record in C; groups of parameters lie in theirs, actors and luck are pointed at."""
    inner = "" if name == "Parameters" else "*"
    lines = [f"    {_type(field, inner)}{each}_;" for each, field in fields.items()]
    several = f"typedef struct {{ {name} *at; long count; }} {name}_several;"
    return "\n".join(["typedef struct {", *lines, f"}} {name};", several])


def _type(name: str, pointer: str = "*") -> str:
    """A type in C, ready for the name of what has it."""
    if name in {"double", "int", "void"}:
        return f"{name} "
    if name.endswith("[]"):
        return f"{name[:-2]}_several "
    constant = "const " if name == "Parameters" or (pointer and name.startswith("Group_")) else ""
    return f"{constant}{name} {pointer}"


def _head(name: str, inner: tuple[dict[str, str], str]) -> str:
    arguments, result = inner
    listed = ", ".join(f"{_type(kind)}{each}_" for each, kind in arguments.items())
    return f"INLINE {result} {name}({listed})"


def _placing(name: str, records: Mapping[str, Fields]) -> str:
    """A function that points a record at its parts in one flat array."""
    several = [place for place, kind in records["World"].items() if kind.endswith("[]")]  # in the order of `counts`
    lines = [f"static void place_{name}({name} *whole, double *at, const long *counts)", "{"]
    for place, kind in records[name].items():
        if place in several:
            lines += [
                f"    whole->{place}_.at = ({kind[:-2]} *)at;",
                f"    whole->{place}_.count = counts[{several.index(place)}];",
                f"    at = (double *)(whole->{place}_.at + whole->{place}_.count);",
            ]
        else:
            lines += [f"    whole->{place}_ = ({kind} *)at;", f"    at = (double *)(whole->{place}_ + 1);"]
    return "\n".join([*lines, "}"])


class _Writer:
    """Translates functions, and the functions that they call, until none is left."""

    def __init__(self, records: Mapping[str, Fields], kinds: Mapping[str, type[Actor]]) -> None:
        self.records = records
        self.kinds = kinds
        self.heads: dict[str, tuple[dict[str, str], str]] = {}  # by name in C: arguments' types, result's type
        self._waiting: list[Callable[..., Any]] = []

    def want(self, function: Callable[..., Any]) -> str:
        """The name in C of a function, which will be translated if it has not been."""
        name = f"{function.__module__.rsplit('.', 1)[-1]}_{function.__name__}"
        if name not in self.heads:
            self.heads[name] = _signature(function)
            self._waiting.append(function)
        return name

    def write_all(self) -> list[str]:
        """The bodies of all functions that are wanted."""
        bodies = []
        while self._waiting:
            bodies.append(_Function(self, self._waiting.pop()).write())
        return bodies


def _signature(function: Callable[..., Any]) -> tuple[dict[str, str], str]:
    """The type of each argument, and of what is returned."""
    hints = get_type_hints(function)
    result = _hinted(hints.pop("return"))
    return {name: _hinted(hint) for name, hint in hints.items()}, result


def _hinted(hint: Any) -> str:
    """The type in C of an annotation."""
    if get_args(hint):
        return f"{_hinted(get_args(hint)[0])}[]"
    if hint is type(None):
        return "void"
    if hint is float:
        return "double"
    return "int" if issubclass(hint, int) else str(hint.__name__)


class _Function:
    """Translates one function."""

    def __init__(self, writer: _Writer, function: Callable[..., Any]) -> None:
        source = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        assert isinstance(source, ast.FunctionDef)
        self.source = source
        self.writer = writer
        self.name = writer.want(function)
        self.module = sys.modules[function.__module__]
        self.first_line = function.__code__.co_firstlineno
        self.arguments, self.result = writer.heads[self.name]
        self.types = dict(self.arguments)
        self.loops = 0

    def write(self) -> str:
        """The function in C; its variables are declared at the top."""
        body = self.block(self.source.body)
        new = [f"{_type(kind)}{name}_;" for name, kind in self.types.items() if name not in self.arguments]
        lines = [f"    {line}" for line in (*new, *body)]
        return "\n".join(["", _head(self.name, (self.arguments, self.result)), "{", *lines, "}"])

    def refuse(self, node: ast.AST, why: str = "has no C here") -> NoReturn:
        """Say which line cannot be translated."""
        line = self.first_line + getattr(node, "lineno", 1) - 1
        said = ast.unparse(node).splitlines()[0]
        raise UntranslatableError(f"{self.module.__file__}:{line}: {type(node).__name__} {why}: {said}")

    def block(self, body: list[ast.stmt]) -> list[str]:
        """Statements, one below the other."""
        return [line for statement in body for line in self.statement(statement)]

    def inner(self, body: list[ast.stmt]) -> list[str]:
        """Statements, further in."""
        return [f"    {line}" for line in self.block(body)]

    def statement(self, node: ast.stmt) -> list[str]:  # noqa: PLR0911
        """One statement as lines of C."""
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                return []
            case ast.Expr(value=ast.Call()):
                return [f"{self.value(node.value)[0]};"]
            case ast.Return(value=None):
                return ["return;"]
            case ast.Return(value=ast.expr() as value):
                return [f"return {self.value(value)[0]};"]
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                if {ast.unparse(name) for name in names} & {ast.unparse(each) for each in ast.walk(node.value)}:
                    self.refuse(node, "swaps")
                return [self.assign(name, value) for name, value in zip(names, values, strict=True)]
            case ast.Assign(targets=[target], value=value):
                return [self.assign(target, value)]
            case ast.AugAssign(target=target, op=op, value=value) if type(op) in OPERATORS:
                return [f"{self.value(target)[0]} {OPERATORS[type(op)]}= {self.value(value)[0]};"]
            case ast.If(test=test, body=body, orelse=orelse):
                lines = [f"if {self.truth(test)} {{", *self.inner(body), "}"]
                return [*lines, "else {", *self.inner(orelse), "}"] if orelse else lines
            case ast.While(test=test, body=body, orelse=[]):
                return [f"while {self.truth(test)} {{", *self.inner(body), "}"]
            case ast.For(orelse=[]):
                return self.loop(node)
        self.refuse(node)

    def loop(self, node: ast.For) -> list[str]:
        """A walk over the members of one sequence, or of two of one length side by side."""
        pairs: list[tuple[ast.expr, ast.expr]]
        match node.target, node.iter:
            case ast.Name(), ast.Name() | ast.Attribute():
                pairs = [(node.target, node.iter)]
            case ast.Tuple(elts=names), ast.Call(func=ast.Name(id="zip"), args=sequences, keywords=[]):
                pairs = list(zip(names, sequences, strict=True))
            case _:
                self.refuse(node)
        self.loops += 1
        index = f"i{self.loops}"
        found = [(name, *self.value(each)) for name, each in pairs]
        walk = f"for (long {index} = 0; {index} < {found[0][1]}.count; {index}++) {{"
        members = []
        for name, sequence, kind in found:
            if not (isinstance(name, ast.Name) and kind.endswith("[]")):
                self.refuse(node, "walks over no sequence")
            self.declare(name, kind[:-2])
            members.append(f"    {name.id}_ = &{sequence}.at[{index}];")
        return [walk, *members, *self.inner(node.body), "}"]

    def declare(self, name: ast.Name, kind: str) -> None:
        """Give a variable its type, which it keeps."""
        if self.types.setdefault(name.id, kind) != kind:
            self.refuse(name, f"is a {self.types[name.id]} and a {kind}")

    def assign(self, target: ast.expr, value: ast.expr) -> str:
        """Set a variable or a field."""
        text, kind = self.value(value)
        if isinstance(target, ast.Name):
            self.declare(target, kind)
            return f"{target.id}_ = {text};"
        return f"{self.value(target)[0]} = {text};"

    def truth(self, node: ast.expr) -> str:
        """A condition, in parentheses; Python's truth of numbers is not needed."""
        text, kind = self.value(node)
        if kind != "int":
            self.refuse(node, "is no condition")
        return f"({text})"

    def value(self, node: ast.expr) -> tuple[str, str]:  # noqa: PLR0911
        """An expression in C, and its type; records are held by pointers."""
        match node:
            case ast.Constant(value=bool() | int() as number):
                return str(int(number)), "int"
            case ast.Constant(value=float() as number):
                return number.hex(), "double"
            case ast.Name(id=name) if name in self.types:
                return f"{name}_", self.types[name]
            case ast.Name(id=name) if isinstance(getattr(self.module, name, None), float):
                return getattr(self.module, name).hex(), "double"
            case ast.Attribute(value=ast.Name(id=name), attr=member) if self.is_enum(name):
                return str(int(getattr(self.module, name)[member])), "int"
            case ast.Attribute(value=owner, attr=name):
                return self.field(node, owner, name)
            case ast.Subscript(value=sequence, slice=place):
                text, kind = self.value(sequence)
                return f"(&{text}.at[{self.value(place)[0]}])", kind.removesuffix("[]")
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                (one, kind), (two, other) = self.value(left), self.value(right)
                if "double" not in {kind, other}:
                    self.refuse(node, "works on whole numbers")
                return f"({one} {OPERATORS[type(op)]} {two})", "double"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                text, kind = self.value(operand)
                return f"(-{text})", kind
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"(!{self.truth(operand)})", "int"
            case ast.BoolOp(op=op, values=values):
                return "(" + f" {OPERATORS[type(op)]} ".join(self.truth(each) for each in values) + ")", "int"
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                return f"({self.value(left)[0]} {OPERATORS[type(op)]} {self.value(right)[0]})", "int"
            case ast.IfExp(test=test, body=body, orelse=orelse):
                (one, kind), (two, other) = self.value(body), self.value(orelse)
                if kind != other:
                    self.refuse(node, f"is a {kind} or a {other}")
                return f"({self.truth(test)} ? {one} : {two})", kind
            case ast.Call(keywords=[]):
                return self.call(node)
        self.refuse(node)

    def is_enum(self, name: str) -> bool:
        """Whether a name stands for one of `model.terms`."""
        found = getattr(self.module, name, None)
        return name not in self.types and isinstance(found, type) and issubclass(found, IntEnum)

    def field(self, node: ast.expr, owner: ast.expr, name: str) -> tuple[str, str]:
        """A field of a record."""
        text, record = self.value(owner)
        kind = self.writer.records.get(record, {}).get(name)
        if kind is None:
            self.refuse(node, f"is no field of {record}")
        return (f"(&{text}->{name}_)" if record == "Parameters" else f"{text}->{name}_"), kind

    def call(self, node: ast.Call) -> tuple[str, str]:  # noqa: PLR0911
        """A call of the C library, of a few of Python's own functions, of a rule, or of an actor's method."""
        given = [self.value(each)[0] for each in node.args]
        match node.func, given:
            case ast.Attribute(value=ast.Name(id="math"), attr=name), [one] if self.module.math is math:
                if name not in MATHS:
                    self.refuse(node)
                return f"{name}({one})", "double"
            case ast.Attribute(value=owner, attr=name), _:
                text, record = self.value(owner)
                rule = getattr(self.writer.kinds.get(record), name, None)
                given = [text, *given]
            case ast.Name(id="abs"), [one]:
                return f"fabs({one})", "double"
            case ast.Name(id="min" | "max" as name), [one, two]:
                return f"{'least' if name == 'min' else 'most'}({one}, {two})", "double"
            case ast.Name(id="float"), [one]:
                return f"((double){one})", "double"
            case ast.Name(id="int"), [one]:
                return f"((int){one})", "int"
            case ast.Name(id="bool"), [one]:
                return f"({one} != 0)", "int"
            case ast.Name(id=name), _:
                rule = getattr(self.module, name, None)
            case _:
                rule = None
        if not isinstance(rule, FunctionType):
            self.refuse(node)
        name = self.writer.want(rule)
        return f"{name}({', '.join(given)})", self.writer.heads[name][1]
