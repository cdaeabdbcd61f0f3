"""Competing risks against hand-made numbers, proportions, other estimators and rates that are known."""

import warnings

import lifelines
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.analysis.risks import (
    Ends,
    cumulative_incidence,
    garwood,
    restricted_mean,
    restricted_mean_difference,
    yearly_hazard,
)
from experiments.intervals import wilson
from experiments.survival import curve

HORIZON = 260
RUNS = st.lists(st.tuples(st.integers(1, 60), st.sampled_from([0.0, 1.0, 2.0])), min_size=1, max_size=40)


def ends(*runs: tuple[float, float]) -> Ends:
    return Ends(*np.array(runs, float).T)


def exponential(rates: tuple[float, float], runs: int, seed: int = 1) -> Ends:
    """Two causes at constant rates a year, by week, censored at the horizon."""
    luck = np.random.default_rng(seed)
    weeks = np.ceil(52 * luck.exponential(1 / sum(rates), runs))
    cause = np.where(luck.random(runs) < rates[0] / sum(rates), 1.0, 2.0)
    return Ends(np.minimum(weeks, HORIZON), np.where(weeks > HORIZON, 0.0, cause))


def test_incidence_by_hand():
    table = cumulative_incidence(ends((5, 1), (5, 2), (9, 1), (30, 0), (52, 2), (60, 0)), 60)
    assert list(table["week"]) == [0, 5, 9, 52, 60] * 2
    assert list(table["at_risk"]) == [6, 6, 4, 2, 1] * 2
    limited, renewed = table[:5], table[5:]
    assert set(limited["cause"]) == {"limited_war"}
    assert set(renewed["cause"]) == {"renewed_war"}
    assert list(limited["collapses"]) == [0, 1, 1, 0, 0]
    assert list(renewed["collapses"]) == [0, 1, 0, 1, 0]
    # Each term is the survival before (1, 4/6, 1/2) times the share of those at risk (1/6, 1/4; 1/6, 1/2)
    assert list(limited["incidence"]) == pytest.approx([0, 1 / 6, 1 / 3, 1 / 3, 1 / 3])
    assert list(renewed["incidence"]) == pytest.approx([0, 1 / 6, 1 / 6, 5 / 12, 5 / 12])


@given(runs=RUNS)
@settings(max_examples=15)
def test_without_early_censoring_incidences_and_bands_are_those_of_proportions(runs):
    found = ends(*[(week if cause else 60, cause) for week, cause in runs])
    for row in cumulative_incidence(found, 60).itertuples():
        code = {"limited_war": 1.0, "renewed_war": 2.0}[row.cause]
        by_then = int(((found.weeks_held <= row.week) & (found.collapse == code)).sum())
        expected = wilson(by_then, len(runs))
        assert (row.incidence, row.low, row.high) == pytest.approx(tuple(expected), abs=1e-8)


@given(runs=RUNS)
@settings(max_examples=15)
def test_incidences_and_survival_add_up_to_one(runs):
    found = ends(*runs)
    table = cumulative_incidence(found, 60).pivot(index="week", columns="cause", values="incidence")
    survival = curve(found.weeks_held, (found.collapse == 0).astype(float), 60).set_index("week")["survival"]
    assert list(table.sum(axis="columns") + survival) == pytest.approx([1.0] * len(table))
    assert (table.diff().dropna() >= -1e-12).all(axis=None)


def test_weeks_with_both_causes_are_not_moved_apart_at_random():
    found = exponential((1.5, 0.5), 400)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        state = np.random.get_state()[1].tolist()  # noqa: NPY002
        table = cumulative_incidence(found, HORIZON).set_index(["cause", "week"])
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002
    with pytest.warns(Warning, match="Tied event times"):  # what lifelines would do, and about the same
        jittered = lifelines.AalenJohansenFitter(seed=1).fit(found.weeks_held, found.collapse, event_of_interest=2)
    expected = jittered.cumulative_density_.iloc[-1, 0]
    assert table.loc[("renewed_war", HORIZON), "incidence"] == pytest.approx(expected, abs=1e-9)


def test_incidence_is_the_one_of_constant_rates():
    found = cumulative_incidence(exponential((0.3, 0.1), 20_000), HORIZON).set_index(["cause", "week"])
    for cause, rate in (("limited_war", 0.3), ("renewed_war", 0.1)):
        row = found.loc[(cause, HORIZON)]
        assert row["low"] < rate / 0.4 * (1 - np.exp(-0.4 * 5)) < row["high"]


def test_early_censoring_widens_the_band():
    weeks = [(10.0, 1.0)] * 10 + [(20.0, 0.0)] * 40 + [(30.0, 1.0)] * 5 + [(52.0, 0.0)] * 5
    table = cumulative_incidence(ends(*weeks), 52).set_index(["cause", "week"])
    last = table.loc[("limited_war", 52)]
    assert last["incidence"] == pytest.approx(1 - 50 / 60 * 0.5)
    proportion = wilson(last["incidence"] * 60, 60)
    assert last["low"] < proportion.low
    assert last["high"] > proportion.high


def test_the_restricted_mean_is_the_area_under_the_curve():
    found = exponential((0.3, 0.1), 500)
    table = curve(found.weeks_held, (found.collapse == 0).astype(float), HORIZON)
    area = float((table["survival"].to_numpy()[:-1] * np.diff(table["week"])).sum())
    assert restricted_mean(found, HORIZON).estimate == pytest.approx(area)
    year = restricted_mean(exponential((0.3, 0.1), 20_000), 52)
    assert year.low < np.exp(-0.4 / 52 * np.arange(52)).sum() < year.high
    with pytest.raises(ValueError, match="censored in week 260, before week 300"):
        restricted_mean(found, 300)
    assert restricted_mean(ends((3, 1), (5, 2)), 300).estimate == 4.0


def test_differences_of_restricted_means_use_the_pairs():
    one, other = exponential((0.4, 0.2), 500), exponential((0.3, 0.1), 500)  # the same luck
    found = restricted_mean_difference(other, one, HORIZON)
    means = [restricted_mean(each, HORIZON) for each in (other, one)]
    assert found.estimate == pytest.approx(means[0].estimate - means[1].estimate)
    assert found.high - found.low < 0.7 * (means[0].high - means[0].low)
    assert found.low > 0.0
    assert restricted_mean_difference(one, one, 52) == (0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="equal runs"):
        restricted_mean_difference(one, exponential((0.3, 0.1), 499), 52)


def test_yearly_hazard_by_hand():
    found = ends((26, 1), (52, 2), (53, 1), (78, 2), (80, 0), (80, 0))
    table = yearly_hazard(found, 80).set_index(["cause", "year"])
    assert list(table.loc["any", "from_week"]) == [1, 53]
    assert list(table.loc["any", "to_week"]) == [52, 80]
    assert list(table.loc["any", "at_risk"]) == [6, 4]
    assert list(table.loc["any", "run_years"]) == pytest.approx([5.5, (1 + 26 + 28 + 28) / 52])
    assert list(table["collapses"]) == [2, 2, 1, 1, 1, 1]
    assert table.loc[("limited_war", 1), "hazard"] == pytest.approx(1 / 5.5)


def test_yearly_hazards_of_constant_rates_are_the_rates():
    table = yearly_hazard(exponential((0.3, 0.1), 20_000), HORIZON)
    for cause, rate in (("any", 0.4), ("limited_war", 0.3), ("renewed_war", 0.1)):
        found = table[table["cause"] == cause]
        assert len(found) == 5
        assert found["hazard"].to_numpy() == pytest.approx(rate, rel=0.12)
        assert (found["low"] < found["hazard"]).all()
        assert (found["high"] > found["hazard"]).all()


@given(runs=RUNS)
@settings(max_examples=15)
def test_causes_and_years_add_up(runs):
    found = ends(*[(week if cause else 60, cause) for week, cause in runs])
    table = yearly_hazard(found, 60).pivot(index="year", columns="cause", values="collapses")
    assert (table["any"] == table["limited_war"] + table["renewed_war"]).all()
    assert table["any"].sum() == (found.collapse > 0).sum()
    years = yearly_hazard(found, 60).query("cause == 'any'")["run_years"].sum()
    assert years == pytest.approx(found.weeks_held.sum() / 52)


def test_garwood_as_published():
    # Garwood (1936), Biometrika 28:437: limits of a Poisson mean
    for events, low, high in ((0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39), (50, 37.11, 65.92)):
        found = garwood(events, 1.0)
        assert (found.low, found.high) == pytest.approx((low, high), rel=1e-3)
    assert garwood(10, 4.0) == pytest.approx(tuple(each / 4 for each in garwood(10, 1.0)))
    assert np.isnan(garwood(0, 0.0)).all()


def test_a_year_without_anybody_at_risk_has_no_hazard():
    table = yearly_hazard(ends((3, 1), (5, 2)), 104)
    assert table[table["year"] == 2]["hazard"].isna().all()
    assert set(table[table["year"] == 2]["at_risk"]) == {0}
