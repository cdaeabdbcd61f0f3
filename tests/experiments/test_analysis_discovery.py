"""Scenario discovery: boxes that were hidden are found, and nothing is told where nothing is."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from experiments.analysis.discovery import (
    Limit,
    choose,
    in_words,
    inside,
    measure,
    peel,
    trajectory_table,
    without_chance,
)


def cases(count: int = 2000, seed: int = 1) -> pd.DataFrame:
    luck = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "size": 100_000 * luck.random(count),
            "resolve": luck.random(count),
            "idle": luck.random(count),
            "years": luck.integers(1, 6, count),
            "tripwire": luck.random(count) < 0.5,
            "form": luck.choice(["none", "backstop", "ratified"], count),
        }
    )


CASES = cases()
HIDDEN = (CASES["size"] < 40_000) & CASES["tripwire"] & (CASES["form"] != "ratified")
FAILS = HIDDEN.to_numpy(float)


def test_a_hidden_box_is_found_with_its_limits():
    box = choose(peel(CASES, FAILS))
    assert set(box.limits) == {"size", "tripwire", "form"}
    assert box.limits["size"].low == -math.inf
    assert 38_000 < box.limits["size"].high < 40_500
    assert box.limits["tripwire"].values == (True,)
    assert box.limits["form"].values == ("backstop", "none")
    assert box.coverage > 0.95
    assert box.density > 0.97
    assert max(box.quasi_p.values()) < 1e-6
    said = in_words(box, {"size": "troops"})
    assert set(said[1:]) == {"tripwire is true", "form is backstop or none"}
    assert said[0].startswith("size at most 3") or said[0].startswith("size at most 4")
    assert said[0].endswith(" troops")


def test_a_box_between_two_ends_and_one_of_whole_numbers():
    fails = (CASES["resolve"].between(0.3, 0.6) & (CASES["years"] >= 4)).to_numpy(float)
    box = choose(peel(CASES, fails), least_coverage=0.9)
    assert set(box.limits) == {"resolve", "years"}
    assert box.limits["resolve"].low == pytest.approx(0.3, abs=0.02)
    assert box.limits["resolve"].high == pytest.approx(0.6, abs=0.02)
    assert box.limits["years"] == Limit(low=4.0)
    assert {
        "years at least 4",
        f"resolve from {box.limits['resolve'].low:.4g} to {box.limits['resolve'].high:.4g}",
    } == {*in_words(box)}


@pytest.mark.parametrize("noise", [0.1, 0.3])
def test_probabilities_and_noise_do_not_hide_it(noise):
    chance = np.where(HIDDEN, 1 - noise, noise / 4)
    drawn = (np.random.default_rng(2).random(len(CASES)) < chance).astype(float)
    for fails in (chance, drawn):
        box = without_chance(choose(peel(CASES, fails), least_coverage=0.4), CASES, fails)
        assert set(box.limits) == {"size", "tripwire", "form"}
        assert box.limits["size"].high < 45_000
        assert box.density > 0.9 * (1 - noise)


def test_where_inputs_tell_nothing_no_limit_is_left():
    fails = (np.random.default_rng(3).random(len(CASES)) < 0.3).astype(float)
    box = without_chance(choose(peel(CASES, fails), least_coverage=0.8), CASES, fails, level=0.001)
    assert box.limits == {}
    assert (box.coverage, box.density, box.mass) == (1.0, fails.mean(), 1.0)
    assert in_words(box) == []


@pytest.mark.parametrize("chance", [0.1, 0.9, 1.0])
def test_equal_cases_are_not_peeled(chance):
    assert len(peel(CASES, np.full(len(CASES), chance))) == 1
    within = peel(CASES, np.where(HIDDEN, chance, 0.0))[-1]
    assert within.density == pytest.approx(chance)
    assert within.mass > 0.9 * HIDDEN.mean()


@given(seed=st.integers(0, 1000), steps=st.floats(0.02, 0.3), least_mass=st.floats(0.02, 0.5))
@settings(max_examples=25)
def test_a_trajectory_narrows_and_grows_denser(seed, steps, least_mass):
    luck = np.random.default_rng(seed)
    some = cases(200, seed)
    fails = np.round(luck.random(200) * (0.3 + 0.7 * some["resolve"].to_numpy()), seed % 3)
    boxes = peel(some, fails, steps, least_mass)
    assert (boxes[0].coverage, boxes[0].mass, boxes[0].limits) == (1.0, 1.0, {})
    masks = [inside(box, some) for box in boxes]
    for box, mask in zip(boxes, masks, strict=True):
        assert box.mass == pytest.approx(mask.mean())
        assert box.mass >= min(least_mass, 1.0) - 1e-9
        assert box.density == pytest.approx(fails[mask].mean())
        assert box.coverage == pytest.approx(fails[mask].sum() / fails.sum())
        assert set(box.quasi_p) == set(box.limits)
    for wide, narrow in pairwise(masks):
        assert (narrow <= wide).all()
        assert narrow.sum() < wide.sum()
    densities = [box.density for box in boxes]
    assert densities == sorted(densities)


def test_quasi_p_is_the_binomial_tail():
    box = measure({"tripwire": Limit(values=(True,)), "years": Limit(low=2, high=3)}, CASES, FAILS)
    within = inside(box, CASES)
    wider = CASES["years"].between(2, 3).to_numpy()
    expected = binomtest(int(FAILS[within].sum()), int(within.sum()), FAILS[wider].mean(), alternative="greater")
    assert box.quasi_p["tripwire"] == pytest.approx(expected.pvalue)
    assert box.quasi_p["years"] > 0.01


def test_a_box_can_be_measured_on_other_cases_and_peeled_again():
    box = choose(peel(CASES, FAILS))
    fresh = cases(seed=9)
    truth = ((fresh["size"] < 40_000) & fresh["tripwire"] & (fresh["form"] != "ratified")).to_numpy(float)
    again = measure(box.limits, fresh, truth)
    assert again.coverage > 0.93
    assert again.density > 0.97
    second = (CASES["resolve"] > 0.8) & ~CASES["tripwire"]
    fails = np.maximum(FAILS, second)
    first = choose(peel(CASES, fails), least_coverage=0.3)
    left = ~inside(first, CASES)
    other = choose(peel(CASES[left], fails[left]))
    assert {first.limits["tripwire"].values, other.limits["tripwire"].values} == {(True,), (False,)}
    empty = measure({"size": Limit(high=-1.0)}, CASES, FAILS)
    assert (empty.coverage, empty.mass) == (0.0, 0.0)
    assert math.isnan(empty.density)


def test_rules_of_choice():
    boxes = peel(CASES, FAILS * 0.9)
    dense = choose(boxes, least_coverage=0.2)
    assert dense.density == max(box.density for box in boxes if box.coverage >= 0.2)
    assert choose(boxes, least_coverage=1.0).coverage == 1.0
    balance = [2 * box.coverage * box.density / (box.coverage + box.density) for box in boxes]
    assert choose(boxes) is boxes[int(np.argmax(balance))]
    with pytest.raises(ValueError, match="no box covers 50%"):
        choose(boxes[-1:0], least_coverage=0.5)


def test_the_table_has_a_row_for_each_box():
    boxes = peel(CASES, FAILS)
    table = trajectory_table(boxes)
    assert list(table.columns) == ["step", "coverage", "density", "mass", "restricted", "quasi_p", "limits"]
    assert list(table["step"]) == list(range(len(boxes)))
    assert list(table["restricted"]) == [len(box.limits) for box in boxes]
    assert table["limits"][0] == ""
    assert table["limits"].iloc[-1] == "; ".join(in_words(boxes[-1]))


def test_numbers_are_said_in_full():
    limits = {"a": Limit(high=123_456.0), "b": Limit(low=0.0001234567), "c": Limit(values=("none", False, 3))}
    inputs = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0], "c": ["none", "x"]})
    said = in_words(measure(limits, inputs, np.ones(2)), {"a": "km2", "b": "1"})
    assert set(said) == {"a at most 123,500 km2", "b at least 0.0001235", "c is none or false or 3"}


@pytest.mark.parametrize("fails", [np.zeros(2000), np.full(2000, 1.5), np.ones(3), np.full(2000, np.nan)])
def test_outcomes_that_are_no_failures_are_refused(fails):
    with pytest.raises(ValueError, match="every case needs an outcome from 0 to 1, and some must fail"):
        peel(CASES, fails)
