"""Statistical peers: what they find, what they must not see, what must not stop them."""

import lifelines
import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter

from experiments.design import ExperimentError
from experiments.history import nulls
from experiments.history.columns import FORCES, GUARANTEES, ZONES
from experiments.history.nulls import Cox, KaplanMeier, Weibull, cross_validate, grouped_folds, standardise
from experiments.history.scores import brier, harrell_c

HORIZONS = [365.25, 730.5, 1826.25]
ALL = [KaplanMeier(), Weibull(), Cox()]


def made(n=90, seed=1, effect=1.2, shape=0.7, clusters=30):
    """Ceasefires that last longer with a stronger force, by `effect` in log hazard for each level."""
    generator = np.random.default_rng(seed)
    level = generator.integers(0, 4, n)
    frame = pd.DataFrame({
        "third_party_force": np.array(FORCES, dtype=object)[level],
        "demilitarised_zone": generator.choice(np.array(ZONES, dtype=object), n),
        "great_power_guarantee": generator.choice(np.array(GUARANTEES, dtype=object), n),
        "guarantor_troops_present": generator.integers(0, 2, n).astype(float),
        "defender_to_challenger_capability_ratio": np.exp(generator.normal(size=n)),
        "war_deaths": np.floor(10 ** generator.uniform(1, 5, n)),
        "previous_wars": generator.poisson(1, n).astype(float),
        "outcome_decisive": generator.integers(0, 2, n).astype(float),
        "contiguous": generator.integers(0, 2, n).astype(float),
        "nuclear_challenger": generator.integers(0, 2, n).astype(float),
        "dyad_cluster": [f"d{i % clusters}" for i in range(n)],
    })  # fmt: skip
    died = 900 * (generator.exponential(1, n) * np.exp(effect * (level - 1.5))) ** (1 / shape)
    return frame.assign(t=np.minimum(died, 20_000.0), event=died < 20_000.0)


def test_cox_finds_a_planted_effect_out_of_sample():
    frame, fresh = made(), made(seed=2)
    survival, score = Cox().predict(frame, fresh, HORIZONS)
    flat, _ = KaplanMeier().predict(frame, fresh, HORIZONS)
    assert harrell_c(fresh["t"], fresh["event"], score) > 0.68
    assert (
        brier(fresh["t"], fresh["event"], survival, HORIZONS) < brier(fresh["t"], fresh["event"], flat, HORIZONS)
    ).all()
    held, order = cross_validate(Cox(), frame, HORIZONS, folds=5, seeds=(1,))
    assert harrell_c(frame["t"], frame["event"], order, frame["dyad_cluster"].tolist()) > 0.68
    assert held.shape == (90, 3)


def test_cox_shrinks_what_is_not_there():
    frame = made(effect=0.0)
    x = standardise(frame, frame)
    assert nulls.choose_penalty(frame, x.to_numpy(float)) >= 0.3
    _, score = cross_validate(Cox(), frame, HORIZONS, folds=5, seeds=(1,))
    assert 0.3 < harrell_c(frame["t"], frame["event"], score) < 0.65


def test_the_short_partial_likelihood_agrees_with_lifelines():
    frame = made()
    x = standardise(frame, frame)
    table = x.assign(t=frame["t"], event=frame["event"].astype(float))
    fitter = CoxPHFitter(penalizer=0.1).fit(table, "t", "event")
    t, event = frame["t"].to_numpy(float), frame["event"].to_numpy(bool)
    beta = nulls._ridge(x.to_numpy(float), t, event, 0.1, np.zeros(10))
    assert beta == pytest.approx(fitter.params_.to_numpy(), abs=5e-3)  # ties: Breslow, Efron
    ours, gradient = nulls.partial_likelihood(beta, x.to_numpy(float), t, event)
    assert ours / len(t) == pytest.approx(fitter.score(table, "log_likelihood"), abs=2e-3)
    step = np.eye(10)[0] * 1e-5
    slope = nulls.partial_likelihood(beta + step, x.to_numpy(float), t, event)[0] - ours
    assert slope / 1e-5 == pytest.approx(gradient[0], abs=1e-2)


def test_cox_survival_is_that_of_lifelines_on_the_steps():
    frame = made()
    fitter = Cox(penalties=(0.1,)).fit(frame)
    steps = sorted(frame["t"][frame["event"]])[10:60:10]
    survival, score = Cox(penalties=(0.1,)).predict(frame, frame, steps)
    theirs = fitter.predict_survival_function(standardise(frame, frame), times=steps).to_numpy().T
    assert survival == pytest.approx(theirs, abs=1e-6)
    assert score == pytest.approx(-fitter.predict_log_partial_hazard(standardise(frame, frame)).to_numpy(), abs=1e-6)


def test_medians_and_scales_come_from_the_training_cases():
    train, test = made(seed=3), made(seed=4)
    train.loc[:40, "war_deaths"] = np.nan
    train.loc[:40, "third_party_force"] = ""
    test["war_deaths"], test["third_party_force"] = np.nan, ""
    found = standardise(train, test)
    assert not found.isna().any(axis=None)
    assert found["war_deaths"].nunique() == 1
    base = standardise(train, train)
    assert base.mean().to_numpy() == pytest.approx(np.zeros(10), abs=1e-9)
    assert base.std(ddof=0).to_numpy() == pytest.approx(np.ones(10))
    assert standardise(train, test.iloc[:5]).equals(found.iloc[:5])


@pytest.mark.parametrize("null", ALL, ids=lambda null: null.name)
@pytest.mark.parametrize("spoilt", ["constant", "unknown", "held", "short", "same"])
def test_poor_data_do_not_stop_a_null(null, spoilt):
    frame = made(24, clusters=8)
    if spoilt == "constant":
        frame = frame.assign(nuclear_challenger=0.0, demilitarised_zone="none", contiguous=[1.0] + [0.0] * 23)
    elif spoilt == "unknown":
        frame = frame.assign(**dict.fromkeys(("war_deaths", "defender_to_challenger_capability_ratio"), np.nan))
        frame = frame.assign(third_party_force="")
    elif spoilt == "held":
        frame = frame.assign(event=False)
    elif spoilt == "short":
        frame = frame.assign(t=0.0)
    else:
        frame = frame.assign(t=100.0, event=True)
    survival, score = cross_validate(null, frame, HORIZONS, folds=4, seeds=(1, 2))
    assert ((survival >= 0) & (survival <= 1)).all()
    assert (np.diff(survival, axis=1) <= 1e-12).all()
    assert np.isfinite(score).all()


def test_cox_without_anything_to_go_by_is_kaplan_meier():
    frame = made(20).assign(**dict.fromkeys(nulls.COVARIATES, np.nan))
    frame = frame.assign(third_party_force="", demilitarised_zone="", great_power_guarantee="")
    cox, km = Cox().predict(frame, frame, HORIZONS), KaplanMeier().predict(frame, frame, HORIZONS)
    assert (cox[0] == km[0]).all()
    assert (cox[1] == 0).all()


def test_kaplan_meier_and_weibull_are_those_of_lifelines_and_rank_nobody():
    frame = made(60).assign(t=lambda table: table["t"].where(table.index != 0, 0.0))
    curve = lifelines.KaplanMeierFitter().fit(frame["t"], frame["event"]).survival_function_at_times(HORIZONS)
    survival, score = KaplanMeier().predict(frame, frame.iloc[:2], HORIZONS)
    assert survival == pytest.approx(np.tile(curve, (2, 1)))
    assert (score == 0).all()
    shape = lifelines.WeibullFitter().fit(frame["t"].clip(lower=0.5), frame["event"])
    survival, _ = Weibull().predict(frame, frame.iloc[:2], HORIZONS)
    assert survival[0] == pytest.approx(np.exp(-((np.array(HORIZONS) / shape.lambda_) ** shape.rho_)))


class Spy:
    """Notes whom it was shown, and predicts the share of the training cases."""

    name = "spy"

    def __init__(self):
        self.seen = []

    def predict(self, train, test, horizons_days):
        self.seen.append((set(train["dyad_cluster"]), set(test["dyad_cluster"])))
        return np.full((len(test), len(horizons_days)), len(train) / 100), np.full(len(test), float(len(self.seen)))


def test_no_null_sees_the_cluster_it_predicts():
    frame = made(60, clusters=12)
    spy = Spy()
    survival, _ = cross_validate(spy, frame, HORIZONS, folds=None)
    assert len(spy.seen) == 12
    assert all(not train & test and len(test) == 1 for train, test in spy.seen)
    assert (survival == 0.55).all()
    spy = Spy()
    _, score = cross_validate(spy, frame, HORIZONS, folds=5, seeds=(1, 2))
    assert len(spy.seen) == 10
    assert all(not train & test and train | test == set(frame["dyad_cluster"]) for train, test in spy.seen)
    assert score.min() >= (1 + 6) / 2  # the mean of a fold of the first round and one of the second


def test_every_case_is_held_out_once():
    clusters = made(50, clusters=7)["dyad_cluster"]
    for folds in (3, 7, 10):
        masks = list(grouped_folds(clusters, folds, seed=1))
        assert len(masks) == min(folds, 7)
        assert (np.sum(masks, axis=0) == 1).all()


def test_one_cluster_cannot_be_cross_validated():
    with pytest.raises(ExperimentError, match="two dyad clusters"):
        cross_validate(KaplanMeier(), made(5, clusters=1), HORIZONS)
