"""Follows a page of the documents to the letter: saves its files, gives its commands, compares what it shows.

A block that begins with `# NAME` is a file of that name, or goes on with it (`# NAME, continued`). A block of `sh`
is given line by line; a line that ends with `# refused` must leave with exit code 2, any other with 0. Every line of
a block of `text` must come out of the commands before it, in that order, whatever its numbers.
"""

import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w-]+\.\w+)(, continued)?\n")
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e[-+]\d+)?")
PATIENCE = 900  # seconds for one command: it may compile the model on a busy machine


class Block(NamedTuple):
    """A fenced block: its language, and its text."""

    kind: str
    body: str


def blocks(text: str) -> list[Block]:
    """All fenced blocks of a page."""
    return [Block(kind, body) for kind, body in FENCED.findall(text)]


def commands(text: str) -> Iterator[list[str]]:
    """The words of every `ceasefire` command in the shell blocks of a page, without what comes after a pipe or so."""
    lines = [line for block in blocks(text) if block.kind == "sh" for line in block.body.splitlines()]
    for part in (part for line in lines for part in re.split(r"&&|\||>", line)):
        words = shlex.split(part, comments=True)
        if "ceasefire" in words:
            yield words[words.index("ceasefire") + 1 :]


def follow(text: str, folder: Path, environment: Mapping[str, str]) -> list[str]:
    """Do what a page says, in a folder; returns the commands given. AssertionError where the page is wrong."""
    given, out = [], ""
    for block in blocks(text):
        if named := NAMED.match(block.body):
            before = (folder / named[1]).read_text() if named[2] else ""
            (folder / named[1]).write_text(before + block.body)
        elif block.kind == "sh":
            out = ""
            for line in block.body.splitlines():
                ran = subprocess.run(
                    ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True,
                    timeout=PATIENCE, check=False,
                )  # fmt: skip
                expected = 2 if line.endswith("# refused") else 0
                assert ran.returncode == expected, f"{line}\n{ran.stdout[-3000:]}{ran.stderr[-3000:]}"
                out += ran.stdout + ran.stderr
                given.append(line)
        elif block.kind == "text":
            left = iter(_plain(line) for line in out.splitlines())
            for line in block.body.splitlines():
                assert _plain(line) in left, f"the page shows {line!r}; what comes out is\n{out}"
        else:
            raise AssertionError(f"nobody says what to do with this block of {block.kind}:\n{block.body}")
    return given


def _plain(line: str) -> str:
    """A line without its spaces and numbers."""
    return " ".join(NUMBER.sub("#", line).split())
