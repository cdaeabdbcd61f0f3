"""Elites: consensus breaks as support falls, elections bring governments that lean where publics do."""

from statistics import fmean

import pytest
from playing import LEVERS, after, luck, state

from model.rules.politics import come_home, elect, quarrel
from model.terms import Deployment

GRID = [(2 * number + 1) / 1000 for number in range(500)]


def france_of(**changed):
    here = after(LEVERS, 20)
    france = state(here, "FRA")
    for name, number in changed.items():
        setattr(france, name, number)
    return here, france


def share(rule, before, support):
    """Share of an even grid of (small) luck after which the consensus is not what it was."""
    here, france = france_of(support=support)
    changed = []
    for u in GRID:
        france.consensus = before
        rule(france, here.parameters, luck("state", consensus=u / 10.0))
        changed.append(france.consensus != before)
    return fmean(changed)


def test_consensus_breaks_sooner_below_half_and_heals_sooner_above():
    breaks = [share(quarrel, 1.0, support) for support in (35.0, 50.0, 65.0)]
    heals = [share(quarrel, 0.0, support) for support in (35.0, 50.0, 65.0)]
    assert breaks == sorted(set(breaks), reverse=True)
    assert heals == sorted(set(heals))


def test_a_new_government_leans_where_the_public_does():
    leans = []
    for support in (20.0, 50.0, 80.0):
        here, france = france_of(support=support, government=0.0)
        here.line.week = france.next_election
        elect(france, here.line, here.parameters, luck("state"))
        leans.append(france.government)
        assert france.next_election == here.line.week + france.term_weeks
    assert leans == sorted(set(leans))
    assert leans[1] == pytest.approx(0.0, abs=1e-9)
    here, france = france_of(support=80.0, government=-1.0)
    elect(france, here.line, here.parameters, luck("state"))
    assert france.government == -1.0  # not due yet


def leaves(deployment="endogenous", **changed):
    here, france = france_of(**changed)
    p = here.parameters
    if deployment == "imposed":
        p = after(LEVERS | {"force.deployment": "imposed"}, 1).parameters
        assert p.force.deployment == Deployment.IMPOSED
    gone = []
    for u in GRID:
        france.contributing = 1.0
        come_home(france, here.force, p, luck("state", leave=u / 20.0))
        gone.append(1.0 - france.contributing)
    return fmean(gone)


def test_contingents_come_home_for_political_reasons():
    calm = {"consensus": 1.0, "government": 1.0}
    assert leaves(support=20.0, **calm) > leaves(support=60.0, **calm)
    assert leaves(support=50.0, consensus=0.0, government=1.0) > 2.0 * leaves(support=50.0, **calm)
    assert leaves(support=50.0, consensus=1.0, government=-1.0) > 2.0 * leaves(support=50.0, **calm)
    assert leaves("imposed", support=0.0, consensus=0.0, government=-1.0) == 0.0


def test_who_has_left_does_not_come_back_soon_and_is_counted():
    here, france = france_of(contributing=1.0, consensus=0.0, support=10.0, pledged=500.0, taste=1.0)
    before = here.force.withdrawals, here.force.withdrawals_consensus
    come_home(france, here.force, here.parameters, luck("state", leave=0.0))
    assert (france.contributing, france.pledged) == (0.0, 0.0)
    assert france.taste == here.parameters.politics.once_bitten
    assert (here.force.withdrawals, here.force.withdrawals_consensus) == (before[0] + 1.0, before[1] + 1.0)
