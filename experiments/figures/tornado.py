"""Tornado: what an outcome hangs on most, a bar for each parameter, told by what it means."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from experiments.figures import labels, style, words
from model.register import load_register

BARS, FOOT, HEADS = 3.4, 0.5, 0.3  # inches: the axes, ticks with their label, titles of the numbers
MEANING, SIZE, SMALL = 3.4, 8.5, 7.0  # inches to which meanings are folded; sizes of meanings and of names
AIR, BAR = 0.12, 0.2  # inches between two parameters, and of a bar
WHOLE, PART, FALLS = "#cfe3f1", style.LINES[5][0], "#f2b98c"
HATCH = "////"
KINDS = {  # by the column that orders the parameters: the columns that are printed, with their titles, and the axis
    "ST": ({"S1": "alone", "ST": "in all"}, "Share of the variance that it explains"),
    "mu_star": (
        {"mu_star": "\N{GREEK SMALL LETTER MU}*", "sigma": "\N{GREEK SMALL LETTER SIGMA}"},
        "Size of its effect",
    ),
    "rank_correlation": ({"rank_correlation": ""}, "Rank correlation"),
}

type Floats = NDArray[np.float64]


def tornado(table: pd.DataFrame, title: str, caption: str, *, most: int = 15, label: str = "") -> Figure:
    """The `most` strongest parameters of one outcome; `table` has parameter, and one of three sets of columns.

    ST, ST_conf, S1, S1_conf: Sobol indices, what a parameter explains alone inside what it explains in all, with half
    the widths of their intervals. mu_star, sigma: Morris, mean size of elementary effects and their spread; and
    mu_star_conf if it is known. rank_correlation: signed; and low, high if they are known. Other columns are not looked
    at, and parameters without a number left out.
    """
    kind = next(kind for kind in KINDS if kind in table)
    columns, axis = KINDS[kind]
    table = table[np.isfinite(table[kind].to_numpy(float))]
    table = table.loc[table[kind].abs().sort_values(ascending=False, kind="stable").index[:most]]
    names = [str(name) for name in table["parameter"]]
    meanings = [labels.fold(_meaning(name), MEANING, SIZE) for name in names]
    rows = [labels.height(meaning, SIZE) + labels.height("", SMALL) for meaning in meanings]
    high = sum(rows) + AIR * len(rows)
    told = {column: [labels.number(value, 2) for value in table[column]] for column in columns}
    steps = [max(labels.width(text, SIZE, "bold") for text in [columns[each], *told[each]]) + 0.2 for each in columns]
    widths = [labels.width(meaning, SIZE) for meaning in meanings] + [labels.width(name, SMALL) for name in names]
    left = style.MARGIN + max(widths) + 0.15
    width = left + BARS + sum(steps) + style.MARGIN
    key = _key(kind)
    sheet = style.new_sheet(width, FOOT + high + HEADS + labels.key_height(key, width) + 0.05, title, caption)
    axes = sheet.axes(left, FOOT, BARS, high, ylim=(high, 0))
    top = 0.0
    middles = []
    for place, (name, meaning, row) in enumerate(zip(names, meanings, rows, strict=True)):
        middles.append(top + (row + AIR) / 2)
        y = FOOT + high - top - AIR / 2
        sheet.write(left - 0.12, y, meaning, size=SIZE, ha="right", va="top", linespacing=1.15)
        sheet.write(left - 0.12, y - row, name, size=SMALL, ha="right", va="bottom", color=style.GREY)
        for column, right in zip(columns, np.cumsum(steps), strict=True):
            number = told[column][place]
            sheet.write(left + BARS + right, FOOT + high - middles[-1], number, size=SIZE, ha="right")
        top += row + AIR
    for column, right in zip(columns, np.cumsum(steps), strict=True):
        sheet.write(left + BARS + right, FOOT + high + 0.12, columns[column], size=SIZE, ha="right", weight="bold")
    _draw(axes, table, kind, np.array(middles))
    axes.set_xlabel(label or axis)
    labels.draw_key(sheet, key, FOOT + high + HEADS)
    return sheet.figure


def _meaning(name: str) -> str:
    """What a parameter means, by the register; other settings speak for themselves."""
    parameter = load_register().get(name)
    return parameter.meaning if parameter else words.axis(name).capitalize()


def _draw(axes: Axes, table: pd.DataFrame, kind: str, y: Floats) -> None:
    """The bars of one kind with their whiskers, on an axis that begins at zero unless a bar goes below."""
    found = {name: column.to_numpy(float) for name, column in table.select_dtypes("number").items()}
    strength = found[kind]
    shown = [np.zeros(1), strength]
    if kind == "ST":
        axes.barh(y, strength, BAR, color=WHOLE)
        axes.barh(y, found["S1"].clip(0.0), BAR / 2, color=PART)
        shown += _draw_whiskers(axes, y - 0.38 * BAR, strength - found["ST_conf"], strength + found["ST_conf"])
        shown += _draw_whiskers(axes, y, found["S1"] - found["S1_conf"], found["S1"] + found["S1_conf"])
    elif kind == "mu_star":
        axes.barh(y, strength, BAR, color=PART)
        if "mu_star_conf" in found:
            shown += _draw_whiskers(axes, y, strength - found["mu_star_conf"], strength + found["mu_star_conf"])
        axes.plot(found["sigma"], y, "D", color="white", markeredgecolor=style.INK, markersize=4.5, zorder=3)
        shown.append(found["sigma"])
    else:
        rises = strength >= 0
        axes.barh(y[rises], strength[rises], BAR, color=PART)
        axes.barh(y[~rises], strength[~rises], BAR, facecolor=FALLS, edgecolor=style.GREY, hatch=HATCH, linewidth=0.5)
        if "low" in found:
            shown += _draw_whiskers(axes, y, found["low"], found["high"])
    numbers = np.concatenate(shown)
    least, most = labels.span(numbers.tolist(), air=0.04)
    axes.set_xlim(least if kind == "rank_correlation" and (numbers < 0).any() else 0.0, most)
    axes.axvline(0, color=style.GREY, linewidth=0.8)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", labels.MINUS)))
    axes.tick_params(labelsize=8)


def _draw_whiskers(axes: Axes, y: Floats, low: Floats, high: Floats) -> list[Floats]:
    """Intervals as lines; gives back their ends, for the axis to show."""
    axes.hlines(y, low, high, color=style.INK, linewidth=1.0)
    return [low, high]


def _key(kind: str) -> dict[str, Patch | Line2D]:
    part = Patch(color=PART)
    if kind == "ST":
        whisker = Line2D([], [], color=style.INK, linewidth=1.0)
        return {"alone": part, "in all, with what it acts together with": Patch(color=WHOLE), "95% interval": whisker}
    if kind == "mu_star":
        spread = Line2D([], [], linestyle="none", marker="D", color="white", markeredgecolor=style.INK, markersize=4.5)
        mean, sigma = KINDS[kind][0].values()
        whisker = Line2D([], [], color=style.INK, linewidth=1.0)
        bars: dict[str, Patch | Line2D] = {f"mean size of the effect ({mean})": part, "95% interval": whisker}
        return bars | {f"its spread ({sigma}): large if not alone at work": spread}
    falls = Patch(facecolor=FALLS, edgecolor=style.GREY, hatch=HATCH, linewidth=0.5)
    return {"the outcome rises with it": part, "the outcome falls with it": falls}
