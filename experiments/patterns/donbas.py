"""F4: the noise of the Donbas, from the backcast of Minsk II: counts, recommitments, and what they are worth."""

from typing import Any, NamedTuple

import numpy as np

from experiments.patterns.pattern import SEED, Floats, ParameterSets, setting, traces
from model.engine import Engine
from model.scenario import Scenario
from model.terms import Status

FIRST = 46  # weeks from Minsk II to 2016, when counts become comparable
BEFORE, AFTER = 6, 9  # weeks
LATER = 50  # weeks followed after a recommitment that both sides verify
VERIFIED = 0.9  # verification and discipline as agreed in July 2020
WEEKS_A_YEAR = 52.1775


class Noise(NamedTuple):
    """What a set's runs show, each (sets,) but for the profile."""

    violations: Floats  # a week, limited wars apart
    scatter: Floats  # variance over mean
    dead: Floats  # soldiers a week
    recommitments: Floats  # a year
    profile: Floats  # (sets, AFTER): the dead in each week after a recommitment over the mean week before it


def backcast(verification: float | None = None) -> Scenario:
    """Minsk II with three European states, who matter little there; with discipline of one's own if asked."""
    more = {} if verification is None else {"agreement__verification": verification}
    return setting("minsk-2015", roster=["FRA", "DEU", "POL"], **more)


def measure_noise(engine: Engine, sets: ParameterSets, runs: int, seed: int = SEED) -> Noise:
    """Play the backcast and look at its weeks from 2016 on (from the start in runs that end before)."""
    count = len(sets.values)
    sums = np.zeros((count, 5))  # weeks, violations, squares, dead, recommitments
    before, after, seen = np.zeros(count), np.zeros((count, AFTER)), np.zeros((count, AFTER))
    for place, weeks in traces(engine, backcast(), sets, runs, seed):
        fire, dead, calm, war = _read(weeks)
        usable = ~war
        usable[: min(FIRST, max(len(fire) - 1, 0))] &= len(fire) <= FIRST
        fresh = np.flatnonzero((calm == 1.0) & ~war)
        chosen = fire[usable]
        sums[place] += len(chosen), chosen.sum(), np.square(chosen).sum(), dead[usable].sum(), usable[fresh].sum()
        for week, following in zip(fresh, np.append(fresh, len(fire))[1:], strict=True):
            start = week - BEFORE + 1
            if start < 0 or war[start : week + 1].any():
                continue
            stop = min(week + 1 + AFTER, following + 1, len(fire))
            stop = week + 1 + int(np.argmax(war[week + 1 : stop])) if war[week + 1 : stop].any() else stop
            length = stop - week - 1
            mean = dead[start : week + 1].mean()
            after[place, :length] += dead[week + 1 : stop]
            seen[place, :length] += mean
            before[place] += mean
    weeks_seen = np.maximum(sums[:, 0], 1.0)
    mean = sums[:, 1] / weeks_seen
    variance = sums[:, 2] / weeks_seen - np.square(mean)
    profile = np.where(seen > 0.0, after / np.maximum(seen, 1e-9), 1.0)
    years = weeks_seen / WEEKS_A_YEAR
    return Noise(mean, variance / np.maximum(mean, 1e-9), sums[:, 3] / weeks_seen, sums[:, 4] / years, profile)


def measure_discipline(engine: Engine, sets: ParameterSets, violations: Floats, runs: int, seed: int = SEED) -> Floats:
    """Violations after a recommitment that both sides verify, over the usual `violations` (sets,): (sets, LATER) weeks.

    The best recommitment, of July 2020, came with verification and discipline; the usual is the same Donbas without.
    """
    count = len(sets.values)
    total, seen = np.zeros((count, LATER)), np.zeros((count, LATER))
    for place, weeks in traces(engine, backcast(VERIFIED), sets, runs, seed):
        fire, _, calm, war = _read(weeks)
        for week in np.flatnonzero((calm == 1.0) & ~war):
            stop = min(week + 1 + LATER, len(fire))
            stop = week + 1 + int(np.argmax(war[week + 1 : stop])) if war[week + 1 : stop].any() else stop
            total[place, : stop - week - 1] += fire[week + 1 : stop]
            seen[place, : stop - week - 1] += 1.0
    found = np.where(seen > 0.0, total / np.maximum(seen, 1.0), np.nan) / np.maximum(violations, 1e-9)[:, None]
    return np.asarray(np.where(np.isfinite(found), found, 1.0))


def _read(weeks: Any) -> tuple[Floats, Floats, Floats, Any]:
    """Violations, dead, calm, and whether limited or renewed war goes on, week by week."""
    line = weeks["line"]
    fire = (line["violations_russia"] + line["violations_ukraine"]).ravel()
    status = line["status"].ravel()
    war = (status == Status.LIMITED_WAR) | (status == Status.RENEWED_WAR)
    return fire, line["deaths"].ravel(), line["calm"].ravel(), war
