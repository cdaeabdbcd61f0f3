"""Strained, holding, consolidated, ended: when each begins."""

import pytest
from playing import after, luck

from model.rules.ceasefire import begin_war, dig_in, recommit, strain, take_temperature
from model.terms import Act, Breaker, Status


def quiet_week(here, recommitted=1.0):
    here.line.violations_russia = here.line.violations_ukraine = here.line.deaths = 0.0
    take_temperature(here.line, here.russia, here.ukraine, here.parameters, luck("line", recommit=recommitted, end=1.0))


def test_quiet_restores_and_then_consolidates():
    here = after({}, 2)
    c = here.parameters.ceasefire
    strain(here.line)
    here.line.status = float(Status.STRAINED)
    seen = []
    for _ in range(int(c.consolidation)):
        quiet_week(here)
        seen.append(here.line.status)
    restoration = int(c.restoration)
    assert set(seen[: restoration - 1]) == {Status.STRAINED}
    assert set(seen[restoration - 1 : -1]) == {Status.HOLDING}
    assert seen[-1] == Status.CONSOLIDATED
    assert here.line.consolidated_week == here.line.week


@pytest.mark.parametrize(
    ("cause", "limit"), [("violations_russia", "strained_violations"), ("deaths", "strained_deaths")]
)
def test_many_violations_or_many_dead_strain_it_and_end_the_quiet(cause, limit):
    for times, status in ((0.99, Status.CONSOLIDATED), (1.0, Status.STRAINED)):
        here = after({}, 2)
        here.line.violations_russia = here.line.violations_ukraine = here.line.deaths = 0.0
        here.line.status, here.line.quiet_weeks = float(Status.CONSOLIDATED), 100.0
        setattr(here.line, cause, times * getattr(here.parameters.ceasefire, limit))
        take_temperature(here.line, here.russia, here.ukraine, here.parameters, luck("line", recommit=1.0))
        assert here.line.status == status
        assert (here.line.quiet_weeks == 0.0) == (status == Status.STRAINED)


def test_the_first_end_is_kept_with_its_author_and_a_renewed_war_has_its_own_date():
    here = after({}, 10)
    here.line.collapse, wars = 0.0, here.line.limited_wars
    begin_war(here.line, Status.LIMITED_WAR, Breaker.UKRAINE)
    first = here.line.week
    here.line.week = first + 5.0
    begin_war(here.line, Status.RENEWED_WAR, Breaker.RUSSIA)
    assert (here.line.collapse, here.line.collapse_week) == (1.0, first)
    assert here.line.broken_by == Breaker.UKRAINE
    assert here.line.renewed_week == first + 5.0
    assert here.line.limited_wars == wars + 1.0


def test_a_limited_war_ends_in_a_new_and_strained_ceasefire():
    here = after({}, 10)
    for end, status in ((0.999, Status.LIMITED_WAR), (0.0, Status.STRAINED)):
        here.line.status, here.line.calm = float(Status.LIMITED_WAR), 0.1
        take_temperature(here.line, here.russia, here.ukraine, here.parameters, luck("line", end=end))
        assert here.line.status == status
        assert (here.line.calm == 1.0) == (status == Status.STRAINED)


def test_nobody_recommits_while_a_side_is_probing():
    here = after({}, 10)
    for act in (Act.PROBE, Act.COMPLY):
        here.line.calm, here.line.status = 0.2, float(Status.STRAINED)
        here.line.quiet_weeks = 0.0
        here.russia.act = float(act)
        quiet_week(here, recommitted=0.0)
        assert (here.line.calm == 1.0) == (act == Act.COMPLY)


def test_recommitting_cuts_excitation_and_digging_in_takes_years():
    here = after({}, 10)
    p = here.parameters
    here.line.excitation = 1000.0
    recommit(here.line, p)
    assert here.line.excitation == pytest.approx(1000.0 * p.ceasefire.recommitment_keeps)
    here.line.fortification = 0.0
    for _ in range(int(p.ceasefire.digging)):
        dig_in(here.line, p)
    assert here.line.fortification == pytest.approx(0.5)
    here.line.status = float(Status.LIMITED_WAR)
    dig_in(here.line, p)
    assert here.line.fortification == pytest.approx(0.5 * p.ceasefire.overrun)
