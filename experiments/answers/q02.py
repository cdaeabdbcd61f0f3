"""Q2: how many troops four in five takes, with and without the United States, and whether 100,000 is right."""

from experiments.answers.answer import Answer
from experiments.answers.enough import Worlds
from experiments.answers.needs import Needs
from experiments.answers.reader import Folder
from experiments.figures.words import listed

EXPERIMENTS = ["needed", "worlds"]
ALONE, TREATY, LESS, PROMISE, NOTHING = (
    "100,000 troops",
    "100,000 and treaty",
    "25,000 and treaty",
    "ratified treaty",
    "nothing",
)  # policies of the experiment `worlds`


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    needs, worlds = Needs(folders["needed"]), Worlds.read(folders["worlds"])
    return Answer(
        question="Q2",
        topic="How many troops",
        asked="How many troops are needed for a four-in-five chance of five quiet years? Is 100,000 right?",
        short=needs.short(),
        points=[
            needs.verdicts(),
            needs.variants(),
            needs.fielded(),
            needs.costs(),
            _of_worlds(worlds),
            _of_harm(worlds),
        ],
        certainty=(
            f"{needs.widths()} Bands hold luck and the posterior. Worlds have {worlds.runs:,} runs each"
            f"{_rosters(folders)}; what states would send of their own will was asked under the default theories alone."
        ),
        changes=(
            "A rival theory named above (Q10); another doctrine (Q5); a guarantee that is not believed (Q8); publics "
            "or partners that let states send more (Q6, Q9), and for long enough (Q3)."
        ),
        pictures=[
            folders["needed"].picture("doses", "Chance to hold over the size of the force, needed and fielded troops"),
            folders["worlds"].picture("worlds", "Chance to hold of eight policies in every world of rival theories"),
        ],
        experiments=EXPERIMENTS,
        table=needs.table(),
    )


def _rosters(folders: dict[str, Folder]) -> str:
    """Who takes part, if that differs between the experiments."""
    needed, worlds = (folders[name].experiment.roster for name in EXPERIMENTS)
    return "" if needed == worlds else f" and the roster “{worlds}”, not “{needed}”"


def _of_worlds(worlds: Worlds) -> str:
    """In which worlds 100,000 reaches four in five, with and without a treaty, and which theories tell them."""
    parts = []
    for policy, how in ((ALONE, "without a guarantee"), (TREATY, "with a ratified treaty")):
        found = worlds.classes(policy)
        parts.append(
            f"in {100 * worlds.reached(policy):.0f}% of worlds {how} (for certain enough in "
            f"{100 * found['enough']:.0f}%, too little in {100 * found['too little']:.0f}%)"
        )
    told = ALONE if worlds.reached(ALONE) and not worlds.reached(TREATY) else TREATY
    which = "With the treaty" if told == TREATY else "Without a guarantee"
    return (
        f"Over all {worlds.count} combinations of rival theories, 100,000 troops reach four in five "
        f"{' and '.join(parts)}; the treaty alone does in {100 * worlds.reached(PROMISE):.0f}%, with 25,000 troops in "
        f"{100 * worlds.reached(LESS):.0f}%. {which}, {worlds.told_by(told)}."
    )


def _of_harm(worlds: Worlds) -> str:
    """In which worlds 100,000 do worse than none."""
    parts, shares = [], []
    for policy, other, what in (
        (ALONE, NOTHING, "100,000 troops without a guarantee hold less often than no troops"),
        (TREATY, PROMISE, "with a treaty they hold less often than the treaty alone"),
    ):
        share, common = worlds.worse(policy, other)
        where = f" (in all of these {listed(common)})" if common else ""
        parts.append(f"in {100 * share:.0f}% of worlds {what}{where}" if share else f"in no world {what}")
        shares.append(share)
    opening = "More is not safer in every world" if any(shares) else "More is nowhere worse than nothing"
    return f"{opening}: {'; '.join(parts)}, by more than luck explains (beyond the plan)."
