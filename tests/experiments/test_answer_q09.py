# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Q9: who is pivotal follows the plan's rule, and what is not sure moves nothing."""

from pathlib import Path

import pandas as pd
from answering import cells_of, effects_of, summary_of, write_folder

from experiments.answers import q09
from experiments.answers.answer import Answer
from experiments.design import load_experiment

FIRST, PAIR = "as they are", "France and the United Kingdom refuse"
BASE = {(FIRST, "troops_peak"): (20000.0, 19000.0, 21000.0), (FIRST, "defence_share"): (2.0, 1.9, 2.1)}
FRANCE = {("France refuses", "troops_peak"): (-9000.0, -9500.0, -8500.0)}
BRITAIN = {("United Kingdom refuses", "troops_peak"): (-6000.0, -6500.0, -5500.0)}


def told(root: Path, moved: dict[tuple[str, str], tuple[float, float, float]], contingent: float = 7000.0) -> Answer:
    experiment, _ = load_experiment("unity")
    roster = cells_of("unity")[0].scenario.roster
    own = dict.fromkeys(roster, 500.0) | {"FRA": contingent, "GBR": 6000.0}
    states = pd.DataFrame(
        [(FIRST, state, "deployed", most, 0.9 * most, 1.1 * most) for state, most in own.items()],
        columns=["cell", "state", "variable", "most_mean", "most_low", "most_high"],
    )
    tables = {"summary": summary_of(experiment, BASE), "effects": effects_of(experiment, moved), "states": states}
    return q09.answer({"unity": write_folder(root, "unity", tables)})


def test_a_state_is_pivotal_if_the_peak_falls_by_more_than_its_share(tmp_path):
    spain = {("Spain refuses", "troops_peak"): (-1500.0, -1900.0, -1100.0)}  # 8% of land forces, 5 to 10% of the peak
    found = told(tmp_path, FRANCE | BRITAIN | spain)
    assert found.short == (
        "Europe's force hangs on France and the United Kingdom: its peak falls by 45% (40–50) without France and 30% "
        "(26–34) without the United Kingdom, while a split between autonomists and Atlanticists does not surely change "
        "it, if 50,000 troops are asked for with an American backstop."
    )
    assert (
        "France (45% against 14%) and the United Kingdom (30% against 9%). Not told either way: Spain"
        in found.points[0]
    )
    assert "Not pivotal: Germany" in found.points[0]
    verdicts = dict(found.table[["Arm", "Pivotal"]].to_numpy())
    assert (verdicts["France refuses"], verdicts["Spain refuses"], verdicts["Italy refuses"]) == (
        "pivotal",
        "open",
        "not pivotal",
    )


def test_nobody_may_be_pivotal_and_nothing_may_move(tmp_path):
    found = told(tmp_path, {})
    assert found.short.startswith("Europe's force hangs on no single state: its peak falls most, by 0% (0–0), without")
    assert "Pivotal" not in found.points[0]
    assert "nothing surely changes that, and nothing else could by more than 1.0 points" in found.points[4]
    assert "and no troops" in found.points[5]


def test_others_stay_at_home_only_if_more_is_lost_than_the_contingent(tmp_path):
    drawn = told(tmp_path, FRANCE | BRITAIN).points[1]
    assert "others stay at home as well where the force loses 9,000 without France, whose contingent is 7,000" in drawn
    assert "without the United Kingdom it loses about their contingent" in drawn
    assert "it loses nothing for certain" in drawn
    filled = told(tmp_path / "filled", FRANCE, contingent=12000.0).points[1]
    assert "others fill in where it loses 9,000 without France" in filled
    assert "stay at home" not in filled


def test_two_refusals_are_compared_with_their_sum(tmp_path):
    for name, lost, words in (("sum", 15000.0, "about as much as"), ("more", 18000.0, "more than")):
        both = {(PAIR, "troops_peak"): (-lost, -lost - 900.0, -lost + 900.0), (PAIR, "held"): (-0.05, -0.08, -0.02)}
        found = told(tmp_path / name, FRANCE | BRITAIN | both)
        assert f"{words} the two refusals add up to one by one" in found.points[2]
        assert "changes by -5 points (-8 to -2)" in found.points[2]
        assert f"“{PAIR}” (-5 points, -8 to -2) surely changes that" in found.points[4]


def test_a_split_is_told_by_what_it_surely_changes(tmp_path):
    split = {("large states pull apart", "unity"): (-0.09, -0.1, -0.08)}
    found = told(tmp_path, split)
    assert "a split between autonomists and Atlanticists does not surely change it, if" in found.short
    assert "large states pull apart, unity -0.09 (-0.1 to -0.08), " in found.points[3]
    assert "no sure change in troops and no sure change in the ceasefire" in found.points[3]
    troops = told(tmp_path / "troops", split | {("large states pull apart", "troops_peak"): (-900.0, -1200.0, -600.0)})
    assert "a split between autonomists and Atlanticists changes it by -900 troops (-1,200 to -600)" in troops.short


def test_five_runs_move_the_ceasefire_for_nobody(tmp_path):
    five = 5 / load_experiment("unity")[0].runs
    found = told(tmp_path, {("France refuses", "held"): (-five, -2 * five, -five / 5)})
    assert "nothing surely changes that" in found.points[4]


def test_free_riding_is_a_share_of_spending(tmp_path):
    found = told(tmp_path, {("no free riding", "defence_share"): (0.1, 0.05, 0.15)}).points[5]
    assert "by at most 7.5% of it" in found
    assert "+0.1 (0.05–0.15) with “no free riding”" in found
