"""Figures: the maps and curves of a batch, and the timeline of one run."""

from pathlib import Path

from experiments.figures import style
from experiments.figures.kinds import KINDS
from experiments.figures.timeline import plot_run
from experiments.results import Results

__all__ = ["draw_figures", "plot_run"]


def draw_figures(directory: Path, results: Results) -> list[Path]:
    """Draw the figures that the experiment asks for, as PNG and SVG. Returns the files."""
    written = []
    with style.styled():
        for name in results.asked.experiment.figures:
            written += style.save(KINDS[name].draw(results), directory / name)
    return written
