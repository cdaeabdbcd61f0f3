"""How dangerous Russia looks: to Europe as a whole, and to each state by its distance."""

import math

from model.actors import Line, Russia, State
from model.register import Parameters
from model.rules.maths import clip, half_life_keep
from model.terms import Act


def loom(line: Line, russia: Russia, p: Parameters) -> None:
    """Move Europe's common sense of menace (0 to 1) with Russia's strength and its recent acts.

    Threat drives allied effort more than any other covariate (Walt 1987; George & Sandler 2024 find that
    only allies near Russia react to its strength, hence the distance in `perceive`).
    """
    t = p.threat
    hostile = 0.0
    if russia.act == Act.PROBE:
        hostile = t.alarm_probe
    elif russia.act >= Act.LIMITED:
        hostile = 1.0
    line.alarm = max(hostile, line.alarm * half_life_keep(t.alarm_half_life))
    target = t.strength_weight * russia.strength / p.russia.strength_full + (1.0 - t.strength_weight) * line.alarm
    line.menace = clip(line.menace + t.rate * (target - line.menace), 0.0, 1.0)


def perceive(state: State, line: Line, p: Parameters) -> None:
    """Set one state's threat (0 to 1): the common menace, felt more by those closer to Russia."""
    t = p.threat
    near = math.exp(-state.distance / t.reach)
    threat = line.menace * (t.common + (1.0 - t.common) * near)
    state.threat_change = threat - state.threat
    state.threat = threat
