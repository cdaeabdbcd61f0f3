"""The same results in this process, in threads and by Dask, whatever happens to a worker."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from batches import TINY, FakeEngine, quiet, read_tables, told

from experiments import chunks, executors
from experiments.batch import run_experiment
from experiments.chunks import Chunk, Origin
from experiments.design import ExperimentError
from model.ceasefire import Ceasefire
from model.outcomes import OUTCOMES
from model.scenario import load_scenario

RUNS = 100


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("executors")
    figures = 'figures = ["heatmap", "survival", "tail"]'
    (path / "tiny.toml").write_text(TINY.replace("runs = 60", f"runs = {RUNS}\n{figures}"))
    return path


def play(folder: Path, name: str, **options: object) -> Path:
    out = folder / name
    run_experiment(str(folder / "tiny.toml"), out=out, console=quiet(), **options)  # type: ignore[arg-type]
    return out


@pytest.fixture(scope="module")
def plain(folder: Path) -> Path:
    """Played in this process, in whole chunks."""
    return play(folder, "plain", threads=1)


def assert_same(out: Path, plain: Path) -> None:
    assert read_tables(out) == read_tables(plain)
    for name in ("heatmap", "survival", "tail"):
        for suffix in ("png", "svg"):
            assert (out / f"{name}.{suffix}").read_bytes() == (plain / f"{name}.{suffix}").read_bytes()


def test_the_runs_are_those_of_the_mesa_model(plain):
    runs = pd.read_parquet(plain / "runs.parquet")
    for size, form, run in ((0, "none", 0), (25000, "ratified", 41), (25000, "none", RUNS - 1)):
        settings = {"roster": "paris", "weeks": 26, "force.size": size, "guarantee.form": form}
        scenario = load_scenario("baseline").with_settings(settings | {"force.deployment": "imposed"})
        expected = Ceasefire(scenario, seed=7, run=run).play().outcomes()
        row = runs[(runs["force.size"] == size) & (runs["guarantee.form"] == form) & (runs["run"] == run)]
        assert row[list(OUTCOMES)].iloc[0].to_dict() == expected


@pytest.mark.parametrize("threads", [2, 3])
def test_threads(folder, plain, threads, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_RUNS", 7)
    assert_same(play(folder, f"{threads} threads", threads=threads), plain)


@pytest.mark.parametrize("workers", [1, 2])
def test_dask_workers(folder, plain, workers, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_RUNS", 20)
    assert_same(play(folder, f"{workers} workers", workers=workers), plain)


def test_dask_workers_of_which_one_is_killed(folder, plain, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_RUNS", 2)
    out, all_ = folder / "3 workers", 6 * RUNS // 2
    before = set(children())
    killed: list[tuple[int, int]] = []

    def kill() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not killed:
            time.sleep(0.01)
            if stored := len(list(out.glob("shards/*.parquet"))):
                worker = next(pid for pid in children() if pid not in before and "spawn_main" in command_of(pid))
                os.kill(worker, signal.SIGKILL)
                killed.append((worker, stored))

    killer = threading.Thread(target=kill)
    killer.start()
    play(folder, "3 workers", workers=3)
    killer.join()
    ((worker, stored),) = killed
    assert 0 < stored < all_ / 2
    assert not Path(f"/proc/{worker}").exists()
    assert_same(out, plain)
    assert len(list(out.glob("shards/*.parquet"))) == all_


def children() -> list[int]:
    """Processes that a thread of this one started."""
    found = [path.read_text().split() for path in Path(f"/proc/{os.getpid()}/task").glob("*/children")]
    return [int(pid) for pids in found for pid in pids]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """The address of a scheduler with so many workers, which are threads of this process."""
    from distributed import LocalCluster  # noqa: PLC0415

    with LocalCluster(
        n_workers=workers, processes=False, threads_per_worker=2, host="127.0.0.1", protocol="tcp://",
        dashboard_address=None,
    ) as found:  # fmt: skip
        yield found.scheduler_address


def test_a_scheduler_that_is_there_already(folder, plain, monkeypatch):
    with cluster(1) as address:
        assert_same(play(folder, "scheduler", scheduler=address), plain)
        monkeypatch.setattr(chunks, "origin", lambda: Origin("older", chunks.numerics()))
        with pytest.raises(ExperimentError, match="a worker has another version of the model"):
            play(folder, "other version", scheduler=address)
    monkeypatch.setattr(executors, "PATIENCE", 1)
    with cluster(0) as address, pytest.raises(ExperimentError, match=f"{address} has no workers"):
        play(folder, "no workers", scheduler=address)


@pytest.mark.parametrize("listening", [False, True])
def test_a_scheduler_that_is_not_there_is_one_line(folder, monkeypatch, listening):
    monkeypatch.setattr(executors, "PATIENCE", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if listening:
            taken.listen()  # and never answers
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ExperimentError, match=f"--scheduler: no Dask scheduler answers at {address}"):
            play(folder, "nobody", scheduler=address)


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "nonsense://x:1", "tcp://", "", "tcp://a:b", "tcp://a:99999"])
def test_what_is_no_address_is_one_line(folder, address):
    with pytest.raises(ExperimentError, match=r"--scheduler: .* is no address; write one such as tcp://127.0.0.1:8786"):
        play(folder, "nowhere", scheduler=address)
    assert not (folder / "nowhere").exists()


class Gauge:
    """Counts the chunks that were handed out and not yet taken back."""

    def __init__(self, chunks_: int) -> None:
        self.left = chunks_
        self.out = self.most = 0

    def chunks(self) -> Iterator[Chunk]:
        piece = chunks.Piece(load_scenario("baseline"), 0, 3, None)
        while self.left:
            self.left -= 1
            self.out += 1
            self.most = max(self.most, self.out)
            yield Chunk(f"{self.left}", chunks.origin(), 1, (piece,))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_few_chunks_are_under_way_at_once_and_all_come_back(monkeypatch, threads):
    monkeypatch.setattr(chunks, "_engines", [FakeEngine()])
    gauge, names = Gauge(300), []
    with executors.choose_executor(threads, None, None).open(print) as play_all:
        for chunk, outcomes in play_all(gauge.chunks()):
            gauge.out -= 1
            names.append(int(chunk.name))
            assert outcomes.shape == (3, len(OUTCOMES))
    assert sorted(names) == list(range(300))
    assert gauge.most <= 3 * threads


def test_threads_play_at_the_same_time(monkeypatch):
    meeting = threading.Barrier(4)

    class Sociable(FakeEngine):
        def play(self, *given: Any, **named: Any) -> Any:
            meeting.wait(timeout=60)  # until four are here, or it raises
            return super().play(*given, **named)

    monkeypatch.setattr(chunks, "_engines", [Sociable()])
    with executors.choose_executor(4, None, None).open(print) as play_all:
        assert len(list(play_all(Gauge(20).chunks()))) == 20


def test_an_error_in_a_chunk_ends_the_batch_soon(monkeypatch):
    fake = FakeEngine(fail_after=5, failure=FloatingPointError)
    monkeypatch.setattr(chunks, "_engines", [fake])
    with executors.choose_executor(2, None, None).open(print) as play_all, pytest.raises(FloatingPointError):
        list(play_all(Gauge(1000).chunks()))
    assert fake.calls < 50


def test_numbers_do_not_depend_on_what_a_process_played_before(monkeypatch):
    """One engine, used in another order."""
    fresh = chunks.engine()
    scenario = load_scenario("baseline").with_settings({"roster": "paris", "weeks": 26})
    forward = [fresh.play(scenario, 7, first, 5) for first in (0, 5, 10)]
    backward = [fresh.play(scenario, 7, first, 5) for first in (10, 5, 0)]
    assert np.concatenate(forward).tolist() == np.concatenate(backward[::-1]).tolist()


def test_the_compile_line_goes_with_the_progress(folder, monkeypatch):
    class Slow(FakeEngine):
        def compile(self, say):
            say("compiling the model")

    monkeypatch.setattr(chunks, "_engines", [])
    monkeypatch.setattr("model.engine.Engine", Slow)
    console = quiet()
    run_experiment(str(folder / "tiny.toml"), threads=1, out=folder / "slow", console=console)
    assert told(console).startswith("tiny: compiling the model\ntiny: ")
