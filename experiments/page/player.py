"""Plays runs for all visitors on the cores of this machine: what is waited for first, and nothing twice."""

import asyncio
import itertools
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from enum import IntEnum
from functools import lru_cache
from queue import PriorityQueue
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.batch import drawn_runs
from experiments.chunks import DrawnRuns, Outcomes, describe_scenario, digest, engine
from experiments.design import Parameters
from experiments.page.findings import survival
from experiments.recorded import Recorded, collect
from model.outcomes import OUTCOMES
from model.scenario import Scenario

SEED = 1  # of all runs of the page: the luck that `ceasefire compare` and `ceasefire run` have too
CHUNK_WEEKS = 125 * 260  # of one job: about an eighth of a second of one core
TRACED = 10  # runs of one job that are recorded week by week
KEPT = 250_000  # runs whose outcomes stay in memory, 100 MB
KEPT_WEEKS = 2_000  # runs whose weeks do, 100 MB at most with five series over ten years
KEPT_CURVES = 50


class Urgency(IntEnum):
    """What is played first."""

    PICTURE = 0
    WEEKS = 1
    REFINE = 2
    MAP = 3


class Source(NamedTuple):
    """Where the uncertain parameters of runs come from."""

    parameters: Parameters = "posterior"
    rivals: bool = False


@lru_cache(maxsize=5)
def draws_of(source: Source) -> DrawnRuns | None:
    """What each run draws, the same for every plan; None when parameters are points."""
    return drawn_runs(source.parameters, source.rivals, SEED)


class Player:
    """Plays runs in threads, shares what it has played among all who ask, and drops what nobody waits for."""

    def __init__(self, threads: int | None = None) -> None:
        """Start the threads, one for each core unless told otherwise; they end with the process."""
        self._turns = itertools.count()
        self._queue: PriorityQueue[tuple[Urgency, int, Callable[[], None]]] = PriorityQueue()
        self._outcomes: OrderedDict[str, Outcomes] = OrderedDict()
        self._weeks: OrderedDict[str, Recorded] = OrderedDict()
        self._curves: OrderedDict[str, pd.DataFrame] = OrderedDict()
        for number in range(threads or os.cpu_count() or 1):
            threading.Thread(target=self._work, name=f"player {number}", daemon=True).start()

    async def runs(self, plan: Scenario, source: Source, count: int, urgency: Urgency) -> Outcomes:
        """Outcomes of runs 0 to `count - 1`, (count, len(OUTCOMES)), in the order of OUTCOMES.

        Runs that were played before, for whomever, are not played again. Of a call that is cancelled, what has not
        begun is not played.
        """
        key = _key(plan, source)
        have = self._outcomes.get(key, np.zeros((0, len(OUTCOMES))))
        if len(have) < count:
            each = max(1, CHUNK_WEEKS // plan.weeks)

            def play(first: int) -> Outcomes:
                draws, size = draws_of(source), min(each, count - first)
                drawn = draws(first).columns_for(plan, first, size) if draws else None
                return engine().play(plan, SEED, first, size, drawn)

            parts = await self._all(play, range(len(have), count, each), urgency)
            have = np.concatenate([have, *parts])
        if len(have) >= len(self._outcomes.get(key, ())):
            _keep(self._outcomes, key, have, KEPT, len)
        return have[:count]

    async def weeks(
        self, plan: Scenario, source: Source, count: int, series: Sequence[str], states: Sequence[str]
    ) -> Recorded:
        """Weekly series of runs 0 to `count - 1`, and what became of each state."""
        key = f"{_key(plan, source)} {count} {series} {states}"
        recorded = self._weeks.get(key)
        if recorded is None:

            def trace(first: int) -> list[NDArray[np.void]]:
                draws, size = draws_of(source), min(TRACED, count - first)
                drawn = draws(first).columns_for(plan, first, size) if draws else None
                return engine().traces(plan, SEED, first, size, drawn)

            found = await self._all(trace, range(0, count, TRACED), Urgency.WEEKS)
            worlds = enumerate(itertools.chain.from_iterable(found))
            recorded = await asyncio.to_thread(collect, worlds, plan, count, series, states)
        _keep(self._weeks, key, recorded, KEPT_WEEKS, lambda each: len(next(iter(each.series.values()))))
        return recorded

    def survival(self, plan: Scenario, source: Source, outcomes: Outcomes) -> pd.DataFrame:
        """The survival curve of runs 0 onwards of a plan, made once: what all others are compared with."""
        key = f"{_key(plan, source)} {len(outcomes)}"
        found = self._curves.get(key)
        if found is None:
            found = survival(outcomes, plan.weeks)
        _keep(self._curves, key, found, KEPT_CURVES, lambda _: 1)
        return found

    async def ready(self) -> None:
        """Wait until the machine code and the posterior's draws are there, and one run has been played."""
        await self._all(_prepare, [0], Urgency.PICTURE)

    async def _all[Found](self, job: Callable[[int], Found], places: Sequence[int], urgency: Urgency) -> list[Found]:
        """What a job gives at each place, in their order, each played when its turn comes unless this is cancelled."""
        futures = [self._queue_up(job, place, urgency) for place in places]
        return await asyncio.gather(*map(asyncio.wrap_future, futures))

    def _queue_up[Found](self, job: Callable[[int], Found], place: int, urgency: Urgency) -> "Future[Found]":
        future: Future[Found] = Future()

        def play() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(job(place))
            except BaseException as error:
                future.set_exception(error)

        self._queue.put((urgency, next(self._turns), play))
        return future

    def _work(self) -> None:
        while True:
            self._queue.get()[2]()


def _prepare(_: int) -> None:
    draws = draws_of(Source())
    if draws:
        draws(0)
    engine()


def _key(plan: Scenario, source: Source) -> str:
    return digest([describe_scenario(plan), *source])


def _keep[Kept](store: OrderedDict[str, Kept], key: str, found: Kept, most: int, size: Callable[[Kept], int]) -> None:
    """Put it last in the store, and forget what has not been asked for longest."""
    store[key] = found
    store.move_to_end(key)
    total = sum(map(size, store.values()))
    while total > most and len(store) > 1:
        total -= size(store.popitem(last=False)[1])
