"""Two backcasts: Minsk II from February 2015, and Karabakh from November 2020 with its bystander force."""

from dataclasses import dataclass, field

import numpy as np

from experiments.evidence.targets import fitted_cases
from experiments.history.runs import case_scenarios
from experiments.intervals import Interval
from experiments.patterns.donbas import VERIFIED
from experiments.patterns.pattern import Budget, Floats, ParameterSets, over_sets, play, setting, traces
from model.engine import Engine
from model.terms import Status

MINSK_MONTH, KARABAKH_MONTH = 84.0, 34.0  # from the ceasefire to the war that ended it
WEEKS_A_MONTH = 52.1775 / 12.0
KARABAKH = "AZE-ARM-2020d"
MONTHS = np.arange(0.0, 120.0, 3.0)


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


def minsk(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Backcast:
    """Minsk II over ten years: when renewed war comes, and how much is shot before, with and without verification."""
    budget = budget or Budget()
    chosen = sets.spread(budget.sets)
    scenario = setting("minsk-2015", roster="europe")
    played = play(engine, scenario, chosen, budget.runs)
    months = np.where(played["renewed_war"] == 1.0, played["weeks_to_renewed_war"] / WEEKS_A_MONTH, np.inf)
    values = {
        "war_by_month_84": over_sets((months <= MINSK_MONTH).mean(axis=1)),
        "war_by_ten_years": over_sets(np.isfinite(months).mean(axis=1)),
        "date_5_percent": _point(float(np.quantile(months, 0.05, method="lower"))),
        "date_95_percent": _point(float(np.quantile(months, 0.95, method="higher"))),
        "violations_plain": _violations(engine, chosen, budget.traces, None),
        "violations_verified": _violations(engine, chosen, budget.traces, VERIFIED),
    }
    return _backcast("Minsk II", "renewed war", MINSK_MONTH, months, values)


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
        told = play(engine, scenario.with_settings({"force.doctrine": doctrine}), chosen, budget.runs)
        attacks = told["limited_attacks"] + told["renewed_war"]
        values[f"bypassed_told_to_{doctrine}"] = _point(float(told["bypassed"].sum() / max(float(attacks.sum()), 1.0)))
    return _backcast("Karabakh 2020", "limited or renewed war", KARABAKH_MONTH, months, values)


def _backcast(name: str, what: str, month: float, months: Floats, values: dict[str, Interval]) -> Backcast:
    first, last = values["date_5_percent"].estimate, values["date_95_percent"].estimate
    shares = np.stack([(months > at).mean(axis=1) for at in MONTHS], axis=1)  # (sets, months)
    low, high = np.quantile(shares, [0.05, 0.95], axis=0)
    curve = shares.mean(axis=0).tolist()
    return Backcast(name, what, month, values, first <= month <= last, curve, low.tolist(), high.tolist())


def _point(value: float) -> Interval:
    return Interval(value, value, value)


def _violations(engine: Engine, sets: ParameterSets, runs: int, verification: float | None) -> Interval:
    """Violations a week from 2016 on, limited wars apart, by set."""
    more = {} if verification is None else {"agreement__verification": verification}
    scenario = setting("minsk-2015", roster=["FRA", "DEU", "POL"], **more)
    total, seen = np.zeros(len(sets.values)), np.zeros(len(sets.values))
    for place, weeks in traces(engine, scenario, sets, runs):
        line = weeks["line"][46:]
        peace = line["status"].ravel() != Status.LIMITED_WAR
        total[place] += (line["violations_russia"] + line["violations_ukraine"]).ravel()[peace].sum()
        seen[place] += peace.sum()
    return over_sets(np.where(seen > 0.0, total / np.maximum(seen, 1.0), np.nan))
