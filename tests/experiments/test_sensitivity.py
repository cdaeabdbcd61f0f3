"""Sensitivity: known functions have the indices that are known of them."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from experiments.design import Cell, Experiment, load_experiment
from experiments.points import SAMPLE
from experiments.sensitivity import points_table, sensitivity_table

HEAD = 'name = "tiny"\nquestion = "Q1"\ntitle = "T"\nabout = "A."\noutcomes = ["held", "deaths"]\n'
NUMBERS = '"force.size" = [0, 100000]\n"guarantee.demand" = [2, 3]\n"agreement.zone" = [0, 1]\n'
MIXED = '"force.size" = [0, 1000]\n"guarantee.form" = ["ratified", "none"]\n"theories.tripwire" = "register"\n'
FORMS = {"none": 0.0, "ratified": 3.0}


@pytest.fixture
def load(tmp_path: Path):
    def load_file(method: str, points: int, over: str, more: str = "") -> tuple[Experiment, list[Cell]]:
        path = tmp_path / "tiny.toml"
        path.write_text(f'{HEAD}{more}\n[sample]\nmethod = "{method}"\npoints = {points}\n[sample.over]\n{over}')
        experiment, source = load_experiment(str(path))
        return experiment, experiment.cells(source)

    return load_file


def shares(cells: list[Cell]) -> np.ndarray:
    """Points (points, 3) in the unit box."""
    rows = [list(cell.settings.values()) for cell in cells if cell.arm == SAMPLE]
    return (np.array(rows) - [0, 2, 0]) / [100_000, 1, 1]


def ishigami(u: np.ndarray) -> np.ndarray:
    x = math.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_indices_of_the_ishigami_function_are_the_published_ones(load):
    experiment, cells = load("saltelli", 2048, NUMBERS)
    u = shares(cells)
    table = sensitivity_table(experiment, cells, np.column_stack([ishigami(u), u @ [3.0, 2.0, 1.0]]))
    assert list(table.columns) == ["parameter", "outcome", "S1", "S1_conf", "ST", "ST_conf"]
    assert list(table["parameter"]) == ["force.size", "guarantee.demand", "agreement.zone"] * 2
    assert list(table["outcome"]) == ["held"] * 3 + ["deaths"] * 3
    curved, straight = table[:3], table[3:]
    # Ishigami and Homma (1990) with a = 7, b = 0.1, as in Saltelli et al. (2008), Global Sensitivity Analysis
    assert curved["S1"].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert curved["ST"].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    assert straight["S1"].to_numpy() == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.01)
    assert straight["ST"].to_numpy() == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.01)
    assert table["S1_conf"].between(0.001, 0.15).all()
    assert table["ST_conf"].between(0.001, 0.15).all()


def test_a_choice_has_its_share_of_the_variance(load):
    experiment, cells = load("saltelli", 512, MIXED)
    values = [
        FORMS[str(cell.settings["guarantee.form"])] + 2 * bool(cell.settings["theories.tripwire"]) for cell in cells
    ]
    table = sensitivity_table(experiment, cells, pd.DataFrame({"held": values, "deaths": 1.0}))
    assert table["S1"][:3].to_numpy() == pytest.approx([0, 9 / 13, 4 / 13], abs=0.02)
    assert table[["S1", "S1_conf", "ST", "ST_conf"]][3:].isna().all(axis=None)  # an outcome that never varies


def test_morris_gives_the_slope_of_a_straight_effect_and_tells_a_curved_one(load):
    experiment, cells = load("morris", 60, NUMBERS)
    u = shares(cells)
    table = sensitivity_table(experiment, cells, np.column_stack([ishigami(u), u @ [3.0, -2.0, 0.0]]))
    assert list(table.columns) == ["parameter", "outcome", "mu_star", "mu_star_conf", "sigma"]
    curved, straight = table[:3], table[3:]
    assert straight["mu_star"].to_numpy() == pytest.approx([3.0, 2.0, 0.0], abs=1e-12)
    assert straight[["mu_star_conf", "sigma"]].to_numpy() == pytest.approx(np.zeros((3, 2)), abs=1e-12)
    assert (curved["sigma"] > 1.0).all()  # the third setting works through the first alone
    assert (curved["mu_star_conf"] > 0.0).all()


def test_morris_gives_the_difference_that_an_option_makes(load):
    over = f'{MIXED}roster = ["paris", "europe"]\n"states.FRA.nuclear" = "register"\n'
    experiment, cells = load("morris", 50, over)
    settings = [cell.settings for cell in cells]
    paris = [float(each["roster"] == "paris") for each in settings]
    product = [each["states.FRA.nuclear"] * float(each["theories.tripwire"]) for each in settings]
    found = sensitivity_table(experiment, cells, np.column_stack([paris, product]))
    table = found.set_index(["outcome", "parameter"])
    assert table.loc["held", "mu_star"].to_numpy() == pytest.approx([0, 0, 0, 1, 0])
    for name in ("states.FRA.nuclear", "theories.tripwire"):  # each counts where the other is there
        assert table.loc[("deaths", name), "mu_star"] == pytest.approx(0.5, abs=0.2)
        assert table.loc[("deaths", name), "sigma"] == pytest.approx(0.5, abs=0.1)
    still = sensitivity_table(experiment, cells, np.ones((len(cells), 2)))
    assert still[["mu_star", "mu_star_conf", "sigma"]].isna().all(axis=None)


def test_one_setting_is_enough_for_morris(load):
    experiment, cells = load("morris", 4, '"force.size" = [0, 100000]\n')
    found = sensitivity_table(experiment, cells, [[cell.settings["force.size"], 0.0] for cell in cells])
    assert found["mu_star"][0] == pytest.approx(100_000)


@pytest.mark.parametrize("method", ["saltelli", "morris"])
@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_sample_has_the_same_table(load, seed, method):
    experiment, cells = load(method, 32, NUMBERS, f"seed = {seed}")
    means = np.column_stack([ishigami(shares(cells)), shares(cells)[:, 0]])
    first, again = (sensitivity_table(experiment, cells, means) for _ in range(2))
    pd.testing.assert_frame_equal(first, again, check_exact=True)


@pytest.mark.parametrize(("method", "points"), [("latin-hypercube", 100), ("sobol", 128)])
def test_rank_correlations_have_the_sign_of_the_effect(load, method, points):
    experiment, cells = load(method, points, NUMBERS)
    u = shares(cells)
    means = np.column_stack([np.exp(-5 * u[:, 1]), u @ [3.0, -2.0, 1.0]])
    table = sensitivity_table(experiment, cells, means)
    assert list(table.columns) == ["parameter", "outcome", "rank_correlation"]
    assert table["rank_correlation"][1] == pytest.approx(-1.0)
    assert table["rank_correlation"][[0, 2]].abs().max() < 0.3
    expected = [spearmanr(u[:, place], means[:, 1]).statistic for place in range(3)]
    assert table["rank_correlation"][3:].to_numpy() == pytest.approx(expected)
    assert expected == pytest.approx([3 / 14**0.5, -2 / 14**0.5, 1 / 14**0.5], abs=0.2)


def test_words_count_by_their_place_among_the_options(load):
    over = f'{MIXED}roster = ["paris", "europe"]\n"states.FRA.nuclear" = "register"\n'
    experiment, cells = load("sobol", 64, over)
    form = [FORMS[str(cell.settings["guarantee.form"])] for cell in cells]
    roster = [1.0 if cell.settings["roster"] == "paris" else 0.0 for cell in cells]
    table = sensitivity_table(experiment, cells, np.column_stack([form, roster])).set_index(["outcome", "parameter"])
    assert table.loc[("held", "guarantee.form"), "rank_correlation"] == pytest.approx(1.0)
    assert table.loc[("deaths", "roster"), "rank_correlation"] == pytest.approx(1.0)
    assert abs(table.loc[("held", "theories.tripwire"), "rank_correlation"]) < 0.2
    still = sensitivity_table(experiment, cells, np.ones((64, 2)))
    assert still["rank_correlation"].isna().all()


def test_only_the_points_count(load):
    more = '[grid]\n"envoys.visits" = [0, 4]'
    experiment, cells = load("sobol", 32, NUMBERS, more)
    points = points_table(cells)
    assert list(points.columns) == ["cell", "force.size", "guarantee.demand", "agreement.zone"]
    assert list(points["cell"]) == [cell.label for cell in cells[2:]]
    table = sensitivity_table(experiment, cells, shares(cells)[:, :2])
    assert table["rank_correlation"][[0, 4]].to_numpy() == pytest.approx([1.0, 1.0])
    with pytest.raises(ValueError, match="means of 32 points and 2 outcomes are needed"):
        sensitivity_table(experiment, cells, np.ones((34, 2)))
    with pytest.raises(ValueError, match="means of 32 points and 2 outcomes are needed"):
        sensitivity_table(experiment, cells, np.ones((32, 3)))
    no_sample = experiment.model_copy(update={"sample": None})
    with pytest.raises(ValueError, match="means of 0 points"):
        sensitivity_table(no_sample, cells[:2], np.ones((0, 2)))
