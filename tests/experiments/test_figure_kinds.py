# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Figures of doses, effects, trade-offs and fans: nothing touches or is cut, and they show what the tables say."""

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from drawing import CAPTION, LONG, TITLE, assert_sound, words_in

from experiments.figures import style
from experiments.figures.doses import dose_curves
from experiments.figures.effects import Measure, effects
from experiments.figures.fans import HATCHES, Panel, fans
from experiments.figures.pareto import pareto


@pytest.fixture(autouse=True)
def styled() -> Iterator[None]:
    with style.styled():
        yield


# Doses


def doses(names, panels=("",), gain=0.15, start=0.6):
    rows, marks, supply = [], [], []
    for (turn, panel), (place, name) in itertools.product(enumerate(panels), enumerate(names)):
        base = start + 0.03 * place + 0.02 * turn
        for size in (0.0, 25e3, 50e3, 100e3, 150e3):
            share = min(base + gain * size / 150e3, 1.0)
            rows.append((panel, name, size, share, max(share - 0.03, 0), min(share + 0.03, 1)))
        needed = (0.8 - base) / max(gain, 1e-9) * 150e3 if base + gain >= 0.8 else math.inf
        marks.append((panel, name, max(needed, 0.0), max(needed - 20e3, 0.0), needed + 20e3))
        supply.append((panel, name, 20e3 + 2e3 * place, 10e3, 45e3))
    bounds = ["panel", "line"]
    return (
        pd.DataFrame(rows, columns=[*bounds, "size", "estimate", "low", "high"]),
        pd.DataFrame(marks, columns=[*bounds, "size", "low", "high"]),
        pd.DataFrame(supply, columns=[*bounds, "median", "low", "high"]),
    )


FIVE = ["none", "backstop", "executive pledge", "ratified treaty", "US troops in theatre"]


@pytest.mark.parametrize(
    ("names", "panels", "gain", "start"),
    [
        (FIVE, ("",), 0.15, 0.6),
        (["none"], ("",), 0.0, 0.0),
        (FIVE, ("light", "heavy, " + LONG[:30], "on the line", "in the rear"), 0.1, 0.62),
        ([f"{place}: {LONG}" for place in range(7)], ("",), 0.0, 1.0),
    ],
)
def test_dose_curves(names, panels, gain, start):
    table, marks, supply = doses(names, panels, gain, start)
    shown = panels if len(panels) > 1 else None
    for given_marks, given_supply in ((marks, supply), (None, None), (marks, supply.drop(columns="line").iloc[:1])):
        figure = dose_curves(table, TITLE, CAPTION, supply=given_supply, marks=given_marks, panels=shown)
        assert_sound(figure)
        written = words_in(figure)
        for name in names:  # beside every panel
            assert written.count(name) >= len(panels)
        assert sum("four in five" in text and "80%" in text for text in written) >= 1
        assert written.count("100,000") == len(panels)


def test_dose_curves_mark_need_on_the_target_and_supply_on_the_curve():
    table, marks, supply = doses(FIVE)
    curves, strip = dose_curves(table, TITLE, CAPTION, supply=supply, marks=marks).axes
    at = {
        marker: [tuple(line.get_data()) for line in curves.lines if line.get_marker() == marker]
        for marker in ("o", "^")
    }
    reached = marks[np.isfinite(marks["size"])]
    assert [x[0] for x, _ in at["o"]] == pytest.approx(reached["size"] / 1000)
    assert [y[0] for _, y in at["o"]] == pytest.approx([0.8] * len(reached))
    assert [x[0] for x, _ in at["^"]] == pytest.approx(supply["median"] / 1000)
    told = [text.get_text() for text in strip.texts]
    assert "20k of >150k" in told
    assert any(line.get_marker() == ">" for line in strip.lines)


def test_dose_lines_differ_without_colour_and_are_not_too_many():
    figure = dose_curves(doses(FIVE)[0], TITLE, CAPTION)
    heavy = [line for line in figure.axes[0].lines if line.get_linewidth() == 1.8]
    assert len({str(line._unscaled_dash_pattern) for line in heavy}) == 5
    with pytest.raises(ValueError, match="8 lines"):
        dose_curves(doses("abcdefgh")[0], TITLE, CAPTION)


# Effects


def differences(options, outcomes, groups=None):
    rng = np.random.default_rng(5)
    rows = []
    for (place, option), outcome in itertools.product(enumerate(options), outcomes):
        middle, half = rng.normal(0, 5), rng.uniform(0.5, 6)
        rows.append((groups[place] if groups else "", option, outcome, middle, middle - half, middle + half))
    table = pd.DataFrame(rows, columns=["group", "option", "outcome", "difference", "low", "high"])
    return table if groups else table.drop(columns="group")


MEASURES = [
    Measure("held", "The ceasefire holds", "percentage points", 1),
    Measure("wider", "War beyond Ukraine, " + LONG[:40], "percentage points", -1),
    Measure("deaths", "Deaths", "thousand soldiers", -1),
    Measure("cost", "Cost", "billion euros a year"),
]


@pytest.mark.parametrize("measures", [MEASURES[:1], MEASURES])
@pytest.mark.parametrize("groups", [None, ["Force", "Force", "American guarantee", "Line"]])
def test_effects(measures, groups):
    names = [measure.name for measure in measures]
    table = differences(["25,000 troops", "100,000 troops", LONG, "monitors"], names, groups)
    table.loc[0, ["low", "high"]] = math.nan
    table.loc[1, "high"] = math.inf
    figure = effects(table, TITLE, CAPTION, measures, LONG)
    assert_sound(figure)
    assert LONG in words_in(figure)
    assert_sound(effects(table.iloc[:1], TITLE, CAPTION, measures[:1]))


def test_effects_are_filled_where_the_interval_excludes_zero():
    table = pd.DataFrame(
        [("a", 2.0, 1.0, 3.0), ("b", 2.5, -1.0, 5.0), ("c", -2.0, -3.0, -1.0), ("d", 0.0, 0.0, 0.0)],
        columns=["option", "difference", "low", "high"],
    ).assign(outcome="held")
    figure = effects(table, TITLE, CAPTION, MEASURES[:1])
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    found = {line.get_markerfacecolor() == "white": sorted(line.get_xdata()) for line in dots}
    assert found == {True: [0.0, 2.5], False: [-2.0, 2.0]}
    assert {"+2.0 (+1.0 to +3.0)", "+2.5 (−1.0 to +5.0)", "0"} <= set(words_in(figure))


# Options between two shares


def options(count, front, spread=0.2):
    rng = np.random.default_rng(7)
    table = pd.DataFrame({"option": [f"{place}: {LONG[: 10 + 3 * place].strip()}" for place in range(count)]})
    table["group"] = [FIVE[place % 5] for place in range(count)]
    for name, middle in (("risk", 0.04), ("stability", 0.7)):
        table[name] = np.clip(middle + spread * middle * rng.normal(size=count), 0, 1)
        table[f"{name}_low"], table[f"{name}_high"] = table[name] * 0.9, np.minimum(table[name] * 1.1, 1)
    return table.assign(front=[place < front for place in range(count)])


@pytest.mark.parametrize(
    ("count", "front", "spread"), [(1, 1, 0.2), (30, 8, 0.3), (20, 20, 0.0), (20, 20, 0.01), (6, 0, 0.2), (9, 3, 5.0)]
)
def test_pareto(count, front, spread):
    table = options(count, front, spread)
    figure = pareto(table, TITLE, CAPTION)
    assert_sound(figure)
    names = {text.get_text().replace("\n", " ") for text in figure.axes[0].texts}
    assert names == set(table["option"][table["front"]])


def test_pareto_leaves_out_what_has_no_numbers_and_refuses_too_many_groups():
    table = options(5, 5)
    table.loc[2, "risk"] = math.nan
    assert len(pareto(table, TITLE, CAPTION).axes[0].texts) == 4
    with pytest.raises(ValueError, match="8 groups"):
        pareto(options(8, 1).assign(group=list("abcdefgh")), TITLE, CAPTION)


def test_the_front_is_a_step_that_no_option_of_it_lies_beyond():
    table = options(3, 3).assign(risk=[0.01, 0.02, 0.04], stability=[0.5, 0.7, 0.9])
    (step,) = [line for line in pareto(table, TITLE, CAPTION).axes[0].lines if line.get_drawstyle() == "steps-post"]
    assert list(step.get_xdata())[:3] == [0.01, 0.02, 0.04]
    assert list(step.get_ydata()) == [0.5, 0.7, 0.9, 0.9]


# Fans


def series(names, groups, weeks):
    found = []
    for (place, name), (turn, group) in itertools.product(enumerate(names), enumerate(groups)):
        week = np.arange(1, weeks + 1)
        middle = 10.0**place * (1 + turn + 0.1 * np.sin(week / 20))
        bands = {"low_50": 0.9, "high_50": 1.2, "low_90": 0.5, "high_90": 2.0}
        parts = {"series": name, "group": group, "week": week, "median": middle}
        found.append(pd.DataFrame(parts | {end: middle * factor for end, factor in bands.items()}))
    return pd.concat(found, ignore_index=True)


@pytest.mark.parametrize("weeks", [1, 30, 260])
@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_fans(weeks, count):
    panels = [Panel(f"s{place}", LONG[:40], "troops", 1.0 if place == 1 else None) for place in range(count)]
    groups = ["no force", "25,000 troops", LONG][: min(count, 3)]
    table = series([panel.name for panel in panels], groups, weeks)
    table.loc[0, "median":] = math.nan
    runs = table.rename(columns={"median": "value"})[["series", "group", "week", "value"]].assign(run=0)
    figure = fans(table, TITLE, CAPTION, panels, groups, runs)
    assert_sound(figure)
    assert len(figure.axes) == count
    assert {*groups, "median", "middle 50%", "middle 90%", "single runs"} <= set(words_in(figure))


def test_fans_differ_without_colour_and_are_not_too_many():
    panels, groups = [Panel("s0", "Troops", "troops")], list("abc")
    axes = fans(series(["s0"], groups, 60), TITLE, CAPTION, panels, groups).axes[0]
    assert len({str(line._unscaled_dash_pattern) for line in axes.lines}) == 3
    assert {band.get_hatch() or "" for band in axes.collections} == set(HATCHES)
    with pytest.raises(ValueError, match="4 fans"):
        fans(series(["s0"], groups, 60), TITLE, CAPTION, panels, list("abcd"))
