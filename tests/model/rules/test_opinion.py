"""Publics: they come back to where they were, rally with their elites, and ask for less of what they got."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import LEVERS, after, luck, parameters, state

from model.rules.opinion import feel_economy, sway, sway_on_defence


def france_of(settings=LEVERS, weeks=30):
    here = after(settings, weeks)
    france = state(here, "FRA")
    france.hardship = france.threat_change = france.fatigue = france.rally = 0.0
    france.dead = france.mourned = 0.0
    here.force.attacked = 0.0
    return here, france


@given(st.floats(0.0, 100.0))
def test_support_reverts_to_its_home_level(start):
    here, france = france_of(weeks=1)
    france.leaning = start
    gaps = []
    for _ in range(100):
        sway(france, here.force, here.parameters, luck("state"))
        gaps.append(abs(france.leaning - france.home_support))
    assert gaps[-1] <= 0.3 * abs(start - france.home_support) + 1e-9
    assert gaps == sorted(gaps, reverse=True)


def test_a_treaty_lifts_support_by_what_was_measured():
    """Pattern F14: 20 to 35 points (Tomz, Weeks & Bansak 2023)."""
    settled = []
    for commitment in ("declaration", "treaty"):
        here, france = france_of(weeks=1)
        p = parameters(force__commitment=commitment)
        for _ in range(1000):
            sway(france, here.force, p, luck("state"))
        settled.append(france.support)
    assert 20.0 <= settled[1] - settled[0] <= 35.0


@pytest.mark.parametrize(
    ("consensus", "contributing", "rallies"), [(1.0, 1.0, True), (0.0, 1.0, False), (1.0, 0.0, False)]
)
def test_a_rally_needs_fire_troops_and_elites_who_agree(consensus, contributing, rallies):
    here, france = france_of()
    france.consensus, france.contributing, here.force.attacked = consensus, contributing, 1.0
    sway(france, here.force, here.parameters, luck("state"))
    assert france.rally == (here.parameters.opinion.rally if rallies else 0.0)
    assert france.support == pytest.approx(france.leaning + france.rally)


def test_threat_raises_and_hardship_and_fatigue_lower_support():
    here, france = france_of()

    def moved(**changed):
        france.leaning = france.home_support
        for name, number in changed.items():
            setattr(france, name, number)
        sway(france, here.force, here.parameters, luck("state"))
        for name in changed:
            setattr(france, name, 0.0)
        return france.leaning - france.home_support

    assert moved(threat_change=0.1) == pytest.approx(0.1 * here.parameters.opinion.threat_effect)
    assert moved(hardship=2.0) < 0.0
    assert moved(fatigue=1.0) < 0.0
    assert moved() == pytest.approx(0.0, abs=1e-12)


def test_the_thermostat_cools_when_spending_rises():
    here, france = france_of()
    settled = []
    for more in (0.0, 1.0):
        france.defence = france.defence_first + more
        for _ in range(1000):
            sway_on_defence(france, here.parameters, luck("state"))
        settled.append(france.defence_support)
    assert settled[0] - settled[1] == pytest.approx(here.parameters.opinion.thermostat, rel=1e-3)


def test_hardship_is_standardised():
    here, france = france_of(weeks=1)
    spells = []
    for week in range(4000):
        feel_economy(france, here.parameters, here.luck.week(week).states[1])
        spells.append(france.hardship)
    mean = sum(spells) / len(spells)
    assert sum((spell - mean) ** 2 for spell in spells) / len(spells) == pytest.approx(1.0, abs=0.35)
