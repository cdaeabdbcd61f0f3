"""Batches: the same results with any number of workers, after any interruption; files that say where from."""

import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from experiments.batch import run_experiment
from experiments.design import ExperimentError
from experiments.store import fingerprint
from experiments.workers import chunk_runs
from model.outcomes import OUTCOMES
from model.scenario import Scenario, load_scenario

TINY = """
name = "tiny"
question = "Q1"
title = "A tiny experiment"
about = "For the tests."
roster = "paris"
weeks = 1040
runs = 60
seed = 7
[set]
"force.deployment" = "imposed"
[grid]
"force.size" = [0, 25000]
"guarantee.form" = ["none", "ratified"]
[[arms]]
label = "what Europe fields"
set = { "force.deployment" = "endogenous", "force.size" = 150000 }
grid = { "guarantee.form" = ["none", "ratified"] }
"""
TABLES = ("runs.parquet", "runs.csv", "summary.csv", "differences.csv", "survival.csv")
PLAYED: list[tuple[float, int, int]] = []
STOP_AFTER: list[int] = []


def fake_play(scenario: Scenario, seed: int, run: int) -> dict[str, float]:
    """Stands in for the model: quick, with luck that depends on seed and run alone."""
    size = float(scenario.overrides.get("force.size", 0.0))
    PLAYED.append((size, seed, run))
    if STOP_AFTER and len(PLAYED) > STOP_AFTER[0]:
        raise KeyboardInterrupt
    luck = np.random.default_rng([seed, run]).random(3)
    weeks = min(float(np.ceil(luck[0] * (300 + size / 50))), float(scenario.weeks))
    held = float(weeks >= scenario.weeks)
    found = dict.fromkeys(OUTCOMES, 0.0)
    found |= {"held": held, "weeks_held": weeks, "renewed_war": float(luck[1] < 0.3), "troops_peak": size / 3}
    return found | {"deaths": 1000 * luck[2] + luck[0]}


def failing_play(scenario: Scenario, seed: int, run: int) -> dict[str, float]:
    """Fails in one run."""
    if run == 2:
        raise ZeroDivisionError("rule divides by zero")
    return fake_play(scenario, seed, run)


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    PLAYED.clear()
    STOP_AFTER.clear()
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return str(path)


def quiet() -> Console:
    return Console(file=io.StringIO(), width=100)


def read_tables(directory: Path) -> dict[str, bytes]:
    return {name: (directory / name).read_bytes() for name in TABLES}


def test_the_model_gives_the_same_results_with_any_number_of_workers(tmp_path):
    from model.ceasefire import Ceasefire  # noqa: PLC0415

    before = multiprocessing.get_start_method()
    one, two = tmp_path / "one", tmp_path / "two"
    path = tmp_path / "tiny.toml"
    short = TINY.replace("runs = 60", 'runs = 3\nfigures = ["heatmap", "survival", "tail"]')
    path.write_text(short.replace("weeks = 1040", "weeks = 52"))
    run_experiment(str(path), workers=1, out=one, console=quiet())
    run_experiment(str(path), workers=2, out=two, console=quiet())
    assert read_tables(one) == read_tables(two)
    for name in ("heatmap", "survival", "tail"):
        assert (one / f"{name}.png").read_bytes() == (two / f"{name}.png").read_bytes()
        assert (one / f"{name}.svg").read_bytes() == (two / f"{name}.svg").read_bytes()
    assert multiprocessing.get_start_method() == before

    runs = pd.read_parquet(two / "runs.parquet")
    scenario = load_scenario("baseline").with_settings(
        {"roster": "paris", "weeks": 52, "force.size": 25000, "guarantee.form": "ratified"}
        | {"force.deployment": "imposed"}
    )
    expected = Ceasefire(scenario, seed=7, run=2).play().outcomes()
    row = runs[(runs["force.size"] == 25000) & (runs["guarantee.form"] == "ratified") & (runs["run"] == 2)]
    assert row[list(OUTCOMES)].iloc[0].to_dict() == expected
    manifest = json.loads((two / "manifest.json").read_text())
    assert manifest["model_fingerprint"] == fingerprint()


def test_every_cell_has_the_same_luck(tiny, tmp_path):
    written = run_experiment(tiny, workers=1, out=tmp_path / "out", console=quiet(), play=fake_play)
    assert all(path.exists() for path in written)
    assert {(seed, run) for _, seed, run in PLAYED} == {(7, run) for run in range(60)}
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    assert len(runs) == 6 * 60
    assert list(runs.columns[:6]) == [
        "cell",
        "arm",
        "force.size",
        "guarantee.form",
        "force.deployment",
        "run",
    ]
    assert set(OUTCOMES) <= set(runs.columns)
    assert list(runs["run"]) == list(range(60)) * 6
    grouped = runs.groupby("run")["deaths"].nunique()
    assert (grouped == 1).all()


def test_an_interrupted_batch_goes_on_where_it_was(tiny, tmp_path):
    out, whole = tmp_path / "out", tmp_path / "whole"
    STOP_AFTER.append(100)
    with pytest.raises(KeyboardInterrupt):
        run_experiment(tiny, workers=1, out=out, console=quiet(), play=fake_play)
    shards = sorted((out / "shards").iterdir())
    assert shards
    assert not (out / "runs.parquet").exists()
    kept = {path: path.stat().st_mtime_ns for path in shards}
    STOP_AFTER.clear()
    PLAYED.clear()
    run_experiment(tiny, workers=1, out=out, console=quiet(), play=fake_play)
    assert {path: path.stat().st_mtime_ns for path in shards} == kept
    assert len(PLAYED) < 6 * 60
    run_experiment(tiny, workers=1, out=whole, console=quiet(), play=fake_play)
    assert read_tables(out) == read_tables(whole)
    assert not [path for path in out.rglob("*") if ".part" in path.name]


def test_finished_shards_serve_again_and_broken_ones_do_not(tiny, tmp_path):
    out = tmp_path / "out"
    size = chunk_runs(load_scenario("baseline").with_settings({"roster": "paris", "weeks": 1040}))
    assert 1 < size < 60
    run_experiment(tiny, workers=1, runs=2 * size, out=out, console=quiet(), play=fake_play)
    PLAYED.clear()
    run_experiment(tiny, workers=1, runs=3 * size, out=out, console=quiet(), play=fake_play)
    assert {run for _, _, run in PLAYED} == set(range(2 * size, 3 * size))
    PLAYED.clear()
    shard = next((out / "shards").iterdir())
    shard.write_bytes(shard.read_bytes()[:100])
    run_experiment(tiny, workers=1, runs=3 * size, out=out, console=quiet(), play=fake_play)
    assert len(PLAYED) == size
    PLAYED.clear()
    run_experiment(tiny, workers=1, runs=size, seed=8, out=out, console=quiet(), play=fake_play)
    assert len(PLAYED) == 6 * size


def test_summary_and_differences_say_what_they_are(tiny, tmp_path):
    out = tmp_path / "out"
    run_experiment(tiny, workers=1, out=out, console=quiet(), play=fake_play)
    summary = pd.read_csv(out / "summary.csv", keep_default_na=False)
    held = summary[summary["outcome"] == "held"]
    assert set(held["interval"]) == {"Wilson"}
    assert (held["n"] == 60).all()
    assert ((held["low"] <= held["mean"]) & (held["mean"] <= held["high"])).all()
    differences = pd.read_csv(out / "differences.csv", keep_default_na=False)
    sizes = differences[(differences["changed"] == "force.size") & (differences["outcome"] == "held")]
    assert list(sizes["guarantee.form"]) == ["none", "ratified"]
    assert set(sizes["less"]) == {
        'force.size=0, guarantee.form="none"',
        'force.size=0, guarantee.form="ratified"',
    }
    forms = differences[(differences["changed"] == "guarantee.form") & (differences["outcome"] == "deaths")]
    assert (forms["difference"].abs() < 1e-9).all()
    survival = pd.read_csv(out / "survival.csv")
    years = survival[survival["week"] % 52 == 0]
    assert (years.groupby("cell")["week"].nunique() == 21).all()


def test_manifest_says_where_the_results_come_from(tiny, tmp_path):
    run_experiment(tiny, workers=1, runs=3, out=tmp_path / "out", console=quiet(), play=fake_play)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["seed"] == 7
    assert manifest["runs_per_cell"] == 3
    assert manifest["command"] == f"ceasefire batch {tiny} --runs 3 --seed 7 --out {tmp_path / 'out'}"
    assert manifest["parameters_of_first_cell"]["parameters"]["force.deployment"] == "imposed"
    assert len(manifest["cells"]) == 6
    assert {"commit", "dirty"} == set(manifest["git"])
    assert manifest["libraries"]["mesa"]
    assert "runs.parquet" in manifest["files"]
    assert manifest["started"] <= manifest["ended"]


def test_each_run_draws_its_parameters_and_every_cell_the_same(tiny, tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(TINY.replace("runs = 60", 'runs = 4\nparameters = "prior"'))
    run_experiment(str(path), workers=1, out=tmp_path / "out", console=quiet(), play=fake_play)
    draws = pd.read_parquet(tmp_path / "out" / "draws.parquet")
    assert list(draws["run"]) == [0, 1, 2, 3]
    assert draws.shape[1] > 50
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["drawn_parameters"] == list(draws.columns[1:])


def test_a_pipe_hears_of_progress_in_plain_lines(tiny, tmp_path):
    console = quiet()
    run_experiment(tiny, workers=1, out=tmp_path / "out", console=console, play=fake_play)
    told = console.file.getvalue()  # type: ignore[attr-defined]
    assert "tiny: 360 of 360 runs" in told
    assert "runs/s" in told
    assert "\x1b" not in told
    assert "what Europe fields" in told
    run_experiment(tiny, workers=1, out=tmp_path / "out", console=console, play=fake_play)
    assert "360 of 360 runs are there already" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_failing_run_is_named(tiny, tmp_path):
    with pytest.raises(ZeroDivisionError) as caught:
        run_experiment(tiny, workers=1, out=tmp_path / "out", console=quiet(), play=failing_play)
    assert 'in cell force.size=0, guarantee.form="none", seed 7, run 2' in caught.value.__notes__


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"runs": 0}, "--runs: 0"),
        ({"workers": 0}, "--workers: 0"),
        ({"seed": -1}, "--seed: -1"),
        ({"seed": 2**32}, "--seed: "),
        ({"out": __file__}, "--out: "),
    ],
)
def test_mistakes_are_told_before_anything_runs(tiny, options, said):
    with pytest.raises(ExperimentError, match=said):
        run_experiment(tiny, console=quiet(), play=fake_play, **options)
    assert not PLAYED


def test_chunks_depend_on_the_scenario_alone():
    baseline = load_scenario("baseline")
    assert chunk_runs(baseline) == chunk_runs(baseline.with_settings({"force.size": 25000}))
    assert chunk_runs(baseline.with_settings({"weeks": 1040})) < chunk_runs(baseline)
    assert chunk_runs(baseline.with_settings({"weeks": 1, "roster": "paris"})) > 1000


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL])
def test_a_batch_may_be_stopped_or_killed(tiny, tmp_path, blow):
    path, out = Path(tiny), tmp_path / "out"
    path.write_text(TINY.replace("runs = 60", "runs = 200"))
    options = ["batch", tiny, "--workers", "2", "--out", str(out)]
    code = f"from experiments.command import app; app({options})"
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(out.glob("shards/*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.1)
    workers = children(process.pid)
    assert workers
    os.kill(process.pid, blow)
    _, said = process.communicate(timeout=30)
    assert process.returncode == (130 if blow == signal.SIGINT else -blow)
    assert "Traceback" not in said
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/cmdline").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in workers if Path(f"/proc/{pid}/cmdline").exists()]
    assert list(out.glob("shards/*.parquet"))
    assert not (out / "runs.parquet").exists()


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
