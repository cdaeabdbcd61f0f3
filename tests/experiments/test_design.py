"""Experiment files: what they mean, and what is said when they are wrong."""

import math
from pathlib import Path

import pytest

from experiments.design import ExperimentError, list_experiments, load_experiment
from experiments.prior import apply_draw, draw_parameters, quantile
from model.register import Parameter, load_register
from model.scenario import load_scenario

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
        ({"figures": '["heatmaps"]'}, "'heatmap', 'survival' or 'tail'"),
        ({"parameters": '"priors"'}, "'point' or 'prior'"),
        ({"switches": "true"}, 'needs parameters = "prior"'),
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


def test_draws_stay_in_range_and_a_longer_batch_begins_with_the_shorter():
    register = load_register()
    few, many = draw_parameters(register, 5, seed=3), draw_parameters(register, 40, seed=3)
    assert many[:5] == few
    assert draw_parameters(register, 5, seed=4) != few
    assert set(few[0]) == {name for name, each in register.items() if each.kind == "uncertainty"}
    for draw in many:
        for name, value in draw.items():
            register[name].check(value)
    switches = draw_parameters(register, 40, seed=3, switches=True)
    drawn = {name for name, each in register.items() if each.kind == "switch"}
    assert drawn <= set(switches[0])
    assert all(len({draw[name] for draw in switches}) > 1 for name in drawn)


def test_draws_fill_every_range_evenly():
    draws = draw_parameters(load_register(), 64, seed=1)
    for name, each in load_register().items():
        if each.kind == "uncertainty" and each.prior == "uniform" and each.options is None:
            share = sum(draw[name] < (each.low + each.high) / 2 for draw in draws) / 64
            assert share == 0.5, name


def test_quantiles_of_each_prior():
    def parameter(**fields) -> Parameter:
        common = {
            "group": "g",
            "key": "k",
            "kind": "uncertainty",
            "grade": "A",
            "source": "s",
            "date": "2025",
        }
        return Parameter(**common, meaning="m", **{"unit": "1", **fields})

    uniform = parameter(value=2.0, low=1.0, high=5.0)
    assert [quantile(uniform, u) for u in (0.0, 0.25, 0.999999)] == pytest.approx([1, 2, 5], abs=1e-5)
    logarithmic = parameter(value=1.0, low=0.01, high=100.0, prior="log-uniform")
    assert quantile(logarithmic, 0.5) == pytest.approx(1.0)
    assert math.log10(quantile(logarithmic, 0.75)) == pytest.approx(1.0)
    triangular = parameter(value=1.0, low=0.0, high=4.0, prior="triangular")
    assert quantile(triangular, 0.25) == pytest.approx(1.0)  # a quarter lies below the mode
    assert quantile(triangular, 0.0) == 0.0
    assert quantile(triangular, 1.0) == 4.0
    choice = parameter(value="a", options=("a", "b", "c"), unit="choice")
    assert [quantile(choice, u) for u in (0.0, 0.34, 0.99)] == ["a", "b", "c"]


def test_what_the_scenario_says_is_not_drawn():
    draw = draw_parameters(load_register(), 1, seed=1)[0]
    name = next(name for name, value in draw.items() if isinstance(value, float))
    held = load_register()[name].value
    scenario = apply_draw(load_scenario("baseline").with_settings({name: held}), draw)
    assert scenario.overrides[name] == held
    assert len(scenario.overrides) == len(draw)
