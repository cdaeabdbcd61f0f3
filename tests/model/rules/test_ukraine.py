"""Ukraine: lumpy aid, strength that follows money, and an attack that costs goodwill."""

from itertools import pairwise

import pytest
from playing import after, luck, parameters

from model.rules.crisis import break_out
from model.rules.ukraine import arm, settle_strength, tempt
from model.terms import Act, Breaker, Status


def settled(here, p, weeks=2000):
    here.us.present = 1.0
    for week in range(weeks):
        here.line.week = float(week)
        arm(here.ukraine, here.europe, here.us, here.line, p, luck("ukraine"))
    return here.ukraine.strength


def test_strength_follows_the_square_root_of_money():
    here = after({}, 1)
    p = parameters(ukraine__aid_lumps=0.0, ukraine__confidence_effect=0.0, ukraine__us_aid=0.0, ukraine__most=10.0)
    here.ukraine.next_delivery, here.europe.aid = 0.0, p.ukraine.aid_needed
    assert settled(here, p) == pytest.approx(p.ukraine.strength_full)
    here.europe.aid, here.ukraine.next_delivery = 4.0 * p.ukraine.aid_needed + 3.0 * p.ukraine.own_funding, 0.0
    assert settled(here, p) == pytest.approx(2.0 * p.ukraine.strength_full)


def test_aid_comes_in_lumps_whose_mean_is_the_promise():
    here = after({}, 1)
    here.ukraine.next_delivery = 0.0
    flows = []
    for week in range(3000):
        here.line.week = float(week)
        arm(here.ukraine, here.europe, here.us, here.line, here.parameters, here.luck.week(week).ukraine)
        flows.append(here.ukraine.aid)
    assert sum(flows) / 3000 == pytest.approx(here.europe.aid + here.parameters.ukraine.us_aid, rel=0.1)
    changes = sum(early != late for early, late in pairwise(flows))
    assert changes == pytest.approx(3000 / here.parameters.ukraine.delivery, abs=2)


@pytest.mark.parametrize(("battle", "status"), [(0.0, Status.LIMITED_WAR), (0.9999, Status.STRAINED)])
def test_an_attack_of_its_own_costs_goodwill_won_or_lost(battle, status):
    here = after({}, 30)
    here.line.collapse, here.line.status = 0.0, float(Status.HOLDING)
    before, land = here.ukraine.funding, here.line.territory
    here.ukraine.act = float(Act.LIMITED)
    break_out(here.ukraine, here.russia, here.line, here.parameters, luck("crisis", battle=battle))
    assert here.ukraine.funding == pytest.approx(before * (1.0 - here.parameters.ukraine.goodwill_lost))
    assert here.line.status == status
    assert (here.line.territory < land) == (status == Status.LIMITED_WAR)
    assert here.line.broken_by == (Breaker.UKRAINE if status == Status.LIMITED_WAR else Breaker.NOBODY)


def test_what_restrains_and_what_provokes():
    def weighed(**changed):
        here = after({}, 20)
        for name, number in changed.items():
            owner = {"funding": here.ukraine, "troops": here.force, "readiness": here.us}.get(name, here.line)
            setattr(owner, name, number)
        tempt(here.ukraine, here.russia, here.us, here.force, here.line, here.parameters)
        return here.ukraine

    assert weighed(funding=30.0).restraint > weighed(funding=5.0).restraint
    assert weighed(troops=50_000.0).restraint > weighed(troops=0.0).restraint
    assert weighed(readiness=0.8).restraint > weighed(readiness=0.0).restraint
    assert weighed(funding=30.0).limited_value < weighed(funding=5.0).limited_value
    assert weighed(blame=1.0, heat=1.0).probe_value > weighed(blame=0.0, heat=1.0).probe_value


def test_kyivs_stakes_are_private_and_have_mean_one():
    """As private as Moscow's (Fearon 1995): drawn once a run, from luck of their own."""
    here = after({}, 1)
    p = parameters(ukraine__stakes_spread=0.35)
    draws = []
    for number in range(1, 2000):
        settle_strength(here.ukraine, p, luck("ukraine", stakes=number / 2000))
        draws.append(here.ukraine.stakes)
    assert draws == sorted(draws)
    assert sum(draws) / len(draws) == pytest.approx(1.0, abs=0.01)
    settle_strength(here.ukraine, parameters(ukraine__stakes_spread=1e-9), luck("ukraine", stakes=0.99))
    assert here.ukraine.stakes == pytest.approx(1.0)
    world = [after({}, 1, run=run) for run in range(3)]
    assert len({each.ukraine.stakes for each in world}) == 3
    first = world[0].ukraine.stakes
    world[0].step()
    assert world[0].ukraine.stakes == first


def test_what_lost_land_is_worth_tempts_to_attack_and_not_to_probe():
    here = after({}, 20)
    values = []
    for stakes in (0.5, 1.0, 2.0):
        here.ukraine.stakes = stakes
        tempt(here.ukraine, here.russia, here.us, here.force, here.line, here.parameters)
        values.append((here.ukraine.limited_value, here.ukraine.probe_value))
    land = here.parameters.ukraine.land * here.ukraine.win_limited
    assert [each for each, _ in values] == pytest.approx([values[0][0] + more * land for more in (0.0, 0.5, 1.5)])
    assert len({probe for _, probe in values}) == 1


def test_a_stronger_defender_is_stronger_from_the_first_week_on():
    here = after({}, 1)
    plain, double = parameters(), parameters(theatre__balance=0.72, theatre__capability=0.5)
    found = []
    for p in (plain, double):
        settle_strength(here.ukraine, p, luck("ukraine"))
        here.ukraine.next_delivery = 0.0
        found.append((here.ukraine.strength, settled(here, p)))
    assert found[1] == pytest.approx([2.0 * number for number in found[0]], rel=1e-6)
