# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""What a figure says, computed from the data it shows: a title is a finding, and never typed in."""

from collections.abc import Mapping, Sequence

from experiments.figures import words
from experiments.intervals import EVENTS, Interval
from experiments.schema import Value
from model.outcomes import breaker_name

TARGET = 0.8  # four in five

type Point = tuple[Value, Value]  # across, up


def reaches(share: float) -> bool:
    """Whether a share is four in five or more, to the whole percent that readers see."""
    return round(share, 2) >= TARGET


def of_map(
    names: tuple[str, str],
    cells: Mapping[Point, Interval],
    across: Sequence[Value],
    up: Sequence[Value],
    weeks: int,
) -> str:
    """Where the chance that the ceasefire holds reaches four in five, by the estimates."""
    goal = f"four-in-five chance that the ceasefire holds {words.horizon(weeks)}"
    there = {row: [reaches(cells[value, row].estimate) for value in across] for row in up}
    if all(all(row) for row in there.values()):
        return f"Every combination tried gives a {goal}"
    if not any(any(row) for row in there.values()):
        best = max(cells, key=lambda point: cells[point].estimate)
        return (
            f"No combination tried gives a {goal}; the best estimate, {words.phrase(names[0], best[0])} with "
            f"{words.phrase(names[1], best[1])}, is {say('held', cells[best])} of runs"
        )
    # A row may reach the target and lose it again; "from" promises that it does not.
    starts: dict[str, list[str]] = {}
    for place, value in enumerate(across):
        for row in (row for row in up if there[row][place] and not any(there[row][:place])):
            word = "from" if all(there[row][place:]) else "at"
            starts.setdefault(f"{word} {words.phrase(names[0], value)}", []).append(words.phrase(names[1], row))
    parts = [f"{start} with {words.listed(rows, 'or')}" for start, rows in starts.items()]
    never = [words.phrase(names[1], row) for row in up if not any(there[row])]
    if never:
        parts.append(f"nowhere on the map with {words.listed(never, 'or')}")
    return f"By the estimates, a {goal}: {'; '.join(parts)}"


def of_range(name: str, names: tuple[str, str], cells: Mapping[Point, Interval]) -> str:
    """Between which values an outcome lies on the map, and where."""
    least = min(cells, key=lambda point: cells[point].estimate)
    most = max(cells, key=lambda point: cells[point].estimate)
    what, low, high = words.outcome(name), say(name, cells[least]), say(name, cells[most])
    if cells[least].estimate == cells[most].estimate:
        return f"{what}: {low} everywhere on the map"
    return f"{what}: from {low} with {_where(names, least)} to {high} with {_where(names, most)}"


def of_curves(panel: str | None, at_end: Mapping[Value, Sequence[float]], weeks: int, lines: str | None) -> str:
    """How many runs still hold at the end: the range over the lines of each panel."""
    parts: list[str] = []
    for value, shares in at_end.items():
        low, high = f"{100 * min(shares):.0f}", f"{100 * max(shares):.0f}"
        runs = f"{low if low == high else f'{low}–{high}'}%{'' if parts else ' of runs'}"
        parts.append(f"{runs} with {words.phrase(panel, value)}" if panel else runs)
    which = f", depending on the {words.axis(lines).split(' (')[0].lower()}" if lines else ""
    return f"After {words.horizon(weeks)} the ceasefire still holds in {words.listed(parts)}{which}"


def of_run(outcomes: Mapping[str, float], weeks: int) -> str:
    """What became of the ceasefire in one run."""
    if outcomes.get("held", 0.0) > 0.5:
        if outcomes.get("consolidated", 0.0) > 0.5:
            week = outcomes.get("weeks_to_consolidation", weeks)
            return f"The ceasefire holds for {words.horizon(weeks)} and is consolidated from week {week:.0f}"
        return f"The ceasefire holds for {words.horizon(weeks)}"
    kind = "renewed war" if outcomes.get("collapse", 0.0) >= 2 else "limited war"
    who = breaker_name(outcomes["broken_by"])
    return f"The ceasefire is broken by {who} in week {outcomes.get('weeks_held', 0.0):.0f}: {kind}"


def say(name: str, interval: Interval) -> str:
    """An interval in a sentence."""
    if name in EVENTS:
        return f"{100 * interval.estimate:.0f}% ({100 * interval.low:.0f}–{100 * interval.high:.0f})"
    estimate, low, high = (f"{part:,.0f}" if abs(part) >= 100 else f"{part:.3g}" for part in interval)
    return f"{estimate} ({low}–{high}) {words.outcome_unit(name)}"


def _where(names: tuple[str, str], point: Point) -> str:
    return f"{words.phrase(names[0], point[0])} and {words.phrase(names[1], point[1])}"
