"""Q4: who should command, and what slow or divided command costs."""

from functools import cached_property
from typing import NamedTuple

import pandas as pd

from experiments.analysis.levels import text
from experiments.answers.answer import Answer
from experiments.answers.reader import Folder
from experiments.answers.words import amount, bare, change, few, often, percent, points, sure
from experiments.figures.words import horizon, listed, phrase
from experiments.intervals import Interval

EXPERIMENTS = ["commands"]
LEAD, LEAD_HOLDS = "lead nation", "lead nation, told to hold"
AGAINST = {"NATO": LEAD, "EU": LEAD, "UN, told to hold": LEAD_HOLDS}  # a lead nation with the same doctrine
SAID = {LEAD: "a lead nation", "NATO": "NATO", "EU": "the EU", "UN, told to hold": "the UN"}
SHARE = "command.predelegation"
ORDER = ("costs something", "costs nothing that is sure", "holds more often")


class Commands:
    """What the experiment says, at each share of the decision that is delegated beforehand."""

    def __init__(self, folder: Folder) -> None:
        """Read the shares that were tried, and the one that the figure compares with."""
        self.folder = folder
        self.shares = [text(share) for share in folder.experiment.arms[0].grid[SHARE]]
        self.usual = folder.experiment.versus.rpartition("=")[2]

    def cost(self, arm: str, outcome: str = "held", share: str = "") -> Interval:
        """A form of command less a lead nation, at the same share."""
        return self.folder.pair(outcome, "arm", arm, AGAINST[arm], (SHARE, share or self.usual))

    def bought(self, arm: str, outcome: str) -> Interval:
        """Everything delegated less nothing, under one form of command."""
        return self.folder.pair(outcome, SHARE, self.shares[-1], self.shares[0], ("arm", arm))

    def mean(self, arm: str, outcome: str) -> Interval:
        """A mean at the usual share."""
        return self.folder.mean(outcome, arm, {SHARE: float(self.usual)})

    def median(self, arm: str, outcome: str) -> float:
        """A median at the usual share."""
        return float(self.folder.rows(outcome, arm, {SHARE: float(self.usual)})["median"].iloc[0])

    @cached_property
    def verdicts(self) -> dict[str, list[str]]:
        """Which forms cost something, by the plan: the interval of the paired difference in held leaves out zero."""
        found: dict[str, list[str]] = {}
        for arm in AGAINST:
            found.setdefault(_verdict(self.cost(arm)), []).append(SAID[arm])
        return found


class _Told(NamedTuple):
    said: str
    difference: Interval


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    (folder,) = (folders[name] for name in EXPERIMENTS)
    commands, experiment = Commands(folder), folder.experiment
    years, size = horizon(experiment.weeks or 0), f"{experiment.set['force.size']:,} troops"
    return Answer(
        question="Q4",
        topic="Who commands",
        asked="Who should command the force, and what does slow or divided command cost?",
        short=(
            f"{_best(commands.verdicts)}: {_farthest(commands, years)}, if {size} are asked for with an American "
            "backstop."
        ),
        points=[
            _costs(commands),
            _arrival(commands),
            _same_at_every_share(commands),
            _delegation(commands),
            _tail(commands),
            _lapses(commands),
            _told_to_fight(commands),
        ],
        certainty=_certainty(commands),
        changes=(
            "Members of NATO or the EU who cannot block, or a Washington that agrees at once (command.veto, "
            "command.american_veto); a lead nation whose partners want a say as well (command.quorum), which the model "
            "asks only of their number; a mandate that is agreed before the ceasefire begins, which nobody has here. A "
            "UN force was tried heavy; Moscow objects less to a light one (command.russian_veto_heavy)."
        ),
        pictures=[folder.picture("effects", f"What each form of command changes, against “{experiment.versus}”")],
        experiments=EXPERIMENTS,
        table=_table(commands, years),
    )


def _verdict(difference: Interval) -> str:
    """By the plan's rule."""
    if not sure(difference):
        return ORDER[1]
    return ORDER[0] if difference.estimate < 0.0 else ORDER[2]


def _best(verdicts: dict[str, list[str]]) -> str:
    """Who should command, in words that follow the verdicts."""
    costly, open_, better = (verdicts.get(verdict, []) for verdict in ORDER)
    if better:
        return f"Not a lead nation should command but {listed(better, 'or')}"
    if not open_:
        return "A lead nation should command"
    if not costly:
        return "It makes no sure difference who commands"
    return f"A lead nation should command rather than {listed(costly, 'or')}, but {listed(open_, 'or')} {ORDER[1]}"


def _farthest(commands: Commands, years: str) -> str:
    """A lead nation beside the command that differs most from it, of those that have the verdict told first."""
    better = [arm for arm in AGAINST if _verdict(commands.cost(arm)) == ORDER[2]]
    arm = max(better or AGAINST, key=lambda each: abs(commands.cost(each).estimate))
    lead, doctrine = AGAINST[arm], ", with both told to hold," if AGAINST[arm] == LEAD_HOLDS else ""
    base = SAID[LEAD] if better or ORDER[1] in commands.verdicts else "it"
    told = {each: often(commands.cost(each), commands.folder.experiment.runs) for each in AGAINST}
    alike = [SAID[each] for each in AGAINST if AGAINST[each] == lead and told[each] == told[arm]]
    return (
        f"under {base} the ceasefire holds {years} in {percent(commands.mean(lead, 'held'))} of simulated futures, and "
        f"under {listed(alike, 'or')}{doctrine} {told[arm]}"
    )


def _costs(commands: Commands) -> str:
    """The plan's verdict on each command."""
    costs = {SAID[arm]: commands.cost(arm) for arm in AGAINST}
    told = [f"{said} {_verdict(cost)} ({bare(points(cost))})" for said, cost in costs.items()]
    return (
        "By the plan's rule, against a lead nation with the same order (to fight, but for the UN to hold) and "
        f"as much delegated, {listed(told)}.{few(costs, commands.folder.experiment.runs)}"
    )


def _arrival(commands: Commands) -> str:
    """How long until the first troops, and where they mostly never come."""
    weeks = [f"{amount(commands.mean(arm, 'weeks_to_deployment'), 'weeks')} under {said}" for arm, said in SAID.items()]
    never = [said for arm, said in SAID.items() if commands.median(arm, "troops_peak") == 0.0]
    told = f"; under {listed(never, 'or')} no troops ever come in half of futures or more" if never else ""
    slower = [SAID[arm] for arm in AGAINST if commands.cost(arm, "weeks_to_deployment").low > 0.0]
    which = f"{_capital(listed(slower))} {'is' if len(slower) == 1 else 'are'} slower" if slower else "None is slower"
    return (
        f"{which} to send: the first troops come after {listed(weeks)} on average (a future in which none come counts "
        f"to its end){told}. NATO and the EU need the assent of every member at a summit, NATO Washington's too; a "
        "lead nation needs a few that go along."
    )


def _same_at_every_share(commands: Commands) -> str:
    """Whether the verdict hangs on what is delegated."""
    changed, widest = [], 0.0
    for arm in AGAINST:
        found = {share: commands.cost(arm, share=share) for share in commands.shares}
        usual = _verdict(found[commands.usual])
        changed += [
            f"with {_delegated(share)} {SAID[arm]} {_verdict(difference)} ({points(difference)})"
            for share, difference in found.items()
            if _verdict(difference) != usual
        ]
        estimates = [difference.estimate for difference in found.values()]
        widest = max(widest, max(estimates) - min(estimates))
    ends = f"{_delegated(commands.shares[0])} to {_delegated(commands.shares[-1])}"
    spread = f"from {ends} no command's difference from a lead nation moves by more than {100 * widest:.1f} points"
    if changed:
        return f"That verdict hangs on how much is delegated beforehand: {'; '.join(changed)}; {spread}."
    return f"The verdict is the same however much is delegated beforehand: {spread}."


def _delegation(commands: Commands) -> str:
    """What delegating everything instead of nothing buys."""
    arms = [arm for arm in SAID if arm in {LEAD, "NATO", "EU"}]
    held = [_Told(SAID[arm], commands.bought(arm, "held")) for arm in arms]
    gains = [each for each in held if commands.folder.certain("held", each.difference)]
    told = listed([f"{points(each.difference)} under {each.said}" for each in held])
    if not gains:
        verdict = "Delegating everything instead of nothing does not surely change whether the ceasefire holds"
    else:
        up = all(each.difference.estimate > 0.0 for each in gains)
        verdict = (
            f"Delegating everything instead of nothing {'helps' if up else 'changes'} the ceasefire surely under "
            f"{listed([each.said for each in gains])}"
        )
    lead = _hundred(commands.bought(LEAD, "bypassed"))
    verb = f"go round the force{'' if commands.folder.certain('bypassed', lead) else ', which is not sure'}"
    most = max(abs(each.difference.high if each.difference.estimate > 0 else each.difference.low) for each in held)
    costs = [commands.cost(arm) for arm in AGAINST]
    least = min((-cost.high for cost in costs if cost.high < 0.0), default=0.0)
    which = " So slowness in sending troops costs more than slowness in using them." if least > most else ""
    return (
        f"{verdict}: {told}. Under a lead nation it changes how many attacks {verb} by "
        f"{change(lead, 'in 100 futures')}.{which}"
    )


def _tail(commands: Commands) -> str:
    """Direct combat, and whether it is lower because nobody is there."""
    differences = [_Told(SAID[arm], commands.cost(arm, "direct_combat")) for arm in AGAINST]
    fewer = [SAID[arm] for arm in AGAINST if commands.cost(arm, "troops_peak").high < 0.0]
    rarer = [each for each in differences if commands.folder.certain("direct_combat", each.difference)]
    less = [each.said for each in rarer if each.difference.estimate < 0.0]
    told = listed([f"{points(each.difference)} with {each.said}" for each in differences])
    if not less:
        return f"No command lowers the risk of combat between Russian and European troops for certain: {told}."
    absent = [said for said in less if said in fewer]
    reason = (
        f", and {listed(absent)} {'has' if len(absent) == 1 else 'have'} fewer troops there to meet" if absent else ""
    )
    return f"Less combat between Russian and European troops comes with {listed(less)}: {told}{reason}."


def _lapses(commands: Commands) -> str:
    """Mandates that run out."""
    differences = {SAID[arm]: _hundred(commands.cost(arm, "lapses")) for arm in AGAINST}
    more = [said for said, difference in differences.items() if difference.low > 0.0]
    told = listed([f"{change(difference)} with {said}" for said, difference in differences.items()])
    base = amount(_hundred(commands.mean(LEAD, "lapses")))
    which = f"More mandates lapse with {listed(more)}" if more else "No command lets more mandates lapse for certain"
    return f"{which}: in 100 futures {base} lapse under a lead nation, against which {told}."


def _told_to_fight(commands: Commands) -> str:
    """What a lead nation's order to fight is worth beside who commands."""
    found = commands.folder.pair("held", "arm", LEAD, LEAD_HOLDS, (SHARE, commands.usual))
    largest = max(AGAINST, key=lambda arm: abs(commands.cost(arm).estimate))
    cost = commands.cost(largest)
    weight = "as much as or more than" if abs(found.estimate) >= abs(cost.estimate) else "less than"
    told = "is no sure difference"
    if commands.folder.certain("held", found):
        told = f"matters {weight} the widest difference between commands"
    return (
        f"Beyond the plan: under a lead nation, being told to fight instead of to hold {told}: {points(found)} "
        f"(Q5 asks that in full)."
    )


def _certainty(commands: Commands) -> str:
    alliances = commands.folder.pair("held", "arm", "EU", "NATO", (SHARE, commands.usual))
    apart = "are told apart" if commands.folder.certain("held", alliances) else "are not told apart"
    return (
        f"Differences are paired over {commands.folder.experiment.runs:,} runs; NATO and the EU {apart} "
        f"({points(alliances)} for the EU). That unanimity is slow is put in: how often a member objects and how long "
        "each command takes are ranges (grades U and A in the register), no past ceasefire tells them, and a lead "
        "nation is assumed to need only the number of its partners, not their agreement."
    )


def _table(commands: Commands, years: str) -> pd.DataFrame:
    rows = []
    for arm in (LEAD, "NATO", "EU", LEAD_HOLDS, "UN, told to hold"):
        rows.append(
            {
                "Command": arm,
                f"Holds {years}": percent(commands.mean(arm, "held")),
                "Against a lead nation told the same": points(commands.cost(arm)) if arm in AGAINST else "",
                "Weeks to the first troops": amount(commands.mean(arm, "weeks_to_deployment")),
                "Troops at most": amount(commands.mean(arm, "troops_peak")),
                "Attacks round the force, in 100 futures": amount(_hundred(commands.mean(arm, "bypassed"))),
            }
        )
    return pd.DataFrame(rows)


def _delegated(share: str) -> str:
    return phrase(SHARE, share)


def _hundred(interval: Interval) -> Interval:
    return Interval(*(100.0 * part for part in interval))


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
