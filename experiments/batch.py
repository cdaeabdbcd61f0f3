"""Runs an experiment: all cells and runs in parallel, resumable, then its tables, figures and manifest."""

import os
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from experiments.design import MOST_RUNS, Cell, Experiment, ExperimentError, load_experiment
from experiments.prior import Draw, draw_parameters
from experiments.progress import show_progress
from experiments.store import digest, fingerprint, shard_name, shard_ready
from experiments.workers import Chunk, Play, chunk_runs, play_chunks, play_run
from model.luck import LIMIT
from model.register import load_register

MOST_WORKERS = 1024


def run_experiment(
    name_or_path: str,
    *,
    runs: int | None = None,
    workers: int | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    console: Console | None = None,
    play: Play = play_run,
) -> list[Path]:
    """Run an experiment and return the files it wrote, in `out` (default results/NAME).

    Finished shards of an earlier, interrupted or smaller batch are used again. Results depend on the
    experiment, runs and seed alone. Raises ExperimentError for a user's mistake, before anything runs.
    """
    started = datetime.now(UTC)
    progress = console or Console(stderr=True)  # so that the summary can be piped
    console = console or Console()
    experiment, source = load_experiment(name_or_path)
    changed = {
        "runs": _whole_number("--runs", runs, 1, MOST_RUNS) or experiment.runs,
        "seed": experiment.seed if seed is None else _whole_number("--seed", seed, 0, LIMIT - 1),
    }
    experiment = experiment.model_copy(update=changed)
    workers = _whole_number("--workers", workers, 1, MOST_WORKERS) or os.cpu_count() or 1
    if out is not None and not str(out):
        raise ExperimentError("--out: is empty; name a folder")
    directory = Path(out) if out is not None else Path("results") / experiment.name
    cells = experiment.cells(source)
    draws = _draws(experiment)
    model = fingerprint() if play is play_run else f"{play.__module__}.{play.__qualname__}"
    try:
        (directory / "shards").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExperimentError(f"--out: {directory}: cannot be written ({error.strerror})") from None

    plan = _plan(experiment, cells, draws, model, directory / "shards")
    _play_all([chunk for chunks in plan for chunk in chunks], play, workers, experiment, progress)

    # These imports take seconds, and a user's mistake should be told before.
    from experiments.report import write_report  # noqa: PLC0415
    from experiments.summary import show_summary  # noqa: PLC0415

    shards = [[chunk.shard for chunk in chunks] for chunks in plan]
    command = f"ceasefire batch {name_or_path} --runs {experiment.runs} --seed {experiment.seed}"
    if out is not None:
        command += f" --out {out}"
    results, written = write_report(
        directory, experiment, cells, draws, shards=shards, model=model, started=started, command=command
    )
    console.print(show_summary(results))
    return written


def _draws(experiment: Experiment) -> list[Draw]:
    """One parameter set for each run; empty sets when the parameters are points."""
    if experiment.parameters == "point":
        return [{}] * experiment.runs
    return draw_parameters(load_register(), experiment.runs, experiment.seed, experiment.switches)


def _plan(
    experiment: Experiment, cells: Sequence[Cell], draws: Sequence[Draw], model: str, shards: Path
) -> list[list[Chunk]]:
    """The runs of each cell, cut into chunks of a few seconds."""
    digests = [digest(draw) for draw in draws]  # once, for many cells share them
    plan = []
    for cell in cells:
        size = chunk_runs(cell.scenario)
        chunks = []
        for first in range(0, experiment.runs, size):
            part = slice(first, first + size)
            name = shard_name(model, cell.scenario, experiment.seed, first, digests[part])
            drawn = tuple(draws[part])
            chunks.append(Chunk(cell.label, cell.scenario, experiment.seed, first, drawn, shards / name))
        plan.append(chunks)
    return plan


def _play_all(chunks: Sequence[Chunk], play: Play, workers: int, experiment: Experiment, console: Console) -> None:
    """Play the chunks whose shards are missing, and say how it goes."""
    # Two cells may be the same point (a grid and an arm): one shard serves both.
    wanted = {chunk.shard: chunk for chunk in chunks}
    missing = [chunk for chunk in wanted.values() if not shard_ready(chunk.shard, chunk.runs)]
    total = sum(chunk.runs for chunk in wanted.values())
    ready = total - sum(chunk.runs for chunk in missing)
    if ready:
        console.print(f"{experiment.name}: {ready:,} of {total:,} runs are there already")
    if not missing:
        return
    # Workers that end together waste least: give out the chunks that take longest first.
    missing.sort(key=lambda chunk: -chunk.scenario.weeks * len(chunk.scenario.roster) * chunk.runs)
    with (
        show_progress(console, experiment.name, total, ready) as report,
        closing(play_chunks(missing, play, workers)) as played,
    ):
        for chunk in played:
            report(chunk.runs)


def _whole_number(option: str, value: int | None, low: int, high: int) -> int | None:
    if value is not None and not (isinstance(value, int) and low <= value <= high):
        raise ExperimentError(f"{option}: {value} is not allowed; a whole number from {low} to {high:,}")
    return value
