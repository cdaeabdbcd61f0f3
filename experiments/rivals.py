"""Rules of one's own in many runs: played compiled, and compared with the standard rules run by run."""

import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import cast, get_args

import numpy as np
import pandas as pd

from experiments.batch import drawn_runs, one_of
from experiments.chunks import CHUNK_RUNS, Outcomes, engine
from experiments.design import ExperimentError, Parameters
from experiments.intervals import paired_difference
from model.agents import CLASSES, Actor, choose_classes
from model.engine import Engine
from model.engine.linking import rules_of
from model.outcomes import OUTCOMES
from model.register import did_you_mean, nearest
from model.scenario import Scenario, load_scenario

type Classes = Mapping[str, type[Actor]]

_engines: dict[tuple[tuple[str, type[Actor]], ...], Engine] = {}


def play_runs(
    scenario: str | Scenario,
    classes: Classes | None = None,
    *,
    runs: int = 2000,
    seed: int = 1,
    parameters: str = "posterior",
    switches: bool = False,
) -> pd.DataFrame:
    """Play a scenario many times: a row for each run, numbered from 0, and a column for each outcome.

        standard = play_runs("uk-french-plan")
        rival = play_runs("uk-french-plan", {"Russia": MyRussia})

    `scenario` is a Scenario, the name of a bundled one or a file; `classes` as in `engine_with`. Run r has the same
    luck and the same parameters whatever the scenario and the rules, and is run r of a batch with this seed.
    `parameters` are drawn from the posterior or the prior, or are the register's (point); with `switches` rival
    theories are drawn too. Raises ScenarioError or ExperimentError, and what `engine_with` raises.
    """
    one_of("parameters", parameters, get_args(Parameters))
    if runs < 1:
        raise ExperimentError(f"runs: {runs} is not allowed; a whole number from 1")
    chosen = load_scenario(scenario) if isinstance(scenario, str) else scenario
    draws = drawn_runs(cast(Parameters, parameters), switches, seed)
    machine = engine_with(classes)

    def play(first: int) -> Outcomes:
        count = min(CHUNK_RUNS, runs - first)
        drawn = draws(first).columns_for(chosen, first, count) if draws else None
        return machine.play(chosen, seed, first, count, drawn)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        played = list(pool.map(play, range(0, runs, CHUNK_RUNS)))
    return pd.DataFrame(np.concatenate(played), columns=list(OUTCOMES)).rename_axis("run")


def compare_runs(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """How `one` differs from `other`, run by run: a row for each outcome.

    Columns: unit; one and other, the means; difference with its 95% interval, low and high (Tango for what happens
    or not, bootstrap for amounts, both paired); higher and lower, the number of runs in which `one` was so. Raises
    ValueError unless both have the same runs.
    """
    if not one.index.equals(other.index):
        raise ValueError(f"pairs need the same runs, not {len(one)} and {len(other)}")
    rows = {}
    for name, outcome in OUTCOMES.items():
        mine, theirs = one[name].to_numpy(), other[name].to_numpy()
        counts = int((mine > theirs).sum()), int((mine < theirs).sum())
        rows[name] = (outcome.unit, mine.mean(), theirs.mean(), *paired_difference(name, mine, theirs), *counts)
    columns = ["unit", "one", "other", "difference", "low", "high", "higher", "lower"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("outcome")


def engine_with(classes: Classes | None = None) -> Engine:
    """The compiled engine, with `classes` in the place of agent classes by name: {"Russia": MyRussia}.

    New rules are compiled once in a process, which takes half a minute. Raises ValueError for a class that takes
    nobody's place or changes no rule, and TypeError for a rule that cannot be compiled.
    """
    if not classes:
        return engine(_say)
    key = tuple(sorted(classes.items(), key=lambda item: item[0]))
    if key not in _engines:
        choose_classes(classes)
        for name, kind in classes.items():
            _check_class(name, kind)
        made = Engine(classes)
        made.compile(_say)
        _engines[key] = made
    return _engines[key]


def _check_class(name: str, kind: type[Actor]) -> None:
    """A misspelt rule would change nothing, and nobody would notice."""
    standard = CLASSES[name]
    if not issubclass(kind, standard):
        raise ValueError(f"classes: {kind.__name__} is not a subclass of model.agents.{name}")
    rules, own = rules_of(standard), rules_of(kind)
    if rules.items() <= own.items():
        added = [method for method in own if method not in rules]
        hint = did_you_mean(nearest(added[0], rules)) if added else ""
        raise ValueError(f"classes: {kind.__name__} changes no rule of {name}, which are {', '.join(rules)}{hint}")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
