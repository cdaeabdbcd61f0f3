"""Pareto: options between a ceasefire that holds and the risk of a wider war, and those that no other one beats."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from experiments.figures import labels, style
from experiments.figures.placement import Floats, place_names, tie

WIDE, HIGH, LEFT, FOOT = 6.2, 4.6, 0.85, 0.55  # inches
MARKERS = "osD^vPX"
NAME, SIZE = 1.05, 8.0  # inches to which names are folded, and their size
RADIUS = 0.055  # inches of a mark
BESIDE = 0.35  # inches from the axes to the names that find no place in them

type Room = tuple[float, float]  # inches of the axes


def pareto(
    table: pd.DataFrame,
    title: str,
    caption: str,
    x: str = "risk",
    y: str = "stability",
    label: str = "option",
    group: str = "group",
    front: str = "front",
    *,
    named: str = "named",
    names: tuple[str, str] = ("War beyond Ukraine (share of runs)", "The ceasefire holds (share of runs)"),
) -> Figure:
    """Options by two shares: further left and higher up is better, and the line joins those that none beats.

    `x`, `y`, `label`, `group` and `front` are columns of `table`; the two shares have their intervals in columns with
    `_low` and `_high` after their names. `front` is true for options that no other option beats, which are filled
    and named; `named` is a column, which may be missing, that is true for others to name. At most seven groups. Options
    without both shares are left out.
    """
    table = table[np.isfinite(table[[x, y]].to_numpy(float)).all(axis=1)].sort_values([x, y], kind="stable")
    looks = _look(list(dict.fromkeys(table[group])))
    best = table[front].to_numpy(bool)
    told = best | table[named].to_numpy(bool) if named in table else best
    spread = Spread(table, (x, y))
    texts = [labels.fold(str(name), NAME, SIZE) for name in table[label][told]]
    sizes = np.array([(labels.width(text, SIZE), labels.height(text, SIZE) + 0.02) for text in texts]).reshape(-1, 2)
    room = (WIDE, max(HIGH, float(sizes[:, 1].sum())))
    corners = _place(spread, best, told, sizes, room)
    key = _key(looks)
    width = LEFT + max([WIDE, *(corners + sizes)[:, 0]]) + style.MARGIN
    above = labels.key_height(key, width) + 0.25
    sheet = style.new_sheet(width, FOOT + room[1] + above, title, caption)
    axes = sheet.axes(LEFT, FOOT, *room)
    _draw(axes, spread, best, [looks[name] for name in table[group]])
    for text, size, point, corner in zip(texts, sizes, spread.places(room)[told], corners, strict=True):
        x_name, y_name = corner / room
        written = axes.text(
            x_name, y_name, text, transform=axes.transAxes, size=SIZE, va="bottom", linespacing=1.15, zorder=5
        )
        written.set_path_effects([withStroke(linewidth=2.5, foreground="white")])  # where the front or a bar passes by
        end = tie(point, size, corner, RADIUS)
        if end is not None:
            xs, ys = (np.array([point, end]) / room).T
            line = Line2D(xs, ys, transform=axes.transAxes, color=style.GREY, linewidth=0.6, zorder=1)
            axes.add_artist(line).set_clip_on(False)
    for axis, ends, name, length in zip((axes.xaxis, axes.yaxis), spread.limits, names, room, strict=True):
        axis.set_view_interval(ends[0], ends[1], ignore=True)
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(
            FuncFormatter(lambda share, _: f"{100 * share:.4g}%" if 0 <= round(share, 9) <= 1 else "")
        )
        side = "left" if axis is axes.xaxis else "up"
        axis.set_label_text(labels.fold(f"{name}: further {side} is better", length, 9))
    labels.draw_key(sheet, key, FOOT + room[1] + 0.15)
    return sheet.figure


class Spread:
    """The options' shares and intervals, and where they lie on axes of some inches."""

    def __init__(self, table: pd.DataFrame, columns: tuple[str, str]) -> None:
        """Read the two shares (options, 2) with the ends of their intervals, and find what axes must show."""
        self.middles = table[list(columns)].to_numpy(float)
        lows, highs = ([f"{column}_{end}" for column in columns] for end in ("low", "high"))
        self.lows, self.highs = table[lows].to_numpy(float), table[highs].to_numpy(float)
        shown = np.vstack([self.middles, self.lows, self.highs]).T
        self.limits = [labels.share_span(each.tolist()) for each in shown]

    def places(self, room: Room, values: Floats | None = None) -> Floats:
        """Inches (options, 2) from the lower left corner of axes `room` inches wide and high."""
        low, high = np.array(self.limits).T
        return np.asarray(((self.middles if values is None else values) - low) / (high - low) * room)

    def bars(self, room: Room) -> Floats:
        """The error bars as boxes in inches: left, bottom, right, top."""
        middles, lows, highs = (self.places(room, each) for each in (self.middles, self.lows, self.highs))
        across = np.column_stack([lows[:, 0], middles[:, 1], highs[:, 0], middles[:, 1]])
        up = np.column_stack([middles[:, 0], lows[:, 1], middles[:, 0], highs[:, 1]])
        return np.nan_to_num(np.vstack([across, up]), nan=-1.0)


def _look(groups: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Marker and colour of each group."""
    if len(groups) > len(MARKERS):
        raise ValueError(f"{len(groups)} groups cannot be told apart; at most {len(MARKERS)}")
    return {name: (marker, colour) for name, marker, (colour, _) in zip(groups, MARKERS, style.LINES, strict=False)}


def _place(spread: Spread, best: NDArray[np.bool_], told: NDArray[np.bool_], sizes: Floats, room: Room) -> Floats:
    """Lower left corners of the names of those `told`: near their marks, or else in a column beside the axes."""
    marks = spread.places(room)
    steps = np.repeat(np.vstack([marks[best], [room[0], np.inf]]), 2, axis=0)  # of the front: to the right, then up
    turns = np.column_stack([steps[1:, 0], steps[:-1, 1]])
    front = np.hstack([np.minimum(turns[:-1], turns[1:]), np.maximum(turns[:-1], turns[1:])])
    corners = place_names(marks[told], sizes, marks, np.vstack([spread.bars(room), front]), room, RADIUS)
    lost = np.isnan(corners).any(axis=1)
    middles = labels.dodge(marks[told][lost, 1].tolist(), sizes[lost, 1].tolist(), 0.0, room[1])
    corners[lost] = np.column_stack([np.full(lost.sum(), room[0] + BESIDE), middles - sizes[lost, 1] / 2])
    return corners


def _draw(axes: Axes, spread: Spread, best: NDArray[np.bool_], looks: Sequence[tuple[str, str]]) -> None:
    """Marks with their error bars; the front as steps, since nothing is known between two options."""
    (x, y), (left, bottom), (right, top) = spread.middles.T, spread.lows.T, spread.highs.T
    for chosen, width, shade in ((~best, 0.6, "#b0b0b0"), (best, 1.0, "#8c8c8c")):
        axes.hlines(y[chosen], left[chosen], right[chosen], color=shade, linewidth=width, zorder=1)
        axes.vlines(x[chosen], bottom[chosen], top[chosen], color=shade, linewidth=width, zorder=1)
    if best.any():
        end = spread.limits[0][1]
        axes.step([*x[best], end], [*y[best], y[best][-1]], where="post", color=style.INK, linewidth=1.2, zorder=1.5)
    for (marker, colour), _ in Counter(looks).most_common():  # the rarest on top
        of_group = np.array([look == (marker, colour) for look in looks])
        for chosen, face, zorder in ((of_group & ~best, "none", 2), (of_group & best, colour, 3)):
            axes.plot(
                x[chosen],
                y[chosen],
                marker,
                markerfacecolor=face,  # the beaten are truly hollow, so that none hides another
                markeredgecolor=colour,
                markersize=2 * RADIUS * 72,
                zorder=zorder,
            )


def _key(looks: Mapping[str, tuple[str, str]]) -> dict[str, Line2D]:
    dot = partial(Line2D, [], [], linestyle="none", markersize=2 * RADIUS * 72)
    groups = {str(name): dot(marker=marker, color=colour) for name, (marker, colour) in looks.items()}
    front = Line2D([], [], color=style.INK, linewidth=1.2)
    beaten = dot(marker="o", markerfacecolor="none", markeredgecolor=style.GREY)
    return groups | {"filled: no option is better in both": front, "hollow: some option is": beaten}
