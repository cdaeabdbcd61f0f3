"""Russia: its strength, what it believes, what each option is worth to it, and its choice."""

import math
from collections.abc import Sequence

from model.actors import Europe, Force, Institution, Line, Russia, RussiaLuck, Ukraine, UnitedStates
from model.register import Parameters
from model.rules.choice import pull
from model.rules.command import crisis_consent, typical_activation
from model.rules.deployment import exposed, quality
from model.rules.guarantee import american_fear
from model.rules.maths import contest, half_life_keep, happens, lognormal_mean_one, phi
from model.rules.theatre import closeness, rested, stakes, tolerance
from model.rules.violations import surprise_left
from model.terms import Act, Commitment, Doctrine, Place, Status


def settle_type(russia: Russia, p: Parameters, luck: RussiaLuck) -> None:
    """Draw what only Moscow knows, once a run: how much it wants Ukraine, how much cost it bears (Fearon 1995)."""
    russia.strength = p.russia.strength_full * closeness(p) * rested(p)
    russia.stakes = stakes(p) * lognormal_mean_one(luck.stakes, p.russia.stakes_spread)
    russia.resolve = tolerance(p) * lognormal_mean_one(luck.resolve, p.russia.resolve_spread)


def regenerate(russia: Russia, p: Parameters) -> None:
    """Rebuild effective strength (thousand) towards its full level, with the reconstitution time (years)."""
    r = p.russia
    full = r.strength_full * closeness(p)
    russia.strength = russia.strength + (full - russia.strength) / (r.reconstitution * p.calendar.weeks_per_year)


def structural_belief(force: Force, europe: Europe, p: Parameters) -> float:
    """Chance (0 to 1) that Europe fights, judged by what stands there: tying hands, not sunk costs.

    Denial: troops that change the outcome make fighting worth while (Slantchev 2005; Reiter & Poast 2021).
    Tripwire, as a switch: expected dead commit (Schelling 1966). A treaty adds audience costs where alliances
    deter (Johnson & Leeds 2011) and not where they do not (Kenwick & Vasquez 2017).
    """
    r = p.russia
    d = p.force.doctrine
    index = r.response_base + r.response_unity * (europe.unity - 0.5)
    index = index + r.response_denial * force.effective / (force.effective + r.response_half)
    if p.theories.tripwire == 1.0:
        killed = exposed(force, p) * r.tripwire_dead
        index = index + r.response_tripwire * math.log(1.0 + killed) / math.log(p.opinion.casualty_fold)
    if p.force.commitment == Commitment.TREATY and p.theories.alliances_deter == 1.0:
        index = index + r.response_treaty
    if force.troops > 0.0:
        index = index + r.response_nuclear * force.nuclear
        if d == Doctrine.WITHDRAW:
            index = index - r.response_withdraw
        elif d == Doctrine.FIGHT:
            index = index + r.response_fight
        elif d == Doctrine.ESCALATE:
            index = index + r.response_escalate
    return phi(index)


def believe(russia: Russia, force: Force, europe: Europe, p: Parameters) -> None:
    """Set the belief that Europe answers: structure as prior, probes as evidence, slowly forgotten (Beta learning).

    Salami tactics follow: an unanswered probe makes the next more tempting.
    """
    r = p.russia
    keep = half_life_keep(r.memory)
    russia.answered = russia.answered * keep
    russia.unanswered = russia.unanswered * keep
    russia.structural = structural_belief(force, europe, p)
    seen = russia.answered + russia.unanswered
    russia.belief = (r.prior * russia.structural + russia.answered) / (r.prior + seen)


def comes_to_help(p: Parameters) -> float:
    """Chance (0 to 1) that a force off the line joins in against a limited attack, once agreed and in time.

    The doctrine decides: a force told to hold fights only if the attack comes its way; none moves out of cities.
    """
    if p.force.place == Place.CITIES or p.force.doctrine == Doctrine.WITHDRAW:
        return 0.0
    if p.force.doctrine == Doctrine.HOLD:
        return p.crisis.drawn_in
    return 1.0


def stands_in_battle(p: Parameters) -> float:
    """Share of the force's worth (0 to 1) that Russia must reckon with in a renewed war, by its doctrine."""
    if p.force.doctrine == Doctrine.WITHDRAW:
        return 0.0
    if p.force.doctrine == Doctrine.HOLD:
        return p.crisis.self_defence
    return 1.0


def reach_in_time(chosen: Institution, force: Force, p: Parameters) -> float:
    """Chance (0 to 1), as seen by Russia, that the force reaches the fight before the land is taken (Altman 2018).

    Nobody comes from home in time for that.
    """
    c = p.crisis
    if force.troops <= 0.0:
        return 0.0
    if p.force.place == Place.LINE:
        return 1.0
    days = typical_activation(chosen.kind, crisis_consent(chosen, p), p)
    return comes_to_help(p) * phi(math.log(c.seize_days / days) / c.seize_spread)


def local_odds(russia: Russia, ukraine: Ukraine, force: Force, line: Line, helped: float, p: Parameters) -> float:
    """Chance that a limited attack takes its ground, given the share of the force that comes to help (0 to 1)."""
    r = p.russia
    density = r.local_share if p.force.place == Place.LINE else r.reserve_share
    defender = ukraine.strength * r.local_share + helped * density * force.effective
    advantage = r.defence_advantage + r.fortification * line.fortification
    massed = russia.strength * r.concentration * surprise_left(p)
    return contest(massed, defender, advantage, p.theories.contest_square)


def full_odds(strength: float, ukraine: float, force: float, line: Line, p: Parameters) -> float:
    """Chance to win a renewed war, for given effective strengths (thousand)."""
    r = p.russia
    advantage = r.defence_advantage + r.fortification * line.fortification
    return contest(strength * surprise_left(p), ukraine + force, advantage, p.theories.contest_square)


def look_ahead(russia: Russia, ukraine: Ukraine, force: Force, europe: Europe, line: Line, p: Parameters) -> float:
    """Push of a closing window: today's odds of a renewed war less those a year ahead (Powell 2006).

    Europe's rearmament and troops still on their way close it; Russia's own recovery opens it.
    """
    r = p.russia
    horizon = 1.0 / r.reconstitution
    full = r.strength_full * closeness(p)
    later = russia.strength + (full - russia.strength) * (1.0 - math.exp(-horizon))
    each = force.effective / force.present if force.present > 0.0 else quality(p) / p.calendar.thousand
    each = each * stands_in_battle(p)
    coming = max(force.troops, force.pledged * force.authorised) * each
    relief = r.rearmament_relief * europe.capability_trend * ukraine.strength
    fixed = full_odds(later, ukraine.strength + max(0.0, relief), coming, line, p)
    now = full_odds(russia.strength, ukraine.strength, force.effective * stands_in_battle(p), line, p)
    return r.window * (now - fixed)


def weigh(
    russia: Russia,
    ukraine: Ukraine,
    us: UnitedStates,
    force: Force,
    europe: Europe,
    line: Line,
    institutions: Sequence[Institution],
    p: Parameters,
) -> None:
    """Set the utility of each option (renewed war won outright and at average stakes is worth 1).

    U(a) = p_a V_a - c_a - P_eur(a) K_eur - G K_us - r_a N + window (Signorino 1999; Fearon 1995; Powell 2006;
    Slantchev 2011). Europe fights by its doctrine, on the scale of what it has; the force must arrive in time.
    """
    r = p.russia
    theories = p.theories
    chosen = institutions[int(p.command.form)]
    fights = russia.belief if force.troops > 0.0 else russia.belief * r.response_from_afar
    american = american_fear(us, force, russia, p)
    timely = fights * reach_in_time(chosen, force, p)
    helpless = local_odds(russia, ukraine, force, line, 0.0, p)
    helped = local_odds(russia, ukraine, force, line, stands_in_battle(p), p)
    russia.win_limited = helpless + timely * (helped - helpless)
    alone = full_odds(russia.strength, ukraine.strength, 0.0, line, p)
    committed = force.effective * stands_in_battle(p)
    together = full_odds(russia.strength, ukraine.strength, committed, line, p)
    russia.win_full = alone + fights * (together - alone)
    # From home nobody comes in the days of a limited attack; a small clash risks less than a large one.
    there = committed / r.cost_scale
    mass = there + r.reinforcement * europe.capability / r.cost_scale
    catastrophe = r.nuclear_risk * r.catastrophe
    russia.fear_europe = fights * (r.cost_europe * mass + catastrophe)
    russia.fear_us = american * (r.cost_us + catastrophe)
    russia.window = look_ahead(russia, ukraine, force, europe, line, p)
    provoked = 0.0
    if theories.troops_provoke == 1.0:
        provoked = r.provocation * force.troops / p.calendar.hundred_thousand
    russia.comply_value = r.peace + p.ceasefire.trust_worth * line.trust - provoked
    soft = exposed(force, p) * (1.0 - p.force.weight) / (exposed(force, p) + r.soft_half)
    russia.probe_value = (
        r.probe_gain * russia.stakes
        + r.leverage * soft
        - r.probe_cost * russia.belief / russia.resolve
        - r.probe_us * american
    )
    russia.limited_value = (
        russia.stakes * r.limited_prize * russia.win_limited
        - (r.limited_cost + timely * there * (r.cost_europe + catastrophe) + r.limited_share * russia.fear_us)
        / russia.resolve
        + r.limited_share * max(0.0, russia.window)
    )
    russia.renewed_value = (
        russia.stakes * russia.win_full
        - (r.renewed_cost + russia.fear_europe + russia.fear_us) / russia.resolve
        + russia.window
    )


def choose(russia: Russia, line: Line, p: Parameters, luck: RussiaLuck) -> None:
    """Choose by quantal response when policy is reviewed: war or peace first, then the posture within peace.

    An attack is weighed against the settlement itself, not against the week's harassment: otherwise a force
    that invites probing would seem to avert attacks, and one that stops probing to invite them. Between reviews
    a posture goes on. One uniform number orders the options from peace to war, so that luck means the same in
    every scenario.
    """
    top = russia.comply_value
    limited = pull(russia.limited_value - top, p)
    renewed = pull(russia.renewed_value - top, p)
    probe = pull(russia.probe_value - top, p)
    whole = 1.0 + limited + renewed
    russia.limited_chance = limited / whole
    russia.renewed_chance = renewed / whole
    russia.probe_chance = (1.0 / whole) * probe / (1.0 + probe)
    if not happens(luck.review, 1.0 / p.russia.review):
        russia.act = float(Act.PROBE) if russia.act >= Act.PROBE else float(Act.COMPLY)
    elif luck.choice >= 1.0 - russia.renewed_chance:
        russia.act = float(Act.RENEWED)
    elif luck.choice >= 1.0 - russia.renewed_chance - russia.limited_chance:
        russia.act = float(Act.LIMITED)
    elif luck.choice >= 1.0 - russia.renewed_chance - russia.limited_chance - russia.probe_chance:
        russia.act = float(Act.PROBE)
    else:
        russia.act = float(Act.COMPLY)
    if line.status == Status.LIMITED_WAR and russia.act != Act.RENEWED:
        russia.act = float(Act.COMPLY)
