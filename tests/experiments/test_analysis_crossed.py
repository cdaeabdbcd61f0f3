"""Whose doing the spread is where all theories were played with the same runs: variances put in come out."""

import numpy as np
import pytest

from experiments.analysis import crossed
from experiments.analysis.crossed import crossed_shares
from experiments.analysis.variance import PARTS


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch):
    monkeypatch.setattr(crossed, "RESAMPLES", 60)


def draw(seed, spread=(0.3, 0.5, 0.7), runs=100, sets=60, worlds=8):
    """Values (worlds, runs) and the set of each run: spreads of worlds, of sets and of luck, partly by world."""
    luck = np.random.default_rng(seed)
    drawn = luck.integers(0, sets, runs)
    by_world = spread[0] * np.linspace(-1, 1, worlds)[:, None]
    of_sets = luck.normal(size=sets) + 0.5 * luck.normal(size=(worlds, sets))
    of_luck = luck.normal(size=runs) + 0.5 * luck.normal(size=(worlds, runs))
    return by_world + spread[1] * of_sets[:, drawn] + spread[2] * of_luck, drawn.tolist()


def test_estimates_are_unbiased_though_runs_share_set_and_luck_in_all_worlds(monkeypatch):
    monkeypatch.setattr(crossed, "RESAMPLES", 1)
    found = np.array([crossed_shares(*draw(seed))["variance"] for seed in range(200)])
    truth = [(0.3 * np.linspace(-1, 1, 8)).var(), 1.25 * 0.25, 1.25 * 0.49]
    assert (np.abs(found.mean(axis=0) - truth) < 4 * found.std(axis=0) / 200**0.5).all()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_single_source_has_all_of_it(place):
    values, sets = draw(3, tuple(float(place == each) for each in range(3)), runs=300)
    table = crossed_shares(values, sets)
    assert list(table["part"]) == list(PARTS)
    assert table["share"][place] == pytest.approx(1.0, abs=0.06)
    assert table["share"].sum() == pytest.approx(1.0)
    assert ((table["low"] <= table["share"] + 1e-9) & (table["share"] <= table["high"] + 1e-9)).all()


def test_the_order_of_runs_and_the_names_of_sets_tell_nothing():
    values, sets = draw(5)
    order = np.random.default_rng(1).permutation(len(sets))
    other = crossed_shares(values[::-1, order], [f"set {sets[place]}" for place in order])
    one = crossed_shares(values, sets)
    assert other[["variance", "share"]].to_numpy() == pytest.approx(one[["variance", "share"]].to_numpy())
    assert other["twins"][0] == one["twins"][0] == sum(sets.count(each) > 1 for each in sets)


def test_without_variance_there_are_no_shares():
    table = crossed_shares(np.ones((3, 4)), [1, 1, 2, 2])
    assert table[["share", "low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize("sets", [[1, 2, 3, 4], [1, 1, 1, 1], [1, 1, 2]])
def test_sets_that_tell_nothing_are_refused(sets):
    with pytest.raises(ValueError, match="two runs of one set"):
        crossed_shares(np.ones((3, 4)), sets)
