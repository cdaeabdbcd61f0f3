"""Boxes of worlds: limits of settings within everything that was sampled, and how well they tell what worlds do."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.figures import labels, style, words
from model.register import load_register

TRACK, HEAD, TITLE = 3.6, 0.42, 0.3  # inches: the axes, heads of columns, titles of boxes
GAP, FOOT = 0.25, 0.15  # inches above a box, and below the last one
MEANING, SIZE, SMALL = 3.2, 8.5, 7.0  # inches to which meanings are folded; sizes of meanings and of names
ROW, BAR, STEP = 0.66, 0.15, 0.33  # inches of a setting at least, of its range, and of a share
CHANCE, BESIDE = 0.75, 0.15  # inches of a column of numbers, and before the first one
INSIDE, OUTSIDE = style.LINES[0][0], "#d9d9d9"
HALVES = ("#8c8c8c", style.LINES[6][0])  # the worlds in which a box was found, and those that were held back
SHARES = {
    "density": "of the worlds in this box {that}",
    "all": "of all worlds {that}",
    "coverage": "of the worlds that {that} are in this box",
    "mass": "of all worlds are in this box",
}
NOTHING = "No setting tells these worlds from the others."


def boxes(table: pd.DataFrame, title: str, caption: str) -> Figure:
    """For each box limits as ranges, and below them coverage, density and mass in both halves of the worlds.

    `table` has that, half, parameter, low, high, least, most, values, options, from_share, to_share, quasi_p, and for
    each half coverage, density, mass, all, worlds, as experiments.figures.failures makes it. It may be empty.
    """
    if table.empty:
        sheet = style.new_sheet(2 * TRACK, 0.5, title, caption)
        sheet.write(style.MARGIN, 0.25, NOTHING, size=SIZE)
        return sheet.figure
    parts = [_Part(str(that), part) for that, part in table.groupby("that", sort=False)]
    left = style.MARGIN + max(part.width for part in parts) + 0.15
    columns = [left + TRACK + BESIDE + (place + 1) * CHANCE for place in range(len(parts[0].halves))]
    width = columns[-1] + style.MARGIN
    key = {"in the box": Patch(color=INSIDE), "sampled as well": Patch(color=OUTSIDE)}
    for half, colour in zip(parts[0].halves, HALVES, strict=True):
        key[f"half of the worlds: {half}"] = Patch(color=colour)
    body = FOOT + sum(part.height + GAP for part in parts) + labels.key_height(key, width)
    sheet = style.new_sheet(width, body, title, caption)
    bottom = body - labels.key_height(key, width)
    labels.draw_key(sheet, key, bottom)
    for part in parts:
        bottom -= part.height + GAP
        part.draw(sheet, left, columns, bottom)
    return sheet.figure


class _Part:
    """One box: its rows, and the room that they take."""

    def __init__(self, that: str, table: pd.DataFrame) -> None:
        """Fold the meanings of its settings."""
        self.halves = {str(half): each.reset_index(drop=True) for half, each in table.groupby("half", sort=False)}
        self.title = f"Worlds that mostly {that}"
        self.limits = next(iter(self.halves.values()))
        self.meanings = [labels.fold(_meaning(str(name)), MEANING, SIZE) for name in self.limits["parameter"]]
        self.blocks = [labels.height(each, SIZE) + labels.height("", SMALL) for each in self.meanings]
        self.rows = [max(ROW, block + 0.12) for block in self.blocks]
        self.shares = {name: text.format(that=that) for name, text in SHARES.items()}
        self.below = STEP * len(SHARES)
        self.height = TITLE + HEAD + sum(self.rows) + self.below + 0.1
        self.width = max(labels.width(text, SIZE) for text in [*self.meanings, *self.shares.values()])

    def draw(self, sheet: style.Sheet, left: float, columns: list[float], bottom: float) -> None:
        """Ranges above, shares below, with their numbers in columns for the two halves."""
        base, high = bottom + self.below + 0.1, sum(self.rows)
        sheet.write(style.MARGIN, base + high + HEAD + TITLE / 2, self.title, size=10, weight="bold")
        for x, half in zip(columns, self.halves, strict=True):
            head = labels.fold(f"chance, {half}", CHANCE - 0.05, 8, "bold")
            given = {"size": 8, "weight": "bold", "ha": "right", "va": "bottom", "multialignment": "right"}
            sheet.write(x, base + high + 0.04, head, **given)
        axes = sheet.axes(left, base, TRACK, high, xlim=(0, 1), ylim=(high, 0))
        axes.axis("off")
        top = 0.0
        for place, (row, block, tall) in enumerate(
            zip(self.limits.to_dict("records"), self.blocks, self.rows, strict=True)
        ):
            y = base + high - top - (tall - block) / 2
            sheet.write(left - 0.12, y, self.meanings[place], size=SIZE, ha="right", va="top", linespacing=1.15)
            name = str(row["parameter"])
            sheet.write(left - 0.12, y - block, name, size=SMALL, ha="right", va="bottom", color=style.GREY)
            _draw_limit(axes, row, top + tall / 2)
            for x, worlds in zip(columns, self.halves.values(), strict=True):
                chance = _chance(float(worlds["quasi_p"].iloc[place]))
                sheet.write(x, base + high - top - tall / 2, chance, size=SIZE, ha="right")
            top += tall
        self._draw_shares(sheet, left, columns, bottom)

    def _draw_shares(self, sheet: style.Sheet, left: float, columns: list[float], bottom: float) -> None:
        """Bars of the four shares, one for each half of the worlds, on the same scale as the ranges: 0 to 1."""
        axes = sheet.axes(left, bottom, TRACK, self.below, xlim=(0, 1), ylim=(self.below, 0))
        axes.axis("off")
        axes.axvline(0, color=style.GREY, linewidth=0.8)
        tall = 0.72 * STEP / len(self.halves)
        for place, (name, text) in enumerate(self.shares.items()):
            middle = (place + 0.5) * STEP
            sheet.write(left - 0.12, bottom + self.below - middle, text, size=SIZE, ha="right")
            halves = zip(columns, self.halves.values(), HALVES, strict=True)
            for turn, (x, half, colour) in enumerate(halves):
                share = float(half[name].iloc[0])
                axes.barh(middle + (turn - (len(self.halves) - 1) / 2) * tall, share, tall * 0.9, color=colour)
                sheet.write(x, bottom + self.below - middle, labels.percent(share), size=SIZE, ha="right")


def _draw_limit(axes: Axes, row: Mapping[Any, Any], y: float) -> None:
    """The whole range of a setting, what of it is in the box, and the numbers at the ends."""
    start, end = float(row["from_share"]), float(row["to_share"])
    axes.barh(y, 1.0, BAR, color=OUTSIDE)
    axes.barh(y, end - start, BAR, left=start, color=INSIDE)
    if isinstance(row["options"], str) and row["options"]:
        inside = str(row["values"]).split(", ")
        rest = ", ".join(each for each in row["options"].split(", ") if each not in inside)
        axes.text(start, y + 0.8 * BAR, ", ".join(inside), size=8, va="top", weight="bold")
        axes.text(1.0, y + 0.8 * BAR, rest, size=8, va="top", ha="right", color=style.GREY)
        return
    for place, edge, align in ((0.0, "least", "left"), (1.0, "most", "right")):
        axes.text(place, y + 0.8 * BAR, _number(row[edge], 2), size=8, va="top", ha=align, color=style.GREY)
    limits = [(share, row[edge]) for share, edge in ((start, "low"), (end, "high")) if np.isfinite(row[edge])]
    widths = [labels.width(_number(value), SIZE, "bold") + 0.1 for _, value in limits]
    places = labels.dodge([share * TRACK for share, _ in limits], widths, 0.0, TRACK)
    for place, (share, value) in zip(places, limits, strict=True):
        axes.plot([share, share], [y - 0.8 * BAR, y + 0.5 * BAR], color=style.INK, linewidth=1.4)
        axes.text(place / TRACK, y - BAR, _number(value), size=SIZE, va="bottom", ha="center", weight="bold")


def _meaning(name: str) -> str:
    parameter = load_register().get(name)
    return parameter.meaning if parameter else words.axis(name).capitalize()


def _number(value: float, digits: int = 3) -> str:
    return f"{float(f'{value:.{digits}g}'):,.15g}".replace("-", labels.MINUS)


def _chance(quasi_p: float) -> str:
    return "<0.001" if quasi_p < 0.001 else f"{quasi_p:.3f}"
