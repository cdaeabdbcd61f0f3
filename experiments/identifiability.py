"""Which parameters the evidence moved, and whether two calibrations agree."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from experiments.draws import Floats
from experiments.posterior import Posterior
from model.register import load_register

MOVED = 0.85  # of the prior's standard deviation: a posterior narrower than this has learnt something
SHIFTED = 0.35  # prior standard deviations: so has one whose mean lies so far off


def moved_inputs(inputs: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """What a manifest says of the inputs, those first that the evidence moved most.

    Columns: parameter, mean_shift (posterior mean less prior mean, in prior standard deviations of a normal scale),
    sd_ratio (posterior over prior), moved.
    """
    table = pd.DataFrame([{"parameter": name, **content} for name, content in inputs.items()])
    table["moved"] = (table["sd_ratio"] < MOVED) | (table["mean_shift"].abs() > SHIFTED)
    strength = table["mean_shift"].abs() + (1.0 - table["sd_ratio"]).clip(lower=0.0)
    return table.iloc[np.argsort(-strength.to_numpy(), kind="stable")].reset_index(drop=True)


def agreement(one: Posterior, other: Posterior) -> pd.DataFrame:
    """Two posteriors of one problem, parameter by parameter.

    Columns: parameter, one and other (means, as shares of the prior's range), gap (difference of the means in standard
    deviations of the prior), noise (its standard error with sets of such weights), apart (gap over noise).
    """
    rows: list[dict[str, Any]] = []
    for name in one.names:
        entry = load_register()[name]
        if entry.low is None or entry.high is None:
            continue
        low, width = entry.low, entry.high - entry.low
        here, there = ((each.values[:, each.names.index(name)] - low) / width for each in (one, other))
        means = [float(each.weights @ x) for each, x in ((one, here), (other, there))]
        spreads = [_variance(each.weights, x) for each, x in ((one, here), (other, there))]
        noise = np.sqrt(spreads[0] / one.worth + spreads[1] / other.worth)
        gap = (means[0] - means[1]) * np.sqrt(12.0)  # a uniform prior has this much less spread than its range
        rows.append(
            {
                "parameter": name,
                "one": means[0],
                "other": means[1],
                "gap": float(gap),
                "noise": float(noise * np.sqrt(12.0)),
                "apart": float(abs(means[0] - means[1]) / max(float(noise), 1e-9)),
            }
        )
    return pd.DataFrame(rows)


def _variance(weights: Floats, x: Floats) -> float:
    return float(weights @ np.square(x - weights @ x))
