"""The weeks of some runs: quantiles of series over runs, and what became of each state."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.chunks import engine
from experiments.design import Cell
from experiments.draws import Floats
from experiments.intervals import bootstrap_means
from experiments.results import Asked
from experiments.weekly import Weekly
from model.series import COLUMNS

TOGETHER = 20  # runs whose weeks are in memory at once
QUANTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


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
        whole, ends, most = _record(asked, cell, weekly)
        series += [_fan(cell, name, values) for name, values in whole.items()]
        states += [_by_state(cell, name, ends[name], most[name]) for name in weekly.states]
    return _together(series), _together(states)


def _record(asked: Asked, cell: Cell, weekly: Weekly) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Floats]]:
    """Series (runs, weeks), NaN after a run's end; variables of states at the end and at most, (runs, states) each."""
    runs = min(weekly.runs, asked.experiment.runs)
    series = {name: np.full((runs, cell.scenario.weeks), np.nan) for name in weekly.series}
    ends = {name: np.zeros((runs, len(cell.scenario.roster))) for name in weekly.states}
    most = {name: np.zeros_like(values) for name, values in ends.items()}
    for run, weeks in _traces(asked, cell, runs):
        world = SimpleNamespace(**{place: _Place(weeks[place]) for place in weeks.dtype.names or ()})
        for name, values in series.items():
            values[run, : len(weeks)] = COLUMNS[name].read(world)
        for name, values in ends.items():
            values[run] = weeks["states"][name][-1]
            most[name][run] = weeks["states"][name].max(axis=0)
    return series, ends, most


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


def _fan(cell: Cell, name: str, values: Floats) -> pd.DataFrame:
    alive = np.isfinite(values).sum(axis=0)
    kept = values[:, alive > 0]
    table = pd.DataFrame(
        {
            "cell": cell.label,
            "series": name,
            "unit": COLUMNS[name].unit,
            "week": np.flatnonzero(alive > 0) + 1,
            "runs": alive[alive > 0],
            "mean": np.nanmean(kept, axis=0),
        }
    )
    quantiles = np.nanquantile(kept, list(QUANTILES.values()), axis=0)
    return table.assign(**dict(zip(QUANTILES, quantiles, strict=True)))


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
