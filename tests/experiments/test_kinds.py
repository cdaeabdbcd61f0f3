"""Kinds of figures: what each says of its tables, in code and in the documents, is what it makes."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.chunks import Origin
from experiments.design import Figure, load_experiment
from experiments.draws import Draws
from experiments.figures.kinds import KINDS
from experiments.results import Asked, Results, label_cells
from experiments.sensitivity import points_table
from experiments.summary import summarise

RUNS = 40
ROOT = Path(__file__).parents[2]
HEAD = 'name = "tiny"\nquestion = "Q1"\ntitle = "Tiny"\nabout = "A test."\nweeks = 104\nruns = 40\n'
GRID = """
versus = 'force.size=0, guarantee.form="none"'
outcomes = ["held", "direct_combat"]
[set]
"force.deployment" = "imposed"
[grid]
"force.size" = [0, 25000, 100000]
"guarantee.form" = ["none", "ratified"]
"""
ARMS = """
outcomes = ["held", "weeks_to_crumbling"]
versus = "none"
[weekly]
runs = 2
series = ["troops"]
states = ["deployed"]
cells = ["none", "some"]
[[arms]]
label = "none"
set = {}
[[arms]]
label = "some"
set = { "force.size" = 25000 }
[[arms]]
label = "some, sure"
set = { "force.size" = 25000, "guarantee.form" = "ratified" }
"""
WORLDS = """
outcomes = ["held"]
[[arms]]
label = "none"
grid = { "theories.tripwire" = [false, true], "theories.moral_hazard" = [false, true] }
[[arms]]
label = "some"
set = { "force.size" = 25000 }
grid = { "theories.tripwire" = [false, true], "theories.moral_hazard" = [false, true] }
"""
SAMPLE = """
outcomes = ["held"]
[sample]
method = "METHOD"
points = 32
[sample.over]
"force.size" = [0, 100000]
"russia.review" = "register"
"""
EXAMPLES = {  # an experiment of which a kind makes all of its tables
    **dict.fromkeys(("heatmap", "tail", "survival", "doses", "pareto"), GRID),
    **dict.fromkeys(("risks", "fans", "tiles", "contributions"), ARMS),
    **dict.fromkeys(("worlds", "variance"), WORLDS),
    "effects": GRID + WORLDS.partition("]\n")[2],
    "tornado": SAMPLE.replace("METHOD", "morris"),
    "box": SAMPLE.replace("METHOD", "sobol"),
}

# Tables that are empty without states that decide for themselves, without arms that go beyond others, and by luck.
ELSEWHERE = {("doses", "supply"), ("effects", "contrasts"), ("box", "box")}


def make_results(kind: Figure, path: Path) -> Results:
    """Results of an experiment that asks for one figure; outcomes are luck, and the same in any order of reading."""
    path.write_text(f'{HEAD}figures = ["{kind}"]\n{EXAMPLES[kind]}')
    experiment, source = load_experiment(str(path))
    cells = experiment.cells(source)
    labels = label_cells(cells, experiment.levers())
    places = {label: place for place, label in enumerate(labels["cell"])}

    def column(cell: str, outcome: str) -> NDArray[np.float64]:
        luck = np.random.default_rng([places[cell], len(outcome)]).uniform(size=RUNS)
        if outcome in {"weeks_held", "weeks_to_crumbling"}:
            return np.floor(luck * 104)
        return (luck < (places[cell] + 1) / (len(places) + 1)).astype(float)

    def draws(_: int) -> Draws:
        return Draws(("choice.precision",), np.repeat([[2.0], [3.0]], RUNS // 2, axis=0), 0)

    asked = Asked(experiment, cells, draws, Origin("0" * 64, "0"), None, "none", "command", datetime.now(UTC))
    return Results(asked, labels, column, summarise(labels.iloc[:1], column), None, {"points": points_table(cells)})


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_kind_names_the_tables_that_it_makes(kind, tmp_path):
    made = KINDS[kind].tables(make_results(kind, tmp_path / "tiny.toml"))
    assert set(made) == set(KINDS[kind].names)
    assert not [name for name, table in made.items() if table.empty and (kind, name) not in ELSEWHERE]


def test_every_kind_is_in_the_table_of_the_documents():
    assert set(get_args(Figure)) == set(KINDS)
    lines = (ROOT / "docs" / "experiments.md").read_text().splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("| Figure | Shows |"))
    rows = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = line.strip("|").split("|")
        rows |= dict.fromkeys(re.findall(r"`(\w+)`", cells[0]), cells[-1])
    assert set(rows) == set(KINDS)
    for kind, told in rows.items():
        assert set(KINDS[kind].names) <= set(re.findall(r"`(\w+)\.csv`", told)), kind
