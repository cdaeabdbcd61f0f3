"""Survival curves of scenarios that were compared, in one panel, with numbers at risk."""

import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.compare import Comparison
from experiments.compare_text import conditions, verdict
from experiments.figures import style
from experiments.figures.curves import HIGH, LEFT, TABLE_LINE, draw_at_risk, draw_curves
from experiments.schema import Value

WIDTH = 7.5  # inches
KEY_LINE = 0.17  # inches
KEY_CHARACTERS = 100
CAPTION = (
    "Kaplan-Meier estimate of the chance that the ceasefire has not collapsed (limited or renewed war, whichever comes "
    "first), with 95% bands of each curve by itself: pairs of runs tell scenarios apart more sharply. Dashed: four in "
    "five. Below: runs that still hold, censored at the end. "
)


def curves_beside(found: Comparison) -> Figure:
    """Kaplan-Meier curves with 95% bands, a line for each scenario, and the runs still holding under them."""
    asked = found.asked
    curves: dict[Value, pd.DataFrame] = {
        str(label): table.reset_index(drop=True) for label, table in found.survival.groupby("scenario")
    }
    title = verdict(found, [side.label for side in asked.sides])
    keys = [textwrap.wrap(f"{side.label}: {side.words}", KEY_CHARACTERS) for side in asked.sides]
    key = sum(map(len, keys)) * KEY_LINE + 0.15
    table = (len(curves) + 1) * TABLE_LINE
    sheet = style.new_sheet(WIDTH, key + 0.1 + HIGH + 0.55 + table, title, CAPTION + conditions(found))
    axes = sheet.axes(LEFT, table + 0.55, WIDTH - LEFT - 2 * style.MARGIN, HIGH)
    draw_curves(axes, curves, asked.weeks)
    draw_at_risk(axes, curves, None, asked.weeks)
    axes.set_ylabel("Ceasefire still holds (share of runs)")
    handles = [
        Line2D([], [], color=colour, linestyle=dashes, linewidth=1.8, label="\n".join(lines))
        for (colour, dashes), lines in zip(style.LINES, keys, strict=False)
    ]
    sheet.figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(style.MARGIN / sheet.width, (table + 0.55 + HIGH + 0.1 + sheet.bottom) / sheet.height),
        alignment="left",
        handlelength=3.2,
        labelspacing=0.25,
        fontsize=8.5,
        borderpad=0,
    )
    return sheet.figure
