"""The report: every answer on one page that needs no network, and as Markdown."""

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pandas as pd
from jinja2 import Environment, StrictUndefined

from experiments.answers.answer import Answer, Picture
from experiments.answers.reader import Folder
from experiments.store import write_bytes
from model.register import parse_toml

BRACKETS = re.compile(r"\([^()]{1,24}\)")
TEMPLATES = files("experiments") / "answers" / "templates"
QUESTIONS = tuple(f"q{number:02}" for number in range(1, 11))


@dataclass(frozen=True)
class Book:
    """All answers, and where their numbers come from."""

    answers: list[Answer]
    folders: dict[str, Folder]

    @property
    def models(self) -> list[str]:
        """Fingerprints of the models behind the results: one, or they do not belong together."""
        return sorted({str(folder.manifest["model_fingerprint"])[:10] for folder in self.folders.values()})

    @property
    def runs(self) -> int:
        """Runs behind all answers."""
        return sum(folder.experiment.runs * folder.cells for folder in self.folders.values())


def read_book(results: Path) -> Book:
    """Every question's answer from the folders under `results`. Raises ExperimentError if one is missing."""
    modules = [import_module(f"experiments.answers.{name}") for name in QUESTIONS]
    names = dict.fromkeys(name for module in modules for name in module.EXPERIMENTS)
    folders = {name: Folder(results / name) for name in names}
    return Book([module.answer(folders) for module in modules], folders)


def write_book(book: Book, results: Path, out: Path | None = None) -> list[Path]:
    """Write report.html, with every figure inside, and report.md, to `out` (default: `results`), whole.

    The Markdown looks for its figures in the folders under `results`, from there.
    """
    page, markdown = (out or results) / "report.html", (out or results) / "report.md"
    tools: dict[str, object] = dict(parse_toml((TEMPLATES / "report.toml").read_bytes()))
    tools |= {
        "embed": embed,
        "whole": whole,
        "as_markdown": as_markdown,
        "relative": lambda path: path.relative_to(results).as_posix(),
    }
    for path, template in ((page, "report.html"), (markdown, "report.md")):
        environment = Environment(
            autoescape=path.suffix == ".html", undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        text = environment.from_string((TEMPLATES / template).read_text()).render(book=book, **tools)
        write_bytes(path, f"{text.rstrip()}\n".encode())
    return [page, markdown]


def embed(picture: Picture) -> str:
    """The figure as a data address, so that the page is one file."""
    content = picture.file.with_suffix(".svg").read_bytes()
    return f"data:image/svg+xml;base64,{base64.b64encode(content).decode()}"


def whole(text: object) -> str:
    """Text as HTML, in which no line breaks inside the brackets of an interval."""
    return BRACKETS.sub(r'<span class="whole">\g<0></span>', html.escape(str(text)))


def as_markdown(table: pd.DataFrame) -> str:
    """A table in Markdown."""

    def line(cells: Sequence[object]) -> str:
        return f"| {' | '.join(str(cell) for cell in cells)} |"

    rows = [line(list(table.columns)), line(["---"] * len(table.columns))]
    return "\n".join([*rows, *(line(list(row)) for row in table.itertuples(index=False))])
