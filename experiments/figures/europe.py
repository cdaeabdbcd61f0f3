"""Europe: a tile for each state where it roughly lies, coloured by a number; and who gives how much."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from experiments.figures import labels, style, words
from model.register import state_names

# One place for every state, so that neighbours mostly touch; North America stands apart.
LAYOUT = """
CAN  .   .   .  NOR SWE FIN  .
USA  .   .   .   .   .  EST  .
 .  IRL GBR  .  DNK  .  LVA RUS
 .   .  BEL NLD DEU POL LTU  .
 .   .  FRA LUX CZE SVK UKR  .
PRT ESP  .  ITA AUT HUN ROU  .
 .   .   .   .  SVN HRV BGR  .
 .   .   .   .   .   .  GRC TUR
"""
TILE, GAP, MOST = 0.375, 0.35, 3  # inches of a tile, and between two maps; how many stand side by side
CODE, SIZE, HEAD = 7.5, 8.0, 9.5  # sizes of letters
EMPTY, EDGE, HATCH = "#f6f6f6", "#d2d2d2", "///"
APART = ("USA", "RUS", "UKR")  # not asked to give anything; there to find one's way
BARS, ROW, FOOT, HEADS = 3.3, 0.21, 0.5, 0.3  # inches: bars, a state's row, ticks with their label, columns' titles
LEADERS, OTHERS = style.LINES[5][0], "#cfe3f1"
SO_FAR = "share so far"
BRACKET = 1.7  # inches to which the words beside it are folded

type Floats = NDArray[np.float64]


def tile_places() -> dict[str, tuple[int, int]]:
    """Column and row, from the upper left, of every state's tile."""
    rows = LAYOUT.strip().split("\n")
    return {
        code: (column, row) for row, line in enumerate(rows) for column, code in enumerate(line.split()) if code != "."
    }


def tiles(
    table: pd.DataFrame,
    value: str | Mapping[str, str],
    title: str,
    caption: str,
    unit: str,
    *,
    colours: str = style.GOOD,
    empty: str = "not in the roster, or no data",
) -> Figure:
    """One to three maps of numbers by state, side by side and on one scale.

    `table` has state (ISO 3166, three letters) and the column `value`, or one column for each map with the map's title
    if `value` is a mapping. States without a row or a number are grey and hatched.
    """
    maps = {value: ""} if isinstance(value, str) else dict(value)
    if len(maps) > MOST:
        raise ValueError(f"{len(maps)} maps do not fit side by side; at most {MOST}")
    columns, rows = (max(each) + 1 for each in zip(*tile_places().values(), strict=True))
    numbers = {column: pd.Series(table[column].to_numpy(float), table["state"]) for column in maps}
    known = [number for each in numbers.values() for number in each if np.isfinite(number)]
    norm = Normalize(min([0.0, *known]), max([0.0, *known]) or 1.0)
    wide, high = columns * TILE, rows * TILE
    heads = {column: labels.fold(head, wide, HEAD, "bold") for column, head in maps.items()}
    places = labels.decimals(known)
    key = {
        _number(norm.vmin or 0.0, places): Patch(facecolor=colormaps[colours](0.0), edgecolor=EDGE, linewidth=0.5),
        f"{_number(norm.vmax or 0.0, places)} {unit}": Patch(facecolor=colormaps[colours](1.0)),
        empty: Patch(facecolor=EMPTY, edgecolor=EDGE, hatch=HATCH, linewidth=0.5),
    }
    width = max(2 * style.MARGIN + len(maps) * (wide + GAP) - GAP, 5.0)
    above = max(labels.height(head, HEAD) for head in heads.values()) + 0.15 if any(heads.values()) else 0.1
    sheet = style.new_sheet(width, high + above + labels.key_height(key, width) + 0.15, title, caption)
    for place, (column, head) in enumerate(heads.items()):
        left = style.MARGIN + place * (wide + GAP)
        axes = sheet.axes(left, 0.1, wide, high, xlim=(0, columns), ylim=(rows, 0))
        axes.set_axis_off()
        _draw_tiles(axes, numbers[column], colours, norm, places)
        sheet.write(left, high + 0.16, head, size=HEAD, weight="bold", va="bottom")
    labels.draw_key(sheet, key, high + above + 0.1)
    return sheet.figure


def _draw_tiles(axes: Axes, numbers: "pd.Series[float]", colours: str, norm: Normalize, places: int) -> None:
    """A square for each state with its code and its number; those without one are pale."""
    plain: dict[str, list[Rectangle]] = {"data": [], "empty": [], "apart": []}
    faces = []
    for code, (column, row) in tile_places().items():
        number = float(numbers.get(code, np.nan))
        known = np.isfinite(number)
        kind = "data" if known else "apart" if code in APART else "empty"
        plain[kind].append(Rectangle((column + 0.03, row + 0.03), 0.94, 0.94))
        ink = style.GREY
        if known:
            colour = colormaps[colours](norm(number))
            faces.append(colour)
            ink = labels.ink_on(colour)
            text = _number(number, places)
            size = min(SIZE, SIZE * 0.84 * TILE / labels.width(text, SIZE))
            axes.text(column + 0.5, row + 0.67, text, size=size, ha="center", va="center", color=ink)
        y = row + (0.32 if known else 0.5)
        axes.text(
            column + 0.5, y, code, size=CODE, ha="center", va="center", color=ink, weight="bold" if known else "normal"
        )
    axes.add_collection(PatchCollection(plain["data"], facecolors=faces, linewidths=0))
    axes.add_collection(PatchCollection(plain["empty"], facecolor=EMPTY, edgecolor=EDGE, hatch=HATCH, linewidths=0.5))
    axes.add_collection(PatchCollection(plain["apart"], facecolor="white", edgecolor=EDGE, linewidths=0.5))


def contributions(
    table: pd.DataFrame, title: str, caption: str, unit: str, *, leaders: int = 5, label: str = "Contribution"
) -> Figure:
    """A bar for each state, the largest first, with its interval, its number, and the share of the sum so far.

    `table` has state (ISO 3166), value, low, high, all of them amounts of the same `unit`. A bracket says what share of
    the sum the first `leaders` give.
    """
    table = table[np.isfinite(table["value"].to_numpy(float))].sort_values("value", ascending=False, kind="stable")
    values, low, top = (table[name].to_numpy(float) for name in ("value", "low", "high"))
    total = values.sum()
    shares = np.cumsum(values) / total if total > 0 else np.full(len(values), np.nan)
    names = [state_names().get(code, code) for code in table["state"]]
    places = labels.decimals(values.tolist())
    told = [_range(*each, places) for each in zip(values, low, top, strict=True)]
    left = style.MARGIN + max(labels.width(name, SIZE) for name in names) + 0.15
    beside = left + BARS + 0.15
    share = beside + max(labels.width(text, SIZE) for text in [*told, unit]) + 0.2 + labels.width(SO_FAR, SIZE)
    count = min(leaders, len(names))
    number = words.NUMBERS[count] if count < len(words.NUMBERS) else str(count)
    said = (
        f"{number} state{'s give' if count > 1 else ' gives'} {labels.percent(shares[count - 1])}" if total > 0 else ""
    )
    said = labels.fold(said, BRACKET, 9, "bold")
    high = max(ROW * len(names), labels.height(said, 9))
    width = share + 0.3 + labels.width(said, 9, "bold") + style.MARGIN
    sheet = style.new_sheet(width, FOOT + high + HEADS, title, caption)
    rows = FOOT + high - (np.arange(len(names)) + 0.5) * ROW
    for row, name, text, so_far in zip(rows, names, told, shares, strict=True):
        sheet.write(left - 0.1, row, name, size=SIZE, ha="right")
        sheet.write(beside, row, text, size=SIZE)
        sheet.write(share, row, labels.percent(so_far), size=SIZE, ha="right", color=style.GREY)
    sheet.write(beside, FOOT + high + 0.12, unit, size=SIZE, weight="bold")
    sheet.write(share, FOOT + high + 0.12, SO_FAR, size=SIZE, ha="right", weight="bold", color=style.GREY)
    axes = sheet.axes(left, FOOT, BARS, high, xlim=_ends(values, low, top), ylim=(high / ROW, 0))
    _draw_bars(axes, values, low, top, count)
    axes.set_xlabel(f"{label} ({unit})")
    if not said:
        return sheet.figure
    side = sheet.axes(share + 0.08, FOOT, 0.1, high, xlim=(0, 1), ylim=(high / ROW, 0))
    side.set_axis_off()
    side.plot([0, 0.7, 0.7, 0], [0.15, 0.15, count - 0.15, count - 0.15], color=style.INK, linewidth=1.0)
    middle = max(ROW * count, labels.height(said, 9)) / 2
    sheet.write(share + 0.22, FOOT + high - middle, said, size=9, weight="bold")
    return sheet.figure


def _draw_bars(axes: Axes, values: Floats, low: Floats, top: Floats, leaders: int) -> None:
    """The bars from the top, the leaders' darker, with their intervals."""
    y = np.arange(len(values)) + 0.5
    axes.barh(y, values, 0.72, color=[LEADERS] * leaders + [OTHERS] * (len(values) - leaders))
    least, most = axes.get_xlim()
    axes.hlines(y, low.clip(least, most), top.clip(least, most), color=style.INK, linewidth=1.0)
    axes.plot(np.full((top > most).sum(), most), y[top > most], ">", color=style.INK, markersize=4, clip_on=False)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}".replace("-", labels.MINUS)))
    axes.tick_params(labelsize=SIZE)


def _ends(values: Floats, low: Floats, top: Floats) -> tuple[float, float]:
    """Ends of an axis that shows zero, every bar, and every end of an interval that is finite."""
    least, most = labels.span([0.0, *values, *low, *top], air=0.03)
    return (0.0 if min([0.0, *values]) == 0 else least), (most if max([0.0, *values, *top]) > 0 else 1.0)


def _range(middle: float, low: float, top: float, places: int) -> str:
    ends = f" ({labels.number(low, places)}\N{EN DASH}{labels.number(top, places)})"
    return labels.number(middle, places) + ("" if np.isnan([low, top]).any() else ends)


def _number(value: float, places: int) -> str:
    """A number that is short enough for a tile."""
    if abs(value) >= 1e6:
        return f"{labels.number(value / 1e6, 1)}M"
    return f"{labels.number(value / 1e3)}k" if abs(value) >= 1e4 else labels.number(value, places)
