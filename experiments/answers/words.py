# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Numbers inside a sentence for a reader who has no time."""

from experiments.intervals import Interval


def percent(share: Interval) -> str:
    """A probability: `63% (60–66)`."""
    return f"{100 * share.estimate:.0f}% ({100 * share.low:.0f}–{100 * share.high:.0f})"


def points(difference: Interval) -> str:
    """A difference of probabilities: `+12 points (9–15)`, `-3 points (-5 to -1)`."""
    low, high = 100 * difference.low, 100 * difference.high
    span = f"{low:.0f}–{high:.0f}" if low >= 0.0 else f"{low:+.0f} to {high:+.0f}"
    return f"{100 * difference.estimate:+.0f} points ({span})"


def amount(value: Interval, unit: str = "", digits: int = 2) -> str:
    """An amount, to as many digits as count: `17,000 troops (9,400–31,000)`."""
    told = [f"{rounded(part, digits):,.10g}" for part in value]
    return f"{told[0]}{f' {unit}' if unit else ''} ({told[1]}–{told[2]})"


def rounded(value: float, digits: int = 2) -> float:
    """A number to so many significant digits."""
    return float(f"{value:.{digits}g}")


def sure(difference: Interval) -> bool:
    """Whether the interval of a difference leaves out zero."""
    return difference.low > 0.0 or difference.high < 0.0
