"""A batch may be killed, stopped or out of disk at any moment: the same command ends with the same tables."""

import errno
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batches import TINY, FakeEngine, quiet, read_tables
from typer.testing import CliRunner

from experiments import chunks
from experiments.batch import run_experiment
from experiments.command import app

ROOT = Path(__file__).parents[2]
KILLS = 50
COMMAND = """
import sys, time
sys.path[:0] = [{tests!r}]
from batches import FakeEngine
from experiments import chunks
from experiments.command import app
chunks._engines.append(FakeEngine(pause={pause}))
chunks.CHUNK_RUNS = {size}
app({arguments})
"""


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return str(path)


def start(
    tiny: str, out: Path, *options: str, pause: float = 0.0, size: int = 5, **extra: object
) -> subprocess.Popen[str]:
    """The command in a process of its own, with a fake engine."""
    arguments = ["batch", tiny, "--out", str(out), *options]
    code = COMMAND.format(tests=str(ROOT / "tests"), pause=pause, size=size, arguments=arguments)
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, **extra
    )  # type: ignore[call-overload, no-any-return]


def shards(out: Path) -> list[Path]:
    return sorted(out.glob("shards/[!.]*.parquet"))


def wait_for(out: Path, number: int) -> None:
    deadline = time.monotonic() + 120
    while len(shards(out)) < number and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(shards(out)) >= number


def test_fifty_kills(tiny, tmp_path):
    """Killed while it plays, writes a shard, or writes its tables: nothing is lost, repeated or half there."""
    out = tmp_path / "out"
    ran = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killing.py")), tiny, str(out), str(KILLS)],
        capture_output=True, text=True, timeout=300, check=False, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    hits = json.loads(ran.stdout.splitlines()[-1])
    assert hits["killed"] == KILLS, hits
    assert hits["playing"] >= 5, hits
    assert hits["writing"] >= 5, hits
    assert hits["reporting"] >= 5, hits
    assert hits["repeated"] == hits["left"] == hits["unreadable"] == 0, hits
    assert hits["shards"] == hits["whole"] == 6 * 60 / 5, hits
    assert read_tables(out) == read_tables(tmp_path / "plain")


@pytest.mark.parametrize("threads", ["1", "2"])
def test_ctrl_c_stops_at_once_and_the_same_command_goes_on(tiny, tmp_path, threads):
    out = tmp_path / "out"
    process = start(tiny, out, "--threads", threads, pause=0.05)
    wait_for(out, 3)
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 130
    assert said == ""
    assert complained.splitlines()[-1] == "Stopped; the same command goes on from here."
    assert "Traceback" not in complained
    assert not [path for path in out.rglob("*") if ".part" in path.name]
    stored = len(shards(out))
    assert 3 <= stored < 72
    process = start(tiny, out, "--threads", threads)
    _, complained = process.communicate(timeout=120)
    assert process.returncode == 0
    assert f"tiny: {5 * stored} of 360 runs are there already" in complained


def test_ctrl_c_with_dask_workers(tiny, tmp_path):
    """A terminal sends it to all processes at once."""
    out = tmp_path / "out"
    text = Path(tiny).read_text().replace("runs = 60", "runs = 20000")
    Path(tiny).write_text(text)
    process = start(tiny, out, "--workers", "2", start_new_session=True)
    wait_for(out, 3)
    os.killpg(process.pid, signal.SIGINT)
    said, complained = process.communicate(timeout=120)
    assert (process.returncode, said) == (130, "")
    assert complained.splitlines()[-1] == "Stopped; the same command goes on from here."
    assert "Traceback" not in complained
    deadline = time.monotonic() + 10
    while group(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert group(process.pid) == []


def group(leader: int) -> list[int]:
    """The processes of a session that still live."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split() if entry.name.isdigit() else []
        except OSError:
            continue
        if fields and int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(entry.name))
    return found


@pytest.mark.parametrize(
    ("bytes_", "named"),
    [(6_000, "shards/"), (26_000, "runs.parquet")],  # of a file: less than a shard, less than the table of runs
)
def test_a_disk_that_takes_no_more_is_one_line_and_the_same_command_goes_on(tiny, tmp_path, bytes_, named):
    out, plain = tmp_path / "out", tmp_path / "plain"

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, resource.RLIM_INFINITY))

    options = ("--threads", "1", "--runs", "1000")
    process = start(tiny, out, *options, size=100, preexec_fn=limit)
    said, complained = process.communicate(timeout=120)
    assert (process.returncode, said) == (2, "")
    assert complained.splitlines()[-1].startswith(f"Error: {out}/{named}")
    assert complained.splitlines()[-1].endswith(": File too large")
    assert "Traceback" not in complained
    assert not [path for path in out.rglob("*") if ".part" in path.name]
    assert not (out / "runs.parquet").exists()
    for folder in (out, plain):
        assert start(tiny, folder, *options, size=100).wait(60) == 0
    assert read_tables(out) == read_tables(plain)


@pytest.mark.parametrize("call", [1, 20, 73, 75, 77])
def test_a_full_disk_at_any_file(tiny, tmp_path, monkeypatch, call):
    """A shard, the table of runs, or another table."""
    fake = FakeEngine()
    monkeypatch.setattr(chunks, "_engines", [fake])
    monkeypatch.setattr(chunks, "CHUNK_RUNS", 5)
    out = tmp_path / "out"
    real, calls = os.fsync, []

    def full(file: int) -> None:
        calls.append(file)
        if len(calls) == call:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(file)

    monkeypatch.setattr("experiments.store.os.fsync", full)
    result = CliRunner().invoke(app, ["batch", tiny, "--threads", "1", "--out", str(out)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith(f"Error: {out}/")
    assert result.stderr.splitlines()[-1].endswith(": No space left on device")
    assert not [path for path in out.rglob("*") if ".part" in path.name]
    assert len(shards(out)) == min(call - 1, 72)
    assert fake.calls == min(call, 72)
    result = CliRunner().invoke(app, ["batch", tiny, "--threads", "1", "--out", str(out)])
    assert result.exit_code == 0
    assert fake.calls == 72 + (call <= 72)
    run_experiment(tiny, threads=1, out=tmp_path / "plain", console=quiet())
    assert read_tables(out) == read_tables(tmp_path / "plain")
