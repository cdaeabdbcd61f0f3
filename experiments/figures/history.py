"""Past ceasefires: how long they held by the kind of force, beside what the model expects of the same cases."""

from collections.abc import Sequence

import lifelines
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.figures import style
from experiments.history.columns import FORCES
from experiments.history.evaluation import Scores
from experiments.history.predict import GRID, Forecast
from experiments.history.scores import DAYS_A_YEAR

PANEL, HIGH, LEFT, GAP = 1.85, 2.3, 0.75, 0.42  # inches
YEARS = 10
TITLES = {
    "none": "No third party",
    "unarmed observers": "Unarmed observers",
    "lightly armed peacekeepers": "Light peacekeepers",
    "combat-capable": "Combat-capable force",
}


def by_force(
    frame: pd.DataFrame, model: Forecast, rows: NDArray[np.bool_], check: pd.DataFrame, fine_print: str
) -> Figure:
    """A panel for each kind of force: the data's Kaplan-Meier curve with its band, and the model's mean curve."""
    judged = frame[rows].reset_index(drop=True)
    curves, low, high = model.curve[rows], model.low[rows], model.high[rows]
    groups = [name for name in FORCES if (judged["third_party_force"] == name).any()]
    width = LEFT + len(groups) * (PANEL + GAP)
    caption = (
        "Black steps: Kaplan-Meier estimate of the data with its 95% band; blue: mean of what the model expects of the "
        "same cases, each by a posterior that has not seen its dyad cluster, with the middle 90% of parameter sets. "
        "Collapse: large-scale fighting over the same line (strict endpoint); core sample. " + fine_print
    )
    hits = int(check["inside"].sum())
    title = (
        "The model's past ceasefires hold about as long as the real ones, whatever force stood there"
        if hits == len(check)
        else f"The model lies inside the data's 95% intervals at {hits} of {len(check)} marks, by force and years"
    )
    sheet = style.new_sheet(width, HIGH + 1.0, title, caption)
    for place, name in enumerate(groups):
        chosen = (judged["third_party_force"] == name).to_numpy()
        axes = sheet.axes(LEFT + place * (PANEL + GAP), 0.6, PANEL, HIGH)
        some = judged[chosen]
        fitter = lifelines.KaplanMeierFitter().fit(some["t"] / DAYS_A_YEAR, some["event"])
        steps = fitter.survival_function_.index.to_numpy()
        band = fitter.confidence_interval_.to_numpy()
        axes.fill_between(steps, band[:, 0], band[:, 1], step="post", color=style.GREY, alpha=0.18, linewidth=0)
        axes.step(steps, fitter.survival_function_.to_numpy()[:, 0], where="post", color=style.INK, linewidth=1.6)
        years = GRID / DAYS_A_YEAR
        blue, dashes = style.LINES[0][0], (0, (5, 1.5))
        axes.fill_between(
            years, low[chosen].mean(axis=0), high[chosen].mean(axis=0), color=blue, alpha=0.15, linewidth=0
        )
        axes.plot(years, curves[chosen].mean(axis=0), color=blue, linestyle=dashes, linewidth=2.0)
        axes.set_xlim(0, YEARS)
        axes.set_ylim(0, 1.01)
        axes.set_xticks([0, 1, 2, 5, 10])
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"] if place == 0 else [""] * 5)
        axes.set_title(f"{TITLES[name]} ({chosen.sum()})", loc="left", size=10, weight="bold")
        axes.set_xlabel("Years since the ceasefire")
        if place == 0:
            axes.set_ylabel("Still holds")
            axes.plot([], [], color=style.INK, linewidth=1.6, label="data")
            axes.plot([], [], color=blue, linestyle=dashes, linewidth=2.0, label="model")
            axes.legend(loc="lower left", fontsize=8.5, handlelength=3)
    return sheet.figure


def of_rivals(scores: Sequence[Scores], fine_print: str) -> Figure:
    """How well each rival ranks the cases (C), and how far its probabilities are off (Brier), side by side."""
    count = len(scores)
    body = 0.34 * count + 0.95
    best = max(range(count), key=lambda place: scores[place].c)
    first = scores[0]
    rest = max(each.c for each in scores[1:])
    title = (
        f"Past ceasefires: the model ranks them best (C = {first.c:.2f}; best rival {rest:.2f})"
        if best == 0
        else f"Past ceasefires: the model (C = {first.c:.2f}) does not rank them better than “{scores[best].name}”"
    )
    caption = (
        "C: chance that of two cases the one that was expected to hold longer did (Harrell 1982), with 95% intervals "
        "that resample dyad clusters; a half is a coin. Brier score: mean squared error of the probability that a case "
        "still holds, weighted for censoring (Graf et al. 1999); less is better. Nobody has seen the cluster of the "
        "case it predicts. " + fine_print
    )
    sheet = style.new_sheet(9.6, body, title, caption)
    rows = np.arange(count)[::-1]
    axes = sheet.axes(2.1, 0.55, 2.9, 0.34 * count)
    for row, each in zip(rows, scores, strict=True):
        colour = style.LINES[0][0] if each is first else style.GREY
        axes.plot([each.c_low, each.c_high], [row, row], color=colour, linewidth=2)
        axes.plot(each.c, row, "o", color=colour, markersize=7)
    axes.axvline(0.5, color=style.GREY, linestyle=(0, (4, 3)), linewidth=0.9, zorder=0)
    axes.set_yticks(rows, [each.name for each in scores])
    axes.set_ylim(-0.6, count - 0.4)
    axes.set_xlabel("C (ranking): further right is better")
    axes = sheet.axes(5.75, 0.55, 3.4, 0.34 * count)
    years = list(first.brier)
    for (marker, shade), year in zip((("o", 0.0), ("s", 0.25), ("D", 0.45), ("^", 0.65)), years, strict=True):
        for row, each in zip(rows, scores, strict=True):
            label = f"{year:g} y" if each is first else None
            axes.plot(
                each.brier[year],
                row,
                marker,
                color=str(shade),
                markeredgecolor="white",
                markersize=7,
                label=label,
                linestyle="none",
            )
    axes.set_yticks(rows, [""] * count)
    axes.set_ylim(-0.6, count - 0.4)
    axes.set_xlabel("Brier score (error): further left is better")
    axes.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=8.5, handletextpad=0.1)
    return sheet.figure
