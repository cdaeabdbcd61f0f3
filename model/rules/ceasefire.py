"""The ceasefire's own state: strained, restored, consolidated, or ended."""

import math

from model.actors import Line, LineLuck, Russia, Ukraine
from model.register import Parameters
from model.rules.maths import half_life_keep, happens
from model.rules.violations import strength_of_agreement
from model.terms import Act, Breaker, Status


def begin_war(line: Line, status: Status, breaker: Breaker) -> None:
    """End the ceasefire by limited or renewed war; the first end is kept with its date and author."""
    if line.collapse == 0.0:
        line.collapse = 1.0 if status == Status.LIMITED_WAR else 2.0
        line.collapse_week = line.week
        line.broken_by = float(breaker)
    if status == Status.RENEWED_WAR:
        line.renewed_week = line.week
    else:
        line.limited_wars = line.limited_wars + 1.0
    line.status = float(status)
    line.quiet_weeks = 0.0


def strain(line: Line) -> None:
    """Mark the ceasefire strained, unless it is over."""
    if line.status == Status.HOLDING or line.status == Status.CONSOLIDATED:
        line.status = float(Status.STRAINED)
    line.quiet_weeks = 0.0


def recommit(line: Line, p: Parameters) -> None:
    """Start afresh: orders to stop firing go out, and most of them are obeyed."""
    line.calm = 1.0
    line.excitation = line.excitation * p.ceasefire.recommitment_keeps
    line.status = float(Status.STRAINED)


def dig_in(line: Line, p: Parameters) -> None:
    """Fortify the line (0 to 1) as the weeks go by without movement; a limited war undoes part of it."""
    c = p.ceasefire
    if line.status == Status.LIMITED_WAR:
        line.fortification = line.fortification * c.overrun
    else:
        line.fortification = 1.0 - (1.0 - line.fortification) * half_life_keep(c.digging)


def build_trust(line: Line, russia: Russia, ukraine: Ukraine, p: Parameters) -> None:
    """Move trust (0 to 1): while the ceasefire holds, each week in which both comply adds some; strain takes it.

    Compliance that could have been defection shows good faith (Kydd 2005), and a settlement that is kept comes
    to be worth keeping. Probing that stays below what strains the ceasefire is ambiguous, and adds nothing. Trust
    knows what was done, and not how old the ceasefire is.
    """
    c = p.ceasefire
    if line.status != Status.HOLDING and line.status != Status.CONSOLIDATED:
        line.trust = line.trust * half_life_keep(c.trust_lost)
    elif russia.act == Act.COMPLY and ukraine.act == Act.COMPLY:
        line.trust = 1.0 - (1.0 - line.trust) * half_life_keep(c.trust_built)


def take_temperature(line: Line, p: Parameters, luck: LineLuck) -> None:
    """Set the status for the week.

    Strained: many violations, or many dead. Holding: neither, for some weeks. Consolidated: quiet for half a
    year (a dispute counts as over after about six quiet months, Jones, Bremer & Singer 1996). A strained
    ceasefire is recommitted at a hazard, sooner with strong agreements: mediators and seasons call for it, also
    while a side probes (26 times in the Donbas, OSCE). A limited war ends at a hazard.
    """
    c = p.ceasefire
    total = line.violations_russia + line.violations_ukraine
    if line.status == Status.RENEWED_WAR:
        return
    if line.status == Status.LIMITED_WAR:
        line.war_weeks = line.war_weeks + 1.0
        if happens(luck.end, c.war_ends):
            recommit(line, p)
        return
    if line.deaths >= c.strained_deaths and line.consolidated_week >= 0.0 and line.fatal_week < 0.0:
        line.fatal_week = line.week
    if total >= c.strained_violations or line.deaths >= c.strained_deaths:
        strain(line)
    else:
        line.quiet_weeks = line.quiet_weeks + 1.0
    if line.quiet_weeks >= c.consolidation:
        if line.status != Status.CONSOLIDATED and line.consolidated_week < 0.0:
            line.consolidated_week = line.week
        line.status = float(Status.CONSOLIDATED)
    elif line.quiet_weeks >= c.restoration:
        line.status = float(Status.HOLDING)
    if line.status == Status.STRAINED:
        hazard = c.recommitment * math.exp(c.recommitment_agreement * strength_of_agreement(p))
        if happens(luck.recommit, hazard):
            recommit(line, p)
