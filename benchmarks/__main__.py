"""`python -m benchmarks mesa | engine | page`: a run of Mesa, the compiled engine, the live page."""
# ruff: noqa: PLC0415  (imported inside the commands so that --help stays quick)

import json
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.timing import time_rounds, wall_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(help="Timings of the model, as medians and ratios within one run.", no_args_is_help=True)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.command()
def mesa(
    repeats: Annotated[int, typer.Option(min=1, help="Runs behind each median.")] = 15,
    weeks: Annotated[int, typer.Option(min=1, max=1040, help="Weeks in each run.")] = 260,
    as_json: _Json = False,
) -> None:
    """One run of the Mesa model: by roster, recorded or not, and the share that building and luck take."""
    from benchmarks.quiet import quiet_plan
    from model.ceasefire import Ceasefire

    plan = quiet_plan(weeks)
    paris, europe, allies = (plan.with_settings({"roster": name}) for name in ("paris", "europe", "allies"))

    def deal() -> None:
        luck = Ceasefire(europe).luck
        for week in range(weeks):
            luck.week(week)

    jobs: dict[str, Callable[[], object]] = {
        "build, europe": lambda: Ceasefire(europe),
        "build and deal all luck, europe": deal,
        "run, paris": lambda: Ceasefire(paris).play(),
        "run, europe": lambda: Ceasefire(europe).play(),
        "run, allies": lambda: Ceasefire(allies).play(),
        "run, europe, recorded": lambda: Ceasefire(europe, record=True).play(),
    }
    times = time_rounds({name: partial(wall_seconds, job) for name, job in jobs.items()}, repeats)
    medians = {name: median(each) for name, each in times.items()}
    base = medians["run, europe"]
    actors = len(europe.roster)
    found = {
        "seconds": medians,
        "over_europe": {name: value / base for name, value in medians.items()},
        "microseconds_per_state_week": 1e6 * base / weeks / actors,
        "states": {"paris": len(paris.roster), "europe": actors, "allies": len(allies.roster)},
        "weeks": weeks,
        "repeats": repeats,
    }
    if as_json:
        print(json.dumps(found, indent=2))
        return
    table = Table(title=f"One Mesa run of {weeks} weeks (median of {repeats})")
    table.add_column("what")
    table.add_column("seconds", justify="right")
    table.add_column("over a europe run", justify="right")
    for name, value in medians.items():
        table.add_row(name, f"{value:.4f}", f"{value / base:.2f}")
    Console().print(table)
    Console().print(f"{found['microseconds_per_state_week']:.1f} microseconds per state and week")


@app.command()
def engine(
    quick: Annotated[bool, typer.Option("--quick", help="Try it out: tiny counts, numbers that mean nothing.")] = False,
    long: Annotated[bool, typer.Option("--long", help="Measure the memory of a million runs as well.")] = False,
    as_json: _Json = False,
) -> None:
    """The compiled engine against Mesa, plain Python, NumPy and C; growth, memory, compile time."""
    from benchmarks import engine as timings

    found = timings.measure(timings.QUICK if quick else timings.LONG if long else timings.USUAL)
    if as_json:
        print(json.dumps(found, indent=2))
        return
    console = Console()
    costs = found["ns_per_state_week"]
    table = Table(title="One week of one state, with its share of all others")
    table.add_column("what")
    table.add_column("ns", justify="right")
    for name, cost in costs.items():
        table.add_row(name, f"{cost:,.1f}")
    console.print(table)
    table = Table(title="In short", show_header=False)
    for name, value in _lines(found):
        table.add_row(name, value)
    console.print(table)
    if "C" not in costs:
        console.print("C was left out: there is no gcc here.")
    console.print(", ".join(f"{name} {value}" for name, value in found["machine"].items()))


@app.command()
def page(
    quick: Annotated[bool, typer.Option("--quick", help="Try it out: tiny counts, numbers that mean nothing.")] = False,
    soak: Annotated[bool, typer.Option("--soak", help="Many visitors at once as well.")] = False,
    visitors: Annotated[int, typer.Option(min=1, max=100, help="How many, with --soak.")] = 20,
    minutes: Annotated[float, typer.Option(min=0.1, max=600, help="For how long, with --soak.")] = 5.0,
    as_json: _Json = False,
) -> None:
    """The live page in a real browser: from a moved control to its picture; many visitors at once."""
    from benchmarks import page as timings

    size = timings.QUICK if quick else timings.USUAL
    if soak:
        size = size._replace(visitors=visitors, minutes=minutes)
    try:
        found = timings.measure(size)
    except timings.NoBrowserError as error:
        Console(stderr=True).print(str(error))
        raise typer.Exit(1) from None
    if as_json:
        print(json.dumps(found, indent=2))
        return
    table = Table(title="The page, moved in Chromium", show_header=False)
    table.add_column("what")
    table.add_column("value", justify="right")
    for name, value in timings.lines(found):
        table.add_row(name, value)
    Console().print(table)
    Console().print(", ".join(f"{name} {value}" for name, value in found["machine"].items()))


def _lines(found: dict[str, Any]) -> list[tuple[str, str]]:
    """What else was found, in words."""
    lines = [
        (label, f"{found[key]:.2f}" if found[key] is not None else "no gcc")
        for label, key in {
            "speed: compiled over mesa.batch_run": "compiled_over_batch_run",
            "speed: the same, two threads over two processes": "two_threads_over_batch_run_two_processes",
            "speed: compiled over plain Python": "compiled_over_plain",
            "speed: C over compiled": "c_over_compiled",
            "speed: compiled loop over NumPy's": "loop_compiled_over_numpy",
            "speed: two threads over one": "two_threads_over_one",
            "speed: batch_run, two processes over one": "batch_run_two_processes_over_one",
            "luck's share of the compiled time": "luck_share_of_compiled",
            f"seconds from a changed slider to {found['size']['slider_runs']:,} runs": "slider_seconds",
        }.items()
    ]
    for unit, costs in found["scaling_ns_per_state_week"].items():
        lines.append((f"ns at {', '.join(costs)} {unit}", ", ".join(f"{cost:.1f}" for cost in costs.values())))
    for words, seconds in found["command_seconds"].items():
        lines.append((f"seconds of ceasefire {words}", f"{seconds:.2f}"))
    for name, seconds in found["compile_seconds"].items():
        lines.append((f"seconds until ready, {name}", "not measured" if seconds is None else f"{seconds:.1f}"))
    for runs, batch in found["memory"].items():
        told = "not measured" if batch is None else f"{batch['peak_mb']:.0f} MB, {batch['seconds']:.1f} s"
        lines.append((f"ceasefire batch, {int(runs):,} runs", told))
    return lines


if __name__ == "__main__":
    app()
