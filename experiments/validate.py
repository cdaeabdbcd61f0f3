"""The model tried on past ceasefires, beside its rivals: `ceasefire validate cases`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.design import ExperimentError
from experiments.evidence.targets import fitted_cases
from experiments.history.cases import CaseTable
from experiments.history.evaluation import (
    HORIZONS_YEARS,
    Prediction,
    Scores,
    brier_difference,
    days,
    evaluate,
    kaplan_meier_check,
)
from experiments.history.nulls import Cox, KaplanMeier, Null, Weibull
from experiments.history.predict import (
    GRID,
    SEED,
    Forecast,
    Report,
    challenger_alone,
    forecast,
    sets_of,
    weights_without,
)
from experiments.intervals import Interval
from experiments.patterns.pattern import ParameterSets
from experiments.posterior import Posterior
from model.engine import Engine

type Floats = NDArray[np.float64]

MODEL, PRIOR, ALONE = "model, posterior", "model, prior", "challenger alone"
GROUPS = ("third_party_force", "great_power_guarantee")
RIVALS: tuple[Null, ...] = (KaplanMeier(), Weibull(), Cox())
WHO = ("nobody", "challenger", "defender", "both")


@dataclass(frozen=True)
class Depth:
    """How much is played: runs of each set and case."""

    runs: int = 12  # of the posterior's sets
    others: int = 6  # of the prior's sets, and of the challenger alone
    prior_sets: int = 300


@dataclass(frozen=True, eq=False)
class CasesResult:
    """Everything that `ceasefire validate cases` says."""

    table: CaseTable
    frame: pd.DataFrame  # all cases, with t (days), event and core_sample
    model: Forecast  # of all cases, the posterior without the case's own cluster
    scores: list[Scores]  # on the core sample, the model first
    differences: dict[str, list[Interval]]  # Brier score of the model less that of each rival
    checks: dict[str, pd.DataFrame]  # Kaplan-Meier against the model, by column
    broken: dict[str, float]  # share of simulated collapses by who broke it
    broken_observed: dict[str, float]
    seen: list[bool]  # whether the case's cluster is among the fitted ones

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        first = self.scores[0]
        return {
            "cases_in_file": len(self.frame),
            "core_sample": first.cases,
            "collapses": first.events,
            "c": first.c,
            "c_interval": [first.c_low, first.c_high],
            "c_across_clusters": first.c_across_clusters,
            "brier": {f"{year:g}": value for year, value in first.brier.items()},
            "kaplan_meier": {name: _records(check) for name, check in self.checks.items()},
            "broken_by": {"model": self.broken, "observed": self.broken_observed},
            "rivals": {
                each.name: {
                    "c": each.c,
                    "c_interval": [each.c_low, each.c_high],
                    "c_across_clusters": each.c_across_clusters,
                    "brier": {f"{year:g}": value for year, value in each.brier.items()},
                }
                for each in self.scores[1:]
            },
            "cases": [self._case(place) for place in range(len(self.frame))],
            "notes": self.table.notes,
        }

    def _case(self, place: int) -> dict[str, Any]:
        row = self.frame.iloc[place]
        return {
            "case_id": str(row["case_id"]),
            "core_sample": bool(row["core_sample"]),
            "cluster_fitted": self.seen[place],
            "observed_days": float(row["t"]),
            "observed_collapse": bool(row["event"]),
            "survival": dict(zip((f"{y:g}" for y in HORIZONS_YEARS), self.model.survival[place].tolist(), strict=True)),
            "expected_days_of_ten_years": float(self.model.score[place]),
            "curve": {
                "days": GRID.tolist(),
                "survival": self.model.curve[place].tolist(),
                "low": self.model.low[place].tolist(),
                "high": self.model.high[place].tolist(),
            },
            "broken_by": dict(zip(WHO, self.model.broken[place].tolist(), strict=True)),
        }


def validate_cases(
    engine: Engine,
    table: CaseTable,
    posterior: Posterior,
    depth: Depth | None = None,
    report: Report | None = None,
    rivals: Sequence[Null] = RIVALS,
) -> CasesResult:
    """Predict every case, and judge the predictions on the core sample beside all rivals.

    Nothing is judged by what has seen its dyad cluster: neither posterior nor rivals. Raises ExperimentError if the
    file has no case in the core sample.
    """
    depth = depth or Depth()
    say: Callable[[int, int, str], None] = report or (lambda *_: None)
    frame = table.chosen("strict", core_only=False)
    core = frame["core_sample"].to_numpy(bool)
    if core.sum() < 2:
        raise ExperimentError("core_sample: fewer than two cases are in it; there is nothing to compare")
    weights = weights_without(posterior, frame)
    model = forecast(engine, frame, sets_of(posterior), weights, depth.runs, say, "the posterior")
    prior = ParameterSets.prior(depth.prior_sets, SEED % 1000)
    even = np.full((len(frame), depth.prior_sets), 1.0 / depth.prior_sets)
    before = forecast(engine, frame, prior, even, depth.others, say, "the prior")
    alone = challenger_alone(engine, frame, depth.prior_sets, depth.others, say)
    judged = frame[core].reset_index(drop=True)
    predictions = [_of(each, core, name) for each, name in ((model, MODEL), (before, PRIOR), (alone, ALONE))]
    predictions += [_apart(null, judged) for null in rivals]
    survival = predictions[0].survival
    return CasesResult(
        table,
        frame,
        model,
        evaluate(judged, predictions),
        {each.name: brier_difference(judged, predictions[0], each) for each in predictions[1:]},
        {name: kaplan_meier_check(judged, survival, name) for name in GROUPS},
        _shares(model.broken[core].mean(axis=0)[1:]),
        _observed(judged),
        [str(cluster) in posterior.clusters for cluster in frame["dyad_cluster"]],
    )


def _of(found: Forecast, rows: NDArray[np.bool_], name: str) -> Prediction:
    return Prediction(name, found.survival[rows], found.score[rows])


def _apart(null: Null, frame: pd.DataFrame) -> Prediction:
    """A statistical rival, fitted for each case on the fitted cases outside its dyad cluster."""
    fitted = fitted_cases().chosen("strict")
    known = set(fitted["dyad_cluster"])
    survival, score = np.empty((len(frame), len(HORIZONS_YEARS))), np.empty(len(frame))
    clusters = frame["dyad_cluster"].where(frame["dyad_cluster"].isin(known), "")
    for cluster, rows in frame.groupby(clusters).groups.items():
        train = fitted[fitted["dyad_cluster"] != cluster].reset_index(drop=True)
        places = np.asarray(rows, int)
        test = frame.loc[rows].reset_index(drop=True)
        survival[places], score[places] = null.predict(train, test, days(HORIZONS_YEARS))
    return Prediction(null.name, survival, score)


def _shares(ended: Floats) -> dict[str, float]:
    return dict(zip(WHO[1:], (ended / max(float(ended.sum()), 1e-9)).tolist(), strict=True))


def _observed(frame: pd.DataFrame) -> dict[str, float]:
    collapsed = frame[frame["event"].astype(bool)]
    counts = [float((collapsed["broken_by"] == who).sum()) for who in ("a", "b", "both")]
    return _shares(np.array(counts))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): value.item() if isinstance(value, np.generic) else value for key, value in row.items()}
        for row in table.to_dict("records")
    ]
