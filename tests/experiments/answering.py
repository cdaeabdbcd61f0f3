"""Results that were never played, for tests of answers: what each arm does is given, all else does nothing."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd

from experiments.analysis.levels import averages, pairs
from experiments.answers.reader import Folder
from experiments.design import Cell, Experiment, load_experiment
from experiments.draws import Floats
from experiments.figures.designs import full_design
from experiments.results import Results
from model.outcomes import OUTCOMES

type Given = Mapping[tuple[str, str], Sequence[float]]  # by cell and outcome: estimate, low, high

NOTHING = (0.0, -0.01, 0.01)  # a difference that cannot be told from zero


@cache
def cells_of(name: str) -> list[Cell]:
    """The cells of a bundled experiment."""
    return load_experiment(name)[0].cells()


def write_folder(root: Path, name: str, tables: Mapping[str, pd.DataFrame], cells: bool = True) -> Folder:
    """A finished folder of a bundled experiment, with these tables and an empty file for each of its figures.

    Without `cells` its manifest names none: thousands take seconds to make.
    """
    experiment, manifest = _manifest(name, cells)
    path = root / name
    path.mkdir(parents=True)
    (path / "manifest.json").write_text(manifest)
    for table, content in tables.items():
        content.to_csv(path / f"{table}.csv", index=False)
    for figure in experiment.figures:
        (path / f"{figure}.svg").touch()
    return Folder(path)


@cache
def _manifest(name: str, cells: bool) -> tuple[Experiment, str]:
    """A bundled experiment and its manifest, made once for all folders."""
    experiment, _ = load_experiment(name)
    told = (
        [{"cell": cell.label, "arm": cell.arm, "settings": cell.settings} for cell in cells_of(name)] if cells else []
    )
    manifest = {
        "experiment": experiment.model_dump(mode="json"),
        "cells": told,
        "points": 0,
        "model_fingerprint": "0" * 64,
    }
    return experiment, json.dumps(manifest)


def summary_of(experiment: Experiment, given: Given) -> pd.DataFrame:
    """summary.csv: means of every outcome in every cell, 1 (0.9 to 1.1) where not given."""
    levers = experiment.levers()
    rows = [
        (cell.label, cell.arm, *values, outcome, *given.get((cell.label, outcome), (1.0, 0.9, 1.1)))
        for cell in cells_of(experiment.name)
        for values in [[cell.value(name) for name in levers]]
        for outcome in OUTCOMES
    ]
    return pd.DataFrame(rows, columns=["cell", "arm", *levers, "outcome", "mean", "low", "high"])


def effects_of(experiment: Experiment, given: Given, nothing: Sequence[float] = NOTHING) -> pd.DataFrame:
    """effects.csv: every cell less `versus`."""
    rows = [
        (cell.label, experiment.versus, outcome, *given.get((cell.label, outcome), nothing))
        for cell in cells_of(experiment.name)
        for outcome in experiment.outcomes
        if cell.label != experiment.versus
    ]
    return pd.DataFrame(rows, columns=["cell", "less", "outcome", "difference", "low", "high"])


def contrasts_of(experiment: Experiment, given: Mapping[tuple[str, str, str], Sequence[float]]) -> pd.DataFrame:
    """contrasts.csv: every cell less each whose settings are all among its own; given by cell, less and outcome."""
    rows = [
        (cell.label, less.label, outcome, *given.get((cell.label, less.label, outcome), NOTHING))
        for cell in cells_of(experiment.name)
        for less in cells_of(experiment.name)
        for outcome in experiment.outcomes
        if less.label != experiment.versus and less.settings.items() < cell.settings.items()
    ]
    return pd.DataFrame(rows, columns=["cell", "less", "outcome", "difference", "low", "high"])


def pairs_of(experiment: Experiment, given: Mapping[tuple[str, ...], Sequence[float]]) -> pd.DataFrame:
    """pairs.csv: given by outcome, level, less, for every part of the design, or by these and what another is at."""
    return _parts_of(experiment, pairs, ("level", "less"), "difference", given, NOTHING)


def averages_of(experiment: Experiment, given: Mapping[tuple[str, ...], Sequence[float]]) -> pd.DataFrame:
    """averages.csv: given by outcome and level, for every part of the design, or by these and what another is at."""
    return _parts_of(experiment, averages, ("level",), "mean", given, (0.5, 0.45, 0.55))


def _parts_of(
    experiment: Experiment,
    made: Callable[[pd.DataFrame, Floats, str], pd.DataFrame],
    keys: tuple[str, ...],
    value: str,
    given: Mapping[tuple[str, ...], Sequence[float]],
    else_: Sequence[float],
) -> pd.DataFrame:
    tables = []
    for outcome in experiment.outcomes:
        table = _empty_parts(experiment.name, made).copy()
        found = []
        for row in table.to_dict("records"):
            key = (outcome, *(str(row[name]) for name in keys))
            found.append(given.get((*key, str(row["at"])), given.get(key, else_)))
        table[[value, "low", "high"]] = found
        tables.append(table.assign(outcome=outcome))
    return pd.concat(tables, ignore_index=True)


@cache
def _empty_parts(name: str, made: Callable[[pd.DataFrame, Floats, str], pd.DataFrame]) -> pd.DataFrame:
    """The rows of such a table, of runs in which nothing happens."""
    asked = SimpleNamespace(experiment=load_experiment(name)[0], cells=cells_of(name))
    design, labels = full_design(cast(Results, SimpleNamespace(asked=asked)))
    return made(design, np.zeros((len(labels), 2)), "held")
