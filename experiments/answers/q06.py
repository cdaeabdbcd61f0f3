"""Q6: whether publics let governments send troops and keep them there, and what moves opinion enough to matter."""

from typing import NamedTuple

import pandas as pd

from experiments.answers.answer import Answer
from experiments.answers.reader import Folder
from experiments.answers.words import amount, bare, change, points, rounded, sure
from experiments.figures.words import NUMBERS, horizon, listed
from experiments.intervals import Interval

EXPERIMENTS = ["publics"]
PRIMARY = "troops_end"
ENOUGH = 0.25  # of the first arm's value: the rule of the plan
WARMER, COLDER, TREATY = "publics 10 points warmer", "publics 10 points colder", "bound by a treaty"
SAID = {TREATY: "a treaty that binds them", WARMER: WARMER, COLDER: COLDER}  # arms that read well as they are
CASUALTIES = ("casualties weigh most", "casualties weigh least")


class Move(NamedTuple):
    """What one arm does to the force at the end."""

    arm: str
    troops: Interval  # difference from the first arm
    share: float  # of the first arm's value
    furthest: float  # the end of the interval that is further from zero, as a share of that value

    @property
    def matters(self) -> bool:
        """By the plan: a quarter of the first arm's value, and an interval that leaves out zero."""
        return sure(self.troops) and abs(self.share) >= ENOUGH

    @property
    def percent(self) -> str:
        """The share, with its sign."""
        share = round(100 * self.share)
        return f"{share:+d}%" if share else "0%"

    @property
    def verdict(self) -> str:
        """In the table."""
        return "yes" if self.matters else "too little" if sure(self.troops) else "no certain change"


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    (folder,) = (folders[name] for name in EXPERIMENTS)
    experiment, first = folder.experiment, folder.experiment.versus
    asked, years = f"{experiment.set['force.size']:,} troops", horizon(experiment.weeks or 0)
    base = folder.mean(PRIMARY, first)
    moves = _moves(folder, base)
    enough = [move for move in moves if move.matters]
    return Answer(
        question="Q6",
        topic="Publics",
        asked="Will publics let governments send troops and keep them there? What moves opinion enough to matter?",
        short=(
            f"Asked for {asked}, governments that decide for themselves keep {amount(base)} in Ukraine after {years}; "
            f"of {len(moves)} changes tried, {_how_many(enough)}, if Washington gives a backstop."
        ),
        points=[
            _wear(folder, first, base),
            f"{_what_matters(enough)} {_level_or_shocks(enough)}",
            f"{_what_does_not([move for move in moves if not move.matters])} {_casualties(folder, moves, first)}",
            _worth(folder, enough),
            _ceasefire(folder, enough),
        ],
        certainty=(
            f"Differences are paired over {experiment.runs:,} runs; of changes that do nothing, about one in twenty "
            "would seem to do something small. How strongly publics and parties react is a prior: past ceasefires do "
            "not tell it, and the posterior leaves it as it was (docs/validation.md)."
        ),
        changes=(
            "Polls of spring 2025 are the starting point, and they asked different things in different countries. What "
            "a treaty lifts is put in, from survey experiments. Leaders who lead opinion instead of following it are "
            "not in the model, and each change was tried alone, to the end of its range."
        ),
        pictures=[folder.picture("effects", f"What each change to opinion does to the force, against “{first}”")],
        experiments=EXPERIMENTS,
        table=_table(moves, years),
    )


def _moves(folder: Folder, base: Interval) -> list[Move]:
    """Every arm but the first, from the one that moves the force most."""
    arms = [arm.label for arm in folder.experiment.arms if arm.label != folder.experiment.versus]
    moves = []
    for arm in arms:
        troops = folder.difference(PRIMARY, arm)
        ends = max(abs(troops.low), abs(troops.high))
        moves.append(Move(arm, troops, *(part / base.estimate for part in (troops.estimate, ends))))
    return sorted(moves, key=lambda move: -abs(move.troops.estimate))


def _names(moves: list[Move]) -> str:
    return listed([f"“{move.arm}”" for move in moves])


def _how_many(enough: list[Move]) -> str:
    """How many changes matter, and which does most."""
    if not enough:
        return "none moves that by a quarter"
    first = enough[0]
    most = f"{SAID.get(first.arm, f'“{first.arm}”')} ({bare(change(first.troops, 'troops', 3))})"
    if len(enough) == 1:
        return f"only {most} moves that by a quarter or more"
    count = NUMBERS[len(enough)] if len(enough) < len(NUMBERS) else str(len(enough))
    return f"{count} move that by a quarter or more, most of all {most}"


def _what_matters(enough: list[Move]) -> str:
    if not enough:
        return "Nothing that was tried moves the force at the end by a quarter, with an interval that leaves out zero."
    told = [f"“{move.arm}” {change(move.troops, 'troops', 3)}, {move.percent}" for move in enough]
    return f"What matters, by the rule of a quarter: {'; '.join(told)}."


def _what_does_not(others: list[Move]) -> str:
    """What is sure but small, and what cannot be told from nothing."""
    if not others:
        return "Everything that was tried matters by that rule."
    small = [move for move in others if sure(move.troops)]
    nothing = [move for move in others if not sure(move.troops)]
    parts = []
    if small:
        most = f"{rounded(abs(small[0].troops.estimate)):,.10g} troops"
        verb = "moves" if len(small) == 1 else "move"
        parts.append(f"{_names(small)} {verb} it for certain, but by {most} at most")
    if nothing:
        parts.append(f"{_names(nothing)} cannot be told from no change")
    near = [move for move in others if move.furthest >= ENOUGH]
    open_end = f" The interval of {_names(near)} still reaches a quarter." if near else ""
    return f"What does not matter by it: {'; '.join(parts)}.{open_end}"


def _level_or_shocks(enough: list[Move]) -> str:
    """Whether only the level of support matters, or also what moves it later."""
    level = [move for move in enough if move.arm in {WARMER, COLDER, TREATY}]
    shocks = [move for move in enough if move not in level]
    if not enough:
        return "Neither the level of support nor what shakes it later matters by that rule."
    if not shocks:
        return (
            "So it is the level of support that counts, as publics hold it or as a treaty lifts it, and not what "
            "shakes it later: rallies, casualties, fatigue, threat, hard times or a restive opposition."
        )
    if not level:
        return f"So it is what shakes support later that counts ({_names(shocks)}), and not its level."
    return f"So both the level of support counts ({_names(level)}) and what shakes it later ({_names(shocks)})."


def _casualties(folder: Folder, moves: list[Move], first: str) -> str:
    """How many soldiers the force loses, which is what the weight of casualties works on."""
    dead = amount(folder.mean("deaths_force", first), "soldiers")
    matter = [move for move in moves if move.arm in CASUALTIES and move.matters]
    how = f"changes what stays ({_names(matter)})" if matter else "does not matter by that rule"
    return f"How heavily casualties weigh {how}: in “{first}” the force loses {dead} on average."


def _wear(folder: Folder, first: str, base: Interval) -> str:
    """From the peak to the end."""
    peak, left = folder.mean("troops_peak", first), folder.mean("withdrawals", first)
    lost = round(100 * (1 - base.estimate / peak.estimate))
    what = f"{lost}% fewer than at the most" if lost > 0 else "no fewer than at the most"
    return (
        f"At the most {amount(peak, digits=3)} troops are there; at the end {what}. In each run {amount(left)} "
        "contingents are withdrawn by a decision at home."
    )


def _worth(folder: Folder, enough: list[Move]) -> str:
    """Troops for each point of support, where an arm moves support."""
    told = []
    for move in enough:
        support = folder.difference("support", move.arm)
        if sure(support) and abs(support.estimate) >= 1.0:
            each = rounded(abs(move.troops.estimate / support.estimate))
            told.append(
                f"“{move.arm}” moves support by {change(support, 'points')}: {each:,.10g} troops for each point"
            )
    return (
        f"What a point of support is worth at the end: {'; '.join(told)}."
        if told
        else "None of this moves support by a point."
    )


def _ceasefire(folder: Folder, enough: list[Move]) -> str:
    """Whether what moves the force moves the ceasefire."""
    found = {move.arm: folder.difference("held", move.arm) for move in enough}
    moved = {arm: held for arm, held in found.items() if folder.certain("held", held)}
    if moved:
        told = listed([f"{points(held)} with “{arm}”" for arm, held in moved.items()])
        rest = "" if len(moved) == len(found) else "; the rest of them cannot be told from no change"
        return f"What matters for the force shows in how often the ceasefire holds: {told}{rest}."
    if not found:
        return "Whether the ceasefire holds was therefore not followed further."
    told = listed([f"{points(held)} with “{arm}”" for arm, held in found.items()])
    return f"What matters for the force does not show for certain in how often the ceasefire holds: {told}."


def _table(moves: list[Move], years: str) -> pd.DataFrame:
    rows = [(move.arm, change(move.troops, digits=3), move.percent, move.verdict) for move in moves]
    return pd.DataFrame(rows, columns=["Change", f"Troops after {years}", "Of the first", "Matters"])
