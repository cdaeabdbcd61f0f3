"""The box of worlds in which a policy fails, found in one half of them and measured again in the other."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata

from experiments.analysis.discovery import Box, choose, measure, peel, without_chance
from experiments.draws import Floats

MOST = 4  # settings that a box limits, so that people can keep it in mind
COVERAGE = 0.5  # of the failures, at least
LEVEL = 0.05  # chance that any of all settings seems to tell failures without doing so
FOUND, HELD_BACK = "found", "held back"


class Halves(NamedTuple):
    """The same limits measured twice: on the worlds in which they were found, and on those that were held back."""

    boxes: Mapping[str, Box]  # by FOUND and HELD_BACK
    share: Mapping[str, float]  # of the worlds of a half that fail
    worlds: Mapping[str, int]


def find_box(inputs: pd.DataFrame, fails: Floats, most: int = MOST, coverage: float = COVERAGE) -> Box:
    """The box of at most `most` limits in which failures are densest while it covers so many of them.

    PRIM peels over the settings that tell failures at all (`telling`): among hundreds it would follow chance. It peels
    again over the `most` limits that the first box needs most, by quasi-p, and again without limits that may be chance,
    so that the others make up for those that had to go.
    """
    kept = telling(inputs, fails)
    while True:
        of_kept = inputs[kept]
        box = choose(peel(of_kept, fails), coverage)
        if len(box.limits) <= most:
            sound = without_chance(box, of_kept, fails)
            if len(sound.limits) == len(box.limits):
                return box
            kept = list(sound.limits)
        else:
            kept = sorted(box.limits, key=lambda name: box.quasi_p[name])[:most]


def telling(inputs: pd.DataFrame, fails: Floats, level: float = LEVEL) -> list[str]:
    """The settings that go with failures by Spearman's rank correlation, with Bonferroni's correction for their number.

    Choices count by their place in the alphabet.
    """
    codes = [
        column if column.dtype.kind in "fiub" else pd.factorize(column, sort=True)[0] for _, column in inputs.items()
    ]
    ranks = rankdata(np.column_stack([np.asarray(each, float) for each in codes]), axis=0)
    outcome = rankdata(fails)
    spread = ranks.std(axis=0) * outcome.std()
    products = (ranks - ranks.mean(axis=0)).T @ (outcome - outcome.mean()) / len(fails)
    found = np.divide(products, spread, out=np.zeros_like(products), where=spread > 0.0)
    bound = norm.isf(level / (2 * len(codes))) / np.sqrt(len(fails) - 1)
    return [str(name) for name, each in zip(inputs, found, strict=True) if abs(each) > bound]


def halves(inputs: pd.DataFrame, fails: Floats) -> Halves:
    """Find a box in the first half of the worlds, in their order, and measure its limits in both.

    Raises ValueError unless some worlds of each half fail.
    """
    middle = len(inputs) // 2
    parts = {FOUND: slice(None, middle), HELD_BACK: slice(middle, None)}
    if not all(fails[part].any() for part in parts.values()):
        raise ValueError("some worlds of each half must fail")
    found = find_box(inputs[parts[FOUND]], fails[parts[FOUND]])
    return Halves(
        {name: measure(found.limits, inputs[part], fails[part]) for name, part in parts.items()},
        {name: float(fails[part].mean()) for name, part in parts.items()},
        {name: len(fails[part]) for name, part in parts.items()},
    )
