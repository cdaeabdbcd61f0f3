"""The weeks of some runs: quantiles of series over runs, and what became of each state."""

from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.chunks import engine
from experiments.design import Cell
from experiments.draws import Floats
from experiments.intervals import bootstrap_means
from experiments.results import Asked
from model.scenario import Scenario
from model.series import COLUMNS

TOGETHER = 20  # runs whose weeks are in memory at once
QUANTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


class Recorded(NamedTuple):
    """Weeks of some runs."""

    series: dict[str, Floats]  # (runs, weeks) each, NaN after a run's end
    ends: dict[str, Floats]  # of each variable of the states in the last week lived: (runs, states)
    most: dict[str, Floats]  # and the largest of a run


def weekly_tables(asked: Asked) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Play the first runs of the cells that `weekly` names once more, and look at their weeks.

    Series: one row for each cell, series and week: cell, series, unit, week, runs, mean, p5, p25, p50, p75, p95, over
    the runs that are still going (renewed war ends a run). States: one row for each cell, state and variable: cell,
    state (ISO code), variable, mean with its 95% interval, p5, p50, p95 of the last week lived, and the same of the
    largest value of a run (`most_mean` and so on). Both are empty if nothing is recorded.
    """
    weekly = asked.experiment.weekly
    if weekly is None:
        return pd.DataFrame(), pd.DataFrame()
    chosen = [cell for cell in asked.cells if not weekly.cells or cell.label in weekly.cells]
    series, states = [], []
    for cell in chosen:
        runs = min(weekly.runs, asked.experiment.runs)
        found = collect(_traces(asked, cell, runs), cell.scenario, runs, weekly.series, weekly.states)
        for name, values in found.series.items():
            table = fan(values)
            table.insert(0, "cell", cell.label)
            table.insert(1, "series", name)
            table.insert(2, "unit", COLUMNS[name].unit)
            series.append(table)
        states += [_by_state(cell, name, found.ends[name], found.most[name]) for name in weekly.states]
    return _together(series), _together(states)


def collect(
    worlds: Iterable[tuple[int, NDArray[np.void]]],
    scenario: Scenario,
    runs: int,
    series: Sequence[str],
    states: Sequence[str],
) -> Recorded:
    """Series of the weekly record and variables of the states from the traces of an engine, each with its run."""
    found = Recorded(
        {name: np.full((runs, scenario.weeks), np.nan) for name in series},
        {name: np.zeros((runs, len(scenario.roster))) for name in states},
        {name: np.zeros((runs, len(scenario.roster))) for name in states},
    )
    for run, weeks in worlds:
        world = SimpleNamespace(**{place: _Place(weeks[place]) for place in weeks.dtype.names or ()})
        for name, values in found.series.items():
            values[run, : len(weeks)] = COLUMNS[name].read(world)
        for name in states:
            found.ends[name][run] = weeks["states"][name][-1]
            found.most[name][run] = weeks["states"][name].max(axis=0)
    return found


def fan(values: Floats) -> pd.DataFrame:
    """Mean and quantiles over runs (rows) of each week: week, runs (still going), mean, p5, p25, p50, p75, p95."""
    alive = np.isfinite(values).sum(axis=0)
    kept = values[:, alive > 0]
    table = pd.DataFrame(
        {"week": np.flatnonzero(alive > 0) + 1, "runs": alive[alive > 0], "mean": np.nanmean(kept, axis=0)}
    )
    quantiles = np.nanquantile(kept, list(QUANTILES.values()), axis=0)
    return table.assign(**dict(zip(QUANTILES, quantiles, strict=True)))


class _Place:
    """An actor's fields over the weeks of a run, read like one week's."""

    def __init__(self, weeks: NDArray[np.void]) -> None:
        self._weeks = weeks

    def __getattr__(self, name: str) -> Any:
        return self._weeks[name][:, 0]


def _traces(asked: Asked, cell: Cell, runs: int) -> Iterator[tuple[int, NDArray[np.void]]]:
    seed, play = asked.experiment.seed, engine(lambda _: None)
    for first in range(0, runs, TOGETHER):
        count = min(TOGETHER, runs - first)
        drawn = asked.draws(first).columns_for(cell.scenario, first, count) if asked.draws else None
        yield from enumerate(play.traces(cell.scenario, seed, first, count, drawn), first)


def _by_state(cell: Cell, name: str, ends: Floats, most: Floats) -> pd.DataFrame:
    table = pd.DataFrame({"cell": cell.label, "state": list(cell.scenario.roster), "variable": name})
    for prefix, values in (("", ends), ("most_", most)):
        table[[f"{prefix}{part}" for part in ("mean", "low", "high")]] = [
            list(each) for each in bootstrap_means(values)
        ]
        for part in ("p5", "p50", "p95"):
            table[f"{prefix}{part}"] = np.quantile(values, QUANTILES[part], axis=0)
    return table


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
