"""F4: the noise of the Donbas, from the backcast of Minsk II: counts, recommitments, and what they are worth."""

from typing import Any, NamedTuple

import numpy as np

from experiments.patterns.pattern import (
    SEED,
    WEEKS_A_YEAR,
    Budget,
    Finding,
    Floats,
    ParameterSets,
    judge,
    mean_by_set,
    over_sets,
    setting,
    traces,
)
from model.engine import Engine
from model.scenario import Scenario
from model.terms import Status

FIRST = 46  # weeks from Minsk II to 2016, when counts become comparable
SCHOOL = 28  # weeks to September 2015, from when recommitments are looked at
BEFORE, AFTER = 6, 9  # weeks
LATER = 50  # weeks followed after a recommitment that both sides verify
VERIFIED = 0.9  # verification and discipline as agreed in July 2020
FOLD = 3  # as many runs of a set as whose weeks are looked at elsewhere: recommitments are few
AUTUMN = 22  # weeks from 27 July 2020 to the end of the year, over which its tenfold cut was counted
BACK, HALF = 0.9, 0.5  # shares of the usual
NOISY, TENFOLD = (100.0, np.inf), (10.0, np.inf)
FIRST_WEEK, WEEKS_BACK, HALF_A_YEAR = (0.3, 0.7), (3.0, 6.0), (26.0, np.inf)


class Noise(NamedTuple):
    """What a set's runs show, each (sets,) but for the profile."""

    violations: Floats  # a week, limited wars apart
    scatter: Floats  # variance over mean of the weeks of a run
    dead: Floats  # soldiers a week
    recommitments: Floats  # a year
    profile: Floats  # (sets, AFTER): the dead in each week after a recommitment over the mean week before it


def backcast(verification: float | None = None) -> Scenario:
    """Minsk II with three European states, who matter little there; with discipline of one's own if asked."""
    more = {} if verification is None else {"agreement__verification": verification}
    return setting("minsk-2015", roster=["FRA", "DEU", "POL"], **more)


def measure_donbas(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Finding:
    """F4: violations come in bursts; a plain recommitment is worth weeks, one that both sides verify most of a year.

    The backcast of Minsk II as it was, and once more with verification as agreed in July 2020. Passes if, by the median
    over sets, the variance of weekly counts is at least 100 times their mean; the best verified recommitment of a run
    cuts the mean of the next 22 weeks tenfold, as the best of 26 did in July 2020; verified ones keep it below half the
    usual for at least 26 weeks; and a plain one brings the dead of the first week to 0.3 to 0.7 of the six weeks
    before, which are back at 0.9 in the third to sixth week. Beside it: what a verified one usually cuts.
    """
    budget = budget or Budget()
    chosen = sets.spread(budget.sets)
    noise = measure_noise(engine, chosen, FOLD * budget.traces)
    later = measure_discipline(engine, chosen, noise.violations, FOLD * budget.traces)
    values = {
        "scatter": over_sets(noise.scatter),
        "best_cut": over_sets(measure_best(engine, chosen, noise.violations, FOLD * budget.traces)),
        "usual_verified_cut": over_sets(1.0 / np.maximum(later[:, :AUTUMN].mean(axis=1), 1e-9)),
        "first_week": over_sets(noise.profile[:, 0]),
        "weeks_back": over_sets(weeks_below(noise.profile, BACK, 2) + 1.0),
        "verified_weeks": over_sets(weeks_below(later, HALF, 4)),
        "violations": over_sets(noise.violations),
        "dead": over_sets(noise.dead),
        "recommitments": over_sets(noise.recommitments),
    }
    bands = {
        "scatter": NOISY,
        "best_cut": TENFOLD,
        "first_week": FIRST_WEEK,
        "weeks_back": WEEKS_BACK,
        "verified_weeks": HALF_A_YEAR,
    }
    return Finding(
        name="F4",
        title="The noise of the Donbas, and what calms it",
        target="Variance over mean at least 100; best recommitment cuts tenfold and for half a year, others for weeks",
        statistic="Weekly violations; violations after a verified recommitment over the usual; the dead after a plain "
        "one over the six weeks before",
        values=values,
        bands=bands,
        passed=judge(values, bands),
        use="fit",
        why="Input in part: counts are negative binomial, and how fast calm fades with and without verification is "
        "violations.calm_verified and violations.calm_plain. Violations that breed violations add the bursts.",
        series={
            "plain": np.median(noise.profile, axis=0).tolist(),
            "verified": np.median(later, axis=0).tolist(),
        },
    )


def weeks_below(curves: Floats, level: float, width: int) -> Floats:
    """Weeks before the mean of `width` weeks first reaches a level, for each curve (n, weeks); all weeks if never."""
    reached = np.lib.stride_tricks.sliding_window_view(curves, width, axis=1).mean(axis=2) >= level
    return np.where(reached.any(axis=1), reached.argmax(axis=1), curves.shape[1]).astype(float)


def measure_noise(engine: Engine, sets: ParameterSets, runs: int, seed: int = SEED) -> Noise:
    """Play the backcast and look at its weeks from 2016 on (from the start in runs that end before).

    Recommitments count from September 2015 on, as in the data; what follows one is cut at the next, or at a war.
    """
    count = len(sets.values)
    sums = np.zeros((count, 5))  # weeks, violations, squared deviations from the run's mean, dead, recommitments
    after, before = np.zeros((count, AFTER)), np.zeros((count, AFTER))
    for place, weeks in traces(engine, backcast(), sets, runs, seed):
        fire, dead, calm, war = read_weeks(weeks)
        usable = ~war
        usable[: min(FIRST, max(len(fire) - 1, 0))] &= len(fire) <= FIRST
        fresh = np.flatnonzero((calm == 1.0) & ~war)
        chosen = fire[usable]
        spread = np.square(chosen - chosen.mean()).sum() if chosen.size else 0.0
        sums[place] += len(chosen), chosen.sum(), spread, dead[usable].sum(), usable[fresh].sum()
        died, usual = _profile(dead, fresh, war)
        after[place] += died
        before[place] += usual
    weeks_seen = np.maximum(sums[:, 0], 1.0)
    mean = sums[:, 1] / weeks_seen
    scatter = sums[:, 2] / np.maximum(sums[:, 1], 1e-9)
    profile = np.where(before > 0.0, after / np.maximum(before, 1e-9), 1.0)
    years = weeks_seen / WEEKS_A_YEAR
    return Noise(mean, scatter, sums[:, 3] / weeks_seen, sums[:, 4] / years, profile)


def _profile(dead: Floats, fresh: Any, war: Any) -> tuple[Floats, Floats]:
    """The dead in each week after the recommitments `fresh`, and what the weeks before would have them: (AFTER,) each.

    Orders go out at the end of a week, so it belongs to the six before. Without a week of war in any of them.
    """
    after, before = np.zeros(AFTER), np.zeros(AFTER)
    for week, following in zip(fresh, np.append(fresh, len(dead))[1:], strict=True):
        start = week - BEFORE + 1
        if week < SCHOOL or war[start : week + 1].any():
            continue
        stop = int(min(week + 1 + AFTER, following + 1, len(dead)))
        stop = week + 1 + int(np.argmax(war[week + 1 : stop])) if war[week + 1 : stop].any() else stop
        after[: stop - week - 1] += dead[week + 1 : stop]
        before[: stop - week - 1] += dead[start : week + 1].mean()
    return after, before


def measure_discipline(engine: Engine, sets: ParameterSets, violations: Floats, runs: int, seed: int = SEED) -> Floats:
    """Violations after a recommitment that both sides verify, over the usual `violations` (sets,): (sets, LATER) weeks.

    The best recommitment, of July 2020, came with verification and discipline; the usual is the same Donbas without.
    """
    count = len(sets.values)
    total, seen = np.zeros((count, LATER)), np.zeros((count, LATER))
    for place, weeks in traces(engine, backcast(VERIFIED), sets, runs, seed):
        fire, _, calm, war = read_weeks(weeks)
        for week in np.flatnonzero((calm == 1.0) & ~war).tolist():
            stop = int(min(week + 1 + LATER, len(fire)))
            stop = week + 1 + int(np.argmax(war[week + 1 : stop])) if war[week + 1 : stop].any() else stop
            total[place, : stop - week - 1] += fire[week + 1 : stop]
            seen[place, : stop - week - 1] += 1.0
    found = np.where(seen > 0.0, total / np.maximum(seen, 1.0), np.nan) / np.maximum(violations, 1e-9)[:, None]
    return np.asarray(np.where(np.isfinite(found), found, 1.0))


def measure_best(engine: Engine, sets: ParameterSets, violations: Floats, runs: int, seed: int = SEED) -> Floats:
    """How many times fewer violations than usual follow a verified run's best recommitment, over 22 weeks: (sets,).

    July 2020 was the best of 26, so it is compared with the best of a run, and not with the mean of all. Mean over
    runs; runs without a recommitment that 22 weeks of peace follow are left out.
    """
    places: list[int] = []
    cuts: list[float] = []
    for place, weeks in traces(engine, backcast(VERIFIED), sets, runs, seed):
        fire, _, calm, war = read_weeks(weeks)
        starts = [week + 1 for week in np.flatnonzero((calm == 1.0) & ~war).tolist()]
        spans = [slice(start, start + AUTUMN) for start in starts if start + AUTUMN <= len(fire)]
        means = [float(fire[span].mean()) for span in spans if not war[span].any()]
        if means:
            places.append(place)
            cuts.append(float(violations[place]) / max(min(means), 1.0))
    return mean_by_set(places, cuts, len(sets.values))


def read_weeks(weeks: Any) -> tuple[Floats, Floats, Floats, Any]:
    """Violations, dead, calm, and whether limited or renewed war was fought, week by week.

    The status after a week does not tell: a limited war that ends with the week has left it by then.
    """
    line = weeks["line"]
    fire = (line["violations_russia"] + line["violations_ukraine"]).ravel()
    fought = np.diff(line["war_weeks"].ravel(), prepend=0.0) > 0.0
    war = fought | (line["status"].ravel() == Status.RENEWED_WAR)
    return fire, line["deaths"].ravel(), line["calm"].ravel(), war
