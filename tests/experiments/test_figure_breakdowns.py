# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Figures of who gives, what ends a ceasefire, what it hangs on and in which worlds it holds."""

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from drawing import CAPTION, LONG, TITLE, assert_sound, grey, words_in
from matplotlib.patches import PathPatch

from experiments.figures import style
from experiments.figures.europe import contributions, tile_places, tiles
from experiments.figures.risks import LAYERS, stacked_risks
from experiments.figures.tornado import tornado
from experiments.figures.worlds import worlds
from model.register import load_register, load_rosters, load_states, state_names

EUROPE = list(load_rosters()["europe"])


@pytest.fixture(autouse=True)
def styled() -> Iterator[None]:
    with style.styled():
        yield


# Europe


def test_every_state_has_one_tile_and_no_two_share_one():
    assert set(tile_places()) == set(load_states())
    assert len(set(tile_places().values())) == len(load_states())
    for north, south in (("NOR", "DEU"), ("FIN", "LTU"), ("GBR", "FRA"), ("POL", "SVN"), ("ROU", "GRC")):
        assert tile_places()[north][1] < tile_places()[south][1]
    for west, east in (("IRL", "GBR"), ("ESP", "ITA"), ("DEU", "POL"), ("POL", "LTU"), ("GRC", "TUR"), ("LVA", "RUS")):
        assert tile_places()[west][0] < tile_places()[east][0]


def given(states, scale=1000.0):
    values = scale * np.exp(np.random.default_rng(2).normal(0, 1.3, len(states)))
    return pd.DataFrame({"state": states, "value": values, "low": values * 0.5, "high": values * 1.6})


@pytest.mark.parametrize(("states", "scale"), [(EUROPE, 1000.0), (EUROPE, 0.0), (["FRA"], 1e7), (EUROPE[:3], -0.1)])
def test_tiles(states, scale):
    table = given(states, scale)
    table.loc[len(table) - 1, "high"] = math.nan
    assert_sound(tiles(table, "value", TITLE, CAPTION, "troops"))
    figure = tiles(table, {"low": "None", "value": LONG, "high": ""}, TITLE, CAPTION, "troops")
    assert_sound(figure)
    assert len(figure.axes) == 3
    for axes in figure.axes:
        codes = [text.get_text() for text in axes.texts if text.get_text() in load_states()]
        assert sorted(codes) == sorted(load_states())
    assert len(figure.axes[1].texts) == len(load_states()) + len(states)
    with pytest.raises(ValueError, match="4 maps"):
        tiles(table, dict.fromkeys("abcd", ""), TITLE, CAPTION, "troops")


def test_tiles_without_a_number_are_hatched():
    axes = tiles(given(["FRA", "DEU"]), "value", TITLE, CAPTION, "troops").axes[0]
    found = {collection.get_hatch(): len(collection.get_paths()) for collection in axes.collections[1:]}
    assert found == {"///": len(load_states()) - 5, None: 3}  # America, Russia and Ukraine are there to find one's way


@pytest.mark.parametrize(("states", "scale"), [(EUROPE, 1000.0), (EUROPE[:2], 0.0), (["FRA"], 1e7)])
def test_contributions(states, scale):
    table = given(states, scale)
    table.loc[0, ["low", "high"]] = [math.nan, math.inf]
    assert_sound(contributions(table, TITLE, CAPTION, "troops"))


def test_contributions_fall_and_say_what_the_first_give():
    table = given(EUROPE)
    figure = contributions(table, TITLE, CAPTION, "troops", leaders=3)
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    assert widths == sorted(table["value"], reverse=True)
    written = words_in(figure)
    names = [text for text in written if text in state_names().values()]
    assert names == [state_names()[state] for state in table.sort_values("value", ascending=False)["state"]]
    assert f"three states give {100 * sum(widths[:3]) / sum(widths):.0f}%" in written


# What ends it


def ended(panels, share, weeks=260):
    week = np.arange(weeks + 1)
    found = []
    for place, panel in enumerate(panels):
        ends = share * np.minimum(week / 100, 1) * (1 - 0.1 * place)
        parts = {"held": 1 - ends, "limited_first": 0.7 * ends, "renewed_first": 0.3 * ends}
        found.append(pd.DataFrame({"panel": panel, "week": week} | parts))
    return pd.concat(found, ignore_index=True)


@pytest.mark.parametrize(("count", "share", "weeks"), [(1, 0.5, 260), (2, 0.0, 1), (4, 1.0, 20), (6, 0.4, 520)])
def test_risks(count, share, weeks):
    panels = {f"p{place}": LONG[place:] for place in range(count)}
    figure = stacked_risks(ended(panels, share, weeks), TITLE, CAPTION, panels)
    assert_sound(figure)
    assert len(figure.axes) == count
    for axes in figure.axes:
        assert len(axes.texts) == 3


def test_risks_print_the_final_shares_of_each_panel():
    figure = stacked_risks(ended(["only"], 0.5).drop(columns="panel"), TITLE, CAPTION)
    assert [text.get_text() for text in figure.axes[0].texts] == ["15%", "35%", "50%"]
    assert {layer.name for layer in LAYERS} <= set(words_in(figure))


def test_layers_differ_in_grey():
    shades = [grey(layer.face) for layer in LAYERS]
    assert (np.diff(shades) > 0.14).all()
    assert [layer.hatch for layer in LAYERS].count("") == 2  # the middle one is hatched as well


# What it hangs on

UNCERTAIN = sorted(
    (name for name, parameter in load_register().items() if parameter.kind == "uncertainty"),
    key=lambda name: -len(load_register()[name].meaning),
)


@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize("kind", ["sobol", "morris", "rank"])
def test_tornado(count, kind):
    rng = np.random.default_rng(4)
    names = [*UNCERTAIN[: count - 1], "roster"]
    table = pd.DataFrame({"parameter": names, "outcome": "held"})
    some = rng.exponential(0.1, count)
    if kind == "sobol":
        table = table.assign(ST=some, ST_conf=0.05, S1=some - 0.06, S1_conf=0.04)
    elif kind == "morris":
        table = table.assign(mu_star=some, mu_star_conf=0.01, sigma=2 * some)
    else:
        table = table.assign(rank_correlation=np.where(np.arange(count) % 2, some, -some), low=-0.3, high=0.3)
    figure = tornado(table, TITLE, CAPTION)
    assert_sound(figure)
    written = words_in(figure)
    assert len([name for name in names if name in written]) == min(count, 15)


def test_tornado_is_in_order_with_meanings_and_without_what_is_unknown():
    names = UNCERTAIN[:4]
    table = pd.DataFrame({"parameter": names, "rank_correlation": [0.1, math.nan, -0.6, 0.3]})
    figure = tornado(table, TITLE, CAPTION)
    written = words_in(figure)
    assert [text for text in written if text in names] == [names[2], names[3], names[0]]
    for name in (names[2], names[3], names[0]):
        assert load_register()[name].meaning in written
    assert [text for text in written if text in {"−0.60", "0.30", "0.10"}] == ["−0.60", "0.30", "0.10"]
    rising, falling = (
        [bar for bar in figure.axes[0].patches if bool(bar.get_hatch()) is down] for down in (False, True)
    )
    assert (len(rising), len(falling)) == (2, 1)


# Worlds


def fates(policies, middle, spread=0.1):
    rng = np.random.default_rng(6)
    rows = [
        (policy, world, float(np.clip(middle + 0.05 * place + spread * rng.normal(), 0, 1)))
        for (place, policy), world in itertools.product(enumerate(policies), range(256))
    ]
    table = pd.DataFrame(rows, columns=["policy", "world", "share"])
    shares = table.groupby("policy", sort=False)["share"]
    low, high = shares.quantile(0.05), shares.quantile(0.95)
    scores = pd.DataFrame({"median": shares.median(), "low": low, "high": high, "reached": 0.25, "regret": 0.18})
    return table, scores.reset_index()


@pytest.mark.parametrize(
    ("policies", "middle", "spread"),
    [
        (["no force"], 0.6, 0.1),
        (["no force", LONG, "a treaty", "troops"], 0.7, 0.2),
        (["a", "b"], 0.0, 0.0),
        ("ab", 1.0, 0),
    ],
)
def test_worlds(policies, middle, spread):
    table, scores = fates(policies, middle, spread)
    table.loc[3, "share"] = math.nan
    scores.loc[0, "regret"] = math.nan
    figure = worlds(table, scores, TITLE, CAPTION)
    assert_sound(figure)
    assert {*policies, "25%", "–", "four in five"} <= set(words_in(figure))
    dots = [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]
    assert sum(len(patch.get_path()) for patch in dots) == 2 * table["share"].notna().sum()


def test_worlds_that_reach_the_target_are_dark():
    table = pd.DataFrame({"policy": "a", "world": range(4), "share": [0.5, 0.79, 0.8, 0.9]})
    scores = pd.DataFrame({"policy": ["a"], "median": [0.8], "low": [0.5], "high": [0.9], "reached": 0.5, "regret": 0})
    below, above = worlds(table, scores, TITLE, CAPTION).axes[0].patches
    assert list(below.get_path().vertices[::2, 0]) == [0.5, 0.79]
    assert list(above.get_path().vertices[::2, 0]) == [0.8, 0.9]
    assert grey(below.get_edgecolor()[:3]) - grey(above.get_edgecolor()[:3]) > 0.2
