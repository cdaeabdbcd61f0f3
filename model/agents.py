"""The Mesa agents: actors whose methods are the rules, letter for letter.

To give an agent a rule of your own, subclass it and name the method; `Ceasefire` takes the classes to use.
"""

from collections.abc import Mapping

import mesa

from model import actors
from model.rules import (
    casualties,
    ceasefire,
    command,
    contribution,
    crisis,
    deployment,
    envoys,
    guarantee,
    opinion,
    politics,
    procurement,
    russia,
    spending,
    summit,
    threat,
    ukraine,
    violations,
)


class Actor(mesa.Agent):
    """A Mesa agent whose state variables, all floats, are those named in `model.actors`."""

    def __init__(self, model: mesa.Model, name: str, code: str = "", /, **given: float) -> None:
        """Place the actor in the model with what is given; every other variable starts at zero."""
        super().__init__(model)
        self.name = name
        self.code = code
        for variable in self.variables():
            setattr(self, variable, float(given.pop(variable, 0.0)))
        if given:
            raise TypeError(f"{type(self).__name__} has no variable {', '.join(sorted(given))}")

    @classmethod
    def variables(cls) -> list[str]:
        """Names of the state variables, in the order in which they are declared."""
        return [
            name
            for base in reversed(cls.__mro__)
            if base.__module__ == actors.__name__
            for name in base.__annotations__
        ]


class EuropeanState(Actor, actors.State):
    """A state that may pay, pledge, deploy and withdraw."""

    settle_in = threat.settle_in
    perceive = threat.perceive
    feel_economy = opinion.feel_economy
    sway = opinion.sway
    sway_on_defence = opinion.sway_on_defence
    quarrel = politics.quarrel
    elect = politics.elect
    come_home = politics.come_home
    visit = envoys.visit
    open_books = spending.open_books
    budget = spending.budget
    procure = procurement.procure
    receive = procurement.receive
    take_position = summit.take_position
    settle_taste = contribution.settle_taste
    move_troops = deployment.move_troops
    tire = deployment.tire
    mourn = casualties.mourn


class UnitedStates(Actor, actors.UnitedStates):
    """The guarantor."""

    promise = guarantee.promise
    waver = guarantee.waver
    poll = guarantee.poll
    judge = guarantee.judge
    vote = guarantee.vote
    turn_away = guarantee.turn_away


class Russia(Actor, actors.Russia):
    """The challenger."""

    settle_type = russia.settle_type
    regenerate = russia.regenerate
    believe = russia.believe
    weigh = russia.weigh
    choose = russia.choose
    meet_probe = crisis.meet_probe
    meet_attack = crisis.meet_attack


class Ukraine(Actor, actors.Ukraine):
    """The defender."""

    settle_strength = ukraine.settle_strength
    arm = ukraine.arm
    hope = ukraine.hope
    tempt = ukraine.tempt
    dare = ukraine.dare
    break_out = crisis.break_out


class ReassuranceForce(Actor, actors.Force):
    """The troops behind the line."""

    assemble = deployment.assemble
    authorise = deployment.authorise
    muster = contribution.muster
    count = deployment.count
    hand_over = deployment.hand_over
    take_stock = deployment.take_stock
    close_week = casualties.close_week


class Institution(Actor, actors.Institution):
    """A command, and a table at which members can say no."""

    seek_consent = command.seek_consent


class LeadNation(Institution):
    """A coalition of the willing under a lead nation."""


class NATO(Institution):
    """The Alliance, with Washington's voice."""


class EuropeanUnion(Institution):
    """The Union: a command, a purse and a veto each."""


class UnitedNations(Institution):
    """The Security Council, with Moscow's veto."""


class Europe(Actor, actors.Europe):
    """The summit's table: positions, unity and the sum of efforts."""

    add_up = summit.add_up
    bargain = summit.bargain
    pool = procurement.pool


class Line(Actor, actors.Line):
    """The line and the ceasefire on it."""

    cease_fire = violations.cease_fire
    loom = threat.loom
    open_week = violations.open_week
    simmer = violations.simmer
    shoot = violations.shoot
    attribute = violations.attribute
    bleed = casualties.bleed
    spin_out = crisis.spin_out
    take_temperature = ceasefire.take_temperature
    build_trust = ceasefire.build_trust
    dig_in = ceasefire.dig_in


CLASSES: dict[str, type[Actor]] = {
    kind.__name__: kind
    for kind in (
        *(EuropeanState, UnitedStates, Russia, Ukraine, ReassuranceForce, Europe, Line),
        *(LeadNation, NATO, EuropeanUnion, UnitedNations),
    )
}


def choose_classes(own: Mapping[str, type[Actor]] | None = None) -> dict[str, type[Actor]]:
    """The class of each kind of actor, with one's own in the place of those that they name.

    Raises ValueError for a name that is none of `CLASSES`.
    """
    for name in own or {}:
        if name not in CLASSES:
            raise ValueError(f"classes: there is no {name}; there are {', '.join(CLASSES)}")
    return CLASSES | dict(own or {})
