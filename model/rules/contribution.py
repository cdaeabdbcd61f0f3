"""Who sends troops, and how many: a ceiling of supply, and a choice that depends on who else goes."""

from collections.abc import Sequence

from model.actors import Force, State, StateLuck, UnitedStates
from model.register import Parameters
from model.rules.maths import logistic, normal
from model.terms import Deployment, Guarantee


def supply(state: State, p: Parameters) -> float:
    """Troops that a state can keep abroad: land forces times deployable share over rotation (3:1 to 5:1).

    NATO's usability goal: half of land forces deployable, a tenth sustained.
    """
    c = p.contribution
    return state.land * p.calendar.thousand * c.deployable / c.rotation


def settle_taste(state: State, p: Parameters, luck: StateLuck) -> None:
    """Draw a state's private willingness, once a run."""
    state.taste = p.contribution.taste * normal(luck.taste)


def join(state: State, us: UnitedStates, force: Force, p: Parameters) -> None:
    """Decide whether to contribute, by a threshold: who goes depends on who goes (Granovetter 1978).

    Joins while utility is above zero: benefit times the chance of success given the troops pledged so far
    (halved and worse without an American backstop), the government's lean, public support, less the need at
    the home border and the strain. A contributor leaves by `politics.come_home`, not here.
    """
    c = p.contribution
    expected = force.pledged + (1.0 - state.contributing) * state.supply
    success = logistic((expected - c.success_midpoint) / c.success_scale)
    if us.form < Guarantee.BACKSTOP or us.present == 0.0:
        success = success * c.success_without_us
    state.will_to_send = (
        c.benefit * success
        + c.government * state.government
        + c.opinion * (state.support - p.politics.balance) / p.politics.points
        - c.home_border * state.home_border
        - c.strain
        + state.taste
    )
    if state.will_to_send > 0.0:
        state.contributing = 1.0


def impose(force: Force, states: Sequence[State], p: Parameters) -> None:
    """Share the size asked for among all states by supply, as if deployment were not theirs to decide.

    No state gives more than it could deploy without rotation. Against `join` this shows the selection effect:
    forces go where states choose to send them.
    """
    for state in states:
        most = state.land * p.calendar.thousand * p.contribution.deployable
        state.pledged = min(most, force.asked * state.supply / force.supply)
        state.contributing = 1.0 if state.pledged > 0.0 else 0.0


def muster(force: Force, states: Sequence[State], us: UnitedStates, p: Parameters) -> None:
    """Hold a force-generation conference: states join, contributors pledge up to their share of supply.

    Pledges are scaled down to the size asked for.
    """
    force.supply = 0.0
    for state in states:
        state.supply = supply(state, p)
        force.supply = force.supply + state.supply
    if force.asked <= 0.0:
        return
    if p.force.deployment == Deployment.IMPOSED:
        impose(force, states, p)
    else:
        offered = 0.0
        for state in states:
            join(state, us, force, p)
            state.pledged = state.contributing * state.supply * p.contribution.share_of_supply
            offered = offered + state.pledged
        if offered > force.asked:
            for state in states:
                state.pledged = state.pledged * force.asked / offered
    force.pledged = 0.0
    for state in states:
        force.pledged = force.pledged + state.pledged
