"""The experiments that come with the model: what each asks, and what it costs."""

from dataclasses import dataclass
from functools import cached_property

from experiments.design import Cell, Experiment, list_experiments, load_experiment

# Runs cost by the week and by the state. Seconds on two cores of the machine of docs/benchmarks.md, to a third or so.
SECONDS_A_WEEK, SECONDS_A_STATE_WEEK = 0.5e-6, 0.09e-6
SECONDS_AT_LEAST = 5.0  # for the tables and figures


@dataclass(frozen=True)
class Entry:
    """One experiment with its cells."""

    experiment: Experiment
    asked: str  # its name, or its file

    @cached_property
    def cells(self) -> list[Cell]:
        """Its cells."""
        return self.experiment.cells(self.asked)

    @property
    def runs(self) -> int:
        """Runs in all cells together."""
        return len(self.cells) * self.experiment.runs

    @property
    def seconds(self) -> float:
        """About how long it takes on two cores."""
        each = sum(
            cell.scenario.weeks * (SECONDS_A_WEEK + SECONDS_A_STATE_WEEK * len(cell.scenario.roster))
            for cell in self.cells
        )
        return SECONDS_AT_LEAST + self.experiment.runs * each

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        told = {key: getattr(self.experiment, key) for key in ("name", "question", "title", "about", "plan")}
        cost = {"cells": len(self.cells), "runs_per_cell": self.experiment.runs, "runs": self.runs}
        return told | cost | {"seconds_on_two_cores": round(self.seconds), "figures": list(self.experiment.figures)}


def describe(name_or_path: str) -> Entry:
    """One experiment. Raises ExperimentError."""
    return Entry(load_experiment(name_or_path)[0], name_or_path)


def list_entries() -> list[Entry]:
    """All bundled experiments, by question."""
    found = [describe(name) for name in list_experiments()]
    return sorted(found, key=lambda each: (int(each.experiment.question[1:]), each.experiment.name != "headline"))


def by_question() -> list[str]:
    """Names of the bundled experiments, in the order of the questions."""
    return [entry.experiment.name for entry in list_entries()]
