"""Progress of a batch: a bar with rate and time left on a terminal, a few plain lines in a pipe."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

PLAIN_LINES = 10  # how often a pipe hears of progress


@contextmanager
def show_progress(
    console: Console, name: str, total: int, ready: int, unit: str = "runs"
) -> Iterator[Callable[[int], None]]:
    """Yield a function to call with the number of runs just finished; `ready` runs were there before."""
    pace = Pace(total, ready, unit)
    if not console.is_terminal:

        def say(runs: int) -> None:
            before = pace.done * PLAIN_LINES // total
            pace.add(runs)
            if pace.done * PLAIN_LINES // total > before:
                console.print(f"{name}: {pace.done:,} of {total:,} {unit}, {pace.describe()}", highlight=False)

        yield say
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(name, total=total, completed=ready, rate="")

        def advance(runs: int) -> None:
            pace.add(runs)
            progress.update(task, advance=runs, rate=f"{pace.rate:,.1f} {unit}/s")

        yield advance


class Pace:
    """How many runs are done, how fast, and how long the rest takes."""

    def __init__(self, total: int, ready: int, unit: str = "runs") -> None:
        """Start the clock: `ready` of `total` runs were there before and say nothing about speed."""
        self.total = total
        self.ready = ready
        self.unit = unit
        self.done = ready
        self.start = time.monotonic()

    def add(self, runs: int) -> None:
        """Count runs just finished."""
        self.done += runs

    @property
    def rate(self) -> float:
        """Runs a second since the start."""
        return (self.done - self.ready) / max(time.monotonic() - self.start, 1e-9)

    def describe(self) -> str:
        """Rate and time left in words."""
        left = (self.total - self.done) / self.rate if self.rate else 0.0
        return f"{self.rate:,.1f} {self.unit}/s, {left:,.0f} s left"
