"""Who sends troops, and how many: a ceiling of supply, and a choice that depends on who else goes."""

from model.actors import Force, State, UnitedStates
from model.register import Parameters
from model.rules.maths import clip, logistic, normal
from model.terms import Guarantee


def sustain(state: State, force: Force, p: Parameters) -> None:
    """Set the troops that a state could keep abroad: land forces times deployable share over rotation (3:1 to 5:1).

    NATO's usability goal: half of land forces deployable, a tenth sustained.
    """
    c = p.contribution
    state.supply = state.land * p.calendar.thousand * c.deployable / c.rotation
    force.supply = force.supply + state.supply


def settle_taste(state: State, p: Parameters, luck: float) -> None:
    """Draw a state's private willingness, once a run."""
    state.taste = p.contribution.taste * normal(luck)


def join(state: State, us: UnitedStates, force: Force, p: Parameters) -> None:
    """Decide whether to contribute, by a threshold: who goes depends on who goes (Granovetter 1978).

    Joins while utility is above zero: benefit times the chance of success given the troops pledged so far
    (halved and worse without an American backstop), the government's lean, public support, less the need at
    the home border and the strain. A contributor leaves by `politics.come_home`, not here.
    """
    c = p.contribution
    if p.force.deployment == 1.0 or force.asked <= 0.0:
        return
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
    if state.contributing == 0.0 and state.will_to_send > 0.0:
        state.contributing = 1.0


def pledge_troops(state: State, force: Force, p: Parameters) -> None:
    """Fix what a contributor pledges: its supply, scaled down when more is on offer than was asked for."""
    if p.force.deployment == 1.0:
        most = state.land * p.calendar.thousand * p.contribution.deployable
        state.pledged = min(most, force.asked * state.supply / force.supply) if force.supply > 0.0 else 0.0
        state.contributing = 1.0 if state.pledged > 0.0 else 0.0
        return
    offer = state.contributing * state.supply * p.contribution.share_of_supply
    state.pledged = offer


def trim(state: State, force: Force, p: Parameters) -> None:
    """Scale pledges down to the size asked for."""
    if force.pledged > force.asked:
        state.pledged = state.pledged * clip(force.asked / force.pledged, 0.0, 1.0)
