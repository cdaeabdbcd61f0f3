"""`ceasefire validate`: the model tried on patterns, on past ceasefires, and on two backcasts."""
# ruff: noqa: PLC0415

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from experiments.patterns.pattern import ParameterSets
    from experiments.posterior import Posterior
    from experiments.validate_text import Grid

app = typer.Typer(
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Try the model: on patterns that must come out, on past ceasefires, on the Donbas and Karabakh.",
    no_args_is_help=True,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output and nothing else.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown instead of a table for the terminal.")]
Out = Annotated[
    Path | None,
    typer.Option(help="Also write tables (Markdown, JSON) and figures here.", metavar="DIR", show_default=False),
]
Source = Annotated[
    str, typer.Option("--parameters", help="Where uncertain parameters come from: posterior, prior or point.")
]


@app.command()
def patterns(
    *,
    parameters: Source = "posterior",
    sets: Annotated[int, typer.Option(help="Parameter sets to measure.", min=1, max=2000)] = 100,
    prior: Annotated[bool, typer.Option(help="Also measure the prior, in grey in the figure.")] = False,
    json: Json = False,
    markdown: Markdown = False,
    out: Out = None,
) -> None:
    """Measure the patterns F1 to F15: target, the model's value with its interval, pass or fail.

    Examples:
    [cyan]ceasefire validate patterns[/cyan]
    [cyan]ceasefire validate patterns --parameters prior --sets 50[/cyan]
    """
    from experiments import terminal
    from experiments.chunks import engine
    from experiments.figures import patterns as figure
    from experiments.patterns import Budget, measure_all
    from experiments.validate_text import patterns_table

    chosen = parameter_sets(parameters, sets)
    findings = measure_all(engine(_say), chosen, Budget(sets=sets))
    grid = patterns_table(findings, f"Patterns, {sets} parameter sets ({parameters})")
    content = [finding_json(finding) for finding in findings]
    if out:
        _write(out, "patterns", [grid], content)
        before = measure_all(engine(_say), parameter_sets("prior", sets), Budget(sets=sets)) if prior else []
        _draw(out, "patterns", lambda: figure.patterns(findings, before, f"{sets} sets: {parameters}."))
    _show([grid], content, json, markdown)
    if not json:
        failed = [finding for finding in findings if not finding.passed]
        terminal.print_lines([f"{each.name} fails: {', '.join(each.missed)}. {each.why}" for each in failed])


@app.command()
def cases(
    file: Annotated[
        str | None,
        typer.Argument(
            help="A CSV file of past ceasefires, in the columns of the codebook; without it, those of the calibration.",
            show_default=False,
        ),
    ] = None,
    *,
    runs: Annotated[int, typer.Option(help="Runs of each parameter set and case.", min=1, max=1000)] = 12,
    json: Json = False,
    markdown: Markdown = False,
    out: Out = None,
) -> None:
    """Predict past ceasefires and compare with what happened, and with rival models.

    Every case is predicted by a posterior that has not seen its dyad cluster, and so is it by the rivals:
    Kaplan-Meier, Weibull, Cox with ten covariates, a challenger alone, and the model before calibration.
    Judged on the core sample by the strict endpoint.

    Examples:
    [cyan]ceasefire validate cases[/cyan]
    [cyan]ceasefire validate cases my-cases.csv --json[/cyan]
    """
    import numpy as np

    from experiments import terminal
    from experiments.chunks import engine
    from experiments.evidence.targets import CASES
    from experiments.figures import history
    from experiments.history.cases import read_cases
    from experiments.posterior import load_posterior
    from experiments.store import write_bytes
    from experiments.validate import Depth, validate_cases
    from experiments.validate_text import cases_tables, verdict

    table = read_cases(file or CASES)
    for note in table.notes:
        typer.echo(f"Note: {note}", err=True)
    with _progress(len(table.frame)) as report:
        found = validate_cases(engine(_say), table, load_posterior(), Depth(runs=runs), report)
    grids = cases_tables(found)
    content = found.as_json()
    if out:
        _write(out, "cases", grids, content)
        write_bytes(out / "verdict.md", f"{verdict(found)}\n".encode())
        core = found.frame["core_sample"].to_numpy(bool)
        fine = f"{Path(file or CASES).name}, {runs} runs of each set and case."
        _draw(
            out,
            "cases_by_force",
            lambda: history.by_force(
                found.frame, found.model, np.asarray(core), found.checks["third_party_force"], fine
            ),
        )
        _draw(out, "cases_rivals", lambda: history.of_rivals(found.scores, fine))
    _show(grids, content, json, markdown)
    if not json:
        terminal.print_lines([verdict(found)])


@app.command()
def backcasts(
    *,
    parameters: Source = "posterior",
    sets: Annotated[int, typer.Option(help="Parameter sets to play.", min=1, max=2000)] = 100,
    json: Json = False,
    markdown: Markdown = False,
    out: Out = None,
) -> None:
    """Play Minsk II and Karabakh: is the war that came within the range of simulated dates?"""
    from experiments.chunks import engine
    from experiments.figures import backcasts as figure
    from experiments.patterns import Budget
    from experiments.patterns.backcasts import karabakh, minsk
    from experiments.validate_text import backcasts_table

    chosen, budget = parameter_sets(parameters, sets), Budget(sets=sets, runs=20)
    found = [each(engine(_say), chosen, budget) for each in (minsk, karabakh)]
    content = [
        {"name": each.name, "month": each.month, "inside": each.inside, "values": _intervals(each.values)}
        for each in found
    ]
    _tell("backcasts", [backcasts_table(found)], content, json, markdown, out)
    if out:
        _draw(out, "backcasts", lambda: figure.backcasts(found, f"{sets} parameter sets ({parameters}), 20 runs each."))


@app.command()
def moved(*, json: Json = False, markdown: Markdown = False, out: Out = None) -> None:
    """Show which parameters the evidence moved, and how many it did not (identifiability)."""
    from experiments.identifiability import moved_inputs
    from experiments.posterior import load_manifest
    from experiments.validate_text import moved_table

    table = moved_inputs(load_manifest()["inputs"])
    _tell("moved", [moved_table(table)], table.to_dict("records"), json, markdown, out)


@app.command()
def agreement(
    folder: Annotated[Path, typer.Argument(help="Folder of another calibration, of another seed.", metavar="DIR")],
    *,
    json: Json = False,
    markdown: Markdown = False,
    out: Out = None,
) -> None:
    """Compare the posterior with that of another calibration, parameter by parameter.

    Example: [cyan]ceasefire calibrate --seed 2 --out results/calibration-2[/cyan], then
    [cyan]ceasefire validate agreement results/calibration-2[/cyan]
    """
    from experiments.identifiability import agreement as compare
    from experiments.posterior import load_posterior
    from experiments.validate_text import agreement_table

    table = compare(load_posterior(), load_posterior(folder))
    _tell("agreement", [agreement_table(table)], table.to_dict("records"), json, markdown, out)


@app.command("all")
def everything(
    *,
    other: Annotated[Path, typer.Option(help="Folder of another calibration, of another seed.", metavar="DIR")] = Path(
        "results/calibration-2"
    ),
    out: Annotated[Path, typer.Option(help="Folder for tables and figures.", metavar="DIR")] = Path(
        "results/validation"
    ),
    page: Annotated[Path, typer.Option(help="Page whose generated parts are written anew.", metavar="FILE")] = Path(
        "docs/validation.md"
    ),
) -> None:
    """Do all of the above, and write the tables and figures of the validation page.

    It needs a second calibration: [cyan]ceasefire calibrate --seed 2 --out results/calibration-2[/cyan].
    """
    from experiments.design import ExperimentError
    from experiments.posterior import load_posterior
    from experiments.store import write_bytes
    from experiments.validate_document import fill

    try:
        text = page.read_text()
    except OSError:
        raise ExperimentError(f"--page: {page}: cannot be read; run this where the page is, or name another") from None
    load_posterior(other)
    patterns(markdown=True, out=out, prior=True)
    cases(None, markdown=True, out=out)
    backcasts(markdown=True, out=out)
    moved(markdown=True, out=out)
    agreement(other, markdown=True, out=out)
    parts = ("verdict", "patterns", "cases", "backcasts", "moved", "agreement")
    filled = fill(text, {name: (out / f"{name}.md").read_text() for name in parts})
    write_bytes(page, filled.encode())
    typer.echo(page, err=True)


@contextmanager
def _progress(cases: int) -> Iterator[Callable[[int, int, str], None]]:
    from rich.console import Console

    from experiments.progress import show_progress

    rounds = 3  # the posterior, the prior, the challenger alone
    with show_progress(Console(stderr=True), "validate", rounds * cases, 0, "cases") as told:
        yield lambda done, total, what: told(1)


def parameter_sets(parameters: str, count: int) -> "ParameterSets":
    """As many equally likely sets from the posterior or the prior, or the register's values once."""
    from experiments.batch import one_of
    from experiments.patterns.pattern import ParameterSets
    from experiments.posterior import load_posterior

    one_of("--parameters", parameters, ("posterior", "prior", "point"))
    if parameters == "point":
        return ParameterSets.point()
    if parameters == "prior":
        return ParameterSets.prior(count)
    return equal_sets(load_posterior(), count)


def equal_sets(posterior: "Posterior", count: int) -> "ParameterSets":
    """Equally likely sets of the posterior: the first runs' of a batch."""
    from experiments.patterns.pattern import ParameterSets

    return ParameterSets(posterior.names, posterior.values[posterior.chosen(count, 1)])


def finding_json(finding: Any) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "name": finding.name,
        "title": finding.title,
        "use": finding.use,
        "target": finding.target,
        "statistic": finding.statistic,
        "values": _intervals(finding.values),
        "bands": {name: list(map(_plain, band)) for name, band in finding.bands.items()},
        "passed": finding.passed,
        "why": finding.why,
    }


def _intervals(values: Any) -> dict[str, list[float | None]]:
    return {name: list(map(_plain, interval)) for name, interval in values.items()}


def _plain(number: float) -> float | None:
    from math import isfinite

    return float(number) if isfinite(number) else None


def _say(text: str) -> None:
    typer.echo(f"validate: {text}", err=True)


def _show(grids: Sequence["Grid"], content: Any, json: bool, markdown: bool) -> None:
    from experiments import terminal

    if json:
        terminal.print_json(content)
    elif markdown:
        typer.echo("\n".join(grid.markdown() for grid in grids))
    else:
        terminal.show_grids(grids)


def _tell(name: str, grids: Sequence["Grid"], content: Any, json: bool, markdown: bool, out: Path | None) -> None:
    if out:
        _write(out, name, grids, content)
    _show(grids, content, json, markdown)


def _write(out: Path, name: str, grids: Sequence["Grid"], content: Any) -> None:
    import json as writer

    from experiments.store import write_bytes

    out.mkdir(parents=True, exist_ok=True)
    text = "\n".join(grid.markdown() for grid in grids)
    write_bytes(out / f"{name}.md", text.encode())
    write_bytes(out / f"{name}.json", f"{writer.dumps(content, indent=1, allow_nan=False)}\n".encode())
    for path in (out / f"{name}.md", out / f"{name}.json"):
        typer.echo(path, err=True)


def _draw(out: Path, name: str, draw: Callable[[], Any]) -> None:
    from experiments.figures import style

    with style.styled():
        for path in style.save(draw(), out / name):
            typer.echo(path, err=True)
