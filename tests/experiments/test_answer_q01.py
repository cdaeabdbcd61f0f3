# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Q1: what moves more, whether combat grows with the force, and what is left in doubt follow the tables."""

import itertools
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from answering import write_folder

from experiments.answers import q01
from experiments.answers.answer import Answer
from experiments.answers.q01 import FORM, LARGE, SIZE, SMALL

Three = tuple[float, float, float]
FORMS, SIZES = ("none", "ratified"), (0, SMALL, LARGE)
TREATY = (0, "ratified", FORM)
GAINS = {(SMALL, "none", SIZE): (0.06, 0.05, 0.07), (LARGE, "none", SIZE): (0.08, 0.07, 0.1)}
GAINS |= {TREATY: (0.14, 0.12, 0.17), (SMALL, "ratified", FORM): (0.1, 0.08, 0.12)}


def folder(root: Path, name: str, gains: Mapping[tuple[int, str, str], Three], combat: Three = (0.2, 0.18, 0.22)):
    """Tables in which everything holds in 55%, 25,000 troops fight in 20%, and 100,000 so often as given."""
    rows = []
    for size, form in itertools.product(SIZES, FORMS):
        rows.append(("", size, form, "held", 0.55, 0.52, 0.58))
        fights = combat if size == LARGE else (0.2, 0.18, 0.22) if form == "none" else (0.12, 0.1, 0.14)
        rows.append(("", size, form, "direct_combat", *fights))
    differences = [(*cell, "held", *gain) for cell, gain in gains.items()]
    tables = {
        "summary": pd.DataFrame(rows, columns=["arm", SIZE, FORM, "outcome", "mean", "low", "high"]),
        "differences": pd.DataFrame(
            differences, columns=[SIZE, FORM, "changed", "outcome", "difference", "low", "high"]
        ),
    }
    return write_folder(root, name, tables)


def told(root: Path, gains=GAINS, doubted=GAINS, combat: Three = (0.2, 0.18, 0.22)) -> Answer:
    return q01.answer({"headline": folder(root, "headline", gains, combat), "doubt": folder(root, "doubt", doubted)})


def test_the_sentence_has_two_shares_and_a_condition(tmp_path):
    assert told(tmp_path).short == (
        "Left alone, the ceasefire holds five years in 55% (52–58) of simulated futures, and with 25,000 European "
        "troops and a ratified treaty with America in 55% (52–58), if those troops really come and the model's main "
        "assumptions are right."
    )


@pytest.mark.parametrize(
    ("treaty", "words"),
    [
        ((0.14, 0.12, 0.17), "The guarantee moves more than the force: a ratified treaty without any troops adds +14"),
        ((0.02, 0.01, 0.03), "The force moves more than the guarantee"),
        ((0.08, 0.06, 0.1), "Neither moves surely more"),
    ],
)
def test_what_moves_more_is_told_apart_by_intervals(tmp_path, treaty, words):
    assert told(tmp_path, GAINS | {TREATY: treaty}).points[0].startswith(words)


@pytest.mark.parametrize(
    ("combat", "words"),
    [
        ((0.3, 0.28, 0.32), "grows with their number"),
        ((0.1, 0.08, 0.12), "falls with their number"),
        ((0.19, 0.17, 0.21), "does not surely change with their number"),
    ],
)
def test_combat_and_the_number_of_troops(tmp_path, combat, words):
    found = told(tmp_path, combat=combat).points[1]
    assert words in found
    assert "with a ratified treaty 25,000 do in 12% (10–14)" in found


def test_what_is_left_in_doubt(tmp_path):
    assert told(tmp_path).points[2].endswith("a ratified treaty beside 25,000 troops: both are sure.")
    unsure = told(tmp_path / "unsure", doubted=GAINS | {(SMALL, "ratified", FORM): (0.015, -0.001, 0.031)})
    assert unsure.points[2].endswith("the gain with a ratified treaty beside 25,000 troops is not sure.")
