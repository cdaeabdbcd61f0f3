"""Q3: how long Europe can keep a force there, and what wears it down."""

import math

import pandas as pd

from experiments.answers.answer import Answer
from experiments.answers.reader import Folder
from experiments.answers.words import amount, change, percent, points, rounded, sure
from experiments.figures.words import NUMBERS, horizon, listed, phrase
from experiments.intervals import Interval
from experiments.survival import WEEKS_A_YEAR
from model.register import state_names

EXPERIMENTS = ["endurance"]
LARGEST, TREATY, EXPOSED = "100,000 asked for", "25,000 under a treaty", "25,000 light on the line"
BRIEF = "25,000 mandated half a year at a time"
SIZE, FORM = "force.size", "guarantee.form"
WAYS = {1: "longer", -1: "shorter", 0: "neither longer nor shorter for certain"}  # by the sign of an effect
APART = "longer by one measure and shorter by the other"
HALF = 0.5  # of runs: a force lasts if so many keep it, by the plan
FIRST = 5  # contributors told apart from the others


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    stay = Stay(folders["endurance"])
    return Answer(
        question="Q3",
        topic="How long",
        asked="How long can Europe keep them there, given rotation, casualties, elections and cost?",
        short=stay.short(),
        points=[stay.lasting(), stay.moved(), stay.reasons(), stay.casualties(), stay.asked(), stay.givers()],
        certainty=stay.certainty(),
        changes=(
            "Publics that turn for or against the mission (Q6); partners that leave first (Q9); a command whose "
            "members do not renew a mandate (Q4)."
        ),
        pictures=[
            stay.folder.picture(
                "effects", "What each change does to how long the force lasts, against the first force"
            ),
            stay.folder.picture("fans", "Troops, fatigue, support and contributors over ten years"),
            stay.folder.picture("contributions", "Troops that each state gives at the most"),
        ],
        experiments=EXPERIMENTS,
        table=stay.table(),
    )


class Stay:
    """Sentences on the folder of the experiment `endurance`."""

    def __init__(self, folder: Folder) -> None:
        """Read its tables."""
        self.folder = folder
        self.versus = folder.experiment.versus
        self.others = [arm.label for arm in folder.experiment.arms if arm.label != self.versus]
        self.found = {row["cell"]: row for row in folder.table("lasting").to_dict("records")}
        self.span = horizon(folder.experiment.weeks or 0)

    def short(self) -> str:
        """The answer in one sentence."""
        lost, median = self._lost(self.versus), self._of("median", self.versus)
        when = f", typically after {_years(median)}" if math.isfinite(median.estimate) else ""
        return (
            f"If states asked for {self._size()} decide for themselves, the force falls below half of its peak within "
            f"{self.span} in {percent(lost)} of simulated futures{when}; bound by a treaty of their own with Ukraine, "
            f"in {percent(self._lost(TREATY))}."
        )

    def lasting(self) -> str:
        """Which forces last, by the rule of the plan."""
        lasts = {self._name(cell): self._of("lasts", cell) for cell in (self.versus, *self.others)}
        those = {name: share for name, share in lasts.items() if share.estimate >= HALF}
        may = [f"“{name}”" for name, share in lasts.items() if share.estimate < HALF <= share.high]
        told = [
            f"with “{name}” {percent(share)} do{', which is not certain' if share.low < HALF else ''}"
            for name, share in those.items()
        ]
        which = f"in {len(those)} of {len(lasts)} cases tried: {'; '.join(told)}" if those else "in no case tried"
        return (
            f"The plan calls a force lasting if half of the runs or more keep half of its peak for {self.span}. It is "
            f"so {which}{f'. It may be so with {listed(may)}' if may else ''}. All have "
            f"{phrase(FORM, self.folder.experiment.set[FORM])} behind them where nothing else is said, and a size is "
            "what states are asked for: they decide whom to send and to call home."
        )

    def moved(self) -> str:
        """What makes it last longer or shorter, and what does not."""
        groups: dict[str, list[str]] = {}
        for cell in self.others:
            weeks, lost = (self.folder.difference(name, cell) for name in ("weeks_to_crumbling", "crumbled"))
            fewer = self.folder.certain("crumbled", lost)
            signs = [sure(weeks) * (1 if weeks.estimate > 0.0 else -1), fewer * (1 if lost.estimate < 0.0 else -1)]
            how = APART if set(signs) == {1, -1} else WAYS[max(signs, key=abs)]
            told = [change(weeks, "weeks")] if signs[0] else []
            told += [f"crumbles {points(lost)}"] if signs[1] and (how == APART or not told) else []
            groups.setdefault(how, []).append(", ".join([f"“{self._name(cell)}”", *told]))
        ways = [way for way in (WAYS[1], WAYS[-1], APART, WAYS[0]) if way in groups]
        parts = [f"{way} with {listed(groups[way]) if way == WAYS[0] else '; '.join(groups[way])}" for way in ways]
        return f"Against {self.versus}, run by run, the force lasts {'. It lasts '.join(parts)}."

    def reasons(self) -> str:
        """Why contingents leave."""
        left = self.folder.mean("withdrawals", self.versus)
        share = self._of("consensus", self.versus)
        if math.isnan(share.estimate):
            return "Nobody called a contingent home."
        role = (
            "Broken consensus at home is what calls most contingents back"
            if share.low > HALF
            else "Most contingents go home without broken consensus"
            if share.high < HALF
            else "Broken consensus may be behind half of the withdrawals"
        )
        others = {cell: self._of("consensus", cell) for cell in self.others}
        apart = [
            f"{percent(other)} with “{self._name(cell)}”"
            for cell, other in others.items()
            if other.high < share.low or other.low > share.high
        ]
        lapses = [f"{amount(self.folder.mean('lapses', cell))}" for cell in (self.versus, BRIEF)]
        return (
            f"{role}: {percent(share)} of {amount(left)} in a run{f'; {listed(apart)}' if apart else ''}. Mandates "
            f"lapse {lapses[0]} times a run, with “{self._name(BRIEF)}” {lapses[1]} times, which moves the troops at "
            f"the end by {change(self.folder.difference('troops_end', BRIEF))}. No case is without elections."
        )

    def casualties(self) -> str:
        """Whether being shot at makes the force go home."""
        dead, base = (self.folder.mean("deaths_force", cell) for cell in (EXPOSED, self.versus))
        weeks, lost = (self.folder.difference(name, EXPOSED) for name in ("weeks_to_crumbling", "crumbled"))
        shows = sure(weeks) or self.folder.certain("crumbled", lost)
        so = "changes how long it stays" if shows else "does not show in how long it stays"
        return (
            f"Casualties: “{self._name(EXPOSED)}” loses {amount(dead, 'soldiers')} a run, against {amount(base)}; "
            f"that {so} ({change(weeks, 'weeks')}; crumbles {points(lost)})."
        )

    def asked(self) -> str:
        """What asking for more brings."""
        peak, end, cost = (
            self.folder.difference(name, LARGEST) for name in ("troops_peak", "troops_end", "cost_force_eur_bn")
        )
        first = self.folder.mean("troops_peak", self.versus)
        more = "brings more troops at the peak" if sure(peak) and peak.estimate > 0.0 else "brings no more at the peak"
        kept = "more" if sure(end) and end.estimate > 0.0 else "no more for certain"
        return (
            f"“{LARGEST}” {more} ({change(peak)}, from {amount(first)}) and {kept} at the end ({change(end)}); the "
            f"cost changes by EUR {change(cost, 'bn')} over {self.span}."
        )

    def givers(self) -> str:
        """Who contributes, and what it costs."""
        states = self.folder.table("states")
        states = states[states["variable"] == "deployed"]
        cell = str(states["cell"].iloc[0])
        states = states[states["cell"] == cell].sort_values("most_mean", ascending=False, kind="stable")
        share = states["most_mean"].head(FIRST).sum() / states["most_mean"].sum()
        names = [
            f"{state_names()[row['state']]} ({rounded(row['most_mean']):,.0f})"
            for row in states.head(FIRST).to_dict("records")
        ]
        cost, years = (self.folder.mean(name, cell) for name in ("cost_force_eur_bn", "troop_years"))
        each = 1000 * cost.estimate / years.estimate if years.estimate else math.nan
        return (
            f"Of {cell}, {NUMBERS[FIRST]} states give {100 * share:.0f}%, each at its most: {listed(names)}. "
            f"{amount(self.folder.mean('contributors_peak', cell))} states take part at the most. It costs EUR "
            f"{amount(cost, 'bn')} over {self.span}, {rounded(each):g} million for a soldier and year."
        )

    def certainty(self) -> str:
        """What the numbers hold and do not hold."""
        fielded = self._of("fielded", self.versus)
        war, plain = (self.folder.mean(name, self.versus) for name in ("renewed_war", "crumbled"))
        return (
            f"Shares are Kaplan-Meier estimates: a run that ends in renewed war ({percent(war)}) is censored there, so "
            f"that the plain share differs ({percent(plain)}); so are the {100 * (1 - fielded.estimate):.0f}% of runs "
            "in which no force ever comes. Differences in weeks count to the end of such runs too. A mandate that "
            "lapses counts as crumbling even if the troops come back. By the rules, tours only open gaps at "
            "handovers, and the cost of the force calls nobody home. What governments and publics do hangs on priors; "
            "a treaty works through a lift of public support that is an input (Tomz, Weeks and Bansak 2023)."
        )

    def table(self) -> pd.DataFrame:
        """Each force: how long it lasts, how large it is, what it costs."""
        rows = []
        for cell in (self.versus, *self.others):
            peak, end, cost = (
                self.folder.mean(name, cell) for name in ("troops_peak", "troops_end", "cost_force_eur_bn")
            )
            rows.append(
                {
                    "Force": cell,
                    f"Lasts {self.span}": percent(self._of("lasts", cell)),
                    "Half gone after (median)": _years(self._of("median", cell)),
                    "Troops at most": amount(peak),
                    "Troops at the end": amount(end),
                    "Cost (EUR bn)": amount(cost),
                }
            )
        return pd.DataFrame(rows)

    def _of(self, name: str, cell: str) -> Interval:
        """A number of lasting.csv."""
        row = self.found[cell]
        return Interval(*(float(row[f"{name}{end}"]) for end in ("", "_low", "_high")))

    def _name(self, cell: str) -> str:
        """A case without the size that all share: `under a treaty`."""
        shared = f"{self.versus.split()[0]} "
        return cell if cell == self.versus else cell.removeprefix(shared)

    def _size(self) -> str:
        (size,) = (arm.set[SIZE] for arm in self.folder.experiment.arms if arm.label == self.versus)
        return phrase(SIZE, size)

    def _lost(self, cell: str) -> Interval:
        """The share of futures in which the force crumbles before the horizon."""
        lasts = self._of("lasts", cell)
        return Interval(1.0 - lasts.estimate, 1.0 - lasts.high, 1.0 - lasts.low)


def _years(weeks: Interval) -> str:
    """A time: `4.3 years (3.4 to 5.2)`, `not in half of runs (from 6.6 years)`."""
    first, low, high = (part / WEEKS_A_YEAR for part in weeks)
    if math.isinf(first):
        return "never, in half of runs" if math.isinf(low) else f"not in half of runs (from {low:.1f} years)"
    return f"{first:.1f} years ({f'from {low:.1f}' if math.isinf(high) else f'{low:.1f} to {high:.1f}'})"
