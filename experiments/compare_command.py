"""`ceasefire compare`: scenarios side by side, under the same luck."""
# ruff: noqa: PLC0415

from pathlib import Path
from typing import Annotated

import typer

from experiments.plots import check_plot, write_plot


def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Two or more: a scenario's name or a file, as it is or with settings of its own after a colon, "
            "NAME:KEY=VALUE,KEY=VALUE. The others are compared with the first.",
            metavar="SCENARIO...",
        ),
    ],
    *,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change one setting of all of them; repeat for more."),
    ] = None,
    runs: Annotated[int, typer.Option(help="Runs of each scenario, and so pairs.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The luck, the same for all.")] = 1,
    weeks: Annotated[
        int | None,
        typer.Option(help="Weeks to play instead of the scenarios'; 52 to a year.", show_default=False),
    ] = None,
    parameters: Annotated[
        str, typer.Option(help="Where uncertain parameters come from: posterior, prior or point.", metavar="NAME")
    ] = "posterior",
    switches: Annotated[bool, typer.Option("--switches", help="Draw the rival theories too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON to standard output and nothing else.")] = False,
    plot: Annotated[
        Path | None,
        typer.Option(help="Also draw survival curves: FILE.png, .svg or .pdf.", metavar="FILE", show_default=False),
    ] = None,
) -> None:
    """Compare scenarios: in how many runs with the same luck one of them holds and the other does not.

    Run 7 has the same luck and the same drawn parameters in all of them, so that what differs is the policy.

    Examples:
    [cyan]ceasefire compare baseline uk-french-plan us-exit[/cyan]
    [cyan]ceasefire compare baseline baseline:force.size=25000,guarantee.form=ratified[/cyan]
    [cyan]ceasefire compare baseline my.toml --set roster=paris --plot curves.png[/cyan]
    """
    check_plot(plot)
    changed = list(settings or ()) + ([] if weeks is None else [f"weeks={weeks}"])
    from experiments.pairing import pair_up

    asked = pair_up(scenarios, runs=runs, seed=seed, parameters=parameters, switches=switches, settings=changed)
    # These imports take seconds, and a user's mistake should be told before.
    from rich.console import Console

    from experiments import terminal
    from experiments.compare import play_pairs
    from experiments.compare_text import tell

    found = play_pairs(asked, Console(stderr=True))
    if plot is not None:
        from experiments.figures import style
        from experiments.figures.compare import curves_beside

        with style.styled():
            write_plot(curves_beside(found), plot)
    if json:
        terminal.print_json({"command": asked.command()} | found.as_json())
    else:
        terminal.print_lines(tell(found, asked.command()))
