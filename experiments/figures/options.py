# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Figures that compare options: doses of a force, effects against a reference, the front, sensitivity, worlds."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.analysis.needed import needed
from experiments.analysis.robustness import non_dominated, regrets, robustness
from experiments.design import Cell
from experiments.figures import findings, words
from experiments.figures.doses import dose_curves
from experiments.figures.effects import Measure, effects
from experiments.figures.pareto import pareto
from experiments.figures.tornado import tornado
from experiments.figures.worlds import worlds
from experiments.intervals import EVENTS, estimate
from experiments.results import Results

SIZE = "force.size"
AS_IS = "heavy, in reserve"  # the panel of the grid itself, where arms have panels of their own
MOST_MEASURES = 4


def doses_tables(results: Results) -> dict[str, pd.DataFrame]:
    """The curves, where each first reaches four in five, and what states field where they decide themselves.

    doses: panel, line, size, estimate, low, high of the experiment's first outcome. needed: panel, line, size, low,
    high (infinite where it is not reached), unreached (share of resamples), falls_again. supply: line, median, low, high of
    the largest force of a run (median and 95% of runs), from arms with endogenous deployment.
    """
    name = results.asked.experiment.outcomes[0]
    _, other = results.asked.experiment.grid
    panels: dict[str, list[Cell]] = {}
    supply = []
    for cell in results.asked.cells:
        if cell.value("force.deployment") == "endogenous":
            troops = results.column(cell.label, "troops_peak")
            low, middle, high = np.quantile(troops, [0.025, 0.5, 0.975])
            supply.append((words.level(other, cell.value(other)), middle, low, high))
        elif SIZE in cell.settings and other in cell.settings:
            panels.setdefault(cell.arm or AS_IS, []).append(cell)
    curves, marks = [], []
    for panel, cells in panels.items():
        for level in dict.fromkeys(cell.value(other) for cell in cells):
            line = sorted((cell for cell in cells if cell.value(other) == level), key=lambda cell: cell.settings[SIZE])
            sizes = np.array([cell.settings[SIZE] for cell in line], float)
            values = np.stack([results.column(cell.label, name) for cell in line])
            called = words.level(other, level)
            curves += [(panel, called, size, *estimate(name, each)) for size, each in zip(sizes, values, strict=True)]
            marks.append((panel, called, *needed(sizes, values, findings.TARGET)))
    return {
        "doses": pd.DataFrame(curves, columns=["panel", "line", "size", "estimate", "low", "high"]),
        "needed": pd.DataFrame(marks, columns=["panel", "line", "size", "low", "high", "unreached", "falls_again"]),
        "supply": pd.DataFrame(supply, columns=["line", "median", "low", "high"]),
    }


def draw_doses(results: Results) -> Figure:
    """How the chance to hold rises with the size of the force, by guarantee, and where 100,000 stands."""
    curves, marks = results.tables["doses"], results.tables["needed"]
    supply = results.tables["supply"]
    panels = list(dict.fromkeys(curves["panel"]))
    _, other = results.asked.experiment.grid
    caption = (
        f"Lines: share of runs that hold {words.horizon(results.asked.weeks)}, with Wilson's 95% bands, by "
        f"{words.axis(other)}. Below: where a line first reaches four in five, with the 95% band of that size over "
        "resamples of runs; an arrow if it may lie beyond the largest size. "
    )
    if len(supply):
        caption += "Shaded: the largest force that states field when they decide themselves, median and 95% of runs. "
    title = findings.of_doses(marks[marks["panel"] == panels[0]], results.asked.weeks)
    return dose_curves(
        curves,
        title,
        caption + words.conditions(results),
        findings.TARGET,
        supply if len(supply) else None,
        marks,
        panels if len(panels) > 1 else None,
    )


def draw_effects(results: Results) -> Figure:
    """What every other cell changes against the one that the experiment compares with."""
    experiment, table = results.asked.experiment, results.tables["effects"]
    names = experiment.outcomes[:MOST_MEASURES]
    scale = {name: 100.0 if name in EVENTS else 1.0 for name in names}
    table = table[table["outcome"].isin(names)].copy()
    factor = table["outcome"].map(scale)
    for part in ("difference", "low", "high"):
        table[part] = table[part] * factor
    cells = {cell.label: cell for cell in results.asked.cells}
    grouped = any(":" in label for label in cells)
    table["option"] = [_option(cells[label], grouped) for label in table["cell"]]
    if grouped:
        table["group"] = [cells[label].arm for label in table["cell"]]
    measures = [
        Measure(name, words.outcome(name), "points" if name in EVENTS else words.outcome_unit(name), words.better(name))
        for name in names
    ]
    caption = (
        "Differences under the same luck and parameters, run by run, with 95% intervals (Tango for what happens or "
        "not, bootstrap for amounts); filled where the interval leaves out zero. "
    )
    title = findings.of_effects(results.tables["effects"], experiment.outcomes[0], experiment.versus)
    return effects(table, title, caption + words.conditions(results), measures, f"“{experiment.versus}”")


def _option(cell: Cell, grouped: bool) -> str:
    return cell.label.partition(": ")[2] or cell.label if grouped else cell.label


def pareto_tables(results: Results) -> dict[str, pd.DataFrame]:
    """pareto: cell, group, stability and risk with _low and _high, front.

    Stability is the experiment's first outcome, of which more is better, risk its second, of which less is.
    """
    stability, risk = results.asked.experiment.outcomes[:2]
    grid = list(results.asked.experiment.grid)
    rows = []
    for cell in results.asked.cells:
        found = [estimate(name, results.column(cell.label, name)) for name in (stability, risk)]
        group = words.level(grid[0], cell.settings[grid[0]]) if grid and not cell.arm else cell.arm
        label = ", ".join(words.level(name, cell.settings[name]) for name in cell.settings if name in grid)
        rows.append((cell.label, f"{cell.arm}, {label}" if cell.arm else label, group, *found[0], *found[1]))
    ends = [f"{what}{end}" for what in ("stability", "risk") for end in ("", "_low", "_high")]
    table = pd.DataFrame(rows, columns=["cell", "option", "group", *ends])
    table["front"] = non_dominated(table[["stability", "risk"]], [True, False]).to_numpy()
    return {"pareto": table}


def draw_pareto(results: Results) -> Figure:
    """Stability against risk, and the options that none beats in both."""
    table = results.tables["pareto"]
    stability, risk = results.asked.experiment.outcomes[:2]
    grid = words.listed([words.axis(name).split(" (")[0].lower() for name in results.asked.experiment.grid])
    caption = (
        f"Every combination of {grid}; filled and named: no other holds more often and risks less. 95% intervals. "
    )
    names = (f"{words.outcome(risk)} (share of runs)", f"{words.outcome(stability)} (share of runs)")
    title = findings.of_front(table, risk)
    return pareto(table, title, caption + words.conditions(results), names=names)


def draw_tornado(results: Results) -> Figure:
    """What the first outcome hangs on."""
    experiment = results.asked.experiment
    name = experiment.outcomes[0]
    table = results.tables["sensitivity"]
    table = table[table["outcome"] == name].drop(columns="outcome")
    points = sum(cell.arm == "sample" for cell in results.asked.cells)
    caption = f"{points:,} points of {len(table):,} settings that nobody knows, moved over their whole ranges. "
    title = findings.of_sensitivity(table, name)
    return tornado(table, title, caption + words.conditions(results))


def worlds_tables(results: Results) -> dict[str, pd.DataFrame]:
    """worlds: policy, world, share, one column for each switch. scores: policy, median, low, high, reached, regret.

    Arms are policies, and combinations of what their grids vary are worlds.
    """
    experiment = results.asked.experiment
    switches = list(experiment.arms[0].grid)
    name = experiment.outcomes[0]
    rows = []
    for cell in results.asked.cells:
        values = [cell.settings[switch] for switch in switches]
        share = float(results.column(cell.label, name).mean())
        rows.append((cell.arm, " ".join(str(int(value)) for value in values), share, *values))
    table = pd.DataFrame(rows, columns=["policy", "world", "share", *switches])
    by_world = table.pivot_table("share", "policy", "world", sort=False)
    found = robustness(by_world, findings.TARGET)
    low, middle, high = by_world.quantile([0.05, 0.5, 0.95], axis="columns").to_numpy()
    scores = pd.DataFrame({"policy": by_world.index, "median": middle, "low": low, "high": high})
    scores["reached"] = found["satisficing"].to_numpy()
    scores["regret"] = regrets(by_world).max(axis="columns").to_numpy()
    return {"worlds": table, "scores": scores}


def draw_worlds(results: Results) -> Figure:
    """Every policy in every world."""
    table, scores = results.tables["worlds"], results.tables["scores"]
    count = table["world"].nunique()
    caption = (
        f"Each dot is one of {count} combinations of the rival theories. Regret: by how much a policy falls behind the "
        "best one of the same world, at most. "
    )
    return worlds(table, scores, findings.of_worlds(scores), caption + words.conditions(results), findings.TARGET)
