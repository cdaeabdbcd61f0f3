# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Which assumptions matter most to an answer, in sentences: screening, shares of variance, boxes of worlds."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from experiments.analysis.failures import FOUND, HELD_BACK
from experiments.answers.reader import Folder
from experiments.answers.theories import theory
from experiments.answers.words import percent, rounded
from experiments.figures.failures import FAIL, HOLD
from experiments.figures.screening import beyond_luck
from experiments.figures.words import listed, setting
from experiments.intervals import Interval, wilson

OUTCOME = "held"
CHOSEN = 12  # settings that the screening passes on, by its plan
LITTLE = 0.01  # share of the variance that does not matter, by the plan of `indices`
NAMED = 3  # settings named in a sentence
CHANCE = 0.05  # quasi-p above which a limit may be chance
THEORIES = "theories."

type Row = dict[str, Any]


@dataclass(frozen=True)
class Screening:
    """What the elementary effects say: settings by mu_star, and which of them luck alone could explain."""

    table: pd.DataFrame  # parameter, mu_star, mu_star_conf, sigma, changed, noise, noise_high, beyond

    @classmethod
    def read(cls, folder: Folder) -> "Screening":
        """From sensitivity.csv and noise.csv."""
        return cls(beyond_luck(folder.table("sensitivity"), folder.table("noise"), OUTCOME))

    def strongest(self, count: int = CHOSEN) -> list[str]:
        """The settings with the largest mu_star, in order."""
        return [str(name) for name in self.table["parameter"].head(count)]

    def told(self) -> str:
        """The strongest settings, where the rival theories stand, and from where on the order is noise."""
        first = [f"{setting(row['parameter'])} ({_effect(row)})" for row in records(self.table.head(NAMED))]
        idle = int((self.table["changed"] == 0.0).sum())
        parts = [
            f"Moved one at a time over their whole ranges, of {len(self.table)} settings that nobody knows these "
            f"change most how often the plan holds: {listed(first)}. {self._floor()}"
        ]
        if idle:
            parts.append(f"{idle} settings change not a single run.")
        return " ".join([*parts, *self._theories()])

    def _floor(self) -> str:
        within = self.table.index[~self.table["beyond"]]
        if not len(within):
            return "All effects are larger than luck alone would make them."
        rank = int(within[0])
        mu_star = 100 * float(self.table["mu_star"].iloc[rank])
        if not rank:
            return f"Luck alone could explain even the first ({mu_star:.0f} points): the order is noise."
        cut = self.table.iloc[CHOSEN - 1 : CHOSEN + 1]
        text = (
            f"Rank {rank + 1} ({mu_star:.1f} points) is the first that luck alone could explain: from there on "
            "ranks are noise"
        )
        if len(cut) == 2:
            gap = float(cut["mu_star"].iloc[0] - cut["mu_star"].iloc[1])
            if gap < float(cut["mu_star_conf"].max()):
                text += f", and the {CHOSEN} that went on to `indices` are not told from the next ones for certain"
        return f"{text}."

    def _theories(self) -> list[str]:
        ranked = self.table[self.table["parameter"].str.startswith(THEORIES)]
        if ranked.empty:
            return []
        best, place = ranked.iloc[0], int(ranked.index[0]) + 1
        beyond = int(ranked["beyond"].sum())
        return [
            f"The first rival theory, whether {theory(best['parameter'])}, has rank {place} ({_effect(best)}); "
            f"{beyond} of {len(ranked)} theories change this plan by more than luck would."
        ]


@dataclass(frozen=True)
class Indices:
    """What shares of the variance between worlds settings explain."""

    table: pd.DataFrame  # parameter, S1, S1_conf, ST, ST_conf; the largest ST first

    @classmethod
    def read(cls, folder: Folder) -> "Indices":
        """From sensitivity.csv."""
        table = folder.table("sensitivity")
        table = table[table["outcome"] == OUTCOME].sort_values("ST", ascending=False, kind="stable")
        return cls(table.reset_index(drop=True))

    def first(self) -> tuple[str, Interval]:
        """The setting that explains most, and its share with all that it takes part in."""
        row = self.table.iloc[0]
        return str(row["parameter"]), _share(row)

    def told(self, screening: Screening) -> str:
        """What settings explain, alone and together, which of them hardly matter, and what is left out."""
        rows = records(self.table)
        certain = [row for row in rows if _share(row).low > LITTLE]
        idle = [setting(row["parameter"]) for row in rows if _share(row).high <= 2 * LITTLE]
        alone = min(float(self.table["S1"].clip(lower=0.0).sum()), 1.0)
        shares = [f"{setting(row['parameter'])} {percent(_share(row))}" for row in certain[:NAMED]]
        text = f"Of the variance between worlds of {len(rows)} settings "
        text += f"{listed(shares)} (with all that each takes part in)" if shares else "none has a share for certain"
        if len(certain) > NAMED:
            text += f"; {len(certain)} have more than {100 * LITTLE:.0f}% for certain"
        together = "the rest is interplay" if alone < 0.95 else "there is next to no interplay"
        text += f". Alone they explain {100 * alone:.0f}%: {together}."
        if idle:
            text += f" No more than {200 * LITTLE:.0f}% hangs on {listed(idle, 'or')}."
        missing = [name for name in screening.strongest() if name not in set(self.table["parameter"])]
        if missing:
            text += (
                f" The screening as it stands ranks {listed(missing)} among its {CHOSEN} highest, which `indices` "
                "holds fixed: their shares are not known, and the choice needs to be made again."
            )
        return text


@dataclass(frozen=True)
class Failures:
    """The boxes of worlds in which the plan fails, and in which it holds."""

    table: pd.DataFrame  # as experiments.figures.failures has it; empty if nothing tells these worlds
    between: float  # share of the variance over single runs that is between worlds

    @classmethod
    def read(cls, folder: Folder) -> "Failures":
        """From summary.csv, and box.csv, which is not there when nothing tells the worlds that fail."""
        rows = folder.rows(OUTCOME, arm=None)
        shares, runs = rows["mean"].to_numpy(float), int(rows["n"].iloc[0])
        luck = float((shares * (1.0 - shares)).mean()) / (runs - 1)  # of a world's share
        total = float(shares.mean() * (1.0 - shares.mean()))
        between = (float(shares.var()) - luck) / total if total > 0.0 else 0.0
        table = folder.table("box") if (folder.path / "box.csv").is_file() else pd.DataFrame(columns=["that"])
        return cls(table, max(between, 0.0))

    def told(self) -> str:
        """Where the plan fails, and beyond its plan of analysis where it holds."""
        fails, holds = (self.table[self.table["that"] == that] for that in (FAIL, HOLD))
        if fails.empty:
            text = (
                "No box of settings tells the worlds in which fewer than half of the plan's runs hold from the others."
            )
        else:
            text = (
                f"Drawn from the whole box of parameters and theories, {100 * float(fails.iloc[0]['all']):.0f}% of "
                f"worlds fail: fewer than half of the plan's runs hold. {_box(fails, FAIL)}"
            )
        return text if holds.empty else f"{text} And beyond the plan, the other way round. {_box(holds, HOLD)}"


def _box(table: pd.DataFrame, verb: str) -> str:
    """The limits of a box, how well it tells the worlds that were held back, and what of it may be chance."""
    found, again = (table[table["half"] == half] for half in (FOUND, HELD_BACK))
    worth, before = again.iloc[0], found.iloc[0]
    worlds = round(float(worth["mass"]) * float(worth["worlds"]))
    density = wilson(round(float(worth["density"]) * worlds), worlds)
    text = (
        f"With {listed([_limit(row) for row in records(found)])}, {percent(density)} of the worlds held back {verb} "
        f"({100 * before['density']:.0f}% where the box was found), against {100 * worth['all']:.0f}% of all; these "
        f"are {100 * worth['mass']:.0f}% of worlds, with {100 * worth['coverage']:.0f}% of those that {verb}."
    )
    chance = [str(row["parameter"]) for row in records(again) if row["quasi_p"] > CHANCE]
    if chance:
        text += f" Among the worlds held back the limit of {listed(chance)} may be chance."
    if density.low <= worth["all"]:
        text += " There this box does not tell them from the others for certain."
    return text


def _limit(row: Row) -> str:
    """`choice.precision at most 6.1 (how sharply leaders follow their interest, 2–14)`."""
    name = str(row["parameter"])
    if isinstance(row["values"], str) and row["values"]:
        return f"{name} {row['values']} ({f'whether {theory(name)}' if name.startswith(THEORIES) else setting(name)})"
    low, high = _end(row["low"]), _end(row["high"])
    limit = f"from {low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
    return f"{name} {limit} ({setting(name)}, {_number(row['least'], 2)}–{_number(row['most'], 2)})"


def _end(value: float) -> str:
    """A limit, or nothing where the box is open."""
    return "" if math.isnan(value) else _number(value, 3)


def _share(row: Any) -> Interval:
    """ST with its 95% interval, within what a share can be."""
    middle, half = float(row["ST"]), float(row["ST_conf"])
    return Interval(middle, max(middle - half, 0.0), min(middle + half, 1.0))


def _effect(row: Any) -> str:
    """mu_star in points, with its interval."""
    middle, half = 100 * float(row["mu_star"]), 100 * float(row["mu_star_conf"])
    return f"{middle:.0f} points, {max(middle - half, 0.0):.0f}–{middle + half:.0f}"


def _number(value: float, digits: int) -> str:
    return f"{rounded(float(value), digits):,.15g}"


def records(table: pd.DataFrame) -> list[Row]:
    """The rows of a table."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
