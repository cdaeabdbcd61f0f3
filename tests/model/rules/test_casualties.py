"""The dead: shared as said, never more than are there, mourned by those who sent them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import LEVERS, after, luck, parameters

from model.rules.casualties import bleed, bury, bury_force, mourn
from model.terms import Status


@given(mean=st.floats(0.0, 1e5), share=st.floats(0.0, 1.0), u=st.floats(0.001, 0.999))
def test_the_dead_of_a_fight_are_shared_and_missing_from_the_armies(mean, share, u):
    here = after({}, 1)
    p = here.parameters
    before = here.russia.dead, here.ukraine.dead, here.russia.strength, here.ukraine.strength
    here.line.deaths = 0.0
    bury(here.line, here.russia, here.ukraine, mean, share, u, p)
    fallen = here.russia.dead - before[0], here.ukraine.dead - before[1]
    assert sum(fallen) == pytest.approx(here.line.deaths)
    assert fallen[0] == pytest.approx(share * here.line.deaths)
    for dead, strength, now in zip(fallen, before[2:], (here.russia.strength, here.ukraine.strength), strict=True):
        lost = dead * (1.0 + p.casualties.wounded) / 1000.0
        assert now == pytest.approx(max(0.0, strength - lost))


@given(troops=st.floats(0.0, 1e5), mean=st.floats(0.0, 1e6), u=st.floats(0.001, 0.999))
def test_a_force_never_loses_more_than_it_has(troops, mean, u):
    here = after(LEVERS, 1)
    here.force.troops, here.force.dead = troops, 0.0
    bury_force(here.force, mean, u, here.parameters)
    assert 0.0 <= here.force.dead <= troops


def test_contributors_mourn_by_the_troops_that_they_have_there():
    here = after(LEVERS, 40)
    for each, deployed in zip(here.states, (300.0, 100.0, 0.0, 0.0, 0.0, 0.0, 0.0), strict=True):
        each.deployed, each.dead = deployed, 0.0
    here.force.troops, here.force.dead, here.force.mourned = 400.0, 48.0, 8.0
    for each in here.states:
        mourn(each, here.force)
    assert [each.dead for each in here.states] == pytest.approx([30.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0])


def test_denser_fire_kills_more_for_each_violation():
    here = after({}, 5)
    p = parameters(casualties__lethality=0.01)

    def killed(violations):
        here.line.deaths, here.line.status = 0.0, float(Status.HOLDING)
        here.line.violations_russia, here.line.violations_ukraine = 0.75 * violations, 0.25 * violations
        before = here.russia.dead, here.ukraine.dead
        bleed(here.line, here.russia, here.ukraine, p, luck("line"))
        lost = here.russia.dead - before[0], here.ukraine.dead - before[1]
        assert lost[1] == pytest.approx(3.0 * lost[0])  # each side dies of the other's fire
        return here.line.deaths

    thousand = killed(1_000.0)
    assert thousand == pytest.approx(0.01 * 1_000.0 * (1.0 + 1_000.0 / p.casualties.heavy), abs=1.0)
    assert killed(10_000.0) > 15.0 * thousand
