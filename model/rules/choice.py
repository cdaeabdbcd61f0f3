"""Choices: how sharply one follows what its options are worth, and what goes with the option that was taken."""

import math

from model.register import Parameters
from model.rules.maths import clip
from model.terms import Command, Guarantee


def pull(value: float, p: Parameters) -> float:
    """Weight of an option that is worth `value` more (utility) than the one with weight 1.

    P(a) proportional to exp(precision * U(a)) (McKelvey & Palfrey 1995; Signorino 1999). The exponent is
    bounded by `choice.span`.
    """
    c = p.choice
    return math.exp(clip(c.precision * value, -c.span, c.span))


def of_form(form: float, none: float, backstop: float, executive: float, ratified: float, troops: float) -> float:
    """The one of five values that goes with a form of guarantee."""
    if form == Guarantee.NONE:
        return none
    if form == Guarantee.BACKSTOP:
        return backstop
    if form == Guarantee.EXECUTIVE:
        return executive
    if form == Guarantee.RATIFIED:
        return ratified
    return troops


def of_command(kind: float, lead: float, nato: float, eu: float, un: float) -> float:
    """The one of four values that goes with a command."""
    if kind == Command.NATO:
        return nato
    if kind == Command.EU:
        return eu
    if kind == Command.UN:
        return un
    return lead
