"""Further tables of the kind `worlds`: what survives every rival theory, and whose doing the spread is."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.analysis.crossed import crossed_shares
from experiments.analysis.dominance import dominance
from experiments.draws import Floats
from experiments.figures import words
from experiments.figures.shares import shares
from experiments.results import Results


def rivals_tables(results: Results) -> dict[str, pd.DataFrame]:
    """Of the first outcome, where arms are policies and combinations of what their grids vary are worlds.

    dominance and dominance_by: see `experiments.analysis.dominance`. variance: policy, then the columns of
    `experiments.analysis.crossed`, where runs draw parameter sets and some draw the same (as from a posterior).
    """
    experiment = results.asked.experiment
    outcome, switches = experiment.outcomes[0], list(experiment.arms[0].grid)
    cells = {arm.label: [cell for cell in results.asked.cells if cell.arm == arm.label] for arm in experiment.arms}
    values = {policy: np.stack([results.column(cell.label, outcome) for cell in own]) for policy, own in cells.items()}
    first = cells[experiment.arms[0].label]
    worlds = pd.DataFrame([{name: cell.settings[name] for name in switches} for cell in first])
    leads, parts = dominance(values, worlds)
    return {"dominance": leads, "dominance_by": parts, "variance": _variance(values, _sets(results))}


def variance_tables(results: Results) -> dict[str, pd.DataFrame]:
    """The table `variance` alone, for an experiment that shows no worlds."""
    return {} if "variance" in results.tables else {"variance": rivals_tables(results)["variance"]}


def draw_variance(results: Results) -> Figure:
    """Whose doing the spread of the first outcome is, by policy."""
    table, name = results.tables["variance"], results.asked.experiment.outcomes[0]
    luck = 100 * table[table["part"] == "luck"]["share"]
    worlds = len(results.asked.cells) // len(results.asked.experiment.arms)
    caption = (
        f"Variance over single runs: between {worlds} worlds of rival theories, between parameter sets within a world, "
        "and between runs of one set, with 95% intervals over sets and runs. "
    )
    title = f"{words.outcome(name)}: luck has {luck.min():.0f} to {luck.max():.0f}% of the variance over single runs"
    return shares(table, title, caption + words.conditions(results))


def _variance(values: dict[str, Floats], sets: list[int]) -> pd.DataFrame:
    """Shares of theories, parameter sets and luck, by policy; empty where all runs have the same set, or none two."""
    if len(set(sets)) in {0, 1, len(sets)}:
        return pd.DataFrame()
    tables = [crossed_shares(found, sets).assign(policy=policy) for policy, found in values.items()]
    return pd.concat(tables, ignore_index=True)[["policy", "part", "variance", "share", "low", "high", "twins"]]


def _sets(results: Results) -> list[int]:
    """What each run draws, as a number that is the same for the same; empty with point parameters."""
    draws, runs = results.asked.draws, results.asked.experiment.runs
    if draws is None:
        return []
    parts: list[Floats] = []
    first = 0
    while first < runs:
        block = draws(first)
        parts.append(block.values[first - block.first :])
        first += len(parts[-1])
    return [int(place) for place in np.unique(np.vstack(parts)[:runs], axis=0, return_inverse=True)[1]]
