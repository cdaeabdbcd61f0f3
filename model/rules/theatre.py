"""The theatre: how the war that ended moves both sides. At Ukraine's own values every rule here changes nothing."""

import math

from model.register import Parameters


def stakes(p: Parameters) -> float:
    """Both sides' stakes over those in Ukraine.

    A history of war raises them (Diehl & Goertz 2000; Fortna 2004); a decisive end, which told who would win,
    lowers them (Blainey 1973; Werner 1999).
    """
    t = p.theatre
    history = t.rivalry * (math.log1p(t.previous_wars) - math.log1p(t.wars_here))
    return math.exp(history - t.settled * t.decisive)


def tolerance(p: Parameters) -> float:
    """The challenger's tolerance of costs over that in Ukraine.

    A bloodier war leaves less (Fortna 2004); without nuclear weapons there is more to fear (Snyder 1965); and
    costs in the register are those of Russia in 2025, which a challenger elsewhere may bear more or less easily.
    """
    t = p.theatre
    bloodier = math.log(t.war_deaths) - math.log(t.deaths_here)
    return math.exp(t.elsewhere * t.toughness - t.weariness * bloodier - t.shadow * (1.0 - t.nuclear))


def capacity(p: Parameters) -> float:
    """The defender's strength over Ukraine's, from the balance of national capabilities (Boulding 1962)."""
    t = p.theatre
    return math.exp(t.capability * (math.log(t.balance) - math.log(t.balance_here)))


def closeness(p: Parameters) -> float:
    """Friction on the line, and the challenger's reach, over those of neighbours (Werner 1999; Boulding 1962)."""
    return 1.0 - p.theatre.apart * p.theatre.distance


def force_scale(p: Parameters) -> float:
    """Soldiers in Ukraine for whom one soldier of the force stands: past armies were smaller."""
    return 1.0 + p.theatre.elsewhere * (p.theatre.scale - 1.0)


def dependence(p: Parameters) -> float:
    """How far the defender lives on others' aid (0 to 1): Ukraine does, defenders elsewhere mostly do not."""
    return 1.0 - p.theatre.elsewhere


def first_confidence(p: Parameters) -> float:
    """The defender's confidence (0 to 1) at the start: Ukraine's, or elsewhere that of a defender who stands alone."""
    u = p.ukraine
    return u.confidence_first + p.theatre.elsewhere * (u.confidence_base - u.confidence_first)


def rested(p: Parameters) -> float:
    """The challenger's strength at the start over its full one; that of Russia in 2025 is not that of others."""
    first = p.russia.strength_first
    return first + p.theatre.elsewhere * (p.theatre.rested - first)
