"""Calibration by waves: on simulators whose answer is known, the posterior is that answer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.calibration.emulator import Emulator, Evaluations, hazards_to_probabilities
from experiments.calibration.posterior import Posterior, leave_out
from experiments.calibration.sampler import sample_posterior
from experiments.calibration.waves import Plan, calibrate

Floats = NDArray[np.float64]
SMALL = Plan(waves=3, points=300, particles=1000, final=300)


class Toy:
    """A simulator: normal summaries about `mean(z)`, cases that end with log odds `hazards(z)`."""

    def __init__(
        self,
        d: int,
        mean: Callable[[Floats], Floats],
        hazards: Callable[[Floats], Floats],
        truth: Floats,
        seed: int,
        sd: float = 0.3,
    ) -> None:
        self.mean, self.hazards, self.noise, self.calls = mean, hazards, 0.2, 0
        self.names = tuple(f"x{place}" for place in range(d))
        self.identity = f"toy {seed}"
        luck = np.random.default_rng([7, seed])
        centre = mean(truth[None])[0]
        self.observed = centre + sd * luck.standard_normal(len(centre))
        self.sd = np.full(len(centre), sd)
        chances = hazards_to_probabilities(hazards(truth[None]))[0]
        self.mask = np.array([luck.multinomial(1, each) for each in chances], float).reshape(chances.shape)
        for case in self.mask[::4]:
            case[min(int(case.argmax()), 2) :] = 1.0  # censored

    def simulate(self, z: Floats, wave: int, seed: int, final: bool = False) -> Evaluations:
        self.calls += 1
        luck, runs = np.random.default_rng(seed), 100 if final else 12
        mean = self.mean(z)
        noise = np.full(mean.shape, self.noise**2 / runs)
        counts = luck.multinomial(runs, hazards_to_probabilities(self.hazards(z)))
        return Evaluations(mean + np.sqrt(noise) * luck.standard_normal(mean.shape), noise, counts)


def no_cases(z: Floats) -> Floats:
    return np.zeros((len(z), 0, 3))


def linear(d: int = 20, seed: int = 0, influential: int = 4) -> tuple[Toy, Floats]:
    slopes = np.zeros((d, 6))
    slopes[:influential] = np.random.default_rng(seed).standard_normal((influential, 6))
    truth = np.random.default_rng([1, seed]).standard_normal(d)
    return Toy(d, lambda z: z @ slopes, no_cases, truth, seed), slopes


def bent(seed: int, d: int = 24, influential: int = 6) -> tuple[Toy, Floats]:
    """Mildly non-linear, with 6 summaries and 20 cases of 4 intervals."""
    luck = np.random.default_rng([2, seed])
    slopes, odds = (luck.standard_normal((influential, count)) / np.sqrt(influential) for count in (6, 20))
    base = luck.standard_normal(20)[:, None] * 0.5 - np.array([0.5, 0.8, 1.0])

    def mean(z: Floats) -> Floats:
        x = z[:, :influential] @ slopes
        return np.asarray(x + 0.3 * np.tanh(x) ** 2 + 0.1 * z[:, [0]] * z[:, [1]])

    def hazards(z: Floats) -> Floats:
        return np.asarray(base + (z[:, :influential] @ odds)[:, :, None])

    truth = luck.standard_normal(d)
    return Toy(d, mean, hazards, truth, seed), truth


def quantiles(posterior: Posterior, place: int, shares: list[float]) -> Floats:
    order = np.argsort(posterior.z[:, place])
    return np.interp(shares, np.cumsum(posterior.weights[order]), posterior.z[order, place])


def test_emulator_recovers_a_quadratic():
    luck = np.random.default_rng(1)
    z, fresh = luck.standard_normal((600, 20)), luck.standard_normal((500, 20))

    def truth(x: Floats) -> Floats:
        return np.column_stack([x[:, 0] + 0.5 * x[:, 1] ** 2, 2.0 * x[:, 2] - x[:, 0] * x[:, 1] + 3.0])

    noise = np.full((600, 2), 0.01)
    responses = truth(z) + 0.1 * luck.standard_normal((600, 2))
    emulator = Emulator.fit(z, Evaluations(responses, noise, np.zeros((600, 0, 3))))
    mean, variance = emulator.predict(fresh)
    assert np.abs(mean - truth(fresh)).mean() < 0.05
    assert (variance < 0.01).all()
    assert {0, 1, 2} <= set(emulator.active.tolist())


def test_emulated_probabilities_are_unbiased_with_few_runs():
    toy, _ = bent(3)
    luck = np.random.default_rng(1)
    z, fresh = luck.standard_normal((800, 24)), luck.standard_normal((500, 24))
    emulator = Emulator.fit(z, toy.simulate(z, 0, 1))
    said = np.exp(emulator.log_probabilities(fresh))
    true = hazards_to_probabilities(toy.hazards(fresh))
    assert np.allclose(said.sum(axis=2), 1.0)
    assert np.abs(said - true).mean() < 0.03
    assert np.abs((said - true).mean(axis=0)).max() < 0.03


def test_sampler_gives_a_normal_posterior():
    """Prior N(0, 1), one observation 2 of z0 + z1 with variance 0.5: mean 0.8, variance 0.6, covariance -0.4."""

    def log_likelihood(z: Floats) -> Floats:
        return np.asarray(-np.square(z[:, 0] + z[:, 1] - 2.0))

    sample = sample_posterior(log_likelihood, 5, 8000, np.random.default_rng(1))
    assert np.allclose(sample.z.mean(axis=0), [0.8, 0.8, 0, 0, 0], atol=0.05)
    covariance = np.cov(sample.z.T)
    assert np.allclose(covariance[:2, :2], [[0.6, -0.4], [-0.4, 0.6]], atol=0.05)
    assert np.allclose(covariance[2:, 2:], np.eye(3), atol=0.07)


def test_linear_normal_problem_has_the_closed_form():
    problem, slopes = linear()
    posterior = calibrate(problem, 1, plan=SMALL)
    precision = np.eye(20) + slopes @ slopes.T / 0.3**2
    covariance = np.linalg.inv(precision)
    mean = covariance @ slopes @ problem.observed / 0.3**2
    sd = np.sqrt(np.diag(covariance))
    assert np.abs((posterior.mean() - mean)[:4] / sd[:4]).max() < 0.3
    assert np.allclose(posterior.sd()[:4] / sd[:4], 1.0, atol=0.2)
    assert np.allclose(posterior.mean()[4:], 0.0, atol=0.3)  # inputs that do nothing keep their prior
    assert np.allclose(posterior.sd()[4:], 1.0, atol=0.15)
    assert np.isclose(posterior.weights.sum(), 1.0)
    assert posterior.effective_sample_size > 150


def test_two_seeds_agree():
    problem, _ = bent(1)
    first, second = (calibrate(problem, seed, plan=SMALL) for seed in (1, 2))
    assert (np.abs(first.mean() - second.mean())[:6] < 0.5 * first.sd()[:6]).all()
    assert np.allclose(first.sd()[:6] / second.sd()[:6], 1.0, atol=0.3)


def test_killed_calibration_goes_on_with_the_same_bits(tmp_path: Path):
    plan = Plan(waves=2, points=120, particles=300, final=60)
    whole, _ = bent(2)
    expected = calibrate(whole, 5, plan=plan)
    killed, _ = bent(2)
    simulate = killed.simulate

    def fail(z: Floats, wave: int, seed: int, final: bool = False) -> Evaluations:
        if wave == 1:
            raise KeyboardInterrupt
        return simulate(z, wave, seed, final)

    killed.simulate = fail  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        calibrate(killed, 5, tmp_path, plan)
    assert len(list(tmp_path.glob("*.npz"))) == 3
    (tmp_path / sorted(each.name for each in tmp_path.glob("*.npz"))[0]).write_bytes(b"damaged")
    resumed, _ = bent(2)
    heard: list[tuple[int, int, str]] = []
    found = calibrate(resumed, 5, tmp_path, plan, lambda *each: heard.append(each))
    assert resumed.calls == whole.calls - 2
    assert heard[-1] == (60, 60, "final points")
    assert np.array_equal(found.z, expected.z)
    assert np.array_equal(found.weights, expected.weights)
    again, _ = bent(2)
    assert np.array_equal(calibrate(again, 5, tmp_path, plan).weights, expected.weights)
    assert again.calls == 0


def test_leaving_a_case_out_is_the_posterior_without_it():
    """Exact draws of z ~ N(0, 1) with two data: dropping one by weights gives the other's posterior."""
    z = 0.5 + np.sqrt(0.5) * np.random.default_rng(1).standard_normal((4000, 1))  # given y0 = 1, sd 1, and y1
    by_case = np.column_stack([-0.5 * (z[:, 0] - 1.0) ** 2, np.zeros(4000)])
    full = Posterior(("x",), z, np.full(4000, 1 / 4000), by_case, np.zeros(4000), 4000.0)
    weights, worth = leave_out(full, [0])
    assert abs(weights @ z[:, 0]) < 0.1
    assert abs(weights @ z[:, 0] ** 2 - 1.0) < 0.15
    assert 1000 < worth < 4000
    assert np.allclose(leave_out(full, [1]).weights, full.weights)


@pytest.mark.slow
def test_intervals_cover_the_truth():
    inside = []
    for seed in range(20):
        problem, truth = bent(seed)
        posterior = calibrate(problem, seed, plan=SMALL)
        for place in range(6):
            low, high = quantiles(posterior, place, [0.05, 0.95])
            inside.append(low <= truth[place] <= high)
    assert 0.8 <= np.mean(inside) <= 0.98
