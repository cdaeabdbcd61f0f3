"""Loads the parameter register: one TOML file per group, one table per parameter."""

import keyword
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from model.register.entry import Parameter, RegisterError
from model.register.files import HOME, build, read_toml

RESERVED = ("name", "about", "start", "weeks", "roster", "states")  # what a scenario says besides groups


@cache
def load_register(directory: Path = HOME) -> Mapping[str, Parameter]:
    """Every parameter by its dotted name, groups and keys in file order. Raises RegisterError."""
    register: dict[str, Parameter] = {}
    for file in _group_files(directory):
        group = file.name.removesuffix(".toml")
        _check_name(file.name, group)
        for key, fields in read_toml(file).items():
            if key == "about" and isinstance(fields, str):
                continue
            where = f"{file.name} [{key}]"
            if not isinstance(fields, dict):
                raise RegisterError(f"{where}: a parameter is a table with value, unit, kind, grade, ...")
            _check_name(where, key)
            if {"group", "key"} & fields.keys():
                raise RegisterError(f"{where}: unknown key; the file and the table name the parameter")
            parameter = build(Parameter, where, {"group": group, "key": key, **fields})
            register[parameter.name] = parameter
    return MappingProxyType(register)


@cache
def load_groups(directory: Path = HOME) -> Mapping[str, str]:
    """The sentence about each group, by group. Raises RegisterError."""
    about: dict[str, str] = {}
    for file in _group_files(directory):
        sentence = read_toml(file).get("about", "")
        if not isinstance(sentence, str):
            raise RegisterError(f"{file.name} about: one sentence on the group, in quotes")
        about[file.name.removesuffix(".toml")] = sentence
    return MappingProxyType(about)


def _group_files(directory: Path) -> list[Path]:
    found = [file for file in directory.iterdir() if file.name.endswith(".toml")]
    if not found:
        raise RegisterError(f"{directory.name}: the register has no .toml files")
    return sorted(found, key=lambda file: file.name)


def _check_name(where: str, name: str) -> None:
    """Names become attributes in the rules, so they must be valid and must not mean something else."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name) or name in RESERVED:
        raise RegisterError(f'{where}: "{name}" cannot be a name; use a lower-case word that is not reserved')
