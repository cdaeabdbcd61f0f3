"""Envoys: visits that win Washington's attention and some of its will, for a while."""

from model.actors import State, StateLuck, UnitedStates
from model.register import Parameters
from model.rules.maths import clip, happens


def visit(state: State, us: UnitedStates, p: Parameters, luck: StateLuck) -> None:
    """Send an envoy, as often as the state has access; what the visit lends decays by its half-life.

    Face-to-face diplomacy moves beliefs (Holmes 2013), and for how long is open: effect 0.02 to 0.06 and
    half-life 3 to 6 months are priors.
    """
    e = p.envoys
    rate = e.visits / p.calendar.weeks_per_year * state.envoy_access
    if us.present == 1.0 and happens(luck.envoy, rate):
        receptive = e.restrainer_ear + (1.0 - e.restrainer_ear) * us.regime
        us.envoy = clip(us.envoy + e.effect * state.envoy_access * receptive, 0.0, e.most)
        us.attention = clip(us.attention + e.attention * (1.0 - us.attention), 0.0, 1.0)
        us.visits = us.visits + 1.0
