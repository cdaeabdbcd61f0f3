"""Violations: overdispersed counts that breed more, fade after a recommitment, and are hard to pin on anybody."""

from model.actors import Force, Line, LineLuck, Russia, Ukraine
from model.register import Parameters
from model.rules.maths import clip, half_life_keep, lognormal, negative_binomial
from model.rules.theatre import closeness
from model.terms import Act, Place, Status


def cease_fire(line: Line, p: Parameters, luck: LineLuck) -> None:
    """Open the ceasefire in the heat of war, and draw how many violations one violation breeds.

    Below one the shooting dies down; near or above one a truce never settles.
    """
    v = p.violations
    line.status = float(Status.STRAINED)
    line.calm = 1.0
    line.heat = 1.0
    line.excitation = v.excitation_first * closeness(p)
    line.fortification = p.ceasefire.fortification_first
    line.menace = p.threat.menace_first
    line.alarm = 1.0
    line.blame = 0.5
    line.renewed_week = -1.0
    line.consolidated_week = -1.0
    line.collapse_week = -1.0
    line.fatal_week = -1.0
    line.discipline = closeness(p) * lognormal(luck.discipline, p.violations.breeding, p.violations.breeding_spread)


def strength_of_agreement(p: Parameters) -> float:
    """Strength of the agreement (0 to 1): monitors, verification, a demilitarised zone.

    Fortna (2003, 2004) finds that these keep peace; Lo, Hashimoto & Reiter (2008) find almost no impact: a
    switch, which leaves only what monitors see.
    """
    if p.theories.agreements_matter == 0.0:
        return 0.0
    a = p.agreement
    weights = a.weight_monitors * a.monitors + a.weight_verification * a.verification + a.weight_zone * a.zone
    return weights / (a.weight_monitors + a.weight_verification + a.weight_zone)


def surprise_left(p: Parameters) -> float:
    """Share of an attacker's strength (0 to 1) that can be massed unseen across a demilitarised zone.

    A zone takes away surprise (Fortna 2003, 2004), from whichever side attacks, where agreements matter.
    """
    return 1.0 - p.theories.agreements_matter * p.agreement.zone_warns * p.agreement.zone


def open_week(line: Line, force: Force) -> None:
    """Clear the week's dead and the force's alarm."""
    line.deaths = 0.0
    force.attacked = 0.0


def restraint(force: Force, p: Parameters) -> float:
    """Share of breeding (0 to 1) that the force prevents by being there: it sees, separates and vouches.

    Armed peacekeepers cut battlefield deaths in civil wars (Hultman, Kathman & Shannon 2014); that this carries
    over to two armies is an assumption. On the line it counts in full, in reserve in part, in cities not at all.
    """
    v = p.violations
    share = 0.0
    if p.theories.presence_calms == 0.0:
        return share
    if p.force.place == Place.LINE:
        share = 1.0
    elif p.force.place == Place.RESERVE:
        share = v.restrain_reserve
    return v.force_restrains * share * force.troops / (force.troops + v.restrain_half)


def self_discipline(p: Parameters) -> float:
    """How far each side verifies and punishes its own violations (0 to 1): it takes both to agree and to do it."""
    verified = p.theories.agreements_matter * p.agreement.verification
    return verified * verified


def simmer(line: Line, russia: Russia, ukraine: Ukraine, p: Parameters) -> None:
    """Let the effect of the last recommitment fade and the heat of probing rise or cool (both 0 to 1).

    A plain recommitment fades in weeks. What makes one last is that each side verifies and punishes its own
    violations, as in the Donbas from July 2020.
    """
    v = p.violations
    half_life = v.calm_plain + (v.calm_verified - v.calm_plain) * self_discipline(p)
    line.calm = line.calm * half_life_keep(half_life)
    probing = 1.0 if russia.act == Act.PROBE or ukraine.act == Act.PROBE else 0.0
    target = max(probing, v.heat_floor)
    rate = 1.0 - half_life_keep(v.heat_half_life)
    if probing == 1.0:
        rate = v.heat_rise
    line.heat = clip(line.heat + rate * (target - line.heat), 0.0, 1.0)


def shoot(line: Line, russia: Russia, ukraine: Ukraine, force: Force, p: Parameters, luck: LineLuck) -> None:
    """Draw the week's violations of each side (OSCE-like counts).

    Mean: from low (when nobody probes) to high, less what a fresh recommitment silences, which is all of it only
    where both sides discipline their own; plus self-excitation (Hawkes). Counts are negative binomial. Ukraine's
    share is smaller and its own.
    """
    v = p.violations
    obeyed = v.obeyed_plain + (1.0 - v.obeyed_plain) * self_discipline(p)
    level = v.low + (v.high - v.low) * line.heat * (1.0 - obeyed * line.calm)
    mean = level + line.excitation
    probe = v.probe_factor if russia.act == Act.PROBE else 1.0
    own_probe = v.probe_factor if ukraine.act == Act.PROBE else 1.0
    share = v.ukraine_share / (1.0 + v.ukraine_share)
    line.violations_russia = negative_binomial(
        luck.rate_russia, luck.count_russia, mean * (1.0 - share) * probe, v.dispersion
    )
    line.violations_ukraine = negative_binomial(
        luck.rate_ukraine, luck.count_ukraine, mean * share * own_probe, v.dispersion
    )
    total = line.violations_russia + line.violations_ukraine
    breeding = line.discipline * (1.0 - v.agreement_restrains * strength_of_agreement(p)) * (1.0 - restraint(force, p))
    keep = half_life_keep(v.memory)
    bred = keep * line.excitation + (1.0 - keep) * breeding * total
    line.excitation = min(bred, v.most)
    if line.status != Status.LIMITED_WAR:
        line.violations = line.violations + total
        line.weeks_counted = line.weeks_counted + 1.0


def accuracy(p: Parameters) -> float:
    """Chance (0.5 to 1) that monitors lay an incident at the right door."""
    v = p.violations
    return v.accuracy + (v.accuracy_monitored - v.accuracy) * p.agreement.monitors


def attribute(line: Line, p: Parameters, luck: LineLuck) -> None:
    """Set the share of the week's violations that is blamed on Russia: right only in part, and by noise."""
    total = line.violations_russia + line.violations_ukraine
    share = line.violations_russia / total if total > 0.0 else 0.5
    right = accuracy(p)
    believed = right * share + (1.0 - right) * (1.0 - share)
    noise = p.violations.attribution_noise * (luck.attribution - 0.5)
    line.blame = clip(believed + noise, 0.0, 1.0)
