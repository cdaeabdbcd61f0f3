"""Which inputs matter, and the columns that emulators are linear in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from sklearn.decomposition import PCA
from sklearn.linear_model import RidgeCV

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

BEND = np.sqrt(3.0 / np.pi)  # correlation of a normal input and its rank
PROBES = 40  # columns of shuffled inputs, which cannot matter


@dataclass(frozen=True)
class Features:
    """Columns made of inputs z (n, d), of about unit variance and uncorrelated under the prior N(0, 1)."""

    active: Places  # inputs that matter, the most important first
    pairs: Places  # (pairs, 2) of active inputs
    others: Places  # the other inputs, which have one linear column each, at the end

    @property
    def explained(self) -> slice:
        """The columns that active inputs fill."""
        return slice(0, 3 * len(self.active) + len(self.pairs))

    @property
    def remainder(self) -> slice:
        """The columns of all other inputs."""
        return slice(self.explained.stop, None)

    def columns(self, z: Floats, others: bool = True) -> Floats:
        """Columns (n, p) of inputs z (n, d); without those of the inputs that do not matter unless `others`."""
        active = z[:, self.active]
        parts = [active, (active**2 - 1.0) / np.sqrt(2.0), _bend(active)]
        parts.append(z[:, self.pairs[:, 0]] * z[:, self.pairs[:, 1]])
        return np.concatenate([*parts, z[:, self.others]] if others else parts, axis=1)

    def scale(self) -> Floats:
        """First guess at the standard deviation (p,) of the columns' slopes, relative to one another."""
        sizes = {1.0: len(self.active), 0.3: len(self.active), 0.2: len(self.active)}
        active = [np.full(count, size) for size, count in sizes.items()]
        return np.concatenate([*active, np.full(len(self.pairs), 0.2), np.full(len(self.others), 0.1)])


def choose_features(
    z: Floats, responses: Floats, weights: Floats, most: int, rng: np.random.Generator, pairs: int | None = None
) -> Features:
    """Screen inputs z (n, d) by how much of the responses (n, outputs) they move, all outputs taken together.

    Principal components of the responses are regressed on every input and its square by ridge regression with
    generalised cross-validation. An input is active if its slopes beat nearly all of those of shuffled inputs
    (probes: Tuv et al. 2009), at most `most`. Of the products of active inputs, those are kept that explain most
    of the residuals: heredity (Hamada & Wu 1992).
    """
    components = min(40, *responses.shape)
    scores = PCA(components, whiten=False, svd_solver="covariance_eigh").fit_transform(responses)
    probes = rng.permutation(z[:, rng.integers(z.shape[1], size=PROBES)])
    inputs = np.concatenate([z, probes], axis=1)
    columns = np.concatenate([inputs, 0.5 * (inputs**2 - 1.0)], axis=1)
    model = RidgeCV(alphas=len(z) * np.logspace(-3, 2, 11), alpha_per_target=True)
    model.fit(columns, scores, sample_weight=weights)
    slopes = np.atleast_2d(model.coef_).T
    moved = np.square(slopes).reshape(2, inputs.shape[1], -1).sum(axis=(0, 2))
    moved, idle = moved[: z.shape[1]], moved[z.shape[1] :]
    ranked = np.argsort(-moved, kind="stable")
    active = ranked[moved[ranked] > np.quantile(idle, 0.95)][:most]
    active = active if len(active) else ranked[:1]
    others = np.setdiff1d(np.arange(z.shape[1]), active)
    residual = (scores - model.predict(columns).reshape(scores.shape)) * weights[:, None]
    first, second = np.triu_indices(len(active), 1)
    chosen = z[:, active]
    evidence = sum(np.square(chosen.T @ (column[:, None] * chosen)) for column in residual.T)
    order = np.argsort(-np.asarray(evidence)[first, second], kind="stable") if len(first) else first
    kept = np.sort(order[: pairs if pairs is not None else min(len(z) // 6, 400)])
    return Features(active, np.column_stack([active[first[kept]], active[second[kept]]]), others)


def _bend(z: Floats) -> Floats:
    """The part of a normal input's rank that is not linear in it: a response may be linear in either."""
    ranks = np.sqrt(12.0) * (ndtr(z) - 0.5)
    return np.asarray((ranks - BEND * z) / np.sqrt(1.0 - BEND**2))
