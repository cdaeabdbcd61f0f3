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

from experiments.intervals import EVENTS, Interval, bootstrap_means, paired_difference, wilson
from experiments.results import Results
from model.outcomes import OUTCOMES


def summarise(runs: pd.DataFrame, levers: Sequence[str]) -> pd.DataFrame:
    """Mean and median of every outcome in every cell, with the mean's 95% interval and how it was made.

    Times are censored at the horizon alone, so that their means are restricted means (RMST, Royston and Parmar
    2013): `weeks_held` is the area under the cell's survival curve.
    """
    names = [name for name in runs.columns if name in OUTCOMES]
    rows = []
    for _, group in runs.groupby("cell", sort=False):
        values = group[names].to_numpy(float)
        means = bootstrap_means(values)
        for place, name in enumerate(names):
            column = values[:, place]
            event = name in EVENTS
            interval = wilson(float(column.sum()), len(column)) if event else means[place]
            rows.append(
                {column: group[column].iloc[0] for column in ["cell", "arm", *levers]}
                | {"outcome": name, "unit": OUTCOMES[name].unit, "n": len(column)}
                | {"mean": interval.estimate, "low": interval.low, "high": interval.high}
                | {"median": float(np.median(column)), "interval": "Wilson" if event else "bootstrap"}
            )
    return pd.DataFrame(rows)


def differences(
    runs: pd.DataFrame, levers: Sequence[str], axes: Sequence[str], outcomes: Sequence[str]
) -> pd.DataFrame:
    """For each axis of the grid: every cell less the cell where that axis has its first value.

    All else is equal, and run r has the same luck in both, so that the interval is of paired differences.
    """
    rows = []
    grid = runs[runs["arm"] == ""]
    cells = {label: group for label, group in grid.groupby("cell", sort=False)}
    points = {label: tuple(group[axis].iloc[0] for axis in axes) for label, group in cells.items()}
    labels = {point: label for label, point in points.items()}
    for place, axis in enumerate(axes):
        first = next(iter(points.values()))[place] if points else None
        for label, point in points.items():
            if point[place] == first:
                continue
            other = labels[(*point[:place], first, *point[place + 1 :])]
            for name in outcomes:
                found = paired_difference(name, cells[label][name].to_numpy(float), cells[other][name].to_numpy(float))
                rows.append(
                    {column: cells[label][column].iloc[0] for column in ["cell", *levers]}
                    | {"less": other, "changed": axis, "outcome": name, "unit": OUTCOMES[name].unit}
                    | {
                        "n": len(cells[label]),
                        "difference": found.estimate,
                        "low": found.low,
                        "high": found.high,
                    }
                    | {"interval": "Tango, paired" if name in EVENTS else "bootstrap, paired"}
                )
    return pd.DataFrame(rows)


def show_summary(results: Results) -> Group:
    """The summary for the terminal: a table for the grid and one for each arm, a row per cell."""
    experiment, cells = results.experiment, results.cells
    found = {
        (row["cell"], row["outcome"]): Interval(row["mean"], row["low"], row["high"])
        for row in results.summary.to_dict("records")
    }
    tables: list[Table] = []
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
    return Group(*tables)


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
