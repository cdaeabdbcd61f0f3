"""From money to capability: orders, years of waiting, deliveries, wear; alone or in joint projects."""

from collections.abc import Sequence

from model.actors import CouncilLuck, Europe, Institution, State
from model.register import Parameters
from model.terms import Command


def procure(state: State, europe: Europe, p: Parameters) -> None:
    """Order and receive a week's equipment (EUR bn).

    Capability follows spending by the procurement lag (years). EU members put a share into joint projects,
    which buy more per euro and take longer (European Commission 2022 on the cost of non-Europe; Hartley 2011).
    """
    q = p.procurement
    week = 1.0 / p.calendar.weeks_per_year
    money = state.defence * state.gdp * (p.calendar.eur_per_usd * q.equipment_share / 100.0 * week)
    joint = europe.joint_share * state.eu
    state.backlog = state.backlog + money * (1.0 - joint)
    state.joint_backlog = state.joint_backlog + money * joint
    delivered = state.backlog * (week / q.lag)
    delivered_jointly = state.joint_backlog * (week / (q.lag * q.joint_delay))
    state.backlog = state.backlog - delivered
    state.joint_backlog = state.joint_backlog - delivered_jointly
    worn = state.stock * (q.wear * week)
    state.stock = state.stock + delivered + delivered_jointly * (1.0 + q.joint_saving) - worn


def pool(europe: Europe, institutions: Sequence[Institution], p: Parameters, luck: CouncilLuck) -> None:
    """Vote the Union's common money for joint projects (EUR bn a year); one veto stops it until the next meeting.

    The money is shared among EU members by GDP in `receive`.
    """
    if luck.fund < institutions[Command.EU].consent:
        europe.fund = p.procurement.common_fund
    else:
        europe.fund = 0.0


def receive(state: State, europe: Europe, p: Parameters) -> None:
    """Book a state's part of the Union's common money as joint orders."""
    if state.eu == 1.0:
        part = state.gdp / europe.union_gdp
        state.joint_backlog = state.joint_backlog + europe.fund * part / p.calendar.weeks_per_year
