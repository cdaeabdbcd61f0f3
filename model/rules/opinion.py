"""Public opinion in each state: troops for Ukraine, and money for defence."""

import math

from model.actors import Force, State, StateLuck
from model.register import Parameters
from model.rules.maths import clip, half_life_keep, normal
from model.terms import Commitment


def feel_economy(state: State, p: Parameters, luck: StateLuck) -> None:
    """Move the state's hardship (standard deviations): an AR(1) of weak growth and inflation."""
    keep = half_life_keep(p.economy.half_life)
    spread = math.sqrt(1.0 - keep * keep)
    state.hardship = keep * state.hardship + spread * normal(luck.hardship)


def sway(state: State, force: Force, p: Parameters, luck: StateLuck) -> None:
    """Move one public's support (%, 0 to 100) for its own troops in Ukraine.

    Mean reversion; threat; casualties by the tenfold (Mueller 1973), softened by success (Gelpi, Feaver &
    Reifler 2006); a rally under fire that needs elite consensus (Berinsky 2009) and fades; hardship; and the
    lift of a formal commitment (Tomz, Weeks & Bansak 2023: 45 to 74%).
    """
    o = p.opinion
    home = state.home_support - o.hardship_effect * state.hardship
    if p.force.commitment == Commitment.TREATY:
        home = home + o.treaty_lift
    deaths = 0.0
    if state.dead > state.mourned:
        deaths = math.log((1.0 + state.dead) / (1.0 + state.mourned)) / math.log(o.casualty_fold)
        state.mourned = state.dead
    change = (
        o.reversion * (home - state.leaning)
        + o.threat_effect * state.threat_change
        - o.casualty_effect * (1.0 - o.success_softens * force.success) * deaths
        - o.fatigue_effect / p.calendar.weeks_per_year * state.fatigue
        + o.noise * normal(luck.opinion)
    )
    state.leaning = clip(state.leaning + change, 0.0, 100.0)
    if state.rally > 0.0:
        state.rally = state.rally * half_life_keep(o.rally_half_life)
    if force.attacked == 1.0 and state.consensus == 1.0 and state.contributing == 1.0:
        state.rally = max(state.rally, o.rally)
    state.support = clip(state.leaning + state.rally, 0.0, 100.0)


def sway_on_defence(state: State, p: Parameters, luck: StateLuck) -> None:
    """Move one public's support (%, 0 to 100) for more defence spending.

    A thermostat (Wlezien 1995; Eichenberg & Stoll 2003): what has been granted is no longer asked for. Threat
    raises it; hardship lowers it.
    """
    o = p.opinion
    home = (
        state.home_defence_support
        - o.thermostat * (state.defence - state.defence_first)
        - o.hardship_effect_defence * state.hardship
    )
    change = (
        o.reversion * (home - state.defence_support)
        + o.threat_effect * state.threat_change
        + o.noise * normal(luck.defence_opinion)
    )
    state.defence_support = clip(state.defence_support + change, 0.0, 100.0)
