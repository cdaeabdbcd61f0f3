"""What the model says of past ceasefires: survival with its spread, who breaks it, and the rivals beside it.

No case is judged by a posterior that has seen its dyad cluster: the weights leave that cluster out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.evidence.targets import fitted_cases
from experiments.history.evaluation import HORIZONS_YEARS, Prediction, days
from experiments.history.runs import case_scenarios, interval_counts, interval_mask, play_cases
from experiments.patterns.pattern import ParameterSets
from experiments.posterior import Posterior, by_cluster
from model.engine import Engine
from model.theatres import FORCE, GUARANTEE, SIZE, TROOPS, ZONE

type Floats = NDArray[np.float64]
type Report = Callable[[int, int, str], None]  # cases done, cases in all, what is played

SEED = 19460113  # of the luck: the first day of the first case
GRID = np.array([*range(0, 53, 4), *range(78, 523, 26)], float) * 7.0  # days at which curves are given
NOBODY = 1e6  # a cost that nobody pays
ALONE = {"crisis.spiral_deaths": 1e9, "ukraine.attack_cost": NOBODY, "ukraine.probe_cost": NOBODY}


@dataclass(frozen=True, eq=False)
class Forecast:
    """What parameter sets say of each case."""

    survival: Floats  # (cases, horizons)
    score: Floats  # (cases,), days expected to hold within ten years
    curve: Floats  # (cases, grid)
    low: Floats  # (cases, grid), 5% of the sets lie below
    high: Floats  # (cases, grid)
    broken: Floats  # (cases, 4): share of runs that nobody, the challenger, the defender or both ended

    def as_prediction(self, name: str) -> Prediction:
        """For `experiments.history.evaluation`."""
        return Prediction(name, self.survival, self.score)


def forecast(
    engine: Engine,
    frame: pd.DataFrame,
    sets: ParameterSets,
    weights: Floats,
    runs: int,
    report: Report,
    what: str,
    given: Mapping[str, float] | None = None,
) -> Forecast:
    """Play each case with each set; `weights` (cases, sets) may differ from case to case."""
    done = iter(range(1, len(frame) + 1))
    scenarios = case_scenarios(frame)
    played = play_cases(
        engine, scenarios, sets, runs, SEED, given=given, report=lambda _: report(next(done), len(frame), what)
    )
    return summarise(played, weights)


def summarise(played: Mapping[str, Floats], weights: Floats) -> Forecast:
    """Weighted shares of runs (cases, sets, runs), and their spread over sets without the noise of few runs."""
    ended = np.where(played["held"] == 1.0, np.inf, (played["weeks_held"] + 0.5) * 7.0)
    at = np.concatenate([days(HORIZONS_YEARS), GRID])
    shares = np.stack([(ended > day).mean(axis=2) for day in at], axis=2)  # (cases, sets, days)
    mean = np.einsum("csd,cs->cd", shares, weights)
    noise = mean * (1.0 - mean) / ended.shape[2]
    square = np.einsum("csd,cs->cd", np.square(shares - mean[:, None]), weights)
    spread = 1.645 * np.sqrt(np.maximum(square - noise, 0.0))
    first = len(HORIZONS_YEARS)
    curve, wide = mean[:, first:], spread[:, first:]
    steps = np.diff(GRID)
    broken = np.stack(
        [np.einsum("cs,cs->c", (played["broken_by"] == who).mean(axis=2), weights) for who in range(4)], axis=1
    )
    return Forecast(
        np.clip(mean[:, :first], 0.0, 1.0),
        np.asarray(((curve[:, 1:] + curve[:, :-1]) / 2.0) @ steps),
        np.clip(curve, 0.0, 1.0),
        np.clip(curve - wide, 0.0, 1.0),
        np.clip(curve + wide, 0.0, 1.0),
        broken,
    )


def weights_without(posterior: Posterior, frame: pd.DataFrame) -> Floats:
    """Weights (cases, sets) for each case, from all fitted cases but those of its own dyad cluster."""
    return np.stack([posterior.without(str(cluster)) for cluster in frame["dyad_cluster"]])


def sets_of(posterior: Posterior) -> ParameterSets:
    """The posterior's sets; their weights are apart."""
    return ParameterSets(posterior.names, posterior.values)


def challenger_alone(engine: Engine, frame: pd.DataFrame, count: int, runs: int, report: Report) -> Forecast:
    """The null of expected utility: a challenger that weighs and chooses, and nobody else.

    No force, no guarantee, no zone, no monitors, no act of the defender, no spiral. Its parameters are the priors',
    weighted by how they foresee the fitted cases, the case's own cluster left out: the same help as the full model.
    """
    sets = ParameterSets.prior(count, SEED % 1000)
    fitted = fitted_cases().chosen("strict")
    told = interval_mask(fitted["t"].to_numpy(), fitted["event"].to_numpy())
    played = play_cases(engine, case_scenarios(_bare(fitted)), sets, runs, SEED, given=ALONE)
    counts = interval_counts(played)
    shares = (counts + 0.5 / counts.shape[2]) / (runs + 0.5)
    names, found = by_cluster(np.log((shares * told).sum(axis=2)), fitted["dyad_cluster"].tolist())
    total = found.sum(axis=1)
    weights = []
    for cluster in frame["dyad_cluster"]:
        logs = total - (found[:, names.index(cluster)] if cluster in names else 0.0)
        each = np.exp(logs - logs.max())
        weights.append(each / each.sum())
    return forecast(engine, _bare(frame), sets, np.stack(weights), runs, report, "the challenger alone", ALONE)


def _bare(frame: pd.DataFrame) -> pd.DataFrame:
    """The cases without any third party."""
    nothing: dict[str, Any] = {FORCE: "none", ZONE: "none", GUARANTEE: "none", TROOPS: 0.0, SIZE: np.nan}
    return frame.assign(**nothing)
