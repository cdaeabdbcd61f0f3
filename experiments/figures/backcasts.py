"""Backcasts: the share of simulated histories without war, the range of their dates, and when war really came."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures import style
from experiments.patterns.backcasts import MONTHS, Backcast

PANEL, HIGH, LEFT, GAP = 3.9, 2.7, 0.75, 0.75  # inches
LAST = 120  # months
BAR = 0.09  # height of the bar of dates
DATES = {"Minsk II": "Feb 2022", "Karabakh 2020": "Sept 2023"}


def backcasts(found: Sequence[Backcast], fine_print: str) -> Figure:
    """A panel for each backcast: curve with the middle 90% of parameter sets, range of dates, and what happened."""
    hits = [each.name for each in found if each.inside]
    title = (
        f"{' and '.join(hits)}: war came within the model's 90% range of dates"
        if hits
        else "Both wars came outside the model's 90% range of dates"
    )
    caption = (
        "Line: share of simulated histories still without war; shade: middle 90% of parameter sets. Bar: middle 90% of "
        "the dates of war over parameter sets and luck together, an arrow where it goes on beyond ten years; diamond: "
        "when war came. A wide bar is easily met. No forecast, then or now. " + fine_print
    )
    sheet = style.new_sheet(LEFT + len(found) * (PANEL + GAP) - 0.3, HIGH + 0.95, title, caption)
    for place, each in enumerate(found):
        axes = sheet.axes(LEFT + place * (PANEL + GAP), 0.5, PANEL, HIGH)
        _draw(axes, each)
        if place == 0:
            axes.set_ylabel("Histories still without war")
    return sheet.figure


def _draw(axes: Axes, each: Backcast) -> None:
    colour = style.LINES[0][0]
    axes.fill_between(MONTHS, each.low, each.high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(MONTHS, each.curve, color=colour, linewidth=2.2)
    axes.plot([each.month, each.month], [BAR, 1.0], color=style.ACCENT, linestyle=(0, (4, 2)), linewidth=1.6)
    share = 1.0 - each.curve[min(int(each.month / (MONTHS[1] - MONTHS[0])), len(each.curve) - 1)]
    axes.plot([each.month], [1.0 - share], "o", color=style.ACCENT, markersize=6)
    late = each.month > LAST / 2
    text = f"war came in {DATES.get(each.name, f'month {each.month:.0f}')};\nby then in {share:.0%} of histories"
    axes.annotate(
        text,
        (each.month, 0.36 if share < 0.45 else 0.88),  # clear of the curve
        xytext=(-7 if late else 7, 0),
        textcoords="offset points",
        ha="right" if late else "left",
        va="center",
        size=8.5,
        color=style.ACCENT,
        bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1.5},
    )
    _draw_dates(axes, each)
    axes.set_xlim(0, LAST)
    axes.set_ylim(0, 1.01)
    axes.set_xticks([0, 24, 48, 72, 96, 120], ["0", "2", "4", "6", "8", "10"])
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_xlabel("Years since the ceasefire")
    axes.set_title(f"{each.name}: {each.what}", loc="left", size=10, weight="bold")


def _draw_dates(axes: Axes, each: Backcast) -> None:
    """The middle 90% of the simulated dates along the bottom, and the real one on it."""
    first, last = (each.values[f"date_{share}_percent"].estimate for share in (5, 95))
    end = last if math.isfinite(last) else LAST
    if first < LAST:
        axes.plot([first, min(end, LAST)], [BAR, BAR], color=style.INK, linewidth=3, solid_capstyle="butt")
    if end >= LAST:
        axes.plot([LAST - 1], [BAR], ">", color=style.INK, markersize=8, clip_on=False)
    axes.plot([each.month], [BAR], "D", color=style.ACCENT, markersize=7, zorder=3)
    late = each.month > LAST / 2
    left, side = (min(first, LAST / 3) + 2.0, "left") if late else (LAST - 4.0, "right")
    axes.text(left, BAR + 0.035, "90% of dates of war", ha=side, va="bottom", size=8, color=style.INK)
