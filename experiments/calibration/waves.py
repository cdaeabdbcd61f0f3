"""Calibration by waves: run, emulate, sample, and run again where the data say it matters (Vernon et al. 2010)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtri
from scipy.stats import qmc

from experiments.calibration.blocks import Report, Simulator, evaluate
from experiments.calibration.emulator import Data, Emulator, Evaluations
from experiments.calibration.posterior import Posterior, measure, temper
from experiments.calibration.sampler import Sample, effective_sample_size, sample_posterior, systematic

Floats = NDArray[np.float64]
TRIES = 64  # draws of the inputs that are not active, for each final point


class Problem(Simulator, Protocol):
    """A simulator, its inputs and the data. Inputs are standard normal under the prior."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the d inputs."""

    @property
    def observed(self) -> Floats:
        """Observed summaries (summaries,)."""

    @property
    def sd(self) -> Floats:
        """Their standard deviations (summaries,): observation and the model's declared discrepancy."""

    @property
    def mask(self) -> Floats:
        """For every case, 1 in the intervals where its event may have fallen (cases, intervals), else 0."""


@dataclass(frozen=True)
class Plan:
    """How much work is done."""

    waves: int = 4
    points: int = 1000  # a wave
    final: int = 400  # points of the posterior
    particles: int = 2000
    spread: float = 1.3  # of a wave's points about the mean of the posterior so far, relative to it
    prior_share: float = 0.2  # of a wave's points that are drawn from the prior
    most_active: int = 40
    floor: float = 0.25  # share of the final points that they must be worth, or weights are tempered
    block: int = 50  # points in a file


def calibrate(
    problem: Problem, seed: int, folder: Path | None = None, plan: Plan | None = None, report: Report | None = None
) -> Posterior:
    """The posterior of a problem's inputs.

    Wave 0 fills the prior; each later wave fills the posterior of the emulator so far, widened, and some of the
    prior. Emulators are fitted to all points, those that the data speak for counting most. Points of the last
    posterior are simulated, and weighted by what the runs say over what the emulator said. Everything is decided by
    the problem, the seed and the plan; with a `folder`, a calibration that was killed goes on where it stopped.
    """
    plan = plan or Plan()
    data = Data(problem.observed, problem.sd, problem.mask)
    d = len(problem.names)
    z = sobol(plan.points, d, seed)
    tried, parts, history = [z], [], []
    emulator: Emulator | None = None
    sample: Sample | None = None
    for wave in range(plan.waves):
        found = evaluate(problem, tried[-1], wave, seed, folder, block=plan.block, report=report)
        told: dict[str, Any] = {} if emulator is None else {"r2_ahead": _r2(emulator, tried[-1], found)}
        parts.append(found)
        z = np.concatenate(tried)
        weights = np.ones(len(z)) if emulator is None or sample is None else region(emulator, z, data, sample)
        emulator = Emulator.fit(z, Evaluations.join(parts), weights, plan.most_active, seed)
        rng = np.random.default_rng([seed, wave, 1])
        sample = _sample(emulator, data, d, plan.particles, rng)
        history.append(told | _describe(emulator, data, sample, weights, z))
        if wave < plan.waves - 1:
            tried.append(_next_points(emulator, sample, plan, d, seed + wave + 1, rng))
    if emulator is None or sample is None:
        raise ValueError("a calibration needs at least one wave")
    return _finish(problem, emulator, data, sample, history, seed, folder, plan, report)


def sobol(count: int, d: int, seed: int) -> Floats:
    """Points (count, d) of the prior, evenly spread (scrambled Sobol sequence: Owen 1998)."""
    shares = qmc.Sobol(d=d, scramble=True, bits=30, rng=seed).random_base2(max(count - 1, 0).bit_length())[:count]
    return np.asarray(ndtri(np.clip(shares, 1e-9, 1.0 - 1e-9)))


def region(emulator: Emulator, z: Floats, data: Data, sample: Sample) -> Floats:
    """How much each point (n,) counts in the next fit: 1 where the posterior lies, less the less likely."""
    likely = _total(emulator, z, data)
    short = np.maximum(np.median(sample.log_likelihood) - likely, 0.0)
    return np.asarray(1.0 / (1.0 + short / 10.0))


def _total(emulator: Emulator, z: Floats, data: Data, others: bool = False) -> Floats:
    by_case, summaries = emulator.log_likelihood(z, data, others)
    return np.asarray(by_case.sum(axis=1) + summaries)


def _sample(emulator: Emulator, data: Data, d: int, particles: int, rng: np.random.Generator) -> Sample:
    """Draws of the active inputs."""
    active = emulator.active

    def log_likelihood(some: Floats) -> Floats:
        z = np.zeros((len(some), d))
        z[:, active] = some
        return _total(emulator, z, data)

    return sample_posterior(log_likelihood, len(active), particles, rng)


def _next_points(emulator: Emulator, sample: Sample, plan: Plan, d: int, seed: int, rng: np.random.Generator) -> Floats:
    """The posterior widened about its mean, and some of the prior; other inputs are drawn from the prior."""
    z = sobol(plan.points, d, seed)
    count = round(plan.points * (1.0 - plan.prior_share))
    chosen = sample.z[systematic(np.ones(len(sample.z)), count, rng)]
    mean = sample.z.mean(axis=0)
    z[:count, emulator.active] = mean + plan.spread * (chosen - mean)
    return z


def _finish(
    problem: Problem,
    emulator: Emulator,
    data: Data,
    sample: Sample,
    history: list[dict[str, Any]],
    seed: int,
    folder: Path | None,
    plan: Plan,
    report: Report | None,
) -> Posterior:
    """Simulate points of the posterior, and weigh them."""
    d = len(problem.names)
    rng = np.random.default_rng([seed, plan.waves, 2])
    chosen = systematic(np.ones(len(sample.z)), plan.final, rng)
    z, said = _fill(emulator, data, sample.z[chosen], sample.log_likelihood[chosen], d, rng)
    found = evaluate(problem, z, plan.waves, seed, folder, final=True, block=plan.block, report=report)
    measured = measure(emulator, z, found, data)
    gain = measured.by_case.sum(axis=1) + measured.summaries - said
    (weights, worth), power = temper(gain, plan.floor * plan.final)
    foreseen, _ = emulator.log_likelihood(z, data, others=True)
    held = foreseen + power * (measured.by_case - foreseen)  # what points and tempered weights together hold of a case
    posterior = Posterior(problem.names, z, weights, held, measured.summaries, worth)
    untempered = np.exp(gain - gain.max())
    posterior.diagnostics.update(
        waves=history,
        active=[problem.names[place] for place in emulator.active],
        r2_final=_r2(emulator, z, found),
        log_weight_sd=float(gain.std()),
        weight_power=power,
        effective_sample_size_untempered=effective_sample_size(untempered),
        emulator_worth_runs=measured.trust,
        sd_ratio=dict(zip(problem.names, posterior.sd().tolist(), strict=True)),
    )
    return posterior


def _fill(
    emulator: Emulator, data: Data, active: Floats, likely: Floats, d: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Points (M, d) with these active inputs (M, active), and the log (M,) of what weights are to be divided by.

    For each, other inputs are drawn from the prior a few times over, and one draw is picked in proportion to the
    emulated likelihood with their weak effects (importance resampling: Rubin 1988).
    """
    tries = [rng.standard_normal((len(active), d)) for _ in range(TRIES)]
    for z in tries:
        z[:, emulator.active] = active
    found = np.column_stack([_total(emulator, z, data, others=True) for z in tries])
    picked = (found + rng.gumbel(size=found.shape)).argmax(axis=1)
    rows = np.arange(len(active))
    mean = logsumexp(found - likely[:, None], axis=1) - np.log(TRIES)
    return np.stack(tries)[picked, rows], found[rows, picked] - mean


def _r2(emulator: Emulator, z: Floats, found: Evaluations) -> Floats:
    """Share (summaries,) of the variance of new points, noise taken off, that the emulator foresaw."""
    mean, _ = emulator.predict(z)
    noise = found.summary_noise_variance.mean(axis=0)
    missed = np.square(found.summaries - mean).mean(axis=0) - noise
    return np.asarray(1.0 - missed / np.maximum(found.summaries.var(axis=0) - noise, 1e-12))


def _describe(emulator: Emulator, data: Data, sample: Sample, weights: Floats, z: Floats) -> dict[str, Any]:
    """What a wave found."""
    prior = sobol(2048, z.shape[1], 1)
    worst = np.sort(emulator.implausibility(prior, data), axis=1)
    _, variance = emulator.predict(z[:1], others=False)
    kept = 1.0 if worst.shape[1] < 3 else float((worst[:, -3] < 3.0).mean())  # the third worst: Vernon et al. 2010
    return {
        "points": len(z),
        "points_worth": effective_sample_size(weights),
        "active": emulator.active.tolist(),
        "not_implausible": kept,
        "emulator_sd": np.sqrt(variance),
        "powers": sample.powers,
        "acceptance": sample.acceptance,
        "log_evidence": sample.log_evidence,
        "log_likelihood": float(sample.log_likelihood.mean()),
        "sd_ratio": sample.z.std(axis=0),
    }
