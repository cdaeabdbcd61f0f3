"""What a run comes to: each outcome once, with its unit, its meaning and how it is read off the actors."""

from collections.abc import Callable
from typing import Any, NamedTuple

from model.terms import Breaker


class Outcome(NamedTuple):
    """One outcome of a run."""

    name: str
    unit: str
    meaning: str
    read: Callable[[Any], float]


def _weeks(world: Any, week: float) -> float:
    """A week, or the horizon if it never came (right-censored)."""
    return float(week if week >= 0.0 else world.line.week)


def _flag(condition: bool) -> float:
    return 1.0 if condition else 0.0


def _support(world: Any) -> float:
    support = 0.0
    wealth = 0.0
    for state in world.states:
        support = support + state.gdp * state.support
        wealth = wealth + state.gdp
    return support / wealth


_ALL = (
    Outcome(
        "held", "0 or 1", "No limited and no renewed war up to the horizon", lambda w: _flag(w.line.collapse == 0.0)
    ),
    Outcome(
        "weeks_held",
        "weeks",
        "Weeks until the first limited or renewed war, or to the horizon (censored)",
        lambda w: _weeks(w, w.line.collapse_week),
    ),
    Outcome(
        "collapse",
        "0, 1 or 2",
        "What ended it first: 0 nothing, 1 limited war, 2 renewed war",
        lambda w: w.line.collapse,
    ),
    Outcome(
        "broken_by",
        "0 to 3",
        "Who ended it first: 0 nobody, 1 Russia, 2 Ukraine, 3 both by a spiral of fire",
        lambda w: w.line.broken_by,
    ),
    Outcome("renewed_war", "0 or 1", "Renewed war, which ends the run", lambda w: _flag(w.line.renewed_week >= 0.0)),
    Outcome(
        "weeks_to_renewed_war",
        "weeks",
        "Weeks to renewed war, or to the horizon (censored)",
        lambda w: _weeks(w, w.line.renewed_week),
    ),
    Outcome("limited_wars", "count", "Limited wars begun", lambda w: w.line.limited_wars),
    Outcome("weeks_of_war", "weeks", "Weeks spent in limited war", lambda w: w.line.war_weeks),
    Outcome(
        "consolidated",
        "0 or 1",
        "The ceasefire was consolidated (ceasefire.consolidation weeks of quiet) at least once",
        lambda w: _flag(w.line.consolidated_week >= 0.0),
    ),
    Outcome(
        "weeks_to_consolidation",
        "weeks",
        "Weeks to the first consolidation, or to the end (censored)",
        lambda w: _weeks(w, w.line.consolidated_week),
    ),
    Outcome(
        "fatal_incident",
        "0 or 1",
        "After the first consolidation, a week with as many dead as strain a ceasefire (ceasefire.strained_deaths)",
        lambda w: _flag(w.line.fatal_week >= 0.0),
    ),
    Outcome(
        "weeks_to_fatal_incident",
        "weeks",
        "Weeks to the first such week, or to the end (censored)",
        lambda w: _weeks(w, w.line.fatal_week),
    ),
    Outcome("direct_combat", "0 or 1", "European and Russian troops fought", lambda w: w.line.direct_combat),
    Outcome("us_combat", "0 or 1", "American forces fought", lambda w: w.line.us_combat),
    Outcome("wider_war", "0 or 1", "Fighting spread beyond Ukraine", lambda w: w.line.wider_war),
    Outcome("bypassed", "count", "Attacks that went round a force that was there", lambda w: w.line.bypassed),
    Outcome(
        "deaths",
        "soldiers",
        "Killed on all sides, the first weeks (casualties.counted_weeks) of a renewed war included",
        lambda w: w.russia.dead + w.ukraine.dead + w.force.dead,
    ),
    Outcome("deaths_russia", "soldiers", "Russian soldiers killed", lambda w: w.russia.dead),
    Outcome("deaths_ukraine", "soldiers", "Ukrainian soldiers killed", lambda w: w.ukraine.dead),
    Outcome("deaths_force", "soldiers", "Soldiers of the reassurance force killed", lambda w: w.force.dead),
    Outcome("territory_km2", "km2", "Ground lost by Ukraine, net", lambda w: w.line.territory),
    Outcome(
        "violations_per_week",
        "per week",
        "Violations of both sides, limited wars apart",
        lambda w: w.line.violations / max(1.0, w.line.weeks_counted),
    ),
    Outcome("probes", "weeks", "Weeks of Russian probing", lambda w: w.russia.probes),
    Outcome(
        "probes_answered",
        "weeks",
        "Of these, weeks in which the probe was answered",
        lambda w: w.russia.probes_answered,
    ),
    Outcome(
        "limited_attacks",
        "count",
        "Russian limited attacks, repelled ones included",
        lambda w: w.russia.limited_attacks,
    ),
    Outcome("troops_peak", "troops", "Most troops of the force in Ukraine", lambda w: w.force.peak),
    Outcome("troops_end", "troops", "Troops of the force in Ukraine at the end", lambda w: w.force.troops),
    Outcome(
        "troop_years",
        "troop-years",
        "Troops in Ukraine summed over time",
        lambda w: w.force.troop_weeks / w.parameters.calendar.weeks_per_year,
    ),
    Outcome(
        "weeks_to_deployment",
        "weeks",
        "Weeks to the first troops, or to the end (censored)",
        lambda w: _weeks(w, w.force.arrived),
    ),
    Outcome(
        "crumbled",
        "0 or 1",
        "The force fell below a share (force.crumbling) of its own peak",
        lambda w: _flag(w.force.crumbled >= 0.0),
    ),
    Outcome(
        "weeks_to_crumbling",
        "weeks",
        "Weeks from the ceasefire until it did, or to the end (censored)",
        lambda w: _weeks(w, w.force.crumbled),
    ),
    Outcome("lapses", "count", "Mandates of the force that ran out and were not renewed", lambda w: w.force.lapses),
    Outcome("contributors_peak", "states", "Most states with troops in Ukraine", lambda w: w.force.peak_contributors),
    Outcome("withdrawals", "count", "Contingents withdrawn by decision at home", lambda w: w.force.withdrawals),
    Outcome(
        "withdrawals_consensus",
        "count",
        "Of these, after consensus at home had broken",
        lambda w: w.force.withdrawals_consensus,
    ),
    Outcome("cost_force_eur_bn", "EUR bn", "Cost of the force", lambda w: w.force.cost),
    Outcome("cost_common_eur_bn", "EUR bn", "Common EU money for joint projects", lambda w: w.europe.common_spent),
    Outcome("aid_eur_bn", "EUR bn per year", "European military aid to Ukraine at the end", lambda w: w.europe.aid),
    Outcome(
        "defence_share", "% of GDP", "European defence spending at the end, weighted by GDP", lambda w: w.europe.defence
    ),
    Outcome("capability", "start = 1", "European modern equipment at the end", lambda w: w.europe.capability),
    Outcome("support", "%", "Public support for sending troops at the end, weighted by GDP", _support),
    Outcome("unity", "0 to 1", "European unity at the end", lambda w: w.europe.unity),
    Outcome(
        "position",
        "0 to 1",
        "European compromise at the end, 0 Atlanticist to 1 autonomist",
        lambda w: w.europe.position,
    ),
    Outcome("guarantee_will", "probability", "True American readiness to act at the end", lambda w: w.us.readiness),
    Outcome(
        "belief_russia", "probability", "Russia's belief in the guarantee at the end", lambda w: w.us.belief_russia
    ),
    Outcome(
        "belief_europe", "probability", "Europe's belief in the guarantee at the end", lambda w: w.us.belief_europe
    ),
    Outcome(
        "guarantee_form",
        "0 to 4",
        "Form of the guarantee at the end: none, backstop, executive, ratified, troops",
        lambda w: w.us.form,
    ),
    Outcome("envoys", "visits", "Envoys received in Washington", lambda w: w.us.visits),
    Outcome(
        "exit_week",
        "week",
        "Week in which the United States turned away, or the end (censored)",
        lambda w: _weeks(w, w.us.exit_week),
    ),
    Outcome("confidence", "0 to 1", "Ukrainian confidence at the end", lambda w: w.ukraine.confidence),
)

OUTCOMES: dict[str, Outcome] = {outcome.name: outcome for outcome in _ALL}


def read_outcomes(world: Any) -> dict[str, float]:
    """Every outcome of a world that has been played to its end."""
    return {name: float(outcome.read(world)) for name, outcome in OUTCOMES.items()}


def breaker_name(number: float) -> str:
    """In words, who ended the ceasefire."""
    return ("nobody", "Russia", "Ukraine", "a spiral of fire")[Breaker(int(number))]
