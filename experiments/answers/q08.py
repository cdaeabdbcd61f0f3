"""Q8: whether European effort or envoys keep the United States in, and what it costs if it leaves all the same."""

import pandas as pd

from experiments.answers.answer import Answer
from experiments.answers.reader import Folder
from experiments.answers.words import change, often, percent, points, raised
from experiments.figures.words import horizon, listed, phrase
from experiments.intervals import Interval

EXPERIMENTS = ["washington"]
WILL, HELD, SPENDING = "guarantee_will", "held", "defence_share"
NO_ENVOYS, ENVOYS = "no envoys", "an envoy a month"
EFFORT, RIVAL, RIVAL_EFFORT = "3.5% kept", "as it is, effort lets it leave", "3.5% kept, effort lets it leave"
FRIENDLY, PLEDGE, TREATY = "Atlanticist administration", "executive pledge", "ratified treaty"
EXITS = ("exit at once", "exit after a year", "exit after three years")
EXIT = EXITS[1]
EXIT_EFFORT, EXIT_TREATY = "exit after a year, 3.5% kept", "exit after a year from a ratified treaty"


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    (folder,) = (folders[name] for name in EXPERIMENTS)
    experiment, first = folder.experiment, folder.experiment.versus
    given = experiment.set
    force = f"{phrase('force.size', given['force.size'])} and {phrase('guarantee.form', given['guarantee.form'])}"
    exit_costs = folder.difference(HELD, EXIT)
    return Answer(
        question="Q8",
        topic="Washington",
        asked="Does European effort, or an envoy, keep the United States in? What if it leaves all the same?",
        short=(
            f"An envoy a month {raised('American readiness to act', folder.difference(WILL, ENVOYS))}, more European "
            f"spending {_effort(folder)}, and an American exit after a year makes the ceasefire hold "
            f"{horizon(experiment.weeks or 0)} {often(exit_costs, experiment.runs)}, if Europe relies on {force}."
        ),
        points=[
            _readiness(folder, first),
            _ceasefire(folder),
            _exits(folder, first),
            _after_exit(folder),
            _washington(folder),
        ],
        certainty=(
            f"Differences are paired over {experiment.runs:,} runs, also between two arms neither of which is "
            f"“{first}”. How much effort weighs in Washington is a prior, its sign a rival theory, and both signs were "
            "tried; what a visit lends, and for how long, are priors too. No past ceasefire tells these."
        ),
        changes=(
            "Effort here is money: more troops are tried in Q1 and Q2, and equipment comes years after the money (Q7). "
            "An exit is for good, and takes American aid, enablers and all promises with it."
        ),
        pictures=[
            folder.picture("effects", f"What each arm changes in readiness and in the ceasefire, against “{first}”"),
            folder.picture(
                "fans", "American readiness, Russia's and Europe's belief in it, and spending over the years"
            ),
        ],
        experiments=EXPERIMENTS,
        table=_table(folder, first),
    )


def _doubt(folder: Folder, difference: Interval, outcome: str = HELD) -> str:
    return "" if folder.certain(outcome, difference) else " (not told from nothing)"


def _signs(folder: Folder) -> tuple[int, int]:
    """What the goal does to readiness if effort keeps America in, and if it lets America leave."""
    return _sign(folder, WILL, folder.difference(WILL, EFFORT)), _sign(folder, WILL, _rival(folder, WILL))


def _effort(folder: Folder) -> str:
    """What effort does to readiness under the two theories, in a few words."""
    told = {
        (1, -1): "raises or lowers it, depending on the theory",
        (-1, 1): "raises or lowers it, depending on the theory",
        (1, 1): "raises it too, whichever theory is right",
        (-1, -1): "lowers it, whichever theory is right",
        (0, 0): "does not surely change it",
    }
    return told.get(_signs(folder), "changes it for certain under one theory only")


def _rival(folder: Folder, outcome: str) -> Interval:
    """What the goal changes if effort lets the United States leave."""
    return folder.difference(outcome, RIVAL_EFFORT, RIVAL)


def _readiness(folder: Folder, first: str) -> str:
    """Envoys, and effort under both theories."""
    found = {cell: folder.difference(WILL, cell) for cell in (NO_ENVOYS, ENVOYS, EFFORT, RIVAL)}
    sent, effort = found[ENVOYS], found[EFFORT]
    more = (
        ", more than the goal" if sent.low > effort.high else ", less than the goal" if sent.high < effort.low else ""
    )
    verdict = {
        (1, -1): "Whether effort keeps America in hangs on the theory",
        (1, 1): "Effort keeps America in under both theories",
        (-1, -1): "Effort lets America go under both theories",
    }.get(_signs(folder), "Whether effort keeps America in cannot be told for certain under both theories")
    return (
        f"True readiness at the end of a run is {percent(folder.mean(WILL, first))} with two visits a year by each "
        f"state of full access. Without envoys it changes by {points(found[NO_ENVOYS])}, with an envoy a month by "
        f"{points(sent)}{more}. {verdict}: a goal of 3.5% that is kept changes it by {points(effort)} if effort keeps "
        f"America in, and by {points(_rival(folder, WILL))} if it lets America leave. That rival theory alone, without "
        f"a goal, changes it by {points(found[RIVAL])}."
    )


def _sign(folder: Folder, outcome: str, difference: Interval) -> int:
    """1 or -1 where a difference is sure, else 0."""
    return (1 if difference.estimate > 0 else -1) if folder.certain(outcome, difference) else 0


def _ceasefire(folder: Folder) -> str:
    """Whether what moves readiness reaches the ceasefire."""
    found = {
        "no envoys": folder.difference(HELD, NO_ENVOYS),
        "an envoy a month": folder.difference(HELD, ENVOYS),
        "the goal, if effort keeps America in": folder.difference(HELD, EFFORT),
        "the goal, if effort lets it leave": _rival(folder, HELD),
    }
    there = [name for name, held in found.items() if folder.certain(HELD, held)]
    told = listed([f"{points(held)} with {name}" for name, held in found.items()])
    verdict = "None of it reaches the ceasefire for certain"
    if there:
        reach = "reaches" if len(there) == 1 else "reach"
        most = max(round(100 * abs(found[name].estimate), 1) for name in there)
        verdict = "All of it reaches" if len(there) == len(found) else f"Of this, only {listed(there)} {reach}"
        verdict += f" the ceasefire for certain, by {most:.10g} points at most"
    return f"{verdict}: the chance that it holds changes by {told}."


def _exits(folder: Folder, first: str) -> str:
    """What an exit costs, by its date."""
    held = {cell: folder.difference(HELD, cell) for cell in EXITS}
    told = listed([f"{points(each)} for an {cell}{_doubt(folder, each)}" for cell, each in held.items()])
    war = folder.difference("renewed_war", EXITS[0])
    soon, late = held[EXITS[0]], held[EXITS[-1]]
    when = "An early exit and a late one cannot be told apart by their intervals"
    if soon.high < late.low or soon.low > late.high:
        when = f"The earlier exit costs {'more' if soon.estimate < late.estimate else 'less'}"
    return (
        f"If Washington leaves all the same, the chance that the ceasefire holds changes by {told}; that of renewed "
        f"war, for an exit at once, by {points(war)}{_doubt(folder, war, 'renewed_war')}. {when}. What an exit takes "
        f"away is readiness of {percent(folder.mean(WILL, first))}."
    )


def _after_exit(folder: Folder) -> str:
    """Whether Europe's effort, or a treaty that was, makes up for an exit."""
    effort, money = folder.difference(HELD, EXIT_EFFORT, EXIT), folder.difference(SPENDING, EXIT_EFFORT, EXIT)
    treaty, lost = folder.difference(HELD, EXIT_TREATY, EXIT), folder.difference(HELD, EXIT_TREATY, TREATY)
    cost = folder.difference(HELD, EXIT)
    makes_up = "does not make up for it for certain"
    if _sign(folder, HELD, effort) > 0:
        makes_up = "makes up for some of it" if effort.estimate < abs(cost.estimate) else "makes up for it"
    return (
        f"After an exit in a year, European effort {makes_up}: with the goal, defence spending changes by "
        f"{change(money)} points of GDP and the chance to hold by {points(effort)}. Had there been a ratified treaty, "
        f"that chance would differ by {points(treaty)} from an exit under a backstop{_doubt(folder, treaty)}, and by "
        f"{points(lost)} from a treaty that Washington keeps."
    )


def _washington(folder: Folder) -> str:
    """What Washington itself can do: its administration, and the form of its promise."""
    told = [
        f"“{cell}” changes readiness by {points(folder.difference(WILL, cell))} and the chance to hold by "
        f"{points(folder.difference(HELD, cell))}"
        for cell in (FRIENDLY, PLEDGE, TREATY)
    ]
    ours = max(abs(end) for cell in (ENVOYS, EFFORT) for end in folder.difference(WILL, cell))
    theirs = [cell for cell in (FRIENDLY, PLEDGE, TREATY) if folder.difference(WILL, cell).low > ours]
    more = ""
    if theirs:
        names, weigh = listed([f"“{cell}”" for cell in theirs]), "weighs" if len(theirs) == 1 else "weigh"
        more = f" For readiness, {names} {weigh} more than any envoy or effort tried."
    return f"What Washington decides itself: {'; '.join(told)}.{more}"


def _table(folder: Folder, first: str) -> pd.DataFrame:
    rows = [(first, percent(folder.mean(WILL, first)), "", "")]
    for arm in (arm.label for arm in folder.experiment.arms if arm.label != first):
        will, held = folder.difference(WILL, arm), folder.difference(HELD, arm)
        rows.append((arm, percent(folder.mean(WILL, arm)), points(will), points(held)))
    return pd.DataFrame(rows, columns=["Arm", "Readiness at the end", "Its change", "Change of the chance to hold"])
