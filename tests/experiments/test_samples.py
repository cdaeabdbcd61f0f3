"""A sample from the file to its tables: points, what the outcomes hang on, and nothing drawn for each point."""

import json

import pandas as pd
import pytest
from batches import FakeEngine, quiet, told

from experiments import chunks
from experiments.batch import run_experiment
from experiments.points import SAMPLE

FILE = """
name = "box"
question = "Q10"
title = "A box"
about = "For the tests."
roster = "paris"
weeks = 26
runs = 5
outcomes = ["troops_peak", "held"]
figures = ["survival"]
[grid]
"guarantee.form" = ["none", "ratified"]
[sample]
method = "METHOD"
points = 64
[sample.over]
"force.size" = [0, 100000]
"russia.review" = "register"
"""


@pytest.mark.parametrize(
    ("method", "index", "count", "whole"),
    [
        ("saltelli", "ST", 64 * 4, 1.0),
        ("morris", "mu_star", 64 * 3, 100_000 / 3),
        ("latin-hypercube", "rank_correlation", 64, 1.0),
    ],
)
def test_a_sample_ends_in_a_table_of_what_the_outcomes_hang_on(tmp_path, monkeypatch, method, index, count, whole):
    monkeypatch.setattr(chunks, "_engines", [FakeEngine()])  # its troops are a third of the size asked for
    path, out, console = tmp_path / "box.toml", tmp_path / "out", quiet()
    path.write_text(FILE.replace("METHOD", method))
    run_experiment(str(path), out=out, threads=1, console=console)
    points, found = pd.read_csv(out / "points.csv"), pd.read_csv(out / "sensitivity.csv")
    assert list(points.columns) == ["cell", "force.size", "russia.review"]
    assert len(points) == count
    assert points["force.size"].between(0, 100_000).all()
    troops = found[found["outcome"] == "troops_peak"].set_index("parameter")[index]
    assert troops["force.size"] > 0.95 * whole
    assert abs(troops["russia.review"]) < 0.3 * whole
    runs = pd.read_parquet(out / "runs.parquet")
    mine = runs[runs["arm"] == SAMPLE].groupby("cell", sort=False)["troops_peak"].first()
    assert mine.to_numpy() == pytest.approx(points["force.size"].to_numpy() / 3, rel=1e-6)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["points"] == count
    assert [cell["arm"] for cell in manifest["cells"]] == ["", ""]
    assert set(pd.read_csv(out / "survival.csv")["arm"].fillna("")) == {""}
    assert f"What troops_peak hangs on, over {count} points" in " ".join(told(console).split())
