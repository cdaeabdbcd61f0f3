"""What luck alone would make of a screening: the table `noise`, and from where on the order of settings is chance."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.analysis.noise import luck_of_effects
from experiments.points import LEVELS, SAMPLE, is_choice
from experiments.results import Results
from model.register import load_register

ROUNDING = 1e-9


def noise_tables(results: Results) -> dict[str, pd.DataFrame]:
    """noise: parameter, outcome, changed, noise, noise_high (`luck_of_effects`), after Morris's design; else none."""
    experiment = results.asked.experiment
    if experiment.sample is None or experiment.sample.method != "morris":
        return {}
    points = [cell for cell in results.asked.cells if cell.arm == SAMPLE]
    names = list(points[0].settings)
    inputs = np.column_stack([_codes(name, [cell.settings[name] for cell in points]) for name in names])
    scales = np.array([1.0 if is_choice(name) else 2 * (LEVELS - 1) / LEVELS for name in names])  # per whole range
    tables = []
    for outcome in experiment.outcomes:
        values = np.stack([results.column(cell.label, outcome) for cell in points])
        tables.append(luck_of_effects(names, inputs, values, scales).assign(outcome=outcome))
    table = pd.concat(tables, ignore_index=True)
    return {"noise": table[["parameter", "outcome", "changed", "noise", "noise_high"]]}


def beyond_luck(sensitivity: pd.DataFrame, noise: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The settings by mu_star for one outcome, with `beyond`: whether luck alone would not make it so large."""
    table = sensitivity.merge(noise, on=["parameter", "outcome"])
    table = table[table["outcome"] == outcome].sort_values("mu_star", ascending=False, kind="stable")
    return table.assign(beyond=table["mu_star"] > table["noise_high"] + ROUNDING).reset_index(drop=True)


def noise_floor(tables: Mapping[str, pd.DataFrame], outcome: str) -> float | None:
    """The largest mu_star that luck alone could explain; None without a screening, or if there is none."""
    if "noise" not in tables:
        return None
    table = beyond_luck(tables["sensitivity"], tables["noise"], outcome)
    within = table[~table["beyond"]]["mu_star"]
    return float(within.iloc[0]) if len(within) else None


def _codes(name: str, values: list[object]) -> "np.typing.NDArray[np.float64]":
    """One setting of all points as numbers that differ where its values do."""
    parameter = load_register().get(name)
    if parameter is not None:
        return np.array([parameter.encode(value) for value in values])  # type: ignore[arg-type]
    return pd.factorize(pd.Series(values, dtype=object))[0].astype(float)
