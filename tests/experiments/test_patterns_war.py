"""F1 to F4, who, and the backcasts: estimators meet known answers, planted histories pass, and broken ones fail."""

import math
from functools import cache

import lifelines
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from experiments.evidence.targets import fitted_cases
from experiments.figures import style
from experiments.figures.backcasts import backcasts
from experiments.patterns import CHECKS, Budget, Finding, ParameterSets, aging, donbas, measure_all, peace
from experiments.patterns.backcasts import MONTHS, karabakh, minsk
from model.engine import Engine
from model.outcomes import OUTCOMES
from model.terms import Status

TINY = Budget(sets=4, runs=3, traces=1)
ENGINE = Engine()
POINT = ParameterSets.point()
WEEKS = 574.0  # the horizon of the planted histories
YEAR = peace.WEEKS_A_YEAR


@cache
def found(name: str, **fixed: float) -> Finding:
    return CHECKS[name](ENGINE, settled(**fixed), TINY)


def settled(**fixed: float) -> ParameterSets:
    sets = POINT
    for name, value in fixed.items():
        sets = sets.fixed(name.replace("__", "."), value)
    return sets


def weibull(shape, scale, size, seed=1):
    """Durations (weeks) of a Weibull distribution whose scale is in years."""
    return scale * YEAR * np.random.default_rng(seed).weibull(shape, size)


def history(war=0.59, fatal=0.53, early=0.08, defender=0.4, war_scale=101.0):
    """Planted outcomes of all cases, 2 sets, 40 runs: some collapse in half a year, the rest age as in the data."""
    size = (len(fitted_cases().chosen("strict")), 2, 40)
    luck = np.random.default_rng(7)
    young = luck.random(size) < early
    settles = np.where(young, np.inf, 26.0)
    ends = np.where(young, 26.0 * luck.random(size) ** 1.5, 26.0 + weibull(war, war_scale, size))
    incident = 26.0 + weibull(fatal, 15.0, size, seed=2)
    collapsed = ends < WEEKS
    broken = np.where(luck.random(size) < defender, 2.0, 1.0)
    seen = (incident < np.minimum(ends, WEEKS)) & ~young
    return {
        "held": 1.0 - collapsed,
        "weeks_held": np.floor(np.minimum(ends, WEEKS)),
        "broken_by": np.where(collapsed, broken, 0.0),
        "consolidated": (~young).astype(float),
        "weeks_to_consolidation": np.where(young, np.floor(ends), settles),
        "renewed_war": np.zeros(size),
        "weeks_to_renewed_war": np.full(size, WEEKS),
        "fatal_incident": seen.astype(float),
        "weeks_to_fatal_incident": np.floor(np.minimum(np.where(seen, incident, WEEKS), WEEKS)),
    }


def planted(monkeypatch, name: str, **changes: float) -> Finding:
    monkeypatch.setattr(aging, "play_core", lambda *_: history(**changes))
    return CHECKS[name](ENGINE, POINT, TINY)


@pytest.mark.parametrize("shape", [0.4, 0.6, 1.0, 1.6])
def test_the_shape_of_weibull_durations_is_found_again(shape):
    weeks = np.floor(weibull(shape, 8.0, (2, 4000)))
    came = (weeks < 520.0).astype(float)
    found = peace.weibull_shape(np.minimum(weeks, 520.0), came)
    assert found == pytest.approx(shape, rel=0.1)  # whole weeks blunt the steepest by 7%


def test_a_constant_hazard_is_rejected_only_where_there_is_none():
    weeks = np.floor(np.stack([weibull(1.0, 8.0, 3000), weibull(0.6, 8.0, 3000)]))
    came = (weeks < 520.0).astype(float)
    ratio = peace.exponential_rejected(np.minimum(weeks, 520.0), came)
    assert ratio[0] < 3.84
    assert ratio[1] > 50.0
    fitter = lifelines.WeibullFitter().fit(np.minimum(weeks[1], 520.0) + 0.5, came[1])
    constant = lifelines.ExponentialFitter().fit(np.minimum(weeks[1], 520.0) + 0.5, came[1])
    assert ratio[1] == pytest.approx(2.0 * (fitter.log_likelihood_ - constant.log_likelihood_), rel=1e-3)
    assert np.isnan(peace.exponential_rejected(np.full((1, 9), 520.0), np.zeros((1, 9)))).all()


def test_incidence_is_one_less_kaplan_meier():
    rng = np.random.default_rng(3)
    weeks, came = np.floor(rng.exponential(300.0, (2, 400))), (rng.random((2, 400)) < 0.6).astype(float)
    weeks[0, :50] = np.nan  # never consolidated
    for each, event, shares in zip(weeks, came, peace.incidence(weeks, came), strict=True):
        known = np.isfinite(each)
        fitter = lifelines.KaplanMeierFitter().fit(each[known], event[known])
        assert shares == pytest.approx([1.0 - fitter.predict(int(year * YEAR) - 1) for year in peace.YEARS])
    assert np.isnan(peace.incidence(np.full((1, 5), np.nan), np.zeros((1, 5)))).all()


def test_a_hazard_is_events_over_the_weeks_in_which_they_could_come():
    weeks, came = np.array([[0.0, 2.0, 10.0, 100.0]]), np.array([[1.0, 0.0, 1.0, 0.0]])
    assert peace.hazard(weeks, came, 0.0, 4.0) == pytest.approx(1.0 / (0.5 + 2.5 + 4.0 + 4.0))
    assert peace.hazard(weeks, came, 4.0, 24.0) == pytest.approx(1.0 / (6.5 + 20.0))
    assert peace.hazard(weeks, came, 50.0, 90.0, prior=0.5) == pytest.approx(0.5 / 40.0)


def test_a_war_after_consolidation_is_a_fatal_incident_and_one_before_is_not_in_the_sample():
    columns = {
        "consolidated": [1.0, 1.0, 1.0, 0.0],
        "weeks_to_consolidation": [30.0, 30.0, 90.0, 50.0],
        "held": [0.0, 1.0, 0.0, 0.0],
        "weeks_held": [80.0, 574.0, 40.0, 50.0],
        "fatal_incident": [0.0, 1.0, 1.0, 0.0],
        "weeks_to_fatal_incident": [80.0, 60.0, 95.0, 50.0],
    }
    played = {name: np.array(values).reshape(1, 1, -1) for name, values in columns.items()}
    weeks, came = peace.since_consolidation(played, "war")
    np.testing.assert_equal(weeks, [[50.0, 544.0, np.nan, np.nan]])
    assert came[0, :2].tolist() == [1.0, 0.0]
    weeks, came = peace.since_consolidation(played, "fatal_incident")
    np.testing.assert_equal(weeks, [[50.0, 30.0, np.nan, np.nan]])
    assert came[0, :2].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("F1", {"early": 0.0, "war": 1.5, "war_scale": 10.0}),
        ("F2", {"war_scale": 5.0}),
        ("F2", {"war_scale": 4000.0}),
        ("F3", {"war_scale": 4000.0}),
        ("F3", {"war_scale": 1.0}),
        ("who", {"defender": 0.05}),
        ("who", {"defender": 0.9}),
    ],
)
def test_histories_like_the_data_pass_and_others_fail(monkeypatch, name, spoilt):
    assert planted(monkeypatch, name).missed == []
    broken = planted(monkeypatch, name, **spoilt)
    assert broken.missed
    assert not broken.passed


def test_past_ceasefires_are_played_once_for_all_four():
    assert aging.play_core(ENGINE, POINT, TINY) is aging.play_core(ENGINE, ParameterSets.point(), TINY)
    assert aging.play_core(ENGINE, POINT, TINY)["held"].shape == (75, 4, 3)
    assert len(aging.interstate(aging.play_core(ENGINE, POINT, TINY))["held"]) < 75


def test_threads_change_nothing():
    sets = ParameterSets.prior(4, seed=3)
    checks = {name: CHECKS[name] for name in ("F2", "F3", "F4", "who")}
    once = measure_all(ENGINE, sets, TINY, checks, threads=1)
    aging._play.cache_clear()
    again = measure_all(ENGINE, sets, TINY, checks, threads=2)
    assert repr(once) == repr(again)
    assert CHECKS["F4"](ENGINE, ParameterSets.prior(4, seed=4), TINY).values != once[2].values


@pytest.mark.parametrize(
    ("name", "value", "fixed", "sign"),
    [
        ("F2", "renewed_5", {"russia__limited_cost": 1000.0, "russia__renewed_cost": 1000.0}, -1),
        ("F3", "fatal_5", {"casualties__lethality": 1e-6}, -1),
        ("who", "defender_share", {"crisis__spiral_deaths": 1e9}, -1),
        ("F4", "best_cut", {"theories__agreements_matter": 0.0}, -1),
        ("F4", "verified_weeks", {"theories__agreements_matter": 0.0}, -1),
        ("F4", "first_week", {"violations__calm_plain": 0.2}, 1),
        ("F4", "scatter", {"violations__dispersion": 1000.0, "violations__breeding": 0.01}, -1),
    ],
)
def test_a_value_moves_with_what_produces_it(name, value, fixed, sign):
    usual, changed = found(name).values[value].estimate, found(name, **fixed).values[value].estimate
    assert sign * (changed - usual) > 0.05 * abs(usual)


def test_the_verified_recommitment_fails_where_agreements_do_not_matter():
    assert "verified_weeks" not in found("F4").missed
    assert {"verified_weeks", "best_cut"} <= set(found("F4", theories__agreements_matter=0.0).missed)


def weeks_of(fire=None, dead=None, orders=(), war=(), status=None, length=200):
    """A made-up record: what was shot, who died, when orders to stop went out, when limited war was fought."""
    calm = np.full(length, 0.5)
    calm[list(orders)] = 1.0
    fought = np.zeros(length)
    fought[list(war)] = 1.0
    columns = {
        "violations_russia": np.full(length, 100.0) if fire is None else fire,
        "violations_ukraine": np.zeros(length),
        "deaths": np.full(length, 4.0) if dead is None else dead,
        "calm": calm,
        "war_weeks": np.cumsum(fought),
        "status": np.full(length, float(Status.STRAINED)) if status is None else status,
    }
    return {"line": {name: column[:, None] for name, column in columns.items()}}


def measured(monkeypatch, *records):
    monkeypatch.setattr(donbas, "traces", lambda *_: ((0, weeks) for weeks in records))
    return donbas.measure_noise(ENGINE, POINT, len(records))


def test_the_profile_is_relative_to_six_weeks_and_cut_at_the_next_recommitment(monkeypatch):
    dead = np.full(200, 4.0)
    dead[61:65] = 2.0, 2.4, 3.2, 4.0
    dead[65:67] = 1.0, 1.0
    noise = measured(monkeypatch, weeks_of(dead=dead, orders=[60, 64]))
    before = (4.0, dead[59:65].mean())
    profile = noise.profile[0]
    assert profile[0] == pytest.approx((2.0 + 1.0) / sum(before))
    assert profile[2] == pytest.approx((3.2 + 4.0) / sum(before))
    assert profile[4:] == pytest.approx(4.0 / before[1])  # the first was over by then
    assert noise.recommitments[0] == pytest.approx(2.0 / ((200 - donbas.FIRST) / YEAR))


def test_recommitments_before_september_2015_are_not_in_the_profile(monkeypatch):
    dead = np.full(200, 4.0)
    dead[21:30] = 0.0
    assert measured(monkeypatch, weeks_of(dead=dead, orders=[20])).profile[0].tolist() == [1.0] * donbas.AFTER


def test_a_war_is_left_out_to_its_last_week_and_ends_what_is_followed(monkeypatch):
    dead, fire = np.full(200, 4.0), np.full(200, 100.0)
    dead[100:103], fire[100:103] = 500.0, 9000.0
    status = np.full(200, float(Status.STRAINED))
    status[100:102] = float(Status.LIMITED_WAR)  # it ends with week 102, whose status is another
    noise = measured(monkeypatch, weeks_of(fire, dead, [97, 102, 104], [100, 101, 102], status))
    assert noise.dead[0] == pytest.approx(4.0)
    assert noise.violations[0] == pytest.approx(100.0)
    assert noise.scatter[0] == pytest.approx(0.0)
    assert noise.profile[0].tolist() == [1.0] * donbas.AFTER
    assert noise.recommitments[0] * (200 - donbas.FIRST - 3) / YEAR == pytest.approx(2.0)


def test_scatter_is_that_of_weeks_and_not_of_runs(monkeypatch):
    calm, wild = weeks_of(np.full(200, 100.0)), weeks_of(np.full(200, 900.0))
    assert measured(monkeypatch, calm, wild).scatter[0] == pytest.approx(0.0)
    uneven = np.tile([50.0, 150.0], 100)
    assert measured(monkeypatch, weeks_of(uneven), weeks_of(uneven)).scatter[0] == pytest.approx(2500.0 / 100.0)


def test_every_week_of_war_in_a_run_is_known():
    for run in range(40):
        weeks = ENGINE.trace(donbas.backcast(), 5, run)
        ended = weeks["line"]["status"][-1, 0] == Status.RENEWED_WAR
        assert donbas.read_weeks(weeks)[3].sum() == weeks["line"]["war_weeks"][-1, 0] + ended


def test_weeks_below_a_level():
    curves = np.array([[0.1, 0.5, 0.9, 1.0], [0.1, 0.95, 0.2, 0.3], [1.0, 1.0, 1.0, 1.0]])
    assert donbas.weeks_below(curves, 0.9, 2).tolist() == [2.0, 4.0, 0.0]
    assert donbas.weeks_below(curves, 0.9, 1).tolist() == [2.0, 1.0, 0.0]


@pytest.mark.parametrize("backcast", [minsk, karabakh])
def test_a_backcast_says_when_war_comes_and_whether_that_is_what_happened(backcast):
    sets = ParameterSets.prior(4, seed=3)
    once, again = backcast(ENGINE, sets, TINY), backcast(ENGINE, sets, TINY)
    assert repr(once) == repr(again)
    first, last = (once.values[f"date_{share}_percent"].estimate for share in (5, 95))
    assert first <= last
    assert once.inside == (first <= once.month <= last)
    assert len(once.curve) == len(once.low) == len(once.high) == len(MONTHS)
    assert once.curve[0] <= 1.0
    assert np.all(np.diff(once.curve) <= 1e-12)
    for low, middle, high in zip(once.low, once.curve, once.high, strict=True):
        assert 0.0 <= low <= high <= 1.0
        assert 0.0 <= middle <= 1.0
    by_ten_years = once.values["war_by_ten_years"].estimate
    assert by_ten_years >= once.values[f"war_by_month_{once.month:.0f}"].estimate
    assert all(not math.isnan(number) for value in once.values.values() for number in value)


def test_a_backcast_fails_where_war_pays_at_once_or_never():
    at_once = settled(russia__renewed_cost=-50.0)
    never = settled(russia__renewed_cost=1000.0, russia__limited_cost=1000.0)
    assert not minsk(ENGINE, at_once, TINY).inside
    assert not minsk(ENGINE, never, TINY).inside
    assert minsk(ENGINE, never, TINY).values["war_by_ten_years"].estimate == 0.0


def test_the_planted_histories_have_the_outcomes_of_the_model():
    assert set(history()) <= set(OUTCOMES)


@pytest.mark.parametrize("cost", [-50.0, 2.0, 1000.0])
def test_the_figure_says_what_came_in_range_and_writes_inside_the_sheet(cost):
    found = [each(ENGINE, settled(russia__renewed_cost=cost), TINY) for each in (minsk, karabakh)]
    with style.styled():
        figure = backcasts(found, "Test.")
        FigureCanvasAgg(figure).draw()
        boxes = [text.get_window_extent() for axes in figure.axes for text in (*axes.texts, axes.title)]
        boxes += [text.get_window_extent() for text in figure.texts]
    width, height = figure.get_size_inches() * figure.dpi
    assert all(box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height for box in boxes)
    title = figure.texts[0].get_text()
    assert all((each.name in title) == each.inside for each in found)
