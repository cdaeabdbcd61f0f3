# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""The report as a page and as Markdown: what stands where, and that nothing in it is lost or read as HTML."""

import pandas as pd
import pytest

from experiments.answers.answer import Answer, Picture
from experiments.answers.book import Book, whole, write_book


@pytest.fixture
def pages(tmp_path):
    """The two files of a book with one answer."""
    for name in ("first", "second"):
        (tmp_path / f"{name}.svg").write_text("<svg/>")
    answer = Answer(
        question="Q1",
        topic="How long",
        asked="How long?",
        short="It holds in 55% (52–58) of futures, if a < b.",
        points=["A point, +2 points (1–3)."],
        certainty="Quite.",
        changes="Much.",
        pictures=[Picture(tmp_path / "first", "The first"), Picture(tmp_path / "second", "The second")],
        experiments=["headline", "doubt"],
        table=pd.DataFrame({"Force": ["none"], "Holds": ["55% (52–58)"]}),
    )
    return [path.read_text() for path in write_book(Book([answer], {}), tmp_path)]


def test_the_answer_stands_on_the_first_page_and_over_its_question(pages):
    page, markdown = pages
    told = 'It holds in 55% <span class="whole">(52–58)</span> of futures, if a &lt; b.'
    assert f'<a href="#Q1"><b>Q1</b> How long</a><span>{told}</span>' in page
    assert f'<p class="short">{told}</p>' in page
    assert "- **Q1 How long.** It holds in 55% (52–58) of futures, if a < b.\n" in markdown


def test_points_and_table_come_after_the_first_picture_and_before_the_others(pages):
    for text in pages:
        places = [text.index(part) for part in ("The first", "A point", "Holds", "The second", "Quite.", "Much.")]
        assert places == sorted(places)
        assert "ceasefire batch doubt" in text


def test_only_short_brackets_are_kept_whole():
    long = "(a bracket with far more words than any interval has)"
    assert whole(f"{long} <i>") == f"{long} &lt;i&gt;"
    assert whole("-1 (-2 to +3)") == '-1 <span class="whole">(-2 to +3)</span>'
