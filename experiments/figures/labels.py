"""Words and numbers in figures: measured before they are drawn, folded to fit, moved apart where they would touch."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from scipy.optimize import isotonic_regression

from experiments.figures import style

LINE = 1.25  # inches of a line of text for each inch of its size
NAME_GAP = 0.16  # inches between an axes and the names beside it
KEY, HANDLE = 8.5, 2.8  # size of a key's names, and length of its handles in units of it
MINUS, NONE = "\N{MINUS SIGN}", "\N{EN DASH}"  # the latter where there is no number


class End(NamedTuple):
    """A name to write beside an axes, at a height in the units of its y axis."""

    text: str
    height: float
    colour: str


@lru_cache(maxsize=4096)
def width(text: str, size: float, weight: str = "normal") -> float:
    """Inches that a text takes, by its longest line."""
    font = FontProperties(family=style.STYLE["font.family"], size=size, weight=weight)
    return max(text_to_path.get_text_width_height_descent(line, font, False)[0] for line in text.split("\n")) / 72


def height(text: str, size: float) -> float:
    """Inches from the top of a text to its bottom."""
    return (text.count("\n") + 1) * size * LINE / 72


def fold(text: str, room: float, size: float, weight: str = "normal") -> str:
    """The text in lines of at most `room` inches; a word is broken only where it is longer than that."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size, weight) <= room:
            lines[-1] += f" {word}"
            continue
        lines.append("")
        for part in [word] if width(word, size, weight) <= room else word:
            if lines[-1] and width(lines[-1] + part, size, weight) > room:
                lines.append("")
            lines[-1] += part
    return "\n".join(lines)


def dodge(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Middles of things of some sizes between `low` and `high`, as near as can be to where they are wanted.

    They keep their order and do not touch. What is too much for the room overflows it evenly.
    """
    if not len(wanted):
        return []
    order = np.argsort(wanted, kind="stable")
    size = np.asarray(sizes, float)[order]
    packed = np.cumsum(size) - size / 2
    starts = isotonic_regression(np.asarray(wanted, float)[order] - packed).x
    spare = high - low - size.sum()
    middles = np.clip(starts, low, low + max(spare, 0.0)) + min(spare, 0.0) / 2 + packed
    found = np.empty(len(size))
    found[order] = middles
    return [float(middle) for middle in found]


def name_ends(axes: Axes, ends: Sequence[End], size: float = 8.0) -> None:
    """Names to the right of an axes, each tied to its height where it had to move."""
    ends = [end for end in ends if math.isfinite(end.height)]
    wide, high = inches(axes)
    bottom, top = axes.get_ylim()
    wanted = [(min(max(end.height, bottom), top) - bottom) / (top - bottom) for end in ends]
    sizes = [(height(end.text, size) + 0.02) / high for end in ends]
    for end, want, place in zip(ends, wanted, dodge(wanted, sizes, -0.05, 1.05), strict=True):
        x = 1.0 + NAME_GAP / wide
        tie = Line2D([1.0, x], [want, place], transform=axes.transAxes, color=end.colour, linewidth=0.6)
        axes.add_artist(tie).set_clip_on(False)
        x += 0.03 / wide
        axes.text(x, place, end.text, transform=axes.transAxes, color=end.colour, size=size, weight="bold", va="center")


def key_height(names: Iterable[str], sheet_width: float) -> float:
    """Inches that a key of some names takes on a sheet of a width."""
    folded = _key_names(names, sheet_width)
    lines = max(name.count("\n") + 1 for name in folded)
    return math.ceil(len(folded) / _key_columns(folded, sheet_width)) * (lines * LINE + 0.35) * KEY / 72


def draw_key(sheet: style.Sheet, key: Mapping[str, Any], bottom: float) -> None:
    """A key above the axes, where it hides nothing, in as few rows as the sheet allows; by its lower left corner.

    `key` has what to show, an artist or several upon each other, by its name.
    """
    names = _key_names(key, sheet.width)
    columns = _key_columns(names, sheet.width)
    sheet.figure.legend(
        handles=_by_rows(list(key.values()), columns),
        labels=_by_rows(names, columns),
        loc="lower left",
        bbox_to_anchor=(style.MARGIN / sheet.width, (bottom + sheet.bottom) / sheet.height),
        ncols=columns,
        alignment="left",
        fontsize=KEY,
        handlelength=HANDLE,
        labelspacing=0.35,
        borderpad=0,
        borderaxespad=0,
    )


def _by_rows(things: Sequence[Any], columns: int) -> list[Any]:
    """Matplotlib fills a key column by column; in this order it reads row by row."""
    return [thing for column in range(columns) for thing in things[column::columns]]


def _key_names(names: Iterable[str], sheet_width: float) -> list[str]:
    room = sheet_width - 2 * style.MARGIN - (HANDLE + 1) * KEY / 72
    return [fold(name, room, KEY) for name in names]


def _key_columns(names: Sequence[str], sheet_width: float) -> int:
    """All names side by side if they fit, else columns that are as wide as the widest."""
    around = (HANDLE + 3) * KEY / 72
    room = sheet_width - 2 * style.MARGIN + 2 * KEY / 72
    widths = [width(name, KEY) + around for name in names]
    return len(names) if sum(widths) <= room else max(int(room / max(widths)), 1)


def ink_on(colour: Sequence[float]) -> str:
    """Dark or white letters, whichever contrasts more with a colour (red, green, blue from 0 to 1; WCAG 2)."""
    shares = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    light = 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]
    return style.INK if light > 0.2 else "white"  # both contrast alike at 0.18; 0.2 favours white, which is thinner


def inches(axes: Axes) -> tuple[float, float]:
    """Width and height of an axes."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    box = axes.get_position()
    return box.width * figure.get_figwidth(), box.height * figure.get_figheight()


def percent(share: float) -> str:
    """A share as a whole percent; a dash where there is none."""
    return f"{100 * share:.0f}%" if math.isfinite(share) else NONE


def decimals(values: Sequence[float]) -> int:
    """Decimals that a column of numbers needs: about two digits of its largest."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return 0 if largest >= 20 or largest == 0 else 1 if largest >= 2 else 2 if largest >= 0.2 else 3


def digits(values: Sequence[float], most: int = 4) -> int:
    """Decimals with which the largest of some numbers shows two digits."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return min(max(1 - math.floor(math.log10(largest)), 0), most) if largest else 0


def telling(values: Sequence[float], least: int, most: int) -> int:
    """Decimals with which no number of a few is told as nothing, nor all of them as the same.

    If `most` do not do, those with which the largest is not told as nothing; and `least` if there are none.
    """
    known = [value for value in values if math.isfinite(value)]
    largest = max(map(abs, known), default=0.0)
    for places in range(least, most + 1):
        told = [round(value, places) for value in known]
        nothing = any(value and not each for value, each in zip(known, told, strict=True))
        if not nothing and (len(set(told)) > 1 or len(set(known)) < 2):
            return places
    return next((places for places in range(least, most + 1) if round(largest, places)), least)


def number(value: float, places: int = 0, sign: bool = False) -> str:
    """A number with a real minus and commas; a dash where there is none, and never minus zero."""
    if math.isnan(value):
        return NONE
    if math.isinf(value):
        return f"{MINUS if value < 0 else '+' if sign else ''}∞"
    value = round(value, places) + 0.0
    return f"{value:{'+' if sign and value else ''},.{places}f}".replace("-", MINUS)


def span(values: Sequence[float], air: float = 0.06) -> tuple[float, float]:
    """Ends of an axis that shows every finite number, with some air on both sides."""
    known = [float(value) for value in values if math.isfinite(value)] or [0.0, 1.0]
    wide = max(known) - min(known) or abs(known[0]) or 1.0
    return min(known) - air * wide, max(known) + air * wide


def share_span(shares: Sequence[float], edge: float = 0.04) -> tuple[float, float]:
    """Ends of an axis that shows all shares, and little of what no share can be."""
    low, high = span(shares)
    low = low if low >= 0 else -edge * min(high, 1.0)
    return low, high if high <= 1 else 1.0 + edge * (1.0 - max(low, 0.0))
