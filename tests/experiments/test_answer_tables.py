# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Tables beside figures that answers read: years, hazards, contrasts; and the words for differences."""

from datetime import UTC, datetime

import numpy as np
import pytest
from answering import cells_of, write_folder
from numpy.typing import NDArray

from experiments.answers.words import bare, change, few, firm, often, once, points, raised, sure
from experiments.chunks import Origin
from experiments.design import load_experiment
from experiments.figures.options import effects_tables
from experiments.figures.weeks import risks_tables
from experiments.intervals import Interval, tango
from experiments.results import Asked, Results, label_cells
from experiments.summary import summarise
from model.outcomes import OUTCOMES

RUNS = 8
# Weeks held and what ended it (0 nothing): the first collapse comes in the first week, which no full week precedes.
ENDS = {"weeks_held": [0, 51, 52, 259, 260, 400, 520, 520], "collapse": [2, 1, 1, 1, 1, 2, 0, 0]}


def results(name: str, better: str = "") -> Results:
    """An experiment in which every cell ends as ENDS say, but one, in which what ended in the first year goes on."""
    experiment, _ = load_experiment(name)
    cells = cells_of(name)
    labels = label_cells(cells, experiment.levers())
    ended = {name: np.array(values, float) for name, values in ENDS.items()}
    longer = ended | {"weeks_held": np.where(ended["weeks_held"] < 52, 520.0, ended["weeks_held"])}
    longer["collapse"] = np.where(ended["weeks_held"] < 52, 0.0, ended["collapse"])

    def column(cell: str, outcome: str) -> NDArray[np.float64]:
        found = longer if cell == better else ended
        found = found | {"held": (found["collapse"] == 0).astype(float)}
        return found.get(outcome, np.full(RUNS, float(list(labels["cell"]).index(cell))))

    asked = Asked(experiment, cells, None, Origin("0" * 64, "0"), None, "none", "command", datetime.now(UTC))
    return Results(asked, labels, column, summarise(labels.iloc[:1], column))


def test_a_collapse_in_the_first_week_counts_in_the_first_year():
    tables = risks_tables(results("rearmament"))
    first = tables["hazards"][tables["hazards"]["cell"] == "as they would"]
    assert list(first[first["cause"] == "any"]["collapses"]) == [2, 1, 0, 0, 1, 1, 0, 1, 0, 0]
    assert first["at_risk"].iloc[0] == RUNS
    risks = tables["risks"][tables["risks"]["panel"] == "as they would"]
    assert risks["held"].iloc[-1] == pytest.approx(2 / RUNS)


def test_years_are_those_of_a_shorter_batch_paired_with_the_first():
    years = risks_tables(results("rearmament", better="5% kept"))["years"].set_index(["cell", "year"])
    assert list(years.loc["2% kept", "held"] * RUNS) == [6, 5, 5, 5, 4, 3, 3, 2, 2, 2]
    assert set(years.loc["2% kept", "difference"]) == {0.0}
    row = years.loc[("5% kept", 5)]
    assert tuple(row[["difference", "low", "high"]]) == pytest.approx(tuple(tango(2, 0, RUNS)))
    assert row["less"] == "as they would"


def test_contrasts_are_of_cells_whose_settings_hold_those_of_the_other():
    found = effects_tables(results("washington"))["contrasts"]
    pairs = set(zip(found["cell"], found["less"], strict=True))
    assert pairs == {
        ("3.5% kept, effort lets it leave", "3.5% kept"),
        ("3.5% kept, effort lets it leave", "as it is, effort lets it leave"),
        ("exit after a year, 3.5% kept", "3.5% kept"),
        ("exit after a year, 3.5% kept", "exit after a year"),
        ("exit after a year from a ratified treaty", "ratified treaty"),
        ("exit after a year from a ratified treaty", "exit after a year"),
    }
    assert set(found["outcome"]) <= set(OUTCOMES)
    order = [cell.label for cell in cells_of("washington")]
    chosen = found[found["outcome"] == "guarantee_will"].iloc[0]
    assert chosen["difference"] == order.index(chosen["cell"]) - order.index(chosen["less"])
    assert effects_tables(results("publics"))["contrasts"].empty


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((0.12, 0.09, 0.15), "+12 points (9–15)"),
        ((-0.03, -0.05, -0.01), "-3 points (-5 to -1)"),
        ((0.04, 0.0015, 0.098), "+4.0 points (0.1–9.8)"),
        ((0.008, 0.0003, 0.02), "+0.80 points (0.03–2.00)"),
        ((0.0095, 0.0055, 0.0137), "+0.9 points (0.5–1.4)"),
        ((0.0099, 0.0072, 0.0128), "+1.0 points (0.7–1.3)"),
        ((0.011, 0.008, 0.021), "+1 point (1–2)"),
        ((0.0, -0.0038, 0.0038), "0.0 points (-0.4 to +0.4)"),
        ((0.0, -0.037, 0.037), "0 points (-4 to +4)"),
        ((0.0, 0.0, 0.0), "0 points (0–0)"),
    ],
)
def test_points_show_a_difference_that_is_there(parts, told):
    assert points(Interval(*parts)) == told


def test_changes_of_amounts_have_signs():
    assert change(Interval(5576, 3960, 7480), "troops") == "+5,600 troops (4,000–7,500)"
    assert change(Interval(-3611, -4860, -2410), "troops") == "-3,600 troops (-4,900 to -2,400)"
    assert change(Interval(97.7, 0, 293)) == "+98 (0–290)"


def test_firm_differences_are_sure_and_of_six_runs_or_more():
    four, six = tango(4, 0, 500), tango(6, 0, 500)
    assert sure(four)
    assert not firm(four, 500)  # McNemar's exact test: 2 / 2**4
    assert firm(six, 500)  # 2 / 2**6
    assert not firm(tango(50, 44, 500), 500)
    assert few({"six": six}, 500) == ""
    assert few({"six": six, "four": four}, 500) == (
        " An exact test of pairs would need 6 runs of 500, more than four (4)."
    )


def test_only_events_are_asked_for_as_many_runs_as_an_exact_test_needs(tmp_path):
    folder = write_folder(tmp_path, "unity", {})
    runs = folder.experiment.runs
    five = Interval(5 / runs, 1 / runs, 9 / runs)
    assert not folder.certain("held", five)
    assert folder.certain("held", five, settings=2)
    assert folder.certain("unity", five)
    assert not folder.certain("unity", Interval(0.1, -0.1, 0.3))


def test_how_much_more_often_is_said_without_signs_and_with_its_doubts():
    less, nothing = Interval(-0.07, -0.09, -0.06), Interval(0.0, -0.01, 0.01)
    assert often(less, 500) == "7 points (6–9) less often"
    assert often(nothing, 500) == "neither more nor less often for certain (0 points, -1 to +1)"
    assert often(Interval(0.008, 0.0003, 0.02), 500).endswith("more often (4 runs of 500: too few to be sure)")
    assert raised("support", less) == "lowers support by 7 points (6–9)"
    assert raised("support", nothing) == "does not surely change support (0 points, -1 to +1)"
    assert bare("+12 points (9–15)") == "+12 points, 9–15"
    assert once("2 points more often", "3 points more often") == "2 points"
    assert once("2 points more often", "3 points less often") == "2 points more often"
