"""Batches: every run once, the same results in whatever parts they are played, files that say where from."""

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from batches import COLUMNS, TINY, FakeEngine, quiet, read_tables, told
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from experiments import batch, chunks
from experiments.batch import GROWTH, ROUND, more_runs, run_experiment
from experiments.design import MOST_RUNS, ExperimentError
from experiments.draws import draw_parameters
from experiments.intervals import wilson
from model.outcomes import OUTCOMES
from model.register import load_register


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine()
    use(monkeypatch, fake)
    return fake


def use(monkeypatch: pytest.MonkeyPatch, fake: FakeEngine) -> None:
    monkeypatch.setattr(chunks, "_engines", [fake])


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return str(path)


def change(tiny: str, *changes: tuple[str, str]) -> None:
    text = Path(tiny).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    Path(tiny).write_text(text)


def play(tiny: str, out: Path, console: Console | None = None, **options: object) -> list[Path]:
    options = {"threads": 1, **options}
    return run_experiment(tiny, out=out, console=console or quiet(), **options)  # type: ignore[arg-type]


def test_every_cell_has_every_run_once_and_the_same_luck(engine, tiny, tmp_path):
    written = play(tiny, tmp_path / "out")
    assert all(path.exists() for path in written)
    assert Counter(engine.played) == {(size, 7, run): 2 for size in (0, 25000, 150000) for run in range(60)}
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    assert list(runs.columns) == [
        "cell", "arm", "force.size", "guarantee.form", "force.deployment", "run", *OUTCOMES
    ]  # fmt: skip
    assert list(runs["run"]) == list(range(60)) * 6
    assert (runs.groupby("run")["deaths"].nunique() == 1).all()
    assert list(runs["force.size"]) == [0.0] * 120 + [25000.0] * 120 + [150000.0] * 120


def test_each_row_is_what_the_engine_gave_for_it(engine, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_RUNS", 7)
    play(tiny, tmp_path / "out")
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    given = runs[(runs["force.size"] == 25000) & (runs["guarantee.form"] == "ratified")]
    for run in (0, 6, 7, 59):
        luck = np.random.default_rng([7, run]).random(3)
        assert given[given["run"] == run]["deaths"].item() == 1000 * luck[2] + luck[0]


@pytest.mark.parametrize("size", [1, 7, 60, 100, 10_000])
def test_the_size_of_chunks_does_not_matter(engine, tiny, tmp_path, monkeypatch, size):
    change(tiny, ("runs = 60", "runs = 53"))
    play(tiny, tmp_path / "plain")
    calls = engine.calls
    monkeypatch.setattr(chunks, "CHUNK_RUNS", size)
    play(tiny, tmp_path / "other")
    assert engine.calls > calls
    assert read_tables(tmp_path / "other") == read_tables(tmp_path / "plain")


def test_an_interrupted_batch_goes_on_where_it_was(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_RUNS", 20)
    out, whole = tmp_path / "out", tmp_path / "whole"
    stopped, rest, all_ = FakeEngine(fail_after=10), FakeEngine(), FakeEngine()
    use(monkeypatch, stopped)
    with pytest.raises(KeyboardInterrupt):
        play(tiny, out)
    kept = {path: path.stat().st_mtime_ns for path in (out / "shards").iterdir()}
    assert len(kept) == 10
    assert not (out / "runs.parquet").exists()
    use(monkeypatch, rest)
    console = quiet()
    play(tiny, out, console)
    assert "tiny: 200 of 360 runs are there already" in told(console)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert (rest.calls, len(stopped.played) + len(rest.played)) == (8, 360)
    use(monkeypatch, all_)
    play(tiny, whole)
    assert read_tables(out) == read_tables(whole)
    assert sorted(stopped.played + rest.played) == sorted(all_.played)


def test_a_longer_batch_begins_with_a_shorter_one(engine, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_RUNS", 20)
    play(tiny, tmp_path / "out", runs=40)
    engine.played.clear()
    play(tiny, tmp_path / "out", runs=60)
    assert {run for _, _, run in engine.played} == set(range(40, 60))
    engine.played.clear()
    play(tiny, tmp_path / "out", runs=20)
    assert engine.played == []


@pytest.mark.parametrize(
    "changes",
    [
        [("seed = 7", "seed = 8")],
        [("weeks = 26", "weeks = 27")],
        [('"imposed"', '"imposed"\n"agreement.weight_zone" = 0.123')],
        [('"point"', '"prior"')],
        [('"point"', '"posterior"')],
    ],
)
def test_a_change_uses_no_old_shard(engine, tiny, tmp_path, changes):
    play(tiny, tmp_path / "out")
    change(tiny, *changes)
    engine.played.clear()
    play(tiny, tmp_path / "out")
    assert len(engine.played) == 360


@pytest.mark.parametrize("part", ["model", "numerics"])
def test_another_model_or_arithmetic_uses_no_old_shard(engine, tiny, tmp_path, monkeypatch, part):
    play(tiny, tmp_path / "out")
    engine.played.clear()
    other = chunks.origin()._replace(**{part: "0" * 64})
    for module in (chunks, batch):
        monkeypatch.setattr(module, "origin", lambda: other)
    play(tiny, tmp_path / "out")
    assert len(engine.played) == 360


@pytest.mark.parametrize("keep", [0, 100, -200, None])
def test_a_damaged_shard_is_played_again(engine, tiny, tmp_path, keep):
    """Cut short, or spoilt in the middle where only reading it all shows."""
    out = tmp_path / "out"
    play(tiny, out)
    before = read_tables(out)
    (shard,) = (out / "shards").iterdir()
    content = bytearray(shard.read_bytes())
    if keep is None:
        content[200:400] = b"x" * 200
    shard.write_bytes(content[:keep])
    engine.played.clear()
    play(tiny, out)
    assert len(engine.played) == 360
    assert read_tables(out) == before


def test_a_shard_with_other_runs_is_played_again(engine, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_RUNS", 40)
    out = tmp_path / "out"
    play(tiny, out)
    before = read_tables(out)
    shards = sorted((out / "shards").iterdir(), key=lambda path: len(pd.read_parquet(path)))
    assert len(pd.read_parquet(shards[0])) < len(pd.read_parquet(shards[-1]))
    shutil.copy(shards[0], shards[-1])
    engine.played.clear()
    play(tiny, out)
    assert len(engine.played) == 40
    assert read_tables(out) == before


def test_cells_that_are_equal_are_played_once(engine, tiny, tmp_path):
    change(tiny, ('"endogenous", "force.size" = 150000', '"imposed", "force.size" = 25000'))
    play(tiny, tmp_path / "out")
    assert len(engine.played) == 4 * 60
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    assert len(runs) == 6 * 60
    assert list(runs["deaths"][120:240]) == list(runs["deaths"][240:])


def test_summary_and_differences_say_what_they_are(engine, tiny, tmp_path):
    out = tmp_path / "out"
    play(tiny, out)
    runs = pd.read_parquet(out / "runs.parquet")
    summary = pd.read_csv(out / "summary.csv", keep_default_na=False)
    assert len(summary) == 6 * len(OUTCOMES)
    held = summary[summary["outcome"] == "held"]
    assert set(held["interval"]) == {"Wilson"}
    assert (held["n"] == 60).all()
    assert list(held["mean"]) == pytest.approx(list(runs.groupby("cell", sort=False)["held"].mean()))
    assert list(held["low"]) == pytest.approx([wilson(60 * share, 60).low for share in held["mean"]])
    deaths = summary[summary["outcome"] == "deaths"]
    assert ((deaths["low"] < deaths["mean"]) & (deaths["mean"] < deaths["high"])).all()
    assert list(deaths["median"]) == pytest.approx(list(runs.groupby("cell", sort=False)["deaths"].median()))
    differences = pd.read_csv(out / "differences.csv", keep_default_na=False)
    sizes = differences[(differences["changed"] == "force.size") & (differences["outcome"] == "held")]
    assert list(sizes["guarantee.form"]) == ["none", "ratified"]
    assert set(sizes["less"]) == {
        'force.size=0, guarantee.form="none"',
        'force.size=0, guarantee.form="ratified"',
    }
    means = held.set_index("cell")["mean"]
    assert list(sizes["difference"]) == pytest.approx(
        [means[cell] - means[other] for cell, other in zip(sizes["cell"], sizes["less"], strict=True)]
    )
    assert (sizes["difference"] > 0).all()
    forms = differences[(differences["changed"] == "guarantee.form") & (differences["outcome"] == "deaths")]
    assert (forms["difference"].abs() < 1e-9).all()
    survival = pd.read_csv(out / "survival.csv")
    ends = survival.groupby("cell", sort=False).last()
    assert list(ends["week"]) == [26] * 6
    assert list(ends["survival"]) == pytest.approx(list(held["mean"]))


def test_intervals_are_alike_where_bootstrap_gives_way_to_the_normal(engine, tiny, tmp_path, monkeypatch):
    play(tiny, tmp_path / "few", runs=200)
    monkeypatch.setattr("experiments.intervals.MANY", 100)
    monkeypatch.setattr("experiments.summary.MANY", 100)
    play(tiny, tmp_path / "many", runs=200)
    few, many = (pd.read_csv(tmp_path / name / "summary.csv") for name in ("few", "many"))
    assert list(few["mean"]) == pytest.approx(list(many["mean"]))
    deaths = few["outcome"] == "deaths"
    assert list(few["low"][deaths]) == pytest.approx(list(many["low"][deaths]), rel=0.02)
    assert list(few["low"][deaths]) != list(many["low"][deaths])


def test_manifest_says_where_the_results_come_from(engine, tiny, tmp_path):
    play(tiny, tmp_path / "out", runs=3)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["seed"] == 7
    assert manifest["runs_per_cell"] == 3
    assert manifest["precision_asked"] is None
    assert manifest["executor"] == "this process"
    assert manifest["command"] == f"ceasefire batch {tiny} --runs 3 --seed 7 --out {tmp_path / 'out'}"
    assert (manifest["model_fingerprint"], manifest["numerics"]) == chunks.origin()
    assert manifest["parameters_of_first_cell"]["parameters"]["force.deployment"] == "imposed"
    assert len(manifest["cells"]) == 6
    assert {"commit", "dirty"} == set(manifest["git"])
    assert manifest["libraries"]["mesa"]
    assert "runs.parquet" in manifest["files"]
    assert manifest["started"] <= manifest["ended"]


def test_each_run_draws_its_parameters_and_every_cell_the_same(engine, tiny, tmp_path, monkeypatch):
    change(tiny, ("runs = 60", "runs = 50"), ('"point"', '"prior"'))
    play(tiny, tmp_path / "plain")
    monkeypatch.setattr(chunks, "CHUNK_RUNS", 10)
    monkeypatch.setattr(batch, "DRAWN_RUNS", 20)
    play(tiny, tmp_path / "parts")
    assert read_tables(tmp_path / "parts") == read_tables(tmp_path / "plain")
    assert (tmp_path / "parts" / "draws.parquet").exists()
    for name in ("plain", "parts"):
        table = pd.read_parquet(tmp_path / name / "draws.parquet")
        drawn = draw_parameters(load_register(), 50, 7)
        assert list(table.columns) == ["run", *drawn.names]
        assert list(table["run"]) == list(range(50))
        assert (table[list(drawn.names)].to_numpy() == drawn.values).all()
    runs = pd.read_parquet(tmp_path / "parts" / "runs.parquet")
    assert list(runs["confidence"]) == pytest.approx(list(drawn.values.sum(axis=1)) * 6)
    manifest = json.loads((tmp_path / "plain" / "manifest.json").read_text())
    assert manifest["drawn_parameters"] == list(drawn.names)


def test_a_pipe_hears_of_progress_in_plain_lines(engine, tiny, tmp_path):
    console = quiet()
    play(tiny, tmp_path / "out", console)
    assert "tiny: 360 of 360 runs" in told(console)
    assert "runs/s" in told(console)
    assert "\x1b" not in told(console)
    assert "what Europe fields" in told(console)
    play(tiny, tmp_path / "out", console)
    assert "360 of 360 runs are there already" in told(console)


def test_a_terminal_is_shown_the_first_cells(engine, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.summary.MOST_ROWS", 4)
    console = quiet()
    play(tiny, tmp_path / "out", console)
    assert "and 2 more cells in summary.csv" in told(console)
    assert "what Europe fields" not in told(console)
    assert "ratified" in told(console)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"runs": 0}, "--runs: 0"),
        ({"threads": 0}, "--threads: 0"),
        ({"threads": None, "workers": 0}, "--workers: 0"),
        ({"threads": 1, "workers": 1}, "--threads: --workers is given as well"),
        ({"threads": None, "workers": 1, "scheduler": "tcp://a:1"}, "--workers: --scheduler is given as well"),
        ({"threads": 1, "scheduler": "tcp://a:1"}, "--threads: --scheduler is given as well"),
        ({"precision": 0.0}, "--precision: 0.0"),
        ({"precision": float("nan")}, "--precision: nan"),
        ({"seed": -1}, "--seed: -1"),
        ({"seed": 2**32}, "--seed: "),
        ({"out": __file__}, "--out: "),
    ],
)
def test_mistakes_are_told_before_anything_runs(engine, tiny, tmp_path, options, said):
    with pytest.raises(ExperimentError, match=said):
        play(tiny, **{"out": tmp_path / "out", **options})
    assert not engine.played
    assert not (tmp_path / "out").exists()


def test_without_dask_its_options_say_what_to_install(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.executors.find_spec", lambda _: None)
    with pytest.raises(ExperimentError, match=r"--workers: needs Dask.*ceasefire\[cluster\]"):
        play(tiny, tmp_path / "out", threads=None, workers=2)


def half_width(out: Path) -> float:
    summary = pd.read_csv(out / "summary.csv")
    held = summary[summary["outcome"] == "held"]
    return float(((held["high"] - held["low"]) / 2).max())


def test_precision_adds_runs_to_all_cells_until_it_is_there(engine, tiny, tmp_path):
    console, out = quiet(), tmp_path / "out"
    play(tiny, out, console, precision=0.03)
    manifest = json.loads((out / "manifest.json").read_text())
    runs = manifest["runs_per_cell"]
    assert manifest["precision_asked"] == 0.03
    assert runs % ROUND == 0
    assert runs > ROUND
    assert half_width(out) <= 0.03
    assert max(Counter(engine.played).values()) == 2  # two forms of the guarantee, and nothing twice
    assert len(engine.played) == 6 * runs
    assert f"{runs:,} runs a cell give held to within" in told(console)
    play(tiny, tmp_path / "less", runs=runs - ROUND)
    assert half_width(tmp_path / "less") > 0.03
    play(tiny, tmp_path / "same", runs=runs)
    assert read_tables(tmp_path / "same") == read_tables(out)
    engine.played.clear()
    play(tiny, out, precision=0.03)
    assert engine.played == []


def test_precision_that_is_there_with_the_least_runs_adds_none(engine, tiny, tmp_path):
    play(tiny, tmp_path / "out", precision=0.5, runs=700)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["runs_per_cell"] == 1000


def test_precision_out_of_reach_says_so_and_ends(engine, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "MOST_RUNS", 1500)
    console = quiet()
    play(tiny, tmp_path / "out", console, precision=0.0001)
    assert "not 0.0001: 1,500 runs a cell are the most" in told(console)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["runs_per_cell"] == 1500


@given(st.integers(1, MOST_RUNS // ROUND - 1), st.floats(1e-9, 1e9), st.floats(1e-9, 1e9))
def test_rounds_grow_and_end(rounds, half, precision):
    runs = rounds * ROUND
    if half > precision:
        more = more_runs(runs, half, precision)
        assert runs < more <= min(GROWTH * runs, MOST_RUNS)
        assert more % ROUND == 0
        enough = runs * (half / precision) ** 2
        assert more >= min(enough, GROWTH * runs, MOST_RUNS) or more == MOST_RUNS


def test_the_columns_of_outcomes_are_those_of_the_table(engine, tiny, tmp_path):
    play(tiny, tmp_path / "out")
    shard = next((tmp_path / "out" / "shards").iterdir())
    assert list(pd.read_parquet(shard).columns) == list(COLUMNS)


def test_a_folder_keeps_nothing_of_another_batch(tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "_engines", [FakeEngine()])
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(TINY.replace('"point"', '"prior"\nfigures = ["heatmap", "survival"]'))
    second.write_text(TINY)
    out = tmp_path / "out"
    run_experiment(str(first), threads=1, out=out, console=quiet())
    assert {"draws.parquet", "heatmap.png", "survival.svg"} <= {path.name for path in out.iterdir()}
    written = run_experiment(str(second), threads=1, out=out, console=quiet())
    assert {path.name for path in out.iterdir()} == {"shards", *(path.name for path in written)}
