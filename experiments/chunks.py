"""What is played: the runs of a batch in chunks, each named by all that decides its numbers."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.design import ExperimentError
from experiments.draws import Draws
from model.fingerprint import fingerprint, numerics
from model.register import load_register
from model.scenario import Scenario

if TYPE_CHECKING:
    from model.engine import Engine

CHUNK_RUNS = 500  # at most in one chunk: about half a second of work, which is what a stop may cost

type DrawnRuns = Callable[[int], Draws]  # what some runs drew, the one asked for and those around it
type Outcomes = NDArray[np.float64]  # a row for each run, a column for each of model.outcomes.OUTCOMES


class Origin(NamedTuple):
    """Where numbers come from: the model's fingerprint, and that of the processor's exp, log and the like."""

    model: str
    numerics: str


@dataclass(frozen=True)
class Piece:
    """Runs `first` to `first + count - 1` of one scenario, with what is drawn for each."""

    scenario: Scenario
    first: int
    count: int
    drawn: Mapping[str, NDArray[np.float64]] | None


class Chunk(NamedTuple):
    """What one call plays, wherever it runs."""

    name: str  # of its shard
    origin: Origin
    seed: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Part:
    """Where some runs of a cell lie: their shard, and the row in it at which they begin."""

    shard: str
    row: int
    count: int


class Slot(NamedTuple):
    """A chunk to be: its name, its runs, and (place of the scenario, first, count) of each piece."""

    name: str
    runs: int
    pieces: tuple[tuple[int, int, int], ...]


class Plan:
    """The chunks of a batch with the same number of runs in each cell; cells that are equal share theirs.

    Chunks begin at run 0, CHUNK_RUNS, 2 CHUNK_RUNS and so on of a cell, so that a batch with more runs finds
    those of a smaller one; cells with few runs are packed together, in their order.
    """

    def __init__(
        self, scenarios: Sequence[Scenario], runs: int, seed: int, draws: DrawnRuns | None, origin: Origin
    ) -> None:
        """Cut and name the chunks of `runs` runs of each cell's scenario."""
        names = [digest(describe_scenario(scenario)) for scenario in scenarios]
        distinct = dict(zip(names, scenarios, strict=True))
        places = {name: place for place, name in enumerate(distinct)}
        self.runs = runs
        self._cells = [places[name] for name in names]
        self._scenarios = list(distinct.values())
        self._seed, self._draws, self._origin = seed, draws, origin
        self._parts: list[list[Part]] = [[] for _ in distinct]
        self.slots: list[Slot] = []
        drawn = cache(lambda first, count: draws(first).digest(first, count) if draws else "")
        described = list(distinct)
        for pieces in _pack(len(described), runs):
            content = [(described[place], first, count, drawn(first, count)) for place, first, count in pieces]
            slot = Slot(digest([*origin, seed, content]), sum(count for _, _, count in pieces), tuple(pieces))
            row = 0
            for place, _, count in pieces:
                self._parts[place].append(Part(slot.name, row, count))
                row += count
            self.slots.append(slot)

    def chunk(self, slot: Slot) -> Chunk:
        """What to play for a slot."""
        pieces = []
        for place, first, count in slot.pieces:
            scenario = self._scenarios[place]
            drawn = self._draws(first).columns_for(scenario, first, count) if self._draws else None
            pieces.append(Piece(scenario, first, count, drawn))
        return Chunk(slot.name, self._origin, self._seed, tuple(pieces))

    def parts(self, cell: int) -> list[Part]:
        """Where the runs of a cell lie, in their order; cells by their place in the experiment."""
        return self._parts[self._cells[cell]]


def play_chunk(chunk: Chunk) -> Outcomes:
    """The outcomes of all runs of a chunk, piece after piece.

    Raises ExperimentError where the model or the arithmetic is not the one that the chunk was made for.
    """
    if origin() != chunk.origin:
        same_model = origin().model == chunk.origin.model
        what = "a processor that rounds otherwise" if same_model else "another version of the model"
        raise ExperimentError(
            f"--scheduler: a worker has {what}; give all machines the same ceasefire and the same kind of "
            "processor and C library"
        )
    machine = engine()
    return np.concatenate(
        [machine.play(each.scenario, chunk.seed, each.first, each.count, each.drawn) for each in chunk.pieces]
    )


@cache
def origin() -> Origin:
    """What this process plays with."""
    return Origin(fingerprint(), numerics())


def engine(say: Callable[[str], None] = lambda _: None) -> "Engine":
    """This process's engine, compiled; `say` hears of it if that takes long."""
    with _lock:
        if not _engines:
            from model.engine import Engine  # noqa: PLC0415  (Numba and Mesa take seconds)

            made = Engine()
            made.compile(say)
            if fingerprint() != origin().model:
                raise ExperimentError("the model's files have changed since the batch began; give the command again")
            _engines.append(made)
        return _engines[0]


_lock = threading.Lock()
_engines: list["Engine"] = []  # one for each process: it cannot travel with a chunk


def describe_scenario(scenario: Scenario) -> dict[str, Any]:
    """Everything of a scenario that the model reads: horizon, roster, data of the states, all parameters."""
    values = {name: parameter.value for name, parameter in load_register().items()}
    return {
        "start": scenario.start.isoformat(),
        "weeks": scenario.weeks,
        "roster": list(scenario.roster),
        "parameters": {**values, **scenario.overrides},
        "states": {iso3: dict(cells) for iso3, cells in scenario.states.items()},
    }


def digest(content: object) -> str:
    """Hash of anything that JSON can write."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _pack(scenarios: int, runs: int) -> Iterator[list[tuple[int, int, int]]]:
    """(place of the scenario, first, count) of all runs, in order, packed into chunks of up to CHUNK_RUNS."""
    packed: list[tuple[int, int, int]] = []
    size = 0
    for place in range(scenarios):
        for first in range(0, runs, CHUNK_RUNS):
            count = min(CHUNK_RUNS, runs - first)
            if packed and size + count > CHUNK_RUNS:
                yield packed
                packed, size = [], 0
            packed.append((place, first, count))
            size += count
    if packed:
        yield packed
