# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""What a figure says, computed from the data it shows: a title is a finding, and never typed in."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.figures import labels, words
from experiments.intervals import EVENTS, Interval
from experiments.schema import Value
from model.outcomes import breaker_name
from model.register import state_names
from model.series import COLUMNS

TARGET = 0.8  # four in five
ARTICLE = ("Netherlands", "United")  # states that have one

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


def of_doses(marks: pd.DataFrame, weeks: int) -> str:
    """How many troops four in five takes, by line; `marks` has line, size, low, high."""
    parts, never = [], []
    for row in marks.to_dict("records"):
        line = row["line"]
        if math.isinf(row["size"]):
            never.append(line)
        else:
            high = "more than tried" if math.isinf(row["high"]) else f"{row['high']:,.0f}"
            size = f"about {_thousands(row['size'])} troops" if row["size"] else "no troops"
            parts.append(f"{size} with {line} ({_thousands(row['low'])} to {high})")
    if never:
        parts.append(f"more than any number tried with {words.listed(never, 'or')}")
    return f"Four in five for {words.horizon(weeks)} takes {'; '.join(parts)}"


def of_other_doses(marks: pd.DataFrame, panels: Sequence[str], levels: Mapping[str, str]) -> str:
    """What else would do, added to the finding of the first panel: the smallest force of the others that reaches it."""
    reached = marks[marks["panel"].isin(panels[1:]) & (marks["size"] < math.inf)]
    if reached.empty:
        return ""
    row = reached.sort_values("size", kind="stable").iloc[0]
    return f"; {row['panel']}, about {_thousands(row['size'])} troops with {levels[row['line']]} do"


def of_effects(table: pd.DataFrame, name: str, versus: str) -> str:
    """What moves the first outcome most, up and down, among the effects whose intervals leave out zero."""
    rows = table[table["outcome"] == name].to_dict("records")
    sure = [row for row in rows if row["low"] > 0.0 or row["high"] < 0.0]
    what = words.outcome(name)
    if not sure:
        return f"{what}: nothing tried here moves it for certain from “{versus}”"
    ups, downs = ([row for row in sure if row["difference"] * sign > 0.0] for sign in (1.0, -1.0))
    told = [max(each, key=lambda row: abs(row["difference"])) for each in (ups, downs) if each]
    told.sort(key=lambda row: -abs(row["difference"]))
    parts = [f"{difference(name, row)} with “{row['cell']}”" for row in told]
    return f"{what}: {words.listed(parts)}, against “{versus}”"


def difference(name: str, row: Mapping[Any, Any]) -> str:
    """A difference and its interval: `+12 points (9 to 15)`."""
    factor, unit = (100.0, "points") if name in EVENTS else (1.0, words.outcome_unit(name))
    told = [row[part] * factor for part in ("difference", "low", "high")]
    least = 0 if name in EVENTS else labels.digits(told)
    places = labels.telling(told, least, least + 2)
    texts = [labels.number(value, places, sign=True) for value in told]
    return f"{texts[0]} {unit} ({texts[1]} to {texts[2]})"


def of_front(table: pd.DataFrame, risk: str) -> str:
    """The ends of the front: what risks least, and what holds most."""
    front = table[table["front"]].sort_values("risk", kind="stable")
    safe, steady = front.iloc[0], front.iloc[-1]
    what = words.small(words.outcome(risk)).split(" between ")[0]  # the axis has it in full

    def told(row: "pd.Series[Any]", named: str = "") -> str:
        return f"{100 * row['stability']:.0f}% hold at {100 * row['risk']:.0f}%{named} ({row['option']})"

    if len(front) == 1:
        return f"One option holds most and risks least: {told(safe, f' {what}')}"
    return f"Stability is bought with risk: from {told(safe, f' {what}')} to {told(steady)}"


def of_sensitivity(table: pd.DataFrame, name: str, most: int = 3) -> str:
    """The settings that an outcome hangs on most."""
    index = next(index for index in ("ST", "mu_star", "rank_correlation") if index in table)
    known = table.dropna(subset=index)
    ranked = known.loc[known[index].abs().sort_values(ascending=False, kind="stable").index[:most]]
    meanings = [words.setting(str(parameter)) for parameter in ranked["parameter"]]
    return f"{words.outcome(name)}: it hangs most on {words.listed(meanings)}"


def of_worlds(scores: pd.DataFrame) -> str:
    """Which policy is the most robust, and how far it carries."""
    best = scores.sort_values(["regret", "reached"], ascending=[True, False], kind="stable").iloc[0]
    count = {0.0: "none", 1.0: "all"}.get(best["reached"], f"{100 * best['reached']:.0f}%")
    return (
        f"“{best['policy']}” is regretted least in any world (at most {100 * best['regret']:.0f} points), and "
        f"reaches four in five in {count} of them"
    )


def of_risks(table: pd.DataFrame, weeks: int) -> str:
    """How ceasefires ended at the horizon, by panel."""
    last = table.sort_values("week", kind="stable").drop_duplicates("panel", keep="last").to_dict("records")
    parts: list[str] = []
    for row in last:
        limited, renewed = (f"{100 * row[f'{kind}_first']:.0f}%" for kind in ("limited", "renewed"))
        ends = f"{limited} and {renewed}" if parts else f"{limited} end in limited and {renewed} in renewed war"
        parts.append(f"{ends} with “{row['panel']}”")
    return f"Within {words.horizon(weeks)} {words.listed(parts)}"


def of_fans(weekly: pd.DataFrame, name: str) -> str:
    """Where the first series ends, by cell."""
    of_series = weekly[weekly["series"] == name].sort_values("week", kind="stable")
    last = of_series.drop_duplicates("cell", keep="last").to_dict("records")
    weeks = int(of_series["week"].max())
    parts = [f"{_amount(row['p50'])} with “{row['cell']}”" for row in last]
    unit = COLUMNS[name].unit
    return f"{words.series(name)} ({unit}), median after {words.horizon(weeks)}: {words.listed(parts)}"


def of_states(table: pd.DataFrame, variable: str) -> str:
    """What a variable comes to at the end in each cell, a sum of troops or a mean, and who has most in the first."""
    cell, what, unit = table["cell"].iloc[0], f"{words.state_variable(variable)} at the end", words.state_unit(variable)
    ranked = table[table["cell"] == cell].sort_values("mean", ascending=False, kind="stable").head(3)
    most = words.listed([f"{_state(row['state'])} ({_amount(row['mean'])})" for row in ranked.to_dict("records")])
    sums = unit == "troops"
    cells = table.groupby("cell", sort=False)["mean"]
    found = [
        f"{_amount(float(value))} with “{name}”" for name, value in (cells.sum() if sums else cells.mean()).items()
    ]
    if sums:
        return f"{what}: {words.listed(found)}; in the first most from {most}"
    unit = f" ({unit})" if unit else ""
    return (
        f"{what}{unit}, mean of {table['state'].nunique()} states: {words.listed(found)}; in the first most in {most}"
    )


def of_givers(table: pd.DataFrame, variable: str, cell: str, leaders: int = 5) -> str:
    """What share of the sum the first few give."""
    ranked = table.sort_values("value", ascending=False, kind="stable")
    share = ranked["value"].head(leaders).sum() / ranked["value"].sum()
    names = [_state(state) for state in ranked["state"].head(2)]
    return (
        f"{words.state_variable(variable)}: {words.NUMBERS[leaders]} states give {100 * share:.0f}% ({cell}), "
        f"{words.listed(names)} the most"
    )


def _thousands(number: float) -> str:
    return f"{round(number, -3 if number >= 10_000 else -2):,.0f}"


def _amount(value: float) -> str:
    return labels.number(value, labels.digits([value]))


def _state(code: str) -> str:
    """A state's name inside a sentence."""
    name = state_names()[code]
    return f"the {name}" if name.startswith(ARTICLE) else name


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
