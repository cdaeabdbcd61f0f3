"""S19 to S24 of the source article, as test_systems.py does for S1 to S12."""

from statistics import fmean

import pytest
from playing import LEVERS, after, ends, luck, mean, mean_week, moscow, parameters, play, state

from model.register import load_register
from model.rules.guarantee import belief_in_form, will_of_form
from model.rules.spending import desired_share
from model.terms import Act, Breaker, Guarantee, Status

IMPOSED = LEVERS | {"force.deployment": "imposed"}
ODD = [(2 * number + 1) / 400 for number in range(200)]  # an even grid of luck


def test_s19_stronger_forms_bind_and_deter_more():
    p = parameters()
    forms = list(Guarantee)
    assert [will_of_form(form, p) for form in forms] == sorted(will_of_form(form, p) for form in forms)
    assert [belief_in_form(form, p) for form in forms] == sorted(belief_in_form(form, p) for form in forms)
    chances = []
    for form in load_register()["guarantee.form"].options:
        here = after({"guarantee.form": form, "force.size": 25_000, "force.deployment": "imposed"}, 40)
        here.force.effective = 15.0
        chances.append(moscow(here).renewed_chance)
    assert chances[0] == max(chances)
    assert chances == sorted(chances, reverse=True)


def test_s19_belief_and_true_will_are_two_things():
    here = after({"guarantee.form": "ratified", "guarantee.noise": 0.002}, 1)
    here.us.belief_russia, here.us.will, here.us.envoy = 0.2, 0.8, 0.0
    beliefs = []
    for _ in range(300):
        here.us.judge(here.parameters, luck("us"))
        beliefs.append(here.us.belief_russia)
    assert beliefs == sorted(beliefs)
    assert beliefs[0] < 0.25
    assert beliefs[-1] == pytest.approx(0.8, abs=0.02)
    fear = [moscow(here).fear_us]
    here.us.will = here.us.readiness = 0.0  # nobody has noticed yet
    assert moscow(here).fear_us == fear[0]


def test_s19_without_a_backstop_fewer_join():
    ask = {"roster": "europe", "force.size": 150_000, "weeks": 104}
    alone, covered = (play(ask | {"guarantee.form": form}, 10) for form in ("none", "backstop"))
    assert all(
        more.outcomes["contributors_peak"] >= less.outcomes["contributors_peak"]
        for less, more in zip(alone, covered, strict=True)
    )
    assert mean(alone, "contributors_peak") < 0.8 * mean(covered, "contributors_peak")
    assert mean(alone, "troops_peak") < mean(covered, "troops_peak")


def test_s20_atlanticists_heed_washington_more_and_nobody_once_it_has_left():
    here = after({"guarantee.pressure": 1.0, "guarantee.demand": 5.0}, 10)
    britain, p = state(here, "GBR"), here.parameters
    silent = parameters(guarantee__pressure=0.0)

    def heeded(position):
        britain.position = position
        return desired_share(britain, here.us, here.europe, p) - desired_share(britain, here.us, here.europe, silent)

    assert heeded(0.0) > heeded(0.5) > heeded(1.0) == 0.0
    here.us.present = 0.0
    assert heeded(0.0) == 0.0


@pytest.mark.parametrize(("keeps", "effort_keeps"), [(True, True), (False, False)])
def test_s20_effort_decides_whether_washington_stays(keeps, effort_keeps):
    def leaves(burden):
        gone = []
        for u in ODD:
            here = washington
            here.us.present, here.us.burden, here.us.regime = 1.0, burden, 0.0
            here.us.turn_away(here.line, here.parameters, luck("us", exit=u / 100.0))
            gone.append(1.0 - here.us.present)
        return fmean(gone)

    washington = after({"theories.burden_keeps_us": keeps}, 5)
    assert (leaves(4.0) < leaves(1.5)) == effort_keeps
    assert leaves(4.0) != leaves(1.5)


def test_s21_what_a_visit_lends_decays_by_its_half_life():
    here = after({"envoys.visits": 12.0, "envoys.half_life": 13.0, "guarantee.form": "ratified"}, 1)
    britain, p = state(here, "GBR"), here.parameters
    here.us.envoy, here.us.attention = 0.0, 0.5
    britain.visit(here.us, p, luck("state", envoy=0.0))
    lent = here.us.envoy
    assert 0.0 < lent <= ends("envoys.effect")[1]
    assert here.us.attention > 0.5
    for _ in range(13):
        here.us.waver(here.europe, here.force, p, luck("us", attention=1.0))
    assert here.us.envoy == pytest.approx(0.5 * lent)


def test_s21_envoys_win_ear_and_readiness_while_washington_is_there():
    low, high = ends("envoys.visits")
    treaty = {"guarantee.form": "ratified", "weeks": 104}
    none, many = (play(treaty | {"envoys.visits": visits}, 10) for visits in (low, high))
    assert mean_week(many, "attention") > mean_week(none, "attention")
    assert mean_week(many, "guarantee_will") > mean_week(none, "guarantee_will")
    assert mean_week(many, "belief_russia", 52) > mean_week(none, "belief_russia", 52)
    here = after({"envoys.visits": high}, 5)
    here.us.present, here.us.envoy = 0.0, 0.0
    state(here, "GBR").visit(here.us, here.parameters, luck("state", envoy=0.0))
    assert here.us.envoy == 0.0


def test_s22_distrust_of_washington_moves_europe_towards_autonomy_and_joint_buying():
    positions = []
    for trust in (0.8, 0.0):
        here = after({}, 5)
        here.us.belief_europe = trust
        for each in here.states:
            each.take_position(here.us, here.parameters)
        here.europe.bargain(here.states, here.parameters)
        positions.append((here.europe.position, here.europe.joint_share))
    assert positions[1][0] > positions[0][0]
    assert positions[1][1] > positions[0][1]
    low, high = (play({"states.DEU.orientation": each, "weeks": 60}, 4) for each in (0.1, 0.9))
    assert mean(high, "position") > mean(low, "position")
    assert all(run.world.europe.joint_share > 0.0 for run in high)


def test_s23_when_washington_turns_away_europe_hedges_spends_and_loses_enablers():
    stays = LEVERS | {"guarantee.form": "ratified", "guarantee.exit_rate": ends("guarantee.exit_rate")[0]}
    left, kept = play(stays | {"guarantee.exit_week": 52}, 8), play(stays, 8)
    for run in left:
        if run.world.line.week > 60:
            assert run.outcomes["exit_week"] == 52.0
            assert run.outcomes["guarantee_form"] == Guarantee.NONE
            assert run.world.us.enablers < 0.3
    for name, sign in (("belief_russia", -1), ("belief_europe", -1), ("defence_share", 1), ("p_renewed", 1)):
        assert sign * (mean_week(left, name, 156) - mean_week(kept, name, 156)) > 0.0
    assert mean(left, "position") > mean(kept, "position")


def test_s23_rearmament_stands_in_for_american_enablers():
    def worth(capability):
        here = after(IMPOSED, 40)
        here.us.enablers, here.europe.capability = 0.0, capability
        here.force.take_stock(here.us, here.europe, here.line, here.parameters)
        return here.force.effective

    assert worth(1.0) < worth(1.3) < worth(1.6)


def test_s24_undisciplined_lines_shoot_more_and_die_sooner():
    low, high = (play({"violations.breeding": end}, 15) for end in ends("violations.breeding"))
    assert mean(high, "violations_per_week") > mean(low, "violations_per_week")
    assert mean(high, "weeks_held") < mean(low, "weeks_held")
    assert mean(high, "consolidated") < mean(low, "consolidated")


def test_s24_agreements_restrain_where_they_matter():
    strong = {"agreement.monitors": 1.0, "agreement.verification": 1.0, "agreement.zone": 1.0}
    weak = dict.fromkeys(strong, 0.0)
    bare, full = play(weak, 15), play(strong, 15)
    assert mean(full, "violations_per_week") < mean(bare, "violations_per_week")
    assert mean(full, "weeks_held") > mean(bare, "weeks_held")
    off = {"theories.agreements_matter": False, "weeks": 30}
    seen = {"agreement.verification": 1.0, "agreement.zone": 1.0}
    assert play(weak | off, 1)[0].outcomes == play(weak | seen | off, 1)[0].outcomes


def test_s24_a_recommitment_calms_and_fades():
    left = {}
    for verification in (0.0, 1.0):
        here = after({"agreement.verification": verification}, 60)
        here.line.heat, shot = 1.0, []
        for calm in (0.0, 1.0):
            here.line.calm, here.line.excitation = calm, 0.0
            here.line.shoot(here.russia, here.ukraine, here.force, here.parameters, luck("line"))
            shot.append(here.line.violations_russia + here.line.violations_ukraine)
        left[verification] = shot[1] / shot[0]
        here.line.calm = 1.0
        here.line.simmer(here.russia, here.ukraine, here.parameters)
        assert 0.0 < here.line.calm < 1.0
    assert left[1.0] < 0.2 < left[0.0] < 0.8  # a promise that nobody verifies silences a part alone


def test_s24_a_repelled_attack_that_ends_the_ceasefire_is_russias_doing():
    here = after({}, 30)
    here.line.collapse, here.line.status = 0.0, float(Status.HOLDING)
    here.russia.act = float(Act.LIMITED)
    here.line.open_week(here.force)
    it = (here.ukraine, here.us, here.force, here.institutions, here.line, here.parameters)
    here.russia.meet_attack(*it, luck("crisis", battle=0.999, deaths=0.999))
    assert here.line.deaths > here.parameters.crisis.spiral_deaths
    here.line.spin_out(here.russia, here.ukraine, here.parameters)
    assert here.line.broken_by in {Breaker.NOBODY, Breaker.RUSSIA}
