# ruff: noqa: RUF001  (an en dash where there is no number)
"""Words in figures fit and touch nothing, and the files are no larger than they need to be."""

import itertools
import math
import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from drawing import LONG, text_boxes
from matplotlib.figure import Figure
from PIL import Image

from experiments.figures import files, labels, style
from experiments.figures.europe import contributions
from experiments.figures.placement import place_names


@pytest.mark.parametrize(("text", "size", "weight"), [("Size of the force", 9, "normal"), ("Wiąże\n25k", 8, "bold")])
def test_text_is_as_wide_as_it_is_drawn(text, size, weight):
    with style.styled():
        figure = Figure(figsize=(6, 2))
        figure.text(0.1, 0.5, text, size=size, weight=weight)
        ((_, box),) = text_boxes(figure)
    assert labels.width(text, size, weight) == pytest.approx(box.width / figure.dpi, rel=0.05)
    assert labels.height(text, size) >= box.height / figure.dpi - 0.01


@pytest.mark.parametrize("room", [0.05, 0.4, 1.2, 20.0])
def test_folded_text_fits_and_keeps_its_words(room):
    folded = labels.fold(LONG, room, 8)
    assert folded.replace("\n", "").replace(" ", "") == LONG.replace(" ", "")
    assert labels.width(folded, 8) <= max(room, labels.width("m", 8))
    assert "\n" not in folded or room < 20


def test_what_is_moved_apart_keeps_its_order_and_its_room():
    rng = np.random.default_rng(1)
    for count in (1, 2, 7):
        wanted, sizes = rng.uniform(-0.2, 1.2, count), rng.uniform(0.05, 0.14, count)
        found = np.array(labels.dodge(wanted, sizes, 0.0, 1.0))
        order = np.argsort(wanted)
        assert (np.diff(found[order]) >= (sizes[order][1:] + sizes[order][:-1]) / 2 - 1e-9).all()
        assert ((found - sizes / 2 >= -1e-9) & (found + sizes / 2 <= 1 + 1e-9)).all()
    assert labels.dodge([0.3, 0.7], [0.1, 0.1], 0.0, 1.0) == pytest.approx([0.3, 0.7])
    assert labels.dodge([0.5, 0.5], [0.2, 0.2], 0.0, 1.0) == pytest.approx([0.4, 0.6])
    assert labels.dodge([0.5] * 3, [1.0] * 3, 0.0, 1.0) == pytest.approx([-0.5, 0.5, 1.5])
    assert labels.dodge([], [], 0.0, 1.0) == []


def test_numbers_that_are_none_or_endless():
    assert [labels.number(value) for value in (math.nan, math.inf, -math.inf, -0.2)] == ["–", "∞", "−∞", "0"]
    assert [labels.number(value, 1, sign=True) for value in (1234.56, -3.0, 0.0)] == ["+1,234.6", "−3.0", "0.0"]
    assert [labels.percent(share) for share in (0.0, 1.0, 0.796, math.nan)] == ["0%", "100%", "80%", "–"]


def test_nothing_that_is_there_is_told_as_nothing():
    assert labels.telling([2.04, 1.02, 3.0], 1, 3) == 1
    assert labels.telling([0.35, 0.03, 0.76], 1, 3) == 2
    assert labels.telling([0.11, 0.09, 0.13], 1, 3) == 2  # 0.1 (0.1 to 0.1)
    assert labels.telling([0.0, 0.0, 0.0], 1, 3) == labels.telling([0.5, math.nan, math.inf], 1, 3) == 1
    assert labels.telling([0.0, -1e-9, 1e-9], 1, 3) == 1
    assert labels.telling([0.004, -1e-9, 0.012], 1, 3) == 2  # at least 0.01
    assert [labels.digits([value]) for value in (0.0, 0.012, 0.12, -1.2, 12.3, 1234.5)] == [0, 3, 2, 1, 0, 0]


def test_letters_stand_out_from_what_is_behind_them():
    assert [labels.ink_on(colour) for colour in ((1, 1, 1), (0.11, 0.57, 0.75), (0.1, 0.2, 0.5), (0, 0, 0))] == [
        style.INK,
        style.INK,
        "white",
        "white",
    ]


def test_names_near_points_touch_neither_marks_nor_each_other():
    rng = np.random.default_rng(3)
    points, sizes = rng.uniform(0, [6, 4], (25, 2)), rng.uniform([0.4, 0.14], [1.4, 0.3], (25, 2))
    corners = place_names(points, sizes, points, np.empty((0, 4)), (6.0, 4.0), 0.05)
    placed = ~np.isnan(corners).any(axis=1)
    assert placed.mean() > 0.8
    low, high = corners[placed], (corners + sizes)[placed]
    assert ((low >= 0) & (high <= [6, 4])).all()
    for a, b in itertools.combinations(range(len(low)), 2):
        assert (low[a] >= high[b]).any() or (low[b] >= high[a]).any()
    beyond = np.maximum(low[:, None] - points, points - high[:, None]).max(axis=2)  # how far a mark is outside
    assert (beyond >= 0.05 - 1e-9).all()


def test_a_name_without_a_place_is_not_placed():
    points = np.full((3, 2), 0.5)
    corners = place_names(points, np.full((3, 2), 0.9), points, np.empty((0, 4)), (1.0, 1.0), 0.05)
    assert np.isnan(corners).all()


def bars():
    table = pd.DataFrame({"state": ["FRA", "DEU"], "value": [2.0, 1.0], "low": [1.0, 0.3], "high": [3.3, 1.1]})
    with style.styled():
        return contributions(table, "France gives most", "Fine print", "troops")


def test_pictures_are_smaller_and_show_the_same_to_a_hundredth_of_a_point(tmp_path):
    figure = bars()
    with style.styled():
        figure.savefig(tmp_path / "whole.svg", metadata={"Date": None, "Creator": None})
        figure.savefig(tmp_path / "whole.png", dpi=160)
        image, drawing = style.save(figure, tmp_path / "figure")
    before, after = (tmp_path / "whole.svg").read_text(), drawing.read_text()
    assert len(after) < 0.75 * len(before)
    assert files.small_svg(after) == after
    assert image.stat().st_size < 0.5 * (tmp_path / "whole.png").stat().st_size
    pixels = [np.asarray(Image.open(path).convert("RGB"), float) for path in (tmp_path / "whole.png", image)]
    assert np.abs(pixels[0] - pixels[1]).mean() < 0.5
    old, new = (list(ElementTree.fromstring(text).iter()) for text in (before, after))
    shapes = [[each for each in them if each.tag.rpartition("}")[2] in {"path", "use"}] for them in (old, new)]
    assert [each.tag for each in shapes[0]] == [each.tag for each in shapes[1]]
    for one, other in zip(*shapes, strict=True):
        assert re.split("[;: ]+", one.get("style", "")) == re.split("[;: ]+", other.get("style", ""))  # colours too
        assert path_of(one) == pytest.approx(path_of(other), abs=0.005 + 1e-9)


def path_of(shape):
    """Every number that says where it is, letters moved along their line among them."""
    told = " ".join(shape.get(name, "") for name in ("d", "x", "y", "transform"))
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-\d+)?", told.replace(" 0)", ""))]


def test_every_name_that_a_small_drawing_uses_is_there(tmp_path):
    with style.styled():
        text = style.save(bars(), tmp_path / "figure")[1].read_text()
    used = set(re.findall(r'href="#([^"]+)"', text)) | set(re.findall(r"url\(#([^)]+)\)", text))
    assert used == set(re.findall(r' id="([^"]+)"', text))


def test_long_paths_are_told_to_a_tenth():
    steps = " ".join(f"L {place}.{place:06} 0.123456" for place in range(100))
    assert "L0.1 0.1" not in files.small_svg(f'<path d="M 0 0 {steps[:100]}"/>')
    assert files.small_svg(f'<path d="M 0 0 {steps}"/>').startswith('<path d="M0 0L0 0.1L1 0.1')
    assert files.small_svg('<path d="M -0.001 1e-07 L 10.10 3"/>') == '<path d="M0 0L10.1 3"/>'
