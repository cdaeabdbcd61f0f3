"""The statistical peers of the simulation: predictions from the other ceasefires' outcomes alone."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import lifelines
import numpy as np
import pandas as pd
from lifelines.exceptions import ConvergenceError, ConvergenceWarning, StatError
from numpy.typing import NDArray
from scipy.optimize import minimize

from experiments.design import ExperimentError
from experiments.history.columns import LEVELS

type Floats = NDArray[np.float64]
type Predicted = tuple[Floats, Floats]  # survival (cases, horizons) and score (cases,), higher lasts longer

FLOOR = 0.5  # days: a Weibull time and the logarithm of a time must be above zero
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0)  # ridge penalties of Cox regressions, on the scale of lifelines
INNER_FOLDS = 5
SEEDS = (1, 2, 3, 4, 5)
COVARIATES = (
    "third_party_force",
    "demilitarised_zone",
    "great_power_guarantee",
    "guarantor_troops_present",
    "defender_to_challenger_capability_ratio",
    "war_deaths",
    "previous_wars",
    "outcome_decisive",
    "contiguous",
    "nuclear_challenger",
)


class Null(Protocol):
    """A way to predict the survival of some ceasefires from the fates of others.

    Frames have the columns of `CaseTable.frame` with `t` (days) and `event` (bool), as `CaseTable.chosen` makes them.
    """

    name: str

    def predict(self, train: pd.DataFrame, test: pd.DataFrame, horizons_days: Sequence[float]) -> Predicted:
        """Survival at each horizon (cases of `test`, horizons) and a score (cases,), higher where it lasts longer."""


class KaplanMeier:
    """The share of all ceasefires that still held: the same for every case, so it ranks nobody (all scores 0)."""

    name = "Kaplan-Meier"

    def predict(self, train: pd.DataFrame, test: pd.DataFrame, horizons_days: Sequence[float]) -> Predicted:
        """Kaplan-Meier survival of `train` at each horizon; flat past its last time."""
        fitter = lifelines.KaplanMeierFitter().fit(train["t"], event_observed=train["event"])
        return _same_for_all(fitter.survival_function_at_times(list(horizons_days)), len(test))


class Weibull:
    """The hazard rises or falls as a power of time: the same for every case (all scores 0).

    Times below half a day count as half a day. With fewer than two different times of failure there is no fit, and
    the Kaplan-Meier curve stands in.
    """

    name = "Weibull"

    def predict(self, train: pd.DataFrame, test: pd.DataFrame, horizons_days: Sequence[float]) -> Predicted:
        """Weibull survival fitted to `train` at each horizon."""
        times = train["t"].clip(lower=FLOOR)
        if times[train["event"]].nunique() < 2:
            return KaplanMeier().predict(train, test, horizons_days)
        try:
            fitter = lifelines.WeibullFitter().fit(times, event_observed=train["event"])
        except (ConvergenceError, StatError):
            return KaplanMeier().predict(train, test, horizons_days)
        return _same_for_all(fitter.survival_function_at_times(list(horizons_days)), len(test))


class Cox:
    """Cox regression on the ten covariates of the codebook, with a ridge penalty.

    Ordered levels are scored 0, 1, ...; the capability ratio enters as its natural logarithm and war deaths as
    log10(1 + deaths); unknown values are the training cases' median; each covariate is standardised on the training
    cases, and left out if it does not vary there. The penalty is the one of `penalties` with the highest
    cross-validated partial likelihood (Verweij and van Houwelingen 1993) in grouped folds of the training cases.
    """

    name = "Cox"

    def __init__(self, penalties: Sequence[float] = PENALTIES, covariates: Sequence[str] = COVARIATES) -> None:
        """Choose among `penalties`, with these covariates."""
        self.penalties, self.covariates = tuple(penalties), tuple(covariates)

    def fit(self, train: pd.DataFrame) -> Any:
        """The fitted lifelines model, with robust errors by dyad cluster; None where nothing can be fitted."""
        x = standardise(train, train, self.covariates)
        if x.empty or not train["event"].any():
            return None
        table = x.assign(t=train["t"].clip(lower=FLOOR), event=train["event"].astype(float))
        table["cluster"] = pd.factorize(train["dyad_cluster"])[0]
        fitter = lifelines.CoxPHFitter(penalizer=choose_penalty(train, x.to_numpy(float), self.penalties))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # nearly constant columns; the penalty holds them
            return fitter.fit(table, "t", "event", cluster_col="cluster")

    def predict(self, train: pd.DataFrame, test: pd.DataFrame, horizons_days: Sequence[float]) -> Predicted:
        """Survival by Breslow's baseline hazard, and the score: minus the log of the relative hazard."""
        fitter = self.fit(train)
        if fitter is None:
            return KaplanMeier().predict(train, test, horizons_days)
        score = -(standardise(train, test, self.covariates).to_numpy(float) @ fitter.params_.to_numpy(float))
        baseline = fitter.baseline_cumulative_hazard_["baseline cumulative hazard"]
        hazards = np.array([0.0, *baseline])[baseline.index.searchsorted(np.asarray(horizons_days, float), "right")]
        return np.exp(-np.exp(-score)[:, None] * hazards[None, :]), score


def standardise(train: pd.DataFrame, frame: pd.DataFrame, names: Sequence[str] = COVARIATES) -> pd.DataFrame:
    """The covariates of `frame` as numbers, with medians, means and deviations of `train`; none that is constant."""
    base, values = _numbers(train, names), _numbers(frame, names)
    median = base.median()
    base = base.fillna(median)
    spread = base.std(ddof=0)
    varying = list(spread.index[spread > 1e-9])
    return ((values.fillna(median) - base.mean()) / spread)[varying].set_axis(frame.index)


def choose_penalty(train: pd.DataFrame, x: Floats, penalties: Sequence[float] = PENALTIES) -> float:
    """The penalty with the highest cross-validated partial likelihood in grouped folds; `x` (cases, covariates)."""
    if len(penalties) == 1 or train["dyad_cluster"].nunique() < 2:
        return max(penalties)
    t, event = train["t"].clip(lower=FLOOR).to_numpy(float), train["event"].to_numpy(bool)
    gains = np.zeros(len(penalties))
    for held_out in grouped_folds(train["dyad_cluster"], INNER_FOLDS, seed=0):
        kept = ~held_out
        beta = np.zeros(x.shape[1])
        for place, penalty in reversed(list(enumerate(penalties))):  # each starts from the one before
            beta = _ridge(x[kept], t[kept], event[kept], penalty, beta)
            whole = partial_likelihood(beta, x, t, event)[0]
            gains[place] += whole - partial_likelihood(beta, x[kept], t[kept], event[kept])[0]
    return float(penalties[int(np.argmax(gains))])


def partial_likelihood(beta: Floats, x: Floats, t: Floats, event: NDArray[np.bool_]) -> tuple[float, Floats]:
    """Cox's partial log-likelihood (Breslow's ties) and its gradient, for choosing a penalty without a full fit."""
    at_risk = (t[event][:, None] <= t).astype(float)  # (failures, cases)
    linear = x @ beta
    relative = np.exp(linear - linear.max())
    total = at_risk @ relative
    gradient = x[event].sum(axis=0) - ((at_risk @ (relative[:, None] * x)) / total[:, None]).sum(axis=0)
    return float((linear[event] - linear.max() - np.log(total)).sum()), gradient


def _ridge(x: Floats, t: Floats, event: NDArray[np.bool_], penalty: float, start: Floats) -> Floats:
    """Coefficients with the highest penalised partial likelihood, on the scale of lifelines' penalty."""

    def loss(beta: Floats) -> tuple[float, Floats]:
        value, gradient = partial_likelihood(beta, x, t, event)
        return -value / len(t) + penalty * float(beta @ beta) / 2, -gradient / len(t) + penalty * beta

    found: Floats = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-4}).x
    return found


def cross_validate(
    null: Null,
    frame: pd.DataFrame,
    horizons_days: Sequence[float],
    folds: int | None = 10,
    seeds: Sequence[int] = SEEDS,
) -> Predicted:
    """Predictions of each case by a null that has not seen any case of its dyad cluster.

    With `folds`, that many groups of clusters, drawn once for each of `seeds`, and the predictions averaged over the
    seeds; with None, every cluster is left out once on its own. Raises ExperimentError with fewer than two clusters.
    """
    clusters = frame["dyad_cluster"]
    if clusters.nunique() < 2:
        raise ExperimentError("cross-validation needs cases of at least two dyad clusters")
    shape = (len(frame), len(horizons_days))
    survival, score = np.zeros(shape), np.zeros(len(frame))
    rounds = list(seeds) if folds is not None else [0]
    for seed in rounds:
        for held_out in grouped_folds(clusters, folds or clusters.nunique(), seed):
            predicted, order = null.predict(frame[~held_out], frame[held_out], horizons_days)
            survival[held_out] += predicted / len(rounds)
            score[held_out] += order / len(rounds)
    return survival, score


def grouped_folds(clusters: "pd.Series[str]", folds: int, seed: int) -> Iterator[NDArray[np.bool_]]:
    """Masks (cases,) of the cases held out in each fold: clusters stay whole, and are dealt out at random."""
    place, names = pd.factorize(clusters)
    dealt = np.random.default_rng(seed).permutation(len(names))
    for part in np.array_split(dealt, min(folds, len(names))):
        yield np.isin(place, part)


def _numbers(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The covariates as numbers, NaN where unknown."""
    found: dict[str, Any] = {}
    for name in names:
        column = frame[name]
        if name in LEVELS:
            found[name] = column.map({level: float(place) for place, level in enumerate(LEVELS[name])})
        elif name == "defender_to_challenger_capability_ratio":
            found[name] = np.log(column.astype(float))
        elif name == "war_deaths":
            found[name] = np.log10(1 + column.astype(float))
        else:
            found[name] = column.astype(float)
    return pd.DataFrame(found, dtype=float)


def _same_for_all(curve: Any, cases: int) -> Predicted:
    return np.tile(np.asarray(curve, dtype=float), (cases, 1)), np.zeros(cases)
