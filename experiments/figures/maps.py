# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Maps of one outcome over two levers: the headline heat map, and the tail beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from experiments.design import Cell
from experiments.figures import findings, labels, style, words
from experiments.intervals import EVENTS, Interval
from experiments.results import Results
from experiments.schema import Value

COLUMN, ROW, LOW_ROW = 0.98, 0.66, 0.5  # inches of one cell, and of one where three maps are stacked
HEAD = 10  # size of the title of one map among several
LEFT, GAP = 1.55, 0.3  # inches for the row labels; columns between the map and the arms
ESCAPE = {True: "four in five runs escape", False: "fewer than four in five runs escape"}
TAIL = ("direct_combat", "deaths", "renewed_war")


type Colour = tuple[float, float, float, float]
type Dashes = str | tuple[float, tuple[float, float]]


@dataclass(frozen=True)
class Map:
    """One outcome over two levers, with the arms that have one cell in each row."""

    outcome: str
    names: tuple[str, str]  # levers across and up
    across: list[Value]
    up: list[Value]
    cells: dict[findings.Point, Interval]
    arms: dict[str, dict[Value, Interval]]
    scale: float = 1.0  # what the numbers are divided by


def read_map(outcome: str, results: Results) -> Map:
    """The map of an outcome from the summary of a batch."""
    x, y = results.asked.experiment.grid
    rows = results.summary[results.summary["outcome"] == outcome].to_dict("records")
    largest = max(row["mean"] for row in rows)
    scale = 1000.0 if outcome not in EVENTS and largest >= 1000 else 1.0
    found = {row["cell"]: Interval(*(row[part] / scale for part in ("mean", "low", "high"))) for row in rows}
    grid = {(cell.settings[x], cell.settings[y]): found[cell.label] for cell in results.asked.cells if not cell.arm}
    arms = {
        label: {cell.value(y): found[cell.label] for cell in of_arm} for label, of_arm in arms_by_row(results).items()
    }
    return Map(outcome, (x, y), results.asked.experiment.grid[x], results.asked.experiment.grid[y], grid, arms, scale)


def arms_by_row(results: Results) -> dict[str, list[Cell]]:
    """The arms that have exactly one cell for each row of the map."""
    _, (name, up) = results.asked.experiment.grid.items()
    labels = [arm.label for arm in results.asked.experiment.arms]
    found = {label: [cell for cell in results.asked.cells if cell.arm == label] for label in labels}
    return {
        label: of_arm
        for label, of_arm in found.items()
        if len(of_arm) == len(up) and {cell.value(name) for cell in of_arm} == set(up)
    }


def heatmap(results: Results) -> Figure:
    """The chance that the ceasefire holds over two levers, with the line of four in five.

    A second, dashed line is that of four in five without renewed war, limited wars allowed: two ends that
    must not be taken for one another.
    """
    data = read_map("held", results)
    renewed = read_map("renewed_war", results)
    holds = {point: findings.reaches(interval.estimate) for point, interval in data.cells.items()}
    averted = {point: findings.reaches(1.0 - interval.estimate) for point, interval in renewed.cells.items()}
    fielded = troops_fielded(results)
    caption = (
        f"In each cell: share of runs with neither limited nor renewed war in {words.horizon(results.asked.weeks)}, "
        "in small print its 95% Wilson interval. "
    )
    if len(set(averted.values())) > 1:
        few = min((True, False), key=list(averted.values()).count)
        caption += f"Dashed line: around the cells in which {ESCAPE[few]} renewed war. "
    if any(holds.values()):
        caption += "Heavy line: the estimate crosses four in five"
        sure = any(findings.reaches(interval.low) for interval in data.cells.values())
        caption += "; bold: the whole interval lies above. " if sure else "; nowhere does the whole interval. "
    if fielded:
        caption += (
            "Triangles: troops that the coalition really fields when states decide for themselves (median of "
            "the peak). "
        )
    title = findings.of_map(data.names, data.cells, data.across, data.up, results.asked.weeks)
    sheet = style.new_sheet(_width(data), _height(data), title, caption + words.conditions(results))
    axes = _place(sheet, data, 0.0)
    draw_map(axes, data, style.GOOD, Normalize(0, 1))
    _draw_target(axes, data, averted, style.INK, (0, (2.2, 1.6)))
    _draw_target(axes, data, holds, style.ACCENT, "solid")
    _draw_fielded(axes, data, fielded)
    return sheet.figure


def tail(results: Results) -> Figure:
    """What may go wrong over the same two levers: direct combat, deaths, renewed war."""
    maps = [read_map(name, results) for name in TAIL]
    heads = [_head(data) for data in maps]
    high = _height(maps[0], LOW_ROW) + max(labels.height(head, HEAD) for head in heads) - 0.1
    caption = (
        "Means over runs, in small print their 95% intervals: Wilson for what happens or does not, bootstrap "
        "for deaths. "
    )
    title = findings.of_range(TAIL[0], maps[0].names, maps[0].cells)
    sheet = style.new_sheet(_width(maps[0]), high * len(maps), title, caption + words.conditions(results))
    for place, (data, head) in enumerate(zip(maps, heads, strict=True)):
        axes = _place(sheet, data, high * (len(maps) - 1 - place), LOW_ROW)
        largest = max(interval.estimate for interval in _all_intervals(data))
        draw_map(axes, data, style.BAD, Normalize(0, max(largest, 1e-9) * 1.25))
        axes.set_title(head, loc="left", size=HEAD, weight="bold", pad=6)
        if place < len(maps) - 1:
            axes.set_xlabel("")
    return sheet.figure


def _head(data: Map) -> str:
    """The title of one map among several: its outcome and unit, as wide as the map without its arms."""
    unit = "share of runs" if data.outcome in EVENTS else words.outcome_unit(data.outcome)
    unit = f"thousand {unit}" if data.scale > 1 else unit
    return labels.fold(f"{words.outcome(data.outcome)} ({unit})", len(data.across) * COLUMN, HEAD, "bold")


def troops_fielded(results: Results) -> dict[Value, float]:
    """Median peak of troops in each row of the arm in which states decide themselves; empty without one."""
    x, y = results.asked.experiment.grid
    if x != "force.size":
        return {}
    for of_arm in arms_by_row(results).values():
        if all(cell.value("force.deployment") == "endogenous" for cell in of_arm):
            return {cell.value(y): float(np.median(results.column(cell.label, "troops_peak"))) for cell in of_arm}
    return {}


def draw_map(axes: Axes, data: Map, colours: str, norm: Normalize) -> None:
    """Coloured cells with their numbers, rows and columns labelled, arms to the right."""
    columns = len(data.across)
    ticks = [words.level(data.names[0], value).replace(" ", "\n", 1) for value in data.across]
    placed: list[tuple[float, Value, Interval]] = [
        (data.across.index(value), row, interval) for (value, row), interval in data.cells.items()
    ]
    for place, (label, rows) in enumerate(data.arms.items()):
        left = columns + GAP + place
        placed += [(left, row, interval) for row, interval in rows.items()]
        top = len(data.up) + 0.08
        axes.text(left + 0.5, top, label.replace(" ", "\n", 1), ha="center", va="bottom", size=8)
    for left, row, interval in placed:
        colour = colormaps[colours](norm(interval.estimate))
        _draw_cell(axes, data, (left, data.up.index(row)), interval, colour)
    axes.set_xticks(np.arange(columns) + 0.5, ticks)
    axes.set_yticks(np.arange(len(data.up)) + 0.5, [words.level(data.names[1], value) for value in data.up])
    axes.set_xlim(0, _columns(data))
    axes.set_ylim(0, len(data.up))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(words.axis(data.names[0]), x=columns / 2 / _columns(data))
    axes.set_ylabel(words.axis(data.names[1]))


def _draw_cell(axes: Axes, data: Map, place: tuple[float, float], interval: Interval, colour: Colour) -> None:
    left, bottom = place
    axes.add_patch(Rectangle((left, bottom), 1, 1, facecolor=colour, edgecolor="white", linewidth=1.5))
    ink = labels.ink_on(colour)
    event = data.outcome in EVENTS
    number = f"{100 * interval.estimate:.0f}%" if event else _short(interval.estimate)
    small = (
        f"{100 * interval.low:.0f}–{100 * interval.high:.0f}"
        if event
        else f"{_short(interval.low)}–{_short(interval.high)}"
    )
    sure = data.outcome == "held" and findings.reaches(interval.low)
    axes.text(
        left + 0.5,
        bottom + 0.66,
        number,
        ha="center",
        va="center",
        color=ink,
        size=11,
        weight="bold" if sure else "normal",
    )
    axes.text(left + 0.5, bottom + 0.38, small, ha="center", va="center", color=ink, size=7)


def _draw_target(axes: Axes, data: Map, reached: Mapping[findings.Point, bool], colour: str, dashes: Dashes) -> None:
    """The steps between cells on either side of four in five."""
    above = np.array([[reached[x, y] for x in data.across] for y in data.up])
    edges = []
    for row, column in np.ndindex(above.shape):
        if column and above[row, column] != above[row, column - 1]:
            edges.append([(column, row), (column, row + 1)])
        if row and above[row, column] != above[row - 1, column]:
            edges.append([(column, row), (column + 1, row)])
    axes.add_collection(LineCollection(edges, colors="white", linewidths=5.5, capstyle="projecting"))
    axes.add_collection(LineCollection(edges, colors=colour, linewidths=2.8, linestyles=[dashes]))


def _draw_fielded(axes: Axes, data: Map, fielded: Mapping[Value, float]) -> None:
    """A triangle and a dotted stem in each row at the troops that are really fielded."""
    if not fielded:
        return
    sizes = np.array([float(value) for value in data.across])
    order = np.argsort(sizes)  # the map may run from large to small
    for row, troops in fielded.items():
        x, y = float(np.interp(troops, sizes[order], order + 0.5)), data.up.index(row)
        axes.plot([x, x], [y + 0.02, y + 0.24], color=style.INK, linestyle=":", linewidth=1.4)
        axes.plot(x, y + 0.11, marker="^", color="white", markeredgecolor=style.INK, markersize=6.5)


def _place(sheet: style.Sheet, data: Map, bottom: float, row: float = ROW) -> Axes:
    return sheet.axes(LEFT, bottom + 0.6, _columns(data) * COLUMN, len(data.up) * row)


def _columns(data: Map) -> float:
    return len(data.across) + (GAP + len(data.arms) if data.arms else 0)


def _width(data: Map) -> float:
    return LEFT + _columns(data) * COLUMN + style.MARGIN


def _height(data: Map, row: float = ROW) -> float:
    return len(data.up) * row + 0.68 + (0.38 if data.arms else 0.05)


def _all_intervals(data: Map) -> list[Interval]:
    return [*data.cells.values(), *(interval for rows in data.arms.values() for interval in rows.values())]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 or value == 0 else f"{value:.2f}"
