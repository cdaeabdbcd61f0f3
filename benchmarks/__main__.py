"""`python -m benchmarks mesa`: what one run costs, and where the time goes."""

import json
import statistics
import time
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(help="Timings of the model, as medians and ratios within one run.", no_args_is_help=True)


@app.callback()
def benchmarks() -> None:
    """Timings of the model, as medians and ratios within one run."""


@app.command()
def mesa(
    repeats: Annotated[int, typer.Option(min=1, help="Runs behind each median.")] = 15,
    weeks: Annotated[int, typer.Option(min=1, max=1040, help="Weeks in each run.")] = 260,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """One run of the Mesa model: by roster, recorded or not, and the share that building and luck take."""
    from model.ceasefire import Ceasefire  # noqa: PLC0415  (imported here so that --help stays quick)
    from model.scenario import load_scenario  # noqa: PLC0415

    # Quiet settings, so that every run lives to the horizon and the medians compare like with like.
    quiet = {"force.size": 25000, "weeks": weeks, "violations.excitation_first": 8000, "crisis.spiral_deaths": 250}
    plan = load_scenario("baseline").with_settings(
        {**quiet, "russia.renewed_cost": 1.3, "russia.limited_cost": 0.9, "ukraine.attack_cost": 1.1}
    )
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
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()
    for _ in range(repeats):
        for name, job in jobs.items():  # interleaved, so that a slow spell hits all alike
            start = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(found) for name, found in times.items()}
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


if __name__ == "__main__":
    app()
