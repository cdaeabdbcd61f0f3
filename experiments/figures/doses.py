"""Dose curves: the chance of an outcome over the size of the force, beside the force that Europe fields."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.figures import labels, style, words

ALONE, BESIDE, HIGH, GAP = 3.8, 2.5, 2.3, 0.5  # inches: the width of one panel, of one among others
MOST = 2  # panels in a row: more would make the letters too small for a page
NAME = 1.2  # inches to which the names of lines are folded
HEAD, NAMED, FOOT = 0.27, 0.28, 0.52  # inches above the axes of a panel, for its title if it has one, and below
ROW = 0.25  # inches of a line's row in the strip of troops, at the least
BETWEEN = 0.27  # inches between a panel and its strip
NEEDED, FIELDED = "o", "^"
THOUSAND = 1000.0
BAND = "#d9d9d9"


@dataclass(frozen=True)
class Doses:
    """What there is to show."""

    table: pd.DataFrame
    supply: pd.DataFrame | None
    marks: pd.DataFrame | None
    lines: dict[str, tuple[str, Any]]  # colour and dashes of each
    target: float
    goal: str
    rule: float
    wide: float  # inches of a panel

    @property
    def most(self) -> float:
        """Thousand troops at the right end."""
        return float(self.table["size"].max()) / THOUSAND or 1.0

    @property
    def overall(self) -> bool:
        """Whether one band says what Europe fields, whatever the line."""
        return self.supply is not None and "line" not in self.supply

    @property
    def names(self) -> list[str]:
        """The lines' names as they are written."""
        return [labels.fold(name, NAME, 8, "bold") for name in self.lines]

    @property
    def rows(self) -> list[float]:
        """Inches of each line's row in the strip; none without a strip."""
        if self.marks is None and (self.supply is None or self.overall):
            return []
        return [max(ROW, labels.height(name, 8) + 0.05) for name in self.names]

    def of_panel(self, panel: str) -> "Doses":
        """What belongs to one panel; tables without a column for it belong to all."""
        names = ("table", "supply", "marks")
        parts = {name: getattr(self, name) for name in names}
        found = {
            name: part[part["panel"] == panel] for name, part in parts.items() if part is not None and "panel" in part
        }
        return replace(self, **found)


def dose_curves(
    table: pd.DataFrame,
    title: str,
    caption: str,
    target: float = 0.8,
    supply: pd.DataFrame | None = None,
    marks: pd.DataFrame | None = None,
    panels: Sequence[str] | None = None,
    *,
    goal: str = "four in five",
    rule: float = 100_000.0,
    label: str = "The ceasefire holds (share of runs)",
) -> Figure:
    """Probability over the size of the force: a line with its 95% band for each level of a second lever.

    `table` has line, size (troops), estimate, low, high, and panel if `panels` says which to show, in which order.
    `marks` has line, size, low, high: where each line first reaches the target, infinite where it does not.
    `supply` has median, low, high: what Europe fields, overall or, with a column line, for each line. Both may be
    left out, and have a column panel where they differ by panel. At most seven lines.
    """
    names = list(dict.fromkeys(table["line"]))
    if len(names) > len(style.LINES):
        raise ValueError(f"{len(names)} lines cannot be told apart; at most {len(style.LINES)}")
    shown = list(panels) if panels else [""]
    lines = dict(zip(names, style.LINES, strict=False))
    doses = Doses(table, supply, marks, lines, target, goal, rule, BESIDE if len(shown) > 1 else ALONE)
    down = math.ceil(len(shown) / MOST)
    across = math.ceil(len(shown) / down)
    widest = max(labels.width(name, 8, "bold") for name in doses.names)
    left = max(widest if doses.rows else 0.0, labels.width(goal, 9, "bold") + 0.3) + style.MARGIN + 0.15
    step = doses.wide + max(labels.NAME_GAP + widest + 0.06, 1.15 if doses.rows else 0.0) + GAP
    high = max(HIGH, sum(labels.height(name, 8) + 0.04 for name in doses.names))
    strip = sum(doses.rows)
    row = FOOT + strip + (BETWEEN if strip else 0.0) + high + HEAD + (NAMED if panels else 0.0)
    sheet = style.new_sheet(left + across * step - GAP + style.MARGIN, down * row, title, caption)
    for place, panel in enumerate(shown):
        of_panel = doses.of_panel(panel) if panels else doses
        x, y = left + place % across * step, (down - 1 - place // across) * row + FOOT
        axes = sheet.axes(x, y + strip + (BETWEEN if strip else 0.0), doses.wide, high)
        first = place % across == 0
        _draw_curves(axes, of_panel, first)
        axes.set_ylabel(label if first else "")
        axes.set_title(panel, loc="left", size=10, weight="bold", pad=18)
        if strip:
            axes.tick_params(labelbottom=False)
            axes = sheet.axes(x, y, doses.wide, strip)
            _draw_strip(axes, of_panel, first)
        axes.set_xlabel("Size of the reassurance force (thousand troops)")
    return sheet.figure


def _draw_curves(axes: Axes, doses: Doses, first: bool) -> None:
    """The lines with their bands and names, the target, the rule, and where lines meet need and supply."""
    ends = []
    _frame(axes, doses, first)
    for (name, (colour, dashes)), written in zip(doses.lines.items(), doses.names, strict=True):
        rows = doses.table[doses.table["line"] == name].sort_values("size")
        sizes = rows["size"] / THOUSAND
        axes.fill_between(sizes, rows["low"], rows["high"], color=colour, alpha=0.08, linewidth=0)
        for edge in ("low", "high"):  # where bands overlap, their edges tell them apart
            axes.plot(sizes, rows[edge], color=colour, linestyle=dashes, linewidth=0.5, alpha=0.6)
        alone = "." if len(rows) == 1 else None  # a line needs two sizes
        axes.plot(sizes, rows["estimate"], color=colour, linestyle=dashes, linewidth=1.8, marker=alone)
        known = rows.dropna(subset="estimate")
        for part, what, marker in ((doses.marks, "size", NEEDED), (doses.supply, "median", FIELDED)):
            at = _of_line(part, name)
            if at is not None and len(known) and 0 <= at[what] / THOUSAND <= doses.most:
                height = float(np.interp(at[what], known["size"], known["estimate"]))
                axes.plot(at[what] / THOUSAND, height, marker, **_look(colour), zorder=4)
        if len(known):
            ends.append(labels.End(written, float(known["estimate"].iloc[-1]), colour))
    labels.name_ends(axes, ends)


def _frame(axes: Axes, doses: Doses, first: bool) -> None:
    """Scales and ticks, the target by its name and its line, the rule and an overall supply from bottom to top."""
    ticks = [tick for tick in (0, 0.2, 0.4, 0.6, 0.8, 1) if abs(tick - doses.target) >= 0.12]
    goal = f"{doses.goal}\n" if first else ""
    axes.set_yticks([*ticks, doses.target], [*map(labels.percent, ticks), goal + labels.percent(doses.target)])
    axes.get_yticklabels()[-1].set_fontweight("bold")
    axes.axhline(doses.target, color=style.GREY, linestyle=(0, (4, 3)), linewidth=0.9, zorder=0)
    axes.set_ylim(0, 1.005)
    _set_troops(axes, doses)
    over = []
    if doses.rule / THOUSAND <= doses.most:
        axes.axvline(doses.rule / THOUSAND, color=style.INK, linestyle=(0, (1, 2)), linewidth=1.1, zorder=0.6)
        over.append((doses.rule, f"{doses.rule:,.0f}"))
    if doses.supply is not None and doses.overall and len(doses.supply):
        middle, low, high = (float(doses.supply.iloc[0][part]) for part in ("median", "low", "high"))
        axes.axvspan(low / THOUSAND, min(high / THOUSAND, doses.most), color=BAND, linewidth=0, zorder=0)
        axes.axvline(middle / THOUSAND, color=style.INK, linewidth=0.9, zorder=0.5)
        over.append((middle, f"Europe fields {_troops(middle)}"))
    sizes = [labels.width(text, 8) + 0.12 for _, text in over]
    wanted = [troops / THOUSAND / doses.most * doses.wide for troops, _ in over]
    for (_, text), x in zip(over, labels.dodge(wanted, sizes, 0.0, doses.wide + 0.3), strict=True):
        axes.text(x / doses.wide, 1.02, text, transform=axes.transAxes, size=8, ha="center", va="bottom")


def _set_troops(axes: Axes, doses: Doses) -> None:
    axes.set_xlim(0, doses.most)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))


def _draw_strip(axes: Axes, doses: Doses, first: bool) -> None:
    """A row for each line, the last on top as its curve is: troops needed, and below them troops fielded."""
    _set_troops(axes, doses)
    axes.set_ylim(-0.04, sum(doses.rows))  # with room for the lowest marks
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    if doses.rule / THOUSAND <= doses.most:
        axes.axvline(doses.rule / THOUSAND, color=style.INK, linestyle=(0, (1, 2)), linewidth=1.1, zorder=0.6)
    kinds = [("needed", doses.marks, "size", NEEDED), ("fielded", doses.supply, "median", FIELDED)]
    kinds = [kind for kind in kinds if kind[1] is not None and "line" in kind[1]]
    beside = 1 + labels.NAME_GAP / doses.wide
    middles = np.cumsum(doses.rows) - np.array(doses.rows) / 2
    for middle, written, (name, (colour, _)) in zip(middles, doses.names, doses.lines.items(), strict=True):
        told = []
        for place, (_, part, what, marker) in enumerate(kinds):
            at = _of_line(part, name)
            told.append(labels.NONE if at is None else _troops(at[what], doses.most))
            if at is not None:
                y = middle + (0.06 - 0.12 * place if len(kinds) > 1 else 0.0)
                _draw_range(axes, y, [at[what], at["low"], at["high"]], doses.most, colour, marker)
        tell = partial(axes.text, y=middle, va="center", transform=axes.get_yaxis_transform(), size=8)
        tell(beside, s=" of ".join(reversed(told)))
        if first:
            tell(-0.12 / doses.wide, s=written, ha="right", color=colour, weight="bold")
    heads = {"needed": f"\N{WHITE CIRCLE} needed for {doses.goal}", "fielded": "\N{WHITE UP-POINTING TRIANGLE} fielded"}
    above = partial(axes.text, y=1 + 0.05 / sum(doses.rows), va="bottom", transform=axes.transAxes, size=8)
    above(0, s="    ".join(heads[kind[0]] for kind in kinds))
    above(beside, s=" of ".join(kind[0] for kind in reversed(kinds)))


def _draw_range(axes: Axes, y: float, troops: Sequence[float], most: float, colour: str, marker: str) -> None:
    """An estimate and its interval, with an arrow where it goes on beyond the right end."""
    middle, low, high = (value / THOUSAND for value in troops)
    if math.isfinite(low) and low <= most:
        axes.plot([low, min(high, most)], [y, y], color=colour, linewidth=1.3, solid_capstyle="butt")
    if max(middle, high) > most:
        axes.plot(most, y, ">", color=colour, markersize=5, clip_on=False)
    if middle <= most:
        axes.plot(middle, y, marker, **_look(colour), clip_on=False)


def _look(colour: str) -> dict[str, Any]:
    return {"markersize": 5.5, "color": "white", "markeredgecolor": colour, "markeredgewidth": 1.3}


def _of_line(part: pd.DataFrame | None, name: str) -> "pd.Series[Any] | None":
    """The row of a line with a number in it."""
    if part is None or "line" not in part:
        return None
    rows = part[part["line"] == name]
    return rows.iloc[0] if len(rows) else None


def _troops(troops: float, most: float = math.inf) -> str:
    """Troops to the thousand, or that they are beyond the picture."""
    if math.isnan(troops):
        return labels.NONE
    if troops / THOUSAND > most:
        return f">{most:.0f}k"
    return words.level("force.size", round(troops, -3) if troops >= 1000 else round(troops))
