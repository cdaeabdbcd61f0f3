"""What luck alone would make of elementary effects: below it a setting's rank says nothing."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.draws import Floats

DRAWS = 2000
SEED = 20250305  # of the random signs


def luck_of_effects(names: Sequence[str], inputs: Floats, values: Floats, scales: Floats) -> pd.DataFrame:
    """How large the mean absolute effect of each setting would be if it changed runs only by chance.

    `inputs` (points, settings) are Morris's points, trajectory after trajectory, `values` (points, runs) an outcome of
    each run there, where run r has the same luck at every point, and `scales` (settings,) turns a step's change into
    mu_star's unit. Under chance alone a run that a step has changed might as well have changed the other way, so that
    changes keep their sizes and get random signs, one for each run in all trajectories. Columns: parameter, changed
    (share of the runs that a step of the setting changes), noise (mean of mu_star under chance) and noise_high (its
    95th percentile). A setting that changes no run has none of it.

    Raises ValueError unless each step of a trajectory changes one setting.
    """
    count = len(names)
    if len(inputs) % (count + 1) or len(values) != len(inputs):
        raise ValueError(f"{len(inputs)} points are no whole trajectories of {count} settings")
    shape = (-1, count + 1, inputs.shape[1])
    moved = np.diff(inputs.reshape(shape), axis=1) != 0.0
    if not (moved.sum(axis=2) == 1).all():
        raise ValueError("a step of a trajectory changes one setting")
    changes = np.diff(values.reshape(-1, count + 1, values.shape[1]), axis=1)  # (trajectories, steps, runs)
    order = np.argsort(moved.argmax(axis=2), axis=1)  # the step at which each setting moves
    changes = np.take_along_axis(changes, order[..., None], axis=1)
    signs = np.random.default_rng(SEED).choice([-1.0, 1.0], (values.shape[1], DRAWS))
    rows = []
    for place, name in enumerate(names):
        by_chance = np.abs(changes[:, place] @ signs).mean(axis=0) / values.shape[1] * scales[place]
        share = float((changes[:, place] != 0.0).mean())
        rows.append((name, share, float(by_chance.mean()), float(np.quantile(by_chance, 0.95))))
    return pd.DataFrame(rows, columns=["parameter", "changed", "noise", "noise_high"])
