"""Runs an experiment: what varies (its design), how it runs (an executor), where it goes (a store)."""

import errno
import math
import os
import shlex
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import get_args

from rich.console import Console

from experiments.chunks import DrawnRuns, Plan, origin
from experiments.design import MOST_RUNS, Cell, Experiment, ExperimentError, Parameters, load_experiment
from experiments.draws import Draws, beside, draw_parameters, draw_switches
from experiments.executors import Executor, Mapper, choose_executor
from experiments.progress import show_progress
from experiments.store import Damaged, Store, sole_writer
from model.luck import LIMIT
from model.register import did_you_mean, load_register, nearest, show
from model.scenario import Scenario

DRAWN_RUNS = 10_000  # whose parameters are in memory at once; chunks never straddle two such blocks
ROUND = 500  # runs: what --precision adds is a multiple of this
GROWTH = 4  # times: at most so many runs after a round as before


def run_experiment(
    name_or_path: str,
    *,
    runs: int | None = None,
    precision: float | None = None,
    threads: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    seed: int | None = None,
    parameters: str | None = None,
    out: str | Path | None = None,
    console: Console | None = None,
) -> list[Path]:
    """Run an experiment and return the files it wrote, in `out` (default results/NAME).

    Runs that are in the folder's shards already, of an interrupted or smaller batch, are not played again.
    Results depend on the experiment, runs and seed alone. With `precision`, runs are added to all cells until
    the 95% interval of the experiment's first outcome is at most so wide to either side in every cell. Raises
    ExperimentError for a user's mistake, before anything runs, and OSError if the folder cannot be written.
    """
    started = datetime.now(UTC)
    progress = console or Console(stderr=True)  # so that the summary can be piped
    executor = choose_executor(threads, workers, scheduler)
    if precision is not None and not 0 < precision < math.inf:
        raise ExperimentError(f"--precision: {precision} is not allowed; a number above 0, such as 0.01")
    experiment, source = load_experiment(name_or_path)
    changed: dict[str, object] = {
        "runs": _whole_number("--runs", runs, 1, MOST_RUNS) or experiment.runs,
        "seed": experiment.seed if seed is None else _whole_number("--seed", seed, 0, LIMIT - 1),
    }
    if parameters is not None:
        changed["parameters"] = one_of("--parameters", parameters, get_args(Parameters))
        if parameters == "point":
            changed["switches"] = False
    experiment = experiment.model_copy(update=changed)
    if out is not None and not str(out):
        raise ExperimentError("--out: is empty; name a folder")
    directory = Path(out) if out is not None else Path("results") / experiment.name
    cells = experiment.cells(source)
    try:
        store = Store(directory)
    except OSError as error:
        raise ExperimentError(f"--out: {directory}: cannot be written ({error.strerror})") from None
    command = ["ceasefire", "batch", name_or_path, "--runs", str(experiment.runs), "--seed", str(experiment.seed)]
    command += [] if precision is None else ["--precision", f"{precision:g}"]
    command += [] if parameters is None else ["--parameters", parameters]
    command += [] if out is None else ["--out", str(out)]

    with ExitStack() as stack:
        try:
            stack.enter_context(sole_writer(directory))
        except BlockingIOError:
            raise ExperimentError(f"--out: {directory}: another batch is writing there") from None
        batch = Batch(experiment, cells, store, executor, progress, stack)
        plan = batch.play(experiment.runs) if precision is None else batch.play_until(precision)
        # These imports take seconds, and a user's mistake should be told before.
        from experiments.report import write_report  # noqa: PLC0415
        from experiments.results import Asked  # noqa: PLC0415
        from experiments.summary import show_summary  # noqa: PLC0415

        asked = Asked(
            experiment.model_copy(update={"runs": plan.runs}),
            cells,
            batch.draws,
            origin(),
            precision,
            executor.name,
            shlex.join(command),
            started,
        )
        damaged: set[Path] = set()
        while True:
            try:
                results, written = write_report(store, plan, asked)
                break
            except Damaged as error:
                if error.path in damaged:  # played again, and still not readable
                    raise OSError(errno.EIO, os.strerror(errno.EIO), str(error.path)) from None
                damaged.add(error.path)
                batch.play(plan.runs)
    (console or Console()).print(show_summary(results))
    return written


@dataclass(frozen=True)
class Batch:
    """Plays the runs of an experiment that are not in the store yet."""

    experiment: Experiment
    cells: list[Cell]
    store: Store
    executor: Executor
    console: Console
    stack: ExitStack  # closes the executor, which is opened when there is something to play

    @cached_property
    def draws(self) -> DrawnRuns | None:
        """What each run draws, the same in every cell; None when the parameters are points."""
        return drawn_runs(self.experiment.parameters, self.experiment.switches, self.experiment.seed)

    @cached_property
    def _mapper(self) -> Mapper:
        return self.stack.enter_context(self.executor.open(self._say))

    def play(self, runs: int) -> Plan:
        """Play what is missing of `runs` runs of each cell. Returns where they lie."""
        scenarios = [cell.scenario for cell in self.cells]
        plan = Plan(scenarios, runs, self.experiment.seed, self.draws, origin())
        missing = [slot for slot in plan.slots if not self.store.has(slot.name, slot.runs)]
        total = sum(slot.runs for slot in plan.slots)
        ready = total - sum(slot.runs for slot in missing)
        if ready:
            self._say(f"{ready:,} of {total:,} runs are there already")
        if not missing:
            return plan
        mapper = self._mapper
        with (
            show_progress(self.console, self.experiment.name, total, ready) as report,
            closing(mapper(plan.chunk(slot) for slot in missing)) as played,
        ):
            for chunk, outcomes in played:
                self.store.write(chunk.name, outcomes)
                report(len(outcomes))
        return plan

    def play_until(self, precision: float) -> Plan:
        """Play more and more runs until the first outcome's intervals are as narrow as asked in every cell."""
        name = self.experiment.outcomes[0]
        runs = _next_round(self.experiment.runs)
        while True:
            plan = self.play(runs)
            half = self._widest(plan, name)
            if half <= precision:
                self._say(f"{runs:,} runs a cell give {name} to within {half:.3g} everywhere")
                return plan
            if runs == MOST_RUNS:
                self._say(f"{name} is known to within {half:.3g}, not {precision:g}: {runs:,} runs a cell are the most")
                return plan
            needed = more_runs(runs, half, precision)
            self._say(f"{runs:,} runs a cell give {name} to within {half:.3g}; going on to {needed:,}")
            runs = needed

    def _widest(self, plan: Plan, name: str) -> float:
        """Half the width of the widest 95% interval of an outcome among the cells."""
        from experiments.intervals import estimate  # noqa: PLC0415  (SciPy takes a while)

        while True:
            try:
                found = [estimate(name, self.store.column(plan.parts(place), name)) for place in range(len(self.cells))]
            except Damaged:
                self.play(plan.runs)
            else:
                return max((interval.high - interval.low) / 2 for interval in found)

    def _say(self, text: str) -> None:
        self.console.print(f"{self.experiment.name}: {text}", highlight=False, soft_wrap=True)


def drawn_runs(parameters: Parameters, switches: bool, seed: int) -> DrawnRuns | None:
    """What each run draws, the same in every cell; None when the parameters are points."""
    if parameters == "point":
        return None

    @lru_cache(maxsize=2)
    def draw(first: int) -> Draws:
        return draw_runs(parameters, switches, DRAWN_RUNS, seed, first)

    return lambda first: draw(first - first % DRAWN_RUNS)


def draw_runs(parameters: Parameters, switches: bool, runs: int, seed: int, first: int) -> Draws:
    """What runs `first` onwards draw, from the posterior or the prior; the rival theories too if asked."""
    if parameters == "prior":
        return draw_parameters(load_register(), runs, seed, switches, first)
    from experiments.posterior import load_posterior  # noqa: PLC0415  (pyarrow takes a while)

    drawn = load_posterior().draw(runs, seed, first)
    return beside(drawn, draw_switches(load_register(), runs, seed, first)) if switches else drawn


def draw_one(scenario: Scenario, parameters: str, seed: int, run: int) -> Scenario:
    """The scenario with what one run of a batch draws on top, so that the run can be told as a story.

    Raises ExperimentError for a source that there is not.
    """
    one_of("--parameters", parameters, get_args(Parameters))
    if parameters == "point":
        return scenario
    drawn = draw_runs("prior" if parameters == "prior" else "posterior", False, 1, seed, run)
    found = {name: float(value) for name, value in zip(drawn.names, drawn.values[0], strict=True)}
    return scenario.with_settings({name: value for name, value in found.items() if name not in scenario.overrides})


def more_runs(runs: int, half: float, precision: float) -> int:
    """How many runs a cell to try next, when `runs` gave an interval that is `half` wide to either side."""
    needed = min(runs * (half / precision) ** 2, GROWTH * runs)
    return min(_next_round(max(math.ceil(needed), runs + 1)), MOST_RUNS)


def _next_round(runs: int) -> int:
    return math.ceil(runs / ROUND) * ROUND


def one_of(option: str, value: str, known: tuple[str, ...]) -> str:
    """The value, if it is one of those that are known; else ExperimentError with the nearest."""
    if value not in known:
        hint = did_you_mean(nearest(value, known))
        raise ExperimentError(f"{option}: {show(value)} is not allowed; {' | '.join(known)}{hint}")
    return value


def _whole_number(option: str, value: int | None, low: int, high: int) -> int | None:
    if value is not None and not (isinstance(value, int) and low <= value <= high):
        raise ExperimentError(f"{option}: {value} is not allowed; a whole number from {low} to {high:,}")
    return value
