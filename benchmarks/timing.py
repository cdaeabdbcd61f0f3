"""Interleaved timing: each round times every job once, so that a slow spell hits all alike."""

import time
from collections.abc import Callable, Mapping
from statistics import median


def cpu_seconds[**P](job: Callable[P, object], *given: P.args, **named: P.kwargs) -> float:
    """Processor time of one call in this process."""
    start = time.process_time()
    job(*given, **named)
    return time.process_time() - start


def wall_seconds[**P](job: Callable[P, object], *given: P.args, **named: P.kwargs) -> float:
    """Time on the clock that one call takes."""
    start = time.perf_counter()
    job(*given, **named)
    return time.perf_counter() - start


def time_rounds(jobs: Mapping[str, Callable[[], float]], rounds: int, warm: bool = False) -> dict[str, list[float]]:
    """Seconds that each job says it took in each round; unless all is `warm`, a round before them does not count."""
    if not warm:
        for job in jobs.values():
            job()
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            times[name].append(job())
    return times


def ratio(above: list[float], below: list[float]) -> float:
    """Median over the rounds of one job's cost over another's in the same round."""
    return median(one / two for one, two in zip(above, below, strict=True))
