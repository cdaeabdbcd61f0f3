"""The guarantee: forms that bind, a will that wanders, a public that a treaty moves."""

from playing import LEVERS, after, luck, parameters, world

from model.register import load_register
from model.rules.guarantee import acts, anchor, binding_of_form, coverage, poll, revocable
from model.terms import Guarantee

FORMS = load_register()["guarantee.form"].options


def test_binding_forms_tie_the_hands_of_presidents():
    gaps = []
    for form in ("none", "executive", "ratified"):
        here = world({"guarantee.form": form})
        here.us.regime = 1.0
        friend = anchor(here.us, here.parameters)
        here.us.regime = 0.0
        gaps.append(friend - anchor(here.us, here.parameters))
    assert gaps == sorted(set(gaps), reverse=True)
    p = parameters()
    chances = [revocable(float(form), p) for form in (Guarantee.BACKSTOP, Guarantee.EXECUTIVE, Guarantee.RATIFIED)]
    assert chances == sorted(set(chances), reverse=True)
    assert all(0.0 <= binding_of_form(float(form), p) <= 1.0 for form in Guarantee)


def test_a_treaty_lifts_american_support():
    """Pattern F14: 20 to 35 points."""
    settled = {}
    for form in ("executive", "ratified"):
        here = world({"guarantee.form": form})
        for _ in range(1000):
            poll(here.us, here.parameters, luck("us"))
        settled[form] = here.us.support
    assert 20.0 <= settled["ratified"] - settled["executive"] <= 35.0


def test_a_backstop_covers_troops_and_not_ukraine():
    for form in FORMS:
        here = after(LEVERS | {"guarantee.form": form}, 1)
        covers = []
        for troops in (0.0, 5_000.0, 50_000.0):
            here.force.troops = troops
            covers.append(coverage(here.us, here.force, here.parameters))
        if form == "backstop":
            assert covers[0] == 0.0
            assert covers == sorted(set(covers))
            assert covers[-1] < 1.0
        else:
            assert covers == [1.0, 1.0, 1.0]
    here.us.readiness = 0.9
    assert acts(here.us, True, here.parameters) == 0.9
    assert acts(here.us, False, here.parameters) == here.parameters.guarantee.will_none


def test_entrapment_is_feared_with_european_dead_unless_hands_are_tied():
    falls = {}
    for form in ("backstop", "ratified"):
        wills = []
        for dead in (0.0, 10_000.0):
            here = after(LEVERS | {"guarantee.form": form, "guarantee.regime": "atlanticist"}, 20)
            here.force.dead = dead
            for _ in range(300):
                here.us.waver(here.europe, here.force, here.parameters, luck("us", attention=1.0))
            wills.append(here.us.will)
        falls[form] = wills[0] - wills[1]
    assert falls["backstop"] > falls["ratified"] > 0.0


def test_an_exit_is_for_good():
    here = after({"guarantee.form": "ratified", "guarantee.exit_week": 10}, 30)
    assert (here.us.present, here.us.exit_week, here.us.form) == (0.0, 10.0, Guarantee.NONE)
    assert here.us.readiness == here.us.will == 0.0
    here.line.week = here.us.next_election
    here.us.vote(here.line, here.parameters, luck("us", election=0.0, revoke=0.0))
    assert here.us.form == Guarantee.NONE
    assert acts(here.us, False, here.parameters) == 0.0
