"""What visitors can start, and the one batch that runs for the whole server: `ceasefire batch`, in its own process."""

import asyncio
import os
import re
import signal
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, cast, get_args

from experiments.batch import drawn_runs, one_of
from experiments.batch_command import RESULTS
from experiments.catalogue import SECONDS_AT_LEAST, Entry, list_entries
from experiments.chunks import Plan, Slot, origin
from experiments.design import MOST_RUNS, Experiment, ExperimentError, Parameters
from experiments.progress import Pace

# A server that was started in the background ignores Ctrl-C, and so would its children.
BEGIN = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from experiments.command import app; app(prog_name='ceasefire')"
)
PATIENCE = 10.0  # seconds that a batch has to stop by itself
OFTEN = 0.4  # seconds between two looks at what has been played
LAST = 20  # lines that are kept of what a batch says

FIRST_SENTENCE = re.compile(r".*?[?.](?=\s|$)")

type State = Literal["starting", "playing", "writing", "stopping", "finished", "stopped", "failed"]


_reading = threading.Lock()
_entries: list[Entry] = []


class Busy(ExperimentError):
    """Another batch is running."""


def catalogue() -> list[Entry]:
    """The bundled experiments, by question; takes seconds, once."""
    with _reading:
        if not _entries:
            found = list_entries()
            for entry in found:
                entry.cells  # noqa: B018  (kept)
            _entries.extend(found)
        return _entries


def catalogue_is_read() -> bool:
    """Whether it will be there at once."""
    return bool(_entries)


def question_of(experiment: Experiment) -> str:
    """The first sentence of what an experiment says about itself."""
    found = FIRST_SENTENCE.match(experiment.about)
    return (found[0] if found else experiment.about).replace("`", "")


def last(seconds: float) -> str:
    """How long something takes: `35 s`, `2 min`."""
    return f"{seconds:.0f}\N{NO-BREAK SPACE}s" if seconds < 90 else f"{seconds / 60:.0f}\N{NO-BREAK SPACE}min"


def begun(results: Path, name: str) -> bool:
    """Whether runs of an experiment are there, without a result."""
    shards = results / name / "shards"
    return not (results / name / "manifest.json").exists() and shards.is_dir() and any(shards.iterdir())


@dataclass(frozen=True)
class Order:
    """What a visitor asks for: an experiment of the catalogue, and what is to be other than it says."""

    entry: Entry
    runs: int | None = None  # of each cell
    parameters: Parameters | None = None

    def __post_init__(self) -> None:
        """Refuse what the command would refuse. Raises ExperimentError."""
        if self.runs is not None and not 1 <= self.runs <= MOST_RUNS:
            raise ExperimentError(f"Runs a cell: {self.runs:,} is not allowed; a whole number from 1 to {MOST_RUNS:,}")

    @property
    def name(self) -> str:
        """The experiment's."""
        return self.entry.experiment.name

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment as the command changes it."""
        changed: dict[str, object] = {} if self.runs is None else {"runs": self.runs}
        if self.parameters is not None:
            changed["parameters"] = self.parameters
            if self.parameters == "point":
                changed["switches"] = False
        return self.entry.experiment.model_copy(update=changed)

    @property
    def seconds(self) -> float:
        """About how long it takes on two cores, if no run of it is there yet."""
        whole = self.entry.seconds - SECONDS_AT_LEAST
        return SECONDS_AT_LEAST + whole * self.experiment.runs / self.entry.experiment.runs

    def command(self, results: Path) -> list[str]:
        """The words after `ceasefire`; nothing in them was typed by anybody."""
        words = ["batch", self.entry.asked]
        words += [] if self.runs is None else ["--runs", str(self.runs)]
        words += [] if self.parameters is None else ["--parameters", self.parameters]
        return words + ([] if results == Path(RESULTS) else ["--out", str(results / self.name)])

    def slots(self) -> list[Slot]:
        """The shards that its runs will lie in; takes seconds for very many cells."""
        asked = self.experiment
        draws = drawn_runs(asked.parameters, asked.switches, asked.seed)
        return Plan([cell.scenario for cell in self.entry.cells], asked.runs, asked.seed, draws, origin()).slots


def read_order(entry: Entry, given: Mapping[str, str]) -> Order:
    """What the form asks for. Raises ExperimentError."""
    text, source = str(given.get("runs", "")).strip(), str(given.get("parameters", ""))
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ExperimentError(f"Runs a cell: {text[:20]} is not allowed; a whole number from 1 to {MOST_RUNS:,}")
    if source:
        one_of("parameters", source, get_args(Parameters))
    return Order(entry, int(text) if text else None, cast(Parameters, source) if source else None)


def count_runs(slots: Sequence[Slot], folder: Path) -> int:
    """How many of these runs lie in the folder of an experiment."""
    try:
        there = set(os.listdir(folder / "shards"))
    except OSError:
        return 0
    return sum(slot.runs for slot in slots if f"{slot.name}.parquet" in there)


@dataclass
class Job:
    """A batch that runs, or has run."""

    order: Order
    owner: str  # who started it: the tab of one visitor's browser
    state: State = "starting"
    pace: Pace | None = None  # None until it is known what is there and what is missing
    left: float = 0.0  # seconds, of playing
    line: str = ""  # the last line that it said

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.state in {"starting", "playing", "writing", "stopping"}

    @property
    def share(self) -> float:
        """How much of it has been played, from 0 to 1."""
        return self.pace.done / self.pace.total if self.pace else 0.0

    def describe(self) -> str:
        """How far it is: `12,000 of 40,000 runs, 29 s left`."""
        played = f"{self.pace.done:,} of {self.pace.total:,} runs" if self.pace else "no runs yet"
        said: dict[State, str] = {
            "starting": f"{played}, getting ready",
            "playing": f"{played}, {self.left:,.0f} s left" if self.left else played,
            "writing": f"{played}; now tables and figures are made",
            "stopping": f"{played}, stopping",
            "finished": "finished",
            "stopped": f"stopped at {played}; start it again and it goes on from there",
            "failed": f"failed: {self.line}",
        }
        return said[self.state]


class Runner:
    """Runs one batch at a time, and knows how far it is."""

    def __init__(self, results: Path = Path(RESULTS)) -> None:
        """Write into subfolders of `results`, as the command does."""
        self.results = results
        self.job: Job | None = None  # the last one
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def running(self) -> Job | None:
        """The batch that runs now."""
        return self.job if self.job and self.job.alive else None

    def order(self, entry: Entry) -> Order:
        """The order to begin with: of a batch that was stopped, the same."""
        job = self.job
        return job.order if job and job.state == "stopped" and job.order.entry is entry else Order(entry)

    async def start(self, order: Order, owner: str = "") -> Job:
        """Start a batch. Raises Busy if one is running, and OSError."""
        if self.running:
            raise Busy(f"{self.running.order.name} is running; only one experiment can run at a time. Try again later.")
        job = self.job = Job(order, owner)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", BEGIN, *order.command(self.results)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                limit=2**20,
                start_new_session=True,  # Ctrl-C in the server's terminal is for the server, which then stops it
            )
        except OSError as error:
            job.state, job.line = "failed", str(error)
            raise
        self._watching = asyncio.create_task(self._watch(job, self._process))
        return job

    async def stop(self) -> None:
        """Stop the batch that runs, and wait until it has ended; what was played stays."""
        job, process = self.running, self._process
        if job is None or process is None or self._watching is None:
            return
        if job.state == "stopping":
            await asyncio.shield(self._watching)
            return
        job.state = "stopping"
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT) if os.name == "posix" else process.terminate()
        try:
            await asyncio.wait_for(asyncio.shield(self._watching), PATIENCE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.terminate()
            await self._watching

    async def _watch(self, job: Job, process: asyncio.subprocess.Process) -> None:
        """Keep the job's account until its process ends."""
        said: deque[str] = deque(maxlen=LAST)
        counting = asyncio.create_task(self._count(job))
        try:
            assert process.stderr is not None
            async for line in process.stderr:
                said.append(" ".join(line.decode(errors="replace").split()))
            code = await process.wait()
        finally:
            counting.cancel()
        told = [line for line in said if line]
        job.line = told[-1].removeprefix("Error: ") if told else f"it ended with code {code} and said nothing"
        job.state = "finished" if code == 0 else "stopped" if job.state == "stopping" else "failed"

    async def _count(self, job: Job) -> None:
        """Look again and again how many of the job's runs are there."""
        folder = self.results / job.order.name
        try:
            slots = await asyncio.to_thread(job.order.slots)
        except (ExperimentError, OSError):
            return  # the batch says the same
        total, started = sum(slot.runs for slot in slots), False
        while True:
            done = await asyncio.to_thread(count_runs, slots, folder)
            if job.pace is None or (done > job.pace.done and not started):
                started = job.pace is not None
                job.pace = Pace(total, done)  # the clock starts with the first runs, not with what comes before
            job.pace.add(done - job.pace.done)
            job.left = (total - done) / job.pace.rate if job.pace.rate else 0.0
            if job.state != "stopping":
                job.state = "writing" if done == total else "playing" if started else "starting"
            await asyncio.sleep(OFTEN)
