"""What tests of batches share: a small experiment, and an engine that takes no time to compile."""

import io
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from model.outcomes import OUTCOMES
from model.scenario import Scenario

TINY = """
name = "tiny"
question = "Q1"
title = "A tiny experiment"
about = "For the tests."
roster = "paris"
weeks = 26
runs = 60
seed = 7
parameters = "point"
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
COLUMNS = {name: place for place, name in enumerate(OUTCOMES)}


class FakeEngine:
    """Stands in for the compiled engine: luck that depends on seed and run, and a force that helps."""

    def __init__(self, pause: float = 0.0, fail_after: int = 10**9, failure: type[BaseException] = KeyboardInterrupt):
        self.pause = pause  # seconds a call
        self.fail_after = fail_after  # calls, and then every call is this failure
        self.failure = failure
        self.played: list[tuple[float, int, int]] = []  # (size of the force, seed, run)
        self.calls = 0

    def play(
        self,
        scenario: Scenario,
        seed: int,
        first: int,
        count: int,
        drawn: Mapping[str, NDArray[np.float64]] | None = None,
    ) -> NDArray[np.float64]:
        self.calls += 1
        if self.calls > self.fail_after:
            raise self.failure
        time.sleep(self.pause)
        size = float(scenario.overrides.get("force.size", 0.0))
        found = np.zeros((count, len(OUTCOMES)))
        for row in range(count):
            self.played.append((size, seed, first + row))
            luck = np.random.default_rng([seed, first + row]).random(3)
            weeks = min(float(np.ceil(luck[0] * scenario.weeks * (1.3 + size / 1e5))), float(scenario.weeks))
            found[row, COLUMNS["held"]] = float(weeks >= scenario.weeks)
            found[row, COLUMNS["weeks_held"]] = weeks
            found[row, COLUMNS["renewed_war"]] = float(luck[1] < 0.3)
            found[row, COLUMNS["troops_peak"]] = size / 3
            found[row, COLUMNS["deaths"]] = 1000 * luck[2] + luck[0]
        for values in (drawn or {}).values():
            found[:, COLUMNS["confidence"]] += values
        return found


def quiet() -> Console:
    return Console(file=io.StringIO(), width=100)


def told(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def read_tables(directory: Path) -> dict[str, bytes]:
    return {name: (directory / name).read_bytes() for name in TABLES}
