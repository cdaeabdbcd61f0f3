"""The table: a compromise between the voices, and unity of words and deeds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import after

from model.rules.summit import add_up, bargain, stand_behind, take_position


@given(st.lists(st.floats(0.0, 1.0), min_size=7, max_size=7))
def test_the_compromise_lies_between_the_voices(positions):
    here = after({}, 1)
    for each, position in zip(here.states, positions, strict=True):
        each.position = position
    bargain(here.europe, here.states, here.parameters)
    assert min(positions) - 1e-12 <= here.europe.position <= max(positions) + 1e-12
    assert 0.0 <= here.europe.agreement <= 1.0
    assert 0.0 <= here.europe.unity <= 1.0


def test_one_voice_agrees_with_itself():
    here = after({}, 1)
    for each in here.states:
        each.position = 0.4
    bargain(here.europe, here.states, here.parameters)
    assert here.europe.agreement == pytest.approx(1.0)


def test_deeds_count_beside_words_but_not_deeds_that_were_imposed():
    for deployment in ("endogenous", "imposed"):
        here = after({"force.deployment": deployment}, 1)
        france = here.states[1]
        france.consensus, france.government = 1.0, 0.0
        backing = []
        for contributing in (0.0, 1.0):
            france.contributing = contributing
            backing.append(stand_behind(france, here.parameters))
        assert (backing[1] > backing[0]) == (deployment == "endogenous")
        france.consensus = 0.0
        assert stand_behind(france, here.parameters) < backing[1]


def test_envoys_pull_back_to_the_atlantic():
    here = after({}, 1)
    britain = here.states[0]
    positions = []
    for envoy in (0.0, 0.1):
        here.us.envoy = envoy
        take_position(britain, here.us, here.parameters)
        positions.append(britain.position)
    assert positions[1] < positions[0]


def test_sums_are_sums():
    here = after({"force.size": 30_000, "force.deployment": "imposed"}, 60)
    add_up(here.europe, here.states, here.force, here.parameters)
    gdp = sum(each.gdp for each in here.states)
    assert here.europe.defence == pytest.approx(sum(each.defence * each.gdp for each in here.states) / gdp)
    assert here.europe.aid == pytest.approx(sum(each.aid for each in here.states))
    assert here.europe.support == pytest.approx(sum(each.support * each.gdp for each in here.states) / gdp)
    assert here.europe.union_gdp == pytest.approx(sum(each.gdp for each in here.states if each.eu == 1.0))
    assert here.europe.effort > here.europe.defence
