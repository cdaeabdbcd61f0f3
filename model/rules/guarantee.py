"""The American guarantee: capability and will apart, and the true will apart from what others believe."""

import math

from model.actors import Europe, Force, Line, Russia, UnitedStates, UnitedStatesLuck
from model.register import Parameters
from model.rules.choice import of_form
from model.rules.maths import clip, half_life_keep, happens, logistic, normal
from model.terms import Guarantee


def will_of_form(form: float, p: Parameters) -> float:
    """True readiness to act (0 to 1) that a form of guarantee stands for, before regime and events."""
    g = p.guarantee
    return of_form(form, g.will_none, g.will_backstop, g.will_executive, g.will_ratified, g.will_troops)


def belief_in_form(form: float, p: Parameters) -> float:
    """What Russia believes at first of a form of guarantee (0 to 1)."""
    g = p.guarantee
    return of_form(form, g.belief_none, g.belief_backstop, g.belief_executive, g.belief_ratified, g.belief_troops)


def binding_of_form(form: float, p: Parameters) -> float:
    """How far a form ties the hands of a later president (0 not at all, 1 wholly): Fearon's tying hands."""
    g = p.guarantee
    return of_form(
        form, g.binding_backstop, g.binding_backstop, g.binding_executive, g.binding_ratified, g.binding_troops
    )


def promise(us: UnitedStates, p: Parameters) -> None:
    """Give the guarantee its first form, and everybody their first beliefs."""
    us.form = p.guarantee.form
    us.regime = p.guarantee.regime
    us.present = 1.0
    us.support = p.guarantee.home_support
    us.burden = p.guarantee.burden_expected
    us.will = clip(anchor(us, p), 0.0, 1.0)
    us.belief_russia = belief_in_form(us.form, p)
    us.belief_europe = clip(us.will * p.guarantee.european_trust, 0.0, 1.0)
    us.enablers = 1.0 if us.form >= Guarantee.BACKSTOP else 0.0
    us.readiness = us.will
    us.attention = 1.0
    us.exit_week = -1.0


def anchor(us: UnitedStates, p: Parameters) -> float:
    """Where the true will settles: form, regime, public, and European burden sharing (sign contested)."""
    g = p.guarantee
    binding = binding_of_form(us.form, p)
    regime = g.regime_gap * (us.regime - 0.5)
    sharing = g.burden_effect * (us.burden - g.burden_expected)
    if p.theories.burden_keeps_us == 0.0:
        sharing = -sharing
    public = g.public_effect * (us.support - p.politics.balance) / p.politics.points
    return us.present * (will_of_form(us.form, p) + (1.0 - binding) * regime + sharing + public)


def shown_will(us: UnitedStates) -> float:
    """Will (0 to 1) with what envoys lend it, while the United States is there at all."""
    return us.present * clip(us.will + us.envoy, 0.0, 1.0)


def waver(us: UnitedStates, europe: Europe, force: Force, p: Parameters, luck: UnitedStatesLuck) -> None:
    """Move will, attention and readiness (0 to 1) by a week.

    European effort may keep the US in or let it leave (a switch); fear of entrapment grows with European
    dead (Snyder 1984); attention wanders and comes back; envoys lend readiness that decays.
    """
    g = p.guarantee
    us.burden = europe.effort
    fear = g.entrapment * math.log(1.0 + force.dead) / math.log(p.opinion.casualty_fold)
    target = anchor(us, p) - us.present * fear * (1.0 - binding_of_form(us.form, p))
    us.will = clip(us.will + g.rate * (target - us.will) + us.present * g.noise * normal(luck.will), 0.0, 1.0)
    us.envoy = us.envoy * half_life_keep(p.envoys.half_life)
    distraction = 0.0
    if happens(luck.attention, g.distraction_rate):
        distraction = g.distraction_depth
    us.attention = clip(us.attention + g.attention_return * (1.0 - us.attention) - distraction, 0.0, 1.0)
    us.readiness = shown_will(us) * us.attention
    enablers = us.present if us.form >= Guarantee.BACKSTOP else 0.0
    us.enablers = clip(us.enablers + g.enabler_rate * (enablers - us.enablers), 0.0, 1.0)


def poll(us: UnitedStates, p: Parameters, luck: UnitedStatesLuck) -> None:
    """Move American support (%) for defending Ukraine; a formal commitment lifts it (Tomz et al. 2023)."""
    o = p.opinion
    home = p.guarantee.home_support
    if us.form >= Guarantee.RATIFIED:
        home = home + o.treaty_lift
    us.support = clip(us.support + o.reversion * (home - us.support) + o.noise * normal(luck.opinion), 0.0, 100.0)


def judge(us: UnitedStates, p: Parameters, luck: UnitedStatesLuck) -> None:
    """Let Russia and Europe learn (0 to 1) about the will from noisy signs; Europe discounts what it sees.

    Attention is left out here, since a passing distraction is seen as such (`american_fear`).
    """
    g = p.guarantee
    shown = shown_will(us)
    seen = shown + g.signal_noise * normal(luck.signal_russia)
    us.belief_russia = clip(us.belief_russia + g.learning * (seen - us.belief_russia), 0.0, 1.0)
    seen = shown * g.european_trust + g.signal_noise * normal(luck.signal_europe)
    us.belief_europe = clip(us.belief_europe + g.learning * (seen - us.belief_europe), 0.0, 1.0)


def revocable(form: float, p: Parameters) -> float:
    """Chance that a new restrainer president drops a guarantee of this form."""
    return p.guarantee.revocation * (1.0 - binding_of_form(form, p))


def vote(us: UnitedStates, line: Line, p: Parameters, luck: UnitedStatesLuck) -> None:
    """Inaugurate a president: a restrainer may drop the guarantee, an Atlanticist may offer a backstop."""
    if line.week < us.next_election:
        return
    g = p.guarantee
    us.next_election = us.next_election + us.term_weeks
    lean = (us.support - p.politics.balance) / p.politics.points
    atlanticist = logistic(g.atlanticist_odds + g.public_vote * lean)
    us.regime = 1.0 if luck.election < atlanticist else 0.0
    if us.present == 0.0:
        return
    if us.regime == 0.0 and us.form > Guarantee.NONE and luck.revoke < revocable(us.form, p):
        us.form = float(Guarantee.NONE)
        us.belief_russia = min(us.belief_russia, belief_in_form(us.form, p))
    elif us.regime == 1.0 and us.form == Guarantee.NONE and luck.revoke < g.offer:
        us.form = float(Guarantee.BACKSTOP)


def turn_away(us: UnitedStates, line: Line, p: Parameters, luck: UnitedStatesLuck) -> None:
    """Leave Europe's defence to Europe: on the week that the scenario sets, or at a hazard under a restrainer.

    The hazard rises as European effort falls short (or exceeds, if effort lets the US go), and falls with
    the form's binding.
    """
    if us.present == 0.0:
        return
    g = p.guarantee
    gap = us.burden - g.burden_expected
    if p.theories.burden_keeps_us == 0.0:
        gap = -gap
    hazard = (
        g.exit_rate
        * (1.0 - us.regime)
        * (1.0 - binding_of_form(us.form, p))
        * math.exp(clip(-g.exit_burden * gap, -g.exit_span, g.exit_span))
    )
    decided = g.exit_week > 0.0 and line.week >= g.exit_week
    if decided or happens(luck.exit, hazard / p.calendar.weeks_per_year):
        us.present = 0.0
        us.exit_week = line.week
        us.form = float(Guarantee.NONE)
        us.will = 0.0
        us.belief_russia = min(us.belief_russia, p.guarantee.belief_none)
        us.belief_europe = 0.0


def coverage(us: UnitedStates, force: Force, p: Parameters) -> float:
    """How far the guarantee applies (0 to 1), as Russia reckons: a backstop covers European troops, not Ukraine.

    It can draw the guarantor in only as far as there are troops to be covered.
    """
    if us.form == Guarantee.BACKSTOP:
        return force.troops / (force.troops + p.guarantee.cover_half)
    return 1.0


def american_fear(us: UnitedStates, force: Force, russia: Russia, p: Parameters) -> float:
    """Chance (0 to 1), as Russia sees it, that the United States fights.

    Where the guarantee does not apply, and for any promise on paper if alliances do not deter, what is left is
    the chance without a guarantee.
    """
    g = p.guarantee
    russia.cover = coverage(us, force, p)
    if p.theories.alliances_deter == 0.0 and us.form != Guarantee.TROOPS:
        russia.cover = 0.0
    anyway = min(us.belief_russia, g.belief_none)
    attended = 1.0 - g.attention_seen * (1.0 - us.attention)
    return us.present * attended * (anyway + russia.cover * (us.belief_russia - anyway))


def acts(us: UnitedStates, covered: bool, p: Parameters) -> float:
    """True chance (0 to 1) that the United States fights in this crisis; uncovered, as without a guarantee."""
    if covered:
        return us.readiness
    return min(us.readiness, us.present * p.guarantee.will_none)
