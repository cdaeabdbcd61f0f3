"""The posterior: points with weights, what they make of every datum, and what they would be without some."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from experiments.calibration.emulator import (
    LEAST,
    Data,
    Emulator,
    Evaluations,
    compatible,
    summary_log_likelihood,
)
from experiments.calibration.sampler import divide_out, effective_sample_size

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Posterior:
    """M weighted points of the posterior."""

    names: tuple[str, ...]  # of the inputs
    z: Floats  # (M, d), standard normal under the prior
    weights: Floats  # (M,), their sum is 1
    loglik_by_case: Floats  # (M, cases), as far as points and weights hold it: what leaving a case out takes back
    loglik_summaries: Floats  # (M,)
    effective_sample_size: float
    diagnostics: dict[str, Any] = field(default_factory=dict)

    def mean(self) -> Floats:
        """Posterior mean (d,) of z."""
        return np.asarray(self.weights @ self.z)

    def sd(self) -> Floats:
        """Posterior standard deviation (d,) of z; 1 is the prior's."""
        return np.asarray(np.sqrt(self.weights @ np.square(self.z - self.mean())))


class Weights(NamedTuple):
    """Weights (M,) with sum 1, and how many equally weighted draws they are worth."""

    weights: Floats
    effective_sample_size: float


def leave_out(posterior: Posterior, case_indices: Sequence[int]) -> Weights:
    """The posterior's weights had the cases never been seen."""
    weights = divide_out(posterior.weights, posterior.loglik_by_case[:, list(case_indices)].sum(axis=1))
    return Weights(weights, effective_sample_size(weights))


@dataclass(frozen=True)
class Measured:
    """Log likelihoods at simulated points, where emulator and runs are both listened to."""

    by_case: Floats  # (M, cases)
    summaries: Floats  # (M,)
    trust: Floats  # (cases,), runs that the emulator is worth


def measure(emulator: Emulator, z: Floats, found: Evaluations, data: Data) -> Measured:
    """Combine the emulator's word at z (M, d) with evaluations there, each according to its precision.

    Summaries: two normal estimates. Cases: the emulator is a beta prior for the chance of what happened, worth as
    many runs as its errors at these points, beyond binomial noise, allow; its mean is taken after the runs.
    """
    mean, variance = emulator.predict(z)
    noise = found.summary_noise_variance
    share = variance / np.maximum(variance + noise, 1e-300)  # of the runs
    summaries = summary_log_likelihood(mean + share * (found.summaries - mean), share * noise, data)
    if not len(data.mask):
        return Measured(np.zeros((len(z), 0)), summaries, np.zeros(0))
    runs = found.counts.sum(axis=2)
    hits = compatible(found.counts, data)
    said = np.clip(compatible(np.exp(emulator.log_probabilities(z)), data), LEAST, 1.0 - 1e-9)
    spread = said * (1.0 - said)
    excess = (np.square(hits / runs - said) - spread / runs).sum(axis=0)
    overlap = excess / np.maximum((spread * (1.0 - 1.0 / runs)).sum(axis=0), 1e-12)
    trust = 1.0 / np.clip(overlap, 5e-4, 0.5) - 1.0
    chance = (hits + trust * said) / (runs + trust)
    return Measured(np.log(np.maximum(chance, LEAST)), summaries, trust)


def temper(log_weights: Floats, floor: float) -> tuple[Weights, float]:
    """Weights from their logs (M,), and the power up to 1 they were raised to so that they are worth `floor` draws."""

    def weigh(power: float) -> Floats:
        weights = np.exp(power * (log_weights - log_weights.max()))
        return np.asarray(weights / weights.sum())

    def above(power: float) -> float:
        return effective_sample_size(weigh(power)) - floor

    power = 1.0 if above(1.0) >= 0.0 else float(brentq(above, 0.0, 1.0)) if above(0.0) > 0.0 else 0.0
    weights = weigh(power)
    return Weights(weights, effective_sample_size(weights)), power
