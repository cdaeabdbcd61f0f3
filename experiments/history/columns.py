"""The columns of a table of past ceasefires, and how a cell of each is read."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from model.register import did_you_mean, nearest, show

# Levels in ascending order of strength: their places are the scores of a regression.
FORCES = ("none", "unarmed observers", "lightly armed peacekeepers", "combat-capable")
ZONES = ("none", "partial", "full")
GUARANTEES = ("none", "implicit", "explicit treaty")
LEVELS: dict[str, tuple[str, ...]] = {
    "third_party_force": FORCES,
    "demilitarised_zone": ZONES,
    "great_power_guarantee": GUARANTEES,
    "case_class": ("interstate", "de_facto_state"),
    "broken_by": ("a", "b", "both", "unclear"),
    "outcome": ("collapsed", "eroded", "held"),
}


@dataclass(frozen=True)
class Number:
    """What a column of numbers takes: at least `low` (above it if `open_`), whole, or only 0 and 1."""

    low: float = 0.0
    open_: bool = False
    whole: bool = False
    flag: bool = False

    def allowed(self) -> str:
        """The values that are allowed, in words."""
        if self.flag:
            return "0 or 1"
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} {'above' if self.open_ else 'of at least'} {show(self.low)}"

    def read(self, text: str) -> float:
        """The number in a cell; raises ValueError with what was wrong and what is allowed."""
        try:
            value = float(text.replace("_", "?"))  # Python alone reads 1_000 as a number
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise ValueError(f"{show(text)} is not a number; allowed: {self.allowed()}, or blank if unknown")
        wrong = value < self.low or (self.open_ and value == self.low) or (self.whole and value != math.floor(value))
        if wrong or (self.flag and value not in (0, 1)):
            raise ValueError(f"{show(text)} is not allowed; allowed: {self.allowed()}")
        return value


FLAG, DAYS = Number(flag=True), Number()
NUMBERS: dict[str, Number] = {
    "force_size": Number(),
    "guarantor_troops_present": FLAG,
    "defender_to_challenger_capability_ratio": Number(open_=True),
    "war_deaths": Number(),
    "previous_wars": Number(whole=True),
    "outcome_decisive": FLAG,
    "contiguous": FLAG,
    "nuclear_challenger": FLAG,
    "core_sample": FLAG,
    "duration_days": DAYS,
    "t_strict": DAYS,
    "event_strict": FLAG,
    "t_broad": DAYS,
    "event_broad": FLAG,
}
TEXTS = ("case_id", "start_date", "dyad_cluster")

# May be blank, or not there at all: blank cells are counted in a note.
COVARIATES = (
    "third_party_force",
    "force_size",
    "demilitarised_zone",
    "great_power_guarantee",
    "guarantor_troops_present",
    "defender_to_challenger_capability_ratio",
    "war_deaths",
    "previous_wars",
    "outcome_decisive",
    "contiguous",
    "nuclear_challenger",
    "case_class",
)
USED = (*TEXTS, *LEVELS, *NUMBERS)
UNUSED = (
    "side_a",
    "side_b",
    "end_date",
    "line_length_km",
    "territory_change",
    "notes",
    "source",
    "confidence",
    "eroded_from",
    "interposed_force",
    "guarantor",
    "force_present_at_end",
    "ceasefire_type",
    "nuclear_defender",
    "ratio_basis",
    "date_precision",
)


def read_level(name: str, text: str) -> str:
    """One of the levels of a column; raises ValueError with the levels and the nearest one."""
    levels = LEVELS[name]
    if text not in levels:
        hint = did_you_mean(nearest(text, levels))
        raise ValueError(f"{show(text)} is not allowed; allowed: {', '.join(levels)}, or blank if unknown{hint}")
    return text


def reader(name: str) -> Callable[[str], str | float]:
    """What reads a cell of this column; blank is "" in a column of text and NaN in one of numbers."""
    if name in NUMBERS:
        return lambda text: NUMBERS[name].read(text) if text else math.nan
    if name in LEVELS:
        return lambda text: read_level(name, text) if text else ""
    return lambda text: text
