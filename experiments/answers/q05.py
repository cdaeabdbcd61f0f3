"""Q5: what doctrine should meet a Russian break, and when a break means a wider war."""

import math
from itertools import pairwise

import pandas as pd

from experiments.analysis.levels import text
from experiments.answers.answer import Answer
from experiments.answers.reader import WHOLE, Folder
from experiments.answers.words import bare, change, often, once, percent, points
from experiments.figures.words import horizon, listed, phrase
from experiments.intervals import Interval
from model.register import load_register

EXPERIMENTS = ["doctrines"]
DOCTRINE, PLACE, WEIGHT, SIZE = "force.doctrine", "force.place", "force.weight", "force.size"
PROMISE = "guarantee.form"
HELD, COMBAT, WIDER, AMERICAN = "held", "direct_combat", "wider_war", "us_combat"
WORDS = {COMBAT: "direct combat", WIDER: "war beyond Ukraine", AMERICAN: "combat of American forces"}


class Doctrines:
    """The doctrines, each averaged over place, weight, size and guarantee, and which of them others beat in both."""

    def __init__(self, folder: Folder) -> None:
        """Compare every doctrine with every other by the plan's rule."""
        self.folder = folder
        self.settings = _pairs(folder, DOCTRINE)
        self.names = [text(value) for value in folder.experiment.grid[DOCTRINE]]
        self.beaten_by = {name: [other for other in self.names if self._beats(other, name)] for name in self.names}
        self.unbeaten = [name for name in self.names if not self.beaten_by[name]]
        self.steadiest = max(self.names, key=lambda name: self.mean(HELD, name).estimate)
        self.safest = min(self.names, key=lambda name: self.mean(COMBAT, name).estimate)

    def mean(self, outcome: str, name: str, part: tuple[str, str] = WHOLE) -> Interval:
        """What an outcome comes to under a doctrine."""
        return self.folder.average(outcome, DOCTRINE, name, part)

    def less(self, outcome: str, name: str, other: str) -> Interval:
        """A doctrine less another."""
        return self.folder.pair(outcome, DOCTRINE, name, other)

    def spreads(self, name: str, other: str) -> bool:
        """Whether a doctrine surely means more war beyond Ukraine than another."""
        difference = self.less(WIDER, name, other)
        return difference.estimate > 0.0 and self.folder.certain(WIDER, difference, self.settings)

    def _beats(self, name: str, other: str) -> bool:
        """By the plan: holds more and risks less, by paired differences whose intervals leave out zero."""
        return name != other and self.less(HELD, name, other).low > 0.0 and self.less(COMBAT, name, other).high < 0.0


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    (folder,) = (folders[name] for name in EXPERIMENTS)
    doctrines, experiment = Doctrines(folder), folder.experiment
    years, wider = horizon(experiment.weeks or 0), load_register()["crisis.wider"]
    return Answer(
        question="Q5",
        topic="Which orders",
        asked="What doctrine should meet a Russian break, and when does a break mean a wider war?",
        short=f"{_verdict(doctrines, years)}, if it is really there.",
        points=[
            f"{_ends(doctrines, years)} {_dominance(doctrines)}",
            _front(folder),
            _wider(doctrines),
            _guarantee(doctrines),
            _place(folder),
            _build(folder),
            _toll(doctrines),
        ],
        certainty=(
            f"Doctrines are compared under the same luck, averaged over {doctrines.settings} settings and "
            f"{experiment.runs:,} runs. Which of two close options is on the front is luck. That a force told to "
            "withdraw never fights is put in, and so is how often combat spreads (crisis.wider, set at "
            f"{wider.low:.0%} to {wider.high:.0%}, times what escalation and American forces add); the model adds how "
            "often it comes to combat. Nuclear use is a fear in Moscow's sums, never an event."
        ),
        changes=(
            "A command too slow or divided to carry the order out (Q4); fewer troops than asked for, or a force that "
            "crumbles (Q3), since here it is imposed; a chance of spread near an end of its range; a Russia that does "
            "not believe the order (tripwire and other theories: Q10). A force in reserve told to hold rests on two "
            "assumed numbers (crisis.drawn_in, crisis.self_defence)."
        ),
        pictures=[
            folder.picture("pareto", "Every doctrine at every place, weight, size and guarantee: stability and combat")
        ],
        experiments=EXPERIMENTS,
        table=_table(doctrines, years),
    )


def _verdict(doctrines: Doctrines, years: str) -> str:
    """The doctrine under which the ceasefire holds most, beside the one that risks least."""
    steady, safe = doctrines.steadiest, doctrines.safest
    if steady == safe:
        held, combat, wider = (percent(doctrines.mean(each, steady)) for each in (HELD, COMBAT, WIDER))
        return (
            f"One order is both steadiest and safest: told {_order(steady)}, a force keeps the ceasefire {years} in "
            f"{held} of simulated futures, fights Russian troops in {combat} and sees war spread beyond Ukraine in "
            f"{wider}"
        )
    runs = doctrines.settings * doctrines.folder.experiment.runs
    held, combat, wider = (often(doctrines.less(each, steady, safe), runs) for each in (HELD, COMBAT, WIDER))
    return (
        f"No order is both steadiest and safest: told {_order(steady)} rather than {safe}, a force keeps the ceasefire "
        f"{years} {held}, but fights Russian troops {once(combat, wider)} and sees war spread beyond Ukraine {wider}"
    )


def _ends(doctrines: Doctrines, years: str) -> str:
    """How often the ceasefire holds, and troops fight, under every doctrine."""
    held, combat = (
        listed([f"{percent(doctrines.mean(each, name))} when told {_order(name)}" for name in doctrines.names])
        for each in (HELD, COMBAT)
    )
    return (
        f"Averaged over place, weight, size and guarantee, the ceasefire holds {years} in {held}; the force fights "
        f"Russian troops in {combat}."
    )


def _dominance(doctrines: Doctrines) -> str:
    """Which doctrine beats which, and what is between those that nothing beats."""
    parts = []
    for name, winners in doctrines.beaten_by.items():
        if winners:
            best = max(winners, key=lambda winner: doctrines.less(HELD, winner, name).estimate)
            parts.append(f"{_order(best)} beats {_order(name)} ({_two(doctrines, best, name)})")
    order = sorted(doctrines.unbeaten, key=lambda name: doctrines.mean(HELD, name).estimate)
    trades = [
        f"{_order(more)} rather than {_order(less)} ({_two(doctrines, more, less)})" for less, more in pairwise(order)
    ]
    beaten = (
        f"In stability and direct combat at once, {'; '.join(parts)}" if parts else "No order beats another in both"
    )
    return f"{beaten}. {f'A choice remains: {"; ".join(trades)}' if trades else 'No choice remains'}."


def _two(doctrines: Doctrines, name: str, other: str) -> str:
    held, combat = (points(doctrines.less(outcome, name, other)) for outcome in (HELD, COMBAT))
    return f"{held} held, {combat} combat"


def _front(folder: Folder) -> str:
    """The options that none beats in both, by their estimates."""
    table = folder.table("pareto")
    front = table[table["front"].astype(bool)].sort_values("risk", kind="stable")
    parts = [str(option).split(", ") for option in front["option"]]
    shared = [part for part in parts[0] if len(parts) > 1 and all(part in each for each in parts)]
    told = [
        f"{', '.join(part for part in each if part not in shared)} "
        f"({100 * row['stability']:.0f}% hold, {100 * row['risk']:.0f}% combat)"
        for each, row in zip(parts, front.to_dict("records"), strict=True)
    ]
    common = f", all of them {', '.join(shared)}" if shared else ""
    absent = [group for group in dict.fromkeys(map(str, table["group"])) if group not in set(front["group"])]
    missing = f" None is of these: {', '.join(absent)}." if absent else ""
    return (
        f"By the estimates, {len(front)} of {len(table)} options {'is' if len(front) == 1 else 'are'} beaten by no "
        f"other in both{common}: {'; '.join(told)}.{missing}"
    )


def _wider(doctrines: Doctrines) -> str:
    """How often fighting spreads beyond Ukraine, by doctrine, and whether that changes the order."""
    shares = [f"{percent(doctrines.mean(WIDER, name))} when told {_order(name)}" for name in doctrines.names]
    fighting = [name for name in doctrines.names if doctrines.mean(COMBAT, name).estimate > 0.0]
    spread = [f"{_per_combat(doctrines, [name])} when told {_order(name)}" for name in fighting]
    often = f" Of 100 futures with direct combat it spreads in {listed(spread)}." if spread else ""
    beats = [(best, name) for name, winners in doctrines.beaten_by.items() for best in winners]
    turned = [
        f"{_order(best)} rather than {_order(name)} {points(doctrines.less(WIDER, best, name))}"
        for best, name in beats
        if doctrines.spreads(best, name)
    ]
    against = " No order that beats another in both means surely more of it." if beats else ""
    if turned:
        against = f" What wins in stability and direct combat may lose here: {'; '.join(turned)}."
    return f"War spreads beyond Ukraine in {listed(shares)}.{often}{against}"


def _guarantee(doctrines: Doctrines) -> str:
    """What an American guarantee does to each of the risks, over all doctrines."""
    folder = doctrines.folder
    none, strong = (text(value) for value in folder.experiment.grid[PROMISE])
    effects = {outcome: folder.pair(outcome, PROMISE, strong, none) for outcome in (COMBAT, WIDER, AMERICAN)}
    told = [f"{WORDS[outcome]} {_moved(folder, outcome, effect)}" for outcome, effect in effects.items()]
    spread = [
        f"{_per_combat(doctrines, doctrines.names, (PROMISE, form))} with {phrase(PROMISE, form)}"
        for form in (none, strong)
    ]
    return (
        f"With {phrase(PROMISE, strong)} instead of {phrase(PROMISE, none)}, over all orders, {listed(told)}. Of 100 "
        f"futures with direct combat it spreads in {listed(spread)}."
    )


def _per_combat(doctrines: Doctrines, names: list[str], part: tuple[str, str] = WHOLE) -> str:
    """Of 100 futures in which European and Russian troops fight, those in which the war spreads."""
    wider, combat = (sum(doctrines.mean(outcome, name, part).estimate for name in names) for outcome in (WIDER, COMBAT))
    return f"{100 * wider / combat:.0f}" if combat > 0.0 else "none"


def _moved(folder: Folder, outcome: str, effect: Interval) -> str:
    if not folder.certain(outcome, effect, _pairs(folder, PROMISE)):
        how = "does not surely change"
    else:
        how = "is more frequent" if effect.estimate > 0.0 else "is rarer"
    return f"{how} ({bare(points(effect))})"


def _pairs(folder: Folder, axis: str) -> int:
    """Over how many settings of everything else the levels of one are compared."""
    return math.prod(len(values) for name, values in folder.experiment.grid.items() if name != axis)


def _place(folder: Folder) -> str:
    """Where the force stands."""
    places = [text(value) for value in folder.experiment.grid[PLACE]]
    means = {place: {each: folder.average(each, PLACE, place) for each in (HELD, COMBAT, WIDER)} for place in places}
    steady = max(places, key=lambda place: means[place][HELD].estimate)
    safe = min(places, key=lambda place: means[place][COMBAT].estimate)
    told = "; ".join(
        f"{phrase(PLACE, place)} {percent(found[HELD])} hold, {percent(found[COMBAT])} meet in combat and "
        f"{percent(found[WIDER])} spread"
        for place, found in means.items()
    )
    if steady == safe:
        return f"By place, {phrase(PLACE, steady)} holds most and risks least: {told}."
    gain, risk = (folder.pair(outcome, PLACE, steady, safe) for outcome in (HELD, COMBAT))
    buys = gain.estimate > 0.0 and folder.certain(HELD, gain, _pairs(folder, PLACE))
    worth = "buys" if buys else "does not surely buy"
    return (
        f"Standing {phrase(PLACE, steady)} rather than {phrase(PLACE, safe)} {worth} stability ({points(gain)}) with "
        f"combat ({points(risk)}): {told}."
    )


def _build(folder: Folder) -> str:
    """Weight and size of the force, whatever its doctrine."""
    parts = []
    for axis in (WEIGHT, SIZE):
        less, level = (folder.experiment.grid[axis][place] for place in (0, -1))
        held, combat = (folder.pair(outcome, axis, text(level), text(less)) for outcome in (HELD, COMBAT))
        sure = [folder.certain(each, found, _pairs(folder, axis)) for each, found in ((HELD, held), (COMBAT, combat))]
        verdict = "changes one surely" if any(sure) else "changes neither surely"
        if all(sure):
            better = held.estimate > 0.0, combat.estimate < 0.0
            verdict = {(True, True): "is better in both", (True, False): "trades one for the other"}.get(
                better, "changes both"
            )
        told = f"{points(held)} held, {points(combat)} combat"
        parts.append(f"{phrase(axis, level)} instead of {phrase(axis, less)} {verdict} ({told})")
    return f"Whatever the order, {' and '.join(parts)}."


def _toll(doctrines: Doctrines) -> str:
    """Deaths and renewed war, of the steadiest doctrine against the safest."""
    steady, safe = doctrines.steadiest, doctrines.safest
    if steady == safe:
        others = [name for name in doctrines.names if name != steady]
        safe = max(others, key=lambda name: doctrines.mean(HELD, name).estimate)
    war, dead = (doctrines.less(outcome, steady, safe) for outcome in ("renewed_war", "deaths"))
    fewer = "fewer die" if dead.high < 0.0 else "more die" if dead.low > 0.0 else "the toll is not surely another"
    american = doctrines.less(AMERICAN, steady, safe)
    return (
        f"Counting everybody's dead, {fewer} when the force is told {_order(steady)} rather than {_order(safe)} "
        f"({change(dead, 'soldiers')}; renewed war {points(war)}, combat of American forces {points(american)})."
    )


def _table(doctrines: Doctrines, years: str) -> pd.DataFrame:
    rows = []
    for form in map(text, doctrines.folder.experiment.grid[PROMISE]):
        for name in doctrines.names:
            part = (PROMISE, form)
            rows.append(
                {
                    "Guarantee": phrase(PROMISE, form),
                    "Doctrine": phrase(DOCTRINE, name),
                    f"Holds {years}": percent(doctrines.mean(HELD, name, part)),
                    "Direct combat": percent(doctrines.mean(COMBAT, name, part)),
                    "War beyond Ukraine": percent(doctrines.mean(WIDER, name, part)),
                    "Americans in combat": percent(doctrines.mean(AMERICAN, name, part)),
                }
            )
    return pd.DataFrame(rows)


def _order(name: str) -> str:
    """`to hold`."""
    return f"to {name}"
