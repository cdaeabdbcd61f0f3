"""The results of a batch: tables, figures, manifest, and a summary for the terminal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.design import Cell, Experiment
from experiments.figures import draw_figures
from experiments.manifest import write_manifest
from experiments.prior import Draw
from experiments.results import Results
from experiments.store import parquet_bytes, write_bytes
from experiments.summary import differences, summarise
from experiments.survival import survival_table

CSV_LIMIT = 5_000_000  # bytes: above this the table of runs is kept as Parquet only


def write_report(
    directory: Path,
    experiment: Experiment,
    cells: Sequence[Cell],
    draws: Sequence[Draw],
    *,
    shards: Sequence[Sequence[Path]],
    model: str,
    started: datetime,
    command: str,
) -> tuple[Results, list[Path]]:
    """Write tables, figures and manifest from the shards of each cell, in order. Returns also the files."""
    levers = experiment.levers()
    runs = collect(cells, levers, shards)
    results = Results(experiment, cells, draws, model, started, command, runs, summarise(runs, levers))
    tables = {
        "runs.csv": runs,
        "summary.csv": results.summary,
        "differences.csv": differences(runs, levers, list(experiment.grid), experiment.outcomes),
        "survival.csv": survival_table(runs, levers, {cell.label: cell.scenario.weeks for cell in cells}),
    }
    written = [write_parquet(directory / "runs.parquet", runs)]
    written += [path for name, table in tables.items() if (path := write_csv(directory / name, table))]
    if experiment.parameters == "prior":
        drawn = {name: [draw[name] for draw in draws] for name in draws[0]}
        table = pd.DataFrame({"run": range(experiment.runs), **drawn})
        written.append(write_parquet(directory / "draws.parquet", table))
    written += draw_figures(directory, results)
    written.append(write_manifest(directory / "manifest.json", results, written))
    return results, written


def collect(cells: Sequence[Cell], levers: Sequence[str], shards: Sequence[Sequence[Path]]) -> pd.DataFrame:
    """One row per run, cells and runs in order: cell, arm, the levers, run, outcomes."""
    kinds = {name: _column_type([cell.value(name) for cell in cells]) for name in levers}
    parts = []
    for cell, paths in zip(cells, shards, strict=True):
        runs: pd.DataFrame = pa.concat_tables([pq.read_table(path) for path in paths]).to_pandas()
        labels: Mapping[str, object] = {
            "cell": cell.label,
            "arm": cell.arm,
            **{name: kind(cell.value(name)) for name, kind in kinds.items()},
        }
        parts.append(pd.concat([pd.DataFrame(labels, index=runs.index), runs], axis="columns"))
    return pd.concat(parts, ignore_index=True)


def write_parquet(path: Path, table: pd.DataFrame) -> Path:
    """Write a table as Parquet, whole."""
    write_bytes(path, parquet_bytes(pa.Table.from_pandas(table, preserve_index=False)))
    return path


def write_csv(path: Path, table: pd.DataFrame) -> Path | None:
    """Write a table as CSV with ten significant digits, whole; None if it has no rows or is too large."""
    content = table.to_csv(index=False, float_format="%.10g", lineterminator="\n").encode()
    if table.empty or len(content) > CSV_LIMIT:
        path.unlink(missing_ok=True)  # one from an earlier batch would be taken for this batch's
        return None
    write_bytes(path, content)
    return path


def _column_type(values: Sequence[object]) -> type[float] | type[str] | type[bool]:
    """The type of a lever's column: a roster may be a name in one cell and a list of states in another."""
    if all(isinstance(value, bool) for value in values):
        return bool
    return float if all(isinstance(value, int | float) for value in values) else str
