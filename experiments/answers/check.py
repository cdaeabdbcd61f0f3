"""Do the committed results still come out? A part of every experiment is played again and compared byte by byte."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.answers.book import read_book, write_book
from experiments.answers.reader import Folder
from experiments.batch import drawn_runs
from experiments.chunks import engine
from experiments.draws import Floats
from experiments.report import summarised, write_csv
from experiments.results import label_cells
from experiments.store import NAMES
from experiments.summary import summarise

CELLS = 2  # of each experiment


class Finding(NamedTuple):
    """One thing that was looked at."""

    what: str
    same: bool
    told: str


def check_results(results: Path, cells: int = CELLS) -> Iterator[Finding]:
    """Play some cells of each experiment again, then make the report again from the tables that are there.

    Their lines of summary.csv must come out to the byte, and so must report.html and report.md. Raises
    ExperimentError if results are missing.
    """
    book = read_book(results)
    with tempfile.TemporaryDirectory() as temporary:
        for name, folder in book.folders.items():
            yield _replay(name, folder, cells, Path(temporary) / "summary.csv")
        for path in write_book(book, results, Path(temporary)):
            kept = results / path.name
            same = kept.is_file() and kept.read_bytes() == path.read_bytes()
            yield Finding(path.name, same, "made again from the tables")


def _replay(name: str, folder: Folder, count: int, path: Path) -> Finding:
    """Whether the lines of summary.csv of cells from the first to the last come out again."""
    experiment = folder.experiment
    all_cells = experiment.cells()
    draws = drawn_runs(experiment.parameters, experiment.switches, experiment.seed)
    labels = label_cells(all_cells, experiment.levers())  # of all: a column's type hangs on every cell
    kept = set((folder.path / "summary.csv").read_text().splitlines())
    names, wrong = summarised(experiment, len(all_cells)), []
    places = sorted({int(place) for place in np.linspace(0, len(all_cells) - 1, count)})
    for place in places:
        scenario = all_cells[place].scenario
        drawn = draws(0).columns_for(scenario, 0, experiment.runs) if draws else None
        played = engine(lambda _: None).play(scenario, experiment.seed, 0, experiment.runs, drawn)
        table = pd.DataFrame(played, columns=NAMES)
        again = summarise(labels.iloc[[place]].reset_index(drop=True), partial(_column, table), names)
        write_csv(path, [again])
        if not set(path.read_text().splitlines()) <= kept:
            wrong.append(all_cells[place].label)
    told = f"{len(places)} of {len(all_cells):,} cells, {experiment.runs:,} runs each"
    return Finding(name, not wrong, told + (f"; not as they were: {'; '.join(wrong)}" if wrong else ""))


def _column(table: pd.DataFrame, _: str, outcome: str) -> Floats:
    return table[outcome].to_numpy()
