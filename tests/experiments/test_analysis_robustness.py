"""Robustness: tables made by hand, and what must hold of any table."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.analysis.robustness import (
    at_least_as_good,
    holds_everywhere,
    non_dominated,
    policies_by_worlds,
    regrets,
    robustness,
)

TABLE = pd.DataFrame(
    [[0.9, 0.1, 0.5, 0.5], [0.6, 0.6, 0.6, 0.4], [0.2, 0.2, 0.2, 0.2]],
    index=["bold", "steady", "none"],
    columns=pd.MultiIndex.from_product([[True, False], ["a", "b"]], names=["tripwire", "regime"]),
)
VALUES = arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.integers(-3, 3).map(float))


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=pd.Index(range(values.shape[1]), name="world"))


def test_runs_become_a_table_of_means_with_the_settings_of_each_world():
    rows = [
        {"size": size, "tripwire": tripwire, "regime": regime, "run": run, "held": float(run < places)}
        for places, (size, tripwire, regime) in enumerate(
            (s, t, r) for s in (0, 5) for t in (True, False) for r in "ab"
        )
        for run in range(10)
    ]
    table = policies_by_worlds(pd.DataFrame(rows), "held", "size", ["tripwire", "regime"])
    assert list(table.index) == [0, 5]
    assert table.columns.names == ["tripwire", "regime"]
    assert table.loc[5, (True, "b")] == pytest.approx(0.5)
    single = policies_by_worlds(pd.DataFrame(rows), "held", ["size", "regime"], "tripwire")
    assert single.loc[(0, "a"), False] == pytest.approx(0.2)
    with pytest.raises(ValueError, match="every policy needs a number in every world"):
        policies_by_worlds(pd.DataFrame(rows[10:]), "held", "size", ["tripwire", "regime"])


def test_regret_and_satisficing_by_hand():
    assert regrets(TABLE).to_numpy() == pytest.approx(
        np.array([[0.0, 0.5, 0.1, 0.0], [0.3, 0.0, 0.0, 0.1], [0.7, 0.4, 0.4, 0.3]])
    )
    found = robustness(TABLE, target=0.5)
    assert list(found["max_regret"]) == pytest.approx([0.5, 0.3, 0.7])
    assert list(found["regret_90"]) == pytest.approx([0.38, 0.24, 0.61])
    assert list(found["satisficing"]) == [0.75, 0.75, 0.0]
    assert list(found["worst"]) == [0.1, 0.4, 0.2]
    assert list(found["mean"]) == pytest.approx([0.5, 0.55, 0.2])
    costs = robustness(TABLE, target=0.5, more_is_better=False)
    assert list(costs["worst"]) == [0.9, 0.6, 0.2]
    assert list(costs["satisficing"]) == [0.75, 0.25, 1.0]
    assert costs.loc["none", "max_regret"] == pytest.approx(0.1)


@given(values=VALUES)
def test_in_every_world_some_policy_has_no_regret_and_none_has_less_than_none(values):
    found = regrets(frame(values))
    assert (found.to_numpy() >= 0).all()
    assert (found.min(axis="index") == 0).all()
    flipped = regrets(frame(-values), more_is_better=False)
    assert (flipped.to_numpy() == found.to_numpy()).all()


def test_a_conclusion_that_holds_everywhere():
    found = holds_everywhere(TABLE, "steady", "none")
    assert found.holds
    assert found.share == 1.0
    assert found.fails.empty
    assert set(found.told_by["share"]) == {0.0}


def test_where_a_conclusion_fails_is_told_by_the_setting_that_decides():
    table = TABLE.copy()
    table.loc["bold", (False, slice(None))] = [0.1, 0.0]
    found = holds_everywhere(table, "bold", "none")
    assert not found.holds
    assert found.share == 0.25 + 0.25 * (table.loc["bold", (True, "b")] >= 0.2)
    assert list(found.fails["tripwire"]) == [True, False, False]
    assert list(found.fails["regime"]) == ["b", "a", "b"]
    assert list(found.fails["difference"]) == pytest.approx([-0.1, -0.1, -0.2])
    steady = holds_everywhere(table, "steady", "bold")
    assert steady.fails.drop(columns="difference").to_dict("records") == [{"tripwire": True, "regime": "a"}]
    decided = table.copy()
    decided.loc["bold"] = [0.9, 0.9, 0.0, 0.0]
    told = holds_everywhere(decided, "bold", "none").told_by
    assert told.iloc[:2].to_dict("records") == [
        {"setting": "tripwire", "value": False, "worlds": 2, "failing": 2, "share": 1.0},
        {"setting": "tripwire", "value": True, "worlds": 2, "failing": 0, "share": 0.0},
    ]
    assert list(told["share"][2:]) == [0.5, 0.5]


def test_a_margin_keeps_luck_from_being_a_failure():
    assert holds_everywhere(TABLE, "bold", "steady").share == 0.5
    assert holds_everywhere(TABLE, "bold", "steady", margin=0.11).share == 0.75
    assert holds_everywhere(TABLE, "none", "steady", more_is_better=False).holds
    assert at_least_as_good(TABLE, margin=0.11).loc["bold", "steady"] == 0.75


@given(values=VALUES)
@settings(max_examples=15)
def test_pairs_agree_with_each_conclusion(values):
    table = frame(values)
    pairs = at_least_as_good(table)
    assert (np.diag(pairs) == 1.0).all()
    for better in table.index:
        for worse in table.index:
            assert pairs.loc[better, worse] == pytest.approx(holds_everywhere(table, better, worse).share)


def test_the_front_by_hand():
    criteria = pd.DataFrame({"held": [0.5, 0.6, 0.6, 0.4, 0.5], "cost": [1, 2, 3, 1, 1]}, index=list("abcde"))
    assert list(non_dominated(criteria, [True, False])) == [True, True, False, False, True]  # equals are kept
    assert list(non_dominated(criteria[["held"]], [True])) == [False, True, True, False, False]
    with pytest.raises(ValueError, match="2 criteria need as many flags"):
        non_dominated(criteria, [True])


@given(values=VALUES, flags=st.lists(st.booleans(), min_size=5, max_size=5))
def test_the_front_is_never_empty_and_beats_all_others(values, flags):
    more_is_better = flags[: values.shape[1]]
    front = non_dominated(frame(values), more_is_better)
    signed = values * np.where(more_is_better, 1, -1)
    assert front.any()
    for place, kept in enumerate(front):
        beaten = [(one >= signed[place]).all() and (one > signed[place]).any() for one in signed]
        assert kept is not any(beaten)
        assert kept or any(won and front[by] for by, won in enumerate(beaten))
