# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""What a batch shows: one line per cell and outcome, and differences between cells under equal luck."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from rich import box
from rich.console import Group
from rich.markup import escape
from rich.table import Table

from experiments.intervals import EVENTS, MANY, Interval, bootstrap_means, estimate, paired_difference, wilson
from experiments.points import SAMPLE
from experiments.results import Column, Results
from model.outcomes import OUTCOMES

MOST_ROWS = 40  # cells that a terminal is shown
MOST_SETTINGS = 15  # that it is shown of a sample


def summarise(labels: pd.DataFrame, column: Column, outcomes: Sequence[str] = tuple(OUTCOMES)) -> pd.DataFrame:
    """Mean and median of outcomes in every cell, with the mean's 95% interval and how it was made.

    Times are censored at the horizon alone, so that their means are restricted means (RMST, Royston and Parmar
    2013): `weeks_held` is the area under the cell's survival curve.
    """
    amounts = [name for name in outcomes if name not in EVENTS]
    rows = []
    for cell in labels["cell"]:
        means = dict(zip(amounts, _means_of_amounts(cell, amounts, column), strict=True)) if amounts else {}
        for name in outcomes:
            values = column(cell, name)
            interval = means[name] if name in means else wilson(float(values.sum()), len(values))
            how = "bootstrap" if name in means else "Wilson"
            rows.append((name, OUTCOMES[name].unit, len(values), *interval, float(np.median(values)), how))
    headings = ["outcome", "unit", "n", "mean", "low", "high", "median", "interval"]
    told = labels.iloc[np.repeat(np.arange(len(labels)), len(outcomes))].reset_index(drop=True)
    return pd.concat([told, pd.DataFrame(rows, columns=headings)], axis="columns")


def _means_of_amounts(cell: str, names: Sequence[str], column: Column) -> list[Interval]:
    """The means of some outcomes of a cell: all at once where they are resampled, else one by one to save memory."""
    if len(column(cell, names[0])) < MANY:
        return bootstrap_means(np.column_stack([column(cell, name) for name in names]))
    return [estimate(name, column(cell, name)) for name in names]


def differences(labels: pd.DataFrame, column: Column, axes: Sequence[str], outcomes: Sequence[str]) -> pd.DataFrame:
    """For each axis of the grid: every cell less the cell where that axis has its first value.

    All else is equal, and run r has the same luck in both, so that the interval is of paired differences.
    """
    rows = []
    grid = labels[labels["arm"] == ""].drop(columns="arm")
    points = dict(zip(grid[list(axes)].itertuples(index=False, name=None), grid.to_dict("records"), strict=True))
    for place, axis in enumerate(axes):
        first = next(iter(points))[place]
        for point, told in points.items():
            if point[place] == first:
                continue
            other = points[*point[:place], first, *point[place + 1 :]]["cell"]
            rows += [
                told | {"less": other, "changed": axis} | _less(told["cell"], other, name, column) for name in outcomes
            ]
    return pd.DataFrame(rows)


def effects(labels: pd.DataFrame, column: Column, versus: str, outcomes: Sequence[str]) -> pd.DataFrame:
    """Every cell less the cell `versus`, with intervals of paired differences: run r has the same luck in both.

    Points of a sample are left out. `n` is the number of pairs. Empty if `versus` is.
    """
    told = labels[(labels["arm"] != SAMPLE) & (labels["cell"] != versus)].to_dict("records") if versus else []
    return pd.DataFrame(
        [row | {"less": versus} | _less(row["cell"], versus, name, column) for row in told for name in outcomes]
    )


def _less(cell: str, other: str, name: str, column: Column) -> dict[str, object]:
    """One outcome of a cell less another's, paired by run."""
    values = column(cell, name)
    found = paired_difference(name, values, column(other, name))
    return {
        "outcome": name,
        "unit": OUTCOMES[name].unit,
        "n": len(values),
        "difference": found.estimate,
        "low": found.low,
        "high": found.high,
        "interval": "Tango, paired" if name in EVENTS else "bootstrap, paired",
    }


def show_summary(results: Results) -> Group:
    """The summary for the terminal: a table for the grid and one for each arm, a row for each of the first cells."""
    experiment = results.asked.experiment
    told = [cell for cell in results.asked.cells if cell.arm != SAMPLE]
    cells = told[:MOST_ROWS]
    rows = results.summary[results.summary["cell"].isin([cell.label for cell in cells])]
    found = {
        (row["cell"], row["outcome"]): Interval(row["mean"], row["low"], row["high"]) for row in rows.to_dict("records")
    }
    tables: list[Table | str] = []
    for arm in dict.fromkeys(cell.arm for cell in cells):
        of_arm = [cell for cell in cells if cell.arm == arm]
        axes = [name for name in of_arm[0].settings if len({cell.settings[name] for cell in of_arm}) > 1]
        title = f"{experiment.title}: mean (95% interval)" if not tables else arm
        table = Table(title=escape(title), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for name in [*axes, *experiment.outcomes]:
            table.add_column(_header(name), justify="right", no_wrap=True)
        for cell in of_arm:
            numbers = [say(name, found[cell.label, name]) for name in experiment.outcomes]
            table.add_row(*[_level(cell.settings[name]) for name in axes], *numbers)
        tables.append(table)
    if left := len(told) - len(cells):
        tables.append(f"and {left:,} more cells in summary.csv")
    if results.sensitivity is not None:
        tables += _show_sensitivity(results.sensitivity, experiment.outcomes[0], len(results.asked.cells) - len(told))
    return Group(*tables)


def _show_sensitivity(found: pd.DataFrame, outcome: str, points: int) -> list[Table | str]:
    """What the first outcome hangs on most, from the strongest on."""
    found = found[found["outcome"] == outcome].drop(columns="outcome").dropna()
    index = next(name for name in ("ST", "mu_star", "rank_correlation") if name in found)
    order = found[index].abs().sort_values(ascending=False, kind="stable").index
    title = f"What {outcome} hangs on, over {points:,} points"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in found.columns:
        table.add_column(name, justify="left" if name == "parameter" else "right", no_wrap=True)
    for row in found.loc[order].head(MOST_SETTINGS).itertuples(index=False):
        table.add_row(row[0], *[_number(number) if index == "mu_star" else f"{number:.2f}" for number in row[1:]])
    left = len(found) - MOST_SETTINGS
    return [table, f"and {left:,} more settings in sensitivity.csv"] if left > 0 else [table]


def say(name: str, interval: Interval) -> str:
    """An interval in few characters: `63% (51–74)` for an event, `12k (9.8k–15k)` for an amount."""
    if math.isnan(interval.low):
        return f"{_number(interval.estimate)} (one run)"
    if name in EVENTS:
        return f"{interval.estimate:.0%} ({100 * interval.low:.0f}–{100 * interval.high:.0f})"
    return f"{_number(interval.estimate)} ({_number(interval.low)}–{_number(interval.high)})"


def _header(name: str) -> str:
    """A column's name, broken so that it stays narrow, with its unit."""
    unit = OUTCOMES[name].unit if name in OUTCOMES and name not in EVENTS else ""
    return name.replace(".", ".\n").replace("_", "_\n") + (f"\n({unit})" if unit else "")


def _level(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, float | int) and not isinstance(value, bool) else str(value)


def _number(value: float) -> str:
    """Two digits that count, never in powers of ten."""
    for factor, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= factor:
            return f"{float(f'{value / factor:.2g}'):g}{letter}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2g}"
