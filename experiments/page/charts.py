"""Options of the ECharts on the page, and the numbers behind each as a table; colours are those of page.css."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import pandas as pd

from experiments.figures import words
from experiments.page.findings import ENDINGS, Findings
from experiments.survival import WEEKS_A_YEAR

type Option = dict[str, Any]
type Fan = tuple[str, pd.DataFrame, pd.DataFrame]  # title, quantiles of the plan, and of what it is compared with

INK, MUTED, RULE = "var(--ink)", "var(--muted)", "var(--rule)"
HERE, AGAINST = "var(--here)", "var(--against)"
COLOURS = {"held": "var(--held)", "limited": "var(--limited)", "renewed": "var(--renewed)", "wider": "var(--wider)"}
TEXT = {"color": INK, "fontSize": 12, "fontFamily": "system-ui, 'DejaVu Sans', sans-serif"}


def base(description: str, **more: Any) -> Option:
    """What every chart has: no animation, a description for those who cannot see it, plain colours."""
    return {
        "animation": False,
        "aria": {"enabled": True, "label": {"description": description}},
        "backgroundColor": "transparent",
        "textStyle": TEXT,
        "tooltip": {"trigger": "axis", "backgroundColor": "var(--panel)", "borderColor": RULE, "textStyle": TEXT,
                    "confine": True, "axisPointer": {"lineStyle": {"color": MUTED}}},
        **more,
    }  # fmt: skip


def axis(kind: str, **more: Any) -> Option:
    """An axis."""
    return {
        "type": kind,
        "axisLine": {"lineStyle": {"color": MUTED}},
        "axisTick": {"lineStyle": {"color": MUTED}},
        "axisLabel": {"color": INK, **more.pop("label", {})},
        "splitLine": {"lineStyle": {"color": RULE, "width": 0.6}},
        "nameTextStyle": {"color": MUTED},
        **more,
    }


def line(name: str, points: Sequence[Sequence[float]], colour: str, dashed: bool = False, **more: Any) -> Option:
    """A line without symbols."""
    style = {"color": colour, "width": 1.6 if dashed else 2.4, "type": "dashed" if dashed else "solid"}
    return {
        "name": name, "type": "line", "data": points, "showSymbol": False, "lineStyle": style,
        "itemStyle": {"color": colour}, "silent": True, **more,
    }  # fmt: skip


def band(name: str, lows: Sequence[Sequence[float]], highs: Sequence[Sequence[float]], colour: str) -> list[Option]:
    """The area between two lines, as a lower line and what is stacked on it; tooltips pass over both."""
    wide = [[x, round(high - low, 4)] for (x, low), (_, high) in zip(lows, highs, strict=True)]
    hidden: Option = {"type": "line", "showSymbol": False, "lineStyle": {"opacity": 0}, "silent": True,
                      "tooltip": {"show": False}, "stack": name, "stackStrategy": "all"}  # fmt: skip
    return [
        {**hidden, "name": f"{name} low", "data": lows},
        {**hidden, "name": f"{name} band", "data": wide, "areaStyle": {"color": colour, "opacity": 0.22}},
    ]


def survival_option(found: Findings, against: str) -> Option:
    """How long the ceasefire holds: the plan with its 95% band, and what it is compared with, faintly."""
    here, beside = _steps(found.here, found.weeks), _steps(found.against, found.weeks)
    series = [
        *band("against", beside["low"], beside["high"], AGAINST),
        *band("here", here["low"], here["high"], HERE),
        line(against, beside["survival"], AGAINST, dashed=True),
        line("your plan", here["survival"], HERE),
    ]
    last = here["survival"][-1][1]
    description = (
        f"Survival curves: with your plan {last:.0f}% still hold after {words.horizon(found.weeks)}, "
        f"with {against} {beside['survival'][-1][1]:.0f}%."
    )
    return base(
        description,
        legend={"data": ["your plan", against], "top": 0, "left": 40, "textStyle": TEXT, "itemWidth": 26},
        grid={"left": 44, "right": 16, "top": 30, "bottom": 38},
        xAxis=axis("value", name="years since the ceasefire", nameLocation="middle", nameGap=24, min=0,
                   max=round(found.weeks / WEEKS_A_YEAR, 2), splitLine={"show": False}),
        yAxis=axis("value", min=0, max=100, label={"formatter": "{value}%"}),
        series=series,
    )  # fmt: skip


def survival_table(found: Findings, against: str) -> str:
    """The same at each full year, as a table."""
    rows = []
    for (_, one), (_, other) in zip(_yearly(found.here).iterrows(), _yearly(found.against).iterrows(), strict=True):
        texts = [f"{one['week'] / WEEKS_A_YEAR:g}"]
        for each in (one, other):
            low, middle, high = (100 * float(each[name]) for name in ("low", "survival", "high"))
            texts += [f"{middle:.1f}% ({low:.1f}\N{EN DASH}{high:.1f})", f"{each['at_risk']:,.0f}"]
        rows.append(texts)
    return table(["Years", "Your plan holds", "runs at risk", f"{against} holds", "runs at risk"], rows)


def endings_option(found: Findings, against: str) -> Option:
    """How runs end: two stacked bars."""
    names = [against, "your plan"]
    series = [
        {
            "name": ENDINGS[name],
            "type": "bar",
            "stack": "all",
            "barWidth": 26,
            "data": [round(100 * share, 2) for share in (beside, here)],
            "itemStyle": {"color": COLOURS[name]},
            "label": {"show": True, "color": "#ffffff" if name in {"renewed"} else "var(--paper)",
                      ":formatter": "p => p.value >= 6 ? Math.round(p.value) + '%' : ''"},
        }
        for name, (here, beside) in found.endings.items()
    ]  # fmt: skip
    told = ", ".join(f"{ENDINGS[name].lower()} {100 * here:.0f}%" for name, (here, _) in found.endings.items())
    return base(
        f"How runs end with your plan: {told}.",
        legend={"bottom": 0, "left": 0, "textStyle": TEXT, "itemWidth": 14},
        grid={"left": 24, "right": 16, "top": 4, "bottom": 54, "containLabel": True},
        xAxis=axis("value", min=0, max=100, label={"formatter": "{value}%"}),
        yAxis=axis("category", data=names, splitLine={"show": False}),
        series=series,
    ) | {"tooltip": {"trigger": "item", "backgroundColor": "var(--panel)", "borderColor": RULE, "textStyle": TEXT}}


def endings_table(found: Findings, against: str) -> str:
    """The same as a table."""
    rows = [
        [ENDINGS[name], f"{100 * here:.1f}%", f"{100 * beside:.1f}%"] for name, (here, beside) in found.endings.items()
    ]
    return table(["How runs end", "Your plan", against], rows)


def fans_option(fans: Mapping[str, Fan], against: str, weeks: int) -> Option:
    """Small fan charts side by side, two in a row: title, quantiles of the plan, quantiles of the other."""
    years = round(weeks / WEEKS_A_YEAR, 2)
    grids, xs, ys, series, titles = [], [], [], [], []
    rows = (len(fans) + 1) // 2
    for place, (title, here, beside) in enumerate(fans.values()):
        column, row = place % 2, place // 2
        top = f"{row * 100 / rows + 8:.1f}%"
        grids.append({"left": f"{column * 50 + 6}%", "width": "41%", "top": top, "height": f"{100 / rows - 20:.1f}%"})
        titles.append({"text": title, "left": f"{column * 50 + 1}%", "top": f"{row * 100 / rows:.1f}%",
                       "textStyle": {**TEXT, "fontWeight": 600, "fontSize": 12}})  # fmt: skip
        xs.append(axis("value", gridIndex=place, min=0, max=years, splitLine={"show": False}))
        share = {"max": 1, "interval": 0.25} if here["p95"].max() <= 1 else {}
        ys.append(axis("value", gridIndex=place, min=0, splitNumber=3, **share, label={
            ":formatter": "v => Math.abs(v) >= 10000 ? (v / 1000) + 'k' : String(+v.toFixed(2))"}))  # fmt: skip
        where = {"xAxisIndex": place, "yAxisIndex": place}
        parts = [
            *band(f"90% {place}", _points(here, "p5"), _points(here, "p95"), HERE),
            *band(f"50% {place}", _points(here, "p25"), _points(here, "p75"), HERE),
            line(against, _points(beside, "p50"), AGAINST, dashed=True),
            line("your plan", _points(here, "p50"), HERE),
        ]
        series += [part | where for part in parts]
    return base(
        f"Fan charts of {', '.join(title for title, _, _ in fans.values())}: median, half and nine tenths of runs.",
        grid=grids, xAxis=xs, yAxis=ys, series=series, title=titles,
    )  # fmt: skip


def fans_table(fans: Mapping[str, Fan], against: str) -> str:
    """Medians at the end of each year, with what nine tenths of runs lie between."""
    rows = []
    for title, here, beside in fans.values():
        for (_, one), (_, other) in zip(_ends(here).iterrows(), _ends(beside).iterrows(), strict=False):
            between = f"{one['p5']:,.3g} to {one['p95']:,.3g}"
            rows.append(
                [title, f"{one['week'] / WEEKS_A_YEAR:g}", f"{one['p50']:,.3g}", between, f"{other['p50']:,.3g}"]
            )
    return table(["Series", "Year", "Your plan, median", "90% of runs", f"{against}, median"], rows)


class Giver(NamedTuple):
    """A state's most troops of a run."""

    name: str
    mean: float
    low: float  # nine tenths of runs lie between
    high: float
    beside: float  # the mean with what the plan is compared with


def givers_option(givers: Sequence[Giver], against: str) -> Option:
    """A bar for each state, the first on top, with what nine tenths of runs lie between; the other as a tick."""
    whiskers = [
        [{"coord": [round(each.low), row]}, {"coord": [round(each.high), row]}] for row, each in enumerate(givers)
    ]
    told = ", ".join(f"{each.name} {each.mean:,.0f}" for each in givers[:3])
    return base(
        f"Who sends how many: {told} troops.",
        grid={"left": 24, "right": 20, "top": 26, "bottom": 34, "containLabel": True},
        legend={"top": 0, "left": 0, "textStyle": TEXT, "data": ["your plan", against]},
        xAxis=axis("value", name="troops", nameLocation="middle", nameGap=22),
        yAxis=axis("category", data=[each.name for each in givers], inverse=True, splitLine={"show": False}),
        series=[
            {"name": "your plan", "type": "bar", "data": [round(each.mean) for each in givers], "barWidth": "58%",
             "itemStyle": {"color": HERE},
             "markLine": {"symbol": "none", "silent": True, "data": whiskers,
                          "lineStyle": {"color": INK, "type": "solid", "width": 1.2}}},
            {"name": against, "type": "scatter", "data": [[round(each.beside), row] for row, each in enumerate(givers)],
             "symbol": "rect", "symbolSize": [3, 16], "itemStyle": {"color": MUTED}},
        ],
    )  # fmt: skip


def givers_table(givers: Sequence[Giver], against: str) -> str:
    """The same as a table, of all states."""
    rows = [
        [each.name, f"{each.mean:,.0f}", f"{each.low:,.0f} to {each.high:,.0f}", f"{each.beside:,.0f}"]
        for each in givers
    ]
    return table(["State", "Your plan, mean", "90% of runs", f"{against}, mean"], rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], name: str = "Numbers") -> str:
    """A plain table as HTML that can be scrolled by key where it is wider than the screen."""
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>" for row in rows)
    whole = f'<table class="data"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(name)}">{whole}</div>'


def _steps(curve: pd.DataFrame, weeks: int) -> dict[str, list[list[float]]]:
    """Points of a curve in years and percent, at most one in two weeks, the first and the last always."""
    kept = curve[(curve["week"] % 2 == 0) | (curve["week"] == weeks)]
    years = [round(week / WEEKS_A_YEAR, 3) for week in kept["week"].tolist()]
    found = {}
    for name in ("survival", "low", "high"):
        values = [round(100 * value, 2) for value in kept[name].tolist()]
        found[name] = [[x, y] for x, y in zip(years, values, strict=True)]
    return found


def _yearly(curve: pd.DataFrame) -> pd.DataFrame:
    return curve[curve["week"] % WEEKS_A_YEAR == 0]


def _points(fan: pd.DataFrame, name: str) -> list[list[float]]:
    kept = fan.iloc[::4]
    years = [round(week / WEEKS_A_YEAR, 3) for week in kept["week"].tolist()]
    return [[x, float(f"{y:.4g}")] for x, y in zip(years, kept[name].tolist(), strict=True)]


def _ends(fan: pd.DataFrame) -> pd.DataFrame:
    return fan[fan["week"] % WEEKS_A_YEAR == 0]
