# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""What survives every rival theory and what does not, in sentences and a table."""

from dataclasses import dataclass

import pandas as pd

from experiments.answers.assumptions import Row, records
from experiments.answers.reader import Folder
from experiments.answers.theories import theory
from experiments.answers.words import percent, points
from experiments.figures.words import listed, phrase
from experiments.intervals import Interval
from experiments.schema import Value

SURVIVES, LEANS, HANGS, OPEN = "survives", "nowhere surely otherwise", "hangs on the theory", "no lead"
SIZE, FORM = "force.size", "guarantee.form"
TOLD, MOST = 3, 5  # conclusions of a kind in a sentence, and in the table
TELLS = 0.1  # gap between shares of worlds from which on a theory tells them apart
IDLE = 2.0  # points: what moves no policy by more hardly matters
POLICY, STRUCTURE, PARAMETERS, LUCK = "policy", "structure", "parameters", "luck"


@dataclass(frozen=True)
class Surviving:
    """Which conclusions “A holds more than B” are so in every world."""

    leads: pd.DataFrame  # dominance.csv, with a column verdict; the largest lead first
    parts: pd.DataFrame  # dominance_by.csv

    @classmethod
    def read(cls, folder: Folder) -> "Surviving":
        """From a folder of the kind `worlds`."""
        leads = folder.table("dominance")
        leads["verdict"] = [verdict(row) for row in records(leads)]
        return cls(leads.sort_values("difference", ascending=False, kind="stable"), folder.table("dominance_by"))

    @property
    def worlds(self) -> int:
        """How many worlds."""
        return int(self.leads["worlds"].iloc[0])

    def of(self, kind: str) -> list[Row]:
        """The conclusions with a verdict: the largest lead first, or what is turned round in most worlds."""
        rows = records(self.leads[self.leads["verdict"] == kind])
        return sorted(rows, key=lambda row: -row["surely_below"]) if kind == HANGS else rows

    def told(self) -> str:
        """What is so in every world, what no world contradicts, and what hangs on the theory."""
        kept, leaning, hanging = (self.of(kind) for kind in (SURVIVES, LEANS, HANGS))
        text = f"Of {len(self.leads)} conclusions “A holds more than B” {len(kept) or 'none'} "
        text += f"{'survives' if len(kept) < 2 else 'survive'} all {self.worlds} worlds"
        if kept:
            safe = sum(row["surely_above"] == 1.0 for row in kept)
            text += f": {_listed([f'{_claim(row)} ({points(_lead(row))} on average)' for row in kept])}"
            text += f"; {safe or 'none'} of them by more than luck in each world"
        if leaning:
            told = [f"{_claim(row)} ({points(_lead(row))})" for row in leaning]
            text += f". So on average, and in no world surely otherwise: {_listed(told)}"
        else:
            text += ". No other lead is safe from being turned round in some world"
        if hanging:
            told = [
                f"{_claim(row)} (surely more in {self._count(row['surely_above'])}, surely less in "
                f"{self._count(row['surely_below'])}: {self.told_by(row)})"
                for row in hanging
            ]
            text += f". What hangs on the theory: {_listed(told, 2)}"
        else:
            text += ". No lead is turned round for certain in any world"
        return f"{text}."

    def told_by(self, row: Row) -> str:
        """The theory that tells most between worlds in which a conclusion is not so and the others, in words."""
        parts = self.parts[(self.parts["more"] == row["more"]) & (self.parts["less"] == row["less"])]
        column = "surely_below" if row["verdict"] == HANGS else "above"
        shares = parts.pivot_table(column, "setting", "value", sort=False, aggfunc="first").astype(float)
        shares = shares if row["verdict"] == HANGS else 1.0 - shares
        gaps = (shares[True] - shares[False]).abs()
        name = str(gaps.idxmax())
        if gaps[name] < TELLS:
            return "no single theory tells where"
        on, off = (f"{100 * float(shares.loc[name, value]):.0f}%" for value in (True, False))
        if shares.loc[name, True] >= shares.loc[name, False]:
            return f"in {on} of worlds if {theory(name)}, {off} if not"
        return f"in {off} of worlds unless {theory(name)}, {on} if so"

    def table(self) -> pd.DataFrame:
        """The conclusions for the reader: those that survive, lean and hang on the theory, a few of each."""
        rows = []
        for kind in (SURVIVES, LEANS, HANGS):
            for row in self.of(kind)[:MOST]:
                tells = "" if kind == SURVIVES else self.told_by(row)
                counts = [self._count(row[name]) for name in ("above", "surely_below")]
                rows.append((_claim(row), kind, points(_lead(row)), *counts, tells))
        so, otherwise = f"So in (of {self.worlds} worlds)", "Surely otherwise in"
        columns = ["A holds more than B", "Verdict", "On average", so, otherwise, "Where it is not so"]
        return pd.DataFrame(rows, columns=columns)

    def _count(self, share: float) -> str:
        return f"{round(share * self.worlds)}"


def verdict(row: Row) -> str:
    """By the plan a conclusion survives if it is so in every world; luck's margin tells what is surely otherwise."""
    if row["above"] == 1.0:
        return SURVIVES
    if row["surely_below"] > 0.0:
        return HANGS
    return LEANS if row["low"] > 0.0 else OPEN


@dataclass(frozen=True)
class Robust:
    """How policies do over all worlds."""

    scores: pd.DataFrame  # scores.csv, the least regretted policy first
    shares: pd.DataFrame  # worlds.csv
    arms: dict[str, dict[str, Value]]  # what each policy sets

    @classmethod
    def read(cls, folder: Folder) -> "Robust":
        """From scores.csv and worlds.csv."""
        scores = folder.table("scores").sort_values(["regret", "reached"], ascending=[True, False], kind="stable")
        return cls(scores, folder.table("worlds"), {arm.label: dict(arm.set) for arm in folder.experiment.arms})

    @property
    def worlds(self) -> int:
        """How many worlds."""
        return int(self.shares["world"].nunique())

    @property
    def best(self) -> Row:
        """The policy that is regretted least in its worst world."""
        return records(self.scores)[0]

    @property
    def said(self) -> str:
        """The best policy in words: `25,000 troops with a ratified treaty`; by its label if it is something else."""
        label = str(self.best[POLICY])
        told = [phrase(name, value) for name, value in self.arms[label].items()]
        return " with ".join(told) if told and set(self.arms[label]) <= {SIZE, FORM} else f"“{label}”"

    def reach(self) -> str:
        """Where four in five is reached: `none reaches four in five in any of 256 worlds`."""
        always = [f"“{row[POLICY]}”" for row in records(self.scores) if row["reached"] == 1.0]
        if always:
            verb = "reaches" if len(always) == 1 else "reach"
            return f"{listed(always)} {verb} four in five in all {self.worlds} worlds"
        most = max(records(self.scores), key=lambda row: float(row["reached"]))
        if most["reached"] == 0.0:
            return f"none reaches four in five in any of {self.worlds} worlds"
        count = round(most["reached"] * self.worlds)
        return f"none reaches four in five in all {self.worlds} worlds, “{most[POLICY]}” in most of all ({count})"

    def told(self) -> str:
        """What is regretted least and most, and which theories move policies."""
        ranked, best = records(self.scores), self.best
        regrets = [f"“{row[POLICY]}” at most {100 * row['regret']:.0f} points" for row in (*ranked[:2], ranked[-1])]
        return (
            f"Of {len(ranked)} policies {self.reach()}. Regret, how far a policy falls behind the best one of the "
            f"same world: {listed(regrets)}. “{best[POLICY]}” holds in {100 * best['median']:.0f}% in the middle "
            f"world, in {100 * best['low']:.0f}–{100 * best['high']:.0f}% over nine worlds in ten. {self._theories()}"
        )

    def _theories(self) -> str:
        """Main effects of the theories over all worlds: which moves which policy most, and which move none."""
        rows = []
        for policy, table in self.shares.groupby(POLICY, sort=False):
            for name in [each for each in table.columns if each not in {POLICY, "world", "share"}]:
                means = table.groupby(name)["share"].mean()
                rows.append((str(policy), str(name), 100 * float(means[True] - means[False])))
        effects = pd.DataFrame(rows, columns=[POLICY, "theory", "effect"])
        strength = effects["effect"].abs()
        ranked = effects.loc[strength.sort_values(ascending=False, kind="stable").index].drop_duplicates("theory")
        told = [
            f"“{row[POLICY]}” {abs(row['effect']):.0f} points {'more' if row['effect'] > 0 else 'less'} often if "
            f"{theory(row['theory'])}"
            for row in records(ranked[ranked["effect"].abs() >= IDLE].head(TOLD))
        ]
        idle = [f"whether {theory(row['theory'])}" for row in records(ranked) if abs(row["effect"]) < IDLE]
        parts = [f"Beyond the plan, averaged over all other theories: {'; '.join(told)}."] if told else []
        parts += [f"No policy moves by {IDLE:.0f} points with {listed(idle, 'or')}."] if idle else []
        return " ".join(parts)


@dataclass(frozen=True)
class Spread:
    """Whose doing the spread of held is."""

    everywhere: pd.DataFrame  # variance.csv of all worlds: the share of theories is known best there
    often: pd.DataFrame  # variance.csv of fewer worlds with more runs: there parameters and luck are told apart
    runs: int  # of each of these

    @classmethod
    def read(cls, worlds: Folder, spread: Folder) -> "Spread":
        """From both folders."""
        return cls(worlds.table("variance"), spread.table("variance"), spread.experiment.runs)

    def told(self, between: float) -> str:
        """Shares of theories, parameter sets and luck by policy; and of all settings where nothing is known of them."""
        parts = [
            f"“{policy}” theories {percent(_part(self.everywhere, policy, STRUCTURE))}, parameter sets "
            f"{percent(_part(self.often, policy, PARAMETERS))}, luck {percent(_part(self.often, policy, LUCK))}"
            for policy in dict.fromkeys(self.often[POLICY])
        ]
        return (
            f"Of the variance of held over single runs, by policy: {'; '.join(parts)}. Theories as in `worlds`; "
            f"parameter sets and luck as in `spread`, where {int(self.often['twins'].iloc[0]):,} of {self.runs:,} runs "
            "share their set but not their luck with another. Luck has much of it since a ceasefire holds or does not. "
            f"Beyond the plan: with parameters and theories from their whole ranges, these have about "
            f"{100 * between:.0f}% of it."
        )


def _part(table: pd.DataFrame, policy: str, part: str) -> Interval:
    """A share. Raises LookupError if it is not there."""
    rows = table[(table[POLICY] == policy) & (table["part"] == part)]
    if len(rows) != 1:
        raise LookupError(f"variance.csv: {len(rows)} shares of {part} for {policy!r}")
    row = rows.iloc[0]
    return Interval(float(row["share"]), float(row["low"]), float(row["high"]))


def _lead(row: Row) -> Interval:
    return Interval(float(row["difference"]), float(row["low"]), float(row["high"]))


def _claim(row: Row) -> str:
    return f"“{row['more']}” over “{row['less']}”"


def _listed(told: list[str], most: int = TOLD) -> str:
    """The first few, and how many more there are."""
    left = len(told) - most
    return listed([*told[:most], f"{left} more"] if left > 0 else told)
