"""Which conclusions "A holds more than B" survive every rival theory, and which theories they fail with."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.draws import Floats

RESAMPLES = 1000
SEED = 20250304  # of the resamples


class Lead(NamedTuple):
    """How much more one policy has than another over all worlds, run by run."""

    difference: float  # mean over worlds, with its 95% interval over resamples of the runs
    low: float
    high: float
    margin: float  # all worlds together keep within it of what they are, in 95% of the resamples
    above: float  # shares of worlds in which the one has more, as much, and less
    tied: float
    below: float
    surely_above: float  # of these, by more than the margin
    surely_below: float
    worst: float  # difference in the worst world for the conclusion, and in the best
    best: float


def lead(differences: Floats) -> Lead:
    """The lead of one policy over another: `differences` (worlds, runs), with the same luck in both and in all worlds.

    Runs are resampled whole, with all their worlds (Efron 1979), since they share their luck. The margin is what a
    difference in any of so many worlds may be off by: by itself a world is known better.
    """
    runs = differences.shape[1]
    found = differences.mean(axis=1)
    generator = np.random.default_rng(SEED)
    resampled = generator.multinomial(runs, np.full(runs, 1 / runs), size=RESAMPLES) @ differences.T / runs
    margin = float(np.quantile(np.abs(resampled - found).max(axis=1), 0.95))
    low, high = np.quantile(resampled.mean(axis=1), [0.025, 0.975])
    return Lead(
        difference=float(found.mean()),
        low=float(low),
        high=float(high),
        margin=margin,
        above=float((found > 0).mean()),
        tied=float((found == 0).mean()),
        below=float((found < 0).mean()),
        surely_above=float((found > margin).mean()),
        surely_below=float((found < -margin).mean()),
        worst=float(found.min()),
        best=float(found.max()),
    )


def dominance(values: dict[str, Floats], worlds: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every two policies, the one with more on average first; and by each value of each setting of the worlds.

    `values` has (worlds, runs) for each policy, `worlds` a row for each world and a column for each setting. The first
    table has more, less, worlds and the columns of Lead; the second more, less, setting, value, worlds, above and
    surely_below, as shares of the worlds with that value.
    """
    pairs, parts = [], []
    names = list(values)
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            more, less = (one, other) if values[one].mean() >= values[other].mean() else (other, one)
            differences = values[more] - values[less]
            found = lead(differences)
            pairs.append({"more": more, "less": less, "worlds": len(worlds), **found._asdict()})
            means = differences.mean(axis=1)
            for setting, column in worlds.items():
                for value, rows in column.groupby(column).indices.items():
                    shares = {"above": (means[rows] > 0).mean(), "surely_below": (means[rows] < -found.margin).mean()}
                    of = {"more": more, "less": less, "setting": setting, "value": value, "worlds": len(rows)}
                    parts.append(of | shares)
    return pd.DataFrame(pairs), pd.DataFrame(parts)
