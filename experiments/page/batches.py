"""What experiments have left in their folders, as the page shows it: figures, tables, and files that may be served."""

import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, lru_cache
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.answers.reader import Folder
from experiments.chunks import Outcomes, origin
from experiments.design import Experiment, list_experiments
from experiments.figures import findings, style, words
from experiments.figures.kinds import KINDS
from experiments.intervals import EVENTS, Interval
from experiments.results import Asked, Results, label_cells
from experiments.table import RunTable
from model.outcomes import OUTCOMES

MANIFEST = "manifest.json"
KINDS_OF_FILES = {  # what the page serves, and as what
    ".png": "image/png", ".svg": "image/svg+xml", ".csv": "text/csv", ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
}  # fmt: skip
FACTS = ("command", "version", "model_fingerprint", "seed", "executor", "platform", "python", "started", "ended")
FIRST_CELLS = 12  # of a summary, in the preview
UNSAID = {"count", "0 to 1", "0 or 1"}  # units that say nothing

_drawing = threading.Lock()  # Matplotlib's settings are the process's


@dataclass(frozen=True, eq=False)
class Finished:
    """The results of an experiment, as its manifest has them."""

    folder: Path
    manifest: Mapping[str, Any]

    @cached_property
    def experiment(self) -> Experiment:
        """As it was asked; of another version of the model it may not be understood: ValueError."""
        return Experiment.model_validate(self.manifest["experiment"])

    @property
    def ended(self) -> datetime:
        """When it was finished."""
        return datetime.fromisoformat(self.manifest["ended"])

    @property
    def when(self) -> str:
        """The same in words."""
        return f"{self.ended.day} {self.ended:%B %Y, %H:%M} UTC"

    @property
    def model(self) -> str:
        """The fingerprint of the model that played it."""
        return str(self.manifest["model_fingerprint"])

    @property
    def current(self) -> bool:
        """Whether the model of now would give the same."""
        return self.model == origin().model

    @property
    def size(self) -> str:
        """What was run."""
        runs, parameters = self.manifest["runs_per_cell"], self.manifest["parameters"]
        return f"{runs:,} runs a cell, parameters: {words.SOURCES.get(parameters, parameters)}"

    @property
    def facts(self) -> list[list[str]]:
        """Where it comes from: what a reader of the manifest looks for first."""
        told = {name: self.manifest.get(name) for name in FACTS}
        told["commit"] = self.manifest.get("git", {}).get("commit")
        return [[name.replace("_", " "), str(value)] for name, value in told.items()]

    @property
    def files(self) -> list[str]:
        """Names of the files that it wrote and that are there still, the manifest last."""
        with os.scandir(self.folder) as entries:
            there = {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
        told = [str(name) for name in self.manifest["files"]]
        return [name for name in (*told, MANIFEST) if name in there and Path(name).suffix in KINDS_OF_FILES]


def finished(results: Path, name: str) -> Finished | None:
    """The results of an experiment; None if there are none, or what is there cannot be read."""
    path = results / name / MANIFEST
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=32)
def _read(path: Path, written: int) -> Finished:
    found = Finished(path.parent, json.loads(path.read_text("utf-8")))
    for part in ("when", "model", "size", "files"):
        getattr(found, part)  # raises if the manifest is not one
    return found


def find_file(results: Path, name: str, file: str) -> Path | None:
    """A file that a finished experiment of the catalogue wrote, by its plain name; None for anything else."""
    if name not in list_experiments():
        return None
    done = finished(results, name)
    return done.folder / file if done and file in done.files else None


@lru_cache(maxsize=32)
def tell_figures(done: Finished) -> Mapping[str, str]:
    """What each figure says, computed from its tables as for the figure itself; by the figure's name."""
    told: dict[str, str] = {}
    try:
        results = _read_back(done)
    except Exception:  # another version's: the figures are there, and say it themselves
        return told
    with _drawing, style.styled():
        for name in results.asked.experiment.figures:
            with suppress(Exception):  # a table that is missing here
                told[name] = " ".join(KINDS[name].draw(results).texts[0].get_text().split())
    return told


def _read_back(done: Finished) -> Results:
    """What figures are drawn from, out of the tables."""
    folder, experiment = Folder(done.folder), done.experiment
    cells = experiment.cells(experiment.name)
    labels = label_cells(cells, experiment.levers())
    names = [Path(name).stem for name in done.files if name.endswith(".csv") and name != "runs.csv"]
    tables = {name: folder.table(name) for name in names}
    asked = Asked(experiment, cells, None, origin(), None, "", done.manifest["command"], done.ended)

    @cache
    def runs() -> RunTable:  # git leaves it out, and not every figure needs it
        return RunTable(done.folder / "runs.parquet", list(labels["cell"]), experiment.runs)

    def column(cell: str, outcome: str) -> Outcomes:
        return runs().column(cell, outcome)

    return Results(asked, labels, column, tables["summary"], tables.get("sensitivity"), tables)


def figures(done: Finished) -> list[tuple[str, str]]:
    """Its figures: name, and what is said instead of it to those who do not see it."""
    told, title = tell_figures(done), done.manifest["experiment"]["title"]
    names = [Path(name).stem for name in done.files if name.endswith(".png")]
    return [(name, told.get(name, f"Figure “{name}” of: {title}")) for name in names]


def preview(done: Finished) -> tuple[list[str], list[list[str]]]:
    """The first cells of summary.csv, and the experiment's own outcomes: heads, rows. Raises OSError, ValueError."""
    outcomes = list(done.manifest["experiment"]["outcomes"])
    table = pd.read_csv(
        done.folder / "summary.csv", nrows=FIRST_CELLS * len(OUTCOMES), keep_default_na=False, na_values=[""]
    )
    table = table[table["outcome"].isin(outcomes)]
    known = {cell["cell"]: cell for cell in islice(done.manifest["cells"], FIRST_CELLS)}
    rows = []
    for cell in table["cell"].unique()[:FIRST_CELLS]:
        of_cell = table[table["cell"] == cell].set_index("outcome")
        told = [say(name, *map(float, of_cell.loc[name, ["mean", "low", "high"]])) for name in outcomes]
        rows.append([_call(known[cell], done.manifest) if cell in known else str(cell), *told])
    return ["Cell", *map(head, outcomes)], rows


def _call(cell: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
    """A cell in plain words: its arm, and what the grid sets in it."""
    asked = manifest["experiment"]
    arm = next((arm for arm in asked["arms"] if arm["label"] == cell["arm"]), asked)
    said = ", ".join(words.phrase(name, value) for name, value in cell["settings"].items() if name in arm["grid"])
    return f"{cell['arm']}: {said}" if cell["arm"] and said else cell["arm"] or said[:1].upper() + said[1:]


def head(name: str) -> str:
    """What an outcome is called, with its unit if it has one."""
    unit = words.outcome_unit(name)
    called = words.outcome(name)
    return called if name in EVENTS or unit in UNSAID or called.endswith(unit) else f"{called} ({unit})"


def say(name: str, *parts: float) -> str:
    """An estimate with its interval, without its unit."""
    interval = Interval(*parts)
    if isfinite(interval.low):
        return findings.say(name, interval).removesuffix(f" {words.outcome_unit(name)}")
    return f"{100 * interval.estimate:.0f}%" if name in EVENTS else f"{interval.estimate:,.3g}"  # of one run
