"""Analytic limits: where theory says what must come out, to the digit."""

import math
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from playing import LEVERS, after, luck, moscow, parameters, play, state, value

from model.actors import State
from model.rules.casualties import bleed, bury_force
from model.rules.maths import contest, half_life_keep
from model.rules.russia import believe, choose, full_odds, weigh
from model.rules.spending import desired_share
from model.rules.ukraine import dare
from model.terms import Act, Status

STRENGTHS = st.floats(50.0, 1500.0)
SHARES = st.floats(0.0, 1.0)


@given(
    russia=STRENGTHS,
    ukraine=STRENGTHS,
    effective=st.floats(0.0, 200.0),
    troops=st.sampled_from([0.0, 30_000.0]),
    stakes=st.floats(0.3, 3.0),
    resolve=st.floats(0.5, 2.0),
    fortification=SHARES,
    threshold=st.floats(0.01, 0.99),
    square=st.booleans(),
    place=st.sampled_from(["line", "reserve", "cities"]),
)
def test_russia_is_deterred_exactly_above_the_threshold(
    russia, ukraine, effective, troops, stakes, resolve, fortification, threshold, square, place
):
    """P_resp > (V_win - V_SQ) / (V_win - V_conflict), with no guarantee and nothing to be gained by waiting."""
    here = after({}, 1)
    p = parameters(russia__window=0.0, theories__contest_square=square, force__place=place)
    here.us.present, here.us.form = 0.0, 0.0
    here.russia.strength, here.russia.stakes, here.russia.resolve = russia, stakes, resolve
    here.ukraine.strength, here.line.fortification = ukraine, fortification
    here.force.troops, here.force.effective = troops, effective if troops else 0.0
    heard = 1.0 if troops else p.russia.response_from_afar

    def worth(answer):
        here.russia.belief = answer / heard  # so that Russia reckons with `answer`
        weigh(here.russia, here.ukraine, here.us, here.force, here.europe, here.line, here.institutions, p)
        return here.russia.renewed_value

    win, conflict = worth(0.0), worth(1.0)
    assert worth(0.3) == pytest.approx(0.7 * win + 0.3 * conflict)  # linear in the chance of an answer
    assume(win - conflict > 1e-3)
    p.russia.peace = win - threshold * (win - conflict)
    assert threshold == pytest.approx((win - p.russia.peace) / (win - conflict))
    assert worth(threshold + 1e-6) < here.russia.comply_value == p.russia.peace
    assert worth(threshold - 1e-6) > p.russia.peace


@given(
    values=st.lists(st.floats(-1.0, 1.0), min_size=4, max_size=4, unique=True),
)
def test_choice_becomes_the_best_option_or_a_draw_of_lots(values):
    """Quantal response in two steps: war or peace, and the posture within peace."""
    worth = dict(zip(("comply", "probe", "limited", "renewed"), values, strict=True))
    war = {name: worth[name] for name in ("comply", "limited", "renewed")}
    gaps = sorted(war.values())
    assume(gaps[2] - gaps[1] > 0.1)
    assume(abs(worth["probe"] - worth["comply"]) > 0.1)
    russia = SimpleNamespace(act=0.0, **{f"{name}_value": each for name, each in worth.items()})
    line = SimpleNamespace(status=0.0)

    def chances(precision):
        p = parameters(choice__precision=precision, choice__span=700.0)
        choose(russia, line, p, luck("russia", review=1.0))
        rest = (russia.probe_chance, russia.limited_chance, russia.renewed_chance)
        return dict(zip(worth, (1.0 - sum(rest), *rest), strict=True))

    assert list(chances(1e-12).values()) == pytest.approx([1 / 6, 1 / 6, 1 / 3, 1 / 3])
    best = max(war, key=war.__getitem__)
    if best == "comply" and worth["probe"] > worth["comply"]:
        best = "probe"
    assert chances(300.0)[best] == pytest.approx(1.0, abs=1e-9)
    found = chances(6.0)
    peace = found["comply"] + found["probe"]
    for name in ("limited", "renewed"):
        assert found[name] / peace == pytest.approx(math.exp(6.0 * (worth[name] - worth["comply"])), rel=1e-6)
    odds = found["probe"] / found["comply"]
    assert odds == pytest.approx(math.exp(6.0 * (worth["probe"] - worth["comply"])), rel=1e-6)


def test_what_probing_is_worth_does_not_move_the_odds_of_war():
    russia = SimpleNamespace(act=0.0, comply_value=0.0, limited_value=-0.4, renewed_value=-0.6, probe_value=0.0)
    line = SimpleNamespace(status=0.0)
    found = []
    for worth in (-0.5, 0.5):
        russia.probe_value = worth
        choose(russia, line, parameters(), luck("russia", review=1.0))
        found.append((russia.limited_chance, russia.renewed_chance, russia.probe_chance))
    assert found[0][:2] == found[1][:2]
    assert found[0][2] < found[1][2]


@pytest.mark.parametrize("names", [("comply", "limited"), ("comply", "probe")])
def test_kyiv_chooses_by_the_same_law(names):
    ukraine = SimpleNamespace(act=0.0, probe_value=0.0, limited_value=0.0)
    ukraine.limited_value = 0.5 if "limited" in names else -0.5
    ukraine.probe_value = 0.5 if "probe" in names else -0.5
    line = SimpleNamespace(status=0.0, trust=0.0)
    dare(ukraine, line, parameters(choice__precision=1e9), luck("ukraine", review=1.0))
    assert (ukraine.probe_chance > 0.999, ukraine.limited_chance > 0.999) == ("probe" in names, "limited" in names)
    dare(ukraine, line, parameters(choice__precision=1e-12), luck("ukraine", review=1.0))
    assert (ukraine.probe_chance, ukraine.limited_chance) == pytest.approx((1 / 4, 1 / 2))


@given(one=STRENGTHS, other=STRENGTHS, advantage=st.floats(1.0, 4.0), times=st.floats(1.1, 5.0))
def test_contest_obeys_the_linear_and_the_square_law(one, other, advantage, times):
    for square, power in ((0.0, 1), (1.0, 2)):
        chance = contest(one, other, advantage, square)
        assert chance / (1.0 - chance) == pytest.approx((one / other) ** power / advantage)
        more = contest(times * one, other, advantage, square)
        assert more / (1.0 - more) == pytest.approx(times**power * chance / (1.0 - chance))
        # Lanchester: what numbers times over do, an advantage of that power undoes.
        assert contest(times * one, other, advantage * times**power, square) == pytest.approx(chance)


@given(strength=STRENGTHS, ukraine=STRENGTHS, troops=st.floats(0.0, 200.0), square=st.booleans())
def test_troops_beside_ukraine_count_as_ukraines_own(strength, ukraine, troops, square):
    p = parameters(theories__contest_square=square)
    line = SimpleNamespace(fortification=0.4)
    beside = full_odds(strength, ukraine, troops, line, p)
    assert beside == full_odds(strength, ukraine + troops, 0.0, line, p)
    assert beside <= full_odds(strength, ukraine, 0.0, line, p)


@given(ours=st.floats(1.0, 5.0), theirs=st.floats(1.0, 5.0), riding=st.floats(0.0, 0.5), step=st.floats(0.01, 1.0))
def test_the_reaction_slope_of_free_riding(ours, theirs, riding, step):
    """What the others spend more lowers the wanted share by `free_riding` a point, if nobody presses."""
    p = parameters(spending__free_riding=riding, guarantee__pressure=0.0)
    here = after({}, 1)
    france = state(here, "FRA")
    france.defence, here.europe.defence = ours, theirs
    before = desired_share(france, here.us, here.europe, p)
    here.europe.defence = theirs + step
    slope = (desired_share(france, here.us, here.europe, p) - before) / step
    assert slope == pytest.approx(-riding, abs=1e-9)


@given(share=SHARES, prior=st.floats(1.0, 10.0), structural=SHARES)
def test_belief_converges_to_the_share_of_answered_probes_if_nothing_is_forgotten(share, prior, structural):
    here = after(LEVERS, 1)
    p = parameters(russia__memory=1e12, russia__prior=prior)
    russia = here.russia
    answered = unanswered = 0.0
    for lessons, near in ((100.0, 0.1), (1e4, 1e-3), (1e7, 1e-5)):
        answered, unanswered = share * lessons, (1.0 - share) * lessons
        russia.answered, russia.unanswered = answered, unanswered
        believe(russia, here.force, here.europe, p)
        assert russia.belief == pytest.approx(share, abs=near)
        expected = (prior * russia.structural + answered) / (prior + lessons)
        assert russia.belief == pytest.approx(expected)


def test_forgotten_lessons_leave_what_stands_there():
    here = after(LEVERS, 30)
    p = parameters(russia__memory=1.0)
    here.russia.answered, here.russia.unanswered = 10.0, 0.0
    gaps = []
    for _ in range(60):
        believe(here.russia, here.force, here.europe, p)
        gaps.append(here.russia.belief - here.russia.structural)
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 0.05
    assert gaps[-1] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    "changed",
    [
        {"force.weight": "light"},
        {"force.place": "line"},
        {"force.place": "cities"},
        {"force.doctrine": "withdraw"},
        {"force.doctrine": "escalate"},
        {"command.form": "eu"},
        {"command.form": "un"},
        {"command.predelegation": 1.0},
        {"force.deployment": "imposed"},
        {"force.tour": 8.0, "force.mandate": 5.0},
    ],
)
def test_a_force_of_nobody_is_the_baseline_bit_for_bit(changed):
    for nothing, plain in zip(play({"force.size": 0} | changed, 3), play({}, 3), strict=True):
        assert nothing.series == plain.series
        assert nothing.outcomes == plain.outcomes


def test_a_force_that_never_gets_its_mandate_ends_no_ceasefire_and_kills_nobody():
    here = after(LEVERS, 0)
    here.force.asked = 0.0
    while here.running:
        here.step()
    assert here.force.peak == here.force.cost == here.force.dead == here.line.direct_combat == 0.0


def test_nobody_dies_where_nobody_shoots():
    here = after({}, 5)
    before = here.russia.dead, here.ukraine.dead
    here.line.deaths = here.line.violations_russia = here.line.violations_ukraine = 0.0
    here.line.status = float(Status.HOLDING)
    bleed(here.line, here.russia, here.ukraine, here.parameters, luck("line", deaths=1.0 - 1e-12))
    assert (here.russia.dead, here.ukraine.dead, here.line.deaths) == (*before, 0.0)
    here.force.troops = 0.0
    bury_force(here.force, 1e6, 0.999, here.parameters)
    assert here.force.dead == 0.0


def test_in_runs_the_dead_fall_only_in_fire():
    for run in play(LEVERS, 8):
        series = run.series
        shot = [
            violations > 0.0 or act >= Act.LIMITED or status == Status.LIMITED_WAR
            for violations, act, status in zip(
                series["violations"], series["act_russia"], series["status"], strict=True
            )
        ]
        for deaths, fire in zip(series["deaths"], shot, strict=True):
            assert deaths == 0.0 or fire
        assert sum(series["deaths"]) == pytest.approx(run.outcomes["deaths"] - run.outcomes["deaths_force"])


@given(st.floats(0.1, 500.0))
def test_half_lives_halve(weeks):
    kept = 1.0
    whole = math.floor(weeks)
    for _ in range(whole):
        kept *= half_life_keep(weeks)
    assert kept == pytest.approx(0.5 ** (whole / weeks))


def test_the_half_lives_of_the_rules_are_those_of_the_register():
    """Heat, the envoys' readiness, rallies, alarm, hardship and lessons all halve when they should."""
    here = after({"guarantee.form": "ratified"}, 30)
    p = here.parameters
    france: State = state(here, "FRA")
    weeks = {
        "rally": value("opinion.rally_half_life"),
        "alarm": value("threat.alarm_half_life"),
        "answered": value("russia.memory"),
    }
    france.rally, here.line.alarm, here.russia.answered = 6.0, 1.0, 4.0
    france.contributing = 0.0
    here.russia.act = float(Act.COMPLY)
    first = {"rally": 6.0, "alarm": 1.0, "answered": 4.0}
    for week in range(1, 200):
        france.sway(here.force, p, luck("state"))
        here.line.loom(here.russia, p)
        believe(here.russia, here.force, here.europe, p)
        now = {"rally": france.rally, "alarm": here.line.alarm, "answered": here.russia.answered}
        for name, half in weeks.items():
            if week == half:
                assert now[name] == pytest.approx(0.5 * first[name])
    assert all(half == int(half) < 200 for half in weeks.values())


def test_deterrence_counts_a_certain_guarantor_in_full():
    """With Washington certain to act, its whole cost falls on a renewed war and its share on a limited one."""
    here = after({"guarantee.form": "ratified"}, 5)
    p = here.parameters
    here.us.belief_russia = here.us.attention = here.us.present = 1.0
    r = p.russia
    full = r.cost_us + r.nuclear_risk * r.catastrophe
    assert moscow(here).fear_us == pytest.approx(full)
    certain = here.russia.renewed_value, here.russia.limited_value
    here.us.belief_russia = 0.0
    nobody = moscow(here).renewed_value, here.russia.limited_value
    assert nobody[0] - certain[0] == pytest.approx(full / here.russia.resolve)
    assert nobody[1] - certain[1] == pytest.approx(r.limited_share * full / here.russia.resolve)
