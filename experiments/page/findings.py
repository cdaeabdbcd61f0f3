"""What runs say: the plan against what it is compared with, under the same luck, in numbers and in words."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from experiments.chunks import Outcomes
from experiments.figures import words
from experiments.intervals import EVENTS, Interval, bootstrap_means, estimate, paired_difference
from experiments.survival import curve
from model.outcomes import OUTCOMES

PLACES = {name: place for place, name in enumerate(OUTCOMES)}
AMOUNTS = (  # the outcomes of the table
    "held", "weeks_held", "renewed_war", "direct_combat", "us_combat", "wider_war", "limited_attacks", "probes",
    "violations_per_week", "deaths", "deaths_force", "territory_km2", "troops_peak", "troops_end",
    "weeks_to_deployment", "crumbled", "contributors_peak", "cost_force_eur_bn", "cost_common_eur_bn",
    "defence_share", "capability", "guarantee_will", "belief_russia", "support", "unity", "confidence",
)  # fmt: skip
ENDINGS = {  # how a run ends: its name, and the class that colours it; the gravest that fits
    "held": "The ceasefire holds",
    "limited": "Limited war",
    "renewed": "Renewed war",
    "wider": "War with NATO troops in it",
}
ENDERS = {1: "Russia", 2: "Ukraine", 3: "a spiral of fire"}  # model.terms.Breaker


@dataclass(frozen=True)
class Row:
    """One outcome of the plan, of what it is compared with, and the paired difference."""

    name: str
    here: Interval
    against: Interval
    difference: Interval


@dataclass(frozen=True, eq=False)
class Findings:
    """What a number of runs says of a plan and of what it is compared with; each part is made when it is asked for."""

    outcomes: Outcomes  # of the plan: a row for each run, columns as in OUTCOMES
    beside: Outcomes  # of what it is compared with: run r has the same luck
    weeks: int
    against: pd.DataFrame  # its survival, as `experiments.survival.curve` has it

    @property
    def runs(self) -> int:
        """Pairs of runs."""
        return len(self.outcomes)

    @cached_property
    def same(self) -> bool:
        """Whether nothing differs."""
        return bool((self.outcomes == self.beside).all())

    @cached_property
    def here(self) -> pd.DataFrame:
        """The plan's survival."""
        return survival(self.outcomes, self.weeks)

    @cached_property
    def held(self) -> Row:
        """Whether the ceasefire holds."""
        return _row("held", self.outcomes, self.beside)

    @cached_property
    def tail(self) -> dict[str, Row]:
        """The gravest dangers."""
        return {name: _row(name, self.outcomes, self.beside) for name in ("direct_combat", "wider_war")}

    @cached_property
    def only(self) -> tuple[int, int]:
        """Pairs in which the ceasefire held only with the plan, and only with the other."""
        here, against = self.outcomes[:, PLACES["held"]], self.beside[:, PLACES["held"]]
        return int((here > against).sum()), int((here < against).sum())

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Every outcome of the table."""
        return _rows(self.outcomes, self.beside)

    @cached_property
    def endings(self) -> dict[str, tuple[float, float]]:
        """Share of runs by their gravest ending, with the plan and with the other."""
        mixes = ending_shares(self.outcomes), ending_shares(self.beside)
        return {name: (mixes[0][name], mixes[1][name]) for name in ENDINGS}

    @cached_property
    def enders(self) -> dict[str, Row]:
        """Who ends the ceasefire: shares of all runs."""
        found = {}
        for code, who in ENDERS.items():
            one, other = ((each[:, PLACES["broken_by"]] == code).astype(float) for each in (self.outcomes, self.beside))
            found[who] = Row(who, estimate("held", one), estimate("held", other), paired_difference("held", one, other))
        return found


def find(here: Outcomes, beside: Outcomes, weeks: int, against: pd.DataFrame) -> Findings:
    """Findings whose first picture is ready; `against` is the survival of what the plan is compared with.

    ValueError unless both have the same number of runs.
    """
    if len(here) != len(beside) or not len(here):
        raise ValueError(f"{len(here)} runs against {len(beside)}")
    found = Findings(here, beside, weeks, against)
    _ = found.same, found.here, found.held, found.enders, found.endings, found.tail
    return found


def survival(outcomes: Outcomes, weeks: int) -> pd.DataFrame:
    """Kaplan-Meier estimate of how long the ceasefire holds, over so many weeks."""
    return curve(outcomes[:, PLACES["weeks_held"]], outcomes[:, PLACES["held"]], weeks)


def _row(name: str, here: Outcomes, against: Outcomes) -> Row:
    one, other = here[:, PLACES[name]], against[:, PLACES[name]]
    return Row(name, estimate(name, one), estimate(name, other), paired_difference(name, one, other))


def _rows(here: Outcomes, against: Outcomes) -> dict[str, Row]:
    """Every outcome of the table; amounts together, which is much quicker than one by one."""
    amounts = [name for name in AMOUNTS if name not in EVENTS]
    columns = [PLACES[name] for name in amounts]
    one, other = here[:, columns], against[:, columns]
    parts = zip(bootstrap_means(one), bootstrap_means(other), bootstrap_means(one - other), strict=True)
    found = {name: Row(name, *part) for name, part in zip(amounts, parts, strict=True)}
    for name in AMOUNTS:
        if name in EVENTS:
            found[name] = _row(name, here, against)
    return {name: found[name] for name in AMOUNTS}


def ending_shares(outcomes: Outcomes) -> dict[str, float]:
    """The share of runs by their gravest ending, in the order of ENDINGS."""
    ended = outcomes[:, PLACES["held"]] == 0
    wider = ended & ((outcomes[:, PLACES["direct_combat"]] > 0) | (outcomes[:, PLACES["us_combat"]] > 0))
    renewed = ended & ~wider & (outcomes[:, PLACES["renewed_war"]] > 0)
    limited = ended & ~wider & ~renewed
    shares = {"limited": limited.mean(), "renewed": renewed.mean(), "wider": wider.mean()}
    return {name: float(shares.get(name, 1 - sum(shares.values()))) for name in ENDINGS}


def headline(found: Findings, name: str) -> str:
    """The one big sentence; `name` says what the plan is compared with."""
    row = found.held
    said = f"The ceasefire holds {words.horizon(found.weeks)} in {percent(row.here)} of simulated futures"
    if found.same:
        return f"{said}."
    joint = "than" if sure(row.difference) else "from the share"
    return f"{said}: {points(row.difference)} {joint} with {name}."


def explain(found: Findings, name: str) -> list[str]:
    """Sentences below it: pairs, who ends fewer ceasefires, the dangers."""
    if found.same:
        return ["This is what it is compared with: move a control, and see what changes."]
    said = [
        f"Of {found.runs:,} pairs of runs with the same luck, {found.only[0]:,} hold only with your plan and "
        f"{found.only[1]:,} only with {name}."
    ]
    moved = [f"by {who} {_points(row.difference)}" for who, row in found.enders.items() if sure(row.difference)]
    said.append(
        f"Why: ceasefires ended {words.listed(moved)}." if moved else "Nobody surely ends it more or less often."
    )
    tail = [
        f"{words.small(words.outcome(risk))} {_percent(row.here.estimate)}, {_points(row.difference)}"
        for risk, row in found.tail.items()
        if sure(row.difference)
    ]
    if tail:
        said.append(f"The tail: {words.listed(tail)}.")
    return said


def sure(difference: Interval) -> bool:
    """Whether a difference's interval leaves out zero."""
    return difference.low > 0 or difference.high < 0


def percent(interval: Interval) -> str:
    """`72% (68–76)`."""
    return f"{_percent(interval.estimate)} ({100 * interval.low:.0f}\N{EN DASH}{100 * interval.high:.0f})"


def points(difference: Interval) -> str:
    """`17 points more (14 to 20)`, `2 points less (-5 to +1: could be luck)`."""
    size, low, high = (100 * part for part in difference)
    if not sure(difference):
        return f"no sure difference ({low:+.1f} to {high:+.1f} points)"
    least, most = sorted((abs(low), abs(high)))
    return f"{abs(size):.0f} points {'more' if size > 0 else 'less'} ({least:.0f} to {most:.0f})"


def told(name: str, interval: Interval, *, sign: bool = False) -> str:
    """An outcome's estimate with its interval, events in percent or points."""
    factor = 100 if name in EVENTS else 1
    largest = max(abs(factor * part) for part in interval if np.isfinite(part)) if np.isfinite(interval.low) else 0.0
    places = 0 if largest >= 100 or (factor == 100 and not sign and largest >= 10) else 1 if largest >= 1 else 2
    form = f"{'+' if sign else ''},.{places}f"
    middle, low, high = (format(round(factor * part, places) + 0.0, form) for part in interval)
    between = f"{low} to {high}" if sign else f"{low}\N{EN DASH}{high}"
    return f"{middle}{'%' if factor == 100 and not sign else ''} ({between})"


def unit(name: str) -> str:
    """The unit of an outcome, of an event as people say it."""
    return "% of runs" if name in EVENTS else OUTCOMES[name].unit


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _points(difference: Interval) -> str:
    size, low, high = (round(100 * part, 1) + 0.0 for part in difference)
    return f"{size:+.1f} points ({low:+.1f} to {high:+.1f})"
