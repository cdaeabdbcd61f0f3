"""Draws from a posterior whose prior is standard normal: tempered sequential Monte Carlo (Del Moral et al. 2006)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import brentq

Floats = NDArray[np.float64]
LogLikelihood = Callable[[Floats], Floats]  # of points z (n, d), each on its own: (n,)

KEPT = 0.5  # effective share of particles after each rise of the temperature
FORGOTTEN = 0.1  # squared correlation with where particles were, at which they have moved enough
MOST_MOVES = 30
LEVELS = 200


@dataclass(frozen=True)
class Sample:
    """Equally weighted draws, and how they came about."""

    z: Floats  # (particles, d)
    log_likelihood: Floats  # (particles,)
    powers: list[float]  # of the likelihood, rising to 1
    acceptance: list[float]  # share of moves that were accepted, at each power
    log_evidence: float


def sample_posterior(log_likelihood: LogLikelihood, d: int, particles: int, rng: np.random.Generator) -> Sample:
    """Draw from exp(log_likelihood(z)) N(z; 0, I), z (particles, d).

    The likelihood's power rises from 0 to 1 so that half the effective sample is kept each time. Particles then move
    by autoregressive steps that leave a normal distribution fitted to them unchanged (generalised preconditioned
    Crank-Nicolson: Rudolf & Sprungk 2018), so that in near-normal posteriors nearly every step is accepted.
    """
    z = rng.standard_normal((particles, d))
    found = log_likelihood(z)
    power, powers, acceptance, evidence, stride = 0.0, [0.0], [], 0.0, 0.8
    while power < 1.0 and len(powers) < LEVELS:
        rise = _rise(found, 1.0 - power)
        power = 1.0 if power + rise > 1.0 - 1e-9 else power + rise
        logs = rise * found
        weights = np.exp(logs - logs.max())
        evidence += float(np.log(weights.mean()) + logs.max())
        normal = _Normal.of(z, weights / weights.sum())
        chosen = systematic(weights, particles, rng)
        z, found = z[chosen], found[chosen]
        start, rates = z.copy(), []
        for _ in range(MOST_MOVES):
            z, found, rate = _move(z, found, log_likelihood, power, normal, stride, rng)
            rates.append(rate)
            stride = float(np.clip(stride * np.exp(rate - 0.35), 0.02, 1.0))
            if _memory(start, z) < FORGOTTEN:
                break
        powers.append(power)
        acceptance.append(float(np.mean(rates)))
    if power < 1.0:
        raise RuntimeError(f"the likelihood's power rose only to {power:.3g} in {LEVELS} steps")
    return Sample(z, found, powers, acceptance, evidence)


def effective_sample_size(weights: Floats) -> float:
    """How many equally weighted draws are worth these weights (n,) (Kish 1965)."""
    return float(weights.sum() ** 2 / np.square(weights).sum())


def divide_out(weights: Floats, log_likelihood: Floats) -> Floats:
    """Weights (M,), sum 1, had data with this log likelihood (M,) never been seen (Gelfand, Dey & Chang 1992).

    Ratios are truncated at sqrt(M) times their mean (Ionides 2008), so that no single point can take over.
    """
    ratios = np.exp(-log_likelihood - (-log_likelihood).max())
    most = np.sqrt(len(ratios)) * float(weights @ ratios)
    kept = weights * np.minimum(ratios, most)
    return np.asarray(kept / kept.sum())


def systematic(weights: Floats, count: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Places (count,) drawn with chances in proportion to `weights` (n,), as evenly as can be (Kitagawa 1996)."""
    edges = np.cumsum(weights)
    at = (rng.random() + np.arange(count)) / count * edges[-1]
    return np.asarray(np.minimum(np.searchsorted(edges, at, side="right"), len(weights) - 1), np.intp)


@dataclass(frozen=True)
class _Normal:
    """A normal distribution N(mean, root root')."""

    mean: Floats
    root: Floats

    @classmethod
    def of(cls, z: Floats, weights: Floats) -> "_Normal":
        """Fitted to weighted points, its covariance shrunk a little towards the diagonal."""
        mean = weights @ z
        away = z - mean
        covariance = away.T @ (weights[:, None] * away)
        shrink = min(0.9, z.shape[1] / effective_sample_size(weights))
        covariance = (1.0 - shrink) * covariance + shrink * np.diag(np.diag(covariance) + 1e-9)
        return cls(mean, cholesky(covariance, lower=True))

    def log_density(self, z: Floats) -> Floats:
        """Up to a constant, at points (n, d)."""
        white = solve_triangular(self.root, (z - self.mean).T, lower=True)
        return np.asarray(-0.5 * np.square(white).sum(axis=0))


def _rise(found: Floats, most: float) -> float:
    """By how much the power may rise."""

    def kept(rise: float) -> float:
        logs = rise * found
        return effective_sample_size(np.exp(logs - logs.max())) / len(found) - KEPT

    return most if kept(most) >= 0.0 else float(brentq(kept, 0.0, most, xtol=1e-12, rtol=1e-10))


def _move(
    z: Floats,
    found: Floats,
    log_likelihood: LogLikelihood,
    power: float,
    normal: _Normal,
    stride: float,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, float]:
    """One Metropolis step of every particle; also the share that was accepted."""
    fresh = rng.standard_normal(z.shape) @ normal.root.T
    there = normal.mean + np.sqrt(1.0 - stride**2) * (z - normal.mean) + stride * fresh
    found_there = log_likelihood(there)
    gain = power * (found_there - found) - 0.5 * (np.square(there).sum(axis=1) - np.square(z).sum(axis=1))
    gain -= normal.log_density(there) - normal.log_density(z)
    accepted = np.log(rng.random(len(z))) < gain
    z = np.where(accepted[:, None], there, z)
    return z, np.where(accepted, found_there, found), float(accepted.mean())


def _memory(start: Floats, now: Floats) -> float:
    """Mean squared correlation, over inputs, of where particles are with where they were."""
    before, after = start - start.mean(axis=0), now - now.mean(axis=0)
    size = np.square(before).sum(axis=0) * np.square(after).sum(axis=0) + 1e-300
    return float((np.square((before * after).sum(axis=0)) / size).mean())
