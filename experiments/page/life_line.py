"""The line of contact over the weeks of a life: its status as a strip, and violations as a small line, in SVG."""

from collections.abc import Sequence
from itertools import groupby

from experiments.page.life import Life, Week
from model.terms import Status

HIGH, LOW = 46, 60  # of the strip, and of the line
NAMES = {
    Status.HOLDING: "holding",
    Status.CONSOLIDATED: "consolidated",
    Status.STRAINED: "strained",
    Status.LIMITED_WAR: "limited war",
    Status.RENEWED_WAR: "renewed war",
}
TALL = {  # share of the strip: the worse, the taller, so that colour is not needed to tell them apart
    Status.HOLDING: 0.3,
    Status.CONSOLIDATED: 0.3,
    Status.STRAINED: 0.5,
    Status.LIMITED_WAR: 0.75,
    Status.RENEWED_WAR: 1.0,
}
YEAR = 52
MOST = 4.0  # times what strains a ceasefire: more violations are cut off


def line_figure(life: Life, week: Week) -> str:
    """Every week that has been played, with a mark at the one on screen, and what the colours mean."""
    total = life.scenario.weeks
    strained = life.world.parameters.ceasefire.strained_violations
    top = MOST * strained
    years = "".join(
        f'<span style="left:{100.0 * at / total:.2f}%">{at}</span>' for at in range(0, total, _every(total))
    )
    return (
        f'<figure class="line">{strip_svg(life.weeks, total, week.number)}'
        f'{violations_svg(life.weeks, total, week.number, top, strained)}<div class="weeks">{years}</div>'
        f"<figcaption>{_key()}<span>line: violations a week, cut off at {top:,.0f}; dashes: {strained:,.0f} "
        f"strain a ceasefire</span></figcaption></figure>"
    )


def strip_svg(weeks: Sequence[Week], total: int, at: int) -> str:
    """The status of every week as a bar."""
    bars = []
    for status, group in groupby(weeks, key=lambda week: week.status):
        those = [week.number for week in group]
        if status == Status.RENEWED_WAR:  # there is no ceasefire any more
            those = list(range(those[0], total))
        high = HIGH * TALL[status]
        span = f"week {those[0]}" if len(those) == 1 else f"weeks {those[0]} to {those[-1]}"
        bars.append(
            f'<rect class="{status.name.lower()}" x="{those[0]}" y="{HIGH - high:.1f}" width="{len(those)}" '
            f'height="{high:.1f}"><title>{NAMES[status]}: {span}</title></rect>'
        )
    return _sheet(total, HIGH, "".join(bars) + _mark(at, HIGH), told(weeks))


def violations_svg(weeks: Sequence[Week], total: int, at: int, top: float, strained: float) -> str:
    """Violations a week as a line."""
    scale = (LOW - 2) / top
    points = " ".join(f"{week.number + 0.5:g},{LOW - 1 - min(week.violations, top) * scale:.1f}" for week in weeks)
    y = LOW - 1 - strained * scale
    body = f'<path class="limit" d="M0 {y:.1f}H{total}"/><polyline points="{points}"/>{_mark(at, LOW)}'
    most = max(weeks, key=lambda week: week.violations)
    return _sheet(total, LOW, body, f"Violations a week; most so far {most.violations:,.0f} in week {most.number}")


def told(weeks: Sequence[Week]) -> str:
    """The strip in words: how many weeks of each status."""
    counts = {status: sum(week.status == status for week in weeks) for status in NAMES}
    return "Status of the line; weeks " + ", ".join(f"{NAMES[each]} {count}" for each, count in counts.items() if count)


def _every(total: int) -> int:
    """Weeks between two numbers under the strip: whole years, at most a dozen numbers."""
    return YEAR * max(1, -(-total // (YEAR * 12))) if total > YEAR else max(1, total // 6)


def _mark(at: int, high: int) -> str:
    return f'<path class="mark" d="M{at + 0.5:g} 0V{high}"/>'


def _sheet(wide: int, high: int, body: str, label: str) -> str:
    return (
        f'<svg viewBox="0 0 {wide} {high}" preserveAspectRatio="none" role="img" aria-label="{label}" '
        f'style="height:{high}px">{body}</svg>'
    )


def _key() -> str:
    box = '<svg viewBox="0 0 20 20" aria-hidden="true"><rect class="{}" y="{}" width="20" height="{}"/></svg>'
    return "".join(
        f"<span>{box.format(status.name.lower(), 20 - 20 * TALL[status], 20 * TALL[status])}{name}</span>"
        for status, name in NAMES.items()
    )
