"""Menace: jumps with attacks, follows Russian strength, and is felt near Russia."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import after, parameters

from model.rules.threat import loom, nearness, perceive
from model.terms import Act


@given(st.floats(0.0, 1.0), st.floats(0.0, 5000.0), st.floats(1.0, 3000.0))
def test_threat_falls_with_distance_and_never_below_what_all_feel(menace, near, further):
    here = after({}, 1)
    one, other = here.states[0], here.states[1]
    here.line.menace, one.distance, other.distance = menace, near, near + further
    p = here.parameters
    for each in (one, other):
        each.nearness = nearness(each, p)
        perceive(each, here.line)
    close, distant = one.threat, other.threat
    assert p.threat.common * menace <= distant <= close <= menace
    assert close > distant or menace < 1e-9


def test_an_attack_alarms_more_than_a_probe_and_the_alarm_fades():
    alarms = []
    for act in (Act.COMPLY, Act.PROBE, Act.LIMITED):
        here = after({}, 1)
        here.line.alarm, here.russia.act = 0.0, float(act)
        loom(here.line, here.russia, here.parameters)
        alarms.append(here.line.alarm)
    assert alarms == [0.0, here.parameters.threat.alarm_probe, 1.0]


def test_menace_settles_where_strength_and_alarm_put_it():
    here = after({}, 1)
    p = parameters()
    settled = []
    for share in (0.4, 1.0):
        here.russia.act, here.russia.strength = float(Act.COMPLY), share * p.russia.strength_full
        for _ in range(3000):
            loom(here.line, here.russia, p)
        settled.append(here.line.menace)
    assert settled == pytest.approx([p.threat.strength_weight * share for share in (0.4, 1.0)])


def test_opinion_is_told_of_the_change():
    here = after({}, 1)
    france = here.states[1]
    before = france.threat
    here.line.menace = min(1.0, here.line.menace + 0.2)
    perceive(france, here.line)
    assert 0.0 < france.threat_change == pytest.approx(france.threat - before)
