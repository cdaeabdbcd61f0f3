"""Q1: how the size of the force and the strength of the guarantee change the odds that the ceasefire holds."""

from experiments.answers.answer import Answer
from experiments.answers.reader import Folder
from experiments.answers.words import percent, points
from experiments.figures.words import level, listed, phrase
from experiments.intervals import Interval

EXPERIMENTS = ["headline", "doubt"]
SMALL, LARGE, STRONG = 25_000, 100_000, "ratified"
SIZE, FORM = "force.size", "guarantee.form"


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    headline, doubt = folders["headline"], folders["doubt"]

    def held(size: int, form: str, folder: Folder = headline) -> Interval:
        return folder.mean("held", where={SIZE: size, FORM: form})

    force, promise, large = _gains(headline)
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
            f"{_stronger(headline)}: {phrase(FORM, STRONG)} without any troops adds {points(promise)}, "
            f"{phrase(SIZE, SMALL)} without a guarantee {points(force)}, {phrase(SIZE, LARGE)} {points(large)}.",
            _tail(headline),
            f"With every parameter drawn from its whole range and every rival theory at random, the same two hold "
            f"in {percent(held(0, 'none', doubt))} and {percent(held(SMALL, STRONG, doubt))}. {_doubted(doubt)}",
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


def _gains(folder: Folder) -> tuple[Interval, Interval, Interval]:
    """What a small force alone, the guarantee alone and a large force alone add."""
    small, large = (_gain(folder, size, "none", SIZE) for size in (SMALL, LARGE))
    return small, _gain(folder, 0, STRONG, FORM), large


def _stronger(folder: Folder) -> str:
    """Whether the guarantee or the force moves more."""
    _, promise, large = _gains(folder)
    if promise.low > large.high:
        return "The guarantee moves more than the force"
    return "The force moves more than the guarantee" if large.low > promise.high else "Neither moves surely more"


def _tail(folder: Folder) -> str:
    """Whether more troops mean more combat between Russian and European ones, and what the guarantee does to it."""

    def combat(size: int, form: str) -> Interval:
        return folder.mean("direct_combat", where={SIZE: size, FORM: form})

    few, many, guarded = combat(SMALL, "none"), combat(LARGE, "none"), combat(SMALL, STRONG)
    how = "does not surely change with their number"
    if many.low > few.high or many.high < few.low:
        how = f"{'grows' if many.estimate > few.estimate else 'falls'} with their number"
    return (
        f"Direct combat comes with the troops and {how}: without a guarantee {phrase(SIZE, SMALL)} meet Russian ones "
        f"in {percent(few)} of futures and {LARGE:,} in {percent(many)}; with {phrase(FORM, STRONG)} {SMALL:,} do in "
        f"{percent(guarded)}."
    )


def _doubted(doubt: Folder) -> str:
    """What of the gains is left where nothing is known."""
    steps = {
        f"{phrase(SIZE, SMALL)} without a guarantee": _gain(doubt, SMALL, "none", SIZE),
        f"{phrase(FORM, STRONG)} beside {SMALL:,} troops": _gain(doubt, SMALL, STRONG, FORM),
    }
    told = [f"{points(gain)} with {name}" for name, gain in steps.items()]
    unsure = [name for name, gain in steps.items() if not doubt.certain("held", gain)]
    which = f"the gain with {listed(unsure)} is not sure" if unsure else "both are sure"
    return f"There the ceasefire holds more often by {listed(told)}: {which}."


def _gain(folder: Folder, size: int, form: str, changed: str) -> Interval:
    """What a force, or a guarantee, adds to the chance that the ceasefire holds, against none, all else equal."""
    found = folder.table("differences")
    found = found[(found["changed"] == changed) & (found["outcome"] == "held")]
    row = found[(found[SIZE] == size) & (found[FORM] == form)].iloc[0]
    return Interval(float(row["difference"]), float(row["low"]), float(row["high"]))
