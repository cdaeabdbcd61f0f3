"""Two backcasts: Minsk II from February 2015, and Karabakh from November 2020 with its bystander force."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np

from experiments.evidence.targets import fitted_cases
from experiments.history.runs import case_scenarios
from experiments.intervals import Interval
from experiments.patterns.donbas import VERIFIED, backcast, read_weeks
from experiments.patterns.pattern import (
    WEEKS_A_YEAR,
    Budget,
    Floats,
    ParameterSets,
    over_sets,
    play,
    setting,
    share_over_sets,
    traces,
)
from model.engine import Engine
from model.scenario import Scenario
from model.terms import Act

MINSK_MONTH, KARABAKH_MONTH = 84.0, 34.0  # from the ceasefire to the war that ended it
WEEKS_A_MONTH = WEEKS_A_YEAR / 12.0
KARABAKH = "AZE-ARM-2020d"
MONTHS = np.arange(0.0, 121.0, 3.0)
START = date(2015, 2, 15)  # of Minsk II
COUNTED = {2016: 6123, 2017: 7697, 2018: 5994, 2019: 5746, 2020: 2578, 2021: 1801}  # a week (OSCE SMM; codebook)
FOLD = 3  # as many runs of a set as whose weeks are looked at elsewhere: attacks are few


@dataclass(frozen=True)
class Backcast:
    """What the model says of one ceasefire whose end is known."""

    name: str
    what: str
    month: float  # in which war came
    values: dict[str, Interval]
    inside: bool  # whether the month lies in the 90% band of the simulated dates, wars that never came counting late
    curve: list[float] = field(default_factory=list)  # share at peace after MONTHS, mean over sets
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    yearly: dict[int, dict[str, float]] = field(default_factory=dict)  # violations a week: counted, and by arm (median)


def minsk(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Backcast:
    """Minsk II over ten years: when renewed war comes, and how much is shot before, with and without verification."""
    budget = budget or Budget()
    chosen = sets.spread(budget.sets)
    scenario = setting("minsk-2015", roster="europe")
    played = play(engine, scenario, chosen, budget.runs)
    months = np.where(played["renewed_war"] == 1.0, played["weeks_to_renewed_war"] / WEEKS_A_MONTH, np.inf)
    arms = {"plain": backcast(), "verified": backcast(VERIFIED)}
    fire = {arm: _violations(engine, there, chosen, budget.traces) for arm, there in arms.items()}
    values = {
        "war_by_month_84": over_sets((months <= MINSK_MONTH).mean(axis=1)),
        "war_by_ten_years": over_sets(np.isfinite(months).mean(axis=1)),
        "date_5_percent": _point(float(np.quantile(months, 0.05, method="lower"))),
        "date_95_percent": _point(float(np.quantile(months, 0.95, method="higher"))),
        **{f"violations_{arm}": over_sets(_over(*(each.sum(axis=1) for each in fire[arm]))) for arm in arms},
    }
    by_arm = {arm: [over_sets(each).estimate for each in _over(*fire[arm]).T] for arm in arms}
    yearly = {
        year: {"counted": float(number), **{arm: by_arm[arm][place] for arm in arms}}
        for place, (year, number) in enumerate(COUNTED.items())
    }
    return _backcast("Minsk II", "renewed war", MINSK_MONTH, months, values, yearly)


def karabakh(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Backcast:
    """Karabakh after the war of 2020: when war comes, and whether a light force is passed by."""
    budget = budget or Budget()
    chosen = sets.spread(budget.sets)
    frame = fitted_cases().chosen("strict", core_only=False)
    (scenario,) = case_scenarios(frame[frame["case_id"] == KARABAKH])
    played = play(engine, scenario, chosen, budget.runs)
    months = np.where(played["held"] == 0.0, played["weeks_held"] / WEEKS_A_MONTH, np.inf)
    values = {
        "war_by_month_34": over_sets((months <= KARABAKH_MONTH).mean(axis=1)),
        "war_by_ten_years": over_sets(np.isfinite(months).mean(axis=1)),
        "date_5_percent": _point(float(np.quantile(months, 0.05, method="lower"))),
        "date_95_percent": _point(float(np.quantile(months, 0.95, method="higher"))),
    }
    for doctrine in ("hold", "withdraw"):
        told = scenario.with_settings({"force.doctrine": doctrine})
        values[f"bypassed_told_to_{doctrine}"] = share_over_sets(*_attacks(engine, told, chosen, FOLD * budget.traces))
    return _backcast("Karabakh 2020", "limited or renewed war", KARABAKH_MONTH, months, values)


def _backcast(
    name: str,
    what: str,
    month: float,
    months: Floats,
    values: dict[str, Interval],
    yearly: dict[int, dict[str, float]] | None = None,
) -> Backcast:
    first, last = values["date_5_percent"].estimate, values["date_95_percent"].estimate
    shares = np.stack([(months > at).mean(axis=1) for at in MONTHS], axis=1)  # (sets, months)
    low, high = np.quantile(shares, [0.05, 0.95], axis=0)
    curve = shares.mean(axis=0).tolist()
    inside = first <= month <= last
    return Backcast(name, what, month, values, inside, curve, low.tolist(), high.tolist(), yearly or {})


def _point(value: float) -> Interval:
    return Interval(value, value, value)


def _attacks(engine: Engine, scenario: Scenario, sets: ParameterSets, runs: int) -> tuple[Floats, Floats]:
    """Attacks that went round a force that was there, and all that found it there, limited and full: (sets,) each."""
    passed, met = np.zeros(len(sets.values)), np.zeros(len(sets.values))
    for place, weeks in traces(engine, scenario, sets, runs):
        attacked = weeks["russia"]["act"].ravel() >= Act.LIMITED
        met[place] += (attacked & (weeks["force"]["troops"].ravel() > 0.0)).sum()
        passed[place] += weeks["line"]["bypassed"][-1, 0]
    return passed, met


def _violations(engine: Engine, scenario: Scenario, sets: ParameterSets, runs: int) -> tuple[Floats, Floats]:
    """Violations in each year that was COUNTED, and the weeks of it, wars apart: (sets, years) each."""
    total, seen = np.zeros((2, len(sets.values), len(COUNTED)))
    begins = [(date(year, 1, 1) - START).days // 7 for year in (*COUNTED, max(COUNTED) + 1)]
    for place, weeks in traces(engine, scenario, sets, runs):
        fire, _, _, war = read_weeks(weeks)
        for year, (begin, end) in enumerate(pairwise(begins)):
            total[place, year] += fire[begin:end][~war[begin:end]].sum()
            seen[place, year] += (~war[begin:end]).sum()
    return total, seen


def _over(total: Floats, seen: Floats) -> Floats:
    return np.asarray(np.where(seen > 0.0, total / np.maximum(seen, 1.0), np.nan))
