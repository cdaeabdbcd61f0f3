# ruff: noqa: RUF001  (an en dash where there is no number)
"""Words in figures fit and touch nothing, and the files are no larger than they need to be."""

import itertools
import math
import re

import numpy as np
import pandas as pd
import pytest
from drawing import LONG, text_boxes
from matplotlib.figure import Figure

from experiments.figures import labels, style
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


def test_files_are_smaller_and_places_the_same_to_a_hundredth(tmp_path):
    table = pd.DataFrame({"state": ["FRA", "DEU"], "value": [2.0, 1.0], "low": [1.0, 0.3], "high": [3.3, 1.1]})
    with style.styled():
        figure = contributions(table, "France gives most", "Fine print", "troops")
        figure.savefig(tmp_path / "whole.svg", metadata={"Date": None, "Creator": None})
        _, written = style.save(figure, tmp_path / "figure")
    before, after = (tmp_path / "whole.svg").read_text(), written.read_text()
    number = re.compile(r"-?\d+(?:\.\d+)?(?:e-\d+)?")
    assert number.sub("#", before) == number.sub("#", after)
    apart = np.abs(np.array([[float(n) for n in number.findall(text)] for text in (before, after)]).T @ [1, -1])
    assert 0 < apart.max() <= 0.005 + 1e-9
    assert len(after) < 0.99 * len(before)
    assert style.rounded(after) == after
    assert style.rounded('<path d="M -0.001 1e-07 L 10.10 3"/>').startswith('<path d="M 0 ')
