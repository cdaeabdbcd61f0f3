"""Budgets: a share of the gap each year, pledges, goals, and the patterns of the data."""

from statistics import fmean

import pytest
from playing import after, parameters, play, state, watch

from model.rules.spending import aid, budget, desired_share


def test_a_budget_closes_a_share_of_the_gap_once_a_year():
    here = after({}, 10)
    france, p = state(here, "FRA"), here.parameters
    france.next_budget, france.pledge, france.hardship = here.line.week, 0.0, 0.0
    before = france.defence
    target = desired_share(france, here.us, here.europe, p) + france.culture
    budget(france, here.us, here.europe, here.line, p)
    assert france.defence - before == pytest.approx(p.spending.adjustment * (target - before))
    passed = france.defence
    budget(france, here.us, here.europe, here.line, p)
    assert france.defence == passed  # not due


@pytest.mark.parametrize(("name", "effect"), [("pledge", "pledge_effect"), ("goal", "compliance")])
def test_pledges_and_goals_pull_up_and_never_down(name, effect):
    def passed(aim):
        here = after({}, 10)
        france = state(here, "FRA")
        france.next_budget = here.line.week
        france.pledge = aim if name == "pledge" else 0.0
        p = parameters(spending__goal=aim if name == "goal" else 0.0)
        budget(france, here.us, here.europe, here.line, p)
        return france.defence, getattr(p.spending, effect) * p.spending.adjustment

    assert passed(0.0)[0] == passed(0.5)[0]
    high, share = passed(8.0)
    higher, _ = passed(9.0)
    assert higher - high == pytest.approx(share)


def test_europe_replaces_most_of_the_american_aid_that_is_lost():
    """Pattern F10: 0.5 to 0.9 of what is lost, at the level of 2024."""
    here = after({"roster": "europe"}, 1)
    full = parameters(ukraine__us_aid=parameters().ukraine.us_aid_before)
    none = parameters(ukraine__us_aid=0.0)
    given = [sum(aid(each, here.us, p) for each in here.states) for p in (full, none)]
    assert 0.5 <= (given[1] - given[0]) / full.ukraine.us_aid <= 0.9


def test_the_burden_of_aid_is_concentrated():
    """Pattern F9: the top five give about two thirds."""
    here = after({"roster": "europe"}, 1)
    given = sorted((each.aid for each in here.states), reverse=True)
    assert 0.5 < sum(given[:5]) / sum(given) < 0.8


def test_spending_falls_with_distance_and_rises_gradually():
    """Patterns F5 and F6."""
    runs = play({"roster": "europe", "guarantee.form": "backstop", "force.size": 150_000, "weeks": 104}, 3)
    near, far = [], []
    for run in runs:
        near += [each.defence for each in run.world.states if each.distance < 500.0]
        far += [each.defence for each in run.world.states if each.distance > 1200.0]
    assert fmean(near) > fmean(far) + 0.3
    paths = watch({"weeks": 260}, lambda here: [each.defence for each in here.states], 260)
    yearly = [
        abs(now - before)
        for early, late in zip(paths, paths[52:], strict=False)
        for before, now in zip(early, late, strict=True)
    ]
    assert sum(step < 1.0 for step in yearly) > 0.9 * len(yearly)
