"""`ceasefire experiments`, `batch` and `report`: the catalogue, its results, and the answers they give."""
# ruff: noqa: PLC0415

from pathlib import Path
from typing import Annotated

import typer

from experiments.door import STOPPED

RESULTS = "results"


def experiments(
    name: Annotated[
        str | None,
        typer.Argument(help="One experiment's name or file: what it asks, plans and costs.", show_default=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON to standard output and nothing else.")] = False,
) -> None:
    """List the experiments that come with the model: the question each one asks, and what it costs to run.

    A file of your own works as well: [cyan]ceasefire batch my.toml[/cyan].
    """
    from experiments import terminal
    from experiments.catalogue import describe, list_entries

    found = list_entries() if name is None else [describe(name)]
    if json:
        terminal.print_json([each.as_json() for each in found])
    elif name is None:
        terminal.show_experiments(found)
    else:
        terminal.show_experiment(found[0])


def batch(
    experiment: Annotated[
        str | None,
        typer.Argument(
            help="A name that [cyan]ceasefire experiments[/cyan] lists, or a file such as my.toml.",
            metavar="EXPERIMENT",
            show_default=False,
        ),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Run every experiment that comes with the model.")] = False,
    runs: Annotated[
        int | None,
        typer.Option(help="Runs in each cell; with --precision the least.", show_default="the experiment's"),
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(
            help="Add runs until the experiment's first outcome is known to this, up or down, in every cell.",
            show_default=False,
        ),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(help="Play in so many threads of this process.", show_default="one per core")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Play in so many Dask processes on this machine.", show_default=False)
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="Play on the workers of a Dask scheduler, such as tcp://127.0.0.1:8786.",
            metavar="ADDRESS",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Luck of the batch.", show_default="the experiment's")] = None,
    parameters: Annotated[
        str | None,
        typer.Option(
            help="Where uncertain parameters come from: posterior, prior or point.",
            metavar="NAME",
            show_default="the experiment's, or posterior",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            help="Folder for the results; with --all the one that gets a folder for each.",
            metavar="DIR",
            show_default="results/NAME",
        ),
    ] = None,
) -> None:
    """Run an experiment many times and write tables, figures and a manifest.

    Stop with Ctrl-C and call it again: it goes on where it was.
    Results depend on the experiment, the runs and the seed, never on where and in how many parts they are played.

    Examples:
    [cyan]ceasefire batch headline[/cyan]
    [cyan]ceasefire batch my.toml --runs 50 --out my-results[/cyan]
    [cyan]ceasefire batch headline --precision 0.01[/cyan]
    [cyan]ceasefire batch --all[/cyan]
    """
    from experiments.batch import run_experiment
    from experiments.catalogue import by_question

    if every and experiment is not None:
        raise typer.BadParameter(f"is every experiment; leave {experiment} out", param_hint="--all")
    if not every and experiment is None:
        raise typer.BadParameter("name one, or say --all", param_hint="EXPERIMENT")
    names = by_question() if every else [str(experiment)]
    try:
        for place, name in enumerate(names, 1):
            if every:
                typer.echo(f"{place} of {len(names)}: {name}", err=True)
            written = run_experiment(
                name,
                runs=runs,
                precision=precision,
                threads=threads,
                workers=workers,
                scheduler=scheduler,
                seed=seed,
                parameters=parameters,
                out=str(Path(out) / name) if every and out is not None else out,
            )
            for path in written:
                typer.echo(path)
    except KeyboardInterrupt:
        typer.echo("Stopped; the same command goes on from here.", err=True)
        raise typer.Exit(STOPPED) from None


def report(
    results: Annotated[
        Path, typer.Option(help="Folder that holds the results of every experiment.", metavar="DIR")
    ] = Path(RESULTS),
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing: play a part of every experiment again and compare it byte by byte."
        ),
    ] = False,
) -> None:
    """Answer the ten questions: one page with every figure inside (report.html), and the same as Markdown.

    Needs the results of [cyan]ceasefire batch --all[/cyan].
    """
    from experiments.answers.book import read_book, write_book
    from experiments.answers.check import check_results

    if not check:
        for path in write_book(read_book(results), results):
            typer.echo(path)
        return
    wrong = 0
    for finding in check_results(results):
        wrong += not finding.same
        typer.echo(f"{'same' if finding.same else 'DIFFERS'}: {finding.what}: {finding.told}")
    if wrong:
        typer.echo(f"Error: {wrong} of these do not come out again; see above", err=True)
        raise typer.Exit(1)
