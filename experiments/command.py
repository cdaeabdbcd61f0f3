"""The `ceasefire` command. Heavy libraries are imported inside the commands, so that help is quick."""
# ruff: noqa: PLC0415

from collections.abc import Sequence
from pathlib import Path
from shlex import join
from typing import TYPE_CHECKING, Annotated

import typer

from experiments import batch_command, compare_command, page_command, validate_command
from experiments.door import STOPPED, OneLine
from experiments.plots import check_plot, write_plot

if TYPE_CHECKING:
    from model.ceasefire import Ceasefire
    from model.scenario import Scenario

app = typer.Typer(
    cls=OneLine,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_Setting = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one setting; repeat for more. Keys as [cyan]ceasefire params[/cyan] shows them.",
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output and nothing else.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"ceasefire {version('ceasefire')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def about(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Simulate whether a ceasefire in Ukraine holds.

    European states, the United States, Russia and Ukraine act week by week.
    It never predicts: it shows which assumptions lead where.

    Start with [cyan]ceasefire run[/cyan], then try [cyan]ceasefire run --set force.size=25000[/cyan].
    """
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


@app.command()
def scenarios(json: _Json = False) -> None:
    """List the scenarios that come with the model, and what each one changes.

    A file of your own works as well: [cyan]ceasefire run my.toml[/cyan].
    """
    from experiments import terminal
    from model.scenario import list_scenarios

    found = list_scenarios()
    if json:
        terminal.print_json([{"name": each.name, "about": each.about, "changes": each.changes()} for each in found])
    else:
        terminal.show_scenarios(found)


@app.command()
def params(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A parameter (force.size), a group (force), a column of the states' data (states.support), "
            "a state (FRA) or states. Without it: all parameters.",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Only levers, uncertainties, constants or switches.", metavar="KIND")
    ] = None,
    group: Annotated[str | None, typer.Option(help="Only this group.", metavar="GROUP")] = None,
    json: _Json = False,
) -> None:
    """Show every number of the model: value, unit, range, kind, grade, and where it comes from.

    Examples:
    [cyan]ceasefire params --kind lever[/cyan]
    [cyan]ceasefire params force.size[/cyan]
    [cyan]ceasefire params FRA[/cyan]
    """
    from experiments import terminal
    from experiments.lookup import as_json, look_up

    found = look_up(name, kind, group)
    if json:
        terminal.print_json(as_json(found))
    else:
        terminal.show_found(found)


@app.command()
def run(
    scenario: Annotated[
        str, typer.Argument(help="A scenario's name, or a file such as my.toml.", metavar="SCENARIO")
    ] = "baseline",
    *,
    settings: _Setting = None,
    seed: Annotated[int, typer.Option(help="The luck: the same seed and run play the same history.")] = 1,
    number: Annotated[int, typer.Option("--run", help="Which history of that seed.", metavar="INTEGER")] = 0,
    weeks: Annotated[
        int | None,
        typer.Option(help="Weeks to play instead of the scenario's; 52 to a year.", show_default=False),
    ] = None,
    parameters: Annotated[
        str,
        typer.Option(
            help="Uncertain parameters: point (the register's values), or as run N of a batch with this seed draws "
            "them from the posterior or the prior."
        ),
    ] = "point",
    json: _Json = False,
    plot: Annotated[
        Path | None,
        typer.Option(help="Also draw the run: FILE.png, .svg or .pdf.", metavar="FILE", show_default=False),
    ] = None,
) -> None:
    """Play one history and tell it: what happened when, and how it ended.

    One run is an anecdote; [cyan]ceasefire batch[/cyan] gives odds.

    Examples:
    [cyan]ceasefire run[/cyan]
    [cyan]ceasefire run --set force.size=25000 --set guarantee.form=ratified[/cyan]
    [cyan]ceasefire run my.toml --seed 7 --plot run.png[/cyan]
    """
    from model.luck import LIMIT
    from model.scenario import load_scenario

    for option, value in (("--seed", seed), ("--run", number)):
        if not 0 <= value < LIMIT:
            raise typer.BadParameter(f"{value} is out of range; allowed 0 to {LIMIT - 1}", param_hint=option)
    check_plot(plot)
    changed = list(settings or ()) + ([] if weeks is None else [f"weeks={weeks}"])
    chosen = load_scenario(scenario, changed)
    if parameters != "point":
        from experiments.batch import draw_one

        chosen = draw_one(chosen, parameters, seed, number)

    from experiments import terminal
    from model.ceasefire import Ceasefire

    played = Ceasefire(chosen, seed=seed, run=number, record=True)
    played.play()
    if plot is not None:
        _draw(played, plot)
    if json:
        terminal.print_json(_as_json(played, chosen, seed, number))
    else:
        terminal.show_run(played, chosen, seed, number, _command(scenario, changed, parameters, seed, number))


app.command()(batch_command.experiments)
app.command()(batch_command.batch)
app.command()(compare_command.compare)
app.command()(batch_command.report)
app.command()(page_command.page)


@app.command()
def calibrate(
    *,
    seed: Annotated[int, typer.Option(help="Luck of the calibration.")] = 1,
    waves: Annotated[int, typer.Option(help="Rounds of runs and emulators.")] = 3,
    points: Annotated[int, typer.Option(help="Parameter sets tried in each wave.")] = 600,
    sets: Annotated[int, typer.Option(help="Parameter sets of the posterior.")] = 300,
    out: Annotated[
        str | None,
        typer.Option(help="Folder for the posterior.", metavar="DIR", show_default="where experiments find it"),
    ] = None,
) -> None:
    """Calibrate the model: from the register's priors to a posterior, by past ceasefires and other evidence.

    Takes a quarter of an hour or more. Stop with Ctrl-C and call it again: it goes on where it was.
    """
    from experiments.calibrate import Size, run_calibration

    try:
        written = run_calibration(seed=seed, size=Size(waves, points, sets), out=out)
    except KeyboardInterrupt:
        typer.echo("Stopped; the same command goes on from here.", err=True)
        raise typer.Exit(STOPPED) from None
    for path in written:
        typer.echo(path)


app.add_typer(validate_command.app, name="validate")


def _draw(played: "Ceasefire", plot: Path) -> None:
    from experiments.figures import plot_run

    write_plot(plot_run(played), plot)


def _as_json(played: "Ceasefire", scenario: "Scenario", seed: int, number: int) -> dict[str, object]:
    from model.outcomes import OUTCOMES

    outcomes = played.outcomes()
    return {
        "scenario": scenario.name,
        "seed": seed,
        "run": number,
        "start": scenario.start.isoformat(),
        "weeks": scenario.weeks,
        "roster": scenario.roster,
        "parameters_changed": {name: value for name, value in scenario.changes().items() if "." in name},
        "outcomes": outcomes,
        "outcome_units": {name: OUTCOMES[name].unit for name in outcomes},
        "series": played.series,
    }


def _command(scenario: str, changed: Sequence[str], parameters: str, seed: int, number: int) -> str:
    """The command that gives this run again."""
    settings = [part for setting in changed for part in ("--set", setting)]
    settings += [] if parameters == "point" else ["--parameters", parameters]
    return join(["ceasefire", "run", scenario, *settings, "--seed", str(seed), "--run", str(number)])
