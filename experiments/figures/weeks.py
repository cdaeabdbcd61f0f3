"""Figures of what happens week by week: risks, fans, maps of states."""

import pandas as pd
from matplotlib.figure import Figure

from experiments.analysis.risks import Ends, cumulative_incidence
from experiments.figures import findings, words
from experiments.figures.europe import contributions, tiles
from experiments.figures.fans import Panel, fans
from experiments.figures.risks import stacked_risks
from experiments.points import SAMPLE
from experiments.results import Results
from model.series import COLUMNS

MOST = 6  # panels of risks
MAPS = 3


def risks_tables(results: Results) -> dict[str, pd.DataFrame]:
    """risks: panel, week, held, limited_first, renewed_first: Aalen-Johansen incidence of what ended a ceasefire first.

    Of the cells that the experiment records week by week, else of all; the first six.
    """
    weekly = results.asked.experiment.weekly
    chosen = weekly.cells if weekly else []
    cells = [cell for cell in results.asked.cells if cell.arm != SAMPLE and (not chosen or cell.label in chosen)][:MOST]
    tables = []
    for cell in cells:
        ends = Ends(results.column(cell.label, "weeks_held"), results.column(cell.label, "collapse"))
        found = cumulative_incidence(ends, cell.scenario.weeks).pivot_table("incidence", "week", "cause")
        table = pd.DataFrame({"panel": cell.label, "week": found.index})
        for cause in ("limited", "renewed"):
            (column,) = [name for name in found if str(name).startswith(cause)]
            table[f"{cause}_first"] = found[column].to_numpy()
        table["held"] = 1.0 - table["limited_first"] - table["renewed_first"]
        tables.append(table)
    return {"risks": pd.concat(tables, ignore_index=True)}


def draw_risks(results: Results) -> Figure:
    """What ended the ceasefire first, over the years."""
    table = results.tables["risks"]
    caption = "Cumulative incidence of what came first (Aalen and Johansen 1978). "
    title = findings.of_risks(table, results.asked.weeks)
    return stacked_risks(table, title, caption + words.conditions(results), list(dict.fromkeys(table["panel"])))


def draw_fans(results: Results) -> Figure:
    """How the recorded series spread over the years."""
    weekly, recorded = results.tables["weekly"], results.asked.experiment.weekly
    table = weekly.rename(
        columns={"cell": "group", "p50": "median", "p25": "low_50", "p75": "high_50", "p5": "low_90", "p95": "high_90"}
    )
    names = list(dict.fromkeys(weekly["series"]))
    panels = [Panel(name, words.series(name), COLUMNS[name].unit) for name in names]
    runs = recorded.runs if recorded else 0
    caption = f"Median, middle half and middle 90% of the first {runs} runs of each cell, while they last. "
    title = findings.of_fans(weekly, names[0])
    return fans(table, title, caption + words.conditions(results), panels, list(dict.fromkeys(weekly["cell"])))


def draw_tiles(results: Results) -> Figure:
    """The first recorded variable of every state at the end, a map for each recorded cell."""
    states = results.tables["states"]
    variable = str(states["variable"].iloc[0])
    states = states[states["variable"] == variable]
    cells = list(dict.fromkeys(states["cell"]))[:MAPS]
    table = states[states["cell"].isin(cells)].pivot_table("mean", "state", "cell", sort=False).reset_index()
    title = findings.of_states(states[states["cell"] == cells[0]], variable)
    caption = "Mean over runs at their end. "
    return tiles(
        table, {cell: cell for cell in cells}, title, caption + words.conditions(results), words.state_unit(variable)
    )


def draw_contributions(results: Results) -> Figure:
    """What each state gives at most in a run, in the first recorded cell."""
    states = results.tables["states"]
    variable = str(states["variable"].iloc[0])
    cell = str(states["cell"].iloc[0])
    chosen = states[(states["variable"] == variable) & (states["cell"] == cell) & (states["most_mean"] > 0)]
    table = pd.DataFrame(
        {
            "state": chosen["state"],
            "value": chosen["most_mean"],
            "low": chosen["most_low"],
            "high": chosen["most_high"],
        }
    )
    title = findings.of_givers(table, variable, cell)
    caption = f"Largest value of a run, mean over runs with its 95% interval; {cell}. "
    return contributions(
        table,
        title,
        caption + words.conditions(results),
        words.state_unit(variable),
        label=words.state_variable(variable),
    )
