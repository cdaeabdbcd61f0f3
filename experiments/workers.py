"""Chunks of runs and the processes that play them."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for
from multiprocessing.synchronize import Event
from pathlib import Path

from experiments.prior import Draw, apply_draw
from experiments.store import write_shard
from model.scenario import Scenario

type Play = Callable[[Scenario, int, int], dict[str, float]]

CHUNK_SECONDS = 3.0
SECONDS_A_STATE_WEEK = 12e-6  # on a two-core cloud machine of 2025; only the size of chunks depends on it
OTHER_ACTORS = 5  # United States, Russia, Ukraine, the force, the institutions: as costly as so many states


@dataclass(frozen=True)
class Chunk:
    """Some runs of one cell: what to play and the shard to write."""

    label: str
    scenario: Scenario
    seed: int
    first: int
    draws: tuple[Draw, ...]  # one for each run; empty ones change nothing
    shard: Path

    @property
    def runs(self) -> int:
        """How many runs the chunk has."""
        return len(self.draws)


class Stopped(Exception):
    """The batch was interrupted: the rest of this chunk was not played."""


def play_run(scenario: Scenario, seed: int, run: int) -> dict[str, float]:
    """The outcomes of one run of the model."""
    from model.ceasefire import Ceasefire  # noqa: PLC0415  (Mesa takes most of a second)

    model = Ceasefire(scenario, seed=seed, run=run)
    model.play()
    return model.outcomes()


def chunk_runs(scenario: Scenario) -> int:
    """Runs in a chunk of a few seconds, from the size of the scenario alone: a batch that is resumed, on any
    machine and with any number of workers, must find the same chunks."""
    seconds = scenario.weeks * (len(scenario.roster) + OTHER_ACTORS) * SECONDS_A_STATE_WEEK
    return max(1, round(CHUNK_SECONDS / seconds))


def play_chunk(chunk: Chunk, play: Play, stop: Event | None = None) -> Chunk:
    """Play all runs of a chunk and write its shard. Raises Stopped when told to stop between two runs."""
    outcomes = []
    for run, draw in enumerate(chunk.draws, chunk.first):
        if stop is not None and stop.is_set():
            raise Stopped
        try:
            outcomes.append(play(apply_draw(chunk.scenario, draw), chunk.seed, run))
        except Exception as error:
            error.add_note(f"in cell {chunk.label}, seed {chunk.seed}, run {run}")
            raise
    write_shard(chunk.shard, chunk.first, outcomes)
    return chunk


def play_chunks(chunks: Sequence[Chunk], play: Play, workers: int) -> Generator[Chunk]:
    """Play chunks, here or in `workers` processes, yielding each when its shard is there, in any order."""
    if workers == 1 or len(chunks) < 2:
        for chunk in chunks:
            yield play_chunk(chunk, play)
        return
    spawn = multiprocessing.get_context("spawn")  # an own context: the global start method is not ours to set
    stop = spawn.Event()
    pool = ProcessPoolExecutor(min(workers, len(chunks)), mp_context=spawn, initializer=_begin_worker, initargs=(stop,))
    try:
        pending = {pool.submit(_play_in_worker, chunk, play) for chunk in chunks}
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


_stop_of_worker: list[Event] = []  # set once when a worker process begins: an Event cannot travel with a task


def _begin_worker(stop: Event) -> None:
    """Leave Ctrl-C to the main process, and end when that one is gone."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    _stop_of_worker[:] = [stop]
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            wait_for([parent.sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


def _play_in_worker(chunk: Chunk, play: Play) -> Chunk:
    return play_chunk(chunk, play, _stop_of_worker[0])
