"""One look for all figures: readable in grey, safe for the colour-blind, finding above, fine print below."""

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.files import small_png, small_svg
from experiments.store import whole

INK, GREY = "#1a1a1a", "#5a5a5a"
# Okabe and Ito (2008), ordered so that neighbours differ in grey as well; each line has its own dashes too.
LINES: tuple[tuple[str, Any], ...] = (
    ("#0072b2", "solid"),
    ("#d55e00", (0, (5, 1.5))),
    ("#1a1a1a", (0, (1, 1.2))),
    ("#009e73", (0, (6, 1.5, 1, 1.5))),
    ("#cc79a7", (0, (3, 1, 1, 1, 1, 1))),
    ("#56b4e9", (0, (8, 2))),
    ("#e69f00", (0, (2, 2))),
)
ACCENT = "#d55e00"
GOOD, BAD = "YlGnBu", "YlOrBr"  # sequential, lightness falls all the way

STYLE: Any = {  # Matplotlib's own type is a list of all its keys
    "font.family": "DejaVu Sans",  # comes with Matplotlib: the same on every machine
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "ceasefire",
    "svg.fonttype": "path",
}
TITLE_SIZE, CAPTION_SIZE = 12.5, 7.5
MARGIN = 0.25  # inches
EM, BOLD_EM = 0.56, 0.63  # mean width of a character of the font, in units of its size


@dataclass(frozen=True)
class Sheet:
    """A figure with a title above and a caption below; axes are placed in inches inside its body."""

    figure: Figure
    width: float
    height: float
    bottom: float  # inches below the body

    def axes(self, left: float, bottom: float, width: float, height: float, **options: Any) -> Axes:
        """Axes at inches from the left of the sheet and from the bottom of the body."""
        box = (
            left / self.width,
            (bottom + self.bottom) / self.height,
            width / self.width,
            height / self.height,
        )
        return self.figure.add_axes(box, **options)

    def write(self, left: float, bottom: float, text: str, **options: Any) -> None:
        """Text at inches from the left of the sheet and from the bottom of the body, by its left end and middle."""
        given = {"va": "center", "ha": "left", **options}
        self.figure.text(left / self.width, (bottom + self.bottom) / self.height, text, **given)


def new_sheet(width: float, body: float, title: str, caption: str) -> Sheet:
    """A sheet `width` inches wide, its body `body` inches high, with as much room for text as it takes."""
    title_lines = _wrap(title, width, TITLE_SIZE * BOLD_EM)
    caption_lines = _wrap(caption, width, CAPTION_SIZE * EM)
    above = MARGIN + title_lines.count("\n") * 0.24 + 0.34
    below = MARGIN * 0.7 + (caption_lines.count("\n") + 1) * 0.145
    height = above + body + below
    figure = Figure(figsize=(width, height))
    figure.text(
        MARGIN / width,
        1 - MARGIN / height,
        title_lines,
        size=TITLE_SIZE,
        weight="bold",
        va="top",
        linespacing=1.25,
    )
    figure.text(
        MARGIN / width,
        MARGIN * 0.6 / height,
        caption_lines,
        size=CAPTION_SIZE,
        color=GREY,
        va="bottom",
        linespacing=1.3,
    )
    return Sheet(figure, width, height, below)


def styled() -> Any:
    """Context in which figures are drawn and saved."""
    return mpl.rc_context(STYLE)


def save(figure: Figure, stem: Path) -> list[Path]:
    """Write the figure as PNG and SVG, each whole, without dates or versions inside. Returns the files."""
    written = []
    for suffix, metadata in ((".png", {"Software": None}), (".svg", {"Date": None, "Creator": None})):
        path = stem.with_suffix(suffix)
        with whole(path) as part:
            figure.savefig(part, dpi=160, metadata=metadata)
            if suffix == ".svg":
                part.write_text(small_svg(part.read_text("utf-8")), "utf-8")
            else:
                small_png(part)
        written.append(path)
    return written


def _wrap(text: str, width: float, points: float) -> str:
    """Lines that fit the sheet when a character takes so many points on average."""
    characters = int((width - 2 * MARGIN) * 72 / points)
    return "\n".join(line for part in text.split("\n") for line in textwrap.wrap(part, characters))
