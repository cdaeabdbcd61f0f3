# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Numbers inside a sentence for a reader who has no time."""

from experiments.intervals import Interval

FEWEST = 6  # runs that differ, all to one side, which McNemar's exact test can tell from luck at 5%


def percent(share: Interval) -> str:
    """A probability: `63% (60–66)`."""
    return f"{100 * share.estimate:.0f}% ({100 * share.low:.0f}–{100 * share.high:.0f})"


def points(difference: Interval) -> str:
    """A difference of probabilities: `+12 points (9–15)`, `-3 points (-5 to -1)`, `+0.2 points (-0.1 to +0.4)`."""
    shares = [100 * part for part in difference]
    least = min((abs(share) for share in shares if share), default=1.0)
    places = 0 if least >= 0.5 else 1 if least >= 0.05 else 2  # or something would be told as nothing
    told = [round(share, places) + 0.0 for share in shares]  # + 0.0: no minus before zero
    return _change(told, [f"{part:+,.{places}f}" for part in told], "points")


def change(difference: Interval, unit: str = "", digits: int = 2) -> str:
    """A difference of amounts: `+5,600 troops (4,000–7,500)`, `-3,600 troops (-4,900 to -2,400)`."""
    told = [rounded(part, digits) + 0.0 for part in difference]
    return _change(told, [f"{part:+,.10g}" for part in told], unit)


def _change(told: list[float], signed: list[str], unit: str) -> str:
    """A difference and its interval, with signs where the interval is not all above zero."""
    texts = [text if value else text.lstrip("+") for value, text in zip(told, signed, strict=True)]
    span = f"{texts[1].lstrip('+')}–{texts[2].lstrip('+')}" if told[1] >= 0.0 else f"{texts[1]} to {texts[2]}"
    return f"{texts[0]}{f' {unit}' if unit else ''} ({span})"


def amount(value: Interval, unit: str = "", digits: int = 2) -> str:
    """An amount, to as many digits as count: `17,000 troops (9,400–31,000)`."""
    told = [f"{rounded(part, digits):,.10g}" for part in value]
    return f"{told[0]}{f' {unit}' if unit else ''} ({told[1]}–{told[2]})"


def rounded(value: float, digits: int = 2) -> float:
    """A number to so many significant digits."""
    return float(f"{value:.{digits}g}")


def firm(difference: Interval, runs: int) -> bool:
    """Whether a paired difference of probabilities is sure, and of as many runs as an exact test of pairs needs."""
    return sure(difference) and net_runs(difference, runs) >= FEWEST


def net_runs(difference: Interval, runs: int) -> int:
    """How many runs of a cell more than of the other have an outcome, or fewer."""
    return round(abs(difference.estimate) * runs)


def sure(difference: Interval) -> bool:
    """Whether the interval of a difference leaves out zero."""
    return difference.low > 0.0 or difference.high < 0.0
