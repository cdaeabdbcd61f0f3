# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Q7: years in which marks are passed, the plan's rule of five years, dangerous years, and joint projects."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from answering import NOTHING, contrasts_of, effects_of, summary_of, write_folder

from experiments.answers import q07
from experiments.answers.answer import Answer
from experiments.answers.pace import Pace, Year, tell_passing
from experiments.design import load_experiment

Three = tuple[float, float, float]
FIRST, WEEKS = "as they would", 520
RISES = {FIRST: 0.1, q07.GOAL: 1.5, q07.TOP: 2.9}  # points of GDP in ten years, from 2%


def weekly(rises: Mapping[str, float] = RISES) -> pd.DataFrame:
    """Straight lines: the slow runs rise half as fast as the median, the fast ones one and a half times as fast."""
    week, tables = np.arange(1, WEEKS + 1), []
    for cell, rise in rises.items():
        for series, start, scale in ((q07.SPENDING, 2.0, 1.0), (q07.EQUIPMENT, 1.0, 0.1)):
            lines = {part: start + scale * rise * pace * week / WEEKS for part, pace in (("p5", 0.5), ("p95", 1.5))}
            middle = start + scale * rise * week / WEEKS
            tables.append(
                pd.DataFrame({"cell": cell, "series": series, "week": week, "p50": middle, "mean": middle} | lines)
            )
    return pd.concat(tables, ignore_index=True)


def told(
    root: Path,
    held: Mapping[tuple[str, int], Three] | None = None,
    moved: Mapping[tuple[str, str], Three] | None = None,
    hazards: Mapping[int, Three] | None = None,
    ends: Mapping[str, Three] | None = None,
) -> Answer:
    """The answer; everything that is not given does nothing."""
    experiment, _ = load_experiment("rearmament")
    cells = [cell.label for cell in experiment.cells() if cell.label != FIRST]
    years = [(cell, year, *(held or {}).get((cell, year), NOTHING)) for cell in cells for year in range(1, 11)]
    rates = {year: (0.05, 0.03, 0.07) for year in range(1, 11)} | dict(hazards or {1: (0.3, 0.2, 0.4)})
    states = {"GBR": (2.4, 2.3, 2.45), "POL": (4.2, 4.1, 4.3)} | dict(ends or {})
    basics = {(q07.GOAL, q07.EQUIPMENT): (0.1, 0.09, 0.11), (q07.GOAL, q07.SPENDING): (1.0, 0.9, 1.1)}
    small = (0.0, -0.001, 0.001)
    effects = effects_of(experiment, basics | {(q07.JOINT, q07.SPENDING): small} | dict(moved or {}), small)
    tables = {
        "summary": summary_of(experiment, {(q07.FUND, "cost_common_eur_bn"): (18.0, 15.0, 21.0)}),
        "effects": effects,
        "contrasts": contrasts_of(experiment, {(q07.WITH_TROOPS, q07.GOAL, "held"): (0.05, 0.03, 0.07)}),
        "weekly": weekly(),
        "years": pd.DataFrame(years, columns=["cell", "year", "difference", "low", "high"]),
        "hazards": pd.DataFrame(
            [(FIRST, "any", year, *rate) for year, rate in rates.items()],
            columns=["cell", "cause", "year", "hazard", "low", "high"],
        ),
        "states": pd.DataFrame(
            [(FIRST, "defence", state, *end) for state, end in states.items()],
            columns=["cell", "variable", "state", "mean", "low", "high"],
        ),
    }
    return q07.answer({"rearmament": write_folder(root, "rearmament", tables)})


def test_deterrence_in_time_is_a_sure_difference_within_five_years(tmp_path):
    found = told(tmp_path, {(q07.GOAL, 10): (0.02, 0.01, 0.03), (q07.TOP, 10): (0.05, 0.03, 0.07)})
    assert found.short == (
        "European spending comes near a common goal of 3.5% of GDP in year 10 (7 to beyond 10 in 90% of futures) and "
        "makes the ceasefire hold five years neither more nor less often for certain (0 points, -1 to +1) and "
        "ten years 2 points (1–3) more often, if it is kept with no troops there and no American promise."
    )
    assert "Within 5 years, the plan's rule, no goal makes it hold more often for certain" in found.points[2]
    assert (
        "Within 10 years the ceasefire holds more often with “3.5% kept” (+2 points, 1–3) and “5% kept”"
        in (found.points[2])
    )
    found = told(tmp_path / "second", {(q07.TOP, 5): (0.05, 0.03, 0.07), (q07.GOAL, 5): (-0.05, -0.07, -0.03)})
    assert (
        "rule, the ceasefire holds more often with “5% kept” (+5 points, 3–7) and the ceasefire holds less"
        in (found.points[2])
    )
    assert "hold five years 5 points (3–7) less often and" in found.short


def test_a_sure_difference_of_few_runs_is_said_to_be_one(tmp_path):
    runs = load_experiment("rearmament")[0].runs
    found = told(tmp_path, {(q07.GOAL, 5): (4 / runs, 0.0003, 0.02), (q07.TOP, 5): (6 / runs, 0.0004, 0.026)})
    assert f"(0.03–2.00) more often (4 runs of {runs:,}: too few to be sure) and ten years" in found.short
    assert "the ceasefire holds more often with “3.5% kept”" in found.points[2]  # the plan's rule
    assert found.points[2].endswith(f"would need 6 runs of {runs:,}, more than “3.5% kept” within 5 years (4).")


def test_a_goal_that_is_never_near_is_said_so(tmp_path, monkeypatch):
    monkeypatch.setattr(q07, "NEAR", -9.0)
    found = told(tmp_path, {(q07.GOAL, 5): (0.02, 0.01, 0.03), (q07.GOAL, 10): (0.03, 0.02, 0.04)})
    assert found.short.startswith("European spending does not come near a common goal of 3.5% of GDP in ten years and")
    assert "hold five years 2 points (1–3) and ten years 3 points (2–4) more often" in found.short


def test_marks_are_passed_when_the_lines_do(tmp_path):
    found = told(tmp_path, ends={"GBR": (2.6, 2.55, 2.65), "POL": (4.5, 4.4, 4.6)})
    speed = found.points[0]
    assert "with “3.5% kept” it passes 2.5% in year 4 (3 to 7), comes within 0.1 of the goal in year 10" in speed
    assert "passes 4.47% in year 9 (6 to beyond 10)" in speed
    assert "ends at 3.50% (2.75 to 4.25)" in speed
    assert "the United Kingdom ends at 2.60% (2.55 to 2.65), above 2.5%" in speed
    assert "about at 4.47%" in speed
    assert "short of 4.47%" in told(tmp_path / "second").points[0]


def test_what_is_not_passed_is_said():
    never = Year(np.inf, np.inf, np.inf)
    assert tell_passing("pass", "2.5%", never, WEEKS) == "does not pass 2.5% in ten years"
    assert tell_passing("pass", "2.5%", Year(np.inf, 9, np.inf), WEEKS).endswith("(at the fastest in year 9)")
    assert tell_passing("come", "near", Year(2, 2, 2), WEEKS) == "comes near in year 2"


def test_a_series_that_was_not_recorded_is_refused(tmp_path):
    folder = write_folder(tmp_path, "rearmament", {"weekly": weekly()})
    assert Pace(folder, FIRST, q07.SPENDING).at(10).middle == pytest.approx(2.1)
    with pytest.raises(LookupError, match="2% kept"):
        Pace(folder, "2% kept", q07.SPENDING)


def test_dangerous_years_and_those_that_cannot_be_told_from_them(tmp_path):
    alone = told(tmp_path).points[3]
    assert (
        "year 1 is the most dangerous: 30 (20–40) collapses in 100 run-years; next comes year 2 with 5 (3–7)" in alone
    )
    assert "When it is over, equipment with “5% kept” stands at 1.03" in alone
    several = told(tmp_path / "second", hazards={3: (0.3, 0.2, 0.4), 2: (0.25, 0.1, 0.3)}).points[3]
    assert "year 3 is the most dangerous" in several
    assert "its interval does not part it from year 2;" in several
    assert "When they are over" in several


@pytest.mark.parametrize(
    ("gain", "verdict"),
    [
        ((0.01, 0.005, 0.015), "save money: for the same defence share"),
        ((-0.01, -0.015, -0.005), "save nothing within 10 years, but cost equipment"),
        ((0.01, -0.005, 0.025), "neither save nor cost anything for certain"),
    ],
)
def test_what_joint_projects_save_is_equipment_for_the_same_share(tmp_path, gain, verdict):
    found = told(tmp_path, moved={(q07.JOINT, q07.EQUIPMENT): gain}).points[4]
    assert f"Joint projects {verdict}" in found
    assert f"as much as spending 0.1 points of GDP a year {'more' if gain[0] > 0 else 'less'}" in found
    assert "of the EUR 300 bn of 10 whole years 18 (15–21) are spent" in found


def test_what_a_goal_costs_is_the_area_between_the_lines(tmp_path):
    found = told(tmp_path).points[5]
    assert "“3.5% kept” 0.7 points of GDP (EUR " in found
    assert "“5% kept” 1.4 points of GDP" in found
    assert "25,000 troops beside “3.5% kept” change the chance that it holds to the end by +5 points (3–7)" in found
