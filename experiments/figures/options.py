"""Figures that compare options: doses of a force, effects against a reference, the front, sensitivity, worlds."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.analysis.needed import needed
from experiments.analysis.robustness import non_dominated, regrets, robustness
from experiments.design import Cell
from experiments.figures import findings, words
from experiments.figures.designs import averages_table, pairs_table
from experiments.figures.doses import dose_curves
from experiments.figures.effects import Measure, effects
from experiments.figures.pareto import pareto
from experiments.figures.rivals import rivals_tables
from experiments.figures.screening import noise_floor
from experiments.figures.tornado import tornado
from experiments.figures.worlds import worlds
from experiments.intervals import EVENTS, estimate, paired_difference, wilson
from experiments.points import SAMPLE
from experiments.results import Results
from experiments.summary import effects as paired_effects

SIZE = "force.size"
RULE = 100_000  # troops: Dannatt's estimate, which the figures of doses mark
AS_IS = "base case"  # the panel of the grid itself, where arms have panels of their own
MOST_MEASURES = 4
FEW = 2  # options of a group that are easily overlooked, and named for that


def doses_tables(results: Results) -> dict[str, pd.DataFrame]:
    """The curves, where each first reaches four in five, and what states field where they decide themselves.

    doses: panel, line, size, estimate, low, high of the experiment's first outcome, and gain, gain_low, gain_high over
    the grid itself, run by run (none where the grid has no such cell). needed: panel, line, size, low, high (infinite
    where it is not reached), unreached (share of resamples), falls_again. supply: line, median, low, high of the
    largest force of a run (median and 95% of runs), and reach, reach_low, reach_high (share of runs in which it is
    RULE or more), from arms with endogenous deployment.
    """
    name = results.asked.experiment.outcomes[0]
    _, other = results.asked.experiment.grid
    panels: dict[str, list[Cell]] = {}
    supply = []
    for cell in results.asked.cells:
        if cell.value("force.deployment") == "endogenous":
            troops = results.column(cell.label, "troops_peak")
            low, middle, high = np.quantile(troops, [0.025, 0.5, 0.975])
            reach = wilson(float((troops >= RULE).sum()), len(troops))
            supply.append((words.level(other, cell.value(other)), middle, low, high, *reach))
        elif SIZE in cell.settings and other in cell.settings:
            panels.setdefault(cell.arm or AS_IS, []).append(cell)
    curves, marks = [], []
    as_is = {(cell.value(other), cell.settings[SIZE]): cell.label for cell in panels.get(AS_IS, [])}
    for panel, cells in panels.items():
        for level in dict.fromkeys(cell.value(other) for cell in cells):
            line = sorted((cell for cell in cells if cell.value(other) == level), key=lambda cell: cell.settings[SIZE])
            sizes = np.array([cell.settings[SIZE] for cell in line], float)
            values = np.stack([results.column(cell.label, name) for cell in line])
            called = words.level(other, level)
            for cell, size, each in zip(line, sizes, values, strict=True):
                base = None if panel == AS_IS else as_is.get((level, cell.settings[SIZE]))
                gain = paired_difference(name, each, results.column(base, name)) if base else [np.nan] * 3
                curves.append((panel, called, size, *estimate(name, each), *gain))
            marks.append((panel, called, *needed(sizes, values, findings.TARGET)))
    bounds = ["estimate", "low", "high", "gain", "gain_low", "gain_high"]
    return {
        "doses": pd.DataFrame(curves, columns=["panel", "line", "size", *bounds]),
        "needed": pd.DataFrame(marks, columns=["panel", "line", "size", "low", "high", "unreached", "falls_again"]),
        "supply": pd.DataFrame(supply, columns=["line", "median", "low", "high", "reach", "reach_low", "reach_high"]),
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
        caption += (
            "Triangles: the largest force that states field when they decide themselves, median and 95% of runs. "
        )
    if len(panels) > 1:
        cell = next(cell for cell in results.asked.cells if not cell.arm)
        changed = dict.fromkeys(
            name for arm in results.asked.experiment.arms if arm.label in panels for name in arm.set
        )
        told = ", ".join(f"{name.partition('.')[2]} {cell.value(name)}" for name in changed)
        caption += f"{AS_IS.capitalize()}: {told}; each other panel changes one of these. "
    levels = {words.level(other, value): words.phrase(other, value) for value in results.asked.experiment.grid[other]}
    first = marks[marks["panel"] == panels[0]]
    title = findings.of_doses(first.assign(line=first["line"].map(levels)), results.asked.weeks)
    if len(panels) > 1:
        title = (
            f"{panels[0].capitalize()}: {title[0].lower()}{title[1:]}{findings.of_other_doses(marks, panels, levels)}"
        )
    return dose_curves(
        curves,
        title,
        caption + words.conditions(results),
        findings.TARGET,
        supply if len(supply) else None,
        marks,
        panels if len(panels) > 1 else None,
    )


def effects_tables(results: Results) -> dict[str, pd.DataFrame]:
    """contrasts: as effects, of each cell less every other (`versus` apart) whose settings are all among its own.

    What the rest of its settings adds: “exit after a year, 3.5% kept” less “exit after a year”. pairs: what each level
    changes in a full design (`designs`), if arms with the same grid make one.
    """
    experiment = results.asked.experiment
    cells = [cell for cell in results.asked.cells if cell.arm != SAMPLE and cell.label != experiment.versus]
    tables = []
    for less in cells:
        wider = [cell.label for cell in cells if less.settings.items() < cell.settings.items()]
        if wider:
            rows = results.labels[results.labels["cell"].isin(wider)]
            tables.append(paired_effects(rows, results.column, less.label, experiment.outcomes))
    contrasts = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    return {"contrasts": contrasts, "pairs": pairs_table(results)}


def draw_effects(results: Results) -> Figure:
    """What every other cell changes against the one that the experiment compares with."""
    experiment, table = results.asked.experiment, results.tables["effects"]
    names = experiment.outcomes[:MOST_MEASURES]
    units = {name: _shown_unit(name) for name in names}
    grids = {arm.label: arm.grid for arm in experiment.arms}
    called = {cell.label: _called(cell, grids.get(cell.arm, {})) for cell in results.asked.cells}
    versus = ", ".join(filter(None, called[experiment.versus]))
    title_rows = table.assign(cell=[", ".join(filter(None, called[label])) for label in table["cell"]])
    title = findings.of_effects(title_rows, experiment.outcomes[0], versus)
    table = table[table["outcome"].isin(names)].copy()
    factor = table["outcome"].map({name: factor for name, (factor, _) in units.items()})
    for part in ("difference", "low", "high"):
        table[part] = table[part] * factor
    grouped = any(option for _, option in called.values())
    table["option"] = [called[label][1] or called[label][0] for label in table["cell"]]
    if grouped:
        table["group"] = [called[label][0] for label in table["cell"]]
    measures = [Measure(name, words.outcome(name), unit, words.better(name)) for name, (_, unit) in units.items()]
    caption = (
        "Differences under the same luck and parameters, run by run, with 95% intervals (Tango for what happens or "
        "not, bootstrap for amounts); filled where the interval leaves out zero. "
    )
    return effects(table, title, caption + words.conditions(results), measures, f"“{versus}”")


def _called(cell: Cell, grid: Collection[str]) -> tuple[str, str]:
    """The arm of a cell, and what tells it from the arm's other cells: `NATO`, `nothing delegated`."""
    return cell.arm or cell.label, ", ".join(words.phrase(name, cell.settings[name]) for name in grid)


def _shown_unit(name: str) -> tuple[float, str]:
    """By what to multiply an outcome for the reader, and the unit that it then has."""
    if name in EVENTS:
        return 100.0, "points"
    return (0.001, "thousand troops") if words.outcome_unit(name) == "troops" else (1.0, words.outcome_unit(name))


def pareto_tables(results: Results) -> dict[str, pd.DataFrame]:
    """pareto: cell, group, stability and risk with _low and _high, front.

    Stability is the experiment's first outcome, of which more is better, risk its second, of which less is. averages
    and pairs: what each level of the grid comes to, and what it changes (`designs`).
    """
    stability, risk = results.asked.experiment.outcomes[:2]
    grid = list(results.asked.experiment.grid)
    rows = []
    grids = {arm.label: list(arm.grid) for arm in results.asked.experiment.arms}
    for cell in results.asked.cells:
        found = [estimate(name, results.column(cell.label, name)) for name in (stability, risk)]
        group = words.level(grid[0], cell.settings[grid[0]]) if grid and not cell.arm else cell.arm
        told = [words.phrase(name, cell.settings[name]) for name in grids.get(cell.arm, grid)]
        rows.append((cell.label, ", ".join(filter(None, [cell.arm, *told])), group, *found[0], *found[1]))
    ends = [f"{what}{end}" for what in ("stability", "risk") for end in ("", "_low", "_high")]
    table = pd.DataFrame(rows, columns=["cell", "option", "group", *ends])
    table["front"] = non_dominated(table[["stability", "risk"]], [True, False]).to_numpy()
    return {"pareto": table, "averages": averages_table(results), "pairs": pairs_table(results)}


def draw_pareto(results: Results) -> Figure:
    """Stability against risk, and the options that none beats in both."""
    table = results.tables["pareto"]
    stability, risk = results.asked.experiment.outcomes[:2]
    ends = [f"{what}_{end}" for what in ("stability", "risk") for end in ("low", "high")]
    table = table.assign(**{end: table[end].where(table["front"]) for end in ends})  # all of them would hide the marks
    grid = words.listed([words.small(words.axis(name).split(" (")[0]) for name in results.asked.experiment.grid])
    caption = (
        f"Every combination of {grid}; filled and named: no other holds more often and risks less, by the estimates. "
        "95% intervals of these; those of the others are in pareto.csv. "
    )
    named = table["group"].map(table["group"].value_counts()) <= FEW
    names = (f"{words.outcome(risk)} (share of runs)", f"{words.outcome(stability)} (share of runs)")
    parts = [option.split(", ") for option in table["option"][table["front"]]]
    shared = [part for part in parts[0] if len(parts) > 1 and all(part in each for each in parts)]
    told = [", ".join(part for part in option.split(", ") if part not in shared) for option in table["option"]]
    table["option"] = [short or option for short, option in zip(told, table["option"], strict=True)]
    if shared:
        caption = f"All of the front: {', '.join(shared)}. {caption}"
    return pareto(
        table.assign(named=named), findings.of_front(table, risk), caption + words.conditions(results), names=names
    )


def draw_tornado(results: Results) -> Figure:
    """What the first outcome hangs on."""
    experiment = results.asked.experiment
    name = experiment.outcomes[0]
    table = results.tables["sensitivity"]
    table = table[table["outcome"] == name].drop(columns="outcome")
    points = sum(cell.arm == "sample" for cell in results.asked.cells)
    caption = f"{points:,} points of {len(table):,} settings that nobody knows, moved over their whole ranges. "
    if (floor := noise_floor(results.tables, name)) is not None:
        caption += f"Luck alone could explain a \u03bc* of {floor:.2f}: from there on down ranks are noise. "
    title = findings.of_sensitivity(table, name)
    label = "Size of its effect (share of runs)" if "mu_star" in table and name in EVENTS else ""
    return tornado(table, title, caption + words.conditions(results), label=label)


def worlds_tables(results: Results) -> dict[str, pd.DataFrame]:
    """worlds: policy, world, share, one column for each switch. scores: policy, median, low, high, reached, regret.

    Arms are policies, and combinations of what their grids vary are worlds. For more tables see `rivals_tables`.
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
    return {"worlds": table, "scores": scores} | rivals_tables(results)


def draw_worlds(results: Results) -> Figure:
    """Every policy in every world."""
    table, scores = results.tables["worlds"], results.tables["scores"]
    count = table["world"].nunique()
    caption = (
        f"Each dot is one of {count} combinations of the rival theories. Regret: by how much a policy falls behind the "
        "best one of the same world, at most. "
    )
    return worlds(table, scores, findings.of_worlds(scores), caption + words.conditions(results), findings.TARGET)
