"""Where a result comes from: everything needed to make the same tables again."""

import json
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from experiments.chunks import describe_scenario
from experiments.design import Cell
from experiments.points import SAMPLE
from experiments.results import Results
from experiments.store import write_bytes

LIBRARIES = ("mesa", "numpy", "pandas", "scipy", "matplotlib", "lifelines", "pyarrow", "pydantic", "numba", "salib")
GIT_SECONDS = 10
MOST_TOLD = 200  # cells


def write_manifest(path: Path, results: Results, written: Sequence[Path]) -> Path:
    """Write manifest.json: version, commit, fingerprint, parameters, seed, runs, platform, times, files."""
    asked = results.asked
    experiment, cells = asked.experiment, asked.cells
    content = {
        "experiment": experiment.model_dump(mode="json"),
        "command": asked.command,
        "version": metadata.version("ceasefire"),
        "git": git_state(),
        "model_fingerprint": asked.origin.model,
        "numerics": asked.origin.numerics,
        "executor": asked.executor,
        "seed": experiment.seed,
        "precision_asked": asked.precision,
        "runs_per_cell": experiment.runs,
        "parameters": experiment.parameters,
        "drawn_parameters": list(asked.draws(0).names) if asked.draws else [],
        "parameters_of_first_cell": describe_scenario(cells[0].scenario),
        "cells": _describe([cell for cell in cells if cell.arm != SAMPLE]),
        "points": sum(cell.arm == SAMPLE for cell in cells),
        "platform": platform.platform(terse=True),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
        "started": asked.started.isoformat(timespec="seconds"),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": [file.name for file in written],
    }
    text = json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False)
    write_bytes(path, f"{text}\n".encode())
    return path


def _describe(cells: Sequence[Cell]) -> list[dict[str, object]]:
    """Every cell with its arm and settings; of very many only the labels, since grid and arms above say the rest."""
    if len(cells) > MOST_TOLD:
        return [{"cell": cell.label} for cell in cells]
    return [{"cell": cell.label, "arm": cell.arm, "settings": cell.settings} for cell in cells]


def git_state() -> dict[str, object]:
    """The commit of the model's source and whether it was changed since; nulls outside its repository."""
    home = Path(str(files("model"))).parent
    commit = _git(home, "rev-parse", "HEAD")
    # A package installed inside somebody else's repository must not report that repository's commit.
    if commit is None or _git(home, "ls-files", "--error-unmatch", "model/ceasefire.py") is None:
        return {"commit": None, "dirty": None}
    return {
        "commit": commit,
        "dirty": bool(_git(home, "status", "--porcelain", "--", "model", "experiments")),
    }


def _git(home: Path, *arguments: str) -> str | None:
    try:
        found = subprocess.run(
            ["git", *arguments], cwd=home, capture_output=True, text=True, timeout=GIT_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()
