# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Q4: who should command follows the paired differences at equal delegation, and nothing else."""

from pathlib import Path

import pytest
from answering import pairs_of, summary_of, write_folder

from experiments.answers import q04
from experiments.answers.answer import Answer
from experiments.design import load_experiment

LEAD, HOLDS, UN = "lead nation", "lead nation, told to hold", "UN, told to hold"
WORSE = {
    ("held", "NATO", LEAD): (-0.08, -0.1, -0.06),
    ("held", "EU", LEAD): (-0.07, -0.09, -0.05),
    ("held", HOLDS, UN): (0.03, 0.01, 0.05),  # as the table has it: the later arm less the earlier
}


def told(root: Path, differences: dict[tuple[str, ...], tuple[float, float, float]], median: float = 9000.0) -> Answer:
    experiment, _ = load_experiment("commands")
    summary = summary_of(experiment, {(f"{LEAD}: command.predelegation=0.3", "held"): (0.65, 0.6, 0.7)})
    alliances = (summary["outcome"] == "troops_peak") & summary["arm"].isin(["NATO", "EU"])
    summary["median"] = median if not alliances.any() else 9000.0
    summary.loc[alliances, "median"] = median
    tables = {"summary": summary, "pairs": pairs_of(experiment, differences)}
    return q04.answer({"commands": write_folder(root, "commands", tables)})


def test_a_lead_nation_commands_if_all_others_surely_hold_less(tmp_path):
    found = told(tmp_path, WORSE | {("troops_peak", "NATO", LEAD): (-9e3, -1e4, -8e3)}, median=0.0)
    assert found.short.startswith(
        "A lead nation should command: under it the ceasefire holds five years in 65% (60–70) of simulated futures, "
        "and under NATO 8 points (6–10) less often, if"
    )
    assert "NATO costs something (-8 points, -10 to -6)" in found.points[0]
    assert "the UN costs something (-3 points, -5 to -1)" in found.points[0]  # turned round
    assert "An exact test" not in found.points[0]
    assert "under NATO or the EU no troops ever come in half of futures or more" in found.points[1]
    assert "The verdict is the same" in found.points[2]
    assert list(found.table["Against a lead nation told the same"])[1] == "-8 points (-10 to -6)"


def test_what_is_not_sure_costs_nothing(tmp_path):
    found = told(tmp_path, {("held", "NATO", LEAD): (-0.08, -0.1, -0.06), ("held", "EU", LEAD): (-0.07, -0.15, 0.01)})
    assert "should command rather than NATO, but the EU or the UN costs nothing that is sure: under a" in found.short
    assert "no troops ever come" not in found.points[1]
    assert "No command lowers the risk of combat" in found.points[4]
    assert "No command lets more mandates lapse" in found.points[5]
    assert "is no sure difference" in found.points[6]
    nothing = told(tmp_path / "nothing", {})
    assert nothing.short.startswith("It makes no sure difference who commands: under a lead nation the ceasefire holds")
    assert "neither more nor less often for certain (0 points, -1 to +1)" in nothing.short
    assert "None is slower to send" in nothing.points[1]


def test_a_command_that_holds_more_is_named(tmp_path):
    found = told(tmp_path, {("held", "EU", LEAD): (0.07, 0.05, 0.09)})
    assert found.short.startswith("Not a lead nation should command but the EU: under a lead nation the ceasefire")
    assert "and under the EU 7 points (5–9) more often" in found.short


def test_commands_that_cost_alike_are_named_together(tmp_path):
    found = told(tmp_path, WORSE | {("held", "EU", LEAD): (-0.08, -0.1, -0.06)})
    assert "and under NATO or the EU 8 points (6–10) less often" in found.short


def test_the_un_is_told_with_its_own_doctrine(tmp_path):
    found = told(tmp_path, WORSE | {("held", HOLDS, UN): (0.2, 0.18, 0.22)})
    assert "and under the UN, with both told to hold, 20 points (18–22) less often" in found.short


def test_a_verdict_on_four_runs_is_the_plans_and_said_to_rest_on_few(tmp_path):
    four = 4 / load_experiment("commands")[0].runs
    found = told(tmp_path, {("held", "NATO", LEAD): (-four, -2 * four, -four / 9)})
    assert found.short.startswith("A lead nation should command rather than NATO")
    assert "less often (4 runs of 2,000: too few to be sure)" in found.short
    assert found.points[0].endswith("An exact test of pairs would need 6 runs of 2,000, more than NATO (4).")


def test_the_verdict_may_hang_on_what_is_delegated(tmp_path):
    found = told(tmp_path, WORSE | {("held", "EU", LEAD, "1"): (-0.01, -0.03, 0.01)})
    assert (
        "hangs on how much is delegated beforehand: with everything delegated the EU costs nothing" in found.points[2]
    )
    assert "by more than 6.0 points" in found.points[2]


@pytest.mark.parametrize("gain", [(0.02, 0.01, 0.03), (0.02, -0.01, 0.05)])
def test_what_delegation_buys(tmp_path, gain):
    given = WORSE | {("held", "1", "0", LEAD): gain, ("bypassed", "1", "0", LEAD): (-0.12, -0.17, -0.08)}
    found = told(tmp_path, given).points[3]
    assert ("helps the ceasefire surely under a lead nation" in found) == (gain[1] > 0.0)
    assert "-12 in 100 futures (-17 to -8)" in found
    assert "slowness in sending" not in found  # the UN may cost less than delegation gives


def test_less_combat_is_laid_to_absence_only_where_fewer_are_there(tmp_path):
    rarer = {("direct_combat", "NATO", LEAD): (-0.16, -0.2, -0.1)}
    there = told(tmp_path, rarer).points[4]
    assert "comes with NATO:" in there
    assert "fewer troops there" not in there
    absent = told(tmp_path / "absent", rarer | {("troops_peak", "NATO", LEAD): (-9e3, -1e4, -8e3)}).points[4]
    assert "NATO has fewer troops there to meet" in absent
