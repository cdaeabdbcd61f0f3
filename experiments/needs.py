"""What each kind of figure needs of an experiment: said before anything runs."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.design import Experiment

MOST_LINES = 7  # that can be told apart in one panel
MOST_FANS = 3


def check_figures(experiment: "Experiment") -> None:
    """Raise ValueError, naming the key, if a figure cannot be drawn of this experiment."""
    grid, weekly, arms = experiment.grid, experiment.weekly, experiment.arms
    rivals = (
        len({tuple(arm.grid) for arm in arms}) == 1 and bool(arms[0].grid) and not grid,
        "arms (policies) that all have the same grid (of rival theories)",
    )
    needs = {
        "heatmap": (len(grid) == 2, "a grid of two settings (across, then up)"),
        "tail": (len(grid) == 2, "a grid of two settings (across, then up)"),
        "doses": (
            len(grid) == 2 and next(iter(grid)) == "force.size",
            "a grid of two settings, force.size and then another",
        ),
        "effects": (bool(experiment.versus), "versus, the label of the cell to compare with"),
        "pareto": (
            len(experiment.outcomes) > 1 and bool(grid or arms),
            "two outcomes, and cells of a grid or of arms",
        ),
        "risks": (bool(grid or arms), "cells of a grid or of arms"),
        "fans": (
            weekly is not None and bool(weekly.series) and 0 < len(weekly.cells) <= MOST_FANS,
            f"a table [weekly] with series and at most {MOST_FANS} cells",
        ),
        "tiles": (weekly is not None and bool(weekly.states), "a table [weekly] with states"),
        "contributions": (weekly is not None and bool(weekly.states), "a table [weekly] with states"),
        "tornado": (experiment.sample is not None, "a [sample]"),
        "box": (
            experiment.sample is not None and experiment.sample.method in {"latin-hypercube", "sobol"},
            'a [sample] with method = "sobol" or "latin-hypercube"',
        ),
        "worlds": rivals,
        "variance": rivals,
        "survival": (bool(grid or arms), "a grid or arms; it shows no points of a sample"),
    }
    for name in experiment.figures:
        met, needed = needs.get(name, (True, ""))
        if not met:
            raise ValueError(f"figures: {name} needs {needed}")
    if "survival" in experiment.figures:
        _check_survival(experiment)


def _check_survival(experiment: "Experiment") -> None:
    """Refuse more panels or lines than a reader can tell apart."""
    if len(experiment.grid) > 2:
        raise ValueError("figures: survival shows a grid of one or two settings (lines, then panels)")
    if experiment.grid:
        axis = next(iter(experiment.grid))
        lines = len(experiment.survival.get(axis, experiment.grid[axis]))
    else:
        lines = sum(math.prod(map(len, arm.grid.values())) for arm in experiment.arms)
    if lines > MOST_LINES:
        raise ValueError(f"survival: more than {MOST_LINES} lines; choose some, under [survival]")
