"""Experiment files: what they mean, and what is said when they are wrong."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from experiments.design import Arm, Experiment, ExperimentError, list_experiments, load_experiment
from experiments.points import Sample
from experiments.weekly import Weekly
from model.register import load_register

GOOD = {
    "name": '"tiny"',
    "question": '"Q1"',
    "title": '"A tiny experiment"',
    "about": '"For the tests."',
    "roster": '"paris"',
    "weeks": "20",
    "runs": "4",
    "grid": '{ "force.size" = [0, 25000], "guarantee.form" = ["none", "ratified"] }',
}


@pytest.fixture
def write(tmp_path: Path):
    def write_file(text: str = "", **changes: str | None) -> str:
        keys = {**GOOD, **changes}
        lines = [f"{key} = {value}" for key, value in keys.items() if value is not None]
        path = tmp_path / "tiny.toml"
        path.write_text("\n".join([*lines, text]))
        return str(path)

    return write_file


def test_bundled_experiments_are_valid_and_can_be_run():
    for name in list_experiments():
        experiment, source = load_experiment(name)
        assert experiment.name == name
        assert experiment.cells(source)


def test_headline_has_the_full_grid_and_what_europe_fields():
    experiment, _ = load_experiment("headline")
    cells = experiment.cells()
    assert [cell.arm for cell in cells] == [""] * 35 + ["what Europe fields"] * 5
    assert {cell.value("force.deployment") for cell in cells[:35]} == {"imposed"}
    assert {cell.value("force.deployment") for cell in cells[35:]} == {"endogenous"}
    assert {cell.value("force.size") for cell in cells[35:]} == {150000}
    assert len({cell.label for cell in cells}) == 40
    assert experiment.levers() == ["force.size", "guarantee.form", "force.deployment"]


def test_grid_is_factorial_with_the_first_setting_slowest(write):
    experiment, _ = load_experiment(write())
    cells = experiment.cells()
    points = [(cell.settings["force.size"], cell.settings["guarantee.form"]) for cell in cells]
    assert points == [(0, "none"), (0, "ratified"), (25000, "none"), (25000, "ratified")]
    assert cells[3].label == 'force.size=25000, guarantee.form="ratified"'
    assert cells[3].scenario.overrides["force.size"] == 25000
    assert cells[3].scenario.weeks == 20
    assert len(cells[3].scenario.roster) == 7


def test_dotted_keys_may_be_tables(write):
    nested = write("[grid.force]\nsize = [0, 25000]\n", grid=None)
    assert load_experiment(nested)[0].grid == {"force.size": [0, 25000]}


def test_cell_knows_settings_that_it_does_not_set(write):
    cell = load_experiment(write(set='{ "states.FRA.support" = 55.0 }'))[0].cells()[0]
    assert cell.value("states.FRA.support") == 55.0
    assert cell.value("force.doctrine") == load_register()["force.doctrine"].value
    assert isinstance(cell.value("states.ITA.gdp"), float)
    assert cell.value("weeks") == 20
    assert str(cell.value("roster")).split()[0] == cell.scenario.roster[0]


def expand(path: str) -> None:
    experiment, source = load_experiment(path)
    experiment.cells(source)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"runz": "3"}, 'runz: unknown key; did you mean "runs"?'),
        ({"title": None}, "title: is missing"),
        ({"runs": "0"}, "runs: "),
        ({"runs": '"many"'}, "runs: "),
        ({"seed": "4294967296"}, "seed: "),
        ({"name": '"../x"'}, "name: "),
        ({"outcomes": '["hold"]'}, 'unknown outcome "hold"; did you mean "held"?'),
        ({"figures": '["heatmaps"]'}, "'heatmap', 'tail', 'survival'"),
        ({"figures": '["effects"]'}, "figures: effects needs versus"),
        ({"figures": '["tornado"]'}, "figures: tornado needs a [sample]"),
        ({"figures": '["fans"]'}, "figures: fans needs a table [weekly]"),
        ({"figures": '["worlds"]'}, "figures: worlds needs arms"),
        ({"versus": '"nobody"'}, "versus: no cell is called"),
        ({"weekly": '{ series = ["troop"] }'}, 'weekly: series: unknown name "troop"; did you mean "troops"'),
        ({"weekly": '{ series = ["troops"], cells = ["x"] }'}, "weekly.cells: no cell is called"),
        ({"parameters": '"priors"'}, "'posterior', 'prior' or 'point'"),
        ({"switches": "true", "parameters": '"point"'}, 'needs parameters = "posterior" or "prior"'),
        ({"grid": "{}"}, "grid: an experiment needs a grid"),
        ({"grid": '{ "force.size" = [] }'}, "grid.force.size: "),
        ({"grid": '{ "force.size" = [0, 0] }'}, "force.size: a value is there twice"),
        ({"grid": '{ "force.size" = [0] }', "figures": '["tail"]'}, "needs a grid of two settings"),
        ({"set": '{ "force.size" = 0 }'}, "force.size is set as well"),
        ({"survival": '{ "force.size" = [1] }'}, "survival: force.size: 1 is not in the grid"),
        ({"figures": '["survival"]', "grid": f'{{ "force.size" = {list(range(8))} }}'}, "more than 7 lines"),
        ({"scenario": '"basline"'}, "baseline"),
        ({"grid": '{ "force.sise" = [0] }'}, "force.sise: "),
        ({"grid": '{ "force.size" = [-1] }'}, "out of range"),
        ({"grid": '{ "guarantee.form" = ["ratify"] }'}, "ratified"),
        ({"roster": '"pariss"'}, "paris"),
        ({"weeks": "0"}, "weeks"),
        ({"arms": '[{ label = "a", sett = {} }]'}, 'sett: unknown key; did you mean "set"?'),
        ({"arms": '[{ label = "a" }, { label = "a" }]'}, "two arms have the same label"),
        ({"arms": '[{ label = "a", set = { "force.size" = "x" } }]'}, "force.size"),
        ({"runs": "= 3"}, "is not valid TOML"),
        (
            {"grid": '{ "force.handover_gap" = [0.1234567, 0.12345671], "force.size" = [0] }'},
            "two cells are both called",
        ),
        ({"question": '"Q99"'}, "'Q1'"),
        ({"grid": f'{{ "force.size" = {list(range(400))}, weeks = {list(range(1, 401))} }}'}, "grid: 160,000 cells"),
        (
            {"arms": f'[{{ label = "a", grid = {{ "force.size" = {list(range(100_001))} }} }}]'},
            "arms: a: 100,001 cells; at most 100,000",
        ),
        ({"arms": "[1]"}, "arms.0: is not a table"),
    ],
)
def test_mistakes_are_told_in_one_line(write, changes, said):
    path = write(**changes)
    with pytest.raises(ExperimentError) as caught:
        expand(path)
    message = str(caught.value)
    assert message.startswith(path)
    assert said in message
    assert "\n" not in message


def test_missing_experiment_names_the_nearest():
    with pytest.raises(ExperimentError, match='did you mean "headline"'):
        load_experiment("headlin")
    with pytest.raises(ExperimentError, match="no such experiment"):
        load_experiment("nowhere/headline.toml")


BLOCKS = Path(__file__).parents[2].joinpath("docs", "experiments.md").read_text().split("```toml\n")[1:]


@pytest.mark.parametrize("block", [block.partition("```")[0] for block in BLOCKS])
def test_the_examples_of_the_document_can_be_run(tmp_path, block):
    path = tmp_path / "example.toml"
    path.write_text(block)
    experiment, source = load_experiment(str(path))
    assert experiment.cells(source)


def test_the_document_has_an_example_of_every_key():
    shown = [tomllib.loads(block.partition("```")[0]) for block in BLOCKS]
    arms = [arm for example in shown for arm in example.get("arms", [])]
    samples = [example["sample"] for example in shown if "sample" in example]
    weekly = [example["weekly"] for example in shown if "weekly" in example]
    for kind, tables in ((Experiment, shown), (Arm, arms), (Sample, samples), (Weekly, weekly)):
        assert set(kind.model_fields) - {key for table in tables for key in table} == set()
    assert {sample["method"] for sample in samples} == {"latin-hypercube", "sobol", "saltelli"}


def test_mistakes_are_told_without_waiting_for_scipy():
    code = "import sys, experiments.design; sys.exit(bool({'scipy', 'SALib', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
