"""Q1: how the size of the force and the strength of the guarantee change the odds that the ceasefire holds."""

from experiments.answers.answer import Answer
from experiments.answers.reader import Folder
from experiments.answers.words import percent, points
from experiments.figures.words import level, phrase
from experiments.intervals import Interval

EXPERIMENTS = ["headline", "doubt"]
SMALL, LARGE, STRONG = 25_000, 100_000, "ratified"
SIZE, FORM = "force.size", "guarantee.form"


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    headline, doubt = folders["headline"], folders["doubt"]

    def held(size: int, form: str, folder: Folder = headline) -> Interval:
        return folder.mean("held", where={SIZE: size, FORM: form})

    force, promise = _gain(headline, SMALL, "none", SIZE), _gain(headline, 0, STRONG, FORM)
    large = _gain(headline, LARGE, "none", SIZE)
    combat = headline.mean("direct_combat", where={SIZE: SMALL, FORM: "none"})
    guarded = headline.mean("direct_combat", where={SIZE: SMALL, FORM: STRONG})
    stronger = "The guarantee moves more than the force" if promise.low > large.high else "Neither does it alone"
    return Answer(
        question="Q1",
        topic="Force and guarantee",
        asked="How do the size of the reassurance force and the strength of the American guarantee change the odds?",
        short=(
            f"Left alone, the ceasefire holds five years in {percent(held(0, 'none'))} of simulated futures, and with "
            f"{SMALL:,} European troops and a {level(FORM, STRONG)} with America in {percent(held(SMALL, STRONG))}, if "
            "those troops really come and the model's main assumptions are right."
        ),
        points=[
            f"{stronger}: {phrase(FORM, STRONG)} without any troops adds {points(promise)}, {phrase(SIZE, SMALL)} "
            f"without a guarantee {points(force)}, {phrase(SIZE, LARGE)} {points(large)}.",
            f"The tail grows with the force: {phrase(SIZE, SMALL)} without a guarantee meet Russian troops in "
            f"combat in {percent(combat)} of futures, with {phrase(FORM, STRONG)} in {percent(guarded)}.",
            f"With every parameter drawn from its whole range and every rival theory at random, the same two hold "
            f"in {percent(held(0, 'none', doubt))} and {percent(held(SMALL, STRONG, doubt))}: the level is not known, "
            "the order is.",
        ],
        certainty=(
            "The main assumptions are the posterior's parameters and the default side of every rival theory; a force "
            "is simply put there. Differences between cells are paired (same luck, same parameters) and narrow; levels "
            "carry the spread of the posterior, and more: the model ranks past ceasefires only moderately well "
            "(docs/validation.md)."
        ),
        changes=(
            "A theory in which alliances do not deter, or in which troops provoke (Q10); a guarantee that is not "
            "believed (Q8); a force that cannot stay (Q3)."
        ),
        pictures=[
            headline.picture("heatmap", "Map of the chance that the ceasefire holds over force size and guarantee"),
            headline.picture("survival", "Survival curves of the ceasefire by force size and guarantee"),
            headline.picture("tail", "Maps of direct combat, deaths and renewed war over force size and guarantee"),
        ],
        experiments=EXPERIMENTS,
    )


def _gain(folder: Folder, size: int, form: str, changed: str) -> Interval:
    """What a force alone, or a guarantee alone, adds to the chance that the ceasefire holds."""
    found = folder.table("differences")
    found = found[(found["changed"] == changed) & (found["outcome"] == "held")]
    row = found[(found[SIZE] == size) & (found[FORM] == form)].iloc[0]
    return Interval(float(row["difference"]), float(row["low"]), float(row["high"]))
