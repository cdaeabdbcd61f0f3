"""The posterior: parameter sets with weights, what evidence made of the register's priors, and where they lie."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from experiments.calibration.sampler import divide_out, effective_sample_size
from experiments.design import ExperimentError
from experiments.draws import Draws, Floats
from experiments.store import write_bytes
from model.register import load_register

BUNDLED = Path(str(files("experiments"))) / "posterior"
SETS, MANIFEST = "sets.parquet", "manifest.json"
WEIGHT, CLUSTER = "weight", "log likelihood of "  # columns beside the parameters


@dataclass(frozen=True, eq=False)
class Posterior:
    """Parameter sets (M, d) with weights (M,), and what each makes of every cluster of past ceasefires."""

    names: tuple[str, ...]  # dotted
    values: Floats  # (M, d), as the rules see them
    weights: Floats  # (M,), sum 1
    clusters: tuple[str, ...]
    by_cluster: Floats  # (M, clusters), log likelihood of the fitted cases of a cluster

    @property
    def worth(self) -> float:
        """Equally weighted sets that it is worth (Kish 1965)."""
        return effective_sample_size(self.weights)

    def without(self, cluster: str) -> Floats:
        """Weights (M,) had the cases of this cluster never been seen; the weights themselves if they were not."""
        if cluster not in self.clusters:
            return self.weights
        return divide_out(self.weights, self.by_cluster[:, self.clusters.index(cluster)])

    def chosen(self, runs: int, seed: int, first: int = 0) -> NDArray[np.intp]:
        """The set (runs,) of each run from `first` on: a run has the same one whatever the number of runs.

        A scrambled van der Corput sequence (Owen 1998) goes through the weights evenly.
        """
        from scipy.stats import qmc  # noqa: PLC0415  (takes a second, and workers do not need it)

        sobol = qmc.Sobol(d=1, scramble=True, bits=30, rng=seed)
        shares = np.empty(runs)
        if runs:
            if first:
                sobol.fast_forward(first)
            shares[:1] = sobol.random(1)[:, 0]
            shares[1:] = sobol.random(runs - 1)[:, 0] if runs > 1 else []
        ends = np.cumsum(self.weights)
        return np.searchsorted(ends / ends[-1], shares, side="right").clip(0, len(self.weights) - 1)

    def draw(self, runs: int, seed: int, first: int = 0) -> Draws:
        """What runs `first` onwards draw."""
        return Draws(self.names, self.values[self.chosen(runs, seed, first)], first)


def load_posterior(folder: Path = BUNDLED) -> Posterior:
    """The posterior in a folder. Raises ExperimentError if there is none, or if it is not of this register."""
    return _load(folder)


def load_manifest(folder: Path = BUNDLED) -> dict[str, Any]:
    """How a posterior came about. Raises ExperimentError if it is not there."""
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise ExperimentError(f"{folder / MANIFEST}: no such manifest; `ceasefire calibrate` makes one") from None
    return content


@cache
def _load(folder: Path) -> Posterior:
    path = folder / SETS
    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        raise ExperimentError(f"{path}: no such posterior; `ceasefire calibrate` makes one") from None
    except (OSError, pa.ArrowInvalid):
        raise ExperimentError(f"{path}: cannot be read as a posterior; `ceasefire calibrate` makes one") from None
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    clusters = tuple(name.removeprefix(CLUSTER) for name in columns if name.startswith(CLUSTER))
    names = tuple(name for name in columns if name != WEIGHT and not name.startswith(CLUSTER))
    strange = [name for name in names if name not in load_register()]
    missing = [entry.name for entry in load_register().values() if entry.kind == "uncertainty"]
    missing = [name for name in missing if name not in names]
    if strange or missing or WEIGHT not in columns:
        what = f"knows {strange[0]}, which the register does not" if strange else f"lacks {(missing or [WEIGHT])[0]}"
        raise ExperimentError(f"{path}: is of another register: it {what}; make it anew with `ceasefire calibrate`")
    return Posterior(
        names,
        np.column_stack([columns[name] for name in names]),
        columns[WEIGHT] / columns[WEIGHT].sum(),
        clusters,
        np.column_stack([columns[CLUSTER + name] for name in clusters]) if clusters else np.zeros((len(table), 0)),
    )


def save_posterior(folder: Path, posterior: Posterior, manifest: dict[str, Any]) -> list[Path]:
    """Write the sets and their manifest, each whole."""
    columns = {WEIGHT: posterior.weights}
    columns |= dict(zip(posterior.names, posterior.values.T, strict=True))
    columns |= {CLUSTER + name: column for name, column in zip(posterior.clusters, posterior.by_cluster.T, strict=True)}
    buffer = BytesIO()
    pq.write_table(pa.table({name: pa.array(np.ascontiguousarray(each)) for name, each in columns.items()}), buffer)
    write_bytes(folder / SETS, buffer.getvalue())
    write_bytes(folder / MANIFEST, f"{json.dumps(manifest, indent=1, allow_nan=False)}\n".encode())
    return [folder / SETS, folder / MANIFEST]


def by_cluster(by_case: Floats, clusters: Sequence[str]) -> tuple[tuple[str, ...], Floats]:
    """The clusters in order, and the log likelihood (M, clusters) of each from that of its cases (M, cases)."""
    names = tuple(dict.fromkeys(clusters))
    columns = [by_case[:, [place for place, each in enumerate(clusters) if each == name]].sum(axis=1) for name in names]
    return names, np.column_stack(columns)
