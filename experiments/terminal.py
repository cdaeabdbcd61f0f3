"""What the commands print: tables, cards and timelines, in plain words."""

import json
import os
from collections.abc import Sequence
from datetime import timedelta
from math import isfinite, isnan
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from experiments.lookup import Found, cell, source_column
from model.register import (
    GRADES,
    Column,
    Parameter,
    load_cell_sources,
    load_groups,
    load_states,
    show,
    state_columns,
    state_names,
)
from model.scenario import Scenario

if TYPE_CHECKING:
    from experiments.catalogue import Entry
    from experiments.validate_text import Grid
    from model.ceasefire import Ceasefire

PIPE_WIDTH = 160  # characters: a pipe has no width of its own, and Rich would cut lines at 80
SHOWN = (  # the outcomes that a run prints; --json has them all
    "renewed_war", "limited_wars", "consolidated", "direct_combat", "us_combat", "wider_war", "deaths",
    "deaths_force", "territory_km2", "violations_per_week", "probes", "probes_answered", "troops_peak",
    "troops_end", "contributors_peak", "withdrawals", "cost_force_eur_bn", "defence_share", "support",
    "unity", "guarantee_will", "belief_russia", "confidence",
)  # fmt: skip
KINDS = {
    "lever": "a choice that somebody can make",
    "uncertainty": "a number that nobody knows; the sensitivity analysis varies it",
    "constant": "taken as known",
    "switch": "a rival theory, on or off",
}


def show_scenarios(scenarios: Sequence[Scenario]) -> None:
    """The scenarios, each with its sentence and what it changes."""
    table = _table("scenario", "about", "changes")
    for scenario in scenarios:
        table.add_row(scenario.name, scenario.about, _changes(scenario))
    _print(table, "Play one with: ceasefire run NAME")


def show_grids(grids: Sequence["Grid"]) -> None:
    """Tables of words, each under its title."""
    for grid in grids:
        table = _table(*grid.head)
        table.title = grid.title
        table.title_justify = "left"
        for row in grid.rows:
            table.add_row(*row)
        _print(table)


def print_lines(lines: Sequence[str | Table]) -> None:
    """Lines of plain text, and tables between them."""
    for line in lines:
        _print(line)


def show_experiments(entries: Sequence["Entry"]) -> None:
    """The experiments, each with its question and cost."""
    table = _table("experiment", "question", "title", "cells", "runs", "time")
    for entry in entries:
        told = entry.experiment
        size = (f"{len(entry.cells):,}", f"{entry.runs:,}", _duration(entry.seconds))
        table.add_row(told.name, told.question, told.title, *size)
    whole = sum(entry.runs for entry in entries), _duration(sum(entry.seconds for entry in entries))
    _print(
        table,
        f"All: {whole[0]:,} runs, about {whole[1]} on two cores: ceasefire batch --all",
        "One: ceasefire batch NAME. What it asks and plans: ceasefire experiments NAME",
    )


def show_experiment(entry: "Entry") -> None:
    """One experiment: what it asks, what it will compare, what it costs."""
    told = entry.experiment
    size = f"{len(entry.cells):,} cells of {told.runs:,} runs: about {_duration(entry.seconds)} on two cores"
    _print(
        f"{told.name}, {told.question}: {told.title}", "", told.about, "", told.plan or "No plan is written down.", ""
    )
    _print(size, f"Run it with: ceasefire batch {entry.asked}")


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def show_found(found: Found) -> None:
    """What was looked up in the register: a card for one entry, a table for several."""
    match found:
        case Parameter():
            _show_card(found, found.name, [("value", _plain(found.value))])
            if not found.fixed:
                _print(f"Change it with: ceasefire run --set {found.name}={example(found)}")
        case Column():
            _show_column(found)
        case str():
            _show_state(found)
        case [Column(), *_]:
            _show_columns([entry for entry in found if isinstance(entry, Column)])
        case _:
            _show_parameters([entry for entry in found if isinstance(entry, Parameter)])


def show_run(played: "Ceasefire", scenario: Scenario, seed: int, run: int, command: str) -> None:
    """One history: what was played, what happened when, how it ended, how to play it again."""
    # The model is heavy, and the tables above need none of it.
    from model.chronicle import tell  # noqa: PLC0415
    from model.outcomes import OUTCOMES, breaker_name  # noqa: PLC0415

    _print(
        _title(scenario.name, scenario.about),
        f"Seed {seed}, run {run}: {scenario.weeks} weeks from {scenario.start:%d %B %Y}, "
        f"{len(scenario.roster)} European states.",
        f"Differs from the register in: {_changes(scenario)}.",
    )
    events = _table("date", "week", "what happened")
    events.columns[1].justify = "right"
    for event in tell(played):
        day = scenario.start + timedelta(weeks=event.week)
        events.add_row(day.isoformat(), str(event.week), event.text)
    found = played.outcomes()
    weeks = f"{found['weeks_held']:.0f} weeks"
    held = f"The ceasefire held for all {weeks}."
    broken = f"The ceasefire was broken after {weeks}, by {breaker_name(found['broken_by'])}."
    outcomes = _table("outcome", "value", "unit", "meaning")
    outcomes.columns[1].justify = "right"
    for name in SHOWN:
        flag = OUTCOMES[name].unit == "0 or 1"
        value = ("no", "yes")[int(found[name])] if flag else _figure(found[name])
        outcomes.add_row(name, value, "" if flag else OUTCOMES[name].unit, OUTCOMES[name].meaning)
    _print(events, Text(held if found["held"] else broken, style="bold"), outcomes)
    _print("All outcomes and the weekly record: --json. A figure: --plot FILE.png.", f"Again: {command}")


def print_json(content: object) -> None:
    """JSON to standard output, with null for numbers that JSON cannot hold."""
    print(json.dumps(_without_nan(content), indent=2, allow_nan=False))


def _without_nan(content: object) -> object:
    if isinstance(content, dict):
        return {key: _without_nan(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_without_nan(value) for value in content]
    return None if isinstance(content, float) and not isfinite(content) else content


def _show_parameters(parameters: Sequence[Parameter]) -> None:
    about = load_groups()
    groups = dict.fromkeys(parameter.group for parameter in parameters)
    for group in groups:
        table = _table("name", "value", "unit", "range", "kind", "grade")
        for entry in parameters:
            if entry.group == group:
                cells = (_plain(entry.value), _unit(entry.unit), _range(entry), entry.kind, entry.grade)
                table.add_row(entry.name, *cells)
        _print(_title(group, about[group]), table)
    grades = ", ".join(f"{grade} {meaning}" for grade, meaning in GRADES.items())
    _print(
        f"{len(parameters)} parameters. Grades: {grades}.",
        "The full entry of one: ceasefire params NAME. The data of the states: ceasefire params states.",
    )


def _show_columns(columns: Sequence[Column]) -> None:
    table = _table("name", "unit", "range", "kind", "grade", "meaning")
    for column in columns:
        low_high = (_unit(column.unit), _range(column))
        table.add_row(f"states.{column.name}", *low_high, column.kind, column.grade, column.meaning)
    _print(table, "One column: ceasefire params states.support. One state: ceasefire params FRA.")


def _show_column(column: Column) -> None:
    values = ", ".join(f"{iso3} {_plain(cell(iso3, column.name))}" for iso3 in load_states())
    _show_card(column, f"states.{column.name}", [("values", values)])
    for odd in load_cell_sources():
        if odd.column == source_column(column.name):
            _print(f"  {odd.iso3}: grade {odd.grade}, {odd.source}")
    if not column.fixed:
        value = _plain(cell("FRA", column.name))
        _print(f"Change it with: ceasefire run --set states.FRA.{column.name}={value}")


def _show_state(iso3: str) -> None:
    odd = {source.column: source.grade for source in load_cell_sources() if source.iso3 == iso3}
    table = _table("name", "value", "unit", "grade", "meaning")
    for name, column in state_columns().items():
        grade = odd.get(source_column(name), column.grade)
        value = _plain(cell(iso3, name))
        table.add_row(f"states.{iso3}.{name}", value, _unit(column.unit), grade, column.meaning)
    _print(
        _title(iso3, state_names()[iso3]),
        table,
        f"Change one with: ceasefire run --set states.{iso3}.support=40",
    )


def _show_card(entry: Parameter | Column, name: str, values: Sequence[tuple[str, str]]) -> None:
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    rows = [
        ("meaning", entry.meaning),
        *values,
        ("unit", _unit(entry.unit)),
        ("allowed", entry.allowed()),
        ("kind", f"{entry.kind}: {KINDS[entry.kind]}"),
        ("grade", f"{entry.grade}: {GRADES[entry.grade]}"),
        ("source", entry.source),
        ("date", entry.date),
    ]
    if isinstance(entry, Parameter) and entry.kind == "uncertainty":
        rows.append(("prior", entry.prior))
    if isinstance(entry, Column) and entry.fallback is not None:
        rows.append(("blank", f"{_plain(entry.fallback)} where no figure was found"))
    for label, content in rows:
        table.add_row(label, content)
    _print(_title(name), table)


def _changes(scenario: Scenario) -> str:
    return ", ".join(f"{name}={_plain(value)}" for name, value in scenario.changes().items()) or "nothing"


def example(parameter: Parameter) -> str:
    """Another value than the parameter's own, to show how it is changed."""
    if parameter.options is not None:
        return next(option for option in parameter.options if option != parameter.value)
    if isinstance(parameter.value, bool) or parameter.low is None or parameter.high is None:
        return _plain(not parameter.value)
    middle = float(f"{(parameter.low + parameter.high) / 2:.2g}")
    return _plain(parameter.high if middle == parameter.value else middle)


def _range(entry: Parameter | Column) -> str:
    if isinstance(entry, Parameter) and entry.options is not None:
        return " | ".join(entry.options)
    if entry.low is None or entry.high is None:
        return "" if entry.kind == "constant" else entry.allowed()
    return f"{show(entry.low)} to {show(entry.high)}"


def _unit(unit: str) -> str:
    return "" if unit in {"1", "choice"} else unit


def _plain(value: object) -> str:
    """A value as the command line takes it."""
    if isinstance(value, tuple):
        return " ".join(str(member) for member in value)
    return value if isinstance(value, str) else show(value)


def _figure(value: float) -> str:
    """An outcome to read: whole numbers with separators, others to three or four digits."""
    if isnan(value):
        return "none"
    return f"{value:,.0f}" if value == value // 1 or abs(value) >= 1000 else f"{value:.3g}"


def _table(*headings: str) -> Table:
    table = Table(box=SIMPLE, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _title(name: str, about: str = "") -> Text:
    return Text.assemble((name, "bold"), "  " if about else "", about)


def _print(*parts: Table | Text | str) -> None:
    """Print without markup: texts of the register and of users may hold square brackets."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = PIPE_WIDTH
    for part in parts:
        console.print(part, soft_wrap=not isinstance(part, Table))
