"""Violations: overdispersed, self-exciting, restrained by agreements and blamed by noise (pattern F4)."""

from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import after, luck, parameters, play

from model.rules.russia import full_odds, local_odds
from model.rules.ukraine import tempt
from model.rules.violations import (
    accuracy,
    attribute,
    restraint,
    shoot,
    simmer,
    strength_of_agreement,
    surprise_left,
)
from model.terms import Act


def test_weekly_counts_scatter_far_more_than_chance():
    for run in play({"russia.limited_cost": 0.9, "russia.renewed_cost": 1.3, "weeks": 208}, 4):
        counts = run.series["violations"][20:]
        assert variance(counts) > 20.0 * fmean(counts)


def shot(here, **its):
    shoot(here.line, here.russia, here.ukraine, here.force, here.parameters, luck("line", **its))
    return here.line.violations_russia, here.line.violations_ukraine


def test_the_best_recommitment_cuts_them_tenfold_and_probing_multiplies_ones_own():
    here = after({}, 10)
    here.line.heat, here.line.calm, here.line.excitation = 1.0, 0.0, 0.0
    hot = sum(shot(here))
    here.parameters = parameters(agreement__verification=1.0)
    here.line.calm, here.line.excitation = 1.0, 0.0
    assert sum(shot(here)) <= hot / 10.0
    here.line.calm, here.line.excitation = 0.0, 0.0
    russian, ukrainian = shot(here)
    assert ukrainian < russian
    here.russia.act, here.line.excitation = float(Act.PROBE), 0.0
    assert shot(here)[0] > 1.3 * russian


def test_violations_breed_more_of_themselves_up_to_a_ceiling():
    here = after({}, 10)
    here.line.heat, here.line.calm = 1.0, 0.0
    here.line.discipline, here.line.excitation = 0.9, 0.0
    levels = []
    for _ in range(30):
        shot(here)
        levels.append(here.line.excitation)
    assert levels == sorted(levels)
    here.line.excitation = 1e12
    shot(here)
    assert here.line.excitation <= here.parameters.violations.most


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_agreements_are_as_strong_as_their_parts_and_monitors_see_more(monitors, verification, zone):
    p = parameters(agreement__monitors=monitors, agreement__verification=verification, agreement__zone=zone)
    strength = strength_of_agreement(p)
    assert min(monitors, verification, zone) - 1e-12 <= strength <= max(monitors, verification, zone) + 1e-12
    assert 0.5 <= accuracy(parameters(agreement__monitors=0.0)) <= accuracy(p) <= 1.0


def test_blame_is_right_more_often_the_more_is_seen():
    here = after({}, 10)
    here.line.violations_russia, here.line.violations_ukraine = 1000.0, 0.0
    blamed = []
    for monitors in (0.0, 0.5, 1.0):
        attribute(here.line, parameters(agreement__monitors=monitors), luck("line"))
        blamed.append(here.line.blame)
    assert blamed == sorted(set(blamed))
    assert blamed[0] > 0.5
    here.line.violations_russia = 0.0
    attribute(here.line, here.parameters, luck("line"))
    assert here.line.blame == pytest.approx(0.5)


def test_a_force_restrains_where_it_stands_and_only_if_that_is_believed():
    here = after({}, 1)
    here.force.troops = 40_000.0
    line, reserve, cities = (
        restraint(here.force, parameters(force__place=place)) for place in ("line", "reserve", "cities")
    )
    assert 1.0 > line > reserve > cities == 0.0
    assert restraint(here.force, parameters(force__place="line", theories__presence_calms=False)) == 0.0


def fire_left(**changed):
    """Violations of a hot line in the week after a recommitment, over those without one."""
    here = after({"violations.low": 20.0, **changed}, 10)
    found = []
    for calm in (1.0, 0.0):
        here.line.heat, here.line.calm, here.line.excitation = 1.0, calm, 0.0
        found.append(sum(shot(here)))
    return found[0] / found[1]


def test_a_plain_recommitment_silences_part_of_the_fire_and_a_disciplined_one_all():
    plain = {"violations.obeyed_plain": 0.6, "agreement.verification": 0.0}
    assert fire_left(**plain) == pytest.approx(0.4, abs=0.02)
    verified = {"violations.obeyed_plain": 0.6, "agreement.verification": 1.0}
    assert fire_left(**verified) < 0.02
    assert fire_left(**verified, **{"theories.agreements_matter": False}) == pytest.approx(fire_left(**plain))


def calm_left(weeks, **changed):
    """Calm so many weeks after a recommitment."""
    here = after({}, 10)
    here.line.calm = 1.0
    for _ in range(weeks):
        simmer(here.line, here.russia, here.ukraine, parameters(**changed))
    return here.line.calm


def test_verification_alone_makes_a_recommitment_last():
    """Monitors and a zone restrain and warn; what each side punishes of its own is what lasts (Donbas, July 2020)."""
    assert calm_left(5, agreement__verification=0.0, violations__calm_plain=5.0) == pytest.approx(0.5)
    verified = {"agreement__verification": 1.0, "violations__calm_verified": 20.0}
    assert calm_left(20, **verified) == pytest.approx(0.5)
    left = [calm_left(5, agreement__verification=share) for share in (0.0, 0.3, 0.6, 1.0)]
    assert left == sorted(set(left))
    for other in ("agreement__monitors", "agreement__zone"):
        assert calm_left(5, **{other: 0.0}) == calm_left(5, **{other: 1.0})
    ignored = {"agreement__verification": 1.0, "theories__agreements_matter": False}
    assert calm_left(5, **ignored) == calm_left(5, agreement__verification=0.0)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 0.9))
def test_a_zone_takes_surprise_away(less, more, warns):
    p, q = (parameters(agreement__zone=zone, agreement__zone_warns=warns) for zone in sorted((less, more)))
    assert 0.0 < surprise_left(q) <= surprise_left(p) <= 1.0
    assert surprise_left(parameters(agreement__zone=0.0, agreement__zone_warns=warns)) == 1.0
    assert surprise_left(parameters(agreement__zone=more, agreement__zone_warns=0.0)) == 1.0
    off = parameters(agreement__zone=more, agreement__zone_warns=warns, theories__agreements_matter=False)
    assert surprise_left(off) == 1.0


def test_a_full_zone_takes_what_the_register_says():
    assert surprise_left(parameters(agreement__zone=1.0, agreement__zone_warns=0.4)) == pytest.approx(0.6)


def test_a_zone_warns_of_either_attacker_and_of_limited_and_full_attacks():
    here = after({}, 20)
    found = []
    for zone in (0.0, 1.0):
        p = parameters(agreement__zone=zone, agreement__zone_warns=0.5)
        tempt(here.ukraine, here.russia, here.us, here.force, here.line, p)
        limited = local_odds(here.russia, here.ukraine, here.force, here.line, 0.0, p)
        full = full_odds(here.russia.strength, here.ukraine.strength, 0.0, here.line, p)
        found.append((limited, full, here.ukraine.win_limited))
    assert all(without > with_zone for without, with_zone in zip(*found, strict=True))
    # Half the strength is half of it in the odds, under either law.
    p = parameters(agreement__zone=1.0, agreement__zone_warns=0.5)
    plain = parameters(agreement__zone=0.0)
    strength = here.russia.strength
    assert full_odds(strength, 300.0, 0.0, here.line, p) == full_odds(strength / 2.0, 300.0, 0.0, here.line, plain)
