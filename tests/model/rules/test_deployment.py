"""The force in the field: it builds up, is worth what it is, and goes home."""

import itertools

import pytest
from playing import LEVERS, after, parameters, state, watch

from model.rules.deployment import exposed, worth
from model.terms import Status

IMPOSED = LEVERS | {"force.deployment": "imposed"}


def test_nobody_is_there_in_the_first_weeks_and_the_build_up_takes_months():
    troops = watch(IMPOSED | {"weeks": 80}, lambda here: (here.force.troops, here.line.status), 80)
    there = [number for number, status in troops if status != Status.LIMITED_WAR]
    assert there[:2] == [0.0, 0.0]
    rise = [number for number in there if number > 0.0]
    steps = [late - early for early, late in itertools.pairwise(rise) if late > early]
    assert len(steps) >= parameters().force.arriving_weeks - 2
    assert max(steps) < 0.2 * max(rise)


def test_contingents_leave_faster_than_they_come():
    here = after(IMPOSED, 60)
    france, p = state(here, "FRA"), here.parameters
    assert france.deployed == pytest.approx(france.pledged)
    full, france.pledged = france.deployed, 0.0
    weeks = 0
    while france.deployed > 0.0:
        france.move_troops(here.force, here.line, p)
        weeks += 1
    assert 1 < weeks <= p.force.leaving_weeks + 1 < p.force.arriving_weeks
    france.pledged = full
    here.line.status = float(Status.LIMITED_WAR)
    france.move_troops(here.force, here.line, p)
    assert france.deployed == 0.0  # nobody arrives in a limited war


def test_weight_enablers_and_rest_make_a_soldier_worth_more():
    here = after(IMPOSED, 30)
    here.us.enablers, here.force.fatigue, here.europe.capability = 1.0, 0.0, 1.0
    heavy, light = (
        worth(here.force, here.us, here.europe, parameters(force__weight=kind)) for kind in ("heavy", "light")
    )
    assert heavy == parameters().force.worth_heavy > light == parameters().force.worth_light
    here.us.enablers = 0.0
    assert worth(here.force, here.us, here.europe, parameters()) == pytest.approx(
        heavy * parameters().force.worth_without_us
    )
    here.us.enablers, here.force.fatigue = 1.0, 1.0
    assert worth(here.force, here.us, here.europe, parameters()) < heavy


def test_the_line_exposes_all_and_cities_fewest():
    here = after(IMPOSED, 30)
    here.force.troops = 10_000.0
    line, reserve, cities = (
        exposed(here.force, parameters(force__place=place)) for place in ("line", "reserve", "cities")
    )
    assert line == 10_000.0 > reserve > cities > 0.0


def test_money_and_time_are_counted():
    here = after(IMPOSED, 60)
    before = here.force.cost, here.force.troop_weeks
    here.force.take_stock(here.us, here.europe, here.line, here.parameters)
    p = here.parameters
    yearly = here.force.troops * p.force.cost * p.force.cost_heavy / 1e6
    assert here.force.cost - before[0] == pytest.approx(yearly / p.calendar.weeks_per_year)
    assert here.force.troop_weeks - before[1] == here.force.troops


def test_a_force_crumbles_once_when_it_falls_below_half_of_its_own_peak():
    here = after(IMPOSED, 60)
    force, p = here.force, here.parameters
    assert (force.crumbled, force.troops) == (-1.0, force.peak)
    found = []
    for share in (0.6, 0.4, 0.9, 0.3):
        force.troops = share * force.peak
        here.line.week += 1.0
        force.take_stock(here.us, here.europe, here.line, p)
        found.append(force.crumbled)
    assert found == [-1.0, here.line.week - 2.0, here.line.week - 2.0, here.line.week - 2.0]


def test_a_mandate_that_is_not_renewed_counts_as_a_lapse():
    here = after(LEVERS | {"force.mandate": 0.5}, 30)
    force, council = here.force, here.luck.week(30).council
    force.authorised, force.mandate_end, force.lapses = 1.0, 0.0, 0.0
    force.authorise(here.institutions, here.line, here.parameters, council._replace(renewal=1.0))
    assert (force.authorised, force.lapses) == (0.0, 1.0)
    force.authorised, force.mandate_end = 1.0, 0.0
    force.authorise(here.institutions, here.line, here.parameters, council._replace(renewal=0.0))
    assert (force.authorised, force.lapses) == (1.0, 1.0)
