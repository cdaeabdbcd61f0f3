"""Files whole or not at all; shards that are there with all their runs, or count as missing."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments import table
from experiments.chunks import Part
from experiments.report import CSV_LIMIT, write_csv
from experiments.store import NAMES, Damaged, Store, sole_writer, whole, write_bytes
from experiments.table import RunTable, write_runs
from model.fingerprint import fingerprint


def write_half(path: Path) -> None:
    with whole(path) as part:
        part.write_text("half")
        raise RuntimeError


def numbers(rows: int, start: float = 0.0) -> np.ndarray:
    return start + np.arange(rows * len(NAMES), dtype=float).reshape(rows, len(NAMES))


def test_a_file_is_whole_or_not_there(tmp_path):
    path = tmp_path / "deep" / "file.txt"
    with pytest.raises(RuntimeError):
        write_half(path)
    assert list(path.parent.iterdir()) == []
    write_bytes(path, b"whole")
    with pytest.raises(RuntimeError):
        write_half(path)
    assert path.read_bytes() == b"whole"
    assert list(path.parent.iterdir()) == [path]


def test_an_error_of_the_disk_names_the_file_that_was_wanted(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("experiments.store.os.fsync", fail)
    with pytest.raises(OSError, match="No space left on device") as caught:
        write_bytes(tmp_path / "file.txt", b"content")
    assert caught.value.filename == str(tmp_path / "file.txt")
    assert list(tmp_path.iterdir()) == []


def test_fingerprint_sees_rules_and_numbers_and_not_scenarios(tmp_path):
    home = tmp_path / "model"
    source = Path(__file__).parents[2] / "model"
    shutil.copytree(source, home, ignore=shutil.ignore_patterns("__pycache__"))
    first = fingerprint(home)
    assert fingerprint(home) == first
    assert fingerprint() == first
    for name in ("rules/russia.py", "register/force.toml", "register/data/states.csv"):
        content = (home / name).read_bytes()
        (home / name).write_bytes(content + b"\n# 1")
        assert fingerprint(home) != first, name
        (home / name).write_bytes(content)
    (home / "scenarios" / "own.toml").write_text("")
    assert fingerprint(home) == first


def test_a_shard_is_the_same_bytes_and_the_same_numbers(tmp_path):
    stores = [Store(tmp_path / name) for name in "ab"]
    for store in stores:
        store.write("name", numbers(5) / 7)
    a, b = (next((tmp_path / name / "shards").iterdir()).read_bytes() for name in "ab")
    assert a == b
    again = Store(tmp_path / "a")
    assert again.has("name", 5)
    assert not again.has("other", 5)
    parts = [Part("name", 3, 2), Part("name", 0, 1)]
    assert np.concatenate(list(again.rows(parts))).tolist() == (numbers(5) / 7)[[3, 4, 0]].tolist()
    assert again.column(parts, NAMES[2]).tolist() == (numbers(5) / 7)[[3, 4, 0], 2].tolist()


def test_a_shard_with_too_few_runs_or_columns_counts_as_missing(tmp_path):
    Store(tmp_path).write("short", numbers(5))
    assert not Store(tmp_path).has("short", 6)
    pd.DataFrame({"held": [1.0] * 6}).to_parquet(tmp_path / "shards" / "short.parquet")
    assert not Store(tmp_path).has("short", 6)
    with pytest.raises(Damaged):
        list(Store(tmp_path).rows([Part("short", 0, 6)]))


@pytest.mark.parametrize("end", [0, 10, -1, -200])
def test_a_shard_that_was_cut_short_counts_as_missing(tmp_path, end):
    Store(tmp_path).write("cut", numbers(5))
    path = tmp_path / "shards" / "cut.parquet"
    path.write_bytes(path.read_bytes()[:end])
    assert not Store(tmp_path).has("cut", 5)


def test_a_shard_that_is_found_damaged_is_missing_from_then_on(tmp_path):
    Store(tmp_path).write("spoilt", numbers(50))
    path = tmp_path / "shards" / "spoilt.parquet"
    content = bytearray(path.read_bytes())
    content[100] ^= 1  # a single bit: only the checksum of a page shows it
    path.write_bytes(content)
    store = Store(tmp_path)
    assert store.has("spoilt", 50)
    with pytest.raises(Damaged, match=r"spoilt\.parquet"):
        list(store.rows([Part("spoilt", 0, 50)]))
    assert not store.has("spoilt", 50)
    store.write("spoilt", numbers(50))
    assert store.has("spoilt", 50)


def test_what_killed_processes_left_is_cleared_away_and_nothing_else(tmp_path):
    (tmp_path / "shards").mkdir()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = [tmp_path / f".runs.{gone.pid}.part.parquet", tmp_path / "shards" / f".abc.{gone.pid}.part.parquet"]
    kept = [tmp_path / f".runs.{os.getppid()}.part.parquet", tmp_path / ".part.parquet", tmp_path / "runs.1.part"]
    for path in (*left, *kept):
        path.write_text("half")
    Store(tmp_path)
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in kept)


def test_thousands_of_shards_are_quick_to_find(tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.write("one", numbers(3))
    content = (tmp_path / "shards" / "one.parquet").read_bytes()
    for number in range(3000):
        (tmp_path / "shards" / f"{number}.parquet").write_bytes(content)
    reads = []
    monkeypatch.setattr("experiments.store.pq.read_metadata", lambda path: reads.append(path) or real(path))
    again = Store(tmp_path)
    for _ in range(2):
        assert all(again.has(str(number), 3) for number in range(3000))
        assert not any(again.has(f"none {number}", 3) for number in range(3000))
    assert len(reads) == 3000


real = pq.read_metadata


@settings(max_examples=30)
@given(data=st.data(), cells=st.integers(1, 5), runs=st.integers(1, 30), group=st.integers(1, 40))
def test_the_table_holds_every_run_whatever_parts_it_comes_in(tmp_path_factory, data, cells, runs, group):
    labels = pd.DataFrame({"cell": [f"cell {n}" for n in range(cells)], "force.size": [1.5 * n for n in range(cells)]})
    values = numbers(cells * runs)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=8)))
    blocks = np.split(values, cuts)
    directory = tmp_path_factory.mktemp("table")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "GROUP_ROWS", group)
        one = write_runs(directory / "one.parquet", labels, runs, [values])
        other = write_runs(directory / "other.parquet", labels, runs, blocks)
        assert one.read_bytes() == other.read_bytes()
        read = RunTable(one, list(labels["cell"]), runs)
        for cell in data.draw(st.permutations(range(cells))):
            for place in (0, len(NAMES) - 1):
                expected = values[cell * runs : (cell + 1) * runs, place]
                assert read.column(f"cell {cell}", NAMES[place]).tolist() == expected.tolist()
        whole = pd.concat(list(read.frames()), ignore_index=True)
    assert len(read) == len(whole) == cells * runs
    assert whole[NAMES].to_numpy().tolist() == values.tolist()
    assert list(whole["run"]) == list(range(runs)) * cells
    assert list(whole["cell"]) == [f"cell {n}" for n in range(cells) for _ in range(runs)]
    assert list(whole["force.size"]) == [1.5 * n for n in range(cells) for _ in range(runs)]


def test_large_or_empty_tables_leave_no_stale_csv(tmp_path):
    path = tmp_path / "runs.csv"
    frames = [pd.DataFrame({"x": [0.1 + 0.2, 1e9]}), pd.DataFrame({"x": [0.5]})]
    assert write_csv(path, frames) == path
    assert path.read_text() == "x\n0.3\n1000000000\n0.5\n"
    assert write_csv(path, [pd.DataFrame({"x": ["y" * CSV_LIMIT]})], CSV_LIMIT) is None
    assert not path.exists()
    assert write_csv(path, [pd.DataFrame({"x": ["y" * CSV_LIMIT]})]) == path
    assert write_csv(path, [pd.DataFrame({"x": []})]) is None
    assert not path.exists()


def test_a_table_that_is_too_large_is_given_up_early(tmp_path):
    made = []

    def frames():
        for number in range(100):
            made.append(number)
            yield pd.DataFrame({"x": ["y" * 1000]})

    assert write_csv(tmp_path / "runs.csv", frames(), 5000) is None
    assert len(made) < 10


@pytest.mark.skipif(os.name != "posix", reason="folders are locked on POSIX alone")
def test_a_folder_has_one_writer_at_a_time(tmp_path):
    with sole_writer(tmp_path), pytest.raises(BlockingIOError), sole_writer(tmp_path):
        pass
    with sole_writer(tmp_path):
        assert list(tmp_path.iterdir()) == []
