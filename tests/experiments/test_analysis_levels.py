"""What levels come to and change: averaged over the rest of a full design, or where one thing is held."""

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.levels import ALL, averages, pairs
from experiments.intervals import paired_difference, wilson

DESIGN = pd.DataFrame(
    [("hold", 0.0), ("hold", 0.3), ("fight", 0.3), ("fight", 0.0)],  # the second half turned round
    columns=["force.doctrine", "command.predelegation"],
)


def row(table, **wanted):
    for name, value in wanted.items():
        table = table[table[name] == value]
    (found,) = table.to_dict("records")
    return found


def test_cells_are_paired_with_the_cell_that_is_else_equal():
    amounts = np.array([[0.0, 2.0], [10.0, 12.0], [13.0, 15.0], [1.0, 3.0]])
    found = pairs(DESIGN, amounts, "deaths")
    whole = row(found, changed="force.doctrine", within=ALL)
    assert (whole["level"], whole["less"], whole["cells"]) == ("fight", "hold", 2)
    assert whole["difference"] == pytest.approx(2.0)  # 1 where nothing is delegated, 3 where some is
    assert whole["low"] == whole["high"] == pytest.approx(2.0)  # the same in both runs
    some = row(found, changed="force.doctrine", within="command.predelegation", at="0.3")
    assert (some["difference"], some["cells"]) == (pytest.approx(3.0), 1)
    delegated = row(found, changed="command.predelegation", within="force.doctrine", at="fight")
    assert (delegated["level"], delegated["less"], delegated["difference"]) == ("0.3", "0", pytest.approx(12.0))


def test_single_cells_have_the_intervals_of_events_and_averages_are_bootstrapped():
    rng = np.random.default_rng(3)
    happened = (rng.random((4, 200)) < [[0.2], [0.4], [0.6], [0.5]]).astype(float)
    found, means = pairs(DESIGN, happened, "held"), averages(DESIGN, happened, "held")
    alone = row(found, changed="force.doctrine", within="command.predelegation", at="0")
    assert (alone["difference"], alone["low"], alone["high"]) == paired_difference("held", happened[3], happened[0])
    one = row(means, setting="force.doctrine", level="hold", within="command.predelegation", at="0")
    assert (one["mean"], one["low"], one["high"]) == wilson(happened[0].sum(), 200)
    both = row(means, setting="force.doctrine", level="hold", within=ALL)
    assert both["mean"] == pytest.approx(happened[:2].mean())
    assert both["low"] < both["mean"] < both["high"]


def test_what_never_happens_keeps_a_width():
    never = np.zeros((4, 50))
    assert (pairs(DESIGN, never, "held")["high"] > 0.0).all()
    assert (averages(DESIGN, never, "held")["high"] > 0.0).all()


def test_every_pair_of_levels_is_there_once():
    design = pd.DataFrame([(place, size) for place in "abc" for size in (1, 2)], columns=["place", "size"])
    found = pairs(design, np.zeros((6, 3)), "deaths")
    assert len(found) == 3 * (1 + 2) + 1 * (1 + 3)
    assert len(averages(design, np.zeros((6, 3)), "deaths")) == 3 * (1 + 2) + 2 * (1 + 3)
