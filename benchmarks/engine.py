"""The compiled engine against everything else that plays the same rules: ratios of speeds within one run."""

import multiprocessing
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from benchmarks.floor import Floor, has_gcc
from benchmarks.mesa_batch import REPORTED, play_with_mesa
from benchmarks.phases import CHANGING, build_loop, play_compiled, play_numpy, set_stage
from benchmarks.plain import play_plainly
from benchmarks.quiet import quiet_plan
from benchmarks.timing import cpu_seconds, ratio, time_rounds, wall_seconds
from experiments.chunks import CHUNK_RUNS
from model.engine import Engine
from model.engine.layout import lay_out
from model.luck import uniform
from model.outcomes import OUTCOMES
from model.scenario import Scenario, load_scenario

type Jobs = dict[str, Callable[[], float]]

SEED = 1
THREADS = 2
COMMANDS = (("--help",), ("run", "--set", "roster=paris"))
ROSTERS = ("paris", "willing", "europe", "allies")
READY = "import time; t = time.perf_counter(); from model.engine import Engine; Engine().compile(); "
READY += "print(time.perf_counter() - t)"
PEAK = "import atexit; from experiments.command import app; "
PEAK += "atexit.register(lambda: print(next(x.split()[1] for x in open('/proc/self/status') if 'VmHWM' in x))); app()"
BATCH = """name = "memory"
question = "Q1"
title = "Peak memory of a batch"
about = "One cell of short runs."
scenario = "baseline"
weeks = {weeks}
roster = "paris"
runs = 10
seed = 1
outcomes = ["held"]
figures = []

[grid]
"force.size" = [25000]
"""


class Size(NamedTuple):
    """How much is played; only the ratios and costs per state and week matter."""

    rounds: int
    weeks: int
    runs: int  # compiled, in each round
    slow_runs: int  # in Python, in each round
    pool_runs: int  # by two processes of Mesa
    loop_weeks: int
    loop_runs: int
    slider_runs: int
    thread_runs: int  # by one thread and by two
    batches: tuple[int, ...]  # runs of the batches whose memory is measured
    cold: bool  # whether to compile from scratch as well


USUAL = Size(7, 260, 1000, 3, 150, 52, 256, 2000, 4000, (10_000, 100_000), True)
LONG = USUAL._replace(batches=(10_000, 100_000, 1_000_000))
QUICK = Size(1, 10, 20, 1, 2, 4, 8, 20, 20, (20,), False)


def measure(size: Size) -> dict[str, Any]:
    """All measurements, as they go into the JSON."""
    engine = Engine()
    engine.compile()
    plan = quiet_plan(size.weeks)
    found: dict[str, Any] = {"machine": describe_machine(), "size": size._asdict()}
    found |= _race(engine, plan, size)
    found |= _race_threads(engine, plan, size)
    found["scaling_ns_per_state_week"] = _scale(engine, size)
    found["compile_seconds"] = _time_compiling(size)
    found["command_seconds"] = {" ".join(words): _time_command(words) for words in COMMANDS}
    found["memory"] = {str(runs): _measure_batch(runs, size) for runs in size.batches}
    return found


def describe_machine() -> dict[str, Any]:
    """What numbers depend on."""
    return {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("mesa", "numba", "numpy")},
    }


def _race(engine: Engine, plan: Scenario, size: Size) -> dict[str, Any]:
    """Cost of a state's week in CPU time of one thread, everybody taking turns."""
    floor = Floor(plan) if has_gcc() else None
    stage = set_stage(plan, size.loop_weeks, size.loop_runs)
    loop, deal = build_loop(), _build_deal()
    _check(engine, plan, floor, size)
    difference = _difference(play_compiled(stage, loop), play_numpy(stage))
    layout = lay_out(plan)
    luck = np.zeros(len(layout.purposes))

    def deal_all() -> None:
        deal(np.uint64(SEED), size.runs, plan.weeks, layout.purposes, layout.codes, luck)

    in_c: Jobs = {}
    if floor:
        in_c["C"] = partial(cpu_seconds, floor.play, plan, SEED, 0, size.runs)
        in_c["luck alone, C"] = partial(cpu_seconds, floor.deal, plan, SEED, 0, size.runs)
    context = multiprocessing.get_context("spawn")
    # Python's own contenders play in a process without Numba, whose many objects would slow their garbage collector.
    with ProcessPoolExecutor(1, context) as python:
        jobs: Jobs = {
            "compiled": partial(cpu_seconds, engine.play, plan, SEED, 0, size.runs),
            "mesa.batch_run": lambda: python.submit(cpu_seconds, play_with_mesa, plan, size.slow_runs, 1).result(),
            "plain Python": lambda: python.submit(cpu_seconds, play_plainly, plan, SEED, size.slow_runs).result(),
            **in_c,
            "luck alone, compiled": partial(cpu_seconds, deal_all),
            "loop, compiled": partial(cpu_seconds, play_compiled, stage, loop),
            "loop, NumPy": partial(cpu_seconds, play_numpy, stage),
        }
        times = time_rounds(jobs, size.rounds)
    fast, slow = (_state_weeks(engine, plan, runs) for runs in (size.runs, size.slow_runs))
    looped = size.loop_weeks * size.loop_runs * len(plan.roster)
    dealt = size.runs * plan.weeks * len(plan.roster)
    lived = {"mesa.batch_run": slow, "plain Python": slow, "loop, compiled": looped, "loop, NumPy": looped}
    lived |= {"luck alone, compiled": dealt, "luck alone, C": dealt}
    costs = {name: [1e9 * each / lived.get(name, fast) for each in seconds] for name, seconds in times.items()}
    compiled = costs["compiled"]
    return {
        "compiled_over_batch_run": ratio(costs["mesa.batch_run"], compiled),
        "compiled_over_plain": ratio(costs["plain Python"], compiled),
        "c_over_compiled": ratio(compiled, costs["C"]) if floor else None,
        "loop_compiled_over_numpy": ratio(costs["loop, NumPy"], costs["loop, compiled"]),
        "loop_largest_difference": difference,
        "luck_share_of_compiled": ratio(costs["luck alone, compiled"], compiled),
        "ns_per_state_week": {name: median(each) for name, each in costs.items()},
    }


def _check(engine: Engine, plan: Scenario, floor: Floor | None, size: Size) -> None:
    """Refuse to time what does not play the same runs: every contender's numbers must be the compiled engine's."""
    runs = size.slow_runs
    outcomes = engine.play(plan, SEED, 0, runs)
    ends = floor.play(plan, SEED, 0, runs) if floor else None
    plain = play_plainly(plan, SEED, runs)
    batch = {row["run"]: row for row in play_with_mesa(plan, runs, 1)}
    for run in range(runs):
        compiled = dict(zip(OUTCOMES, outcomes[run].tolist(), strict=True))
        agree = {
            "plain Python": plain[run] == compiled,
            "mesa.batch_run": all(batch[run][name] == compiled[name] for name in REPORTED),
            "C": ends is None or ends[run].tobytes() == engine.trace(plan, SEED, run)[-1].tobytes(),
        }
        for name, agrees in agree.items():
            if not agrees:
                raise RuntimeError(f"{name} does not play run {run} of the compiled engine; nothing was timed")


def _difference(compiled: Any, twin: dict[str, Any]) -> float:
    """The largest difference of a state variable, against the variable's largest size."""
    return float(
        max(np.abs(compiled[name] - twin[name]).max() / (np.abs(twin[name]).max() or 1.0) for name in CHANGING)
    )


def _build_deal() -> Any:
    """Dealing all luck and nothing else, to be compiled at its first call."""

    def deal(seed, runs, weeks, purposes, codes, luck):  # type: ignore[no-untyped-def]
        for run in range(runs):
            for t in range(weeks):
                for place in range(luck.shape[0]):
                    luck[place] = uniform(seed, np.uint64(run), np.uint64(t), purposes[place], codes[place])

    return njit(nogil=True)(deal)


def _state_weeks(engine: Engine, plan: Scenario, runs: int) -> float:
    """How many weeks the states of some runs live, all together."""
    weeks = engine.play(plan, SEED, 0, runs)[:, list(OUTCOMES).index("weeks_to_renewed_war")]
    return float(weeks.sum()) * len(plan.roster)


def _play_in_threads(engine: Engine, plan: Scenario, runs: int, threads: int) -> None:
    """Share runs among threads, in chunks as large as a batch's where there are enough."""
    part = min(CHUNK_RUNS, -(-runs // threads))
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda first: engine.play(plan, SEED, first, min(part, runs - first)), range(0, runs, part)))


def _race_threads(engine: Engine, plan: Scenario, size: Size) -> dict[str, Any]:
    """Wall time: one thread and two, two processes of Mesa, and from a changed slider to new runs."""
    baseline = load_scenario("baseline").with_settings({"roster": "europe", "weeks": size.weeks})
    slider = iter(range(1000, 1_000_000, 1000))

    def play(threads: int) -> float:
        return wall_seconds(_play_in_threads, engine, plan, size.thread_runs, threads)

    def slide() -> float:
        changed = {"force.size": next(slider)}
        return wall_seconds(
            lambda: _play_in_threads(engine, baseline.with_settings(changed), size.slider_runs, THREADS)
        )

    times = time_rounds({"one": partial(play, 1), "two": partial(play, THREADS), "slider": slide}, size.rounds)
    mesa = time_rounds(
        {str(n): partial(wall_seconds, play_with_mesa, plan, size.pool_runs, n) for n in (1, THREADS)}, 1, warm=True
    )
    two = median(times["two"]) / size.thread_runs
    return {
        "two_threads_over_one": ratio(times["one"], times["two"]),
        "two_threads_over_batch_run_two_processes": median(mesa["2"]) / size.pool_runs / two,
        "batch_run_two_processes_over_one": ratio(mesa["1"], mesa["2"]),
        "slider_seconds": median(times["slider"]),
    }


def _scale(engine: Engine, size: Size) -> dict[str, dict[str, float]]:
    """Cost of a state's week as states, weeks and runs grow, in CPU time of one thread."""
    plan = quiet_plan(size.weeks)
    plans = {
        f"{len((each := plan.with_settings({'roster': name})).roster)} states": (each, size.runs) for name in ROSTERS
    }
    plans |= {f"{n} weeks": (quiet_plan(n), size.runs) for n in (size.weeks // 5, size.weeks, size.weeks * 2)}
    plans |= {f"{n} runs": (plan, n) for n in (size.runs // 10, size.runs, size.runs * 10)}
    jobs = {name: partial(cpu_seconds, engine.play, each, SEED, 0, runs) for name, (each, runs) in plans.items()}
    lived = {name: _state_weeks(engine, *each) for name, each in plans.items()}
    times = time_rounds(jobs, min(size.rounds, 3), warm=True)
    costs = {name: 1e9 * median(times[name]) / lived[name] for name in plans}
    return {
        unit: {name.split()[0]: cost for name, cost in costs.items() if name.endswith(unit)}
        for unit in ("states", "weeks", "runs")
    }


def _time_compiling(size: Size) -> dict[str, float | None]:
    """Seconds from starting to import the engine until it is ready, in processes of their own."""

    def ready(folder: str | None) -> float:
        settings = os.environ | ({"NUMBA_CACHE_DIR": folder} if folder else {})
        told = subprocess.run([sys.executable, "-c", READY], check=True, capture_output=True, text=True, env=settings)
        return float(told.stdout)

    if not size.cold:
        return {"cold": None, "warm": ready(None)}
    with TemporaryDirectory() as folder:
        return {"cold": ready(folder), "warm": median(ready(folder) for _ in range(3))}


def _time_command(words: tuple[str, ...]) -> float:
    """Seconds that a command takes in a process of its own: the median of five."""
    code = f"from experiments.command import app; app({list(words)!r})"
    asked = [sys.executable, "-c", code]
    return median(wall_seconds(subprocess.run, asked, check=True, capture_output=True) for _ in range(5))


def _measure_batch(runs: int, size: Size) -> dict[str, float] | None:
    """Peak memory (MB) and seconds of `ceasefire batch` with short runs, on Linux."""
    if not Path("/proc/self/status").exists():
        return None
    with TemporaryDirectory() as folder:
        experiment = Path(folder, "memory.toml")
        experiment.write_text(BATCH.format(weeks=max(1, size.weeks // 5)))
        asked = ["batch", str(experiment), "--runs", str(runs), "--out", str(Path(folder, "results"))]
        start = time.perf_counter()
        told = subprocess.run([sys.executable, "-c", PEAK, *asked], check=True, capture_output=True, text=True)
        return {
            "peak_mb": int(told.stdout.split()[-1]) / 1024,
            "seconds": time.perf_counter() - start,
        }
