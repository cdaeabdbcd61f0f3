"""S13 to S18 of the source article, as test_systems.py does for S1 to S12."""

import math
from statistics import fmean

import pytest
from playing import LEVERS, after, ends, luck, mean, mean_week, moscow, parameters, play, state, value, watch

from model.rules.command import activation_days, crisis_consent, setup_weeks, typical_activation
from model.rules.crisis import answer_chance
from model.rules.opinion import sway
from model.rules.russia import reach_in_time
from model.rules.spending import desired_share
from model.terms import Act, Command, Status

IMPOSED = LEVERS | {"force.deployment": "imposed"}
ODD = [(2 * number + 1) / 400 for number in range(200)]  # an even grid of luck


def test_s13_handovers_leave_a_gap_that_russia_sees():
    gap = ends("force.handover_gap")[1]
    here = after(IMPOSED | {"force.handover_gap": gap}, 40)

    def looked(due):
        here.force.turning, here.force.next_rotation = 0.0, here.line.week + (0.0 if due else 1.0)
        here.force.hand_over(here.line, here.parameters)
        here.force.take_stock(here.us, here.europe, here.line, here.parameters)
        return here.force.present, here.force.effective, moscow(here).win_full

    on_duty, worth, odds = looked(due=False)
    assert on_duty == here.force.troops > 0.0
    present, left, better_odds = looked(due=True)
    assert present == pytest.approx(on_duty * (1.0 - gap))
    assert left == pytest.approx(worth * (1.0 - gap))
    assert better_odds > odds


def test_s13_handovers_come_round_with_every_tour():
    def turning(tour):
        settings = IMPOSED | {"force.tour": tour, "weeks": 120}
        return watch(settings, lambda here: here.force.present < here.force.troops, 120)[30:]

    assert 0 < sum(turning(40)) < sum(turning(10)) < 90


def test_s13_long_missions_tire_and_tired_forces_are_worth_less():
    for name, sign in (("force.tiring", 1.0), ("force.healing", -1.0)):
        low, high = (after(IMPOSED | {name: end}, 150) for end in ends(name))
        assert sign * (high.force.fatigue - low.force.fatigue) > 0.0
        assert sign * (high.force.effective - low.force.effective) < 0.0
    fatigue = watch(IMPOSED | {"weeks": 150}, lambda here: here.force.fatigue, 150)
    assert fatigue[149] > fatigue[60] > fatigue[25] > 0.0


def test_s13_a_mandate_that_is_not_renewed_brings_the_force_home():
    here = after(LEVERS, 40)
    assert here.force.troops > 0.0
    it = (here.institutions, here.line, here.parameters)
    here.force.authorise(*it, luck("council", renewal=1.0))
    assert here.force.authorised == 1.0  # it has not expired
    here.line.week = math.ceil(here.force.mandate_end)
    here.force.authorise(*it, luck("council", renewal=1.0))
    assert here.force.authorised == 0.0
    for _ in range(math.ceil(value("force.leaving_weeks")) + 1):
        for each in here.states:
            each.move_troops(here.force, here.line, here.parameters)
        here.force.count(here.states)
    assert here.force.troops == 0.0


def test_s13_short_mandates_lose_time_under_a_divided_command():
    divided = LEVERS | {"roster": "europe", "command.form": "eu", "weeks": 260}
    short, long = (play(divided | {"force.mandate": years}, 10) for years in (0.25, 20.0))
    assert mean(short, "troop_years") < mean(long, "troop_years")


def test_s14_slower_commands_set_up_and_act_later():
    here = after(IMPOSED, 40)
    p = here.parameters
    order = (Command.LEAD_NATION, Command.NATO, Command.EU, Command.UN)
    for u in (0.1, 0.5, 0.9):
        setups = [setup_weeks(command, u, p) for command in order]
        acting = [activation_days(here.institutions[command], u, p) for command in order]
        assert setups == sorted(set(setups))
        assert acting == sorted(set(acting))
    reach = [reach_in_time(here.institutions[command], here.force, p) for command in order]
    assert reach == sorted(set(reach), reverse=True)


def test_s14_the_union_arrives_later_and_russia_gains_by_it():
    ready = LEVERS | {"roster": "europe", "force.doctrine": "fight", "weeks": 130}
    lead, union = (play(ready | {"command.form": command}, 12) for command in ("lead_nation", "eu"))
    assert mean(union, "weeks_to_deployment") > mean(lead, "weeks_to_deployment")
    assert mean(union, "troop_years") < mean(lead, "troop_years")
    chances = []
    for command in ("lead_nation", "eu"):
        here = after(IMPOSED | {"force.doctrine": "fight", "command.form": command}, 60)
        here.force.effective, here.force.troops = 20.0, 20_000.0
        chances.append(moscow(here).limited_value)
    assert chances[1] > chances[0]


def test_s14_moscow_never_lets_the_un_enforce():
    here = after(LEVERS | {"command.form": "un"}, 10)
    un = here.institutions[Command.UN]
    assert crisis_consent(un, here.parameters) < 0.05
    others = [crisis_consent(each, here.parameters) for each in here.institutions if each is not un]
    assert min(others) > 0.3
    before = un.consent
    un.seek_consent(here.states, here.europe, here.us, parameters(force__doctrine="fight"))
    assert un.consent < 0.1 * before


def test_s14_predelegation_saves_time_to_decide_but_not_to_move():
    slow, fast = parameters(command__predelegation=0.0), parameters(command__predelegation=1.0)
    for command in Command:
        days = [typical_activation(command, 0.5, p) for p in (slow, fast)]
        assert days[1] < days[0]
        assert days[1] == typical_activation(command, 1.0, fast) > 0.0


def fought(doctrine, act, name, luck_name, place="reserve"):
    """Share of attacks, over an even grid of one purpose's luck, after which a flag of the line is up."""
    here = after(IMPOSED | {"force.doctrine": doctrine, "force.place": place}, 40)
    flags = []
    for u in ODD:
        here.line.direct_combat = here.line.wider_war = 0.0
        here.line.status = float(Status.HOLDING)
        here.russia.act = float(act)
        it = (here.ukraine, here.us, here.force, here.institutions, here.line, here.parameters)
        here.russia.meet_attack(*it, luck("crisis", activation=0.2, seize=0.8, **{"us": 1.0, luck_name: u}))
        flags.append(getattr(here.line, name))
    return fmean(flags)


@pytest.mark.parametrize("act", [Act.LIMITED, Act.RENEWED])
def test_s15_the_doctrine_orders_direct_combat(act):
    withdraw, hold, fight, escalate = (
        fought(doctrine, act, "direct_combat", "drawn" if act == Act.LIMITED else "go")
        for doctrine in ("withdraw", "hold", "fight", "escalate")
    )
    assert withdraw == 0.0
    assert 0.0 < hold <= fight == escalate
    if act == Act.LIMITED:
        assert hold < fight


@pytest.mark.parametrize("act", [Act.LIMITED, Act.RENEWED])
@pytest.mark.parametrize("place", ["line", "reserve"])
def test_s15_the_doctrine_orders_wider_war(place, act):
    withdraw, hold, fight, escalate = (
        fought(doctrine, act, "wider_war", "wider", place) for doctrine in ("withdraw", "hold", "fight", "escalate")
    )
    assert withdraw == 0.0
    assert hold <= fight < escalate


def test_s15_a_doctrine_to_withdraw_leaves_when_the_line_breaks():
    for doctrine in ("withdraw", "hold"):
        here = after(IMPOSED | {"force.doctrine": doctrine}, 40)
        before = here.force.troops
        here.line.status = float(Status.LIMITED_WAR)
        for each in here.states:
            each.move_troops(here.force, here.line, here.parameters)
        here.force.count(here.states)
        assert (here.force.troops < before) == (doctrine == "withdraw")


def test_s15_a_bolder_doctrine_answers_more_probes():
    answers = []
    for doctrine in ("withdraw", "hold", "fight", "escalate"):
        here = after(IMPOSED | {"force.doctrine": doctrine}, 40)
        answers.append(answer_chance(here.force, here.europe, here.us, here.parameters))
    assert answers == sorted(set(answers))
    few, many = (play(IMPOSED | {"force.doctrine": doctrine}, 15) for doctrine in ("withdraw", "escalate"))
    assert mean(many, "probes_answered") / mean(many, "probes") > mean(few, "probes_answered") / mean(few, "probes")


def test_s16_own_dead_cost_support_by_the_tenfold_and_success_softens():
    def fall(dead, success=0.0):
        here = after(LEVERS, 30)
        france = state(here, "FRA")
        here.force.success, here.force.attacked = success, 0.0
        france.dead = france.mourned = 0.0
        before = [france.leaning]
        france.dead = dead
        sway(france, here.force, here.parameters, luck("state"))
        return before[0] - france.leaning

    assert fall(9.0) - fall(0.0) == pytest.approx(value("opinion.casualty_effect"))
    assert fall(99.0) - fall(9.0) == pytest.approx(value("opinion.casualty_effect"))
    assert fall(0.0) < fall(9.0, success=1.0) < fall(9.0, success=0.5) < fall(9.0)


def test_s16_italians_who_support_arms_send_more():
    against, agreed = (after({"states.ITA.arms": share}, 1) for share in (29.0, 80.0))
    assert state(agreed, "ITA").aid > state(against, "ITA").aid > 0.0
    assert state(agreed, "FRA").aid == state(against, "FRA").aid
    less, more = (play({"states.ITA.arms": share, "weeks": 60}, 4) for share in (29.0, 80.0))
    assert mean(more, "aid_eur_bn") > mean(less, "aid_eur_bn")


def test_s16_reluctant_publics_send_fewer_and_leave_sooner():
    states = ("GBR", "FRA", "DEU", "ITA", "POL", "ESP", "DNK")
    cold, warm = (play(LEVERS | {f"states.{code}.support": share for code in states}, 12) for share in (30.0, 65.0))
    assert mean(cold, "troop_years") < mean(warm, "troop_years")
    assert mean_week(cold, "contributors", 52) < mean_week(warm, "contributors", 52)


def test_s16_withdrawal_follows_broken_consensus():
    runs = play(LEVERS | {"roster": "europe"}, 12)
    left = sum(run.outcomes["withdrawals"] for run in runs)
    after_consensus = sum(run.outcomes["withdrawals_consensus"] for run in runs)
    assert left >= 10
    assert after_consensus > 0.5 * left
    here = after(LEVERS, 30)
    france = state(here, "FRA")
    france.contributing, france.support = 1.0, 45.0
    hazards = []
    for consensus in (1.0, 0.0):
        france.consensus = consensus
        stays = []
        for u in ODD:
            france.contributing, france.government = 1.0, 0.5
            france.come_home(here.force, here.parameters, luck("state", leave=u / 100.0))
            stays.append(france.contributing)
        hazards.append(1.0 - fmean(stays))
    assert hazards[1] > 2.0 * hazards[0]


def final(settings, name, count=4):
    """Mean final outcome of a few runs that are not cut short by war."""
    return mean(play(settings, count), name)


@pytest.mark.parametrize(
    ("name", "less", "more"),
    [
        ("spending.goal", 0.0, 5.0),
        ("states.GBR.pledge", 2.0, 5.0),
        ("guarantee.pressure", 0.0, 1.0),
        ("guarantee.demand", 2.0, 5.0),
        ("spending.threat_effect", *ends("spending.threat_effect")),
        ("spending.doubt_effect", *ends("spending.doubt_effect")),
    ],
)
def test_s17_s20_what_raises_spending(name, less, more):
    assert final({name: more}, "defence_share") > final({name: less}, "defence_share")


def test_s17_hardship_and_debt_lower_it_and_voters_raise_it():
    here = after({}, 10)
    france, p = state(here, "FRA"), here.parameters

    def wanted(**changed):
        kept = {name: getattr(france, name) for name in changed}
        for name, number in changed.items():
            setattr(france, name, number)
        share = desired_share(france, here.us, here.europe, p)
        for name, number in kept.items():
            setattr(france, name, number)
        return share

    assert wanted(hardship=2.0) < wanted(hardship=-2.0)
    assert wanted(debt=180.0) < wanted(debt=100.0)
    assert wanted(defence_support=70.0) > wanted(defence_support=30.0)
    assert wanted(threat=0.9) > wanted(threat=0.1)


def test_s17_britain_aims_at_more_and_finds_that_hard():
    britain = [state(run.world, "GBR") for run in play({}, 8)]
    assert fmean(each.defence for each in britain) > britain[0].defence_first
    yearly = watch({"weeks": 220}, lambda here: state(here, "GBR").defence, 220)
    steps = [abs(late - early) for early, late in zip(yearly[::52], yearly[52::52], strict=False)]
    assert max(steps) < 1.0  # gradual, as in F6


def test_s18_joint_projects_buy_more_for_the_money_and_later():
    joint, alone = (in_service(share) for share in (1.0, 0.0))
    assert joint[10] < alone[10]
    assert joint[-1] == pytest.approx(alone[-1] * (1.0 + value("procurement.joint_saving")), rel=1e-3)


def in_service(joint):
    """Equipment in service week by week from one year's orders, all joint or all national, if nothing wears."""
    here = after({}, 1)
    p = parameters(procurement__wear=0.0, procurement__joint_delay=ends("procurement.joint_delay")[1])
    france = state(here, "FRA")
    france.stock = france.backlog = france.joint_backlog = 0.0
    here.europe.joint_share = joint
    stock = []
    yearly = france.defence
    for week in range(4000):
        france.defence = yearly if week < 52 else 0.0
        france.procure(here.europe, p)
        stock.append(france.stock)
    return stock


def test_s18_more_joint_buying_moves_capability_in_runs():
    low, high = (play({"procurement.joint_share": end, "weeks": 520}, 6) for end in ends("procurement.joint_share"))
    changed = [more.outcomes["capability"] != less.outcomes["capability"] for less, more in zip(low, high, strict=True)]
    assert all(changed)
