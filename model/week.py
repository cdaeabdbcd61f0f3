"""The order of the week: the one place where it stands, for Mesa and for any other engine.

Every step is a method of an actor, and every method is a rule of `model.rules`.
"""

from model.actors import Luck, World
from model.register import Parameters
from model.terms import Status


def week(world: World, p: Parameters, luck: Luck) -> bool:
    """Live one week; False once war is renewed, which ends the run."""
    publics(world, p, luck)
    washington(world, p, luck)
    treasuries(world, p)
    summit(world, p, luck)
    coalition(world, p, luck)
    field(world, p)
    kyiv(world, p, luck)
    moscow(world, p, luck)
    line(world, p, luck)
    reckoning(world)
    return bool(world.line.status != Status.RENEWED_WAR)


def publics(world: World, p: Parameters, luck: Luck) -> None:
    """Threat, opinion, consensus and elections in every state."""
    world.line.loom(world.russia, p)
    for state in world.states:
        state.perceive(world.line)
    for state, its in zip(world.states, luck.states):
        state.feel_economy(p, its)
    for state, its in zip(world.states, luck.states):
        state.sway(world.force, p, its)
    for state, its in zip(world.states, luck.states):
        state.sway_on_defence(p, its)
    for state, its in zip(world.states, luck.states):
        state.quarrel(p, its)
    for state, its in zip(world.states, luck.states):
        state.elect(world.line, p, its)


def washington(world: World, p: Parameters, luck: Luck) -> None:
    """Envoys, the American public, elections, the exit, the true will, and what others believe of it."""
    us = world.us
    for state, its in zip(world.states, luck.states):
        state.visit(us, p, its)
    us.poll(p, luck.us)
    us.vote(world.line, p, luck.us)
    us.turn_away(world.line, p, luck.us)
    us.waver(world.europe, world.force, p, luck.us)
    us.judge(p, luck.us)


def treasuries(world: World, p: Parameters) -> None:
    """Budgets once a year; Europe's effort added up; orders and deliveries every week."""
    for state in world.states:
        state.budget(world.us, world.europe, world.line, p)
    world.europe.add_up(world.states, world.force, p)
    for state in world.states:
        state.procure(world.europe, p)
        state.receive(world.europe, p)


def summit(world: World, p: Parameters, luck: Luck) -> None:
    """Leaders meet: positions, a compromise, consent in each institution, common money, the mandate."""
    europe = world.europe
    if world.line.week < europe.next_meeting:
        return
    europe.next_meeting = europe.next_meeting + p.summit.interval
    for state in world.states:
        state.take_position(world.us, p)
    europe.bargain(world.states, p)
    for institution in world.institutions:
        institution.seek_consent(world.states, world.europe, world.us, p)
    europe.pool(world.institutions, p, luck.council)
    world.force.authorise(world.institutions, world.line, p, luck.council)


def coalition(world: World, p: Parameters, luck: Luck) -> None:
    """Contributors leave; at a force-generation conference others join and all pledge."""
    for state, its in zip(world.states, luck.states):
        state.come_home(world.force, p, its)
    if world.line.week >= world.force.next_muster:
        world.force.next_muster = world.force.next_muster + p.contribution.interval
        world.force.muster(world.states, world.us, p)


def field(world: World, p: Parameters) -> None:
    """Contingents arrive, tire, hand over and go home."""
    for state in world.states:
        state.move_troops(world.force, world.line, p)
        state.tire(p)
    world.force.count(world.states)
    world.force.hand_over(world.line, p)
    world.force.take_stock(world.us, world.europe, world.line, p)


def kyiv(world: World, p: Parameters, luck: Luck) -> None:
    """Ukraine arms, hopes, weighs and acts."""
    ukraine = world.ukraine
    ukraine.arm(world.europe, world.us, world.line, p, luck.ukraine)
    ukraine.hope(world.force, world.us, world.europe, world.russia, p)
    ukraine.tempt(world.russia, world.us, world.force, world.line, p)
    ukraine.dare(world.line, p, luck.ukraine)


def moscow(world: World, p: Parameters, luck: Luck) -> None:
    """Russia rebuilds, learns, weighs its four options and chooses one."""
    russia = world.russia
    russia.regenerate(p)
    russia.believe(world.force, world.europe, p)
    russia.weigh(world.ukraine, world.us, world.force, world.europe, world.line, world.institutions, p)
    russia.choose(world.line, p, luck.russia)


def line(world: World, p: Parameters, luck: Luck) -> None:
    """Violations and blame, probes and attacks answered or not, the dead, and where the ceasefire stands."""
    here, force, russia, ukraine = world.line, world.force, world.russia, world.ukraine
    here.open_week(force)
    here.simmer(russia, ukraine, p)
    here.shoot(russia, ukraine, force, p, luck.line)
    here.attribute(p, luck.line)
    here.bleed(russia, ukraine, p, luck.line)
    russia.meet_probe(force, world.europe, world.us, p, luck.crisis)
    russia.meet_attack(ukraine, world.us, force, world.institutions, here, p, luck.crisis)
    ukraine.break_out(russia, here, p, luck.crisis)
    here.spin_out(russia, ukraine, p)
    here.take_temperature(p, luck.line)
    here.build_trust(russia, ukraine, p)
    here.dig_in(p)


def reckoning(world: World) -> None:
    """The force's dead are mourned at home; the week is over."""
    for state in world.states:
        state.mourn(world.force)
    world.force.close_week()
    world.line.week = world.line.week + 1.0


def begin(world: World, p: Parameters, luck: Luck) -> None:
    """Set every actor to the first week, in an order in which each finds what it needs."""
    world.line.cease_fire(p, luck.line)
    world.russia.settle_type(p, luck.russia)
    world.ukraine.settle_strength(p, luck.ukraine)
    world.us.promise(p)
    world.force.assemble(p)
    for state in world.states:
        state.settle_in(world.line, p)
    world.europe.add_up(world.states, world.force, p)
    for state, its in zip(world.states, luck.states):
        state.open_books(world.us, world.europe, p)
        state.settle_taste(p, its)
    world.europe.add_up(world.states, world.force, p)
