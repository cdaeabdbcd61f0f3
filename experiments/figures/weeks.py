"""Figures of what happens week by week: risks, fans, maps of states."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.analysis.lasting import Going, lasting_curve, median_week, share_of_sums
from experiments.analysis.risks import Ends, cumulative_incidence, yearly_hazard
from experiments.draws import Floats
from experiments.figures import findings, words
from experiments.figures.europe import contributions, tiles
from experiments.figures.fans import Panel, fans
from experiments.figures.risks import stacked_risks
from experiments.intervals import Interval, paired_difference, wilson
from experiments.points import SAMPLE
from experiments.results import Results
from experiments.survival import WEEKS_A_YEAR, years
from model.series import COLUMNS

MOST = 6  # panels of risks
MAPS = 3


def risks_tables(results: Results) -> dict[str, pd.DataFrame]:
    """risks: panel, week, held, limited_first, renewed_first: Aalen-Johansen incidence of what ended a ceasefire first.

    hazards: cell, then collapses for each run-year at risk, by year, as `yearly_hazard` has them. Both of the cells
    that the experiment records week by week, else of all; the first six. years: see `_years`.
    """
    weekly = results.asked.experiment.weekly
    chosen = weekly.cells if weekly else []
    cells = [cell for cell in results.asked.cells if cell.arm != SAMPLE and (not chosen or cell.label in chosen)][:MOST]
    tables, hazards = [], []
    for cell in cells:
        weeks, collapse = results.column(cell.label, "weeks_held"), results.column(cell.label, "collapse")
        ends = Ends(weeks + (collapse > 0), collapse)  # with the week that ended it, which may be the first
        hazards.append(yearly_hazard(ends, cell.scenario.weeks).assign(cell=cell.label))
        found = cumulative_incidence(ends, cell.scenario.weeks).pivot_table("incidence", "week", "cause")
        table = pd.DataFrame({"panel": cell.label, "week": found.index})
        for cause in ("limited", "renewed"):
            (column,) = [name for name in found if str(name).startswith(cause)]
            table[f"{cause}_first"] = found[column].to_numpy()
        table["held"] = 1.0 - table["limited_first"] - table["renewed_first"]
        tables.append(table)
    together = pd.concat(hazards, ignore_index=True)
    return {
        "risks": pd.concat(tables, ignore_index=True),
        "hazards": together[["cell", *together.columns.drop("cell")]],
        "years": _years(results),
    }


def _years(results: Results) -> pd.DataFrame:
    """Whether more ceasefires still hold after each full year than in the cell `versus`, paired by run.

    Columns: cell, less (`versus`), year, n, held (share of the cell's runs), difference, low, high. Empty without it.
    """
    versus = results.asked.experiment.versus
    labels = [cell.label for cell in results.asked.cells if cell.arm != SAMPLE and cell.label != versus]
    rows = []
    for week in years(results.asked.weeks)[1:] if versus else []:
        first = _held(results, versus, week)
        for label in labels:
            held = _held(results, label, week)
            found = paired_difference("held", held, first)
            rows.append((label, versus, week // WEEKS_A_YEAR, len(held), float(held.mean()), *found))
    return pd.DataFrame(rows, columns=["cell", "less", "year", "n", "held", "difference", "low", "high"])


def _held(results: Results, label: str, week: int) -> Floats:
    """1 for each run (runs,) of a cell whose ceasefire held all of so many weeks, else 0."""
    return np.where(results.column(label, "weeks_held") >= week, 1.0, 0.0)


def draw_risks(results: Results) -> Figure:
    """What ended the ceasefire first, over the years."""
    table = results.tables["risks"]
    caption = "Cumulative incidence of what came first (Aalen and Johansen 1978). "
    title = findings.of_risks(table, results.asked.weeks)
    return stacked_risks(table, title, caption + words.conditions(results), list(dict.fromkeys(table["panel"])))


def crumbling_tables(results: Results) -> dict[str, pd.DataFrame]:
    """How long the force of each cell lasts, if that is an outcome of the experiment.

    crumbling: cell, week, at_risk, crumbled, survival, low, high: Kaplan-Meier curves of the weeks until the force
    falls below half of its own peak. lasting: cell, fielded (share of runs in which any force came), lasts (the curve
    at the horizon), median (its week; infinite if it lasts), consensus (share of withdrawals after broken consensus),
    each with _low and _high.
    """
    if "weeks_to_crumbling" not in results.asked.experiment.outcomes:
        return {}
    curves: list[pd.DataFrame] = []
    rows: list[dict[str, object]] = []
    for cell in (cell for cell in results.asked.cells if cell.arm != SAMPLE):
        weeks, crumbled, peak, left, after = (
            results.column(cell.label, name)
            for name in ("weeks_to_crumbling", "crumbled", "troops_peak", "withdrawals", "withdrawals_consensus")
        )
        table = lasting_curve(Going(weeks, crumbled), cell.scenario.weeks)
        curves.append(table.assign(cell=cell.label)[["cell", *table]])
        found = {
            "fielded": wilson(float((peak > 0.0).sum()), len(peak)),
            "lasts": Interval(*table[["survival", "low", "high"]].iloc[-1]),
            "median": median_week(table),
            "consensus": share_of_sums(after, left),
        }
        rows.append({"cell": cell.label})
        for name, interval in found.items():
            rows[-1] |= dict(zip((name, f"{name}_low", f"{name}_high"), interval, strict=True))
    return {"crumbling": pd.concat(curves, ignore_index=True), "lasting": pd.DataFrame(rows)}


def draw_fans(results: Results) -> Figure:
    """How the recorded series spread over the years."""
    weekly = results.tables["weekly"]
    table = weekly.rename(
        columns={"cell": "group", "p50": "median", "p25": "low_50", "p75": "high_50", "p5": "low_90", "p95": "high_90"}
    )
    names = list(dict.fromkeys(weekly["series"]))
    panels = [Panel(name, words.series(name), COLUMNS[name].unit) for name in names]
    caption = (
        f"Median, middle half and middle 90% of the first {_recorded(results)} runs of each cell, while they last. "
    )
    title = findings.of_fans(weekly, names[0])
    return fans(table, title, caption + words.conditions(results), panels, list(dict.fromkeys(weekly["cell"])))


def _recorded(results: Results) -> int:
    """Runs of a cell whose weeks are recorded."""
    recorded = results.asked.experiment.weekly
    return min(recorded.runs, results.asked.experiment.runs) if recorded else 0


def draw_tiles(results: Results) -> Figure:
    """The first recorded variable of every state at the end, a map for each recorded cell."""
    states = results.tables["states"]
    variable = str(states["variable"].iloc[0])
    states = states[states["variable"] == variable]
    cells = list(dict.fromkeys(states["cell"]))[:MAPS]
    table = states[states["cell"].isin(cells)].pivot_table("mean", "state", "cell", sort=False).reset_index()
    title = findings.of_states(states[states["cell"].isin(cells)], variable)
    caption = f"Mean over the first {_recorded(results)} runs of each cell at their end. "
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
    caption = f"Largest value of a run, mean over the first {_recorded(results)} runs with its 95% interval; {cell}. "
    return contributions(
        table,
        title,
        caption + words.conditions(results),
        words.state_unit(variable),
        label=words.state_variable(variable),
    )
