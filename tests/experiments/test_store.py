"""Files whole or not at all; shards named by what decides their content."""

import shutil
from pathlib import Path

import pytest

from experiments.report import CSV_LIMIT, write_csv
from experiments.store import fingerprint, shard_name, shard_ready, whole, write_bytes, write_shard
from model.scenario import load_scenario


def write_half(path: Path) -> None:
    with whole(path) as part:
        part.write_text("half")
        raise RuntimeError


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


def test_shard_name_depends_on_all_that_decides_the_runs_and_nothing_else():
    scenario = load_scenario("baseline").with_settings({"roster": "paris"})
    draws = ["a", "b"]
    first = shard_name("m", scenario, 1, 0, draws)
    others = [
        shard_name("n", scenario, 1, 0, draws),
        shard_name("m", scenario, 2, 0, draws),
        shard_name("m", scenario, 1, 2, draws),
        shard_name("m", scenario, 1, 0, ["a"]),
        shard_name("m", scenario, 1, 0, ["a", "c"]),
        *(
            shard_name("m", scenario.with_settings(settings), 1, 0, draws)
            for settings in (
                {"force.size": 10000},
                {"weeks": 20},
                {"start": "2025-03-03"},
                {"roster": "willing"},
                {"states.FRA.support": 12.0},
            )
        ),
    ]
    assert len({first, *others}) == 1 + len(others)
    assert shard_name("m", scenario.with_settings({"name": "other", "about": "x"}), 1, 0, draws) == first


def test_shards_are_the_same_bytes_and_half_ones_are_not_ready(tmp_path):
    a, b = tmp_path / "a.parquet", tmp_path / "b.parquet"
    for path in (a, b):
        write_shard(path, 3, [{"held": 1.0, "deaths": 0.1}, {"held": 0.0, "deaths": 2.5}])
    assert a.read_bytes() == b.read_bytes()
    assert shard_ready(a, 2)
    assert not shard_ready(a, 3)
    a.write_bytes(b.read_bytes()[:-20])
    assert not shard_ready(a, 2)
    assert not shard_ready(tmp_path / "none.parquet", 2)


def test_large_or_empty_tables_leave_no_stale_csv(tmp_path):
    import pandas as pd  # noqa: PLC0415

    path = tmp_path / "runs.csv"
    assert write_csv(path, pd.DataFrame({"x": [0.1 + 0.2, 1e9]})) == path
    assert path.read_text() == "x\n0.3\n1000000000\n"
    assert write_csv(path, pd.DataFrame({"x": ["y" * CSV_LIMIT]})) is None
    assert not path.exists()
    assert write_csv(path, pd.DataFrame({"x": []})) is None
