"""The kernel: runs of one scenario, one after the other, in compiled code."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from model.actors import Luck
from model.engine.linking import digest, hand_over, on_stack
from model.luck import uniform
from model.outcomes import OUTCOMES
from model.week import begin, week


class World(NamedTuple):
    """The actors of a run as records, as `model.week` takes them; places in the order of `model.cast`."""

    states: Any
    us: Any
    russia: Any
    ukraine: Any
    force: Any
    europe: Any
    institutions: Any
    line: Any
    parameters: Any


def build_kernel(rules: Sequence[Callable[..., Any]], cached: bool) -> Any:
    """The kernel for these rules, compiled at its first call or, if `cached`, taken from Numba's cache on disk.

    Numba's cache sees a change in this file, but not in the functions that this one calls. It does see what the
    function encloses: a hash of all code and constants that are to be compiled.
    """
    contents = digest([*rules, begin, week, _deal, _read])

    def play(  # type: ignore[no-untyped-def]
        seed, first, parameters, start, flat, actors, luck_flat, luck, purposes, codes, weeks, outcomes, trace
    ):
        contents  # noqa: B018  (what makes it enclosed)
        dealt = Luck(luck[0], luck[1][0], luck[2][0], luck[3][0], luck[4][0], luck[5][0], luck[6][0])
        for run in range(outcomes.shape[0]):
            p = on_stack(parameters[run % parameters.shape[0]])
            world: Any = World(
                actors[0], actors[1][0], actors[2][0], actors[3][0], actors[4][0], actors[5][0], actors[6],
                actors[7][0], p
            )  # fmt: skip
            number = np.uint64(first + run)
            for place in range(flat.shape[0]):
                flat[place] = start[place]
            _deal(luck_flat, seed, number, np.uint64(0), purposes, codes)
            begin(world, p, dealt)
            for t in range(weeks):
                if t > 0:
                    _deal(luck_flat, seed, number, np.uint64(t), purposes, codes)
                lasts = week(world, p, dealt)
                if trace.shape[0] > 0:
                    for place in range(flat.shape[0]):
                        trace[run * weeks + t, place] = flat[place]
                if not lasts:
                    break
            _read(world, outcomes[run])

    try:
        return njit(nogil=True, cache=cached)(play)
    except RuntimeError:  # nowhere to keep a cache
        return njit(nogil=True)(play)


def _deal(luck: Any, seed: Any, run: Any, t: Any, purposes: Any, codes: Any) -> None:
    """Deal one week's luck."""
    for place in range(luck.shape[0]):
        luck[place] = uniform(seed, run, t, purposes[place], codes[place])


def _reader() -> Any:
    """One function that reads every outcome off a world: Numba cannot loop over functions."""
    lines = [f"    out[{place}] = read_{place}(world)" for place in range(len(OUTCOMES))]
    names: dict[str, Any] = {f"read_{place}": outcome.read for place, outcome in enumerate(OUTCOMES.values())}
    exec("\n".join(["def read(world, out):", *lines]), names)
    return names["read"]


_read = _reader()
for function in (begin, week, _deal, _read):
    hand_over(function)
