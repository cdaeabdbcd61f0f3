"""Ukraine: its forces, its confidence, and its own temptation to act."""

import math

from model.actors import Europe, Force, Line, Russia, Ukraine, UkraineLuck, UnitedStates
from model.register import Parameters
from model.rules.choice import pull
from model.rules.maths import clip, contest, happens, lognormal_mean_one
from model.rules.theatre import capacity, dependence, first_confidence, stakes
from model.rules.violations import surprise_left
from model.terms import Act, Status


def settle_strength(ukraine: Ukraine, p: Parameters, luck: UkraineLuck) -> None:
    """Set Ukraine's forces, funding and confidence to the first week; draw what only Kyiv knows, once a run.

    Kyiv's stakes are as private as Moscow's (Fearon 1995): how much the lost land is worth to it.
    """
    u = p.ukraine
    ukraine.capacity = capacity(p)
    ukraine.strength = u.strength_first * ukraine.capacity
    ukraine.stakes = stakes(p) * lognormal_mean_one(luck.stakes, u.stakes_spread)
    ukraine.funding = u.aid_first
    ukraine.aid = u.aid_first
    ukraine.confidence = first_confidence(p)


def arm(ukraine: Ukraine, europe: Europe, us: UnitedStates, line: Line, p: Parameters, luck: UkraineLuck) -> None:
    """Move funding (EUR bn a year) and effective strength (thousand) by a week.

    Aid is lumpy (Kiel: monthly coefficient of variation 0.83, no memory), and American aid ends with the exit.
    Strength relaxes towards what the money sustains, at a square root, and towards what confidence keeps in
    uniform.
    """
    u = p.ukraine
    if line.week >= ukraine.next_delivery:
        ukraine.next_delivery = ukraine.next_delivery + u.delivery
        ukraine.aid = (europe.aid + u.us_aid * us.present) * lognormal_mean_one(luck.aid, u.aid_lumps)
    ukraine.funding = ukraine.funding + (ukraine.aid - ukraine.funding) / u.funding_memory
    paid = math.sqrt((u.own_funding + ukraine.funding) / (u.own_funding + u.aid_needed))
    money = 1.0 + dependence(p) * (paid - 1.0)
    heart = 1.0 + u.confidence_effect * (ukraine.confidence - first_confidence(p))
    target = ukraine.capacity * u.strength_full * clip(money * heart, 0.0, u.most)
    ukraine.strength = ukraine.strength + (target - ukraine.strength) / u.relax


def hope(ukraine: Ukraine, force: Force, us: UnitedStates, europe: Europe, russia: Russia, p: Parameters) -> None:
    """Move confidence (0 to 1): the force says Europe has your back; guarantees and answered probes add to it."""
    u = p.ukraine
    reassurance = force.troops / (force.troops + u.reassured_half)
    answered = russia.answered / (russia.answered + russia.unanswered + p.russia.prior)
    ignored = russia.unanswered / (russia.answered + russia.unanswered + p.russia.prior)
    target = (
        u.confidence_base
        + u.confidence_force * reassurance * (1.0 - u.unity_matters * (1.0 - europe.unity))
        + u.confidence_guarantee * us.readiness
        + u.confidence_answered * answered
        - u.confidence_ignored * ignored
    )
    ukraine.confidence = clip(ukraine.confidence + u.confidence_rate * (target - ukraine.confidence), 0.0, 1.0)


def tempt(ukraine: Ukraine, russia: Russia, us: UnitedStates, force: Force, line: Line, p: Parameters) -> None:
    """Weigh Ukraine's options: comply (0), a local answer in kind, or an attack of its own.

    What it gains: land, or an answer to provocation. What it would lose: aid and the guarantee (restraint);
    a strong guarantee may embolden instead (moral hazard, Benson 2012: a switch). Despair tempts as well.
    """
    u = p.ukraine
    reassured = force.troops / (force.troops + u.reassured_half)
    ukraine.restraint = clip(
        u.restraint_aid * dependence(p) * min(1.0, ukraine.funding / u.aid_needed)
        + u.restraint_force * reassured
        + u.restraint_guarantee * us.readiness,
        0.0,
        1.0,
    )
    bold = us.belief_europe if p.theories.moral_hazard == 1.0 else 0.0
    provoked = line.blame * line.heat
    despair = 1.0 - ukraine.confidence
    ukraine.win_limited = contest(
        ukraine.strength * u.concentration * surprise_left(p),
        russia.strength * p.russia.local_share,
        p.russia.defence_advantage,
        p.theories.contest_square,
    )
    ukraine.probe_value = u.provoked * provoked + u.despair * despair - u.probe_cost * (1.0 + ukraine.restraint)
    ukraine.limited_value = (
        u.land * ukraine.stakes * ukraine.win_limited
        + u.provoked * provoked
        + u.despair * despair
        + u.boldness * bold
        - u.attack_cost
        - u.penalty * ukraine.restraint * (1.0 - bold)
    )


def dare(ukraine: Ukraine, line: Line, p: Parameters, luck: UkraineLuck) -> None:
    """Choose by quantal response when policy is reviewed, in the same two steps as `russia.choose`."""
    trusted = p.ceasefire.trust_worth * line.trust
    limited = pull(ukraine.limited_value - trusted, p)
    probe = pull(ukraine.probe_value - trusted, p)
    whole = 1.0 + limited
    ukraine.limited_chance = limited / whole
    ukraine.probe_chance = (1.0 / whole) * probe / (1.0 + probe)
    if not happens(luck.review, 1.0 / p.ukraine.review):
        ukraine.act = min(ukraine.act, float(Act.PROBE))
    elif luck.choice >= 1.0 - ukraine.limited_chance:
        ukraine.act = float(Act.LIMITED)
    elif luck.choice >= 1.0 - ukraine.limited_chance - ukraine.probe_chance:
        ukraine.act = float(Act.PROBE)
    else:
        ukraine.act = float(Act.COMPLY)
    if line.status == Status.LIMITED_WAR:
        ukraine.act = float(Act.COMPLY)
