"""Effects: what each option changes against a reference, outcome by outcome, with the numbers beside the dots."""

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures import labels, style

DOTS, BESIDE, GAP = 1.7, 0.12, 0.3  # inches of a column's axes, from there to its numbers, between two columns
NAME, INDENT = 2.8, 0.13  # inches to which options are folded; how far they are set in under a heading
ROW, SPACE = 0.25, 0.08  # inches of an option or a heading, and above a heading
FOOT = 0.68  # inches for ticks, units and what is better
MOST = 2  # columns side by side: more would make the letters too small for a page
SIZE, SMALL = 8.5, 8.0
MOST_PLACES = 3  # decimals, unless all of a column needs more
SURE, UNSURE, GUIDE = style.LINES[0][0], style.GREY, "#e4e4e4"
SIDES = {
    1: "\N{LEFTWARDS ARROW} worse    better \N{RIGHTWARDS ARROW}",
    -1: "\N{LEFTWARDS ARROW} better    worse \N{RIGHTWARDS ARROW}",
    0: "",
}


class Measure(NamedTuple):
    """An outcome that gets a column: its name in the table, its title, its unit, and which way is better."""

    name: str
    title: str
    unit: str
    better: int = 0  # 1: more, -1: less, 0: neither


class Row(NamedTuple):
    """An option, or a heading, which has none; `down` in inches from the top of the axes to its middle."""

    group: str
    option: str
    text: str
    down: float


def effects(
    table: pd.DataFrame, title: str, caption: str, measures: Sequence[Measure], reference: str = "the reference"
) -> Figure:
    """A forest plot: rows are options, columns are outcomes, dots are differences from the reference.

    `table` has option, outcome, difference, low, high, in the unit of its measure, and group if options stand under
    headings; it may lack an option's row for an outcome. Options keep their order. A filled dot says that the interval
    excludes zero; an arrow, that it goes on without end.
    """
    rows, high = _lay_out(table)
    indent = INDENT if "group" in table else 0.0
    bold = {row: "normal" if row.option else "bold" for row in rows}
    names = max((indent if row.option else 0.0) + labels.width(row.text, SIZE, bold[row]) for row in rows)
    first = style.MARGIN + names + 0.15
    told = [_tell(table[table["outcome"] == measure.name]) for measure in measures]
    room = DOTS + BESIDE + max([0.3, *(labels.width(text, SMALL) for texts in told for text in texts.values())])
    across = min(len(measures), MOST)
    heads = [labels.fold(measure.title, room, 9, "bold") for measure in measures]
    width = max(first + across * (room + GAP) - GAP + style.MARGIN, 6.5)
    against = labels.fold(f"Difference from {reference}", width - 2 * style.MARGIN, SIZE)
    above = max(labels.height(head, 9) for head in heads) + 0.12
    block = FOOT + high + above  # inches of the columns that stand side by side
    down = math.ceil(len(measures) / across)
    sheet = style.new_sheet(width, down * block + 0.35 + labels.height(against, SIZE), title, caption)
    for place, (measure, head, texts) in enumerate(zip(measures, heads, told, strict=True)):
        left = first + place % across * (room + GAP)
        foot = (down - 1 - place // across) * block + FOOT
        axes = sheet.axes(left, foot, DOTS, high)
        _draw(axes, table[table["outcome"] == measure.name], rows, high, measure)
        sheet.write(left, foot + high + 0.08, head, size=9, weight="bold", va="bottom")
        for row in rows:
            if place % across == 0:
                x = style.MARGIN + (indent if row.option else 0.0)
                sheet.write(x, foot + high - row.down, row.text, size=SIZE, weight=bold[row], linespacing=1.1)
            text = texts.get((row.group, row.option), "")
            sheet.write(left + DOTS + BESIDE, foot + high - row.down, text, size=SMALL)
    top = down * block
    sheet.write(style.MARGIN, top + 0.32, against, size=SIZE, va="bottom")
    labels.draw_key(sheet, _key(), top + 0.08)
    return sheet.figure


def _lay_out(table: pd.DataFrame) -> tuple[list[Row], float]:
    """The rows from the top, each group under its heading, and their height in inches."""
    rows: list[Row] = []
    down = 0.0
    options = list(dict.fromkeys(_keys(table)))
    for group in dict.fromkeys(group for group, _ in options):
        if group:
            down += SPACE if rows else 0.0
            rows.append(Row(group, "", group, down + ROW / 2))
            down += ROW
        for option in (option for its, option in options if its == group):
            text = labels.fold(option, NAME, SIZE)
            high = max(ROW, labels.height(text, SIZE) + 0.06)
            rows.append(Row(group, option, text, down + high / 2))
            down += high
    return rows, down


def _keys(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Group and option of every row of a table."""
    groups = table["group"] if "group" in table else [""] * len(table)
    return list(zip(map(str, groups), map(str, table["option"]), strict=True))


def _tell(table: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The numbers of each option, with the decimals of the column, or more where a row needs them."""
    numbers = table[["difference", "low", "high"]].to_numpy(float)
    least = labels.decimals(numbers[:, 0].tolist())
    texts = []
    for middle, low, high in numbers:
        places = labels.telling([middle, low, high], least, max(least, MOST_PLACES))
        told = [labels.number(each, places, True) for each in (middle, low, high)]
        if low == middle == high == 0.0:
            texts.append("0")  # in every run
        else:
            texts.append(told[0] if np.isnan([low, high]).any() else f"{told[0]} ({told[1]} to {told[2]})")
    return dict(zip(_keys(table), texts, strict=True))


def _draw(axes: Axes, table: pd.DataFrame, rows: Sequence[Row], high: float, measure: Measure) -> None:
    """The dots and whiskers of one outcome; intervals that exclude zero are filled and dark."""
    down = {(row.group, row.option): row.down for row in rows}
    y = np.array([down[key] for key in _keys(table)])
    middle, low, top = (table[name].to_numpy(float) for name in ("difference", "low", "high"))
    sure = (low > 0) | (top < 0)
    least, most = labels.span([0.0, *middle, *low, *top])
    axes.hlines([row.down for row in rows if row.option], least, most, color=GUIDE, linewidth=0.7, zorder=0)
    axes.axvline(0, color=style.INK, linewidth=0.9, zorder=0.5)
    for chosen, colour, face in ((~sure, UNSURE, "white"), (sure, SURE, SURE)):
        axes.hlines(
            y[chosen], low[chosen].clip(least, most), top[chosen].clip(least, most), color=colour, linewidth=1.7
        )
        for edge, beyond, marker in ((least, low < least, "<"), (most, top > most, ">")):
            there = y[chosen & beyond]
            axes.plot(np.full(len(there), edge), there, marker, color=colour, markersize=5, clip_on=False)
        axes.plot(
            middle[chosen], y[chosen], "o", color=face, markeredgecolor=colour, markeredgewidth=1.3, markersize=5.5
        )
    axes.set_xlim(least, most)
    axes.set_ylim(high, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+g}".replace("-", labels.MINUS).lstrip("+")))
    axes.tick_params(labelsize=SMALL, length=2.5)
    axes.set_xlabel(f"{measure.unit}\n{SIDES[measure.better]}".strip(), size=SMALL)


def _key() -> dict[str, Line2D]:
    look = partial(Line2D, [], [], marker="o", markeredgewidth=1.3, markersize=5.5)
    unsure = look(color=UNSURE, markerfacecolor="white")
    return {"95% interval excludes zero": look(color=SURE), "includes zero": unsure}
