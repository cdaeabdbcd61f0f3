# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""The figures of boxes of worlds and of shares of variance: nothing touches or is cut, and they show the tables."""

import itertools
import math
from collections.abc import Iterator

import pandas as pd
import pytest
from drawing import CAPTION, LONG, TITLE, assert_sound, words_in

from experiments.figures import style
from experiments.figures.boxes import NOTHING, boxes
from experiments.figures.failures import of_box
from experiments.figures.shares import shares


@pytest.fixture(autouse=True)
def styled() -> Iterator[None]:
    with style.styled():
        yield


LIMITS = {
    "choice.precision": (math.nan, 6.94, 0.0, 0.41),
    "violations.high": (2_000.0, math.nan, 0.2, 1.0),
    "crisis.spiral_deaths": (100.0, 101.0, 0.5, 0.51),
    "ceasefire.recommitment_keeps": (math.nan, math.nan, 0.0, 1.0),
    "theories.troops_provoke": None,
}


def table(names, verbs=("fail", "hold")):
    rows = []
    for that, half, name in itertools.product(verbs, ("found", "held back"), names):
        worth = {"coverage": 0.5, "density": 1.0, "mass": 0.0, "all": 0.7, "worlds": 1024}
        chance = {"that": that, "half": half, "parameter": name, "quasi_p": 0.0004 if half == "found" else 0.31}
        if LIMITS[name] is None:
            limit = {"values": "yes", "options": "no, yes", "from_share": 0.0, "to_share": 0.5}
            limit |= dict.fromkeys(("low", "high", "least", "most"), math.nan)
        else:
            low, high, start, end = LIMITS[name]
            limit = {"low": low, "high": high, "least": 2.003, "most": 49_999.1, "values": "", "options": ""}
            limit |= {"from_share": start, "to_share": end}
        rows.append(chance | limit | worth)
    return pd.DataFrame(rows)


@pytest.mark.parametrize("names", [list(LIMITS)[:1], list(LIMITS)[1:], list(LIMITS)])
@pytest.mark.parametrize("verbs", [("fail",), ("fail", "hold")])
def test_boxes(names, verbs):
    figure = boxes(table(names, verbs), TITLE, CAPTION)
    assert_sound(figure)
    told = words_in(figure)
    assert [each for each in told if each.startswith("Worlds that mostly")] == [
        f"Worlds that mostly {v}" for v in verbs
    ]
    for name in names:
        assert told.count(name) == len(verbs)
    assert told.count("<0.001") == told.count("0.310") == len(names) * len(verbs)
    assert told.count("70%") == 2 * len(verbs)


def test_without_a_box_it_is_said():
    figure = boxes(pd.DataFrame(), TITLE, CAPTION)
    assert NOTHING in words_in(figure)
    assert "nothing tells" in of_box(pd.DataFrame(), "held")


def test_the_finding_is_of_the_worlds_held_back():
    found = table(["choice.precision"])
    found.loc[found["half"] == "held back", "density"] = 0.9
    assert of_box(found, "held") == (
        "The ceasefire holds in half of the runs or not: 90% of the worlds in one box fail (70% of all) and "
        "90% of the worlds in another hold (70% of all)"
    )


@pytest.mark.parametrize("policies", [["nothing"], ["nothing", "25,000 and backstop", LONG]])
def test_shares(policies):
    rows = [
        (policy, part, share, max(share - 0.1, 0.0), share + 0.1)
        for policy in policies
        for part, share in (("structure", 0.0), ("parameters", 0.25), ("luck", 0.75))
    ]
    figure = shares(pd.DataFrame(rows, columns=["policy", "part", "share", "low", "high"]), TITLE, CAPTION)
    assert_sound(figure)
    assert words_in(figure).count("25% (15–35)") == len(policies)
