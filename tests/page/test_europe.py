"""The map of Europe: whose land is whose, and that its numbers can be read."""

import itertools
import math
import re
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from experiments.figures.europe import tile_places
from experiments.page.europe import OTHERS, Scale, europe_figure, full_name, map_svg, outlines, scale_of, tiles_svg
from experiments.page.shapes.make import INSIDE, STATES, area, check, clip, inside, path, project, thin, whole
from model.register import load_rosters

TROOPS = Scale((1.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0))
VALUES = {"FRA": 4300.0, "GBR": 3900.0, "EST": 350.0, "POL": 0.0, "ITA": 900.0}


def rings(code):
    """A state's rings on the drawing, read back from its path."""
    found = []
    for part in re.findall(r"M([^z]*)z", outlines()["states"][code]):
        (x, y), *steps = zip(*[iter(map(int, re.findall(r"-?\d+", part)))] * 2, strict=True)
        ring = [(x, y)]
        for dx, dy in steps:
            ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
        found.append(ring)
    return found


@pytest.mark.parametrize("town", INSIDE)
def test_every_town_lies_in_its_state_and_in_no_other(town):
    place, code = INSIDE[town]
    assert [each for each in STATES if inside(project(place), rings(each))] == [code]


def test_kosovo_is_apart_and_no_outline_is_degenerate():
    assert {"XKX", "SRB", "UKR", "RUS"} <= set(outlines()["states"]) == set(STATES)
    for code in STATES:
        assert all(len(ring) > 2 and area(ring) > 0 for ring in rings(code)), code
    assert {"CAN", "USA"} <= set(tile_places())
    assert not {"CAN", "USA"} & set(outlines()["states"])


def test_russia_ends_at_the_frame_and_has_no_strip_across_the_map():
    largest = max(rings("RUS"), key=area)
    assert min(x for x, _ in largest) > 1600 * 0.55  # nothing of it in the west
    assert max(x for x, _ in largest) == outlines()["width"]


def test_the_file_is_small_and_names_every_state():
    assert (files("experiments.page") / "shapes" / "europe.json").stat().st_size < 40_000
    assert all(full_name(code) != code for code in STATES)
    assert not set(OTHERS) & set(load_rosters()["europe"])


def test_the_script_refuses_land_in_the_wrong_state():
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
    with pytest.raises(ValueError, match="Simferopol lies in"):
        check({code: [square] for code in STATES})
    with pytest.raises(ValueError, match="ALB has no outline"):
        check({"ALB": []})


def test_the_script_clips_thins_and_rounds():
    assert area(clip([(-50.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-50.0, 50.0)])) == pytest.approx(2500)
    assert clip([(-50.0, -50.0), (-40.0, -50.0), (-40.0, -40.0)]) == []
    assert thin([(0.0, 0.0), (10.0, 0.1), (20.0, 0.0), (40.0, 30.0)]) == [(0.0, 0.0), (20.0, 0.0), (40.0, 30.0)]
    assert whole([(0.2, 0.1), (5.0, 0.0), (9.8, 0.3), (0.0, 10.0), (0.1, 5.0)]) == [(0, 0), (10, 0), (0, 10)]
    assert path([(1.0, 2.0), (4.0, -2.0), (0.0, 0.0)]) == "M1 2l3-4-4 2z"


@pytest.mark.parametrize("draw", [map_svg, tiles_svg])
def test_a_map_says_its_finding_and_each_states_number(draw):
    told = draw(VALUES, title="Troops in week 40", unit="troops", scale=TROOPS)
    root = ElementTree.fromstring(told)
    assert root.get("role") == "img"
    assert "width" not in root.attrib
    assert root.get("aria-label") == (
        "Troops in week 40; largest: France 4,300 troops, United Kingdom 3,900 troops, Italy 900 troops"
    )
    titles = [each.text for each in root.iter() if each.tag.endswith("title")]
    assert "France: 4,300 troops" in titles
    assert "Germany" in titles  # has no number
    assert "Poland: 0 troops" in titles


def test_both_maps_have_the_same_shades():
    found = []
    for draw, tag in ((map_svg, "path"), (tiles_svg, "rect")):
        root = ElementTree.fromstring(draw(VALUES, title="t", unit="troops", scale=TROOPS))
        classes = [each.get("class", "").split() for each in root.iter() if each.tag.endswith(tag)]
        found.append({code: each[-1] for each in classes for code in VALUES if code in each})
    assert found[0] == found[1] == {"FRA": "q5", "GBR": "q4", "EST": "q1", "POL": "q0", "ITA": "q2"}


def test_text_is_escaped_and_nothing_at_all_can_be_drawn():
    assert "<b>" not in tiles_svg({}, title="<b>", unit="<i>")
    for kind in ("tiles", "shapes"):
        told = europe_figure({"FRA": math.nan}, title="Troops", unit="troops", kind=kind)
        assert "no state has any" in told
        assert 'class="FRA q' not in told


@pytest.mark.parametrize(
    ("most", "last", "places"), [(3.1, 3.0, 1), (71.0, 90.0, 0), (0.0, 6.0, 0), (4300.0, 4500.0, 0), (0.012, 0.012, 3)]
)
def test_a_scale_has_round_breaks(most, last, places):
    scale = scale_of([most, math.nan])
    assert scale.breaks[-1] == pytest.approx(last)
    assert scale.places == places
    assert len(scale.breaks) == len(set(scale.key())) - 1 == 6


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("place", [0, 1])
def test_every_shade_can_be_told_from_the_next_and_read_upon(place):
    blocks = re.findall(r"\{([^}]*--q0[^}]*)\}", (files("experiments.page") / "static" / "europe.css").read_text())
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", blocks[place]))
    light = {name: luminance(colour) for name, colour in colours.items()}
    for under in (*(f"q{each}" for each in range(7)), "land"):
        high, low = max(light[under], light[f"{under}-ink"]), min(light[under], light[f"{under}-ink"])
        assert (high + 0.05) / (low + 0.05) >= 4.5, under
    ramp = [light[f"q{each}"] + 0.05 for each in range(7)]
    assert all(max(a / b, b / a) > 1.2 for a, b in itertools.pairwise(ramp))
    assert ramp in (sorted(ramp), sorted(ramp, reverse=True))
