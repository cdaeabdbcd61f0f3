"""Patterns: each can be measured, fails when what produces it is switched off, and can be drawn."""

import dataclasses
import math
from functools import cache

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from experiments.figures import style
from experiments.figures.patterns import headline, patterns
from experiments.intervals import Interval
from experiments.patterns import CHECKS, Budget, Finding, ParameterSets, measure_all
from experiments.patterns.pattern import judge, mean_by_set, missed, over_sets, setting, share_over_sets
from model.engine import Engine

TINY = Budget(sets=6, runs=4, traces=1)
ENGINE = Engine()


@cache
def found(name: str) -> Finding:
    return CHECKS[name](ENGINE, ParameterSets.point(), TINY)


@pytest.mark.parametrize("name", list(CHECKS))
def test_each_pattern_is_measured(name):
    finding = found(name)
    assert finding.name == name
    assert finding.bands
    assert finding.bands.keys() <= finding.values.keys()
    assert finding.use == ("check" if name in {f"F{number}" for number in range(7, 16)} else "fit")
    for value in finding.values.values():
        assert all(map(math.isfinite, value))
        assert value.low - 1e-9 <= value.estimate <= value.high + 1e-9
    assert finding.passed == (not finding.missed)
    for text in (finding.title, finding.target, finding.statistic, finding.why):
        assert text


@pytest.mark.parametrize(
    ("name", "switched_off"),
    [
        ("F5", {"spending.threat_effect": 0.0}),
        ("F6", {"spending.adjustment": 1.0, "spending.threat_effect": 12.0}),
        ("F7", {"contribution.rotation": 0.5}),
        ("F8", {"contribution.home_border": -3.0, "contribution.government": 0.0}),
        ("F9", {"ukraine.aid_base": 0.0, "threat.common": 0.0, "threat.reach": 300.0}),
        ("F10", {"ukraine.aid_compensation": 0.0}),
        ("F11", {"force.worth_heavy": 0.02}),
        ("F13", {"crisis.drawn_in": 1.0, "command.activation_lead": 0.01}),
        ("F14", {"opinion.treaty_lift": 0.0}),
        ("F15", {"politics.defection": 0.0}),
    ],
)
def test_a_pattern_fails_without_what_produces_it(name, switched_off):
    sets = ParameterSets.point()
    for parameter, value in switched_off.items():
        sets = sets.fixed(parameter, value)
    finding = CHECKS[name](ENGINE, sets, TINY)
    assert not finding.passed
    assert finding.missed


@pytest.mark.parametrize("name", ["F8", "F15"])
def test_the_same_input_gives_the_same_numbers(name):
    sets = ParameterSets.prior(4, seed=3)
    once, again = (measure_all(ENGINE, sets, TINY, {name: CHECKS[name]}, threads) for threads in (1, 2))
    assert once == again
    other = CHECKS[name](ENGINE, ParameterSets.prior(4, seed=4), TINY)
    assert other.values != once[0].values


def test_what_is_drawn_reaches_runs_and_weeks_but_not_what_the_scenario_says():
    sets = ParameterSets(("force.size", "ukraine.us_aid"), np.array([[5.0, 1.0], [6.0, 2.0]]))
    columns = sets.columns(setting("baseline", force__size=10_000), runs=2)
    assert {name: column.tolist() for name, column in columns.items()} == {"ukraine.us_aid": [1.0, 1.0, 2.0, 2.0]}
    low, high = (found_with("spending.threat_effect", value).values["slope"].estimate for value in (2.0, 6.0))
    assert high < low < 0.0


def found_with(parameter: str, value: float) -> Finding:
    return CHECKS["F5"](ENGINE, ParameterSets.point().fixed(parameter, value), TINY)


def test_sets_are_spread_evenly_and_one_can_be_fixed():
    sets = ParameterSets(("a", "b"), np.arange(8.0).reshape(4, 2))
    assert sets.spread(2).values.tolist() == [[0.0, 1.0], [4.0, 5.0]]
    assert sets.spread(8).values[:, 0].tolist() == [0.0, 0.0, 2.0, 2.0, 4.0, 4.0, 6.0, 6.0]
    assert sets.fixed("a", 9.0).names == ("b", "a")
    assert sets.fixed("a", 9.0).values.tolist() == [[1.0, 9.0], [3.0, 9.0], [5.0, 9.0], [7.0, 9.0]]
    assert ParameterSets.point().spread(3).values.shape == (3, 0)


def test_intervals_leave_out_what_says_nothing():
    assert over_sets(np.array([1.0, 2.0, 3.0, math.nan])) == pytest.approx((2.0, 1.05, 2.95))
    assert all(map(math.isnan, over_sets(np.array([math.nan]))))
    assert share_over_sets(np.array([1.0, 1.0]), np.array([2.0, 2.0])) == (0.5, 0.5, 0.5)
    assert math.isnan(share_over_sets(np.zeros(2), np.zeros(2)).estimate)
    np.testing.assert_equal(mean_by_set([0, 0, 2, 2], [1.0, 3.0, 5.0, math.nan], 3), [2.0, math.nan, 5.0])


def test_a_value_passes_by_its_estimate_or_with_its_whole_interval():
    values = {"a": Interval(0.5, -0.1, 1.2), "b": Interval(math.nan, math.nan, math.nan)}
    assert judge(values, {"a": (0.0, 1.0)})
    assert missed(values, {"a": (0.0, 1.0)}, whole=("a",)) == ["a"]
    assert missed(values, {"b": (-math.inf, math.inf)}) == ["b"]


def test_the_figure_says_how_many_pass_and_writes_inside_the_sheet():
    findings = [found(name) for name in CHECKS]
    with style.styled():
        figure = patterns(findings, findings, "Test.")
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        boxes = [text.get_window_extent() for text in figure.texts]
    width, height = figure.get_size_inches() * figure.dpi
    assert all(box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height for box in boxes)
    names = [text.get_text() for text in figure.texts]
    assert names.count("pass") == sum(finding.passed for finding in findings)
    assert names.count("FAIL") == sum(not finding.passed for finding in findings)
    good = dataclasses.replace(found("F9"), passed=True)
    bad = dataclasses.replace(found("F10"), passed=False)
    assert headline([good, good]) == "All 2 patterns come out of the model"
    assert headline([good, bad]) == "1 of 2 patterns come out of the model; F10 does not"
