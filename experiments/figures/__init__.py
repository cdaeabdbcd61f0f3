"""Figures: the maps and curves of a batch, and the timeline of one run."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from experiments.design import Cell, Experiment
from experiments.figures import style
from experiments.figures.curves import survival
from experiments.figures.maps import heatmap, tail
from experiments.figures.timeline import plot_run

__all__ = ["draw_figures", "plot_run"]

DRAWERS = {"heatmap": heatmap, "survival": survival, "tail": tail}


def draw_figures(
    directory: Path,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    experiment: Experiment,
    cells: Sequence[Cell],
    model: str,
) -> list[Path]:
    """Draw the figures that the experiment asks for, as PNG and SVG. Returns the files."""
    written = []
    note = describe(experiment, cells, model)
    with style.styled():
        for name in experiment.figures:
            figure = DRAWERS[name](runs, summary, experiment, cells, note)
            written += style.save(figure, directory / name)
    return written


def describe(experiment: Experiment, cells: Sequence[Cell], model: str) -> str:
    """The fine print under every figure: what was run."""
    states = {len(cell.scenario.roster) for cell in cells}
    roster = f"{min(states)}" if len(states) == 1 else f"{min(states)} to {max(states)}"
    numbers = (
        "the register's point values"
        if experiment.parameters == "point"
        else "drawn from the register's priors"
    )
    if experiment.switches:
        numbers += ", rival theories included"
    fixed = "".join(f", {name} = {value}" for name, value in experiment.set.items())
    return (
        f"{experiment.runs:,} runs per cell with the same luck in every cell (seed {experiment.seed}); scenario "
        f"{experiment.scenario}{fixed}, {roster} states; parameters: {numbers}. Simulated, conditional on "
        f"these assumptions: no forecast. Experiment {experiment.name}, model {model[:10]}."
    )
