"""Ridge regression of many related responses, normal or binomial, on one shared design."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, eigh, svd
from scipy.special import expit, logit

Floats = NDArray[np.float64]

ROUNDS = 6  # of empirical Bayes
STEPS = 6  # of conjugate gradients in each reweighting
HEARD = 0.5  # loadings are shrunk by this share of the noise they would have if regressed on their factor
KEPT = 1e-4  # a column whose prior variance falls below this share of the largest is dropped from predictions


class Family(Protocol):
    """How responses scatter about the linear predictor eta (n, outputs)."""

    def start(self, weights: Floats) -> Floats:
        """The constant eta (outputs,) that fits best, given a weight (n,) for every point."""

    def working(self, eta: Floats, misfit: Floats) -> tuple[Floats, Floats]:
        """Precision and residual (n, outputs) on the scale of eta, whose error has variance `misfit` (outputs,)."""

    def excess(self, eta: Floats) -> tuple[Floats, Floats]:
        """Squared residuals less what noise alone gives, and how fast they grow with the variance of eta's error."""


@dataclass(frozen=True)
class Normal:
    """Responses (n, outputs) with a known variance of noise (n, outputs)."""

    responses: Floats
    noise: Floats

    def start(self, weights: Floats) -> Floats:
        """The weighted mean."""
        return np.asarray(weights @ self.responses / weights.sum())

    def working(self, eta: Floats, misfit: Floats) -> tuple[Floats, Floats]:
        """The responses themselves."""
        return 1.0 / (self.noise + misfit + 1e-9), self.responses - eta

    def excess(self, eta: Floats) -> tuple[Floats, Floats]:
        """Variances add up."""
        return np.square(self.responses - eta) - self.noise, np.ones_like(eta)


@dataclass(frozen=True)
class Binomial:
    """Counts of events (n, outputs) among `trials` (n, outputs), which may be 0; eta is the log odds."""

    events: Floats
    trials: Floats

    def start(self, weights: Floats) -> Floats:
        """The log odds over all points, with half an event added on either side."""
        return np.asarray(logit((weights @ self.events + 0.5) / (weights @ self.trials + 1.0)))

    def working(self, eta: Floats, misfit: Floats) -> tuple[Floats, Floats]:
        """One step of iteratively reweighted least squares (McCullagh & Nelder 1989)."""
        chance = expit(eta)
        precision = self.trials * np.maximum(chance * (1.0 - chance), 1e-4)
        residual = np.clip((self.events - self.trials * chance) / np.maximum(precision, 1e-9), -30.0, 30.0)
        return precision / (1.0 + precision * misfit), residual

    def excess(self, eta: Floats) -> tuple[Floats, Floats]:
        """Pearson residuals: of m trials, m - 1 tell of a chance that varies (Williams 1982)."""
        chance = expit(eta)
        spread = np.maximum(chance * (1.0 - chance), 0.01)
        squares = np.square(self.events - self.trials * chance) - self.trials * chance * (1.0 - chance)
        trials = np.maximum(self.trials, 1.0)
        return squares / (trials * spread), np.where(self.trials > 0.0, (trials - 1.0) * spread, 0.0)


@dataclass(frozen=True)
class LowRank:
    """eta = intercept + columns @ slopes @ loadings.T, with what it leaves unexplained."""

    intercept: Floats  # (outputs,)
    slopes: Floats  # (columns, rank)
    loadings: Floats  # (outputs, rank)
    misfit: Floats  # (outputs,), variance of the error of eta at a point that was not used, in the weighted region
    left_out: Floats  # (n, outputs), eta at every point had it not been used

    def predict(self, columns: Floats, used: slice = slice(None)) -> Floats:
        """Eta (n, outputs); only the columns `used` are given, and the others are at 0."""
        return np.asarray(self.intercept + (columns @ self.slopes[used]) @ self.loadings.T)

    def variance_of(self, unused: slice) -> Floats:
        """Variance (outputs,) of eta that columns with mean 0 and variance 1 bring when nobody knows them."""
        return np.asarray(np.square(self.slopes[unused] @ self.loadings.T).sum(axis=0))


def fit_low_rank(columns: Floats, family: Family, weights: Floats, scale: Floats, rank: int = 60) -> LowRank:
    """Fit slopes to `columns` (n, p), whose prior standard deviations are about `scale` (p,), up to a factor.

    Slopes B = D C A' have independent standard normal C (p, rank). Loadings A let related outputs share what they
    know (reduced rank, Izenman 1975), and those no larger than noise vanish; the standard deviations D of columns
    say which ones matter at all (automatic relevance, MacKay 1994; Tipping 2001). Both are learnt by empirical Bayes.
    Given them, C is found by conjugate gradients, preconditioned by the eigenvectors of the design that all outputs
    share. `weights` (n,) say how much a point counts.
    """
    weights = weights / weights.mean()
    fit = _Fit(columns, family, weights, scale.copy(), rank)
    for round_ in range(ROUNDS):
        for _ in range(3 if round_ == 0 else 2):
            fit.solve()
        fit.measure_misfit()
        if round_ < ROUNDS - 1:
            fit.learn()
    strength = np.square(fit.scale)
    slopes = np.where((strength > KEPT * strength.max())[:, None], fit.scale[:, None] * (fit.turn @ fit.inner), 0.0)
    return LowRank(fit.intercept, slopes, fit.loadings, fit.misfit, fit.left_out)


class _Fit:
    """State of a fit; `inner` (p, rank) are the slopes C in the eigenvectors of the design."""

    def __init__(self, columns: Floats, family: Family, weights: Floats, scale: Floats, rank: int) -> None:
        self.columns, self.family, self.weights, self.scale = columns, family, weights, scale
        self.intercept = family.start(weights)
        self.misfit = np.zeros(len(self.intercept))
        self.turn_design()
        precision, residual = family.working(np.tile(self.intercept, (len(columns), 1)), self.misfit)
        self.level = weights @ precision / len(weights) + 1e-9
        gradient = self.design.T @ (weights[:, None] * precision * residual)
        spread = (weights[:, None] * precision * residual**2).mean(axis=0) / self.level  # about the variance of eta
        self.misfit = 0.05 * spread + 1e-9
        ridge = self.power[:, None] * self.level + (scale**2).sum() / np.maximum(spread, 1e-9)
        left, size, right = svd(gradient / ridge * np.sqrt(self.level), full_matrices=False)
        rank = min(rank, int((size > 1e-9 * size[0]).sum()))
        self.inner = left[:, :rank] * np.sqrt(len(scale))
        self.loadings = right[:rank].T * size[:rank] / np.sqrt(len(scale)) / np.sqrt(self.level)[:, None]
        self.left_out = self.eta()

    def turn_design(self) -> None:
        """Columns in the eigenvectors `turn` (p, p) of their weighted squares, with eigenvalues `power` (p,)."""
        scaled = self.columns * self.scale
        self.power, self.turn = eigh(scaled.T @ (self.weights[:, None] * scaled))
        self.power = np.maximum(self.power, 0.0)
        self.design = scaled @ self.turn

    def eta(self) -> Floats:
        return np.asarray(self.intercept + (self.design @ self.inner) @ self.loadings.T)

    def scatter(self) -> Floats:
        """Posterior variance (p, rank) of `inner`, as if every point had its output's mean precision."""
        return np.asarray(1.0 / (1.0 + np.outer(self.power, self.level @ np.square(self.loadings))))

    def solve(self) -> None:
        """Reweight once, then conjugate gradients for the slopes and the mean residual for the intercepts."""
        precision, residual = self.family.working(self.eta(), self.misfit)
        precision *= self.weights[:, None]
        total = precision.sum(axis=0)
        self.level = total / len(self.weights) + 1e-9
        shift = np.clip((precision * residual).sum(axis=0) / (total + 1e-3), -2.0, 2.0)
        self.intercept = np.clip(self.intercept + shift, -1e6, 1e6)
        precondition = self.scatter()
        rest = self.design.T @ ((precision * (residual - shift)) @ self.loadings) - self.inner
        step = precondition * rest
        size = float((rest * step).sum())
        for _ in range(STEPS):
            if size < 1e-10:
                break
            curved = self.design.T @ ((precision * ((self.design @ step) @ self.loadings.T)) @ self.loadings) + step
            length = size / float((step * curved).sum())
            self.inner += length * step
            rest -= length * curved
            better = precondition * rest
            before, size = size, float((rest * better).sum())
            step = better + size / before * step

    def measure_misfit(self) -> None:
        """Leave every point out in turn, approximately (Rad & Maleki 2020), and take the noise off."""
        eta = self.eta()
        precision, residual = self.family.working(eta, self.misfit)
        lever = np.square(self.design) @ self.scatter() @ np.square(self.loadings).T
        lever = np.minimum(self.weights[:, None] * precision * lever, 0.9)
        self.left_out = eta - residual * lever / (1.0 - lever)
        excess, growth = (self.weights @ each for each in self.family.excess(self.left_out))
        self.misfit = np.maximum(excess / np.maximum(growth, 1e-9), 1e-6)

    def learn(self) -> None:
        """One step of empirical Bayes for loadings and for scales, after which the design is turned anew."""
        slopes, scatter = self.turn @ self.inner, self.scatter()
        spread = np.square(self.turn) @ scatter
        known = np.maximum(1.0 - spread, 0.0).sum(axis=1)
        factor = np.clip((np.square(slopes).sum(axis=1) + 1.0) / (known + 1.0), 1e-4, 10.0)
        moment = (slopes.T @ slopes + np.diag(scatter.sum(axis=0))) / len(slopes)
        root = cholesky(moment + 1e-12 * np.eye(len(moment)), lower=True)
        weight = np.sqrt(self.level)[:, None]
        left, size, right = svd(weight * (self.loadings @ root), full_matrices=False)
        slopes = np.linalg.solve(root, slopes.T).T @ right.T
        heard = (self.weights[:, None] * np.square(self.columns @ (self.scale[:, None] * slopes))).sum(axis=0)
        noise = HEARD * len(self.loadings) / np.maximum(heard, 1e-9)
        size = np.maximum(size * np.maximum(1.0 - noise / size**2, 0.0), 1e-4 * size[0])
        self.loadings = left * size / weight
        self.scale *= np.sqrt(factor)
        self.turn_design()
        self.inner = self.turn.T @ (slopes / np.sqrt(factor)[:, None])
