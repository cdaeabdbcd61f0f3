"""Probes and attacks: who may fight, what is learnt, how it spreads."""

import itertools

import pytest
from playing import LEVERS, after, luck, parameters

from model.rules.crisis import answer_chance, engages, help_share, spin_out, wider_chance
from model.terms import Act, Breaker, Status

IMPOSED = LEVERS | {"force.deployment": "imposed"}


def test_nobody_fights_who_is_not_there_or_is_told_to_leave():
    here = after(IMPOSED, 40)
    ways = itertools.product((Act.LIMITED, Act.RENEWED), ("line", "reserve", "cities"))
    for act, place in ways:
        p = parameters(force__doctrine="withdraw", force__place=place)
        assert not engages(here.force, act, True, True, 0.0, p)
    here.force.troops = 0.0
    assert not engages(here.force, Act.RENEWED, True, True, 0.0, parameters(force__place="line"))


def test_all_others_defend_themselves_and_only_fighters_go_to_help():
    here = after(IMPOSED, 40)
    for doctrine in ("hold", "fight", "escalate"):
        assert engages(
            here.force, Act.LIMITED, False, False, 1.0, parameters(force__doctrine=doctrine, force__place="line")
        )
        assert engages(here.force, Act.RENEWED, False, False, 1.0, parameters(force__doctrine=doctrine))
    fight, hold = parameters(force__doctrine="fight"), parameters(force__doctrine="hold")
    assert engages(here.force, Act.LIMITED, True, True, 0.9, fight)
    assert not engages(here.force, Act.LIMITED, True, True, 0.9, hold)
    assert not engages(here.force, Act.LIMITED, False, True, 0.0, fight)  # too late: a fait accompli
    assert not engages(here.force, Act.LIMITED, True, False, 0.0, fight)  # not agreed
    assert help_share(True, True, fight) == 1.0 > help_share(True, True, hold) > help_share(False, True, fight) == 0.0


@pytest.mark.parametrize(("attributed", "answer", "answered"), [(0.0, 0.0, 1.0), (0.999, 0.0, 0.0), (0.0, 0.999, 0.0)])
def test_a_probe_is_answered_only_if_seen_and_willed(attributed, answer, answered):
    here = after(IMPOSED | {"force.doctrine": "escalate"}, 40)
    here.russia.act = float(Act.PROBE)
    before = here.russia.probes_answered, here.russia.answered, here.russia.unanswered
    it = luck("crisis", attributed=attributed, answer=answer)
    here.russia.meet_probe(here.force, here.europe, here.us, here.parameters, it)
    lesson = here.parameters.crisis.probe_lesson
    assert here.russia.probes_answered - before[0] == answered
    assert here.russia.answered - before[1] == pytest.approx(lesson * answered)
    assert here.russia.unanswered - before[2] == pytest.approx(lesson * (1.0 - answered))


def test_unity_readiness_and_worth_raise_the_chance_of_an_answer():
    here = after(IMPOSED, 40)

    def chance(**changed):
        kept = here.europe.unity, here.force.effective, here.us.readiness
        here.europe.unity = changed.get("unity", kept[0])
        here.force.effective = changed.get("effective", kept[1])
        here.us.readiness = changed.get("readiness", kept[2])
        found = answer_chance(here.force, here.europe, here.us, here.parameters)
        here.europe.unity, here.force.effective, here.us.readiness = kept
        return found

    assert chance(unity=0.9) > chance(unity=0.2)
    assert chance(effective=60.0) > chance(effective=5.0)
    assert chance(readiness=0.9) > chance(readiness=0.0)


def test_wider_war_grows_with_escalation_and_american_arms():
    hold, escalate = parameters(force__doctrine="hold"), parameters(force__doctrine="escalate")
    assert wider_chance(False, escalate) > wider_chance(False, hold) == hold.crisis.wider
    assert wider_chance(True, hold) > wider_chance(False, hold)
    assert wider_chance(True, parameters(force__doctrine="escalate", crisis__wider=0.9)) == 1.0


def test_fire_tips_over_only_when_nobody_gave_the_order():
    here = after({}, 20)
    p = here.parameters
    for act, deaths, breaker in (
        (Act.COMPLY, 1.0, Breaker.BOTH), (Act.COMPLY, 0.99, Breaker.NOBODY), (Act.LIMITED, 2.0, Breaker.NOBODY),
    ):  # fmt: skip
        here.line.collapse = here.line.broken_by = 0.0
        here.line.status = float(Status.HOLDING)
        here.russia.act, here.line.deaths = float(act), deaths * p.crisis.spiral_deaths
        spin_out(here.line, here.russia, here.ukraine, p)
        assert here.line.broken_by == breaker
