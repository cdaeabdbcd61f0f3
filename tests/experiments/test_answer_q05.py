# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Q5: which doctrine beats which follows the plan's rule, and a wider war is told beside it."""

from pathlib import Path

import pandas as pd
from answering import averages_of, pairs_of, write_folder

from experiments.answers import q05
from experiments.answers.answer import Answer
from experiments.design import load_experiment

MEANS = {
    ("held", "withdraw"): (0.68, 0.65, 0.71),
    ("held", "escalate"): (0.73, 0.7, 0.76),
    ("direct_combat", "withdraw"): (0.0, 0.0, 0.01),
    ("direct_combat", "escalate"): (0.16, 0.13, 0.19),
    ("wider_war", "withdraw"): (0.0, 0.0, 0.01),
    ("wider_war", "escalate"): (0.08, 0.06, 0.1),
}
BEATEN = {("held", "fight", "hold"): (0.03, 0.02, 0.04), ("direct_combat", "fight", "hold"): (-0.02, -0.03, -0.01)}
MORE, LESS = (0.05, 0.04, 0.06), (-0.05, -0.06, -0.04)


def told(
    root: Path,
    differences: dict[tuple[str, ...], tuple[float, float, float]],
    means: dict[tuple[str, ...], tuple[float, float, float]] = MEANS,
    options: int = 3,
) -> Answer:
    experiment, _ = load_experiment("doctrines")
    front = [
        ("told to withdraw, on the line, heavy", "told to withdraw", 0.77, 0.0, options > 1),
        ("told to escalate, in reserve, heavy", "told to escalate", 0.85, 0.06, True),
        ("told to hold, in reserve, heavy", "told to hold", 0.8, 0.09, False),
    ]
    tables = {
        "pareto": pd.DataFrame(front, columns=["option", "group", "stability", "risk", "front"]),
        "pairs": pairs_of(experiment, differences),
        "averages": averages_of(experiment, means),
    }
    return q05.answer({"doctrines": write_folder(root, "doctrines", tables)})


def test_the_steadiest_order_is_told_beside_the_safest(tmp_path):
    moved = {("held", "escalate", "withdraw"): MORE, ("direct_combat", "escalate", "withdraw"): (0.16, 0.13, 0.19)}
    found = told(tmp_path, moved)
    assert found.short == (
        "No order is both steadiest and safest: told to escalate rather than withdraw, a force keeps the ceasefire "
        "five years 5 points (4–6) more often, but fights Russian troops 16 points (13–19) more often and sees war "
        "spread beyond Ukraine neither more nor less often for certain (0 points, -1 to +1), if it is really there."
    )
    wider = told(tmp_path / "wider", moved | {("wider_war", "escalate", "withdraw"): MORE})
    assert "fights Russian troops 16 points (13–19) and sees war spread beyond Ukraine 5 points (4–6) more often" in (
        wider.short
    )
    assert "holds five years in 68% (65–71) when told to withdraw, 50% (45–55) when told to hold" in found.points[0]
    assert "the force fights Russian troops in 0% (0–1) when told to withdraw" in found.points[0]


def test_a_doctrine_is_beaten_only_if_both_differences_are_sure(tmp_path):
    found = told(tmp_path, BEATEN)
    assert "to fight beats to hold (+3 points (2–4) held, -2 points (-3 to -1) combat)" in found.points[0]
    assert "No order that beats another in both means surely more" in found.points[2]
    nearly = BEATEN | {("direct_combat", "fight", "hold"): (-0.02, -0.05, 0.01)}
    assert "No order beats another in both." in told(tmp_path / "nearly", nearly).points[0]


def test_a_wider_war_may_speak_against_what_wins(tmp_path):
    wider = BEATEN | {("wider_war", "fight", "hold"): (0.04, 0.02, 0.06)}
    found = told(tmp_path, wider).points[2]
    assert "may lose here: to fight rather than to hold +4 points (2–6)." in found


def test_one_order_may_be_best_in_both(tmp_path):
    best = MEANS | {("held", "withdraw"): (0.9, 0.88, 0.92)}
    found = told(tmp_path, {}, best)
    assert found.short.startswith(
        "One order is both steadiest and safest: told to withdraw, a force keeps the ceasefire five years in 90% (88–92"
    )
    assert "rather than" not in found.short


def test_the_front_names_what_is_on_it_and_what_is_not(tmp_path):
    found = told(tmp_path, {}).points[1]
    assert (
        "2 of 3 options are beaten by no other in both, all of them heavy: told to withdraw, on the line (77%" in found
    )
    assert found.endswith("None is of these: told to hold.")
    alone = told(tmp_path / "alone", {}, options=1).points[1]
    assert "1 of 3 options is beaten by no other in both: told to escalate, in reserve, heavy (85% hold" in alone


def test_a_guarantee_is_told_by_its_signs(tmp_path):
    given = {("wider_war", "ratified", "none"): LESS, ("us_combat", "ratified", "none"): MORE}
    found = told(tmp_path, given).points[3]
    assert "direct combat does not surely change" in found
    assert "war beyond Ukraine is rarer (-5 points, -6 to -4)" in found
    assert "combat of American forces is more frequent (+5 points, 4–6)" in found
    turned = told(tmp_path / "turned", {("wider_war", "ratified", "none"): MORE}).points[3]
    assert "war beyond Ukraine is more frequent" in turned


def test_weight_and_size_are_better_in_both_only_if_sure(tmp_path):
    better = {("held", "heavy", "light"): MORE, ("direct_combat", "heavy", "light"): LESS}
    traded = {("held", "100000", "25000"): MORE, ("direct_combat", "100000", "25000"): MORE}
    found = told(tmp_path, better | traded).points[5]
    assert "heavy instead of light is better in both" in found
    assert "100,000 troops instead of 25,000 troops trades one for the other" in found
    assert "changes neither surely" in told(tmp_path / "none", {}).points[5]


def test_the_table_has_every_doctrine_with_and_without_a_guarantee(tmp_path):
    found = told(tmp_path, {}, MEANS | {("held", "hold", "ratified"): (0.75, 0.7, 0.8)}).table
    assert len(found) == 8
    assert found["Holds five years"].iloc[5] == "75% (70–80)"
