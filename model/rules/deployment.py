"""The force in the field: mandate, build-up, handovers, fatigue, fighting worth, cost."""

from collections.abc import Sequence

from model.actors import CouncilLuck, Europe, Force, Institution, Line, State, UnitedStates
from model.register import Parameters
from model.rules.command import setup_weeks
from model.rules.maths import clip
from model.rules.theatre import force_scale
from model.terms import Deployment, Doctrine, Place, Status, Weight


def assemble(force: Force, p: Parameters) -> None:
    """Set up the plan: nobody is there in the first week."""
    force.asked = p.force.size * force_scale(p)
    force.mandate_end = -1.0
    force.arrived = -1.0
    force.crumbled = -1.0
    force.next_rotation = p.force.tour
    force.success = p.force.success_first


def authorise(force: Force, institutions: Sequence[Institution], line: Line, p: Parameters, luck: CouncilLuck) -> None:
    """Grant or renew the mandate at a meeting, if the command's members consent; else it lapses at its end."""
    if force.asked <= 0.0:
        return
    chosen = institutions[int(p.command.form)]
    imposed = p.force.deployment == Deployment.IMPOSED
    weeks = p.force.mandate * p.calendar.weeks_per_year
    if force.authorised == 0.0:
        if luck.mandate < chosen.consent or imposed:
            force.authorised = 1.0
            force.start_week = line.week + setup_weeks(chosen.kind, luck.setup, p)
            force.mandate_end = force.start_week + weeks
    elif line.week >= force.mandate_end:
        if luck.renewal < chosen.consent or imposed:
            force.mandate_end = force.mandate_end + weeks
        else:
            force.authorised = 0.0
            force.lapses = force.lapses + 1.0


def move_troops(state: State, force: Force, line: Line, p: Parameters) -> None:
    """Move a contingent towards its pledge, a step a week: it builds up in months and can leave faster.

    Nobody arrives before the mandate's start, nor while limited war goes on; a force told to withdraw when
    the line is broken leaves then.
    """
    f = p.force
    goal = 0.0
    if force.authorised == 1.0 and line.week >= force.start_week:
        goal = state.pledged
    if line.status == Status.LIMITED_WAR:
        goal = 0.0 if f.doctrine == Doctrine.WITHDRAW else min(goal, state.deployed)
    change = goal - state.deployed
    if change > 0.0:
        state.deployed = state.deployed + min(change, state.pledged / f.arriving_weeks)
    else:
        leaving = max(state.pledged, state.supply) / f.leaving_weeks
        state.deployed = max(goal, state.deployed - leaving)


def count(force: Force, states: Sequence[State]) -> None:
    """Count the troops in Ukraine, the contributors, their fatigue, and whether one of them has a deterrent."""
    troops = 0.0
    tired = 0.0
    contributors = 0.0
    nuclear = 0.0
    for state in states:
        troops = troops + state.deployed
        tired = tired + state.deployed * state.fatigue
        if state.deployed > 0.0:
            contributors = contributors + 1.0
            nuclear = max(nuclear, state.nuclear)
    force.troops = troops
    force.fatigue = tired / troops if troops > 0.0 else 0.0
    force.contributors = contributors
    force.nuclear = nuclear


def tire(state: State, p: Parameters) -> None:
    """Wear the contingent (0 to 1): fatigue grows with the share of sustainable supply in use, and heals at home."""
    f = p.force
    stretch = state.deployed / state.supply if state.supply > 0.0 else 0.0
    week = 1.0 / p.calendar.weeks_per_year
    state.fatigue = clip(state.fatigue + week * (f.tiring * stretch - f.healing * state.fatigue), 0.0, 1.0)


def hand_over(force: Force, line: Line, p: Parameters) -> None:
    """Turn contingents over: in the handover weeks part of the force is not on duty, which Russia can see."""
    f = p.force
    if line.week >= force.next_rotation:
        force.next_rotation = force.next_rotation + f.tour
        force.turning = f.handover
    away = f.handover_gap if force.turning > 0.0 else 0.0
    force.turning = max(0.0, force.turning - 1.0)
    force.present = force.troops * (1.0 - away)


def quality(p: Parameters) -> float:
    """Fighting worth of one fresh soldier with enablers, by the weight of the force (RAND RR2533)."""
    return p.force.worth_heavy if p.force.weight == Weight.HEAVY else p.force.worth_light


def worth(force: Force, us: UnitedStates, europe: Europe, p: Parameters) -> float:
    """Fighting worth of one soldier on duty, against a Ukrainian one at 1.

    Heavy brigades are worth more than light infantry (RAND RR2533); without American enablers both lose,
    the less so the more Europe has bought since.
    """
    f = p.force
    own = clip(f.substitution * (europe.capability - 1.0), 0.0, 1.0)
    enabled = max(us.enablers, own)
    without = f.worth_without_us
    return quality(p) * (without + (1.0 - without) * enabled) * (1.0 - f.fatigue_effect * force.fatigue)


def yearly_cost(force: Force, p: Parameters) -> float:
    """Cost of the troops that are there (EUR bn a year), by weight."""
    dearer = p.force.cost_heavy if p.force.weight == Weight.HEAVY else 1.0
    return force.troops * p.force.cost * dearer / p.calendar.million


def take_stock(force: Force, us: UnitedStates, europe: Europe, line: Line, p: Parameters) -> None:
    """Bring the force's worth (thousand), troop-weeks, peak, first crumbling and cost (EUR bn) up to date."""
    if force.arrived < 0.0 and force.troops > 0.0:
        force.arrived = line.week
    force.effective = force.present * worth(force, us, europe, p) / p.calendar.thousand
    force.troop_weeks = force.troop_weeks + force.troops
    force.peak = max(force.peak, force.troops)
    if force.crumbled < 0.0 and force.troops < p.force.crumbling * force.peak:
        force.crumbled = line.week
    force.peak_contributors = max(force.peak_contributors, force.contributors)
    force.cost = force.cost + yearly_cost(force, p) / p.calendar.weeks_per_year


def exposed(force: Force, p: Parameters) -> float:
    """Troops that would be under fire at once if Russia attacked: all on the line, few in reserve or cities."""
    f = p.force
    if f.place == Place.LINE:
        return force.troops
    if f.place == Place.RESERVE:
        return force.troops * f.exposed_reserve
    return force.troops * f.exposed_cities
