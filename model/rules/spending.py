"""The yearly defence budget of each state, and the aid that it gives."""

from model.actors import Europe, Line, State, UnitedStates
from model.register import Parameters
from model.rules.maths import clip


def desired_share(state: State, us: UnitedStates, europe: Europe, p: Parameters) -> float:
    """Share of GDP (%) that a government wants to spend on defence, before habit and inertia.

    Threat by distance (George & Sandler 2024; the slope of -0.57 points per 1,000 km in NATO data), doubt
    about the guarantor (Snyder's abandonment), free riding on the others (Olson & Zeckhauser 1966), debt,
    the public, a weak economy, Washington's demands heard by those who lean on it.
    """
    s = p.spending
    share = (
        s.floor
        + s.threat_effect * state.threat
        + s.doubt_effect * (1.0 - us.belief_europe)
        - s.free_riding * (europe.defence - state.defence)
        - s.debt_effect * max(0.0, state.debt - s.debt_limit) / s.debt_step
        + s.opinion_effect * (state.defence_support - p.politics.balance) / p.politics.points
        - s.hardship_effect * state.hardship
    )
    pressure = us.present * p.guarantee.pressure * (1.0 - state.position)
    return share + s.pressure_effect * pressure * max(0.0, p.guarantee.demand - share)


def budget(state: State, us: UnitedStates, europe: Europe, line: Line, p: Parameters) -> None:
    """Pass the year's budget: partial adjustment of the defence share towards target, pledge and common goal.

    Also fixes the year's military aid to Ukraine. Units: % of GDP; EUR bn a year.
    """
    if line.week < state.next_budget:
        return
    s = p.spending
    c = p.calendar
    state.next_budget = state.next_budget + c.weeks_per_year
    state.gdp = state.gdp * (1.0 + (state.growth - s.growth_loss * state.hardship) / 100.0)
    target = desired_share(state, us, europe, p) + state.culture
    target = target + s.pledge_effect * max(0.0, state.pledge - target)
    target = target + s.compliance * max(0.0, s.goal - target)
    state.defence = clip(state.defence + s.adjustment * (target - state.defence), 0.0, s.ceiling)
    state.aid = aid(state, us, p)


def aid(state: State, us: UnitedStates, p: Parameters) -> float:
    """Military aid to Ukraine that a state gives in a year (EUR bn).

    GDP times a rate that rises with threat and with support for sending arms (aid over GDP falls with
    distance, rho = -0.64 in the Kiel data), and that fills part of the gap when American aid ends (Kiel:
    about 70% of it in 2025).
    """
    u = p.ukraine
    wealth = state.gdp * p.calendar.eur_per_usd
    will = state.arms / 100.0 * (u.aid_base + u.aid_threat * state.threat * state.threat)
    missing = 1.0 - u.us_aid * us.present / u.us_aid_before
    return wealth * will / 100.0 * (1.0 + u.aid_compensation * max(0.0, missing))


def open_books(state: State, us: UnitedStates, europe: Europe, p: Parameters) -> None:
    """Set at the start what depends on the first week: habit, stock of equipment, aid.

    Part of a state's distance from the rule is habit that stays (`culture`); the rest is a gap that its
    budgets will close.
    """
    s = p.spending
    state.defence_first = state.defence
    state.culture = s.habit * (state.defence - desired_share(state, us, europe, p))
    bought = state.gdp * p.calendar.eur_per_usd * p.procurement.equipment_share / 100.0
    state.backlog = state.defence * bought * p.procurement.lag
    state.stock = state.defence_past * bought / p.procurement.wear
    state.stock_first = state.stock
    state.aid = aid(state, us, p)
