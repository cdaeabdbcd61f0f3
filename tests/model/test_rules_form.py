"""The form of the rules: a lint over their syntax trees, so that any engine can compile them to the same bits."""

import ast
import types
from pathlib import Path

import pytest
from reading import MODEL, RULES, SOURCES, parameters_used, variables_used

from model import actors, agents, week
from model.register import load_register

TREES = {path: ast.parse(path.read_text()) for path in SOURCES}
PLAIN = {0.0, 1.0, 2.0, 0.5, 100.0}  # every other number belongs in the register
ALLOWED_FROM = {
    "collections.abc": {"Sequence"},
    "model.register": {"Parameters"},
    "model.actors": None,
    "model.terms": None,
}
FORBIDDEN_NODES = (
    ast.Lambda,
    ast.NamedExpr,
    ast.Try,
    ast.Global,
    ast.Nonlocal,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.Yield,
    ast.With,
    ast.While,
    ast.ClassDef,
    ast.Delete,
)
FORBIDDEN_CALLS = {"sum", "pow", "hypot", "gamma", "lgamma", "fsum", "round", "eval", "exec", "getattr", "setattr"}
KNOWN = {
    "state": "EuropeanState",
    "us": "UnitedStates",
    "russia": "Russia",
    "ukraine": "Ukraine",
    "force": "ReassuranceForce",
    "institution": "Institution",
    "europe": "Europe",
    "line": "Line",
    "here": "Line",
}  # what a name stands for in week.py


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_rules_import_nothing_but_maths_terms_and_each_other(path):
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            assert [alias.name for alias in node.names] == ["math"]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module.startswith("model.rules."):
                continue
            assert module in ALLOWED_FROM, module
            allowed = ALLOWED_FROM[module]
            assert allowed is None or {alias.name for alias in node.names} <= allowed


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_rules_use_only_arithmetic_that_every_engine_agrees_on(path):
    for node in ast.walk(TREES[path]):
        place = f"{path.name}:{getattr(node, 'lineno', 0)}"
        if path.stem != "maths":
            assert not isinstance(node, FORBIDDEN_NODES), place
        else:
            assert not isinstance(node, tuple(set(FORBIDDEN_NODES) - {ast.While})), place
        if isinstance(node, ast.BinOp | ast.AugAssign):
            assert not isinstance(node.op, ast.Pow | ast.Mod | ast.MatMult | ast.FloorDiv), place
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in FORBIDDEN_CALLS, place


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_modules_hold_functions_and_no_state(path):
    for node in TREES[path].body:
        if path.stem == "maths" and isinstance(node, ast.Assign):
            assert all(isinstance(target, ast.Name) and target.id.isupper() for target in node.targets)
            continue
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        assert docstring or isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef), node.lineno


@pytest.mark.parametrize("path", [path for path in SOURCES if path.stem != "maths"], ids=lambda path: path.stem)
def test_every_number_worth_a_name_is_in_the_register(path):
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            assert float(node.value) in PLAIN, f"{path.name}:{node.lineno}: {node.value}"


def test_every_parameter_is_used_and_every_one_used_exists():
    used = set().union(*(parameters_used(path) for path in [*SOURCES, MODEL / "outcomes.py"]))
    register = set(load_register())
    assert used - register == set()
    assert register - used == set()


def methods_called() -> set[tuple[str, str]]:
    """(class of agents.py, method) of every call of a method in week.py."""
    found = set()
    for node in ast.walk(TREES[MODEL / "week.py"]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            found.add((KNOWN[name], node.func.attr))
    return found


def bound() -> set[tuple[str, str]]:
    """(class, method) of every rule bound in agents.py."""
    return {
        (kind.__name__, name)
        for kind in vars(agents).values()
        if isinstance(kind, type) and issubclass(kind, agents.Actor)
        for name, member in vars(kind).items()
        if isinstance(member, types.FunctionType) and member.__module__.startswith("model.rules.")
    }


def test_the_week_calls_every_rule_that_is_bound_and_no_other():
    assert methods_called() == bound()


def test_every_step_of_the_week_is_lived():
    steps = {name for name, member in vars(week).items() if isinstance(member, types.FunctionType)}
    steps = {name for name in steps if getattr(week, name).__module__ == "model.week"} - {"week", "begin"}
    called = {
        node.func.id
        for function in ast.walk(TREES[MODEL / "week.py"])
        if isinstance(function, ast.FunctionDef) and function.name == "week"
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert called - {"bool"} == steps


def test_a_rules_first_argument_is_the_agent_that_it_is_bound_to():
    owner = {kind: name for name, kind in KNOWN.items() if name != "here"}
    for kind, name in bound():
        rule = getattr(getattr(agents, kind), name)
        assert rule.__code__.co_varnames[0] == owner[kind], name


def test_every_state_variable_is_written_and_read():
    written: set[str] = set()
    read: set[str] = set()
    for path in [*SOURCES, *(MODEL / f"{name}.py" for name in ("outcomes", "series", "cast", "chronicle"))]:
        wrote, has_read = variables_used(ast.parse(path.read_text()))
        written |= wrote
        read |= has_read
    given = {
        node.value
        for node in ast.walk(ast.parse((MODEL / "cast.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    } | {"next_election", "term_weeks", "kind"}
    classes = (
        actors.State, actors.UnitedStates, actors.Russia, actors.Ukraine, actors.Force, actors.Institution,
        actors.Europe, actors.Line,
    )  # fmt: skip
    declared = {name for kind in classes for name in kind.__annotations__}
    assert declared - written - given == set(), "declared, never written"
    assert declared - read == set(), "written, never read"


def test_every_purpose_of_luck_is_used():
    purposes = {
        f"{kind}.{purpose}"
        for kind, of in {
            "StateLuck": actors.StateLuck, "UnitedStatesLuck": actors.UnitedStatesLuck, "RussiaLuck": actors.RussiaLuck,
            "UkraineLuck": actors.UkraineLuck, "CouncilLuck": actors.CouncilLuck, "LineLuck": actors.LineLuck,
            "CrisisLuck": actors.CrisisLuck,
        }.items()
        for purpose in of._fields
    }  # fmt: skip
    used = set()
    for path in RULES:
        for function in ast.walk(TREES[path]):
            if not isinstance(function, ast.FunctionDef):
                continue
            kinds = {
                argument.arg: argument.annotation.id
                for argument in function.args.args
                if isinstance(argument.annotation, ast.Name) and argument.annotation.id.endswith("Luck")
            }
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in kinds:
                    used.add(f"{kinds[node.value.id]}.{node.attr}")
    assert used == purposes


def test_every_rule_says_what_it_does():
    for path in SOURCES:
        for node in ast.walk(TREES[path]):
            if isinstance(node, ast.FunctionDef):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def test_the_lint_would_find_a_planted_mistake():
    planted = ast.parse("def rule(state, p):\n    state.x = state.x ** 2 + sum([1.5])\n    state.y = state.y + 1.0\n")
    assert any(isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) for node in ast.walk(planted))
    written, read = variables_used(planted)
    assert written == {"x", "y"}
    assert read == set()
