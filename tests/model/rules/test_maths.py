"""The small mathematics: bounds, known answers, monotone luck, and no exceptions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from model.rules import maths

ANY = st.floats(allow_nan=False)
FINITE = st.floats(-1e6, 1e6)
U = st.floats(1e-15, 1.0 - 2.0**-53)
PAIRS = st.tuples(U, U).map(sorted)
MEANS = st.floats(0.0, 200.0)
SHAPES = st.floats(0.1, 100.0)
EVEN = ((np.arange(20_000) + 0.5) / 20_000).tolist()  # an even grid: its average is the quantile's mean


@given(ANY, st.floats(-10.0, 0.0), st.floats(0.0, 10.0))
def test_clip_keeps_the_bounds(x, low, high):
    kept = maths.clip(x, low, high)
    assert low <= kept <= high
    assert kept == x or not low < x < high


def test_bounded_exp_never_raises():
    assert maths.bounded_exp(1.0) == math.e
    assert maths.bounded_exp(-math.inf) == 0.0
    assert maths.bounded_exp(math.inf) == maths.bounded_exp(700.0) < math.inf


@given(ANY)
def test_logistic_of_anything_is_a_share(x):
    assert 0.0 <= maths.logistic(x) <= 1.0
    assert maths.logistic(x) + maths.logistic(-x) == pytest.approx(1.0, abs=1e-15)


@given(st.floats(-25.0, 25.0))
def test_logistic_is_the_logistic_function(x):
    assert maths.logistic(x) == pytest.approx(special.expit(x), rel=1e-14)


@given(st.floats(-40.0, 40.0))
def test_phi_is_the_normal_distribution_function(x):
    assert maths.phi(x) == pytest.approx(special.ndtr(x), rel=1e-14, abs=2e-16)


@given(st.one_of(U, st.floats(1e-299, 1e-10)))
def test_normal_is_the_normal_quantile(u):
    assert maths.normal(u) == pytest.approx(special.ndtri(u), rel=1e-14, abs=0.0)


def test_normal_known_answers():
    assert maths.normal(0.5) == 0.0
    assert maths.normal(0.975) == pytest.approx(1.959963984540054, rel=1e-15)
    assert maths.normal(0.25) == pytest.approx(-0.6744897501960817, rel=1e-15)  # Wichura's own checks
    assert maths.normal(0.001) == pytest.approx(-3.090232306167814, rel=1e-15)
    assert maths.normal(1e-20) == pytest.approx(-9.262340089798408, rel=1e-15)


@pytest.mark.parametrize("u", [-1.0, 0.0, 5e-324, 1.0, 2.0])
def test_quantiles_are_finite_outside_the_unit_interval(u):
    assert 8.0 < abs(maths.normal(u)) < 38.0
    for value in (
        maths.lognormal(u, 10.0, 100.0),
        maths.poisson(u, 3.0),
        maths.poisson(u, 300.0),
        maths.gamma_quantile(u, 2.0),
        maths.negative_binomial(u, u, 3.0, 2.0),
    ):
        assert 0.0 <= value < math.inf


@given(PAIRS)
def test_normal_and_lognormal_rise_with_luck(pair):
    low, high = map(maths.normal, pair)
    assert low <= high + 4e-15 * abs(high)  # neighbouring floats may round the other way
    assert maths.lognormal(pair[0], 2.0, 0.5) <= maths.lognormal(pair[1], 2.0, 0.5) * (1.0 + 1e-14)


def test_lognormal_has_its_median_and_spread():
    assert maths.lognormal(0.5, 7.0, 0.9) == 7.0
    assert maths.lognormal(0.2, 7.0, 0.0) == 7.0
    assert maths.lognormal(maths.phi(1.0), 7.0, 0.9) == pytest.approx(7.0 * math.exp(0.9), rel=1e-12)


@given(st.floats(1e-300, maths.MOST), st.one_of(st.floats(-10.0, 1e308), st.floats(0.0, 2.0)))
def test_an_event_happens_by_its_probability(u, rate):
    assert maths.happens(u, rate) == (u < -math.expm1(-rate))


def test_an_event_known_answers():
    assert not maths.happens(1e-300, 0.0)
    assert maths.happens(1e-21, 1e-20)
    assert not maths.happens(1e-20, 1e-20)
    assert maths.happens(0.49999, math.log(2.0))
    assert not maths.happens(0.5, math.log(2.0))


@given(PAIRS, MEANS)
def test_poisson_is_a_count_that_rises_with_luck(pair, mean):
    low, high = (maths.poisson(u, mean) for u in pair)
    assert 0.0 <= low <= high
    assert low == math.floor(low)
    assert isinstance(low, float)


@given(st.floats(1e-9, 1.0 - 1e-9), st.floats(1e-6, 29.99))
def test_poisson_is_exact_below_30(u, mean):
    count = maths.poisson(u, mean)
    # Compared through the distribution function: at its steps, rounding may choose either side.
    assert stats.poisson.cdf(count, mean) >= u - 1e-12
    assert count == 0.0 or stats.poisson.cdf(count - 1.0, mean) <= u + 1e-12


@pytest.mark.parametrize("mean", [0.3, 4.0, 29.9, 30.0, 400.0])
def test_poisson_has_its_mean_and_variance(mean):
    counts = [maths.poisson(u, mean) for u in EVEN]
    assert np.mean(counts) == pytest.approx(mean, rel=0.002)
    assert np.var(counts) == pytest.approx(mean, rel=0.01)


@given(st.floats(30.0, 1e4))
def test_poisson_of_a_large_mean_is_close_in_its_body(mean):
    for u in (0.025, 0.25, 0.5, 0.75, 0.975):
        assert abs(maths.poisson(u, mean) - stats.poisson.ppf(u, mean)) <= 1.0


def test_poisson_ends():
    assert maths.poisson(1.0 - 2.0**-53, 0.0) == 0.0
    assert maths.poisson(0.99, -1.0) == 0.0
    assert maths.poisson(1e-300, 30.0) == 0.0
    assert maths.poisson(1.0 - 2.0**-53, 29.9) < 100.0
    assert maths.poisson(0.5, 1e300) == 1e15


@given(PAIRS, SHAPES)
def test_gamma_quantile_rises_with_luck(pair, shape):
    low, high = (maths.gamma_quantile(u, shape) for u in pair)
    assert 0.0 <= low <= high * (1.0 + 1e-13) + 1e-300


@pytest.mark.parametrize("shape", [1.0, 2.0, 5.0, 50.0])
def test_gamma_quantile_has_mean_1_and_variance_1_over_shape(shape):
    factors = [maths.gamma_quantile(u, shape) for u in EVEN]
    assert np.mean(factors) == pytest.approx(1.0, rel=0.02)
    assert np.var(factors) == pytest.approx(1.0 / shape, rel=0.05)


@pytest.mark.parametrize("u", [0.05, 0.5, 0.95, 0.999])
def test_gamma_quantile_is_close_to_the_gamma(u):
    assert maths.gamma_quantile(u, 4.0) == pytest.approx(stats.gamma.ppf(u, 4.0, scale=0.25), rel=0.02)


@pytest.mark.parametrize(("mean", "dispersion"), [(3.0, 2.0), (20.0, 4.0), (200.0, 8.0)])
def test_negative_binomial_is_overdispersed(mean, dispersion):
    u_rate, u_count = np.random.default_rng(3).random((2, 20_000)).tolist()
    counts = [maths.negative_binomial(a, b, mean, dispersion) for a, b in zip(u_rate, u_count, strict=True)]
    assert np.mean(counts) == pytest.approx(mean, rel=0.03)
    assert np.var(counts) == pytest.approx(mean + mean * mean / dispersion, rel=0.06)
    assert np.var(counts) > 1.5 * mean


@given(PAIRS, PAIRS, MEANS, SHAPES)
def test_negative_binomial_rises_with_either_luck(rates, counts, mean, dispersion):
    low, high = (maths.negative_binomial(rates[0], u, mean, dispersion) for u in counts)
    assert 0.0 <= low <= high
    worst, best = (maths.gamma_quantile(u, dispersion) * mean for u in rates)
    if not worst < maths.INVERSION_LIMIT <= best:  # where the exact and the normal Poisson meet
        low, high = (maths.negative_binomial(u, counts[0], mean, dispersion) for u in rates)
        assert 0.0 <= low <= high


def test_half_life_keep():
    assert maths.half_life_keep(1.0) == 0.5
    assert math.prod([maths.half_life_keep(26.0)] * 26) == pytest.approx(0.5)
    assert maths.half_life_keep(0.0) == maths.half_life_keep(-1.0) == maths.half_life_keep(5e-324) == 0.0


STRENGTHS = st.floats(0.0, 1e300)


@given(STRENGTHS, STRENGTHS, STRENGTHS, st.floats(0.0, 10.0), st.sampled_from([0.0, 1.0]))
def test_contest_is_a_probability_that_rises_with_strength(weak, strong, other, advantage, exponent_two):
    weak, strong = sorted((weak, strong))
    attack = [maths.contest(side, other, advantage, exponent_two) for side in (weak, strong)]
    defence = [maths.contest(other, side, advantage, exponent_two) for side in (strong, weak)]
    assert 0.0 <= attack[0] <= attack[1] <= 1.0
    assert 0.0 <= defence[0] <= defence[1] <= 1.0


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6), st.floats(1.5, 3.0))
def test_contest_is_tullocks_function(attacker, defender, advantage):
    for exponent_two, m in ((0.0, 1), (1.0, 2)):
        expected = attacker**m / (attacker**m + advantage * defender**m)
        assert maths.contest(attacker, defender, advantage, exponent_two) == pytest.approx(expected, rel=1e-12)


def test_contest_ends():
    assert maths.contest(0.0, 0.0, 2.0, 1.0) == 0.0
    assert maths.contest(0.0, 5.0, 2.0, 1.0) == 0.0
    assert maths.contest(5.0, 0.0, 2.0, 1.0) == 1.0
    assert maths.contest(5e-324, 1e300, 2.0, 1.0) == 0.0
    assert maths.contest(5.0, 5.0, 1.0, 1.0) == 0.5
    assert maths.contest(2.0, 1.0, 2.0, 0.0) == 0.5
    assert maths.contest(2.0, 1.0, 2.0, 1.0) == pytest.approx(2.0 / 3.0)
