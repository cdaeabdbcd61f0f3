"""Backcasts: the share of simulated histories at peace, month by month, and when war really came."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from experiments.figures import style
from experiments.patterns.backcasts import MONTHS, Backcast

PANEL, HIGH, LEFT, GAP = 3.9, 2.6, 0.8, 0.7  # inches


def backcasts(found: Sequence[Backcast], fine_print: str) -> Figure:
    """A panel for each backcast: curve with the middle 90% of parameter sets, and what happened."""
    hits = [each.name for each in found if each.inside]
    title = (
        f"Backcasts: the war came within the model's 90% range of dates for {' and '.join(hits)}"
        if hits
        else "Backcasts: the wars came outside the model's 90% range of dates"
    )
    caption = (
        "Line: share of simulated histories still without war; band: middle 90% of parameter sets. Vertical: the month "
        "in which war came. The range of dates holds luck and parameters together. No forecast, then or now. "
        + fine_print
    )
    sheet = style.new_sheet(LEFT + len(found) * (PANEL + GAP), HIGH + 1.05, title, caption)
    for place, each in enumerate(found):
        axes = sheet.axes(LEFT + place * (PANEL + GAP), 0.5, PANEL, HIGH)
        colour = style.LINES[0][0]
        axes.fill_between(MONTHS, each.low, each.high, color=colour, alpha=0.18, linewidth=0)
        axes.plot(MONTHS, each.curve, color=colour, linewidth=2.2)
        axes.axvline(each.month, color=style.ACCENT, linestyle=(0, (4, 2)), linewidth=1.8)
        share = 1.0 - each.curve[min(int(each.month / 3.0), len(each.curve) - 1)]
        text = f"war came in month {each.month:.0f};\nby then in {share:.0%} of histories"
        axes.annotate(
            text, (each.month, 0.97), xytext=(-6, 0), textcoords="offset points", ha="right", va="top", size=8.5
        )
        axes.set_xlim(0, 117)
        axes.set_ylim(0, 1.01)
        axes.set_xticks([0, 24, 48, 72, 96], ["0", "2", "4", "6", "8"])
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
        axes.set_xlabel("Years since the ceasefire")
        axes.set_ylabel(f"Histories without {each.what}" if place == 0 else "")
        axes.set_title(f"{each.name}: {each.what}", loc="left", size=10, weight="bold")
    return sheet.figure
