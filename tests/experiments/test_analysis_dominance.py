"""What survives all worlds: leads by world, margins that luck does not cross, theories that tell."""

import itertools

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.dominance import dominance, lead

WORLDS = pd.DataFrame(list(itertools.product((False, True), repeat=2)), columns=["provoke", "idle"])


def held(shares, runs=400, seed=1):
    """Runs (worlds, runs) that hold with such chances, with the same luck in all."""
    luck = np.random.default_rng(seed).random(runs)
    return (luck < np.array(shares)[:, None]).astype(float)


def test_a_lead_in_every_world():
    found = lead(held([0.5, 0.6, 0.7, 0.8]) - held([0.3, 0.4, 0.5, 0.6]))
    assert (found.above, found.tied, found.below) == (1.0, 0.0, 0.0)
    assert found.surely_above == 1.0
    assert found.low < found.difference < found.high
    assert found.worst <= found.difference <= found.best
    assert found.difference == pytest.approx(0.2, abs=0.05)


def test_the_margin_covers_all_worlds_at_once():
    """Under no difference at all, no world is told surely otherwise but in one batch in twenty."""
    wrong = 0
    for seed in range(60):
        luck = np.random.default_rng(seed)
        differences = luck.choice([-1.0, 0.0, 1.0], (40, 150), p=[0.2, 0.6, 0.2])
        found = lead(differences)
        wrong += found.surely_above + found.surely_below > 0
    assert wrong <= 8


def test_equal_policies_tie():
    found = lead(np.zeros((4, 10)))
    assert found.tied == 1.0
    assert found.margin == found.surely_above == found.surely_below == 0.0


def test_theories_tell_where_a_conclusion_fails():
    values = {
        "none": held([0.5, 0.5, 0.5, 0.5]),
        "many": held([0.8, 0.8, 0.3, 0.3]),
        "few": held([0.6, 0.6, 0.6, 0.6]),
    }
    leads, parts = dominance(values, WORLDS)
    assert len(leads) == 3
    (row,) = leads[(leads["more"] == "many") & (leads["less"] == "none")].to_dict("records")
    assert (row["worlds"], row["above"], row["surely_below"]) == (4, 0.5, 0.5)
    told = parts[(parts["more"] == "many") & (parts["less"] == "none")].set_index(["setting", "value"])
    assert list(told.loc["provoke", "surely_below"]) == [0.0, 1.0]
    assert list(told.loc["idle", "surely_below"]) == [0.5, 0.5]
    assert list(told.loc["provoke", "above"]) == [1.0, 0.0]
    assert (leads["difference"] >= 0).all()
