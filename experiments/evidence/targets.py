"""What calibration is told: targets with their spread, on the scale on which they are compared."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.history.cases import CaseTable, read_cases
from model.register import parse_toml

type Floats = NDArray[np.float64]

HOME = files("experiments") / "evidence"
CASES = Path(str(HOME)) / "cases.csv"


class Target(NamedTuple):
    """One number that the model should reproduce."""

    name: str
    pattern: str
    value: float
    scale: str
    sd: float  # on the scale
    source: str

    def on_scale(self, measured: Floats) -> Floats:
        """Measured numbers on the scale on which they are compared."""
        return SCALES[self.scale](np.asarray(measured, float))


def _cloglog(share: Floats) -> Floats:
    return np.asarray(np.log(-np.log1p(-np.clip(share, 1e-4, 1.0 - 1e-4))))


SCALES: dict[str, Callable[[Floats], Floats]] = {
    "plain": lambda x: x,
    "log": lambda x: np.log(np.maximum(x, 1e-6)),
    "cloglog": _cloglog,
}


@cache
def load_targets() -> list[Target]:
    """All targets of targets.toml, in order."""
    tables = parse_toml((HOME / "targets.toml").read_bytes())
    return [Target(name, **content) for name, content in tables.items()]  # type: ignore[arg-type]  # checked by a test


@cache
def fitted_cases() -> CaseTable:
    """The ceasefires that the model was calibrated on."""
    return read_cases(CASES)
