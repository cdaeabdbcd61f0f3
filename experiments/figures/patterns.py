"""Patterns: for each, the target, what the model gives, what the prior alone gives, and whether it passes."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from experiments.figures import style, words
from experiments.intervals import Interval
from experiments.patterns.pattern import Finding

WIDTH, STRIP, GAP = 10.4, 0.4, 0.16  # inches: the sheet, a value, between two patterns
TITLE, LABEL, LEFT, RIGHT = 0.25, 5.8, 5.95, 1.3  # inches: where titles begin, labels end and axes begin
TARGET, PRIOR = "#bfe0f2", "#9a9a9a"
HEAD = 0.55  # inches, for the legend
LABELS = {
    ("F1", "shape"): "Weibull shape, from the first day",
    ("F1", "exponential"): "exponential: p-value",
    ("F1", "first_month"): "hazard, first month over year three",
    ("F2", "renewed_1"): "war after 1 year, share",
    ("F2", "renewed_2"): "war after 2 years, share",
    ("F2", "renewed_5"): "war after 5 years, share",
    ("F2", "renewed_10"): "war after 10 years, share",
    ("F3", "ratio_5"): "fatal incidents for each war",
    ("F4", "scatter"): "variance over mean of weekly counts",
    ("F4", "best_cut"): "best verified: usual over the next 5 months",
    ("F4", "first_week"): "plain: first week over the usual",
    ("F4", "weeks_back"): "plain: week in which 90% is back",
    ("F4", "verified_weeks"): "verified: weeks below half",
    ("who", "defender_share"): "by the defender or both, share",
    ("F5", "slope"): "points of GDP per 1,000 km",
    ("F5", "rank"): "rank correlation with distance",
    ("F6", "mean_after_ten_years"): "mean after ten years, % of GDP",
    ("F6", "small_steps"): "share of yearly steps below a point",
    ("F7", "troops"): "troops, thousand",
    ("F7", "reach_64"): "share of runs with 64,000",
    ("F8", "pledge_front"): "Poland, Finland: share of supply pledged",
    ("F8", "pledge_south"): "Spain, Italy: share of supply pledged",
    ("F8", "top_is_near"): "highest spender is near Russia, share",
    ("F8", "spending_south"): "Spain, Italy: points of GDP above mean",
    ("F9", "top_five"): "share of the top five",
    ("F10", "replaced"): "share replaced",
    ("F11", "light_limited"): "light: limited attacks, ratio",
    ("F11", "light_probe"): "light: probes, ratio",
    ("F11", "heavy_limited"): "heavy: limited attacks, ratio",
    ("F11", "heavy_probe"): "heavy: probes, ratio",
    ("F12", "imposed_ratio"): "hazard ratio, imposed",
    ("F12", "difference"): "log ratio, chosen less imposed",
    ("F12", "ratio_without_force"): "hazard ratio, same runs, no force",
    ("F13", "bypassed"): "share of attacks that go round it",
    ("F14", "lift"): "points of support",
    ("F15", "after_broken_consensus"): "share after broken consensus",
}


def patterns(findings: Sequence[Finding], prior: Sequence[Finding] = (), fine_print: str = "") -> Figure:
    """A row for each pattern, a strip for each value that decides it.

    `findings` are black, the same patterns under the prior grey; `fine_print` says what was run.
    """
    before = {finding.name: finding for finding in prior}
    strips = sum(len(finding.bands) for finding in findings)
    body = HEAD + strips * STRIP + len(findings) * GAP
    caption = (
        "Mark: median over parameter sets, or the share over all of them; bar: 95% range over sets and luck. A pattern "
        "passes if every value lies in its target (the log ratio of F12 with its whole bar). Fit: may be used to set "
        "parameters; check: held out; input: a parameter puts it in, so that coming out proves little. "
        f"Simulated, conditional on these assumptions: no forecast. {fine_print}"
    )
    sheet = style.new_sheet(WIDTH, body, headline(findings), caption)
    _draw_legend(sheet, bool(before), body)
    top = body - HEAD
    for finding in findings:
        _write_names(sheet, finding, top)
        for name in finding.bands:
            top -= STRIP
            axes = sheet.axes(LEFT, top + 0.17, WIDTH - LEFT - RIGHT, STRIP - 0.2)
            old = before[finding.name].values.get(name) if finding.name in before else None
            _draw_strip(axes, finding, name, old)
            label = LABELS.get((finding.name, name), name.replace("_", " "))
            sheet.write(LABEL, top + 0.255, label, ha="right", size=8)
        top -= GAP
    return sheet.figure


def headline(findings: Sequence[Finding]) -> str:
    """How many pass, and which do not."""
    failed = [finding.name for finding in findings if not finding.passed]
    passed = len(findings) - len(failed)
    if not failed:
        return f"All {passed} patterns come out of the model"
    listed = words.listed(failed)
    return f"{passed} of {len(findings)} patterns come out of the model; {listed} {'do' if failed[1:] else 'does'} not"


def _draw_strip(axes: Axes, finding: Finding, name: str, old: Interval | None) -> None:
    value, band = finding.values[name], finding.bands[name]
    least, most = _limits([value, *([old] if old else [])], band)
    axes.axvspan(max(band[0], least), min(band[1], most), color=TARGET, linewidth=0)
    if old is not None:
        axes.plot([old.low, old.high], [0.28, 0.28], color=PRIOR, linewidth=2.2, solid_capstyle="butt")
        axes.plot([old.estimate], [0.28], "|", color=PRIOR, markersize=7, markeredgewidth=1.6)
    inside = name not in finding.missed
    axes.plot([value.low, value.high], [0.66, 0.66], color=style.INK, linewidth=1.6, solid_capstyle="butt")
    axes.plot(
        [value.estimate], [0.66], "o" if inside else "X", color=style.INK if inside else style.ACCENT, markersize=6
    )
    axes.set_xlim(least, most)
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.tick_params(axis="x", labelsize=7, length=2, pad=1)
    axes.text(1.012, 0.5, _number(value.estimate), transform=axes.transAxes, size=8, va="center")


def _limits(values: Sequence[Interval], band: tuple[float, float]) -> tuple[float, float]:
    """Ends of an axis that shows the target and every bar, with some air."""
    numbers = [number for value in values for number in value] + list(band)
    known = [number for number in numbers if math.isfinite(number)] or [0.0, 1.0]
    air = 0.08 * (max(known) - min(known) or 1.0)
    return min(known) - air, max(known) + air


def _number(value: float) -> str:
    told = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return "none" if math.isnan(value) else told.replace("-", "\N{MINUS SIGN}")


def _write_names(sheet: style.Sheet, finding: Finding, top: float) -> None:
    y = top - STRIP + 0.255
    sheet.write(TITLE, y, finding.name, weight="bold", size=9)
    sheet.write(TITLE + 0.4, y, finding.title, size=9)
    word = "pass" if finding.passed else "FAIL"
    colour = style.INK if finding.passed else style.ACCENT
    sheet.write(WIDTH - 0.25, y, word, ha="right", size=9, weight="bold", color=colour)
    use = f"{finding.use}; {finding.put_in}" if finding.put_in else finding.use
    sheet.write(TITLE + 0.4, y - 0.18, use, size=7.5, color=style.GREY)


def _draw_legend(sheet: style.Sheet, prior: bool, body: float) -> None:
    handles: list[Line2D | Patch] = [
        Patch(color=TARGET, label="target"),
        Line2D([], [], color=style.INK, marker="o", label="model, in the target"),
        Line2D([], [], color=style.INK, marker="X", markerfacecolor=style.ACCENT, label="model, outside"),
    ]
    if prior:
        handles.append(Line2D([], [], color=PRIOR, marker="|", linewidth=2.2, label="before fitting (prior)"))
    sheet.figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(style.MARGIN / sheet.width, (body + sheet.bottom) / sheet.height),
        ncols=len(handles),
        fontsize=8.5,
        borderpad=0,
    )
