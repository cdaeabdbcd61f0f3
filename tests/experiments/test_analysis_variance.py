"""Whose doing the spread is: variances that were put in come out, whatever is shared."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.analysis import variance
from experiments.analysis.variance import PARTS, variance_shares, variance_table


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch):
    monkeypatch.setattr(variance, "RESAMPLES", 100)


def labels(structures: int, sets: int) -> list[int]:
    return [structure for structure in range(structures) for _ in range(sets)]


def draw(size: tuple[int, int, int], spread: tuple[float, float, float, float], seed: int) -> np.ndarray:
    """Values (structures, sets, lucks) with standard deviations of structure, set, shared luck and own luck."""
    structures, sets, lucks = size
    luck = np.random.default_rng(seed)
    return (
        spread[0] * luck.normal(size=(structures, 1, 1))
        + spread[1] * luck.normal(size=(structures, sets, 1))
        + spread[2] * luck.normal(size=(1, 1, lucks))
        + spread[3] * luck.normal(size=size)
    )


def parts(values: np.ndarray, **more) -> np.ndarray:
    """The variances of values (structures, sets, lucks)."""
    structures, sets, lucks = values.shape
    table = variance_shares(values.reshape(-1, lucks), labels(structures, sets), **more)
    assert list(table["part"]) == list(PARTS)
    return table["variance"].to_numpy()


def crossed(y: np.ndarray) -> np.ndarray:
    """The analysis of variance with lucks that all sets share: structures, sets within them, all of luck."""
    a, b, n = y.shape
    sets, structures, lucks = y.mean(2), y.mean((1, 2)), y.mean(1)
    luck = ((y - sets[..., None]) ** 2).sum() / (a * b * (n - 1))
    of_sets = n * ((sets - structures[:, None]) ** 2).sum() / (a * (b - 1))
    of_structures = b * n * structures.var(ddof=1)
    left = y - sets[..., None] - lucks[:, None] + structures[:, None, None]
    sets_by_luck = (left**2).sum() / (a * (b - 1) * (n - 1))
    left = lucks - structures[:, None] - lucks.mean(0) + y.mean()
    structures_by_luck = b * (left**2).sum() / ((a - 1) * (n - 1))
    between = (of_structures - of_sets - structures_by_luck + sets_by_luck) / (b * n)
    return np.array([between, (of_sets - sets_by_luck) / n, luck])


@given(seed=st.integers(0, 1000), size=st.tuples(st.integers(2, 5), st.integers(2, 4), st.integers(2, 6)))
@settings(max_examples=15)
def test_balanced_data_give_the_analysis_of_variance(seed, size):
    values = draw(size, (1.0, 0.5, 2.0, 1.0), seed)
    assert parts(values) == pytest.approx(crossed(values), abs=1e-10)
    assert parts(values + 1e6) == pytest.approx(crossed(values), abs=1e-6)


@pytest.mark.parametrize("shared", [0.0, 2.0])
def test_estimates_are_unbiased_whether_or_not_luck_is_shared(monkeypatch, shared):
    monkeypatch.setattr(variance, "RESAMPLES", 1)
    found = np.array([parts(draw((4, 3, 5), (1.0, 0.5, shared, 1.0), seed)) for seed in range(250)])
    error = found.std(axis=0) / 250**0.5
    assert (np.abs(found.mean(axis=0) - [1.0, 0.25, 1.0 + shared**2]) < 4 * error).all()
    assert (found[:, 1] < 0).any()  # unbiased, and so sometimes below zero


def test_sets_that_structures_share_are_not_taken_for_structures(monkeypatch):
    monkeypatch.setattr(variance, "RESAMPLES", 1)
    luck = np.random.default_rng(1)
    found = []
    for _ in range(250):
        values = 2 * luck.normal(size=(1, 3, 1)) + luck.normal(size=(4, 1, 1)) + luck.normal(size=(4, 3, 4))
        found.append(parts(values, sets=["a", "b", "c"] * 4))
    error = np.std(found, axis=0) / 250**0.5
    assert (np.abs(np.mean(found, axis=0) - [1.0, 4.0, 1.0]) < 4 * error).all()


@pytest.mark.parametrize(
    ("spread", "expected"),
    [((1, 0, 0, 0), (1, 0, 0)), ((0, 1, 0, 0), (0, 1, 0)), ((0, 0, 1, 0), (0, 0, 1)), ((0, 0, 0, 1), (0, 0, 1))],
)
def test_a_single_source_has_all_of_it(spread, expected):
    values = draw((12, 4, 8), spread, 3)
    table = variance_shares(values.reshape(-1, 8), labels(12, 4))
    assert table["share"].to_numpy() == pytest.approx(expected, abs=0.06)
    assert table["share"].sum() == pytest.approx(1.0)


def test_what_happens_or_not_has_the_variance_of_its_chances():
    luck = np.random.default_rng(2)
    chance = np.clip(0.5 + 0.2 * luck.choice([-1, 1], (60, 1, 1)) + 0.1 * luck.choice([-1, 1], (60, 6, 1)), 0, 1)
    held = (luck.random((60, 6, 40)) < chance).astype(float)
    table = variance_shares(held.reshape(-1, 40), labels(60, 6)).set_index("part")
    assert table["variance"].to_numpy() == pytest.approx([0.04, 0.01, 0.20], abs=0.006)
    truth = np.array([0.04, 0.01, 0.20]) / 0.25
    assert (table["low"] < truth).all()
    assert (truth < table["high"]).all()


def test_intervals_cover_and_narrow_with_more_structures(monkeypatch):
    truth, covered, widths = 1 / (1 + 0.25 + 1), [], {8: [], 40: []}
    for seed in range(20):
        for structures, found in widths.items():
            values = draw((structures, 4, 6), (1.0, 0.5, 0.0, 1.0), seed)
            table = variance_shares(values.reshape(-1, 6), labels(structures, 4))
            found.append(table["high"][0] - table["low"][0])
            if structures == 40:
                covered.append(table["low"][0] <= truth <= table["high"][0])
    assert np.mean(covered) >= 0.85
    assert np.mean(widths[40]) < 0.6 * np.mean(widths[8])


def test_structures_with_more_sets_count_no_more():
    values = np.array([[0.0, 0.0]] * 2 + [[1.0, 1.0]] * 20)
    found = variance_shares(values, [0] * 2 + [1] * 20)
    assert found["variance"].to_numpy() == pytest.approx([0.5, 0.0, 0.0])


def test_without_variance_there_are_no_shares():
    table = variance_shares(np.ones((6, 3)), labels(3, 2))
    assert list(table["variance"]) == [0.0, 0.0, 0.0]
    assert table[["share", "low", "high"]].isna().all(axis=None)


def test_a_table_of_runs_gives_the_same_in_any_order():
    values = draw((4, 3, 5), (1.0, 0.5, 1.0, 1.0), 4)
    rows = [
        {"tripwire": bool(i // 2), "regime": "ab"[i % 2], "set": f"{i}-{j}", "run": k, "held": values[i, j, k]}
        for i, j, k in np.ndindex(values.shape)
    ]
    runs = pd.DataFrame(rows)
    expected = variance_shares(values.reshape(-1, 5), labels(4, 3))
    found = variance_table(runs, "held", ["tripwire", "regime"], "set", "run")
    pd.testing.assert_frame_equal(found, expected)
    mixed = variance_table(runs.sample(frac=1.0, random_state=1), "held", ["tripwire", "regime"], "set", "run")
    assert mixed["variance"].to_numpy() == pytest.approx(expected["variance"].to_numpy())
    with pytest.raises(ValueError, match="every set needs the same values of run"):
        variance_table(runs[1:], "held", ["tripwire", "regime"], "set", "run")
    with pytest.raises(ValueError, match="some runs have the same"):
        variance_table(pd.concat([runs, runs[:1]]), "held", ["tripwire", "regime"], "set", "run")
    one = variance_table(runs[runs["tripwire"]], "held", "regime", "set", "run")
    assert one["variance"].to_numpy() == pytest.approx(crossed(values[2:]))


def test_too_little_to_tell_is_refused():
    for shape, structures in (((4, 3), [0] * 4), ((4, 3), [0, 0, 0, 1]), ((4, 1), [0, 0, 1, 1])):
        with pytest.raises(ValueError, match="two structures, two parameter sets in each, and two lucks"):
            variance_shares(np.ones(shape), structures)
    with pytest.raises(ValueError, match="a row of values for each set"):
        variance_shares(np.ones((4, 3)), [0, 0, 1])
