"""Evaluations that survive a kill: blocks of points, each a file named by what decides it."""

import hashlib
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.emulator import Evaluations
from experiments.store import write_bytes

Floats = NDArray[np.float64]
Report = Callable[[int, int, str], None]  # points done, points in all, what they are
FIELDS = ("summaries", "summary_noise_variance", "counts")


class Simulator(Protocol):
    """A stochastic simulator."""

    @property
    def identity(self) -> str:
        """Text that differs whenever the same points and seed might give other results."""

    def simulate(self, z: Floats, wave: int, seed: int, final: bool = False) -> Evaluations:
        """Evaluate points z (n, d), with more runs each if `final`; the same arguments give the same bits."""


def evaluate(
    simulator: Simulator,
    z: Floats,
    wave: int,
    seed: int,
    folder: Path | None,
    *,
    final: bool = False,
    block: int = 50,
    report: Report | None = None,
) -> Evaluations:
    """Evaluate points z (n, d) block by block; blocks that are in `folder` are read instead.

    Raises ValueError if the simulator gives other shapes than asked for, or numbers that are not finite.
    """
    parts = []
    for place, start in enumerate(range(0, len(z), block)):
        points = np.ascontiguousarray(z[start : start + block], "<f8")
        path = folder / f"{_name(simulator.identity, points, wave, place, seed, final)}.npz" if folder else None
        part = _read(path, len(points)) if path else None
        if part is None:
            part = simulator.simulate(points, wave, _seed(seed, wave, place), final)
            _check(part, len(points))
            if path:
                content = BytesIO()
                np.savez(content, **{name: getattr(part, name) for name in FIELDS})
                write_bytes(path, content.getvalue())
        parts.append(part)
        if report:
            report(min(start + block, len(z)), len(z), "final points" if final else f"wave {wave}")
    return Evaluations.join(parts)


def _name(identity: str, z: Floats, wave: int, place: int, seed: int, final: bool) -> str:
    found = hashlib.sha256(f"{identity}\0{seed}\0{wave}\0{place}\0{final}\0{z.shape}\0".encode())
    found.update(z.data)
    return found.hexdigest()[:32]


def _seed(seed: int, wave: int, place: int) -> int:
    """A seed of its own for every block."""
    return int(np.random.SeedSequence([seed, wave, place]).generate_state(1, np.uint64)[0] >> np.uint64(1))


def _read(path: Path, points: int) -> Evaluations | None:
    """A block, or None if it is not there or cannot be read."""
    with suppress(OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile), np.load(path) as file:
        part = Evaluations(*(file[name] for name in FIELDS))
        _check(part, points)
        return part
    return None


def _check(part: Evaluations, points: int) -> None:
    for name in FIELDS:
        values = getattr(part, name)
        if len(values) != points:
            raise ValueError(f"{points} points were evaluated, but {name} has {len(values)} rows")
        if not np.isfinite(values).all():
            raise ValueError(f"{name} has numbers that are not finite")
