"""A probe or an attack, and the answer: attribution, consent, time, doctrine, the guarantor, the fight."""

from collections.abc import Sequence

from model.actors import CrisisLuck, Europe, Force, Institution, Line, Russia, Ukraine, UnitedStates
from model.register import Parameters
from model.rules.casualties import bury, bury_force
from model.rules.ceasefire import begin_war, strain
from model.rules.command import activation_days, crisis_consent
from model.rules.guarantee import acts
from model.rules.maths import clip, lognormal
from model.rules.russia import comes_to_help, full_odds, local_odds
from model.rules.violations import accuracy
from model.terms import Act, Breaker, Doctrine, Guarantee, Place, Status


def answer_chance(force: Force, europe: Europe, us: UnitedStates, p: Parameters) -> float:
    """Chance (0 to 1) that a probe laid at Russia's door is answered: by doctrine and unity, or from afar."""
    c = p.crisis
    d = p.force.doctrine
    from_afar = c.answer_afar * (1.0 - c.answer_needs_us * (1.0 - us.readiness)) * europe.unity
    if force.troops <= 0.0:
        return from_afar
    if d == Doctrine.WITHDRAW:
        resolve = c.answer_withdraw
    elif d == Doctrine.HOLD:
        resolve = c.answer_hold
    elif d == Doctrine.FIGHT:
        resolve = c.answer_fight
    else:
        resolve = c.answer_escalate
    there = force.effective / (force.effective + c.answer_half)
    return clip(from_afar + resolve * there * europe.unity, 0.0, 1.0)


def teach(russia: Russia, force: Force, answered: bool, lesson: float, p: Parameters) -> None:
    """Let Moscow remember an answer, or none, by the weight of a lesson; publics judge the force's success by it."""
    rate = p.crisis.success_rate
    if answered:
        russia.answered = russia.answered + lesson
        force.success = force.success + rate * (1.0 - force.success)
    else:
        russia.unanswered = russia.unanswered + lesson
        force.success = force.success * (1.0 - rate)


def meet_probe(
    russia: Russia,
    force: Force,
    europe: Europe,
    us: UnitedStates,
    p: Parameters,
    luck: CrisisLuck,
) -> None:
    """Answer a Russian probe or let it pass; either is remembered. In the grey zone nobody can say who did it."""
    if russia.act != Act.PROBE:
        return
    russia.probes = russia.probes + 1.0
    attributed = luck.attributed < accuracy(p)
    answered = attributed and luck.answer < answer_chance(force, europe, us, p)
    if answered:
        russia.probes_answered = russia.probes_answered + 1.0
    teach(russia, force, answered, p.crisis.probe_lesson, p)
    if force.troops > 0.0 and p.force.place == Place.LINE:
        force.attacked = 1.0
        bury_force(force, force.troops * p.casualties.probe_rate, luck.force_deaths, p)


def engages(force: Force, act: float, in_time: bool, agreed: bool, drawn: float, p: Parameters) -> bool:
    """Whether European troops fight: by doctrine, by where they stand, and if agreed and in time.

    Withdraw leaves. All others defend themselves: on the line at once, elsewhere in a renewed war. Against a
    limited attack a force off the line comes to help, if agreed and in time, as its doctrine says.
    """
    if force.troops <= 0.0 or p.force.doctrine == Doctrine.WITHDRAW:
        return False
    if p.force.place == Place.LINE or act == Act.RENEWED:
        return True
    return agreed and in_time and drawn < comes_to_help(p)


def help_share(fights: bool, agreed: bool, p: Parameters) -> float:
    """Share of the force's worth (0 to 1) that helps Ukraine: all if told to fight and agreed, else self-defence."""
    if not fights:
        return 0.0
    if p.force.doctrine >= Doctrine.FIGHT and agreed:
        return 1.0
    return p.crisis.self_defence


def meet_attack(
    russia: Russia,
    ukraine: Ukraine,
    us: UnitedStates,
    force: Force,
    institutions: Sequence[Institution],
    line: Line,
    p: Parameters,
    luck: CrisisLuck,
) -> None:
    """Fight out a Russian attack, limited or full: consent, arrival, the guarantor's choice, the ground, the dead."""
    if russia.act < Act.LIMITED:
        return
    c = p.crisis
    institution = institutions[int(p.command.form)]
    agreed = luck.go < crisis_consent(institution, p)
    arrival = activation_days(institution, luck.activation, p)
    seized = lognormal(luck.seize, c.seize_days, c.seize_spread)
    fights = engages(force, russia.act, arrival < seized, agreed, luck.drawn, p)
    helped = help_share(fights, agreed, p)
    american = luck.us < acts(us, fights or us.form != Guarantee.BACKSTOP, p)
    strength = ukraine.strength
    if american:
        line.us_combat = 1.0
        strength = strength * c.american_weight
    if fights:
        line.direct_combat = 1.0
        force.attacked = 1.0
        share = c.engaged_line if p.force.place == Place.LINE else c.engaged_reserve
        bury_force(force, force.troops * share * p.casualties.battle_rate, luck.force_deaths, p)
        if luck.wider < wider_chance(american, p):
            line.wider_war = 1.0
    elif force.troops > 0.0:
        line.bypassed = line.bypassed + 1.0
    if russia.act == Act.RENEWED:
        begin_war(line, Status.RENEWED_WAR, Breaker.RUSSIA)
        odds = full_odds(russia.strength, strength, helped * force.effective, line, p)
        land = lognormal(luck.territory, c.renewed_land, c.land_spread)
        line.territory = line.territory + (land if luck.battle < odds else land * c.repelled_land)
        mean = p.casualties.renewed_weekly * p.casualties.counted_weeks
        bury(line, russia, ukraine, mean, p.casualties.russian_share, luck.deaths, p)
        return
    russia.limited_attacks = russia.limited_attacks + 1.0
    taken = luck.battle < limited_odds(russia, ukraine, force, line, helped, american, p)
    if taken:
        land = lognormal(luck.territory, c.limited_land, c.land_spread)
        line.territory = line.territory + land
        begin_war(line, Status.LIMITED_WAR, Breaker.RUSSIA)
        bury(line, russia, ukraine, p.casualties.limited_weekly, p.casualties.attacker_share, luck.deaths, p)
    else:
        bury(line, russia, ukraine, p.casualties.repelled, p.casualties.attacker_share, luck.deaths, p)
        strain(line)
    teach(russia, force, fights or american or not taken, c.lesson, p)


def limited_odds(
    russia: Russia, ukraine: Ukraine, force: Force, line: Line, helped: float, american: bool, p: Parameters
) -> float:
    """Chance that a limited attack takes its ground, American air power included."""
    odds = local_odds(russia, ukraine, force, line, helped, p)
    return odds * p.crisis.american_stops if american else odds


def wider_chance(american: bool, p: Parameters) -> float:
    """Chance (0 to 1) that combat between Russia and NATO troops spreads beyond Ukraine."""
    c = p.crisis
    base = c.wider
    if p.force.doctrine == Doctrine.ESCALATE:
        base = base * c.wider_escalate
    if american:
        base = base * c.wider_american
    return clip(base, 0.0, 1.0)


def break_out(ukraine: Ukraine, russia: Russia, line: Line, p: Parameters, luck: CrisisLuck) -> None:
    """Fight out an attack of Ukraine's own, by the measure of a Russian one; it costs goodwill, which is aid."""
    if ukraine.act != Act.LIMITED or russia.act >= Act.LIMITED:
        return
    c = p.crisis
    russian = 1.0 - p.casualties.attacker_share
    ukraine.funding = ukraine.funding * (1.0 - p.ukraine.goodwill_lost)
    if luck.battle < ukraine.win_limited:
        line.territory = line.territory - lognormal(luck.territory, c.limited_land, c.land_spread) * c.raid_land
        begin_war(line, Status.LIMITED_WAR, Breaker.UKRAINE)
        bury(line, russia, ukraine, p.casualties.limited_weekly, russian, luck.deaths, p)
    else:
        bury(line, russia, ukraine, p.casualties.repelled, russian, luck.deaths, p)
        strain(line)


def spin_out(line: Line, russia: Russia, ukraine: Ukraine, p: Parameters) -> None:
    """Tip over: when a week's exchange of fire kills as in open battle, nobody's order ended the ceasefire."""
    if russia.act >= Act.LIMITED or ukraine.act >= Act.LIMITED:
        return
    if line.status == Status.LIMITED_WAR or line.status == Status.RENEWED_WAR:
        return
    if line.deaths >= p.crisis.spiral_deaths:
        begin_war(line, Status.LIMITED_WAR, Breaker.BOTH)
