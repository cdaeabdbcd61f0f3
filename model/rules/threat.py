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


def nearness(state: State, p: Parameters) -> float:
    """Share of the common menace (0 to 1) that reaches a state: more of it near Russia."""
    t = p.threat
    return t.common + (1.0 - t.common) * math.exp(-state.distance / t.reach)


def perceive(state: State, line: Line) -> None:
    """Update a state's threat, and by how much it changed this week."""
    threat = line.menace * state.nearness
    state.threat_change = threat - state.threat
    state.threat = threat


def settle_in(state: State, line: Line, p: Parameters) -> None:
    """Set a state's threat, opinions, government and budget to the first week.

    Where the government offered troops, at least on conditions, the main opposition is taken to have agreed.
    """
    state.nearness = nearness(state, p)
    state.threat = line.menace * state.nearness
    state.leaning = state.home_support
    state.support = state.home_support
    state.defence_support = state.home_defence_support
    state.government = 2.0 * state.stance - 1.0
    state.consensus = 1.0 if state.stance > 0.0 or state.support >= p.politics.balance else 0.0
    state.position = state.orientation
    state.next_budget = p.spending.first_budget
