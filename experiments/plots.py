"""The figure that --plot asks for: refused before anything runs if it cannot be written, then written whole."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PLOTS = ("png", "svg", "pdf")


def check_plot(plot: Path | None) -> None:
    """Refuse a figure that cannot be written before the run rather than after it."""
    if plot is None:
        return
    if plot.suffix.removeprefix(".").lower() not in PLOTS:
        raise typer.BadParameter(f"{plot} must end in .{', .'.join(PLOTS)}", param_hint="--plot")
    if plot.is_dir() or not plot.parent.is_dir() or not os.access(plot.parent, os.W_OK):
        raise typer.BadParameter(f"{plot} cannot be written", param_hint="--plot")


def write_plot(figure: "Figure", plot: Path) -> None:
    """Write a figure whole, in the format of the file's ending."""
    from experiments.store import whole  # noqa: PLC0415  (pyarrow takes a while)

    with whole(plot) as part:
        figure.savefig(part, dpi=160, format=plot.suffix.removeprefix(".").lower())
