"""Small mathematics of the rules: curves and quantile functions, with equal bits in CPython and compiled.

Only + - * /, comparisons, floor and exp, expm1, log, log1p, sqrt, erf are used, which agree to the last bit;
powers, hypot, lgamma and sum() do not. Arguments are kept where no function raises: exp of a large number and
log(0) raise in CPython only. Every quantile rises with its u, so that luck is monotone.
"""

import math

LN_2 = math.log(2.0)
SQRT_2 = math.sqrt(2.0)
LEAST = 1e-300  # stands in for 0 where log or a division would raise
MOST = 1.0 - 1.1102230246251565e-16  # 1 - 2**-53, the largest number below 1; log1p(-1) raises
LARGEST_EXPONENT = 700.0  # exp(709.8) is the largest float; beyond, exp raises
LARGEST_COUNT = 1e15  # far above any count, far below where floor() would leave 64 bits
INVERSION_LIMIT = 30.0  # mean count from which a normal stands in for the Poisson


def clip(x: float, low: float, high: float) -> float:
    """X kept in [low, high]."""
    if x < low:
        return low
    if x > high:
        return high
    return x


def bounded_exp(x: float) -> float:
    """Exponential of any x, in [0, 1.02e304]: x is kept at 700 or below."""
    if x > LARGEST_EXPONENT:
        return math.exp(LARGEST_EXPONENT)
    return math.exp(x)


def logistic(x: float) -> float:
    """Logistic curve of any x, in [0, 1]."""
    z = math.exp(-abs(x))
    if x >= 0.0:
        return 1.0 / (1.0 + z)
    return z / (1.0 + z)


def phi(x: float) -> float:
    """Standard normal distribution function, in [0, 1], to 1e-16 absolute."""
    return 0.5 * (1.0 + math.erf(x / SQRT_2))


def normal(u: float) -> float:
    """Standard normal quantile of u in (0, 1), to 1e-15 relative: Wichura (1988), AS 241, PPND16."""
    kept = clip(u, LEAST, MOST)
    q = kept - 0.5
    if abs(q) <= 0.425:
        return q * _normal_centre(0.180625 - q * q)
    tail = kept if q < 0.0 else 1.0 - kept
    r = math.sqrt(-math.log(tail))
    z = _normal_shoulder(r - 1.6) if r <= 5.0 else _normal_tail(r - 5.0)
    if q < 0.0:
        return -z
    return z


def lognormal(u: float, median: float, sigma: float) -> float:
    """Lognormal quantile of u in (0, 1), in the unit of the median; sigma >= 0 is that of the logarithm."""
    return median * bounded_exp(sigma * normal(u))


def lognormal_mean_one(u: float, sigma: float) -> float:
    """Lognormal quantile with mean 1 and the standard deviation `sigma` of its logarithm."""
    return bounded_exp(sigma * normal(u) - 0.5 * sigma * sigma)


def happens(u: float, rate: float) -> bool:
    """Whether there is at least one event, at an expected number of `rate` >= 0 events, for u in (0, 1).

    It is u < 1 - exp(-rate), and since that is never above the rate, most answers need no exponential.
    """
    if u >= rate:
        return False
    return u < -math.expm1(-rate)


def poisson(u: float, mean: float) -> float:
    """Poisson quantile of u in (0, 1), a whole number >= 0: exact for a mean < 30, else a rounded normal."""
    if mean <= 0.0:
        return 0.0
    if mean >= INVERSION_LIMIT:
        return float(math.floor(clip(mean + math.sqrt(mean) * normal(u) + 0.5, 0.0, LARGEST_COUNT)))
    count = 0.0
    term = math.exp(-mean)
    total = term
    while u > total:
        count += 1.0
        term = term * mean / count
        longer = total + term
        if longer <= total:  # the rest of the tail is lost to rounding: u is as good as 1
            return count
        total = longer
    return count


def gamma_quantile(u: float, shape: float) -> float:
    """Gamma quantile of u in (0, 1), mean 1, variance 1/shape, shape > 0: Wilson and Hilferty (1931)."""
    spread = 1.0 / (9.0 * shape)
    root = 1.0 - spread + math.sqrt(spread) * normal(u)
    if root <= 0.0:
        return 0.0
    return root * root * root


def negative_binomial(u_rate: float, u_count: float, mean: float, dispersion: float) -> float:
    """Overdispersed count >= 0, variance about mean + mean^2/dispersion: a Poisson whose rate is gamma.

    It rises with both u, but for a step back of a count or two in the tails where the rate crosses 30.
    """
    return poisson(u_count, mean * gamma_quantile(u_rate, dispersion))


def half_life_keep(half_life_weeks: float) -> float:
    """Share in [0, 1) that is left after a week of decay; all is gone at a half-life of 0."""
    return math.exp(-LN_2 / max(half_life_weeks, LEAST))


def contest(attacker: float, defender: float, advantage: float, exponent_two: float) -> float:
    """Attacker's win probability, R^m / (R^m + advantage * Def^m), in [0, 1]: Tullock (1980).

    m = 2 if exponent_two > 0.5, else 1; strengths in one unit, advantage >= 0. It is 0 without an attacker,
    else 1 without a defender, and worked out from the ratio of the two, so that no square is infinite.
    """
    if attacker <= 0.0:
        return 0.0
    if defender <= 0.0 or advantage <= 0.0:
        return 1.0
    ratio = defender / attacker
    if exponent_two > 0.5:
        ratio = ratio * ratio
    return 1.0 / (1.0 + advantage * ratio)


def _normal_centre(r: float) -> float:
    """PPND16 for u in [0.075, 0.925]."""
    top = 2.5090809287301226727e3
    top = top * r + 3.3430575583588128105e4
    top = top * r + 6.7265770927008700853e4
    top = top * r + 4.5921953931549871457e4
    top = top * r + 1.3731693765509461125e4
    top = top * r + 1.9715909503065514427e3
    top = top * r + 1.3314166789178437745e2
    top = top * r + 3.3871328727963666080e0
    bottom = 5.2264952788528545610e3
    bottom = bottom * r + 2.8729085735721942674e4
    bottom = bottom * r + 3.9307895800092710610e4
    bottom = bottom * r + 2.1213794301586595867e4
    bottom = bottom * r + 5.3941960214247511077e3
    bottom = bottom * r + 6.8718700749205790830e2
    bottom = bottom * r + 4.2313330701600911252e1
    bottom = bottom * r + 1.0
    return top / bottom


def _normal_shoulder(r: float) -> float:
    """PPND16 for tails from 0.075 down to 1.4e-11."""
    top = 7.74545014278341407640e-4
    top = top * r + 2.27238449892691845833e-2
    top = top * r + 2.41780725177450611770e-1
    top = top * r + 1.27045825245236838258e0
    top = top * r + 3.64784832476320460504e0
    top = top * r + 5.76949722146069140550e0
    top = top * r + 4.63033784615654529590e0
    top = top * r + 1.42343711074968357734e0
    bottom = 1.05075007164441684324e-9
    bottom = bottom * r + 5.47593808499534494600e-4
    bottom = bottom * r + 1.51986665636164571966e-2
    bottom = bottom * r + 1.48103976427480074590e-1
    bottom = bottom * r + 6.89767334985100004550e-1
    bottom = bottom * r + 1.67638483018380384940e0
    bottom = bottom * r + 2.05319162663775882187e0
    bottom = bottom * r + 1.0
    return top / bottom


def _normal_tail(r: float) -> float:
    """PPND16 for tails below 1.4e-11."""
    top = 2.01033439929228813265e-7
    top = top * r + 2.71155556874348757815e-5
    top = top * r + 1.24266094738807843860e-3
    top = top * r + 2.65321895265761230930e-2
    top = top * r + 2.96560571828504891230e-1
    top = top * r + 1.78482653991729133580e0
    top = top * r + 5.46378491116411436990e0
    top = top * r + 6.65790464350110377720e0
    bottom = 2.04426310338993978564e-15
    bottom = bottom * r + 1.42151175831644588870e-7
    bottom = bottom * r + 1.84631831751005468180e-5
    bottom = bottom * r + 7.86869131145613259100e-4
    bottom = bottom * r + 1.48753612908506148525e-2
    bottom = bottom * r + 1.36929880922735805310e-1
    bottom = bottom * r + 5.99832206555887937690e-1
    bottom = bottom * r + 1.0
    return top / bottom
