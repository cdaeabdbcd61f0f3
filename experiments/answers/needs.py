# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""What the experiment `needed` found, in sentences: troops needed, fielded and paid for."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from experiments.answers.reader import Folder
from experiments.answers.words import amount, percent, points, rounded
from experiments.figures.options import AS_IS, RULE, SIZE
from experiments.figures.words import level, listed, phrase
from experiments.intervals import Interval

FORM, FIELDS, LIGHT = "guarantee.form", "what Europe fields", "light"
BAND = ("size", "low", "high")
HOW = ("more often", "less often", "for certain differently only in part", "without a certain difference")
GOAL = "a four-in-five chance of five quiet years"
FLAT = 0.05  # share of runs: a curve that gains less from 100,000 troops to the most is flat
RARE = 0.05  # share of runs below which a force counts as out of reach, as in pattern F7

type Row = Mapping[Hashable, Any]


class Needs:
    """Sentences on one folder of results."""

    def __init__(self, folder: Folder) -> None:
        """Read its tables."""
        self.folder = folder
        self.forms = {level(FORM, form): form for form in folder.experiment.grid[FORM]}  # by the names of lines
        self.most = int(max(float(size) for size in folder.experiment.grid[SIZE]))  # troops
        self.marks: dict[tuple[str, str], Row] = {
            (row["panel"], row["line"]): row for row in folder.table("needed").to_dict("records")
        }
        self.panels = list(dict.fromkeys(panel for panel, _ in self.marks))
        self.doses = folder.table("doses")
        self.supply: dict[str, Row] = {row["line"]: row for row in folder.table("supply").to_dict("records")}

    def short(self) -> str:
        """The answer in one sentence."""
        best = max(self.forms, key=lambda line: self._at("held", line).estimate)
        most = max(self.supply.values(), key=lambda row: row["median"])
        only = "only " if most["median"] < RULE else ""
        return (
            f"{self._answer()}: with {self._phrase(best)} from America they reach {percent(self._at('held', best))}, "
            f"if they are {listed(self._base())}; left to decide, Europe fields {only}{_round(most['median'])} "
            f"({_round(most['low'])}–{_round(most['high'])} in 95% of futures)."
        )

    def _answer(self) -> str:
        """Whether 100,000 are right, by the verdicts."""
        enough, unsure, little = (self._groups().get(verdict, []) for verdict in ("enough", "open", "too little"))
        rest = [f"too few with {listed(little, 'or')}"] if little else []
        if enough:
            rest = [f"perhaps with {listed(unsure, 'or')}", *rest] if unsure else rest
            which = f" with {listed(enough, 'or')}" if rest else ""
            return f"{RULE:,} troops are enough for {GOAL}{which}{f', but {listed(rest)}' if rest else ''}"
        if unsure:
            which = f" with {listed(unsure, 'or')}, but {rest[0]}" if rest else ""
            return f"{RULE:,} troops may be enough for {GOAL}{which}"
        return f"{RULE:,} troops are too few for {GOAL}"

    def _groups(self) -> dict[str, list[str]]:
        """The guarantees by what 100,000 are with them."""
        groups: dict[str, list[str]] = {}
        for line in self.forms:
            groups.setdefault(self._verdict(AS_IS, line), []).append(self._phrase(line))
        return groups

    def verdicts(self) -> str:
        """What four in five takes, where 100,000 stands by the plan, and how often it holds, fails and fights."""
        reached = [line for line in self.forms if math.isfinite(self.marks[AS_IS, line]["size"])]
        never = [self._phrase(line) for line in self.forms if line not in reached]
        parts = [f"more than the {self.most:,} tried with {listed(never, 'or')}"] if never else []
        parts += [f"{self._needed(AS_IS, line)} with {self._phrase(line)}" for line in reached]
        verdicts = [f"{verdict} with {listed(lines, 'or')}" for verdict, lines in self._groups().items()]
        held = [f"{percent(self._at('held', line))} with {self._phrase(line)}" for line in self.forms]
        war, combat = (
            listed([percent(self._at(name, line)) for line in self.forms]) for name in ("renewed_war", "direct_combat")
        )
        return (
            f"Of a force that is simply put there, four in five takes {listed(parts)}. {RULE:,} troops are "
            f"{listed(verdicts)}, by the plan's rule (enough: the whole band lies below; too little: above; "
            f"open: neither). They hold in {listed(held)}. In the same order, renewed war follows in "
            f"{war}, and European and Russian troops fight in {combat}."
        )

    def variants(self) -> str:
        """What weight, place and doctrine change, against the base case with as many troops."""
        others = [panel for panel in self.panels if panel != AS_IS]
        groups: dict[str, list[str]] = {}
        for panel in others:
            how, told = self._gains(panel)
            groups.setdefault(how, []).append(f"“{panel}”{f' ({told})' if told else ''}")
        parts = [f"{how} with {listed(groups[how])}" for how in HOW if how in groups]
        fewer = [
            f"“{panel}”"
            for panel in others
            if any(self.marks[panel, line]["size"] < self.marks[AS_IS, line]["size"] for line in self.forms)
        ]
        which = f"fewer troops reach four in five with {listed(fewer, 'or')}" if fewer else "none reaches it with fewer"
        return (
            f"Against as many troops ({RULE:,}) of the base case ({listed(self._base())}), the ceasefire holds "
            f"{'; '.join(parts)}. By the estimates {which} (table)."
        )

    def fielded(self) -> str:
        """What states field when they decide themselves, beside what is needed."""
        fields = [f"{_troops(row)} with {self._phrase(line)}" for line, row in self.supply.items()]
        reach = [Interval(row["reach"], row["reach_low"], row["reach_high"]) for row in self.supply.values()]
        shares = list(dict.fromkeys(map(percent, reach)))
        often = f"{shares[0]} of runs whatever the guarantee" if len(shares) == 1 else f"{listed(shares)} of runs"
        verdict = f"{RULE:,} come together in {often}"
        if all(share.high < RARE for share in reach):
            verdict += ": unaffordable, unless states can be made to send them"
        short = [
            self._phrase(line) for line, row in self.supply.items() if row["high"] < self.marks[AS_IS, line]["size"]
        ]
        gap = f"; even the upper ends fall short of what four in five takes with {listed(short, 'or')}" if short else ""
        held = [f"{percent(self._of_fields('held', line))} with {self._phrase(line)}" for line in self.supply]
        return (
            f"Asked for {self.most:,} and free to decide, states field {listed(fields)} (largest force of a run: "
            f"median and 95% of runs). {verdict}{gap}. What they field holds in {listed(held)}."
        )

    def costs(self) -> str:
        """What 100,000 cost, heavy and light, and what Europe fields."""
        name, lines = "cost_force_eur_bn", [next(iter(self.forms)), list(self.forms)[-1]]

        def told(costs: list[Interval]) -> str:
            parts = [
                f"EUR {amount(cost, 'bn')} with {self._phrase(line)}" for cost, line in zip(costs, lines, strict=True)
            ]
            return listed(parts)

        base = told([self._at(name, line) for line in lines])
        light = told([self.folder.mean(name, LIGHT, {SIZE: RULE, FORM: self.forms[line]}) for line in lines])
        fields = told([self._of_fields(name, line) for line in lines])
        return (
            f"Over five years, or until renewed war ends a run, {RULE:,} troops cost {base}; light ones {light}; what "
            f"states field of their own will costs {fields}."
        )

    def widths(self) -> str:
        """How well the sizes are known."""
        reached = [row for row in self.marks.values() if math.isfinite(row["size"])]
        beyond = sum(math.isinf(row["high"]) for row in reached)
        again = [f"“{row['panel']}” with {self._phrase(row['line'])}" for row in reached if row["falls_again"]]
        last = list(self.forms)[-1]
        gain = self._dose(AS_IS, last, self.most)["estimate"] - self._dose(AS_IS, last, RULE)["estimate"]
        parts = [f"{len(reached)} of {len(self.marks)} curves reach four in five"]
        parts += [f"{beyond} of them with a band that ends beyond the largest size tried"] if beyond else []
        flat = (
            f"Curves are flat ({100 * gain:+.0f} points from {RULE:,} to {self.most:,} troops with "
            f"{self._phrase(last)}): a small error of the level is a large one of the size."
        )
        return (
            f"{', '.join(parts)}."
            + (f" More troops fall below it again with {listed(again)}." if again else "")
            + (f" {flat}" if abs(gain) < FLAT else "")
        )

    def table(self) -> pd.DataFrame:
        """Troops needed by weight, place and doctrine (rows) and guarantee, and troops fielded."""
        rows = [
            {"Force": panel}
            | {
                self._phrase(line): f"{self._needed(panel, line, '')}; {self._verdict(panel, line)}"
                for line in self.forms
            }
            for panel in self.panels
        ]
        rows.append({"Force": FIELDS} | {self._phrase(line): _troops(row, "") for line, row in self.supply.items()})
        return pd.DataFrame(rows)

    def _needed(self, panel: str, line: str, unit: str = " troops") -> str:
        """`150,000 troops (25,000 to over 200,000)`, `over 200,000 troops (from 90,000)`, `no troops (0 to 20,000)`."""
        row = self.marks[panel, line]
        size, low, high = (f"over {self.most:,}" if math.isinf(row[part]) else _round(row[part]) for part in BAND)
        if row["size"] == 0:
            size = "no" if unit else "none"
        span = "" if math.isinf(row["low"]) else f" (from {low})" if math.isinf(row["size"]) else f" ({low} to {high})"
        return f"{size}{unit}{span}"

    def _verdict(self, panel: str, line: str) -> str:
        """By the plan's rule, whether 100,000 is enough."""
        row = self.marks[panel, line]
        return "enough" if row["high"] < RULE else "too little" if row["low"] > RULE else "open"

    def _gains(self, panel: str) -> tuple[str, str]:
        """How it holds against the base case with 100,000 troops (of HOW), and by how much where that is certain."""
        rows = {line: self._dose(panel, line, RULE) for line in self.forms}
        gains = {line: Interval(row["gain"], row["gain_low"], row["gain_high"]) for line, row in rows.items()}
        certain = {line: gain for line, gain in gains.items() if self.folder.certain("held", gain)}
        if not certain:
            return HOW[3], ""
        if len(certain) == len(gains) and len({gain.estimate > 0.0 for gain in certain.values()}) == 1:
            low, high = (f"{100 * end(gain.estimate for gain in gains.values()):+.0f}" for end in (min, max))
            span = low if low == high else f"{low} to {high}"
            return HOW[
                0 if certain[next(iter(certain))].estimate > 0.0 else 1
            ], f"{span} points, whatever the guarantee"
        return HOW[2], listed([f"{points(gain)} with {self._phrase(line)}" for line, gain in certain.items()])

    def _dose(self, panel: str, line: str, size: float) -> Row:
        """The row of doses.csv of one force."""
        found = self.doses
        found = found[(found["panel"] == panel) & (found["line"] == line) & (found["size"] == size)]
        return found.to_dict("records")[0]

    def _at(self, outcome: str, line: str) -> Interval:
        """The mean of an outcome with 100,000 troops of the base case."""
        return self.folder.mean(outcome, where={SIZE: RULE, FORM: self.forms[line]})

    def _of_fields(self, outcome: str, line: str) -> Interval:
        """The mean of an outcome where states decide."""
        return self.folder.mean(outcome, FIELDS, {FORM: self.forms[line]})

    def _base(self) -> list[str]:
        """What the base case is, of what the other panels change: `heavy`, `in reserve`."""
        names = dict.fromkeys(
            name for arm in self.folder.experiment.arms if arm.label in self.panels for name in arm.set
        )
        row = self.folder.rows("held").iloc[0]
        return [phrase(name, str(row[name])) for name in names]

    def _phrase(self, line: str) -> str:
        return phrase(FORM, self.forms[line])


def _troops(row: Row, unit: str = " troops") -> str:
    """A median with its range over runs: `14,000 troops (0–35,000)`."""
    return f"{_round(row['median'])}{unit} ({_round(row['low'])}–{_round(row['high'])})"


def _round(value: float) -> str:
    return f"{rounded(value):,.0f}"
