"""What a reader is told to do works: docs/change-a-rule.md to the letter, its notebook, every command of a document."""

import os
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from pages import NAMED, blocks, commands, follow
from typer.main import get_command

from experiments.command import app
from model.register import eligible, load_register, load_rosters

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGE, NOTEBOOK = DOCS / "change-a-rule.md", DOCS / "change-a-rule.ipynb"
TREE = ("benchmarks", "docs", "experiments", "model", "results", "tests")
FILES = ("CITATION.cff", "CONTRIBUTING.md", "LICENSE", "README.md", "pyproject.toml")
LEFT_OUT = {"results": shutil.ignore_patterns("shards", "runs.*", "draws.*", "points.*", "calibration*")}  # not in git


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the project that a page may edit, machine code included."""
    for name in TREE:
        shutil.copytree(ROOT / name, tmp_path / "clone" / name, ignore=LEFT_OUT.get(name))
    for name in FILES:
        shutil.copy2(ROOT / name, tmp_path / "clone" / name)
    return tmp_path / "clone"


@pytest.fixture
def environment(clone: Path) -> dict[str, str]:
    """A shell in which `uv run` takes this Python and the copy."""
    stand_in = clone.parent / "bin" / "uv"
    stand_in.parent.mkdir()
    stand_in.write_text('#!/bin/sh\nshift\nexec "$@"\n')
    stand_in.chmod(0o755)
    path = os.pathsep.join([str(stand_in.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    return os.environ | {"PATH": path, "PYTHONPATH": str(clone), "COLUMNS": "200"}


def test_changing_a_rule_works_to_the_letter(clone, environment):
    given = follow(PAGE.read_text(), clone, environment)
    for step in ("ceasefire compare", "ceasefire batch", "git apply", "python try.py", "python same.py", "pytest"):
        assert any(step in line for line in given), step
    assert (clone / "my-results" / "summary.csv").is_file()
    for file in ("my-plan.png", "curves.png"):
        assert (clone / file).stat().st_size > 10_000


def test_the_page_says_what_is_true():
    text = " ".join(PAGE.read_text().split())
    assert "The default roster `europe` has all of them but Canada and Turkey" in text
    assert set(eligible()) - set(load_rosters()["europe"]) == {"CAN", "TUR"}
    assert load_register()["russia.memory"].low == 40
    for line in re.findall(r"`(from [\w.]+ import [\w, ]+)`", text):
        exec(line, {})


def texts(book: nbformat.NotebookNode) -> list[str]:
    """What the cells of a notebook print or show as text, without figures and the compiler's notes."""
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    printed = "".join(output.text for output in outputs if output.get("name") == "stdout")  # it comes in any pieces
    return [printed, *(output.data["text/plain"] for output in outputs if output.output_type == "execute_result")]


def test_the_notebook_plays_from_top_to_bottom(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    book = nbformat.read(NOTEBOOK, as_version=4)
    told = texts(book)
    NotebookClient(book, timeout=900, kernel_name="python3", resources={"metadata": {"path": str(DOCS)}}).execute()
    assert texts(book) == told


def test_the_notebook_can_be_read_without_playing_it():
    book = nbformat.read(NOTEBOOK, as_version=4)
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    shown = [output for cell in cells for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in shown) >= 3
    assert not [output for output in shown if output.output_type == "error" or output.get("name") == "stderr"]
    assert str(ROOT) not in NOTEBOOK.read_text()


def test_the_page_and_the_notebook_have_the_same_rule():
    rule = next(block.body for block in blocks(PAGE.read_text()) if block.body.startswith("# rival.py"))
    _, _, rule = rule.partition("\n\n\n")
    assert rule.strip() in [cell.source.strip() for cell in nbformat.read(NOTEBOOK, as_version=4).cells]


def test_contributing_shows_a_rule_that_runs(capsys):
    (block,) = [block for block in blocks((ROOT / "CONTRIBUTING.md").read_text()) if block.kind == "python"]
    exec(block.body, {})
    assert capsys.readouterr().out == "0.0\n"


@pytest.mark.parametrize(
    "file", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))], ids=lambda file: file.name
)
def test_every_command_of_a_document_is_one_that_there_is(file):
    for line in commands(file.read_text()):
        command, name, words = get_command(app), "ceasefire", line
        while hasattr(command, "commands") and words and not words[0].startswith("-"):
            name, *words = words
            assert name in command.commands, f"ceasefire {name}"
            command = command.commands[name]
        command.make_context(name, words)  # a usage error if an option is unknown or an argument missing


def test_pages_that_are_wrong_are_found(tmp_path):
    def said(page: str) -> str:
        with pytest.raises(AssertionError) as caught:
            follow(page, tmp_path, os.environ)
        return str(caught.value)

    assert follow("```toml\n# a.txt\n```\n```sh\ncat a.txt\n```\n```text\n# a.txt\n```\n", tmp_path, os.environ)
    assert NAMED.match("# not a file\n") is None
    assert said("```sh\nfalse\n```\n").startswith("false")
    assert said("```sh\ntrue  # refused\n```\n").startswith("true")
    assert "the page shows 'b 2'" in said("```sh\necho a 1\n```\n```text\na 7\nb 2\n```\n")
    assert "nobody says" in said("```ruby\nputs 1\n```\n")
