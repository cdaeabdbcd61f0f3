# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Q3: the sentences say what the tables say, whatever that is; and the tables of how long a force lasts are right."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from answering import cells_of, effects_of, summary_of, write_folder

from experiments.analysis.lasting import Going, lasting_curve, median_week, share_of_sums
from experiments.answers.q03 import BRIEF, EXPOSED, LARGEST, TREATY, answer
from experiments.design import load_experiment
from experiments.figures.weeks import crumbling_tables

ENDURANCE = load_experiment("endurance")[0]
BASE = ENDURANCE.versus
LASTING = {"fielded": (0.9, 0.85, 0.95), "lasts": (0.2, 0.15, 0.25), "median": (208.0, 156.0, 260.0)}
LASTING |= {"consensus": (0.7, 0.65, 0.75)}
ENDS = ("", "_low", "_high")
WEEKS, LOST = "weeks_to_crumbling", "crumbled"


def told(path, effects=None, lasting=None, means=None):
    """The answer where these effects, times and means are given by cell, and all others are alike."""
    rows = []
    for arm in ENDURANCE.arms:
        found = LASTING | (lasting or {}).get(arm.label, {})
        ends = {f"{name}{end}": part for name, parts in found.items() for end, part in zip(ENDS, parts, strict=True)}
        rows.append({"cell": arm.label} | ends)
    states = [(BASE, "FRA", "deployed", 6000.0), (BASE, "GBR", "deployed", 3000.0), (BASE, "ITA", "deployed", 500.0)]
    states += [(BASE, "DEU", "deployed", 250.0), (BASE, "POL", "deployed", 0.0), (BASE, "EST", "deployed", 250.0)]
    states += [(TREATY, "POL", "deployed", 9000.0)]
    tables = {
        "lasting": pd.DataFrame(rows),
        "summary": summary_of(ENDURANCE, means or {}),
        "effects": effects_of(ENDURANCE, effects or {}),
        "states": pd.DataFrame(states, columns=["cell", "state", "variable", "most_mean"]),
    }
    return answer({"endurance": write_folder(path, "endurance", tables)})


def test_when_it_crumbles_is_said_with_intervals_and_the_condition(tmp_path):
    found = told(tmp_path)
    assert found.short.startswith("If states asked for 25,000 troops decide for themselves, the force falls below")
    assert "All have a backstop behind them" in found.points[0]
    assert "within ten years in 80% (75–85) of simulated futures, typically after 4.0 years (3.0 to 5.0)" in found.short
    assert "in no case tried" in found.points[0]
    assert found.table.iloc[0].tolist()[:3] == [BASE, "20% (15–25)", "4.0 years (3.0 to 5.0)"]


def test_a_force_that_lasts_is_said_to_and_how_surely(tmp_path):
    lasts = {TREATY: {"lasts": (0.6, 0.55, 0.65), "median": (math.inf, math.inf, math.inf)}}
    lasts |= {LARGEST: {"lasts": (0.52, 0.45, 0.6)}, BRIEF: {"lasts": (0.48, 0.4, 0.55)}}
    found = told(tmp_path, lasting=lasts)
    assert "in 2 of 13 cases tried: " in found.points[0]
    assert "with “under a treaty” 60% (55–65) do." in found.points[0]
    assert "with “100,000 asked for” 52% (45–60) do, which is not certain" in found.points[0]
    assert "It may be so with “mandated half a year at a time”" in found.points[0]
    assert "bound by a treaty of their own with Ukraine, in 40% (35–45)" in found.short
    assert "never, in half of runs" in found.table.set_index("Force").loc[TREATY].tolist()


def test_effects_are_sorted_by_sign_and_certainty(tmp_path):
    effects = {(TREATY, WEEKS): (100.0, 80.0, 120.0), (TREATY, LOST): (-0.3, -0.4, -0.2)}
    effects |= {(BRIEF, WEEKS): (-50.0, -60.0, -40.0), (EXPOSED, LOST): (0.1, 0.05, 0.15)}
    effects |= {(LARGEST, WEEKS): (10.0, 5.0, 15.0), (LARGEST, LOST): (0.05, 0.01, 0.09)}
    text = told(tmp_path, effects).points[1]
    assert "lasts longer with “under a treaty”, +100 weeks (80–120). It" in text
    assert "“light on the line”, crumbles +10 points (5–15)" in text
    assert "“mandated half a year at a time”, -50 weeks (-60 to -40)" in text
    assert "longer by one measure and shorter by the other with “100,000 asked for”" in text
    assert "neither longer nor shorter for certain with “50,000 asked for”" in text
    turned = told(tmp_path / "turned", {key: (-e, -h, -lo) for key, (e, lo, h) in effects.items()}).points[1]
    assert "lasts longer with “light on the line”, crumbles -10 points" in turned
    assert "“mandated half a year at a time”, +50 weeks (40–60)" in turned
    assert "shorter with “under a treaty”, -100 weeks" in turned


def test_nothing_that_moves_it_is_said_so(tmp_path):
    text = told(tmp_path).points[1]
    assert "It lasts" not in text
    assert "the force lasts neither longer nor shorter for certain with “50,000" in text


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ((0.7, 0.6, 0.8), "Broken consensus at home is what calls most contingents back: 70% (60–80)"),
        ((0.3, 0.2, 0.4), "Most contingents go home without broken consensus: 30% (20–40)"),
        ((0.5, 0.4, 0.6), "Broken consensus may be behind half of the withdrawals: 50% (40–60)"),
        ((math.nan, math.nan, math.nan), "Nobody called a contingent home."),
    ],
)
def test_withdrawals_follow_consensus_only_if_they_do(tmp_path, share, said):
    alike = {arm.label: {"consensus": share} for arm in ENDURANCE.arms}
    found = told(tmp_path, lasting=alike)
    assert found.points[2].startswith(said)
    assert "with “under a treaty”" not in found.points[2]


def test_casualties_and_asking_for_more_are_judged(tmp_path):
    dead = {(EXPOSED, "deaths_force"): (100.0, 80.0, 120.0), (BASE, "deaths_force"): (10.0, 5.0, 15.0)}
    found = told(tmp_path, means=dead)
    assert "loses 100 soldiers (80–120) a run, against 10 (5–15); that does not show" in found.points[3]
    assert "brings no more at the peak" in found.points[4]
    effects = {(EXPOSED, WEEKS): (-40.0, -60.0, -20.0), (LARGEST, "troops_peak"): (3000.0, 2000.0, 4000.0)}
    effects |= {(LARGEST, "troops_end"): (900.0, 500.0, 1300.0)}
    other = told(tmp_path / "other", effects)
    assert "that changes how long it stays (-40 weeks (-60 to -20)" in other.points[3]
    assert "brings more troops at the peak (+3,000 (2,000–4,000)" in other.points[4]
    assert "and more at the end (+900 (500–1,300))" in other.points[4]


def test_who_gives_is_read_from_the_first_force(tmp_path):
    means = {(BASE, "cost_force_eur_bn"): (60.0, 50.0, 70.0), (BASE, "troop_years"): (80e3, 70e3, 90e3)}
    found = told(tmp_path, means=means)
    assert "five states give 100%, each at its most: France (6,000), United Kingdom (3,000)" in found.points[5]
    assert "Poland" not in found.points[5]
    assert "EUR 60 bn (50–70) over ten years, 0.75 million for a soldier and year" in found.points[5]
    assert "10% of runs in which no force ever comes" in found.certainty
    assert [picture.file.name for picture in found.pictures] == ["effects", "fans", "contributions"]


def test_curve_and_median_of_forces_that_crumble():
    weeks, crumbled = np.array([10.0, 20.0, 30.0, 104.0]), np.array([1.0, 1.0, 0.0, 0.0])
    table = lasting_curve(Going(weeks, crumbled), 104).set_index("week")
    assert table.loc[[10, 20, 104], "survival"].tolist() == pytest.approx([0.75, 0.5, 0.5])
    assert table["crumbled"].sum() == 2
    assert (table["low"] <= table["survival"]).all()
    median = median_week(table.reset_index())
    assert (median.estimate, median.high) == (20.0, math.inf)
    assert median.low <= 20.0
    assert median_week(table.reset_index().assign(survival=0.9)).estimate == math.inf


def test_share_of_sums_weighs_runs_by_what_they_have():
    whole, part = np.array([10.0] * 50 + [0.0] * 50), np.array([5.0] * 50 + [0.0] * 50)
    assert share_of_sums(part, whole) == pytest.approx((0.5, 0.5, 0.5))
    rng = np.random.default_rng(1)
    whole = rng.poisson(5, 400).astype(float)
    part = rng.binomial(whole.astype(int), 0.3).astype(float)
    found = share_of_sums(part, whole)
    assert found.low < 0.3 < found.high
    assert found.high - found.low == pytest.approx(2 * 1.96 * math.sqrt(0.3 * 0.7 / 2000), rel=0.2)
    assert math.isnan(share_of_sums(whole * 0, whole * 0).estimate)


def test_tables_of_crumbling_are_of_every_cell_and_only_where_asked():
    weeks, crumbled = np.array([104.0, 208.0, 520.0, 60.0]), np.array([1.0, 1.0, 0.0, 0.0])
    columns = {WEEKS: weeks, LOST: crumbled, "troops_peak": np.array([9.0, 9.0, 9.0, 0.0])}
    columns |= {"withdrawals": np.array([4.0, 4.0, 2.0, 0.0]), "withdrawals_consensus": np.array([2.0, 2.0, 1.0, 0.0])}
    asked = SimpleNamespace(experiment=ENDURANCE, cells=cells_of("endurance"))
    found = crumbling_tables(SimpleNamespace(asked=asked, column=lambda _, outcome: columns[outcome]))
    assert found["crumbling"]["cell"].nunique() == len(found["lasting"]) == len(ENDURANCE.arms)
    row = found["lasting"].iloc[0]
    assert (row["fielded"], row["median"], row["consensus"]) == (0.75, 208.0, 0.5)
    assert row["lasts"] == pytest.approx(1 / 3)  # one is censored before anything happens
    asked.experiment = ENDURANCE.model_copy(update={"outcomes": ["held"]})
    assert crumbling_tables(SimpleNamespace(asked=asked)) == {}
