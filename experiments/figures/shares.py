# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Whose doing the spread is: for each policy a bar of the shares of theories, parameter sets and luck."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from experiments.analysis.variance import PARTS
from experiments.figures import labels, style

BARS, FOOT, HEAD, ROW, BAR = 3.6, 0.5, 0.3, 0.42, 0.24  # inches: the axes, ticks with label, heads, a policy, its bar
NAME, NUMBERS, SIZE = 2.6, 1.15, 8.5  # inches to which policies are folded, and of a column; size of both
NAMES = {"structure": "rival theories", "parameters": "parameter sets", "luck": "luck"}
LOOKS: dict[str, Any] = {
    "structure": {"facecolor": style.LINES[0][0]},
    "parameters": {"facecolor": style.LINES[5][0], "hatch": "////", "edgecolor": style.GREY},
    "luck": {"facecolor": "#d9d9d9"},
}


def shares(table: pd.DataFrame, title: str, caption: str) -> Figure:
    """A bar for each policy; `table` has policy, part (of PARTS), share, low and high, whose shares add up to 1."""
    policies = list(dict.fromkeys(table["policy"]))
    names = [labels.fold(str(name), NAME, SIZE) for name in policies]
    left = style.MARGIN + max(labels.width(name, SIZE) for name in names) + 0.15
    high = ROW * len(policies)
    width = left + BARS + NUMBERS * len(PARTS) + style.MARGIN
    key = {NAMES[part]: Patch(linewidth=0.0, **LOOKS[part]) for part in PARTS}
    sheet = style.new_sheet(width, FOOT + high + HEAD + labels.key_height(key, width), title, caption)
    axes = sheet.axes(left, FOOT, BARS, high, xlim=(0, 1), ylim=(high, 0))
    found = table.set_index(["policy", "part"])
    for place, (policy, name) in enumerate(zip(policies, names, strict=True)):
        middle, start = (place + 0.5) * ROW, 0.0
        sheet.write(left - 0.12, FOOT + high - middle, name, size=SIZE, ha="right", linespacing=1.1)
        for column, part in enumerate(PARTS, 1):
            share, *ends = (float(found.loc[(policy, part), each]) for each in ("share", "low", "high"))
            axes.barh(middle, share, BAR, left=start, linewidth=0.0, **LOOKS[part])
            start += share
            text = f"{labels.percent(share)} ({100 * ends[0]:.0f}–{100 * ends[1]:.0f})"
            sheet.write(left + BARS + column * NUMBERS, FOOT + high - middle, text, size=SIZE, ha="right")
    for column, part in enumerate(PARTS, 1):
        x = left + BARS + column * NUMBERS
        sheet.write(x, FOOT + high + 0.12, NAMES[part], size=8, weight="bold", ha="right")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=style.GREY, linewidth=0.8)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f}%"))
    axes.tick_params(labelsize=8)
    axes.set_xlabel("Share of the variance over single runs")
    labels.draw_key(sheet, key, FOOT + high + HEAD)
    return sheet.figure
