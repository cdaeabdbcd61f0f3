"""Who sends troops: thresholds, supply and the size asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import LEVERS, after, parameters, state, world

from model.rules.contribution import impose, join, muster, supply
from model.terms import Deployment


def will(**changed):
    """What the force-generation conference finds France's will to be."""
    here = after(LEVERS, 1)
    france = state(here, "FRA")
    france.contributing = france.taste = 0.0
    france.supply = 5_000.0
    here.force.pledged = 10_000.0
    for name, number in changed.items():
        setattr(here.force if name == "pledged" else here.us if name in {"form", "present"} else france, name, number)
    join(france, here.us, here.force, here.parameters)
    assert france.contributing == (1.0 if france.will_to_send > 0.0 else 0.0)
    return france.will_to_send


@pytest.mark.parametrize(
    ("name", "less", "more"),
    [
        ("pledged", 0.0, 30_000.0),  # who goes depends on who goes
        ("government", -1.0, 1.0),
        ("support", 30.0, 70.0),
        ("taste", -0.5, 0.5),
        ("present", 0.0, 1.0),
        ("form", 0.0, 1.0),
    ],
)
def test_what_makes_a_state_more_willing(name, less, more):
    assert will(**{name: more}) > will(**{name: less})


def test_an_exposed_border_keeps_an_army_at_home():
    assert will(home_border=1.0) < will(home_border=0.0)


def test_a_contributor_does_not_leave_at_a_conference():
    here = after(LEVERS, 1)
    france = state(here, "FRA")
    france.contributing, france.support, france.government, france.taste = 1.0, 0.0, -1.0, -5.0
    join(france, here.us, here.force, here.parameters)
    assert france.contributing == 1.0


@given(asked=st.floats(1.0, 3e5), roster=st.sampled_from(["paris", "willing"]), imposed=st.booleans())
def test_pledges_never_exceed_what_is_asked_or_what_there_is(asked, roster, imposed):
    here = world({"roster": roster, "force.deployment": "imposed" if imposed else "endogenous"})
    here.force.asked = asked
    p = here.parameters
    for _ in range(3):
        muster(here.force, here.states, here.us, p)
    assert sum(each.pledged for each in here.states) == pytest.approx(here.force.pledged)
    assert here.force.pledged <= asked * (1.0 + 1e-12)
    for each in here.states:
        most = each.land * 1000.0 * p.contribution.deployable
        assert each.pledged <= (most if p.force.deployment == Deployment.IMPOSED else supply(each, p)) * (1.0 + 1e-12)


def test_an_imposed_force_is_shared_by_supply_and_capped_by_armies():
    here = world({"force.size": 40_000, "force.deployment": "imposed"})
    muster(here.force, here.states, here.us, here.parameters)
    shares = {each.pledged / each.supply for each in here.states}
    assert max(shares) == pytest.approx(min(shares))
    here.force.asked = 1e9
    impose(here.force, here.states, parameters())
    for each in here.states:
        assert each.pledged == pytest.approx(each.land * 1000.0 * parameters().contribution.deployable)
