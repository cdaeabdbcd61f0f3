"""Command and envoys: who must say yes, and what a visit can lend."""

import pytest
from playing import LEVERS, after, luck, parameters, state, world

from model.rules.command import belongs, objection, seek_consent, typical_activation
from model.terms import Command


def test_a_voice_belongs_to_members_and_in_a_coalition_to_contributors():
    here = world({"roster": ["GBR", "FRA", "AUT"]})
    britain, france, austria = here.states
    assert [belongs(each, Command.EU) for each in here.states] == [0.0, 1.0, 1.0]
    assert [belongs(each, Command.NATO) for each in here.states] == [1.0, 1.0, 0.0]
    france.contributing = 1.0
    assert [belongs(each, Command.LEAD_NATION) for each in (britain, france, austria)] == [0.0, 1.0, 0.0]


def test_members_object_from_afar_and_when_hostile_unless_paid():
    here = after(LEVERS, 10)
    france, p = state(here, "FRA"), parameters()

    def objects(position, government, joint):
        france.position, france.government = position, government
        here.europe.position, here.europe.joint_share = 0.3, joint
        return objection(france, here.europe, p)

    assert objects(0.3, 1.0, 0.0) == 0.0
    assert objects(0.9, 1.0, 0.0) > objects(0.5, 1.0, 0.0)
    assert objects(0.5, -1.0, 0.0) > objects(0.5, 0.0, 0.0)
    assert objects(0.9, -1.0, 0.8) < objects(0.9, -1.0, 0.0)


def test_a_coalition_needs_its_quorum_and_an_alliance_loses_with_every_doubter():
    here = after(LEVERS, 10)
    lead = here.institutions[Command.LEAD_NATION]
    consents = []
    for members in range(5):
        for number, each in enumerate(here.states):
            each.contributing = 1.0 if number < members else 0.0
        seek_consent(lead, here.states, here.europe, here.us, parameters(command__quorum=3.0))
        assert lead.members == members
        consents.append(lead.consent)
    assert consents[:4] == sorted(set(consents[:4]))
    assert consents[3] == consents[4]
    few, many = (world({"roster": roster}) for roster in (["FRA", "DEU"], ["FRA", "DEU", "HUN", "SVK", "BGR"]))
    found = []
    for table in (few, many):
        table.europe.bargain(table.states, table.parameters)
        union = table.institutions[Command.EU]
        seek_consent(union, table.states, table.europe, table.us, table.parameters)
        found.append(union.consent)
    assert found[1] < found[0]


def test_doubt_costs_days_but_not_for_ever():
    p = parameters()
    days = [typical_activation(Command.NATO, consent, p) for consent in (1.0, 0.5, 0.2)]
    assert days == sorted(set(days))
    least = p.command.least_consent
    assert typical_activation(Command.NATO, 0.0, p) == typical_activation(Command.NATO, least, p)


def test_visits_add_up_to_a_ceiling_and_depend_on_access_and_ear():
    here = after({"guarantee.regime": "restrainer"}, 1)
    p = here.parameters
    britain, spain = state(here, "GBR"), state(here, "ESP")

    def lent(visitor, regime):
        here.us.envoy, here.us.regime = 0.0, regime
        visitor.visit(here.us, p, luck("state", envoy=0.0))
        return here.us.envoy

    assert lent(britain, 1.0) > lent(spain, 1.0) > 0.0
    assert lent(britain, 1.0) > lent(britain, 0.0)
    for _ in range(200):
        britain.visit(here.us, p, luck("state", envoy=0.0))
    assert here.us.envoy == pytest.approx(p.envoys.most)
