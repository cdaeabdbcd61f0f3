"""The dead: of violations, of attacks, of the force."""

from model.actors import Force, Line, LineLuck, Russia, State, Ukraine
from model.register import Parameters
from model.rules.maths import lognormal_mean_one, poisson
from model.terms import Status


def bury(line: Line, russia: Russia, ukraine: Ukraine, mean: float, u: float, p: Parameters) -> None:
    """Add the dead of both armies (soldiers): `mean` times a wide lognormal, shared by the attacker's ratio."""
    c = p.casualties
    dead = mean * lognormal_mean_one(u, c.spread)
    russia.dead = russia.dead + dead * c.russian_share
    ukraine.dead = ukraine.dead + dead * (1.0 - c.russian_share)
    line.deaths = line.deaths + dead


def bury_force(force: Force, mean: float, u: float, p: Parameters) -> None:
    """Add the force's dead (soldiers), never more than are there."""
    force.dead = force.dead + min(force.troops, mean * lognormal_mean_one(u, p.casualties.spread))


def close_week(force: Force) -> None:
    """Remember which of the force's dead have been mourned."""
    force.mourned = force.dead


def bleed(line: Line, russia: Russia, ukraine: Ukraine, p: Parameters, luck: LineLuck) -> None:
    """Count the week's dead on the line: the denser the fire, the more each violation kills; or limited war goes on."""
    c = p.casualties
    if line.status == Status.LIMITED_WAR:
        bury(line, russia, ukraine, c.limited_weekly, luck.deaths, p)
        return
    total = line.violations_russia + line.violations_ukraine
    mean = c.lethality * total * (1.0 + total / c.heavy)
    dead = poisson(luck.deaths, mean)
    share = line.violations_ukraine / total if total > 0.0 else 0.0
    russia.dead = russia.dead + dead * share
    ukraine.dead = ukraine.dead + dead * (1.0 - share)
    line.deaths = line.deaths + dead


def mourn(state: State, force: Force) -> None:
    """Share the force's new dead among contributors by the troops they have there."""
    new = force.dead - force.mourned
    if new > 0.0 and force.troops > 0.0:
        state.dead = state.dead + new * state.deployed / force.troops
