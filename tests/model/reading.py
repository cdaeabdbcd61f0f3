"""Reads the rules' syntax trees: which parameters they use, and which state variables they write and read."""

import ast
from pathlib import Path

MODEL = Path(__file__).parents[2] / "model"
RULES = sorted((MODEL / "rules").glob("*.py"))
SOURCES = [*RULES, MODEL / "week.py"]


def parameters_used(path: Path) -> set[str]:
    """Dotted names of the register's parameters that a file reads, through `p.group` and its local short names."""
    used: set[str] = set()
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.FunctionDef):
            continue
        short: dict[str, str] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute):
                owner = node.value.value
                if isinstance(owner, ast.Name) and owner.id == "p" and isinstance(node.targets[0], ast.Name):
                    short[node.targets[0].id] = node.value.attr
        for node in ast.walk(function):
            if not isinstance(node, ast.Attribute):
                continue
            owner = node.value
            if isinstance(owner, ast.Name) and owner.id in short:
                used.add(f"{short[owner.id]}.{node.attr}")
            elif isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name) and owner.value.id == "p":
                used.add(f"{owner.attr}.{node.attr}")
    return used


def variables_used(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Attributes of actors that a file writes, and those that it reads for more than to move themselves."""
    written: set[str] = set()
    read: set[str] = set()
    groups = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _of_parameters(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    moves: dict[int, set[str]] = {}  # by the identity of a node: the variables that its statement sets
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets = {target.attr for target in node.targets if isinstance(target, ast.Attribute)}
            moves |= {id(inner): targets for inner in ast.walk(node.value)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value
        if _of_parameters(owner) or (isinstance(owner, ast.Name) and owner.id in groups):
            continue
        if isinstance(node.ctx, ast.Store):
            written.add(node.attr)
        elif node.attr not in moves.get(id(node), set()):
            read.add(node.attr)
    return written, read


def _of_parameters(node: ast.AST) -> bool:
    """Whether a node is `p.group`."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "p"
