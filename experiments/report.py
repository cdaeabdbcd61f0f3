"""The results of a batch: tables, figures and manifest, made from the store column by column."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.chunks import DrawnRuns, Plan
from experiments.design import Experiment
from experiments.figures import draw_figures
from experiments.figures.kinds import KINDS
from experiments.manifest import write_manifest
from experiments.points import SAMPLE
from experiments.recorded import weekly_tables
from experiments.results import Asked, Results, label_cells
from experiments.sensitivity import points_table, sensitivity_table
from experiments.store import Store, whole, write_bytes
from experiments.summary import differences, effects, summarise
from experiments.survival import survival_tables
from experiments.table import GROUP_ROWS, RunTable, write_runs
from model.outcomes import OUTCOMES

SOMETIMES = (  # beside the tables that `write_csv` clears away itself
    "draws.parquet",
    *(f"{figure}.{ending}" for figure in KINDS for ending in ("png", "svg")),
    *(f"{table}.csv" for kind in KINDS.values() for table in kind.names),
)
CSV_LIMIT = 5_000_000  # bytes: above this the table of runs is kept as Parquet only, and survival curves as figures
MOST_CURVES, FEW_CURVES = 50, 8  # cells whose survival curves are written: if a figure shows them, and else
MOST_WHOLE = 200  # cells of which every outcome is summarised
CSV_ROWS = CSV_LIMIT // (2 * len(OUTCOMES))  # more than these cannot fit: a number and its comma take two bytes


def write_report(store: Store, plan: Plan, asked: Asked) -> tuple[Results, list[Path]]:
    """Write tables, figures and manifest of a batch that has been played. Returns also the files.

    Raises Damaged if a shard cannot be read, and OSError.
    """
    directory, experiment, cells = store.directory, asked.experiment, asked.cells
    (directory / "manifest.json").unlink(missing_ok=True)  # a folder without it is not finished
    labels = label_cells(cells, experiment.levers())
    parts = (part for place in range(len(cells)) for part in plan.parts(place))
    written = [write_runs(directory / "runs.parquet", labels, experiment.runs, store.rows(parts))]
    table = RunTable(directory / "runs.parquet", list(labels["cell"]), experiment.runs)
    summary = summarise(labels, table.column, summarised(experiment, len(cells)))
    sensitivity = _sensitivity(asked, summary) if experiment.sample else None
    weekly, states = weekly_tables(asked)
    further = {
        "differences": differences(labels, table.column, list(experiment.grid), experiment.outcomes),
        "effects": effects(labels, table.column, experiment.versus, experiment.outcomes),
        "weekly": weekly,
        "states": states,
        "points": points_table(cells),
        "sensitivity": pd.DataFrame() if sensitivity is None else sensitivity,
    }
    results = Results(asked, labels, table.column, summary, sensitivity, further)
    for name in experiment.figures:
        further |= KINDS[name].tables(results)
    drawn = [cell for cell in cells if cell.arm != SAMPLE]  # points are too many for a curve each
    drawn = drawn if len(drawn) <= (MOST_CURVES if "survival" in experiment.figures else FEW_CURVES) else []
    curves = survival_tables(labels[: len(drawn)], table.column, [cell.scenario.weeks for cell in drawn])
    tables = [
        write_csv(directory / "runs.csv", table.frames() if len(table) < CSV_ROWS else [], CSV_LIMIT),
        write_csv(directory / "summary.csv", [results.summary]),
        write_csv(directory / "survival.csv", curves, CSV_LIMIT),
        *(write_csv(directory / f"{name}.csv", [content]) for name, content in further.items()),
    ]
    written += [path for path in tables if path]
    if asked.draws:
        written.append(write_draws(directory / "draws.parquet", asked.draws, experiment.runs))
    written += draw_figures(directory, results)
    for path in (directory / name for name in SOMETIMES):  # one from an earlier batch would be taken for this one's
        if path not in written:
            path.unlink(missing_ok=True)
    written.append(write_manifest(directory / "manifest.json", results, written))
    return results, written


def summarised(experiment: Experiment, cells: int) -> list[str]:
    """The outcomes in summary.csv: all of them, but of very many cells the experiment's own."""
    return list(OUTCOMES) if cells <= MOST_WHOLE else experiment.outcomes


def _sensitivity(asked: Asked, summary: pd.DataFrame) -> pd.DataFrame:
    """What the experiment's outcomes, as means of each point of its sample, hang on."""
    names = asked.experiment.outcomes
    of_points = summary[(summary["arm"] == SAMPLE) & summary["outcome"].isin(names)]
    means = of_points.pivot_table("mean", "cell", "outcome", sort=False)[names]
    return sensitivity_table(asked.experiment, asked.cells, means)


def write_csv(path: Path, frames: Iterable[pd.DataFrame], limit: float = float("inf")) -> Path | None:
    """Write frames, one below the other, as CSV with ten significant digits, whole.

    None if they have no rows, or come to more than `limit` bytes.
    """
    content = bytearray()
    for frame in frames:
        if not frame.empty:
            text = frame.to_csv(index=False, header=not content, float_format="%.10g", lineterminator="\n")
            content += text.encode()
        if len(content) > limit:
            break
    if not content or len(content) > limit:
        path.unlink(missing_ok=True)  # one from an earlier batch would be taken for this batch's
        return None
    write_bytes(path, bytes(content))
    return path


def write_draws(path: Path, draws: DrawnRuns, runs: int) -> Path:
    """Write what each run drew, as the rules see it, whole."""
    names = draws(0).names
    schema = pa.schema([("run", pa.int64()), *((name, pa.float64()) for name in names)])
    with whole(path) as part, pq.ParquetWriter(part, schema, compression="zstd") as writer:
        first = 0
        while first < runs:
            drawn = draws(first)
            values = drawn.values[first - drawn.first :][: min(runs - first, GROUP_ROWS)]
            columns = [np.arange(first, first + len(values)), *np.ascontiguousarray(values.T)]
            writer.write_table(pa.table([pa.array(column) for column in columns], schema=schema))
            first += len(values)
    return path
