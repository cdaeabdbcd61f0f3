"""Risks: over the years, the share of runs whose ceasefire still holds or ended first in limited or in renewed war."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from experiments.figures import labels, style
from experiments.survival import WEEKS_A_YEAR

PANEL, HIGH, LEFT, GAP, FOOT = 2.1, 2.2, 0.85, 0.3, 0.5  # inches
BESIDE = 0.62  # inches for the final shares beside a panel
MOST = 3  # panels in a row
TITLE = 9.5  # size


class Layer(NamedTuple):
    """A way in which a run can stand, and its look; the names are those of the statuses in a timeline."""

    column: str
    name: str
    face: str
    hatch: str
    ink: str  # of its share


LAYERS = (  # from the bottom
    Layer("renewed_first", "renewed war first", "#b5523b", "", "#9c3f2a"),
    Layer("limited_first", "limited war first", "#f2b98c", "///", "#9a5a1e"),
    Layer("held", "still holds", "#dbeaf5", "", "#1f5f8b"),
)
EDGE = "#d99a68"  # of hatches


def stacked_risks(
    table: pd.DataFrame, title: str, caption: str, panels: Mapping[str, str] | Sequence[str] = ("",)
) -> Figure:
    """Cumulative incidence of what ended the ceasefire first, stacked to one, a panel for each policy.

    `table` has week, held, limited_first, renewed_first, and panel unless there is only one; `panels` are the values of
    that column in the order to show, with their titles if it is a mapping. The final shares stand beside each panel.
    """
    titles = dict(panels) if isinstance(panels, Mapping) else {panel: panel for panel in panels}
    down = math.ceil(len(titles) / MOST)
    across = math.ceil(len(titles) / down)
    step = PANEL + BESIDE + GAP
    width = max(LEFT + across * step - GAP + style.MARGIN, 6.0)
    heads = {panel: labels.fold(head, PANEL + BESIDE, TITLE, "bold") for panel, head in titles.items()}
    row = FOOT + HIGH + max(labels.height(head, TITLE) for head in heads.values()) + 0.15
    key = {
        layer.name: Patch(facecolor=layer.face, hatch=layer.hatch, edgecolor=EDGE, linewidth=0)
        for layer in reversed(LAYERS)
    }
    sheet = style.new_sheet(width, down * row + labels.key_height(key, width) + 0.12, title, caption)
    weeks = int(table["week"].max())
    for place, (panel, head) in enumerate(heads.items()):
        bottom = (down - 1 - place // across) * row + FOOT
        axes = sheet.axes(LEFT + place % across * step, bottom, PANEL, HIGH)
        rows = table[table["panel"] == panel] if "panel" in table else table
        _draw(axes, rows.sort_values("week"), weeks)
        axes.set_title(head, loc="left", size=TITLE, weight="bold", pad=6)
        first, last = place % across == 0, place + across >= len(heads)
        axes.set_ylabel("Share of runs" if first else "")
        axes.tick_params(labelleft=first)
        unit = "Years" if weeks >= WEEKS_A_YEAR else "Weeks"
        axes.set_xlabel(f"{unit} since the ceasefire" if last else "")
    labels.draw_key(sheet, key, down * row + 0.08)
    return sheet.figure


def _draw(axes: Axes, rows: pd.DataFrame, weeks: int) -> None:
    """The layers of one panel as steps, each in front of those above it, and the share that each ends with."""
    unit = WEEKS_A_YEAR if weeks >= WEEKS_A_YEAR else 1
    axes.set_xlim(0, max(weeks, 1) / unit)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))
    rows = rows.dropna(subset=[layer.column for layer in LAYERS])
    if rows.empty:
        return
    times = np.repeat(rows["week"].to_numpy(float) / unit, 2)[1:]  # of both ends of each step
    tops = rows[[layer.column for layer in LAYERS]].cumsum(axis="columns")
    ends = []
    for layer in reversed(LAYERS):
        heights = np.repeat(tops[layer.column].to_numpy(float), 2)[:-1]
        outline = ([times[0], *times, times[-1]], [0.0, *heights, 0.0])
        axes.fill(*outline, facecolor=layer.face, hatch=layer.hatch, edgecolor=EDGE, linewidth=0)
        axes.plot(times, heights, color="white", linewidth=1.0)
        share = float(rows[layer.column].iloc[-1])
        ends.append(labels.End(labels.percent(share), float(heights[-1]) - share / 2, layer.ink))
    labels.name_ends(axes, ends[::-1], size=9)
