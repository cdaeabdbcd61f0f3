"""Scores of predictions: Harrell's C, the Brier score under censoring, survival by group."""

import lifelines
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lifelines.utils import concordance_index

from experiments.history.evaluation import Prediction, brier_difference, days, evaluate, kaplan_meier_check
from experiments.history.scores import (
    DAYS_A_YEAR,
    brier,
    cluster_bootstrap_c,
    cluster_weights,
    harrell_c,
    km_by_group,
)
from experiments.intervals import wilson

CASES = st.lists(
    st.tuples(st.integers(1, 12), st.booleans(), st.integers(-5, 5), st.integers(0, 4)), min_size=2, max_size=30
)


@st.composite
def cases(draw):
    t, event, score, clusters = map(np.array, zip(*draw(CASES), strict=True))
    return t.astype(float), event, score.astype(float), clusters


@given(cases())
def test_c_is_that_of_lifelines(case):
    t, event, score, _ = case
    ours = harrell_c(t, event, score)
    assume(not np.isnan(ours))
    assert ours == pytest.approx(concordance_index(t, score, event))


@given(cases())
def test_c_depends_on_order_only_and_turns_with_the_score(case):
    t, event, score, clusters = case
    for groups in (None, clusters):
        c = harrell_c(t, event, score, groups)
        assert harrell_c(t, event, np.exp(score), groups) == pytest.approx(c, nan_ok=True)
        assert harrell_c(t * 7, event, score, groups) == pytest.approx(c, nan_ok=True)
        assert harrell_c(t, event, -score, groups) == pytest.approx(1 - c, nan_ok=True)
    assert harrell_c(t, event, score, range(len(t))) == pytest.approx(harrell_c(t, event, score), nan_ok=True)
    assert np.isnan(harrell_c(t, event, score, [0] * len(t)))


@given(cases())
def test_c_across_clusters_counts_pair_by_pair(case):
    t, event, score, clusters = case
    won = pairs = 0.0
    for i in range(len(t)):
        for j in range(len(t)):
            first = event[i] and (t[i] < t[j] or (t[i] == t[j] and not event[j]))
            if first and clusters[i] != clusters[j]:
                pairs += 1
                won += (score[i] < score[j]) + 0.5 * (score[i] == score[j])
    assert harrell_c(t, event, score, clusters) == pytest.approx(won / pairs if pairs else np.nan, nan_ok=True)


def test_c_refuses_a_score_that_is_not_a_number():
    with pytest.raises(ValueError, match="not a number"):
        harrell_c([1.0, 2.0], [1, 1], [np.nan, 0.0])


def test_the_bootstrap_of_c_holds_the_estimate_and_widens_with_clusters():
    generator = np.random.default_rng(1)
    score = generator.normal(size=20)
    t = generator.exponential(np.exp(score)) + 0.01
    score, t, event = (np.repeat(each, 4) for each in (score, t, generator.random(20) < 0.7))
    alone = cluster_bootstrap_c(t, event, score, range(80))
    together = cluster_bootstrap_c(t, event, score, np.repeat(range(20), 4).tolist())
    assert alone.low < alone.estimate < alone.high
    assert alone.estimate == together.estimate == harrell_c(t, event, score)
    assert together.high - together.low > alone.high - alone.low
    assert cluster_bootstrap_c(t, event, score, range(80)) == alone
    assert np.isnan(cluster_bootstrap_c([1.0, 2.0], [0, 0], [1.0, 2.0], [1, 2]).low)


def test_resamples_draw_whole_clusters():
    weights = cluster_weights(["a", "b", "a", "c"])
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3]].sum(axis=1) == 3).all()


@given(cases(), st.integers(0, 1000))
def test_brier_without_censoring_is_the_mean_square(case, seed):
    t, _, _, _ = case
    horizons = np.array([0.5, 3.0, 6.0, 20.0])
    survival = np.random.default_rng(seed).random((len(t), 4))
    plain = ((survival - (t[:, None] > horizons)) ** 2).mean(axis=0)
    assert brier(t, np.ones(len(t)), survival, horizons) == pytest.approx(plain)


@given(cases())
def test_a_perfect_prediction_has_no_error(case):
    t, event, _, _ = case
    horizons = np.array([0.5, 3.0, 6.0])
    error = brier(t, event, (t[:, None] > horizons) | ((t[:, None] == horizons) & ~event[:, None]), horizons)
    assert np.all((error == 0) | np.isnan(error))
    assert error[0] == 0


def test_brier_is_undefined_where_nobody_was_followed():
    found = brier([1.0, 5.0], [1, 0], [[0.5, 0.5, 0.5]] * 2, [3.0, 5.0, 6.0])
    assert found[:2] == pytest.approx([0.25, 0.25])
    assert np.isnan(found[2])


def test_cases_censored_on_the_day_of_the_horizon_have_outlived_it():
    assert brier([1.0, 4.0, 4.0], [1, 0, 0], [[1.0]] * 3, [4.0]) == pytest.approx([1 / 3])


def test_weights_undo_the_censoring():
    generator = np.random.default_rng(2)
    n, horizons = 40_000, np.array([0.3, 1.0, 2.0])
    rate = np.exp(generator.normal(size=n) / 2)
    died, left = generator.exponential(1 / rate), generator.exponential(1.5, size=n)
    survival = np.exp(-rate[:, None] * horizons)
    truth = ((survival - (died[:, None] > horizons)) ** 2).mean(axis=0)
    found = brier(np.minimum(died, left), died <= left, survival, horizons)
    assert found == pytest.approx(truth, abs=0.006)
    assert brier(np.minimum(died, left), died <= left, survival * 0 + 0.5, horizons) == pytest.approx(0.25, abs=0.004)


def test_a_kaplan_meier_prediction_scores_its_own_variance():
    """Predicting S for everybody costs S (1 - S) on average, weighted or not, when S is Kaplan-Meier's own."""
    generator = np.random.default_rng(3)
    died, left = generator.exponential(1.0, 300), generator.exponential(2.0, 300)
    t, event = np.minimum(died, left), died <= left
    horizons = [0.2, 0.8]
    s = lifelines.KaplanMeierFitter().fit(t, event).survival_function_at_times(horizons).to_numpy()
    assert brier(t, event, np.tile(s, (300, 1)), horizons) == pytest.approx(s * (1 - s), abs=1e-9)


def test_brier_refuses_a_wrong_shape():
    with pytest.raises(ValueError, match="shape"):
        brier([1.0], [1], [[0.5, 0.5]], [1.0])


def test_survival_by_group_is_a_proportion_without_early_censoring():
    t = np.array([100.0] * 4 + [5000.0] * 16)
    event = [1] * 4 + [0] * 16
    table = km_by_group(t, event, ["none"] * 10 + ["combat-capable"] * 10, (1, 10))
    assert list(table["group"]) == ["none"] * 2 + ["combat-capable"] * 2
    assert list(table.columns) == ["group", "n", "events", "horizon_years", "survival", "low", "high"]
    assert tuple(table.loc[0, ["survival", "low", "high"]]) == pytest.approx(tuple(wilson(6, 10)))
    assert tuple(table.loc[2, ["survival", "low", "high"]]) == pytest.approx(tuple(wilson(10, 10)))


def test_groups_without_a_name_or_past_their_last_time_say_nothing():
    table = km_by_group([1.0, 400.0, 3.0], [1, 0, 1], ["x", "x", ""], (1, 10))
    assert table["survival"].tolist() == pytest.approx([0.5, np.nan], nan_ok=True)
    assert km_by_group([1.0], [1], [""], (1,)).empty


def made_frame(n=120, seed=4):
    generator = np.random.default_rng(seed)
    force = np.array(["none", "combat-capable"])[np.arange(n) % 2]
    rate = np.where(force == "none", 0.6, 0.1) / DAYS_A_YEAR
    died = generator.exponential(1 / rate)
    frame = pd.DataFrame({"third_party_force": force, "t": np.minimum(died, 9000.0), "event": died < 9000.0})
    frame["dyad_cluster"] = [f"d{i // 3}" for i in range(n)]
    return frame, rate


def test_the_better_prediction_has_the_better_scores():
    frame, rate = made_frame()
    horizons = np.array(days((1, 2, 5, 10)))
    right = Prediction("right", np.exp(-rate[:, None] * horizons), -rate)
    flat = Prediction("flat", np.tile(np.exp(-rate.mean() * horizons), (len(frame), 1)), np.zeros(len(frame)))
    good, poor = evaluate(frame, [right, flat])
    assert (good.name, good.cases, good.events) == ("right", len(frame), int(frame["event"].sum()))
    assert good.c_low < good.c < good.c_high
    assert good.c > 0.6
    assert (poor.c, poor.c_across_clusters) == (0.5, 0.5)
    assert list(good.brier) == [1.0, 2.0, 5.0, 10.0]
    gains = brier_difference(frame, right, flat)
    for gain, year in zip(gains, good.brier, strict=True):
        assert gain.estimate == pytest.approx(good.brier[year] - poor.brier[year])
        assert gain.low < gain.estimate < gain.high
    assert gains[2].high < 0
    assert brier_difference(frame, right, right)[0] == (0.0, 0.0, 0.0)


def test_the_check_by_group_tells_right_from_wrong():
    frame, rate = made_frame()
    horizons = np.array(days((1, 2, 5, 10)))
    right, wrong = np.exp(-rate[:, None] * horizons), np.full((len(frame), 4), 0.01)
    table = kaplan_meier_check(frame, right)
    assert len(table) == 8
    assert table["inside"].dtype == bool
    assert table["inside"].all()
    assert table["predicted"][0] == pytest.approx(np.exp(-0.6))
    assert not kaplan_meier_check(frame, wrong)["inside"][4:].any()


def test_predictions_that_do_not_fit_the_cases_are_refused():
    frame, _ = made_frame(6)
    with pytest.raises(ValueError, match="odd: shapes"):
        evaluate(frame, [Prediction("odd", np.zeros((5, 4)), np.zeros(5))])
    with pytest.raises(ValueError, match="between 0 and 1"):
        evaluate(frame, [Prediction("odd", np.full((6, 4), 1.5), np.zeros(6))])
