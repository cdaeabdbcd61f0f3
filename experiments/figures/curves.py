"""Survival curves: how long the ceasefire holds, one panel per value of the second lever."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.figures import findings, style, words
from experiments.points import SAMPLE
from experiments.results import Results
from experiments.schema import Value
from experiments.survival import WEEKS_A_YEAR, curve, years

PANEL, HIGH, LEFT, GAP = 2.35, 2.6, 1.0, 0.8  # inches
TABLE_LINE = 0.18  # inches
LEGEND = 0.45  # inches
MOST_MARKS = 6

type Curves = dict[Value, dict[Value, pd.DataFrame]]  # by panel, then by line


def survival(results: Results) -> Figure:
    """Kaplan-Meier curves with 95% bands and the numbers at risk under each panel."""
    line, panel = [*results.asked.experiment.grid, None, None][:2]
    curves = _read_curves(results, line, panel)
    weeks = results.asked.weeks
    table = (max(len(lines) for lines in curves.values()) + 1) * TABLE_LINE
    width = max(LEFT + len(curves) * (PANEL + GAP) - GAP + style.MARGIN + 0.1, 7.0)
    caption = (
        "Kaplan-Meier estimate of the chance that the ceasefire has not collapsed (limited or renewed war, "
        "whichever comes first), with 95% bands; runs that hold are censored at the end. Dashed: four in "
        "five. Below: runs that still hold. "
    )
    ends = {value: [_end(table) for table in lines.values()] for value, lines in curves.items()}
    title = findings.of_curves(panel, ends, weeks, line)
    body = LEGEND + 0.3 + HIGH + 0.55 + table
    sheet = style.new_sheet(width, body, title, caption + words.conditions(results))
    for place, (value, lines) in enumerate(curves.items()):
        axes = sheet.axes(LEFT + place * (PANEL + GAP), table + 0.55, PANEL, HIGH)
        draw_curves(axes, lines, weeks)
        draw_at_risk(axes, lines, line, weeks)
        if panel:
            axes.set_title(words.phrase(panel, value).capitalize(), loc="left", size=10, weight="bold")
        if place == 0:
            axes.set_ylabel("Ceasefire still holds (share of runs)")
    _draw_legend(sheet, line, list(next(iter(curves.values()))), table + 0.55 + HIGH + 0.33)
    return sheet.figure


def _read_curves(results: Results, line: str | None, panel: str | None) -> Curves:
    """The curves of the cells that the experiment wants to show; those of the arms if there is no grid."""
    curves: Curves = {}
    for cell in results.asked.cells:
        chosen = all(cell.value(name) in values for name, values in results.asked.experiment.survival.items())
        if not chosen or (cell.arm and line) or cell.arm == SAMPLE:
            continue
        held, weeks = results.column(cell.label, "held"), results.column(cell.label, "weeks_held")
        lines = curves.setdefault(cell.value(panel) if panel else "", {})
        lines[cell.value(line) if line else cell.label] = curve(weeks, held, cell.scenario.weeks)
    return curves


def _end(table: pd.DataFrame) -> float:
    return float(table["survival"].iloc[-1])


def _draw_legend(sheet: style.Sheet, line: str | None, values: Sequence[Value], bottom: float) -> None:
    labels = [words.level(line, value) if line else str(value) for value in values]
    handles = [
        Line2D([], [], color=colour, linestyle=dashes, linewidth=1.8, label=label)
        for (colour, dashes), label in zip(style.LINES, labels, strict=False)
    ]
    sheet.figure.legend(
        handles=handles,
        title=words.axis(line) if line else None,
        loc="lower left",
        bbox_to_anchor=(style.MARGIN / sheet.width, (bottom + sheet.bottom) / sheet.height),
        ncols=len(handles),
        alignment="left",
        handlelength=3.2,
        title_fontsize=8.5,
        fontsize=8.5,
        borderpad=0,
    )


def draw_curves(axes: Axes, curves: Mapping[Value, pd.DataFrame], weeks: int) -> None:
    """Each curve with its band, in the order of the lines' looks."""
    for (colour, dashes), table in zip(style.LINES, curves.values(), strict=False):
        axes.fill_between(
            table["week"], table["low"], table["high"], step="post", color=colour, alpha=0.08, linewidth=0
        )
        for edge in ("low", "high"):  # where bands overlap, their edges tell them apart
            axes.step(
                table["week"], table[edge], where="post", color=colour, linestyle=dashes, linewidth=0.5, alpha=0.6
            )
        axes.step(table["week"], table["survival"], where="post", color=colour, linestyle=dashes, linewidth=1.8)
    axes.axhline(findings.TARGET, color=style.GREY, linestyle=(0, (4, 3)), linewidth=0.9, zorder=0)
    axes.set_xlim(0, weeks)
    axes.set_ylim(0, 1.005)
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0%", "20%", "40%", "60%", "80%", "100%"])
    marks = _marks(weeks)
    axes.set_xticks(marks, [f"{week // WEEKS_A_YEAR}" if weeks >= WEEKS_A_YEAR else f"{week}" for week in marks])
    axes.set_xlabel("Years since the ceasefire" if weeks >= WEEKS_A_YEAR else "Weeks since the ceasefire")


def draw_at_risk(axes: Axes, curves: Mapping[Value, pd.DataFrame], line: str | None, weeks: int) -> None:
    """The numbers of runs still holding, under the panel, a row for each line in its colour."""
    inch = 1 / HIGH
    for row, ((colour, _), (value, table)) in enumerate(zip(style.LINES, curves.items(), strict=False)):
        y = -(0.62 + row * TABLE_LINE) * inch
        label = words.level(line, value) if line else str(value)
        axes.text(
            -0.16 / PANEL - 0.02,
            y,
            label,
            transform=axes.transAxes,
            color=colour,
            weight="bold",
            size=8,
            ha="right",
        )
        at_risk = table.set_index("week")["at_risk"]
        for week in _marks(weeks):
            if week in at_risk.index:
                count = f"{at_risk[week]:,}"
                axes.text(week / weeks, y, count, transform=axes.transAxes, color=style.INK, size=8, ha="center")


def _marks(weeks: int) -> list[int]:
    """Ticks: every year of a long run, every other of a very long one, or start and end of a short one."""
    found = years(weeks) if weeks >= WEEKS_A_YEAR else [0, weeks]
    return found[:: math.ceil(len(found) / MOST_MARKS)]
