"""The theatre: at Ukraine's own values nothing changes, and each fact of another war moves what it should."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import LEVERS, after, ends, luck, parameters, play, scenario, value

from model.ceasefire import Ceasefire
from model.engine import Engine
from model.register import load_register
from model.rules import theatre
from model.rules.deployment import assemble
from model.rules.russia import look_ahead, regenerate, settle_type
from model.rules.ukraine import arm, settle_strength, tempt
from model.rules.violations import cease_fire

THEATRE = {name: entry for name, entry in load_register().items() if name.startswith("theatre.")}
COEFFICIENTS = sorted(name for name, entry in THEATRE.items() if entry.kind == "uncertainty")
LEVER_NAMES = sorted(name for name, entry in THEATRE.items() if entry.kind == "lever")
ONE = (theatre.stakes, theatre.tolerance, theatre.capacity, theatre.closeness, theatre.force_scale, theatre.dependence)
ANY_COEFFICIENTS = st.fixed_dictionaries({name: st.floats(*ends(name)) for name in COEFFICIENTS})


def at(**theatres):
    """Parameters with keys of the group changed."""
    return parameters(**{f"theatre__{key}": number for key, number in theatres.items()})


def drawn(numbers):
    """Parameters with drawn coefficients by dotted name."""
    return parameters(**{name.replace(".", "__"): number for name, number in numbers.items()})


@given(ANY_COEFFICIENTS)
def test_at_ukraines_values_every_rule_is_exactly_neutral(numbers):
    p = drawn(numbers)
    assert [rule(p) for rule in ONE] == [1.0] * len(ONE)
    assert theatre.rested(p) == p.russia.strength_first
    assert theatre.first_confidence(p) == p.ukraine.confidence_first


def test_the_levers_stand_where_the_register_was_made():
    """What the register calls here is what the levers say of Ukraine."""
    for lever, here in (("balance", "balance_here"), ("previous_wars", "wars_here"), ("war_deaths", "deaths_here")):
        assert value(f"theatre.{lever}") == value(f"theatre.{here}")
        assert THEATRE[f"theatre.{here}"].kind == "constant"
    assert len(LEVER_NAMES) + len(COEFFICIENTS) + 3 == len(THEATRE)


def test_coefficients_tell_nothing_in_ukraine():
    """All at either end, and the run is the same, bit for bit: in Mesa and compiled."""
    engine = Engine()
    for settings in ({"weeks": 120}, LEVERS | {"weeks": 120, "force.deployment": "imposed"}):
        plain = [Ceasefire(scenario(settings), 5, run, record=True).play() for run in range(2)]
        compiled = engine.play(scenario(settings), 5, 0, 200)
        for end in (0, 1):
            changed = settings | {name: ends(name)[end] for name in COEFFICIENTS}
            for run, before in enumerate(plain):
                now = Ceasefire(scenario(changed), 5, run, record=True).play()
                assert now.outcomes() == before.outcomes()
                assert now.series == before.series
            assert engine.play(scenario(changed), 5, 0, 200).tobytes() == compiled.tobytes()


def rising(rule, key, numbers, **fixed):
    """Whether a rule rises with a key: 1, falls: -1, or does neither."""
    found = [rule(at(**fixed, **{key: number})) for number in numbers]
    if all(first < second for first, second in pairwise(found)):
        return 1
    return -1 if all(first > second for first, second in pairwise(found)) else 0


SHARES, COUNTS, RATIOS, DEATHS = (0.0, 0.4, 1.0), (0.0, 1.0, 2.0, 8.0), (0.001, 0.18, 1.0, 50.0), (1.0, 1e3, 2.5e5, 2e7)


@pytest.mark.parametrize(
    ("rule", "key", "numbers", "sign"),
    [
        (theatre.stakes, "previous_wars", COUNTS, 1),
        (theatre.stakes, "decisive", SHARES, -1),
        (theatre.tolerance, "war_deaths", DEATHS, -1),
        (theatre.tolerance, "nuclear", SHARES, 1),
        (theatre.capacity, "balance", RATIOS, 1),
        (theatre.closeness, "apart", SHARES, -1),
        (theatre.force_scale, "elsewhere", SHARES, 1),
        (theatre.dependence, "elsewhere", SHARES, -1),
        (theatre.rested, "elsewhere", SHARES, -1),  # 0.9 of full strength against Russia's 0.92 or so
    ],
)
def test_each_lever_moves_its_rule_one_way(rule, key, numbers, sign):
    if rule is theatre.rested:
        sign = 1 if value("theatre.rested") > value("russia.strength_first") else -1
    assert rising(rule, key, numbers) == sign


@pytest.mark.parametrize(
    ("rule", "coefficient", "fixed", "sign"),
    [
        (theatre.stakes, "rivalry", {"previous_wars": 4.0}, 1),
        (theatre.stakes, "rivalry", {"previous_wars": 0.0}, -1),
        (theatre.stakes, "settled", {"decisive": 1.0}, -1),
        (theatre.tolerance, "weariness", {"war_deaths": 1e6}, -1),
        (theatre.tolerance, "weariness", {"war_deaths": 1e4}, 1),
        (theatre.tolerance, "shadow", {"nuclear": 0.0}, -1),
        (theatre.tolerance, "toughness", {"elsewhere": 1.0}, 1),
        (theatre.capacity, "capability", {"balance": 2.0}, 1),
        (theatre.capacity, "capability", {"balance": 0.01}, -1),
        (theatre.closeness, "distance", {"apart": 1.0}, -1),
        (theatre.force_scale, "scale", {"elsewhere": 1.0}, 1),
        (theatre.rested, "rested", {"elsewhere": 1.0}, 1),
    ],
)
def test_each_coefficient_tells_how_strongly(rule, coefficient, fixed, sign):
    low, high = ends(f"theatre.{coefficient}")
    assert rising(rule, coefficient, (low, (low + high) / 2.0, high), **fixed) == sign


@given(
    ANY_COEFFICIENTS,
    st.fixed_dictionaries({name: st.floats(*ends(name)) for name in LEVER_NAMES}),
)
def test_anywhere_in_the_box_factors_are_positive_and_shares_are_shares(numbers, levers):
    p = drawn(numbers | levers)
    for rule in (theatre.stakes, theatre.tolerance, theatre.capacity):
        assert 0.0 < rule(p) < 1000.0
    for share in (theatre.closeness(p), theatre.dependence(p), theatre.rested(p), theatre.first_confidence(p)):
        assert 0.0 <= share <= 1.0
    assert theatre.closeness(p) > 0.0
    assert theatre.force_scale(p) >= 1.0


def test_past_wars_are_what_the_balance_says_by_its_power():
    """A balance ten times as good makes a defender stronger by ten to the power of the coefficient."""
    even = theatre.capacity(at(balance=1.8, capability=0.5))
    assert even == pytest.approx(10.0**0.5)
    assert theatre.stakes(at(previous_wars=3.0, rivalry=1.0)) == pytest.approx(2.0)  # (1 + 3) / (1 + 1)


def test_both_sides_stakes_and_the_challengers_tolerance_are_scaled():
    here = after({}, 1)
    plain, other = parameters(), at(decisive=1.0, nuclear=0.0, war_deaths=1e6, elsewhere=1.0, balance=0.6)
    found = []
    for p in (plain, other):
        settle_type(here.russia, p, luck("russia", stakes=0.7, resolve=0.2))
        settle_strength(here.ukraine, p, luck("ukraine", stakes=0.4))
        found.append((here.russia.stakes, here.russia.resolve, here.ukraine.stakes, here.ukraine.strength))
    before, now = found
    assert now[0] == pytest.approx(before[0] * theatre.stakes(other))
    assert now[1] == pytest.approx(before[1] * theatre.tolerance(other))
    assert now[2] == pytest.approx(before[2] * theatre.stakes(other))
    assert now[3] == pytest.approx(before[3] * theatre.capacity(other))


def test_distance_shortens_the_challengers_reach_now_and_later():
    here = after({}, 1)
    near, far = parameters(russia__window=1.0), at(apart=1.0, distance=0.5)
    far.russia.window = 1.0
    ahead = []
    for p in (near, far):
        settle_type(here.russia, p, luck("russia"))
        here.russia.strength = 300.0
        ahead.append(look_ahead(here.russia, here.ukraine, here.force, here.europe, here.line, p))
    assert ahead[0] != ahead[1]
    for _ in range(5000):
        regenerate(here.russia, far)
    assert here.russia.strength == pytest.approx(0.5 * far.russia.strength_full)


def test_distance_leaves_less_friction():
    here = after({}, 1)
    found = []
    for p in (parameters(), at(apart=1.0, distance=0.5)):
        cease_fire(here.line, p, luck("line", discipline=0.3))
        found.append((here.line.excitation, here.line.discipline))
    assert found[1] == pytest.approx([half / 2.0 for half in found[0]])


def test_a_force_stands_for_more_where_armies_were_smaller():
    here = after({}, 1)
    for elsewhere, asked in ((0.0, 4500.0), (1.0, 18_000.0)):
        p = parameters(theatre__elsewhere=elsewhere, theatre__scale=4.0, force__size=4500)
        assemble(here.force, p)
        assert here.force.asked == asked


def settled(p, aid):
    """The defender's strength after years of so much aid, in EUR bn a year."""
    here = after({}, 1)
    settle_strength(here.ukraine, p, luck("ukraine"))
    here.europe.aid, here.us.present = aid, 0.0
    for week in range(1500):
        here.line.week = float(week)
        arm(here.ukraine, here.europe, here.us, here.line, p, luck("ukraine"))
    return here.ukraine


def test_a_defender_elsewhere_starts_as_confident_as_one_who_stands_alone():
    p = at(elsewhere=1.0)
    assert theatre.first_confidence(p) == pytest.approx(p.ukraine.confidence_base)
    here = after({}, 1)
    settle_strength(here.ukraine, p, luck("ukraine"))
    assert here.ukraine.confidence == theatre.first_confidence(p)
    # Strength is measured from that confidence, so at it the defender keeps its full strength.
    here.ukraine.strength = p.ukraine.strength_full
    arm(here.ukraine, here.europe, here.us, here.line, p, luck("ukraine"))
    assert here.ukraine.strength == pytest.approx(p.ukraine.strength_full)


def test_a_defender_elsewhere_lives_on_no_outside_aid():
    ukraine, other = parameters(), at(elsewhere=1.0)
    assert settled(ukraine, 5.0).strength < settled(ukraine, 60.0).strength
    assert settled(other, 5.0).strength == pytest.approx(settled(other, 60.0).strength)
    restraints = []
    for funding in (5.0, 60.0):
        here = after({}, 20)
        here.ukraine.funding = funding
        tempt(here.ukraine, here.russia, here.us, here.force, here.line, other)
        restraints.append(here.ukraine.restraint)
    assert restraints[0] == restraints[1]


def test_a_scenario_elsewhere_is_another_world():
    """In runs too: a fact of another theatre changes what happens."""
    here = play({"weeks": 60}, 3)
    there = play({"weeks": 60, "theatre.elsewhere": 1, "theatre.balance": 1.5, "theatre.decisive": 1}, 3)
    assert [run.outcomes for run in here] != [run.outcomes for run in there]
