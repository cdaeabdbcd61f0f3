"""Worlds: how each policy fares under every combination of rival theories, a dot for each."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from experiments.figures import labels, style

DOTS, FOOT = 4.6, 0.5  # inches: the axes, and ticks with their label
NAME, HEAD, SIZE = 2.6, 1.0, 8.5  # inches to which policies and titles of numbers are folded, and their size
ROW, PILE, BASE = 0.66, 0.48, 0.13  # inches of a policy, of its dots at the most, and below them
DOT = 0.05  # inches of a dot
REACHES, FALLS_SHORT = style.LINES[0][0], "#b8b8b8"

type Floats = NDArray[np.float64]


def worlds(
    table: pd.DataFrame,
    scores: pd.DataFrame,
    title: str,
    caption: str,
    target: float = 0.8,
    *,
    goal: str = "four in five",
    label: str = "The ceasefire holds (share of runs)",
) -> Figure:
    """Dots for worlds with median and 5-95% range over them, and beside them how robust each policy is.

    `table` has policy, world, share: the chance to hold of a policy in a world. `scores` has a row for each policy, in
    the order to show: policy, median, low, high (5% and 95%), reached (share of worlds in which the target is reached)
    and regret (the most that the policy falls behind the best one of the same world, as a share).
    """
    names = [labels.fold(str(name), NAME, SIZE) for name in scores["policy"]]
    rows = [max(ROW, labels.height(name, SIZE) + 0.1) for name in names]
    high = sum(rows)
    bases = np.cumsum(rows) - (np.array(rows) - ROW) / 2 - BASE  # inches from the top to where dots stand
    left = style.MARGIN + max(labels.width(name, SIZE) for name in names) + 0.15
    heads = [
        labels.fold(head, HEAD, 8, "bold") for head in ("median", f"worlds that reach {goal}", "largest regret, points")
    ]
    above = max(labels.height(head, 8) for head in heads) + 0.1
    key = _key(goal)
    width = left + DOTS + len(heads) * (HEAD + 0.1) + style.MARGIN
    sheet = style.new_sheet(width, FOOT + high + above + labels.key_height(key, width) + 0.1, title, caption)
    shares = table["share"].to_numpy(float)
    ends = scores[["low", "high"]].to_numpy(float).ravel()
    axes = sheet.axes(left, FOOT, DOTS, high, xlim=labels.share_span([target, *shares, *ends]), ylim=(high, 0))
    _draw_dots(axes, table, dict(zip(scores["policy"], bases, strict=True)), target)
    _draw_ranges(axes, scores, bases)
    axes.axvline(target, color=style.ACCENT, linestyle=(0, (4, 3)), linewidth=1.2, zorder=0)
    axes.text(target, -0.05, goal, size=8, ha="center", va="bottom", color=style.ACCENT, weight="bold")
    axes.set_xlabel(label)
    told = zip(scores["median"], scores["reached"], scores["regret"], strict=True)
    middles = np.cumsum(rows) - np.array(rows) / 2
    for name, middle, (median, reached, regret) in zip(names, middles, told, strict=True):
        sheet.write(left - 0.12, FOOT + high - middle, name, size=SIZE, ha="right", linespacing=1.1)
        texts = (labels.percent(median), labels.percent(reached), labels.number(100 * regret))
        for place, text in enumerate(texts, 1):
            sheet.write(left + DOTS + place * (HEAD + 0.1), FOOT + high - middle, text, size=SIZE, ha="right")
    for place, head in enumerate(heads, 1):
        x = left + DOTS + place * (HEAD + 0.1)
        sheet.write(x, FOOT + high + 0.06, head, size=8, weight="bold", ha="right", va="bottom", multialignment="right")
    labels.draw_key(sheet, key, FOOT + high + above + 0.05)
    return sheet.figure


def _draw_dots(axes: Axes, table: pd.DataFrame, bases: dict[str, float], target: float) -> None:
    """A pile of dots for each policy, in bins as wide as a dot; all dots of a colour as one path, for a small file."""
    least, most = axes.get_xlim()
    step = DOT / DOTS * (most - least)
    table = table[np.isfinite(table["share"].to_numpy(float)) & table["policy"].isin(list(bases))]
    bins = np.floor(table["share"] / step)
    places = table.groupby([table["policy"], bins]).cumcount().to_numpy(float)
    apart = min(DOT, PILE / (places.max() + 1)) if len(places) else DOT
    x = table["share"].to_numpy(float)
    y = table["policy"].map(bases).to_numpy(float) - DOT - places * apart
    for chosen, colour in ((x < target, FALLS_SHORT), (x >= target, REACHES)):
        # A very short line with round ends is a dot.
        spots = np.repeat(np.column_stack([x, y])[chosen], 2, axis=0)
        spots[1::2, 0] += step / 20
        path = Path(spots, np.tile([Path.MOVETO, Path.LINETO], chosen.sum()))
        path.should_simplify = False
        dots = PathPatch(path, edgecolor=colour, linewidth=0.9 * DOT * 72, capstyle="round", fill=False, clip_on=False)
        dots.set_snap(False)
        axes.add_patch(dots)


def _draw_ranges(axes: Axes, scores: pd.DataFrame, bases: Floats) -> None:
    """Under each pile its median, and the range of all worlds but the best and the worst twentieth."""
    y = bases + 0.04
    axes.hlines(y, scores["low"], scores["high"], color=style.INK, linewidth=1.4)
    axes.plot(scores["median"], y, "|", color=style.INK, markersize=8, markeredgewidth=2.2)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.4g}%"))
    axes.tick_params(labelsize=8)


def _key(goal: str) -> dict[str, Line2D]:
    dot = partial(Line2D, [], [], linestyle="none", marker="o", markersize=0.9 * DOT * 72)
    middle = Line2D([], [], color=style.INK, linewidth=1.4, marker="|", markersize=8, markeredgewidth=2.2)
    short = f"a world in which it does not reach {goal}"
    return {
        short: dot(color=FALLS_SHORT),
        "one in which it does": dot(color=REACHES),
        "median, 5\N{EN DASH}95%": middle,
    }
