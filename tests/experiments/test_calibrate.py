"""`ceasefire calibrate` from end to end, small: it goes on where it stopped, and says what it did."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

from experiments.calibrate import EVALUATIONS, Size, rounded, run_calibration
from experiments.command import app
from experiments.identifiability import agreement, moved_inputs
from experiments.posterior import Posterior, load_manifest, load_posterior
from model.register import load_register

SMALL = Size(waves=1, points=50, sets=20)


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("posterior")
    run_calibration(seed=3, size=SMALL, out=folder, console=Console(file=io.StringIO()))
    return folder


def test_it_writes_sets_and_a_manifest_that_says_how(calibrated):
    found, manifest = load_posterior(calibrated), load_manifest(calibrated)
    assert found.values.shape == (20, sum(entry.kind == "uncertainty" for entry in load_register().values()))
    assert found.weights.sum() == pytest.approx(1.0)
    assert len(found.clusters) == 38
    assert manifest["command"].startswith("ceasefire calibrate --seed 3 --waves 1 --points 50 --sets 20")
    assert manifest["worth"] == pytest.approx(found.worth, abs=0.1)
    assert len(manifest["cases"]) == 75
    assert set(manifest["inputs"]) < set(found.names)


def test_a_calibration_goes_on_from_what_was_played_and_ends_in_the_same_bytes(calibrated, tmp_path):
    """As after a kill: half of the evaluations are there, and one of them is torn."""
    kept = sorted((calibrated / EVALUATIONS).iterdir())
    (tmp_path / EVALUATIONS).mkdir()
    for number, path in enumerate(kept):
        content = path.read_bytes()
        (tmp_path / EVALUATIONS / path.name).write_bytes(content if number else content[: len(content) // 2])
    run_calibration(seed=3, size=SMALL, out=tmp_path, console=Console(file=io.StringIO()))
    assert (tmp_path / "sets.parquet").read_bytes() == (calibrated / "sets.parquet").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--seed", "-1"], "--seed: -1 is not allowed"),
        (["--points", "3"], "--points: 3 is not allowed"),
        (["--sets", "1"], "--sets: 1 is not allowed"),
        (["--waves", "0"], "--waves: 0 is not allowed"),
    ],
)
def test_bad_options_are_one_line(arguments, said):
    result = CliRunner().invoke(app, ["calibrate", *arguments])
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_numbers_are_kept_to_six_digits():
    assert rounded(np.array([[1.23456789, 0.0], [123456.789, 1e-9]])).tolist() == [[1.23457, 0.0], [123457.0, 1e-9]]


def test_what_the_evidence_moved_comes_first_and_the_rest_is_counted():
    inputs = {
        "a": {"mean_shift": 0.0, "sd_ratio": 1.0},
        "b": {"mean_shift": -1.2, "sd_ratio": 0.9},
        "c": {"mean_shift": 0.1, "sd_ratio": 0.5},
    }
    found = moved_inputs(inputs)
    assert found["parameter"].tolist() == ["b", "c", "a"]
    assert found["moved"].tolist() == [True, True, False]


def posterior(shift, count=400, seed=1):
    dice = np.random.default_rng(seed)
    entry = load_register()["choice.precision"]
    values = entry.low + (entry.high - entry.low) * np.clip(dice.normal(0.5 + shift, 0.1, (count, 1)), 0, 1)
    return Posterior((entry.name,), values, np.full(count, 1 / count), (), np.zeros((count, 0)))


def test_agreement_sees_a_shift_and_forgives_noise():
    near = agreement(posterior(0.0, seed=1), posterior(0.0, seed=2)).iloc[0]
    assert abs(near["gap"]) < 0.1
    assert near["apart"] < 3.0
    far = agreement(posterior(0.0, seed=1), posterior(0.2, seed=2)).iloc[0]
    assert far["gap"] == pytest.approx(-0.2 * np.sqrt(12.0), abs=0.05)
    assert far["apart"] > 10.0


def test_moved_and_agreement_are_printed(calibrated):
    result = CliRunner().invoke(app, ["validate", "moved", "--json"])
    assert result.exit_code == 0
    assert {"parameter", "mean_shift", "sd_ratio", "moved"} <= set(pd.DataFrame(json.loads(result.output)).columns)
    result = CliRunner().invoke(app, ["validate", "agreement", str(calibrated), "--markdown"])
    assert result.exit_code == 0
    assert "parameters compared" in result.output
    result = CliRunner().invoke(app, ["validate", "agreement", "nowhere"])
    assert (result.exit_code, len(result.output.strip().splitlines())) == (2, 1)
