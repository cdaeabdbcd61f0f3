"""Russia's reckoning: what raises its belief, closes its window and makes it probe."""

import pytest
from playing import LEVERS, after, luck, moscow, parameters

from model.rules.russia import choose, comes_to_help, look_ahead, regenerate, structural_belief
from model.terms import Act, Status

IMPOSED = LEVERS | {"force.deployment": "imposed"}


def believed(**changed):
    here = after(IMPOSED, 40)
    return structural_belief(here.force, here.europe, parameters(**changed))


def test_rival_theories_are_switches_of_belief():
    line = {"force__place": "line"}
    assert believed(theories__tripwire=True, **line) > believed(theories__tripwire=False, **line)
    treaty = {"force__commitment": "treaty"}
    assert believed(theories__alliances_deter=True, **treaty) > believed(theories__alliances_deter=False, **treaty)
    assert believed(theories__alliances_deter=False, **treaty) == believed()


def test_strength_comes_back_in_years():
    here = after({}, 1)
    p = here.parameters
    here.russia.strength = start = 0.5 * p.russia.strength_full
    for _ in range(round(p.russia.reconstitution * p.calendar.weeks_per_year)):
        regenerate(here.russia, p)
    left = (p.russia.strength_full - here.russia.strength) / (p.russia.strength_full - start)
    assert left == pytest.approx(0.368, abs=0.01)  # exp(-1)


def test_the_window_opens_with_russian_recovery_and_closes_with_european_arms():
    here = after(IMPOSED, 60)
    p = here.parameters
    here.europe.capability_trend = 0.0
    here.force.pledged = here.force.troops
    here.russia.strength = p.russia.strength_full
    still = look_ahead(here.russia, here.ukraine, here.force, here.europe, here.line, p)
    assert still == pytest.approx(0.0, abs=1e-9)
    here.russia.strength = 0.5 * p.russia.strength_full
    assert look_ahead(here.russia, here.ukraine, here.force, here.europe, here.line, p) < 0.0  # better to wait
    here.russia.strength = p.russia.strength_full
    here.europe.capability_trend = 0.5
    assert look_ahead(here.russia, here.ukraine, here.force, here.europe, here.line, p) > 0.0  # now or never
    here.europe.capability_trend, here.force.pledged = 0.0, 2.0 * here.force.troops
    assert look_ahead(here.russia, here.ukraine, here.force, here.europe, here.line, p) > 0.0


def test_light_troops_who_can_be_hurt_invite_probes():
    values = {}
    for weight in ("light", "heavy"):
        here = after(IMPOSED | {"force.weight": weight, "force.place": "line"}, 40)
        here.force.effective = 10.0
        values[weight] = moscow(here).probe_value
    assert values["light"] > values["heavy"]


def test_policy_changes_only_when_it_is_reviewed():
    here = after({}, 20)
    p = here.parameters
    for before, then in ((Act.LIMITED, Act.PROBE), (Act.PROBE, Act.PROBE), (Act.COMPLY, Act.COMPLY)):
        here.russia.act = float(before)
        choose(here.russia, here.line, p, luck("russia", review=0.999, choice=0.999999))
        assert here.russia.act == then
    here.russia.act = float(Act.PROBE)
    here.line.status = float(Status.LIMITED_WAR)
    choose(here.russia, here.line, p, luck("russia", review=0.0, choice=0.5))
    assert here.russia.act == Act.COMPLY


def test_one_number_orders_the_options_from_peace_to_war():
    here = after({}, 20)
    acts = []
    for number in range(400):
        choose(here.russia, here.line, here.parameters, luck("russia", review=0.0, choice=(number + 0.5) / 400))
        acts.append(here.russia.act)
    assert acts == sorted(acts)
    for act, chance in ((Act.PROBE, here.russia.probe_chance), (Act.RENEWED, here.russia.renewed_chance)):
        assert acts.count(act) / 400 == pytest.approx(chance, abs=0.005)


def test_cities_and_orders_keep_a_force_from_helping():
    for place, doctrine, share in (
        ("cities", "fight", 0.0), ("reserve", "withdraw", 0.0), ("reserve", "fight", 1.0),
    ):  # fmt: skip
        assert comes_to_help(parameters(force__place=place, force__doctrine=doctrine)) == share
    hold = comes_to_help(parameters(force__place="reserve", force__doctrine="hold"))
    assert hold == parameters().crisis.drawn_in
