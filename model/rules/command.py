"""Who commands: who must consent, how long it takes to set up, and how fast it acts."""

from collections.abc import Sequence

from model.actors import Europe, Institution, State, UnitedStates
from model.register import Parameters
from model.rules.choice import of_command
from model.rules.maths import clip, lognormal
from model.terms import Command, Doctrine


def belongs(state: State, kind: float) -> float:
    """Whether a state has a voice in an institution (0 or 1)."""
    if kind == Command.NATO:
        return state.nato
    if kind == Command.EU:
        return state.eu
    if kind == Command.UN:
        return 0.0
    return state.contributing


def objection(state: State, europe: Europe, p: Parameters) -> float:
    """Chance that one member says no, softened by side payments.

    Distance from the compromise, a government hostile to the mission, and obstruction for reasons of its own.
    """
    c = p.command
    distance = abs(state.position - europe.position)
    hostile = max(0.0, -state.government)
    payment = 1.0 - c.side_payments * europe.joint_share
    return clip((c.veto * (distance + c.hostility * hostile) + state.obstruction) * payment, 0.0, 1.0)


def seek_consent(
    institution: Institution, states: Sequence[State], europe: Europe, us: UnitedStates, p: Parameters
) -> None:
    """Set the chance (0 to 1) that an institution says go at a meeting.

    NATO and the EU need every member, so each reluctant one costs time, and NATO needs Washington; a lead
    nation needs k of n (Tsebelis 2002 on veto players); the UN needs Moscow, which never lets it enforce.
    """
    c = p.command
    unanimous = 1.0
    institution.members = 0.0
    for state in states:
        voice = belongs(state, institution.kind)
        institution.members = institution.members + voice
        unanimous = unanimous * (1.0 - voice * objection(state, europe, p))
    if institution.kind == Command.NATO:
        doubt = us.present * (1.0 - us.readiness)
        institution.consent = unanimous * (1.0 - c.american_veto * doubt)
    elif institution.kind == Command.EU:
        institution.consent = unanimous
    elif institution.kind == Command.UN:
        enforcing = 1.0 if p.force.doctrine >= Doctrine.FIGHT else 0.0
        institution.consent = (1.0 - c.russian_veto * enforcing) * (1.0 - c.russian_veto_heavy * p.force.weight)
    else:
        short = max(0.0, c.quorum - institution.members)
        institution.consent = (1.0 - c.lead_doubt) / (1.0 + short)


def setup_weeks(kind: float, u: float, p: Parameters) -> float:
    """Draw the weeks from mandate to first troops (lognormal about the median of the command)."""
    c = p.command
    return lognormal(u, of_command(kind, c.setup_lead, c.setup_nato, c.setup_eu, c.setup_un), c.spread)


def typical_activation(kind: float, consent: float, p: Parameters) -> float:
    """Days that an outsider expects an answer to take: movement, and decisions that pre-delegation shortens.

    Pre-delegated rules of engagement cut the time to decide, not the time to move.
    """
    c = p.command
    median = of_command(kind, c.activation_lead, c.activation_nato, c.activation_eu, c.activation_un)
    decide = median * c.decision_share * (1.0 - c.predelegation)
    move = median * (1.0 - c.decision_share)
    return (decide / max(consent, c.least_consent)) + move


def crisis_consent(institution: Institution, p: Parameters) -> float:
    """Chance (0 to 1) of a go in a crisis: an attack focuses minds, though a Russian veto in the UN stays."""
    c = p.command
    if institution.kind == Command.UN:
        return institution.consent * (1.0 - c.russian_veto)
    return 1.0 - (1.0 - institution.consent) * c.crisis_reluctance


def activation_days(institution: Institution, u: float, p: Parameters) -> float:
    """Draw the days from an attack to a fighting answer (lognormal)."""
    return lognormal(u, typical_activation(institution.kind, crisis_consent(institution, p), p), p.command.spread)
