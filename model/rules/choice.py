"""Quantal response: how sharply a choice follows what its options are worth."""

import math

from model.register import Parameters
from model.rules.maths import clip


def pull(value: float, p: Parameters) -> float:
    """Weight of an option that is worth `value` more (utility) than the one with weight 1.

    P(a) proportional to exp(precision * U(a)) (McKelvey & Palfrey 1995; Signorino 1999). The exponent is
    bounded by `choice.span`.
    """
    c = p.choice
    return math.exp(clip(c.precision * value, -c.span, c.span))
