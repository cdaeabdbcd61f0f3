"""Scenarios side by side: run r has the same luck and the same drawn parameters in all of them."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from rich.console import Console

from experiments.batch import drawn_runs
from experiments.chunks import DrawnRuns, Outcomes, Plan, origin
from experiments.executors import choose_executor
from experiments.intervals import Interval
from experiments.pairing import PAIRS, Pairing, differing_settings, pair_up
from experiments.progress import show_progress
from experiments.summary import effects, summarise
from experiments.survival import curve
from model.outcomes import OUTCOMES
from model.scenario import Scenario

QUIET = 1.5  # seconds of playing before progress is shown


class Difference(NamedTuple):
    """One outcome of a scenario less that of the first, over pairs of runs with the same luck."""

    interval: Interval
    higher: int  # pairs in which it was higher than in the first; of an event, in which it came here alone
    lower: int  # pairs in which it was lower; of an event, in which it came in the first alone


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scenarios that were played side by side; A is the first, and all others are compared with it."""

    asked: Pairing
    outcomes: Mapping[str, pd.DataFrame]  # by label: a row for each run, a column for each outcome
    means: pd.DataFrame  # scenario, outcome, unit, n, mean, low, high, median, interval
    differences: pd.DataFrame  # scenario, less, outcome, unit, n, difference, low, high, interval, higher, lower
    survival: pd.DataFrame  # scenario, week, at_risk, collapses, survival, low, high
    settings: pd.DataFrame  # the settings that are not the same for all: setting, A, B and so on

    def mean(self, label: str, outcome: str) -> Interval:
        """The mean of an outcome in a scenario, with its 95% interval."""
        row = _row(self.means, label, outcome)
        return Interval(float(row["mean"]), float(row["low"]), float(row["high"]))

    def difference(self, label: str, outcome: str) -> Difference:
        """An outcome of a scenario less that of the first, paired by run."""
        row = _row(self.differences, label, outcome)
        interval = Interval(float(row["difference"]), float(row["low"]), float(row["high"]))
        return Difference(interval, int(row["higher"]), int(row["lower"]))

    def as_json(self) -> dict[str, object]:
        """Everything but the single runs, as plain data."""
        asked = self.asked
        return {
            "pairs": asked.runs,
            "seed": asked.seed,
            "weeks": asked.weeks,
            "parameters": asked.parameters,
            "switches": asked.switches,
            "model_fingerprint": origin().model,
            "scenarios": [
                {"label": side.label, "name": side.name, "settings": list(side.settings), "about": side.scenario.about}
                | {"start": side.scenario.start.isoformat(), "roster": list(side.scenario.roster)}
                for side in asked.sides
            ],
            "settings_that_differ": self.settings.to_dict("records"),
            "means": self.means.to_dict("records"),
            "differences": self.differences.to_dict("records"),
            "survival": self.survival.to_dict("records"),
        }


def compare(
    scenarios: Sequence[str | Scenario],
    *,
    runs: int = PAIRS,
    seed: int = 1,
    parameters: str = "posterior",
    switches: bool = False,
    settings: Sequence[str] = (),
    console: Console | None = None,
) -> Comparison:
    """Compare scenarios with the first of them, run by run: same run, same luck, same drawn parameters.

    A scenario is a Scenario, the name of a bundled one or a file, or one of these with settings of its own:

        found = compare(["baseline", "baseline:force.size=25000,guarantee.form=ratified"], runs=2000)
        found.difference("B", "held")  # interval, pairs in which only B held, pairs in which only A held
        found.differences              # all outcomes, as a table

    `settings` (key=value) go for all. `parameters` are drawn from the posterior or the prior, or are the register's
    values (point); with `switches` rival theories are drawn too. The runs are those that a batch of the same
    scenario and seed plays. Progress goes to `console`, standard error unless told otherwise. Raises ScenarioError
    or ExperimentError for a user's mistake, before anything runs.
    """
    asked = pair_up(scenarios, runs=runs, seed=seed, parameters=parameters, switches=switches, settings=settings)
    return play_pairs(asked, console or Console(stderr=True))


def play_pairs(asked: Pairing, console: Console) -> Comparison:
    """Play all runs of a pairing and compare them; progress goes to the console."""
    draws = drawn_runs(asked.parameters, asked.switches, asked.seed)
    played = _play(asked, draws, console)
    outcomes = {
        side.label: pd.DataFrame(values, columns=list(OUTCOMES)).rename_axis("run")
        for side, values in zip(asked.sides, played, strict=True)
    }

    def column(label: str, name: str) -> Outcomes:
        return outcomes[label][name].to_numpy()

    labels = pd.DataFrame({"cell": list(outcomes), "arm": ""})
    means = summarise(labels, column)
    differences = effects(labels, column, labels["cell"].iloc[0], list(OUTCOMES))
    pairs = [
        (column(cell, name), column(less, name))
        for cell, less, name in differences[["cell", "less", "outcome"]].itertuples(index=False)
    ]
    differences["higher"] = [int((one > other).sum()) for one, other in pairs]
    differences["lower"] = [int((one < other).sum()) for one, other in pairs]
    curves = {label: curve(column(label, "weeks_held"), column(label, "held"), asked.weeks) for label in outcomes}
    differing = differing_settings(asked.sides, draws(0).names if draws else ())
    return Comparison(
        asked,
        outcomes,
        _by_scenario(means),
        _by_scenario(differences),
        pd.concat(curves, names=["scenario"]).reset_index(level=0).reset_index(drop=True),
        pd.DataFrame([[name, *values] for name, values in differing.items()], columns=["setting", *outcomes]),
    )


def _play(asked: Pairing, draws: DrawnRuns | None, console: Console) -> list[Outcomes]:
    """The outcomes of all runs of each scenario, in order."""
    plan = Plan([side.scenario for side in asked.sides], asked.runs, asked.seed, draws, origin())
    total, done = sum(slot.runs for slot in plan.slots), 0
    shards: dict[str, Outcomes] = {}
    with ExitStack() as stack:
        mapper = stack.enter_context(
            choose_executor(None, None, None).open(lambda text: console.print(f"compare: {text}", highlight=False))
        )
        played = stack.enter_context(closing(mapper(plan.chunk(slot) for slot in plan.slots)))
        started, report = time.monotonic(), None
        for chunk, outcomes in played:
            shards[chunk.name] = outcomes
            done += len(outcomes)
            if report is not None:
                report(len(outcomes))
            elif done < total and time.monotonic() - started > QUIET:
                report = stack.enter_context(show_progress(console, "compare", total, done))
    return [
        np.concatenate([shards[part.shard][part.row : part.row + part.count] for part in plan.parts(place)])
        for place in range(len(asked.sides))
    ]


def _by_scenario(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns="arm").rename(columns={"cell": "scenario"})


def _row(table: pd.DataFrame, label: str, outcome: str) -> "pd.Series[Any]":
    """The one row of a scenario and an outcome. Raises KeyError if there is none."""
    found = table[(table["scenario"] == label) & (table["outcome"] == outcome)]
    if found.empty:
        raise KeyError(f"no {outcome} of {label} here")
    return found.iloc[0]
