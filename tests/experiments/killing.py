"""A program for test_survives: one process, compiled once, that forks a batch and kills it, again and again.

Usage: killing.py EXPERIMENT OUT KILLS. Prints JSON about what was hit.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import pandas as pd
from batches import quiet

from experiments import chunks, store
from experiments.batch import run_experiment
from experiments.chunks import Chunk, Outcomes, play_chunk
from experiments.report import write_report

assert write_report  # imported here, once for all children

CHUNK, PAUSE, WRITING = 5, 0.01, 0.006  # runs; seconds a chunk takes to play, and a file to write


def main(experiment: str, out: Path, kills: int) -> None:
    chunks.CHUNK_RUNS = CHUNK
    chunks.engine()
    chance = random.Random(7)
    log = out.parent / "played.log"
    hits: dict[str, int] = {"playing": 0, "reporting": 0, "writing": 0, "repeated": 0, "killed": 0}
    began = time.monotonic()
    child(experiment, out.parent / "plain", out.parent / "plain.log", slow=False)
    whole = sum(1 for _ in (out.parent / "plain" / "shards").iterdir())
    attempts = 0
    while hits["killed"] < kills and attempts < 3 * kills:
        attempts += 1
        there = names(out)
        log.write_text("")
        pid = os.fork()
        if not pid:
            child(experiment, out, log, slow=True, leave=True)
        patience = chance.uniform(0.0, 0.2) if len(there) < whole else chance.uniform(0.0, 0.8)
        time.sleep(patience)
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
        if os.WIFSIGNALED(status):
            hits["killed"] += 1
            hits["playing"] += 0 < len(names(out)) < whole
            hits["reporting"] += len(there) == whole
            hits["writing"] += any(".part." in path.name for path in out.rglob("*"))
        hits["repeated"] += len(set(log.read_text().split()) & there)
    child(experiment, out, log, slow=False)
    hits |= {"attempts": attempts, "shards": len(names(out)), "whole": whole}
    hits["left"] = sum(".part" in path.name for path in out.rglob("*"))
    hits["unreadable"] = sum(len(pd.read_parquet(path)) != CHUNK for path in out.glob("shards/*.parquet"))
    print(json.dumps(hits | {"seconds": round(time.monotonic() - began)}))


def child(experiment: str, out: Path, log: Path, *, slow: bool, leave: bool = False) -> None:
    """Play the batch, here or, with `leave`, in a child that ends with it; note each chunk that is played."""
    plain = (chunks.play_chunk, store.os.fsync)

    def noted(chunk: Chunk) -> Outcomes:
        with open(log, "a") as file:
            file.write(f"{chunk.name}\n")
        time.sleep(PAUSE * slow)
        return play_chunk(chunk)

    def fsync(file: int) -> None:
        time.sleep(WRITING * slow)

    from experiments import executors  # noqa: PLC0415

    executors.play_chunk, store.os.fsync = noted, fsync  # type: ignore[assignment]
    code = 1
    try:
        run_experiment(experiment, threads=2, out=out, console=quiet())
        code = 0
    finally:
        executors.play_chunk, store.os.fsync = plain
        if leave:
            os._exit(code)


def names(out: Path) -> set[str]:
    return {path.stem for path in out.glob("shards/[!.]*.parquet")}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
