"""The floor of speed: the same rules in C, compiled by gcc and called on the same arrays as the compiled engine."""

import ctypes
import shutil
import subprocess
from ctypes import c_long, c_uint64, c_void_p
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.to_c import translate
from model.engine.layout import allot, lay_out, parameter_rows
from model.scenario import Scenario

FLAGS = (
    "-O3",
    "-march=native",
    "-ffp-contract=off",
    "-fno-fast-math",
    "-fno-math-errno",
    "-shared",
    "-fPIC",
)  # scalar and strict


def has_gcc() -> bool:
    """Whether there is a compiler to build the floor with."""
    return shutil.which("gcc") is not None


class Floor:
    """The week in C."""

    def __init__(self, scenario: Scenario) -> None:
        """Translate and compile; any scenario of the model can then be played."""
        with TemporaryDirectory() as folder:
            source, library = Path(folder, "week.c"), Path(folder, "week.so")
            source.write_text(translate(scenario))
            subprocess.run(["gcc", *FLAGS, str(source), "-o", str(library), "-lm"], check=True)
            self._library = ctypes.CDLL(str(library))

    def play(self, scenario: Scenario, seed: int, first: int, count: int) -> NDArray[np.float64]:
        """The world at the end of each run, a row of all state variables."""
        stage = lay_out(scenario)
        world, luck = allot(stage.places).flat, allot(stage.luck).flat
        ends = np.zeros((count, len(world)))
        counts = np.array([stage.places[place][1] for place in ("states", "institutions")])
        self._library.play(
            *(c_uint64(seed), c_uint64(first), c_long(count), c_long(scenario.weeks)),
            *(_at(parameter_rows(scenario, {}, count)), _at(stage.start), c_long(len(world)), _at(counts), _at(world)),
            *(c_long(len(luck)), _at(stage.purposes), _at(stage.codes)),
            *(_at(luck), _at(ends)),
        )
        return ends

    def deal(self, scenario: Scenario, seed: int, first: int, count: int) -> NDArray[np.float64]:
        """Deal the luck of all weeks of some runs and play nothing; the last week's luck comes back."""
        stage = lay_out(scenario)
        luck = allot(stage.luck).flat
        self._library.deal_all(
            *(c_uint64(seed), c_uint64(first), c_long(count), c_long(scenario.weeks), c_long(len(luck))),
            *(_at(stage.purposes), _at(stage.codes), _at(luck)),
        )
        return luck


def _at(array: NDArray[Any]) -> Any:
    """An array's address, as ctypes takes it; the array lives as long."""
    return array.ctypes.data_as(c_void_p)
