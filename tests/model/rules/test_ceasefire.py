"""Strained, holding, consolidated, ended: when each begins; and trust, which is built in quiet and lost in deed."""

import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import after, luck, parameters

from model.rules.ceasefire import begin_war, build_trust, dig_in, recommit, strain, take_temperature
from model.rules.violations import strength_of_agreement
from model.terms import Act, Breaker, Status


def quiet_week(here, recommitted=1.0):
    here.line.violations_russia = here.line.violations_ukraine = here.line.deaths = 0.0
    take_temperature(here.line, here.parameters, luck("line", recommit=recommitted, end=1.0))


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
        take_temperature(here.line, here.parameters, luck("line", recommit=1.0))
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
        take_temperature(here.line, here.parameters, luck("line", end=end))
        assert here.line.status == status
        assert (here.line.calm == 1.0) == (status == Status.STRAINED)


def recommitted(here, status, u):
    """Whether a line of a status is recommitted in a quiet week, whoever probes."""
    here.line.calm, here.line.status, here.line.quiet_weeks = 0.2, float(status), 0.0
    quiet_week(here, recommitted=u)
    return here.line.calm == 1.0


@pytest.mark.parametrize("act", [Act.COMPLY, Act.PROBE])
def test_a_strained_line_is_recommitted_at_a_hazard_that_no_probe_stops(act):
    here = after({}, 10)
    here.russia.act = here.ukraine.act = float(act)
    c = here.parameters.ceasefire
    hazard = c.recommitment * math.exp(c.recommitment_agreement * strength_of_agreement(here.parameters))
    chance = -math.expm1(-hazard)
    assert recommitted(here, Status.STRAINED, 0.999 * chance)
    assert not recommitted(here, Status.STRAINED, 1.001 * chance)
    assert not recommitted(here, Status.HOLDING, 0.0) or c.restoration <= 1.0


def test_strong_agreements_are_recommitted_sooner():
    chances = []
    for verification in (0.0, 0.5, 1.0):
        p = parameters(agreement__verification=verification)
        chances.append(p.ceasefire.recommitment_agreement * strength_of_agreement(p))
    assert chances == sorted(set(chances))


def test_the_first_deadly_week_after_consolidation_is_kept():
    here = after({}, 10)
    line, limit = here.line, here.parameters.ceasefire.strained_deaths
    line.fatal_week, line.consolidated_week = -1.0, -1.0

    def week(number, deaths):
        line.week, line.status, line.deaths = number, float(Status.HOLDING), deaths
        line.violations_russia = line.violations_ukraine = 0.0
        take_temperature(line, here.parameters, luck("line", recommit=1.0))
        return line.fatal_week

    assert week(10.0, limit) == -1.0  # no consolidation yet
    line.consolidated_week = 40.0
    assert week(50.0, 0.99 * limit) == -1.0
    assert week(60.0, limit) == 60.0
    assert week(70.0, 2.0 * limit) == 60.0  # the first is kept
    here.line.collapse_week = here.line.renewed_week = -1.0
    outcomes = here.outcomes()
    assert (outcomes["fatal_incident"], outcomes["weeks_to_fatal_incident"]) == (1.0, 60.0)


COMPLIES, PROBES, ATTACKS = Act.COMPLY, Act.PROBE, Act.LIMITED
CALM = (Status.HOLDING, Status.CONSOLIDATED)


def trusted(trust, russia, ukraine, status, p, weeks=1):
    """Trust after some weeks of the same."""
    line = SimpleNamespace(trust=trust, status=float(status))
    for _ in range(weeks):
        build_trust(line, SimpleNamespace(act=float(russia)), SimpleNamespace(act=float(ukraine)), p)
    return line.trust


@given(
    trust=st.floats(0.0, 1.0),
    russia=st.sampled_from(Act),
    ukraine=st.sampled_from(Act),
    status=st.sampled_from(Status),
    built=st.floats(26.0, 260.0),
    lost=st.floats(2.0, 104.0),
)
def test_trust_rises_while_both_comply_falls_under_strain_and_waits_while_one_probes(
    trust, russia, ukraine, status, built, lost
):
    p = parameters(ceasefire__trust_built=built, ceasefire__trust_lost=lost)
    after_week = trusted(trust, russia, ukraine, status, p)
    assert 0.0 <= after_week <= 1.0
    if status not in CALM:  # strained, or at war
        assert after_week < trust or after_week == trust < 1e-300
    elif russia == ukraine == Act.COMPLY:
        assert after_week > trust or after_week == trust > 0.999
    else:  # below what strains a ceasefire, a probe is ambiguous
        assert after_week == trust


@pytest.mark.parametrize(("russia", "ukraine"), [(PROBES, COMPLIES), (COMPLIES, PROBES), (ATTACKS, COMPLIES)])
def test_trust_is_built_and_lost_by_half_lives_whoever_is_hostile(russia, ukraine):
    p = parameters(ceasefire__trust_built=80.0, ceasefire__trust_lost=13.0)
    assert trusted(0.0, COMPLIES, COMPLIES, Status.HOLDING, p, 80) == pytest.approx(0.5)
    for acts in ((COMPLIES, COMPLIES), (russia, ukraine)):
        assert trusted(0.8, *acts, Status.STRAINED, p, 13) == pytest.approx(0.4)
        assert trusted(0.8, *acts, Status.LIMITED_WAR, p, 13) == pytest.approx(0.4)
    assert trusted(0.8, russia, ukraine, Status.CONSOLIDATED, p, 13) == 0.8


def test_a_repelled_attack_takes_trust_since_it_strains():
    here = after({}, 10)
    here.line.trust, here.line.status = 0.5, float(Status.HOLDING)
    strain(here.line)
    here.russia.act = float(ATTACKS)
    build_trust(here.line, here.russia, here.ukraine, here.parameters)
    assert here.line.trust < 0.5


def test_trust_starts_at_nothing_and_makes_the_settlement_worth_keeping():
    assert after({}, 0).line.trust == 0.0
    here = after({}, 20)
    chances = []
    for trust in (0.0, 1.0):
        here.line.trust = trust
        here.russia.weigh(here.ukraine, here.us, here.force, here.europe, here.line, here.institutions, here.parameters)
        here.ukraine.dare(here.line, here.parameters, luck("ukraine", review=1.0))
        here.russia.choose(here.line, here.parameters, luck("russia", review=1.0))
        russia, ukraine = here.russia, here.ukraine
        chances.append((russia.probe_chance, russia.limited_chance, ukraine.probe_chance, ukraine.limited_chance))
    assert all(without > with_trust for without, with_trust in zip(*chances, strict=True))


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
