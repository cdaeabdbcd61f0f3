"""Q10: which of all these assumptions matters most to the answer, and which policies are robust to all of them."""

from experiments.answers.answer import Answer
from experiments.answers.assumptions import Failures, Indices, Screening
from experiments.answers.reader import Folder
from experiments.answers.surviving import Robust, Spread, Surviving
from experiments.answers.words import percent
from experiments.figures.words import NUMBERS, setting
from experiments.intervals import Z

EXPERIMENTS = ["screening", "indices", "failing", "worlds", "spread"]


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    worlds = folders["worlds"]
    screening, indices = Screening.read(folders["screening"]), Indices.read(folders["indices"])
    failures, robust, surviving = Failures.read(folders["failing"]), Robust.read(worlds), Surviving.read(worlds)
    return Answer(
        question="Q10",
        topic="Assumptions",
        asked="Which of all these assumptions matters most to the answer, and which policies are robust to all?",
        short=short(indices, robust),
        points=[
            screening.told(),
            indices.told(screening),
            failures.told(),
            robust.told(),
            surviving.told(),
            Spread.read(worlds, folders["spread"]).told(failures.between),
        ],
        certainty=certainty(folders, surviving),
        changes=(
            "Narrower ranges: an assumption that is known better explains less, and the ranking is that of what the "
            "register allows, not of what is likely. Theories that are no switch of the model, and rules that all "
            "worlds share. Another plan: assumptions are ranked for 25,000 troops with an American backstop alone."
        ),
        pictures=[
            worlds.picture("worlds", "Chance to hold of each policy in every combination of the rival theories"),
            folders["spread"].picture("variance", "Shares of theories, parameters and luck in the variance"),
            folders["indices"].picture("tornado", "Shares of the variance that assumptions explain"),
            folders["screening"].picture("tornado", "Mean sizes of the effects of the strongest assumptions"),
            folders["failing"].picture("box", "Ranges of settings in which the plan mostly fails, or mostly holds"),
        ],
        experiments=EXPERIMENTS,
        table=surviving.table(),
    )


def short(indices: Indices, robust: Robust) -> str:
    """The answer in one sentence."""
    name, share = indices.first()
    policies = len(robust.scores)
    count = NUMBERS[policies] if policies < len(NUMBERS) else policies
    return (
        f"If no assumption is taken as known, most hangs on {setting(name)}, which shares in {percent(share)} of the "
        f"differences between worlds; whichever rival theory is right, the least regretted of {count} choices is "
        f"{robust.said}, at most {100 * robust.best['regret']:.0f} points behind the best."
    )


def certainty(folders: dict[str, Folder], surviving: Surviving) -> str:
    """How sure this is."""
    screening, worlds = folders["screening"].experiment, folders["worlds"].experiment
    margins = 100 * surviving.leads["margin"]
    trajectories = screening.sample.points if screening.sample else 0
    level = 100 * Z * (0.25 / worlds.runs) ** 0.5
    return (
        f"The screening has {trajectories} trajectories of {screening.runs} runs a point: enough to find the "
        "strongest settings, not to rank neighbours. Shares of variance come with intervals; settings that `indices` "
        f"holds fixed have none. A policy has {worlds.runs} runs in each world, the same in all: by pair, "
        f"differences count as sure from {margins.min():.0f} to {margins.max():.0f} points on, so that all worlds are "
        "right together in 95% of resamples; “survives” goes by the estimates, as the plan says. Levels may be off by "
        f"{level:.0f} points, in all worlds together. All worlds have the posterior that was found with the default "
        "theories."
    )
