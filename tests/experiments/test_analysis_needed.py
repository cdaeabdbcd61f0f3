"""The smallest force that is enough: on curves whose crossing is known, with a band that covers it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.analysis.needed import Needed, first_crossing, held_by_size, needed
from experiments.intervals import wilson

SIZES = np.array([0.0, 10.0, 20.0, 50.0, 100.0])
CURVES = st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).map(np.array)


def rows(*counts: int, runs: int = 10) -> np.ndarray:
    """So many of the runs hold at each size, always the first ones: (sizes, runs)."""
    return np.array([[float(run < count) for run in range(runs)] for count in counts])


@pytest.mark.parametrize(
    ("counts", "size", "falls"),
    [
        ((2, 4, 6, 8, 10), 50.0, False),  # met exactly
        ((0, 6, 10, 10, 10), 15.0, False),  # half way between 10 and 20
        ((9, 9, 9, 9, 9), 0.0, False),  # the smallest is enough
        ((1, 2, 3, 4, 7), math.inf, False),
        ((0, 10, 3, 10, 10), 8.0, True),  # the first crossing, though a larger force is worse
        ((9, 9, 9, 9, 0), 0.0, True),
    ],
)
def test_crossings_by_hand(counts, size, falls):
    found = needed(SIZES, rows(*counts))
    assert found.size == pytest.approx(size)
    assert found.falls_again is falls
    assert found.low <= found.size <= found.high


def test_what_no_size_reaches_is_infinite():
    assert needed(SIZES, rows(0, 0, 1, 1, 2)) == Needed(math.inf, math.inf, math.inf, 1.0, False)
    half = needed(SIZES, rows(0, 10, 20, 30, 80, runs=100))  # reaches 80% at the largest size, just
    assert half.size == 100.0
    assert half.low < 100.0
    assert half.high == math.inf
    assert half.unreached == pytest.approx(0.46, abs=0.05)  # P(fewer than 80 of 100 at 80%)
    assert needed(SIZES, rows(10, 10, 10, 10, 10)) == Needed(0.0, 0.0, 0.0, 0.0, False)


@given(shares=CURVES, target=st.floats(0.01, 1.0))
def test_at_the_crossing_the_curve_is_at_the_target_and_before_it_is_below(shares, target):
    found = float(first_crossing(SIZES, shares, target))
    if math.isinf(found):
        assert (shares < target).all()
    elif shares[0] >= target:
        assert found == 0.0
    else:
        assert np.interp(found, SIZES, shares) == pytest.approx(target)
        assert (shares[found * (1 - 1e-9) > SIZES] < target).all()


@given(shares=CURVES, targets=st.tuples(st.floats(0.01, 1.0), st.floats(0.01, 1.0)).map(sorted))
def test_a_higher_target_never_needs_less(shares, targets):
    low, high = (float(first_crossing(SIZES, shares, target)) for target in targets)
    assert low <= high * (1 + 1e-12)


def test_many_curves_at_once_are_each_by_itself():
    curves = np.random.default_rng(1).random((5, 30))
    assert list(first_crossing(SIZES, curves, 0.7)) == [first_crossing(SIZES, curve, 0.7) for curve in curves.T]


def test_the_band_covers_the_known_crossing_if_luck_is_shared():
    sizes = np.arange(0.0, 101.0, 2.0)
    chance = 0.4 + 0.006 * sizes  # 80% at 66.7
    covered, found_sizes, own_sizes = [], [], []
    for seed in range(40):
        luck = np.random.default_rng(seed).random((300, 51))
        found = needed(sizes, (luck[:, :1] < chance).T.astype(float))
        covered.append(found.low <= 200 / 3 <= found.high)
        found_sizes.append(found.size)
        own_sizes.append(first_crossing(sizes, (luck < chance).T.mean(axis=1), 0.8))
    assert 0.85 <= np.mean(covered) <= 1.0
    assert np.mean(found_sizes) == pytest.approx(200 / 3, abs=2.0)
    assert np.mean(own_sizes) < np.mean(found_sizes) - 1.0  # a size with luck of its own crosses early


def test_the_same_runs_have_the_same_band_in_any_order():
    held = (np.random.default_rng(2).random((1, 500)) < np.array([[0.3], [0.5], [0.7], [0.9], [0.95]])).astype(float)
    found = needed(SIZES, held)
    assert needed(SIZES, held[:, ::-1]) == found
    assert needed(SIZES, held, 0.7).size < found.size


def test_the_curve_has_the_intervals_of_proportions():
    table = held_by_size(SIZES, rows(2, 4, 6, 8, 10))
    assert list(table.columns) == ["size", "n", "held", "low", "high"]
    assert list(table["held"]) == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert tuple(table.loc[1, ["held", "low", "high"]]) == wilson(4, 10)


@pytest.mark.parametrize(
    ("sizes", "held", "target", "said"),
    [
        (SIZES[::-1], rows(1, 1, 1, 1, 1), 0.8, "sizes must rise"),
        (SIZES[:3], rows(1, 1, 1, 1, 1), 0.8, "a row of runs for each size"),
        (SIZES, np.empty((5, 0)), 0.8, "a row of runs for each size"),
        (SIZES, rows(1, 1, 1, 1, 1), 80.0, "a target is a share"),
        (SIZES, rows(1, 1, 1, 1, 1), 0.0, "a target is a share"),
    ],
)
def test_what_makes_no_sense_is_refused(sizes, held, target, said):
    with pytest.raises(ValueError, match=said):
        needed(sizes, held, target)
