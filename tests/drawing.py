"""Figures for the tests: what is written in one, and whether anything touches or is cut."""

import itertools

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

LONG = "a backstop from the air with intelligence, logistics and lift, but never on the ground whatever happens there"
TITLE = "Europe fields a third of the troops that four in five would need, whatever America promises"
CAPTION = (
    "1,000 runs per cell with the same luck in every cell. Simulated, conditional on assumptions: no forecast. " * 2
)


def seen_texts(figure: Figure) -> list[Text]:
    """The texts that are drawn: ticks outside the view are not."""
    found = list(figure.texts)
    for legend in figure.legends:
        found += [*legend.get_texts(), legend.get_title()]
    for axes in figure.axes:
        found += [*axes.texts]
        if not axes.axison:
            continue
        found += [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            found += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def words_in(figure: Figure) -> list[str]:
    """What these texts say, each on one line."""
    return [" ".join(text.get_text().split()) for text in seen_texts(figure)]


def title_of(figure: Figure) -> str:
    """The finding above."""
    return " ".join(figure.texts[0].get_text().split())


def text_boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is drawn, with the pixels that it takes."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    return [(text.get_text(), text.get_window_extent(renderer)) for text in seen_texts(figure)]


def assert_no_overlap(figure: Figure, least: int = 11) -> None:
    """All texts lie inside the figure, and no two touch; there are at least so many."""
    boxes = text_boxes(figure)
    width, height = figure.bbox.width, figure.bbox.height
    assert len(boxes) >= least
    for text, box in boxes:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= width, text
        assert box.y1 <= height, text
    for (text, a), (other, b) in itertools.combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 1 or up <= 2, f"{text!r} touches {other!r}"


def assert_keys_hide_nothing(figure: Figure) -> None:
    """No key lies on an axes, or on one another."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    keys = [legend.get_window_extent(renderer) for legend in figure.legends]
    assert all(axes.get_legend() is None for axes in figure.axes)
    for a, b in itertools.chain(
        itertools.product(keys, (axes.get_window_extent(renderer) for axes in figure.axes)),
        itertools.combinations(keys, 2),
    ):
        assert not a.overlaps(b)


def assert_sound(figure: Figure, least: int = 5) -> None:
    """A figure with TITLE in which nothing touches, nothing is cut and no key hides anything."""
    assert_no_overlap(figure, least)
    assert_keys_hide_nothing(figure)
    assert title_of(figure) == TITLE


def grey(colour: object) -> float:
    """How light a colour is without its hue, 0 to 1."""
    red, green, blue = to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
