# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Numbers inside a sentence for a reader who has no time."""

from collections.abc import Mapping

from experiments.figures.words import listed
from experiments.intervals import Interval

FEWEST = 6  # runs that differ, all to one side, which McNemar's exact test can tell from luck at 5%


def percent(share: Interval) -> str:
    """A probability: `63% (60–66)`."""
    estimate, low, high = (f"{round(100 * part)}" for part in share)
    return f"{estimate}% ({low}–{high})"


def points(difference: Interval) -> str:
    """A difference of probabilities: `+12 points (9–15)`, `-3 points (-5 to -1)`, `+0.2 points (-0.1 to +0.4)`."""
    shares = [100 * part for part in difference]
    least = min((abs(share) for share in shares if share), default=1.0)
    places = 0 if least >= 0.5 else 1 if least >= 0.05 else 2  # or something would be told as nothing
    while places < 2 and shares[1] != shares[2] and round(shares[1], places) == round(shares[2], places):
        places += 1  # or an interval would be told as having no width
    told = [round(share, places) + 0.0 for share in shares]  # + 0.0: no minus before zero
    signed = [f"{part:+,.{places}f}" for part in told]
    return _change(told, signed, "point" if signed[0] in {"+1", "-1"} else "points")


def change(difference: Interval, unit: str = "", digits: int = 2) -> str:
    """A difference of amounts: `+5,600 troops (4,000–7,500)`, `-3,600 troops (-4,900 to -2,400)`."""
    told = [rounded(part, digits) + 0.0 for part in difference]
    return _change(told, [f"{part:+,.10g}" for part in told], unit)


def _change(told: list[float], signed: list[str], unit: str) -> str:
    """A difference and its interval, with signs where the interval is not all above zero."""
    texts = [text if value else text.lstrip("+") for value, text in zip(told, signed, strict=True)]
    span = f"{texts[1].lstrip('+')}–{texts[2].lstrip('+')}" if told[1] >= 0.0 else f"{texts[1]} to {texts[2]}"
    return f"{texts[0]}{f' {unit}' if unit else ''} ({span})"


def often(difference: Interval, runs: int) -> str:
    """How much more often something happens: `7 points (6–9) less often`; says so if that is not sure."""
    if not sure(difference):
        return f"neither more nor less often for certain ({bare(points(difference))})"
    thin = "" if firm(difference, runs) else f" ({net_runs(difference, runs)} runs of {runs:,}: too few to be sure)"
    return f"{_size(difference)} {'more' if difference.estimate > 0.0 else 'less'} often{thin}"


def once(told: str, following: str) -> str:
    """Of two of these in a row the first, without `more often` or `less often` if the second ends with it too."""
    for ending in (" more often", " less often"):
        if told.endswith(ending) and following.endswith(ending):
            return told.removesuffix(ending)
    return told


def raised(what: str, difference: Interval) -> str:
    """What a difference of shares does: `raises readiness by 7 points (6–9)`, `does not surely change readiness`."""
    if not sure(difference):
        return f"does not surely change {what} ({bare(points(difference))})"
    return f"{'raises' if difference.estimate > 0.0 else 'lowers'} {what} by {_size(difference)}"


def _size(difference: Interval) -> str:
    """Points without their sign, of a difference that has one."""
    estimate, low, high = difference
    return points(difference if estimate > 0.0 else Interval(-estimate, -high, -low)).lstrip("+")


def bare(told: str) -> str:
    """What a bracket can hold: of `+12 points (9–15)` it is `+12 points, 9–15`."""
    return told.replace(" (", ", ").removesuffix(")")


def amount(value: Interval, unit: str = "", digits: int = 2) -> str:
    """An amount, to as many digits as count: `17,000 troops (9,400–31,000)`."""
    told = [f"{rounded(part, digits):,.10g}" for part in value]
    return f"{told[0]}{f' {unit}' if unit else ''} ({told[1]}–{told[2]})"


def rounded(value: float, digits: int = 2) -> float:
    """A number to so many significant digits."""
    return float(f"{value:.{digits}g}")


def firm(difference: Interval, runs: int) -> bool:
    """Whether a paired difference of probabilities is sure, and of as many runs as an exact test of pairs needs.

    `runs` counts the pairs, over all settings if it is an average over some. Answers ask it of a folder
    (`Folder.certain`). A plan's verdict goes by its own rule; where that rests on fewer runs, `few` says so.
    """
    return sure(difference) and net_runs(difference, runs) >= FEWEST


def few(differences: Mapping[str, Interval], runs: int) -> str:
    """Which sure differences an exact test of pairs would not call sure: a sentence, or nothing."""
    thin = [
        f"{name} ({net_runs(difference, runs)})"
        for name, difference in differences.items()
        if sure(difference) and not firm(difference, runs)
    ]
    return f" An exact test of pairs would need {FEWEST} runs of {runs:,}, more than {listed(thin)}." if thin else ""


def net_runs(difference: Interval, runs: int) -> int:
    """How many runs of a cell more than of the other have an outcome, or fewer."""
    return round(abs(difference.estimate) * runs)


def sure(difference: Interval) -> bool:
    """Whether the interval of a difference leaves out zero."""
    return difference.low > 0.0 or difference.high < 0.0
