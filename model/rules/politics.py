"""Elites and elections in each state: consensus that breaks, governments that change, contingents that come home."""

import math

from model.actors import Force, Line, State, StateLuck
from model.register import Parameters
from model.rules.maths import clip, happens, normal
from model.terms import Deployment


def quarrel(state: State, p: Parameters, luck: StateLuck) -> None:
    """Break or restore the consensus of government and opposition on the mission.

    The opposition defects at a hazard that grows as support falls below half, and returns as it rises above
    (Davidson 2014: withdrawal becomes very likely once the main opposition joins the public).
    """
    q = p.politics
    lean = (state.support - q.balance) / q.points
    if state.consensus == 1.0:
        if happens(luck.consensus, q.defection * math.exp(-lean)):
            state.consensus = 0.0
    elif happens(luck.consensus, q.reunion * math.exp(lean)):
        state.consensus = 1.0


def elect(state: State, line: Line, p: Parameters, luck: StateLuck) -> None:
    """Hold the general election when it is due: the new government leans where the public does."""
    if line.week < state.next_election:
        return
    q = p.politics
    state.next_election = state.next_election + state.term_weeks
    wanted = (state.support - q.balance) / q.swing
    state.government = clip(
        q.continuity * state.government + (1.0 - q.continuity) * wanted + q.personality * normal(luck.election),
        -1.0,
        1.0,
    )
    state.consensus = 1.0 if state.support >= q.balance else state.consensus


def come_home(state: State, force: Force, p: Parameters, luck: StateLuck) -> None:
    """Withdraw a contingent: the hazard grows e-fold per ten points of lost support, and manyfold without consensus.

    Governments leave when consensus breaks, more than at the peak of casualties (Davidson 2014; the Dutch
    cabinet of 2010). A government turned against the mission leaves as well.
    """
    if state.contributing == 0.0 or p.force.deployment == Deployment.IMPOSED:
        return
    q = p.politics
    broken = 1.0 - state.consensus
    against = max(0.0, -state.government)
    hazard = (
        q.withdrawal
        * math.exp((q.balance - state.support) / q.points)
        * (1.0 + q.broken_consensus * broken + q.hostile_government * against)
    )
    if happens(luck.leave, hazard):
        state.contributing = 0.0
        state.pledged = 0.0
        state.taste = min(state.taste, q.once_bitten)
        force.withdrawals = force.withdrawals + 1.0
        force.withdrawals_consensus = force.withdrawals_consensus + broken
