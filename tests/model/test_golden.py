"""Golden numbers: what three scenarios came to when the model was last changed on purpose.

After a change that is meant to move results, write them anew with
`uv run pytest tests/model/test_golden.py --update-golden`, and say in the commit why they moved.
"""

import json
from pathlib import Path

import pytest

from model.ceasefire import Ceasefire
from model.scenario import load_scenario

FILE = Path(__file__).with_name("golden.json")
SCENARIOS = ("baseline", "uk-french-plan", "hundred-thousand")
RUNS = (0, 1)


def outcomes(name: str, run: int) -> dict[str, float]:
    """A run's outcomes to nine digits, which every processor's exp and log agree on."""
    played = Ceasefire(load_scenario(name), seed=2025, run=run).play()
    return {key: float(f"{number:.9g}") for key, number in played.outcomes().items()}


@pytest.fixture(scope="module")
def golden(request: pytest.FixtureRequest) -> dict[str, dict[str, float]]:
    if request.config.getoption("--update-golden"):
        whole = {f"{name}/{run}": outcomes(name, run) for name in SCENARIOS for run in RUNS}
        FILE.write_text(json.dumps(whole, indent=1) + "\n")
    found: dict[str, dict[str, float]] = json.loads(FILE.read_text())
    return found


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_outcomes_are_those_of_the_golden_file(golden, name, run):
    assert outcomes(name, run) == pytest.approx(golden[f"{name}/{run}"], rel=1e-9, abs=1e-9)


def test_the_golden_file_holds_these_runs_and_no_others(golden):
    assert set(golden) == {f"{name}/{run}" for name in SCENARIOS for run in RUNS}
    assert len({json.dumps(each) for each in golden.values()}) == len(golden)
