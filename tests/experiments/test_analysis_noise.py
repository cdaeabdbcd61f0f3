"""What luck alone makes of elementary effects."""

import numpy as np
import pytest
from SALib.sample import morris

from experiments.analysis.noise import luck_of_effects

NAMES = ["strong", "noisy", "idle"]


def design(trajectories=12, runs=60, seed=1):
    """Morris's points, and runs of which `strong` moves the chance and `noisy` only swaps who is lucky."""
    problem = {"num_vars": 3, "names": NAMES, "bounds": [[0.0, 1.0]] * 3}
    inputs = np.asarray(morris.sample(problem, trajectories, num_levels=8, seed=seed), float)
    luck = np.random.default_rng(seed)
    first, swapped = luck.random(runs), luck.permutation(runs)
    values = []
    for strong, noisy, _ in inputs:
        lucky = np.where(luck.permutation(runs) < runs * noisy / 2, first[swapped], first)
        values.append(lucky < 0.3 + 0.4 * strong)
    return inputs, np.array(values, float)


def test_luck_explains_what_only_swaps_runs_and_not_what_moves_them():
    inputs, values = design()
    table = luck_of_effects(NAMES, inputs, values, np.full(3, 1.75)).set_index("parameter")
    effects = {name: [] for name in NAMES}
    for start in range(0, len(inputs), 4):
        for step in range(start, start + 3):
            moved = NAMES[int(np.argmax(inputs[step + 1] != inputs[step]))]
            effects[moved].append(1.75 * abs(values[step + 1].mean() - values[step].mean()))
    assert np.mean(effects["strong"]) > table["noise_high"]["strong"]
    assert np.mean(effects["noisy"]) < table["noise_high"]["noisy"]
    assert (table["noise"] <= table["noise_high"]).all()


def test_a_setting_that_changes_no_run_has_no_noise():
    inputs, _ = design()
    values = np.repeat((inputs[:, :1] > 0.5).astype(float), 20, axis=1)
    table = luck_of_effects(NAMES, inputs, values, np.ones(3)).set_index("parameter")
    assert list(table.loc["idle"]) == [0.0, 0.0, 0.0]
    assert table["changed"]["strong"] > 0.0


def test_points_that_are_no_trajectories_are_refused():
    inputs, values = design()
    with pytest.raises(ValueError, match="no whole trajectories"):
        luck_of_effects(NAMES, inputs[:-1], values[:-1], np.ones(3))
    with pytest.raises(ValueError, match="changes one setting"):
        luck_of_effects(NAMES, np.zeros_like(inputs), values, np.ones(3))
