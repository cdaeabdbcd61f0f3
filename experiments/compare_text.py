# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""What a comparison says: sentences first, then tables, for a terminal."""

from collections.abc import Sequence
from math import isnan

from rich.box import SIMPLE
from rich.table import Table

from experiments.compare import Comparison, Difference
from experiments.figures.words import SOURCES, horizon, listed
from experiments.intervals import EVENTS, Interval
from experiments.pairing import Side
from model.outcomes import OUTCOMES
from model.register import show

SHOWN = (  # the outcomes of the tables; --json has them all
    "held", "weeks_held", "renewed_war", "limited_wars", "consolidated", "direct_combat", "us_combat", "wider_war",
    "deaths", "deaths_force", "territory_km2", "troops_peak", "cost_force_eur_bn", "defence_share",
)  # fmt: skip
RISKS = {"renewed_war": "renewed war", "direct_combat": "direct combat", "wider_war": "war beyond Ukraine"}


def tell(found: Comparison, command: str) -> list[str | Table]:
    """The whole comparison in lines and tables; `command` makes it again."""
    first, *others = found.asked.sides
    parts: list[str | Table] = [_title(side) for side in found.asked.sides]
    parts += [conditions(found), ""]
    for side in others:
        parts += [*sentences(found, side), ""]
    parts += [_settings(found), *(_outcomes(found, first, side) for side in others)]
    how = (
        "Means with 95% intervals (Wilson for shares, bootstrap for amounts); differences of pairs (Tango, bootstrap)."
    )
    return [*parts, how, "All outcomes: --json. The curves: --plot FILE.png.", f"Again: {command}"]


def sentences(found: Comparison, side: Side) -> list[str]:
    """How a scenario differs from the first, in words: who held, by how much, the dangers, a pair to look at."""
    one, first, runs = side.label, found.asked.sides[0].label, found.asked.runs
    held = found.difference(one, "held")
    both = int(found.outcomes[first]["held"].sum()) - held.lower
    counts = [
        f"{one} held and {first} did not in {_share(held.higher, runs)}",
        f"{first} held and {one} did not in {_share(held.lower, runs)}",
        f"both held in {_share(both, runs)}",
        f"neither in {_share(runs - both - held.higher - held.lower, runs)}",
    ]
    dangers = [f"{words} {_alone(found.difference(one, name), one, first)}" for name, words in RISKS.items()]
    return [
        f"Of {_count(runs, 'pair')} with the same luck, {'; '.join(counts)}.",
        f"{verdict(found, [first, one])}.",
        f"Only one of them saw {'; '.join(dangers)}.",
        *_look(found, side),
    ]


def verdict(found: Comparison, labels: Sequence[str]) -> str:
    """In how many runs scenarios hold; of two, whether one holds more often, or whether the runs cannot tell."""
    shares = [f"{100 * found.mean(label, 'held').estimate:.1f}%" for label in labels]
    with_each = [f"{share} with {label}" for share, label in zip(shares, labels, strict=True)]
    with_each[0] = f"{shares[0]} of runs with {labels[0]}"
    said = f"After {horizon(found.asked.weeks)} the ceasefire still holds in {listed(with_each)}"
    if len(labels) > 2:
        return said
    interval, higher, lower = found.difference(labels[1], "held")
    if not higher and not lower:
        return f"{said}: the same runs"
    estimate, low, high = (100 * part for part in interval)
    if low <= 0.0 <= high:
        enough = f"too little to tell them apart in {_count(found.asked.runs, 'pair')}"
        return f"{said}: {estimate:+.1f} points (95%: {low:+.1f} to {high:+.1f}), {enough}"
    least, most = sorted((abs(low), abs(high)))
    direction = "more" if estimate > 0 else "less"
    return f"{said}: {abs(estimate):.1f} points {direction} (95%: {least:.1f} to {most:.1f})"


def conditions(found: Comparison) -> str:
    """What was run."""
    asked = found.asked
    rivals = ", rival theories too" if asked.switches else ""
    settings = [setting for setting in asked.settings if setting.partition("=")[0].strip() != "weeks"]
    fixed = f"; all with {', '.join(settings)}" if settings else ""
    assumed = f"parameters: {SOURCES[asked.parameters]}{rivals}{fixed}"
    return (
        f"{_count(asked.runs, 'run')} of each with the same luck in all (seed {asked.seed}), {asked.weeks} weeks; "
        f"{assumed}. Simulated, conditional on these assumptions: no forecast."
    )


def _title(side: Side) -> str:
    """Which scenario a letter stands for; what a file says about itself may not be true of one that was changed."""
    return f"{side.label}: {side.words}." + ("" if side.settings else f" {side.scenario.about}")


def _look(found: Comparison, side: Side) -> list[str]:
    """The commands that tell the first pair in which one of the two held; a single run draws no rival theories."""
    first = found.asked.sides[0]
    change = (found.outcomes[side.label]["held"] - found.outcomes[first.label]["held"]).to_numpy()
    if not change.any() or found.asked.switches:
        return []
    run = int(change.nonzero()[0][0])
    who, other = (side, first) if change[run] > 0 else (first, side)
    return [
        f"One such pair is run {run}, in which {who.label} held and {other.label} did not:",
        *(f"  {found.asked.command_of(each, run)}" for each in (first, side)),
    ]


def _settings(found: Comparison) -> str | Table:
    """What differs between the scenarios."""
    if found.settings.empty:
        return "No setting differs between them."
    table = _table("settings that differ", [side.label for side in found.asked.sides])
    for name, *values in found.settings.itertuples(index=False):
        table.add_row(name, *(value if isinstance(value, str) else show(value) for value in values))
    return table


def _outcomes(found: Comparison, first: Side, side: Side) -> Table:
    """The outcomes of a scenario beside those of the first."""
    labels = [first.label, side.label]
    table = _table(f"{side.label} beside {first.label}", [*labels, f"{side.label} less {first.label}"], "unit")
    for name in SHOWN:
        event = name in EVENTS
        means = [_interval(found.mean(label, name), event) for label in labels]
        less = _interval(found.difference(side.label, name).interval, event, sign="+")
        table.add_row(name, *means, less, "% of runs" if event else OUTCOMES[name].unit)
    return table


def _table(head: str, numbers: Sequence[str], *texts: str) -> Table:
    """A table that loses nothing on a narrow terminal: an interval goes under its estimate."""
    table = Table(box=SIMPLE, header_style="bold", pad_edge=False)
    table.add_column(head, no_wrap=True)
    for number in numbers:
        table.add_column(number, justify="right", overflow="fold")
    for text in texts:
        table.add_column(text, no_wrap=True)
    return table


def _interval(interval: Interval, event: bool, sign: str = "") -> str:
    """An estimate with its interval, events as percentages; `sign` is "+" for a difference."""
    estimate, low, high = (_number(100 * part if event else part, sign) for part in interval)
    between = f"{low} to {high}" if sign else f"{low}–{high}"
    return f"{estimate} (one run)" if isnan(interval.low) else f"{estimate} ({between})"


def _number(value: float, sign: str) -> str:
    """Three digits that count, never in powers of ten: `0.60`, `172`, `4,520`, `22.9k`."""
    if value == 0 or isnan(value):
        return "0"
    for least, factor, letter in ((1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if abs(value) >= least:
            return f"{_number(value / factor, sign)}{letter}"
    if abs(value) >= 100:
        return f"{float(f'{value:.3g}'):{sign},.0f}"
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return f"{round(value, digits) + 0.0:{sign}.{digits}f}"  # zero has no minus


def _share(count: int, runs: int) -> str:
    return f"{count:,} ({count / runs:.1%})"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _alone(difference: Difference, one: str, first: str) -> str:
    return f"in {_count(difference.higher, 'pair')} ({one}) and {difference.lower:,} ({first})"
