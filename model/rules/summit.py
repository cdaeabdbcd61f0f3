"""The summit: positions from Atlanticist to autonomist, a compromise, and how united Europe is."""

from collections.abc import Sequence

from model.actors import Europe, Force, State, UnitedStates
from model.register import Parameters
from model.rules.deployment import yearly_cost
from model.rules.maths import clip
from model.terms import Deployment


def take_position(state: State, us: UnitedStates, p: Parameters) -> None:
    """Set a state's position: its orientation, more autonomist as trust in Washington falls; envoys pull back."""
    s = p.summit
    doubt = s.trust_expected - us.belief_europe
    state.position = clip(state.orientation + s.hedging * doubt - s.envoy_pull * us.envoy, 0.0, 1.0)


def weight(state: State, p: Parameters) -> float:
    """Say at the table: GDP times pledged troops times salience (Thomson et al. 2006, compromise model)."""
    s = p.summit
    return state.gdp * (1.0 + state.pledged / s.troops_scale) * (s.salience_floor + state.threat)


def bargain(europe: Europe, states: Sequence[State], p: Parameters) -> None:
    """Find the compromise (weighted mean position), the agreement, and unity (0 to 1).

    Agreement is 1 less the scaled mean distance from the compromise; unity adds what share of GDP stands
    behind the mission. The nearer to autonomy, the more equipment is bought jointly.
    """
    s = p.summit
    total = 0.0
    weighted = 0.0
    wealth = 0.0
    behind = 0.0
    for state in states:
        say = weight(state, p)
        total = total + say
        weighted = weighted + say * state.position
        wealth = wealth + state.gdp
        behind = behind + state.gdp * stand_behind(state, p)
    europe.position = weighted / total
    spread = 0.0
    for state in states:
        spread = spread + weight(state, p) * abs(state.position - europe.position)
    europe.agreement = clip(1.0 - spread / (total * s.spread_scale), 0.0, 1.0)
    europe.unity = (1.0 - s.backing_weight) * europe.agreement + s.backing_weight * behind / wealth
    share = p.procurement.joint_share * (s.joint_floor + (1.0 - s.joint_floor) * europe.position)
    europe.joint_share = clip(share, 0.0, 1.0)


def stand_behind(state: State, p: Parameters) -> float:
    """Whether a state backs the mission (0 to 1): troops in and elites agreed, or at least a friendly government.

    Troops that were imposed on it say nothing about its mind.
    """
    quiet = p.summit.quiet_backing
    if state.contributing == 1.0 and p.force.deployment == Deployment.ENDOGENOUS:
        return quiet + (1.0 - quiet) * state.consensus
    return quiet * state.consensus * (1.0 + state.government) / 2.0


def add_up(europe: Europe, states: Sequence[State], force: Force, p: Parameters) -> None:
    """Add up Europe's effort: defence share (%), aid (EUR bn a year), effort seen from Washington, capability."""
    wealth = 0.0
    money = 0.0
    stock = 0.0
    stock_first = 0.0
    given = 0.0
    union = 0.0
    backing = 0.0
    for state in states:
        wealth = wealth + state.gdp
        money = money + state.defence / 100.0 * state.gdp
        stock = stock + state.stock
        stock_first = stock_first + state.stock_first
        given = given + state.aid
        union = union + state.eu * state.gdp
        backing = backing + state.support * state.gdp
    c = p.calendar
    europe.defence = 100.0 * money / wealth
    europe.aid = given
    europe.union_gdp = union
    europe.support = backing / wealth
    europe.common_spent = europe.common_spent + europe.fund / c.weeks_per_year
    mission = p.guarantee.force_counts * yearly_cost(force, p)
    europe.effort = europe.defence + 100.0 * (given + europe.fund + mission) / (wealth * c.eur_per_usd)
    capability = stock / stock_first if stock_first > 0.0 else 1.0
    europe.capability_trend = (capability - europe.capability) * c.weeks_per_year
    europe.capability = capability
