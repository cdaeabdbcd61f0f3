"""Reads the rules' syntax trees: which parameters they use, and what they write."""

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
            elif (
                isinstance(owner, ast.Attribute)
                and isinstance(owner.value, ast.Name)
                and owner.value.id == "p"
            ):
                used.add(f"{owner.attr}.{node.attr}")
    return used
