"""The dead: of violations, of attacks, of the force."""

from model.actors import Force, Line, LineLuck, Russia, State, Ukraine
from model.register import Parameters
from model.rules.maths import lognormal_mean_one, poisson
from model.terms import Status


def bury(line: Line, russia: Russia, ukraine: Ukraine, mean: float, share: float, u: float, p: Parameters) -> None:
    """Add the dead of both armies in a fight (soldiers): `mean` times a wide lognormal, a `share` of them Russian."""
    dead = mean * lognormal_mean_one(u, p.casualties.spread)
    lose(line, russia, ukraine, dead * share, dead * (1.0 - share), p)


def lose(line: Line, russia: Russia, ukraine: Ukraine, russian: float, ukrainian: float, p: Parameters) -> None:
    """Book both armies' dead (soldiers); they and the wounded are missing from their strengths (thousand)."""
    russia.dead = russia.dead + russian
    ukraine.dead = ukraine.dead + ukrainian
    line.deaths = line.deaths + russian + ukrainian
    gone = (1.0 + p.casualties.wounded) / p.calendar.thousand
    russia.strength = max(0.0, russia.strength - russian * gone)
    ukraine.strength = max(0.0, ukraine.strength - ukrainian * gone)


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
        bury(line, russia, ukraine, c.limited_weekly, c.russian_share, luck.deaths, p)
        return
    total = line.violations_russia + line.violations_ukraine
    mean = c.lethality * total * (1.0 + total / c.heavy)
    dead = poisson(luck.deaths, mean)
    share = line.violations_ukraine / total if total > 0.0 else 0.0
    lose(line, russia, ukraine, dead * share, dead * (1.0 - share), p)


def mourn(state: State, force: Force) -> None:
    """Share the force's new dead among contributors by the troops they have there."""
    new = force.dead - force.mourned
    if new > 0.0 and force.troops > 0.0:
        state.dead = state.dead + new * state.deployed / force.troops
