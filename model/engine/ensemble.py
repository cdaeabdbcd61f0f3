"""Many runs at once: the same numbers as `model.ceasefire.Ceasefire`, bit for bit, a hundred times as fast."""

import threading
from collections.abc import Callable, Mapping

import numpy as np
from numba.core.errors import NumbaError, UnsupportedBytecodeError
from numpy.typing import NDArray

from model.agents import CLASSES, Actor, choose_classes
from model.engine.kernel import build_kernel
from model.engine.layout import allot, lay_out, parameter_rows
from model.engine.linking import bind_rules, rules_of
from model.luck import check_word
from model.outcomes import OUTCOMES
from model.scenario import Scenario, load_scenario

PATIENCE = 5.0  # seconds: reading the cache takes less, compiling takes much more


class Engine:
    """Plays a scenario many times in compiled code.

    The rules are the methods of the agents' classes, `classes` replaces some by name, as for
    `model.ceasefire.Ceasefire`. One engine serves any number of scenarios and threads.
    """

    def __init__(self, classes: Mapping[str, type[Actor]] | None = None) -> None:
        """Bind the rules; nothing is compiled yet. ValueError for a class name that there is not."""
        self._classes = choose_classes(classes)
        for kind in self._classes.values():
            bind_rules(kind)
        rules = [rule for kind in self._classes.values() for rule in rules_of(kind).values()]
        self._kernel = build_kernel(rules, cached=self._classes == CLASSES)

    def compile(self, say: Callable[[str], None] | None = None) -> None:
        """Make the machine code ready, from the cache if it is there; `say` is told once if it takes long."""
        timer = threading.Timer(PATIENCE, say or (lambda _: None), ["compiling the model, once after each change"])
        timer.start()
        try:
            self.play(load_scenario("baseline"), 0, 0, 0)
        finally:
            timer.cancel()

    def play(
        self,
        scenario: Scenario,
        seed: int,
        first: int,
        count: int,
        drawn: Mapping[str, NDArray[np.float64]] | None = None,
    ) -> NDArray[np.float64]:
        """Outcomes of runs `first` to `first + count - 1`, of shape (count, len(OUTCOMES)), in the order of OUTCOMES.

        `drawn` puts parameters on top of the scenario's: dotted name to `count` numbers as the rules see them,
        one for each run. Other threads go on meanwhile. Raises ValueError if seed or runs leave [0, 2**32), and
        FloatingPointError if an outcome is not finite.
        """
        outcomes = np.zeros((count, len(OUTCOMES)))
        self._play(scenario, seed, first, outcomes, np.zeros((0, 0)), drawn or {})
        if not np.isfinite(outcomes).all():
            run, column = np.argwhere(~np.isfinite(outcomes))[0]
            raise FloatingPointError(f"{list(OUTCOMES)[column]} of run {first + run}, seed {seed}, is not finite")
        return outcomes

    def trace(
        self, scenario: Scenario, seed: int = 1, run: int = 0, drawn: Mapping[str, float] | None = None
    ) -> NDArray[np.void]:
        """Every state variable of every actor after each week lived: a record array of shape (weeks,).

        Its fields are the places of the world; `trace["russia"]["belief"]` is a column, and
        `trace["states"]["support"]` has one for each state. `drawn` puts parameters on top of the scenario's.
        """
        columns = {name: np.array([value]) for name, value in (drawn or {}).items()}
        return self.traces(scenario, seed, run, 1, columns)[0]

    def traces(
        self,
        scenario: Scenario,
        seed: int,
        first: int,
        count: int,
        drawn: Mapping[str, NDArray[np.float64]] | None = None,
    ) -> list[NDArray[np.void]]:
        """The same for runs `first` to `first + count - 1`, with `drawn` as in `play`: about 2 MB a run."""
        stage = lay_out(scenario, self._classes)
        whole = np.dtype([(place, layout, (number,)) for place, (layout, number) in stage.places.items()])
        worlds = np.zeros((count, scenario.weeks), whole)
        outcomes = np.zeros((count, len(OUTCOMES)))
        rows = worlds.view(np.float64).reshape(count * scenario.weeks, -1)
        self._play(scenario, seed, first, outcomes, rows, drawn or {})
        return [world[: int(world["line"]["week"].max(initial=0.0))] for world in worlds]

    def _play(
        self,
        scenario: Scenario,
        seed: int,
        first: int,
        outcomes: NDArray[np.float64],
        trace: NDArray[np.float64],
        drawn: Mapping[str, NDArray[np.float64]],
    ) -> None:
        """Fill `outcomes`, and `trace` if it has rows."""
        count = len(outcomes)
        check_word("run", first + max(count - 1, 0))
        stage = lay_out(scenario, self._classes)
        world, luck = allot(stage.places), allot(stage.luck)
        arguments = (
            np.uint64(check_word("seed", seed)),
            check_word("run", first),
            parameter_rows(scenario, drawn, count),
            stage.start,
            world.flat,
            world.records,
            luck.flat,
            luck.records,
            stage.purposes,
            stage.codes,
            scenario.weeks,
            outcomes,
            trace,
        )
        try:
            self._kernel(*arguments)
        except (NumbaError, UnsupportedBytecodeError) as error:
            raise TypeError(f"a rule of these classes cannot be compiled: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    """What Numba means, in one line: its messages spell out every record."""
    lines = [line.strip() for line in str(error).splitlines()]
    wanted = [line for line in lines if line.startswith(("Untyped", "Unknown attribute", "Use of unsupported", "File"))]
    return " ".join(wanted[:2] or lines[:2])[:300]
