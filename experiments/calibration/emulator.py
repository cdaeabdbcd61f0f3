"""Emulators: what a stochastic simulator would give at points where it was not run (Kennedy & O'Hagan 2001)."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from experiments.calibration.features import Features, choose_features
from experiments.calibration.lowrank import Binomial, LowRank, Normal, fit_low_rank

Floats = NDArray[np.float64]
LEAST = 1e-4  # probability below which nothing that happened is taken to lie


@dataclass(frozen=True)
class Evaluations:
    """What the simulator gave at n points, each an average over a few runs."""

    summaries: Floats  # (n, summaries), on scales where they are about normal
    summary_noise_variance: Floats  # (n, summaries), of those averages
    counts: Floats  # (n, cases, intervals), runs in which a case's event fell into each interval; the last: never

    @classmethod
    def join(cls, parts: "list[Evaluations]") -> Self:
        """The points of all parts, in their order."""
        return cls(
            np.concatenate([each.summaries for each in parts]),
            np.concatenate([each.summary_noise_variance for each in parts]),
            np.concatenate([each.counts for each in parts]),
        )


@dataclass(frozen=True)
class Data:
    """What was observed."""

    observed: Floats  # (summaries,)
    sd: Floats  # (summaries,), of observation and of the model's declared discrepancy
    mask: Floats  # (cases, intervals), 1 where the event may have fallen, else 0


@dataclass(frozen=True)
class Emulator:
    """Means of summaries, and probabilities of intervals as products of discrete-time hazards (Cox 1972)."""

    features: Features
    summaries: LowRank | None
    unit: tuple[Floats, Floats]  # centre and spread (summaries,) that summaries are fitted in
    hazards: LowRank | None  # log odds of case 0's first interval, its second, ...
    cases: int

    @property
    def active(self) -> NDArray[np.intp]:
        """Places of the inputs that matter, the most important first."""
        return self.features.active

    @classmethod
    def fit(
        cls, z: Floats, found: Evaluations, weights: Floats | None = None, most_active: int = 40, seed: int = 0
    ) -> Self:
        """Fit to evaluations at z (n, d). `weights` (n,) say how much a point counts.

        Summaries are fitted as normal responses with known noise; hazards as binomial responses, by penalised
        likelihood, which has no bias towards 1/2 as an empirical log odds has when runs are few.
        """
        weights = np.ones(len(z)) if weights is None else weights
        centre = found.summaries.mean(axis=0)
        spread = found.summaries.std(axis=0) + 1e-12
        normal = Normal((found.summaries - centre) / spread, found.summary_noise_variance / spread**2)
        ahead = np.cumsum(found.counts[:, :, ::-1], axis=2)[:, :, ::-1]  # not before interval k
        cases = found.counts.shape[1]
        life = ahead.sum(axis=2) / np.maximum(ahead[:, :, 0], 1.0)
        life = (life - life.mean(axis=0)) / (life.std(axis=0) + 1e-12)
        share = np.sqrt(max(normal.responses.shape[1], 1) / max(cases, 1))  # both kinds of data count alike
        responses = np.concatenate([normal.responses, min(share, 1.0) * life], axis=1)
        features = choose_features(z, responses, weights, most_active, np.random.default_rng(seed))
        columns, scale = features.columns(z), features.scale()
        summaries = fit_low_rank(columns, normal, weights, scale) if len(centre) else None
        hazards = None
        if cases:
            binomial = Binomial(*(x.reshape(len(z), -1) for x in (found.counts[:, :, :-1], ahead[:, :, :-1])))
            hazards = fit_low_rank(columns, binomial, weights, scale)
        return cls(features, summaries, (centre, spread), hazards, cases)

    def predict(self, z: Floats, others: bool = True) -> tuple[Floats, Floats]:
        """Mean of the summaries at z (n, d) and the variance (summaries,) of its error.

        Without `others`, inputs that are not active are left unknown, and the variance grows by what they do.
        """
        if self.summaries is None:
            return np.zeros((len(z), 0)), np.zeros(0)
        eta, variance = self._eta(self.summaries, z, others)
        centre, spread = self.unit
        return centre + spread * eta, variance * spread**2

    def log_probabilities(self, z: Floats, others: bool = True) -> Floats:
        """Log of the probability (n, cases, intervals) of each interval, averaged over the emulator's error."""
        if self.hazards is None:
            return np.zeros((len(z), 0, 1))
        eta, variance = self._eta(self.hazards, z, others)
        eta /= np.sqrt(1.0 + np.pi * variance / 8.0)  # MacKay 1992
        eta = eta.reshape(len(z), self.cases, -1)
        past = np.cumsum(log_expit(-eta), axis=2)
        logs = np.empty((*eta.shape[:2], eta.shape[2] + 1))
        logs[:, :, 0] = log_expit(eta[:, :, 0])
        logs[:, :, 1:-1] = past[:, :, :-1] + log_expit(eta[:, :, 1:])
        logs[:, :, -1] = past[:, :, -1]
        return logs

    def log_likelihood(self, z: Floats, data: Data, others: bool = False) -> tuple[Floats, Floats]:
        """Log likelihood of every case (n, cases) and of all summaries together (n,)."""
        mean, variance = self.predict(z, others)
        chance = np.exp(self.log_probabilities(z, others)) if self.cases else np.zeros((len(z), 0, 1))
        return case_log_likelihood(chance, data), summary_log_likelihood(mean, variance, data)

    def implausibility(self, z: Floats, data: Data) -> Floats:
        """How many standard deviations (n, summaries) the means are from the data (Craig et al. 1997)."""
        mean, variance = self.predict(z, others=False)
        return np.asarray(np.abs(mean - data.observed) / np.sqrt(data.sd**2 + variance))

    def _eta(self, fit: LowRank, z: Floats, others: bool) -> tuple[Floats, Floats]:
        used = slice(None) if others else self.features.explained
        variance = fit.misfit if others else fit.misfit + fit.variance_of(self.features.remainder)
        return fit.predict(self.features.columns(z, others), used), variance


def compatible(probabilities: Floats, data: Data) -> Floats:
    """Probability (n, cases) of what is known to have happened, from probabilities (n, cases, intervals)."""
    return np.asarray(np.einsum("nck,ck->nc", probabilities, data.mask))


def case_log_likelihood(probabilities: Floats, data: Data) -> Floats:
    """Log likelihood (n, cases) of what is known to have happened."""
    if not len(data.mask):
        return np.zeros((len(probabilities), 0))
    return np.asarray(np.log(np.maximum(compatible(probabilities, data), LEAST)))


def summary_log_likelihood(mean: Floats, variance: Floats, data: Data) -> Floats:
    """Log likelihood (n,) of the observed summaries; `variance` is that of the error of `mean` (n, summaries)."""
    total = data.sd**2 + variance
    return np.asarray(-0.5 * (np.square(mean - data.observed) / total + np.log(2.0 * np.pi * total)).sum(axis=-1))


def hazards_to_probabilities(hazards: Floats) -> Floats:
    """Probabilities (..., K) of K intervals from the log odds (..., K - 1) of ending in each, given that it began."""
    ends = expit(hazards)
    stays = np.cumprod(1.0 - ends, axis=-1)
    before = np.concatenate([np.ones_like(ends[..., :1]), stays[..., :-1]], axis=-1)
    return np.concatenate([ends * before, stays[..., -1:]], axis=-1)
