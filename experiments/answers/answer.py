"""What an answer is made of."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Picture:
    """A figure of the report: its file (without ending), and what it shows for those who cannot see it."""

    file: Path
    alt: str


@dataclass(frozen=True)
class Answer:
    """One question answered. Every number in it is read from a table that a command makes."""

    question: str  # Q1 to Q10
    topic: str  # in a word or two, for a reader who looks for it
    asked: str  # in plain words
    short: str  # one sentence, with a number, its interval and the condition under which it holds
    points: list[str]  # what else was found, a sentence or two each
    certainty: str  # how sure this is
    changes: str  # what would change it
    pictures: list[Picture]
    experiments: list[str]  # names, in the order in which they are to be run
    table: pd.DataFrame = field(default_factory=pd.DataFrame)  # a small one, for the reader; none when empty

    @property
    def commands(self) -> list[str]:
        """The commands that make its tables and figures again."""
        return [f"ceasefire batch {name}" for name in self.experiments]
