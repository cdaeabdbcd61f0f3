"""The summit: positions from Atlanticist to autonomist, a compromise, and how united Europe is."""

from model.actors import Europe, Force, State, UnitedStates
from model.register import Parameters
from model.rules.maths import clip


def take_position(state: State, us: UnitedStates, p: Parameters) -> None:
    """Set a state's position: its orientation, more autonomist as trust in Washington falls; envoys pull back."""
    s = p.summit
    doubt = s.trust_expected - us.belief_europe
    state.position = clip(state.orientation + s.hedging * doubt - s.envoy_pull * us.envoy, 0.0, 1.0)


def weight(state: State, p: Parameters) -> float:
    """Say at the table: GDP times pledged troops times salience (Thomson et al. 2006, compromise model)."""
    s = p.summit
    return state.gdp * (1.0 + state.pledged / s.troops_scale) * (s.salience_floor + state.threat)


def compromise(europe: Europe, total: float, weighted: float, spread: float, p: Parameters) -> None:
    """Fix the position (weighted mean) and the agreement (1 minus the scaled mean distance from it)."""
    europe.position = weighted / total
    europe.agreement = clip(1.0 - spread / (total * p.summit.spread_scale), 0.0, 1.0)
    share = p.procurement.joint_share * (p.summit.joint_floor + (1.0 - p.summit.joint_floor) * europe.position)
    europe.joint_share = clip(share, 0.0, 1.0)


def speak(europe: Europe, backing: float, p: Parameters) -> None:
    """Set unity (0 to 1): how near positions are, and what share of GDP stands behind the mission."""
    s = p.summit
    europe.unity = (1.0 - s.backing_weight) * europe.agreement + s.backing_weight * backing


def stand_behind(state: State) -> float:
    """Whether a state backs the mission (0 to 1): its elites agree, and its government or troops are in."""
    if state.contributing == 1.0:
        return 0.5 + 0.5 * state.consensus
    return 0.5 * state.consensus * (1.0 + state.government) / 2.0


def put_together(
    europe: Europe, force: Force, wealth: float, money: float, stock: float, stock_first: float, p: Parameters
) -> None:
    """Add up Europe's effort: defence share (%), effort seen from Washington, capability and its trend.

    `wealth` is the states' GDP (USD bn), `money` their defence spending (USD bn), stocks EUR bn.
    """
    e = p.calendar
    euros = wealth * e.eur_per_usd
    europe.defence = 100.0 * money / wealth
    shown = 100.0 * (europe.aid + p.guarantee.force_counts * force.troops * p.force.cost / p.calendar.million) / euros
    europe.effort = europe.defence + shown
    capability = stock / stock_first
    europe.capability_trend = (capability - europe.capability) * e.weeks_per_year
    europe.capability = capability
