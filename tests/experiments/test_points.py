"""Samples: points that fill the box, are worth what they say, and are refused in one line when they cannot be."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.design import Cell, Experiment, ExperimentError, load_experiment
from experiments.points import LEVELS, SAMPLE, Axis, is_choice
from model.register import load_register
from model.scenario import Scenario, load_scenario

HEAD = 'name = "tiny"\nquestion = "Q1"\ntitle = "T"\nabout = "A."\nroster = "paris"\n'
OVER = """
"force.size" = [0, 100000]
"guarantee.form" = ["none", "backstop", "ratified"]
"russia.review" = "register"
"theories.tripwire" = "register"
"states.FRA.support" = [0, 100]
"states.FRA.nuclear" = "register"
weeks = [50, 53]
"""
METHODS = [("latin-hypercube", 60), ("sobol", 64), ("saltelli", 8), ("morris", 9)]


@pytest.fixture
def write(tmp_path: Path):
    def write_file(text: str, head: str = HEAD) -> str:
        path = tmp_path / "tiny.toml"
        path.write_text(head + text)
        return str(path)

    return write_file


@pytest.fixture
def load(write):
    def load_file(over: str = OVER, method: str = "sobol", points: int = 64, more: str = "", kinds: str = "[]"):
        sample = f'[sample]\nmethod = "{method}"\npoints = {points}\nkinds = {kinds}\n[sample.over]\n'
        experiment, source = load_experiment(write(f"{more}\n{sample}{over}"))
        return experiment, experiment.cells(source)

    return load_file


def expand(path: str) -> list[Cell]:
    experiment, source = load_experiment(path)
    return experiment.cells(source)


def column(cells: list[Cell], name: str) -> list:
    return [cell.settings[name] for cell in cells]


def base(experiment: Experiment) -> Scenario:
    return load_scenario("baseline").with_settings({"roster": experiment.roster})


@pytest.mark.parametrize(("method", "points"), METHODS)
def test_points_are_cells_within_their_ranges_that_a_scenario_accepts(load, method, points):
    experiment, cells = load(method=method, points=points, kinds='["switch"]')
    assert len(cells) == experiment.sample.count(16) == {"saltelli": 8 * 18, "morris": 9 * 17}.get(method, points)
    register = load_register()
    for cell in cells:
        assert cell.arm == SAMPLE
        assert cell.scenario == base(experiment).with_settings(cell.settings)
        assert 0 <= cell.settings["force.size"] <= 100_000
        assert cell.settings["weeks"] in {50, 51, 52, 53}
        assert json.loads(json.dumps(cell.settings)) == cell.settings
        for name in cell.settings.keys() & register.keys():
            register[name].check(cell.settings[name])
    assert set(column(cells, "guarantee.form")) == {"none", "backstop", "ratified"}
    assert set(column(cells, "guarantee.regime")) == {"restrainer", "atlanticist"}
    assert [type(value) for value in cells[0].settings.values()][:7] == [float, str, float, bool, float, float, int]


def test_a_latin_hypercube_has_one_point_in_every_slice(load):
    _, cells = load(method="latin-hypercube", points=60)
    slices = [int(value / 100_000 * 60) for value in column(cells, "force.size")]
    assert sorted(slices) == list(range(60))
    assert set(Counter(column(cells, "guarantee.form")).values()) == {20}
    assert set(Counter(column(cells, "weeks")).values()) == {15}
    assert set(Counter(column(cells, "theories.tripwire")).values()) == {30}


def test_a_sobol_sample_is_even_and_begins_with_the_shorter_one(load):
    _, few = load(points=16)
    _, many = load(points=32)
    assert [cell.settings for cell in many[:16]] == [cell.settings for cell in few]
    assert sum(value < 50_000 for value in column(few, "force.size")) == 8
    assert len({tuple(cell.settings.values()) for cell in many}) == 32


def test_saltelli_changes_one_setting_at_a_time(load):
    over = '"force.size" = [0, 100000]\n"russia.review" = "register"\n"guarantee.demand" = [2, 3]'
    _, cells = load(over, "saltelli", 4)
    for block in range(4):
        first, *changed, last = [list(cell.settings.values()) for cell in cells[5 * block : 5 * block + 5]]
        for place, row in enumerate(changed):
            assert row == [last[at] if at == place else value for at, value in enumerate(first)]


def test_morris_walks_one_step_for_every_setting(load):
    over = OVER.replace('"ratified"]', '"ratified", "executive", "troops"]')
    _, cells = load(over, "morris", 40)
    assert len(cells) == 40 * 8
    share = {"force.size": 4 / 7 * 100_000, "states.FRA.support": 4 / 7 * 100}
    for start in range(0, len(cells), 8):
        walk = [cell.settings for cell in cells[start : start + 8]]
        changed = [[name for name in one if one[name] != other[name]] for one, other in pairwise(walk)]
        assert sorted(name for names in changed for name in names) == sorted(walk[0])
        assert all(len(names) == 1 for names in changed)
        for name, step in share.items():
            assert np.abs(np.diff([point[name] for point in walk])).max() == pytest.approx(step)
    assert sorted(set(column(cells, "force.size"))) == pytest.approx([100_000 * level / 7 for level in range(8)])
    forms = Counter(column(cells, "guarantee.form"))
    assert set(forms) == {"none", "backstop", "ratified", "executive", "troops"}
    review = load_register()["russia.review"]
    reviews = column(cells, "russia.review")
    assert [min(reviews), max(reviews)] == pytest.approx([review.low, review.high])


@pytest.mark.parametrize("options", range(2, 9))
def test_every_option_is_on_a_level_of_morris_and_every_step_changes_it(options):
    values = Axis("a", tuple(range(options))).values(np.arange(LEVELS) / (LEVELS - 1))
    assert set(values) == set(range(options))
    half = LEVELS // 2
    assert all(one < other for one, other in zip(values[:half], values[half:], strict=True))


def test_choices_are_told_from_numbers():
    choices = ["guarantee.form", "theories.tripwire", "states.FRA.nuclear", "roster"]
    assert [name for name in [*choices, "force.size", "weeks", "states.FRA.support"] if is_choice(name)] == choices


@pytest.mark.parametrize(("method", "points"), METHODS)
def test_points_depend_on_the_seed_alone(load, method, points):
    experiment, cells = load(method=method, points=points, more="seed = 0")
    _, again = load(method=method, points=points, more="seed = 0")
    assert [cell.settings for cell in again] == [cell.settings for cell in cells]
    other = experiment.model_copy(update={"seed": 5}).cells()
    assert [cell.settings for cell in other] != [cell.settings for cell in cells]


def test_points_come_after_grid_and_arms(load):
    more = '[grid]\n"envoys.visits" = [0, 4]\n[[arms]]\nlabel = "un"\nset = { "command.form" = "un" }\n'
    experiment, cells = load(points=128, more=more)
    assert [cell.label for cell in cells[:4]] == ["envoys.visits=0", "envoys.visits=4", "un", "point 001"]
    assert cells[-1].label == "point 128"
    assert [cell.arm for cell in cells] == ["", "", "un"] + [SAMPLE] * 128
    sampled = ["force.size", "guarantee.form", "russia.review", "theories.tripwire"]
    assert experiment.levers()[:6] == ["envoys.visits", "command.form", *sampled]
    assert cells[0].value("force.size") == load_register()["force.size"].value
    assert cells[5].value("weeks") == cells[5].scenario.weeks
    assert cells[5].value("envoys.visits") == load_register()["envoys.visits"].value


def test_kinds_are_all_that_nobody_sets(write, tmp_path):
    scenario = tmp_path / "mine.toml"
    scenario.write_text('name = "mine"\nabout = "A."\n[russia]\nreview = 5\n')
    settings = '[set]\n"theories.tripwire" = true\n[grid]\n"theories.moral_hazard" = [true]\n'
    arms = '[[arms]]\nlabel = "a"\nset = { "theories.presence_calms" = false }\n'
    sample = '[sample]\nmethod = "latin-hypercube"\npoints = 4\nkinds = ["uncertainty", "switch"]\n'
    over = '[sample.over]\n"guarantee.regime" = "register"\n'
    path = write(f'scenario = "{scenario}"\n{settings}{arms}{sample}{over}')
    experiment, source = load_experiment(path)
    cell = experiment.cells(source)[-1]
    open_ones = {name for name, each in load_register().items() if each.kind in {"uncertainty", "switch"}}
    kept = {"russia.review", "theories.tripwire", "theories.moral_hazard", "theories.presence_calms"}
    assert set(cell.settings) == open_ones - kept
    assert next(iter(cell.settings)) == "guarantee.regime"
    assert cell.scenario.overrides["russia.review"] == 5
    assert experiment.levers() == ["theories.moral_hazard", "theories.presence_calms", "guarantee.regime"]


def test_rosters_are_a_choice(write):
    sample = '[sample]\nmethod = "sobol"\npoints = 8\n[sample.over]\nroster = ["paris", "europe"]\n'
    experiment, source = load_experiment(write(sample, HEAD.replace('roster = "paris"\n', "")))
    cells = experiment.cells(source)
    assert Counter(column(cells, "roster")) == {"paris": 4, "europe": 4}
    for cell in cells:
        assert cell.scenario == load_scenario("baseline").with_settings(cell.settings)


@given(shares=st.lists(st.floats(0.0, 1.0), min_size=2, max_size=30).map(sorted))
def test_axes_rise_with_their_shares_and_reach_their_ends(shares):
    axes = [Axis("a", low=-2.0, high=5.0), Axis("weeks", low=1.0, high=9.0, whole=True), Axis("b", (1, 3, 4))]
    axes.append(Axis("r", low=1.0, high=12.0, prior=load_register()["russia.review"]))
    for axis in axes:
        values = axis.values(np.array(shares))
        assert all(one <= other for one, other in pairwise(values))
    assert [axis.values(np.array([0.0, 1.0])) for axis in axes[:3]] == [[-2, 5], [1, 9], [1, 4]]
    review = load_register()["russia.review"]
    assert axes[3].values(np.array([0.0, 1.0])) == pytest.approx([review.low, review.high])


def test_a_percentage_is_never_what_would_be_taken_for_a_share(load):
    assert Axis("s", high=100.0, percent=True).values(np.array([0.0, 0.004, 0.006, 0.02])) == [0, 0, 1, 2]
    assert Axis("s", low=1.0, high=50.0, percent=True).values(np.array([0.0, 0.5])) == [1, 25.5]
    _, cells = load('"states.FRA.support" = "register"', "latin-hypercube", 400)
    assert {0.0, 1.0} <= set(column(cells, "states.FRA.support"))
    assert not [value for value in column(cells, "states.FRA.support") if 0 < value < 1]


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ('"force.sise" = [0, 1]', "sample.over: force.sise: no such key; `ceasefire params force` lists all; did you"),
        ('"force.sise" = "register"', 'did you mean "size"?'),
        ('"force.size" = [0, 1e9]', "1000000000 is out of range; allowed 0 to 300000 troops"),
        ('"force.size" = [5, 1]', "needs [low, high], two numbers with low below high; allowed 0 to 300000 troops"),
        ('"force.size" = [1, 1]', "needs [low, high]"),
        ('"force.size" = [0, 1, 2]', "needs [low, high]"),
        ('"force.size" = []', "needs [low, high]"),
        ('"force.size" = ["a", "b"]', '"a" is text, not a number without quotes'),
        ('"force.size" = [0, inf]', "inf is not a finite number; write [low, high]"),
        ('"force.size" = [[0], 1]', "a list is no plain value"),
        (
            '"force.size" = 3',
            'sample.over.force.size: 3 is no range; write [low, high], a list of choices, or "register"',
        ),
        ('"force.size" = "registr"', '"registr" is no range; write [low, high], a list of choices, or "register"; did'),
        ('"guarantee.form" = ["none", "ratifed"]', 'did you mean "ratified"?'),
        ('"guarantee.form" = ["none", "none"]', "two or more different choices are needed"),
        ('"theories.tripwire" = [true]', "two or more different choices are needed"),
        ('"theories.tripwire" = [0, 1]', "0 is not true or false"),
        ('"calendar.weeks_per_year" = "register"', "is a constant"),
        ('weeks = "register"', "the register has no range for it; write [low, high] or a list"),
        ("weeks = [1.5, 3]", "1.5 is not a whole number"),
        ("weeks = [1, 2000]", "2000 is out of range; allowed 1 to 1040 weeks"),
        ('"states.FRE.support" = [1, 2]', 'did you mean "FRA"?'),
        ('"states.FRA.suport" = [1, 2]', 'did you mean "support"?'),
        ('"states.EST.support" = "register"', "Estonia is not in the roster"),
        ('"states.FRA.support" = [0.2, 1]', "0.2 looks like a share"),
        ('"states.FRA.election" = "register"', "cannot be sampled"),
        ('start = ["2025-02-02", "2026-02-02"]', "start: cannot be sampled"),
        ('roster = ["paris", "europe"]', "sample.over: roster is set as well; say it in one place"),
        (
            '"command.form" = ["un", "nato"]\n"force.doctrine" = ["fight", "escalate"]',
            "force.doctrine: a force under the UN cannot enforce",
        ),
    ],
)
def test_mistakes_in_a_range_are_told_in_one_line(load, tmp_path, over, said):
    with pytest.raises(ExperimentError) as caught:
        load(over)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'tiny.toml'}: sample")
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[sample]\nmethod = "sobl"\npoints = 4\nkinds = ["switch"]', "'sobol', 'saltelli' or 'morris'"),
        ('[sample]\nmethod = "sobol"\nkinds = ["switch"]', "sample.points: is missing"),
        ('[sample]\nmethod = "sobol"\npoints = 4', "sample: nothing varies; name settings under [sample.over]"),
        ('[sample]\nmethod = "sobol"\npoints = 4\nkinds = ["lever"]', "sample.kinds.0: input should be 'uncertainty'"),
        ('[sample]\nmethod = "sobol"\npoints = 1\nkinds = ["switch"]', "sample.points: input should be greater"),
        (
            '[sample]\nmethod = "sobol"\npoints = 4\nkind = ["switch"]',
            'sample.kind: unknown key; did you mean "kinds"?',
        ),
        ('[sample]\nmethod = "sobol"\npoints = 100\nkinds = ["switch"]', "as sobol needs; take 64 or 128"),
        ('[sample]\nmethod = "saltelli"\npoints = 100\nkinds = ["switch"]', "as saltelli needs; take 64 or 128"),
        ('[sample]\nmethod = "sobol"\npoints = 65537\nkinds = ["switch"]', "needs; take 65536"),
        ('sample = "sobol"', "sample: is not a table; write [sample], keys under it"),
        (
            '[sample]\nmethod = "saltelli"\npoints = 16384\nkinds = ["switch"]',
            "10 settings make 196,608 points; at most",
        ),
        (
            '[sample]\nmethod = "latin-hypercube"\npoints = 100000\nkinds = ["uncertainty"]',
            "values; at most 15,000,000",
        ),
        (
            '[grid]\nweeks = [3]\n[sample]\nmethod = "sobol"\npoints = 4\nover = { weeks = [1, 2] }',
            "weeks is in the grid",
        ),
        ('[[arms]]\nlabel = "sample"\n[sample]\nmethod = "sobol"\npoints = 4\nkinds = ["switch"]', "choose another"),
        ('figures = ["survival"]\n[sample]\nmethod = "sobol"\npoints = 4\nkinds = ["switch"]', "survival needs a grid"),
    ],
)
def test_mistakes_in_a_sample_are_told_in_one_line(write, text, said):
    path = write(text)
    with pytest.raises(ExperimentError) as caught:
        expand(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert said in message
    assert "\n" not in message


def test_a_sample_of_nothing_is_refused(write):
    switches = [name for name, each in load_register().items() if each.kind == "switch"]
    arms = "".join(f'[[arms]]\nlabel = "{name}"\ngrid = {{ "{name}" = [true] }}\n' for name in switches)
    path = write(f'{arms}[sample]\nmethod = "sobol"\npoints = 4\nkinds = ["switch"]')
    experiment, source = load_experiment(path)
    with pytest.raises(ExperimentError, match=r"sample\.kinds: nothing is left to vary"):
        experiment.cells(source)
