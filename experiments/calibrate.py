"""Calibration of the model on past ceasefires, wars, the Donbas and budgets: `ceasefire calibrate`."""

import shlex
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from threadpoolctl import threadpool_limits

from experiments.calibration.posterior import Posterior as Points
from experiments.calibration.waves import Plan, calibrate
from experiments.chunks import engine, origin
from experiments.design import ExperimentError
from experiments.draws import Floats
from experiments.evidence.problem import Effort, Evidence, completed, sets_at
from experiments.evidence.targets import fitted_cases, load_targets
from experiments.manifest import LIBRARIES, git_state
from experiments.posterior import BUNDLED, Posterior, by_cluster, save_posterior
from experiments.progress import show_progress
from experiments.store import sole_writer
from model.luck import LIMIT

EVALUATIONS = "evaluations"  # the folder of what was played, which a stopped calibration goes on from
FLOOR = 0.5  # share of the sets that they must be worth: weights rest on few runs, and are tempered as far as that
ACTIVE = 64  # inputs that emulators follow closely
DIGITS = 6  # significant digits of the sets as committed


@dataclass(frozen=True)
class Size:
    """How much a calibration does."""

    waves: int = 3
    points: int = 600  # a wave
    sets: int = 300  # of the posterior

    def plan(self) -> Plan:
        """The same for the machinery."""
        return Plan(waves=self.waves, points=self.points, final=self.sets, most_active=ACTIVE, floor=FLOOR)


def run_calibration(
    *, seed: int = 1, size: Size | None = None, out: str | Path | None = None, console: Console | None = None
) -> list[Path]:
    """Calibrate and write sets.parquet and manifest.json to `out` (default: where every experiment finds them).

    Raises ExperimentError for a user's mistake, and OSError if the folder cannot be written.
    """
    size = size or Size()
    started = datetime.now(UTC)
    say = console or Console(stderr=True)
    if not 0 <= seed < LIMIT:
        raise ExperimentError(f"--seed: {seed} is not allowed; a whole number from 0 to {LIMIT - 1:,}")
    for option, value, low, high in (
        ("--waves", size.waves, 1, 10),
        ("--points", size.points, 50, 20_000),
        ("--sets", size.sets, 20, 5_000),
    ):
        if not low <= value <= high:
            raise ExperimentError(f"{option}: {value} is not allowed; a whole number from {low} to {high:,}")
    folder = BUNDLED if out is None else Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    kept = (Path("results") / "calibration" if out is None else folder) / EVALUATIONS
    kept.mkdir(parents=True, exist_ok=True)
    command = ["ceasefire", "calibrate", "--seed", str(seed)]
    command += ["--waves", str(size.waves), "--points", str(size.points), "--sets", str(size.sets)]
    command += [] if out is None else ["--out", str(out)]
    try:
        with sole_writer(folder):
            evidence = Evidence(engine(lambda text: say.print(f"calibrate: {text}", highlight=False)), Effort())
            total = size.waves * size.points + size.sets
            with show_progress(say, "calibrate", total, 0, "points") as told:
                before: dict[str, int] = {}

                def report(done: int, _: int, what: str) -> None:
                    told(done - before.get(what, 0))
                    before[what] = done

                with threadpool_limits(1):  # sums of more threads round otherwise, and points would move
                    found = calibrate(evidence, seed, kept, size.plan(), report)
            posterior = as_posterior(found, seed)
            manifest = describe(found, posterior, seed, size, shlex.join(command), started)
            written = save_posterior(folder, posterior, manifest)
    except BlockingIOError:
        raise ExperimentError(f"--out: {folder}: another calibration is writing there") from None
    return written


def as_posterior(found: Points, seed: int) -> Posterior:
    """The points as parameter sets: values as the rules see them, uninformed ones drawn from their priors."""
    sets = completed(sets_at(found.z), seed)
    clusters = fitted_cases().chosen("strict")["dyad_cluster"].tolist()
    names, likelihoods = by_cluster(found.loglik_by_case, clusters)
    order = np.argsort(sets.names)
    return Posterior(
        tuple(sets.names[place] for place in order),
        rounded(sets.values[:, order]),
        rounded(found.weights),
        names,
        rounded(likelihoods),
    )


def rounded(values: Floats) -> Floats:
    """Six significant digits: what the file says is what is played."""
    flat = [float(f"{value:.{DIGITS}g}") for value in np.ravel(values).tolist()]
    return np.array(flat).reshape(np.shape(values))


def describe(
    found: Points, posterior: Posterior, seed: int, size: Size, command: str, started: datetime
) -> dict[str, Any]:
    """How the posterior came about, what it is worth, and which inputs the evidence moved."""
    diagnostics = found.diagnostics
    mean, sd = found.mean(), found.sd()
    moved = {
        name: {"mean_shift": round(float(mean[place]), 3), "sd_ratio": round(float(sd[place]), 3)}
        for place, name in enumerate(found.names)
    }
    return {
        "command": command,
        "version": metadata.version("ceasefire"),
        "git": git_state(),
        "model_fingerprint": origin().model,
        "numerics": origin().numerics,
        "seed": seed,
        "size": asdict(size),
        "effort": asdict(Effort()),
        "sets": len(posterior.weights),
        "worth": round(posterior.worth, 1),
        "weight_power": diagnostics.get("weight_power"),
        "log_weight_sd": diagnostics.get("log_weight_sd"),
        "fit": fit_of(found),
        "inputs": moved,
        "targets": {target.name: [target.value, target.sd, target.scale] for target in load_targets()},
        "cases": fitted_cases().chosen("strict")["case_id"].tolist(),
        "libraries": {name: metadata.version(name) for name in (*LIBRARIES, "scikit-learn")},
        "started": started.isoformat(timespec="seconds"),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def fit_of(found: Points) -> dict[str, float]:
    """How well each summary was emulated at the end: share of variance foreseen."""
    values = np.asarray(found.diagnostics.get("r2_final", []), float)
    return {target.name: round(float(value), 3) for target, value in zip(load_targets(), values, strict=False)}
