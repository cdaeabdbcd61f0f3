"""Fans: how series spread over the years, median and bands, a panel for each series."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures import labels, style
from experiments.survival import WEEKS_A_YEAR

PANEL, HIGH, LEFT, GAP, FOOT = 3.0, 1.9, 0.75, 0.75, 0.5  # inches
MOST = 3  # panels in a row
TITLE = 9.0  # size
HATCHES, HATCH = ("", "////", "\\\\\\\\"), 0.5  # and how thick their lines are
SHADES = (0.28, 0.26, 0.16)  # of the middle halves
MOST_RUNS = 40


class Panel(NamedTuple):
    """A series and how it is shown: its column's name, its title, its unit, the ends of its scale where known."""

    name: str
    title: str
    unit: str
    floor: float | None = None  # of a logarithmic scale, on which what is smaller lies; linear from zero without
    top: float | None = None


def fans(
    table: pd.DataFrame,
    title: str,
    caption: str,
    panels: Sequence[Panel],
    groups: Sequence[str],
    runs: pd.DataFrame | None = None,
) -> Figure:
    """Weekly fans over the years: median, middle 50% and middle 90% of runs, for one to three groups.

    `table` has series, group, week, median, low_50, high_50, low_90, high_90. `runs` has series, group, run, week,
    value: single runs that are drawn thinly beneath. A group that a series lacks is left out of its panel.
    """
    if len(groups) > len(HATCHES):
        raise ValueError(f"{len(groups)} fans cannot be told apart; at most {len(HATCHES)}")
    looks = dict(zip(groups, range(len(HATCHES)), strict=False))
    weeks = int(table["week"].max())
    unit = WEEKS_A_YEAR if weeks >= WEEKS_A_YEAR else 1
    down = math.ceil(len(panels) / MOST)
    across = math.ceil(len(panels) / down)
    width = max(LEFT + across * (PANEL + GAP) - GAP + style.MARGIN, 6.5)
    heads = [labels.fold(f"{panel.title} ({panel.unit})", PANEL + 0.2, TITLE, "bold") for panel in panels]
    row = FOOT + HIGH + max(labels.height(head, TITLE) for head in heads) + 0.15
    key = _key(looks, runs is not None)
    above = labels.key_height(key, width) + 0.15
    sheet = style.new_sheet(width, down * row + above, title, caption)
    for place, (panel, head) in enumerate(zip(panels, heads, strict=True)):
        bottom = (down - 1 - place // across) * row + FOOT
        axes = sheet.axes(LEFT + place % across * (PANEL + GAP), bottom, PANEL, HIGH)
        axes.set_title(head, loc="left", size=TITLE, weight="bold", pad=5)
        its_runs = None if runs is None else runs[runs["series"] == panel.name]
        _draw(axes, table[table["series"] == panel.name], looks, panel, its_runs, unit)
        axes.set_xlim(0, weeks / unit)
        last = place + across >= len(panels)
        axes.set_xlabel(f"{'Weeks' if unit == 1 else 'Years'} since the ceasefire" if last else "")
    labels.draw_key(sheet, key, down * row + 0.1)
    return sheet.figure


def _draw(
    axes: Axes, table: pd.DataFrame, looks: Mapping[str, int], panel: Panel, runs: pd.DataFrame | None, unit: int
) -> None:
    """The fans of one series, the first group at the back; `unit` is the weeks of a step on the axis."""
    for group, place in looks.items():
        colour, dashes = style.LINES[place]
        if runs is not None:
            axes.plot(*_chain(runs[runs["group"] == group], unit), color=colour, linewidth=0.4, alpha=0.45, zorder=1)
        rows = table[table["group"] == group].sort_values("week")
        times = rows["week"] / unit
        shades: tuple[dict[str, Any], ...] = (
            {"facecolor": to_rgba(colour, 0.10), "linewidth": 0.6, "linestyle": dashes},
            {"facecolor": to_rgba(colour, SHADES[place]), "linewidth": 0},
            {"facecolor": "none", "linewidth": 0, "hatch": HATCHES[place]},  # in SVG a pale face would hide its hatch
        )
        for band, shade in zip((90, 50, 50), shades, strict=True):
            filled = axes.fill_between(times, rows[f"low_{band}"], rows[f"high_{band}"], edgecolor=colour, **shade)
            filled.set_hatch_linewidth(HATCH)
        alone = "o" if len(rows) == 1 else None  # a line needs two weeks
        line = axes.plot(times, rows["median"], color=colour, linestyle=dashes, linewidth=2.0, marker=alone, zorder=3)
        line[0].set_clip_on(alone is None)
    _scale(axes, table, panel)


def _chain(runs: pd.DataFrame, unit: int) -> tuple[list[float], list[float]]:
    """The first runs as one broken line, which makes a small file."""
    times: list[float] = []
    values: list[float] = []
    for _, rows in list(runs.groupby("run"))[:MOST_RUNS]:
        times += [*(rows["week"] / unit), math.nan]
        values += [*rows["value"], math.nan]
    return times, values


def _scale(axes: Axes, table: pd.DataFrame, panel: Panel) -> None:
    """A scale that holds the middle 90%, and starts at zero unless it is logarithmic."""
    numbers = table[["low_90", "high_90", "median"]].to_numpy(float)
    known = numbers[np.isfinite(numbers)]
    highest, lowest = (float(known.max()), float(known.min())) if known.size else (1.0, 0.0)
    if panel.floor is not None:
        axes.set_yscale("log", nonpositive="clip")
        axes.set_ylim(panel.floor, panel.top or max(highest * 1.3, panel.floor * 10))
    else:
        axes.set_ylim(min(lowest * 1.06, 0.0), panel.top or (highest * 1.06 if highest > 0 else 1.0))
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}".replace("-", labels.MINUS)))
    axes.tick_params(axis="y", which="minor", length=0)
    axes.tick_params(labelsize=8)


def _key(looks: Mapping[str, int], runs: bool) -> dict[str, Any]:
    """The groups by the look of their medians and middles, then what is what."""
    found: dict[str, Any] = {}
    for group, place in looks.items():
        colour, dashes = style.LINES[place]
        shade = Patch(facecolor=to_rgba(colour, SHADES[place]), linewidth=0)
        lines = Patch(facecolor="none", edgecolor=colour, linewidth=0, hatch=HATCHES[place])
        lines.set_hatch_linewidth(HATCH)
        found[group] = (shade, lines, Line2D([], [], color=colour, linestyle=dashes, linewidth=2.0))
    found["median"] = Line2D([], [], color=style.GREY, linewidth=2.0)
    found["middle 50%"] = Patch(facecolor=to_rgba(style.GREY, 0.38))
    found["middle 90%"] = Patch(facecolor=to_rgba(style.GREY, 0.12), edgecolor=style.GREY, linewidth=0.6)
    return found | ({"single runs": Line2D([], [], color=style.GREY, linewidth=0.4)} if runs else {})
