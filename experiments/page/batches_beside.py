"""Two scenarios side by side in the view of batches: chosen, played with the same luck, and told."""

import asyncio
from collections.abc import Mapping, Sequence
from html import escape
from math import isfinite
from urllib.parse import parse_qsl

import pandas as pd
from nicegui import ui
from rich.console import Console

from experiments.compare import Comparison, play_pairs
from experiments.compare_text import SHOWN, conditions, sentences, verdict
from experiments.design import ExperimentError
from experiments.figures import findings, words
from experiments.page.address import MISTAKES, Question, over_horizon, write_address
from experiments.page.batches import head, say
from experiments.page.charts import AGAINST, HERE, TEXT, Option, axis, band, base, line, table
from experiments.page.elements import alert, button, fold, options, put, raw
from experiments.pairing import Pairing, Side, pair_up
from experiments.survival import WEEKS_A_YEAR
from model.register import show
from model.scenario import Scenario, list_scenarios, load_scenario

PAIRS = (1000, 5000)
PLAN, OTHER = "your plan", "what it is compared with"  # of the page's address; no scenario has such a name
SUBMITTED = "(e) => { e.preventDefault(); emit(Object.fromEntries(new FormData(e.target))); }"  # what fields hold

_playing = asyncio.Lock()  # one comparison at a time has all cores


class Beside:
    """The form, and what came out of it last."""

    def __init__(self, question: Question) -> None:
        """Make the form; the plan in the address and what it is compared with are among the choices."""
        self.known = {scenario.name: scenario for scenario in list_scenarios()}
        self.found: Comparison | None = None
        named = {name: name.replace("-", " ") for name in self.known}
        first, second = "baseline", "uk-french-plan"
        for key, scenario in ((OTHER, question.against), (PLAN, question.plan)):
            text = as_text(scenario)
            if text not in self.known:
                self.known[key] = scenario
                named[key] = f"{key}: {text.replace(':', ' with ', 1).replace(',', ', ')}"
        if question.plan.settings() != question.against.settings():
            first, second = (
                key if key in self.known else as_text(scenario)
                for key, scenario in ((OTHER, question.against), (PLAN, question.plan))
            )
        self.question = question
        pairs = {str(count): f"{count:,} pairs of runs" for count in PAIRS}
        fields = [
            ("first", "A", options(named, first)),
            ("second", "B", options(named, second)),
            ("pairs", "How many", options(pairs, str(PAIRS[0]))),
        ]
        with ui.element("section").classes("panel beside").props("id=beside"):
            put("h2", "Compare two scenarios")
            put(
                "p",
                "Run by run, both have the same luck: what differs between them is the scenario's doing.",
                "muted",
            )
            form = "".join(
                f'<div class="field"><label for="b-{key}">{label}</label><select id="b-{key}" name="{key}">{listed}'
                "</select></div>"
                for key, label, listed in fields
            )
            made = raw(f'{form}<button type="submit">Compare</button>', "form").classes("fields")
            made.on("submit", lambda event: self.compare(event.args), js_handler=SUBMITTED)
            self.status = put("p", "", "muted").props('role="status"')
            self.body = ui.element("div")

    async def compare(self, given: Mapping[str, str]) -> None:
        """Play what was chosen, and tell it."""
        self.body.clear()
        try:
            asked = self.read(given)
            self.status.content = "Waiting for the comparison of another visitor…" if _playing.locked() else "Playing…"
            async with _playing:
                self.status.content = f"Playing {2 * asked.runs:,} runs: some seconds…"
                found = await asyncio.to_thread(play_pairs, asked, Console(quiet=True))
        except MISTAKES as error:
            self.status.content = ""
            with self.body:
                alert(str(error))
            return
        self.found = found
        self.status.content = ""
        if not self.body.is_deleted:
            with self.body:
                show_comparison(found)

    def read(self, given: Mapping[str, str]) -> Pairing:
        """What the form asks. Raises ExperimentError for what it does not offer."""
        first, second = (self.known.get(given.get(key, "")) for key in ("first", "second"))
        if first is None or second is None or given.get("pairs") not in {str(count) for count in PAIRS}:
            raise ExperimentError("Choose two scenarios and a number of pairs from the lists.")
        asked = self.question
        return pair_up(
            side_by_side(first, second),
            runs=int(given["pairs"]),
            parameters=asked.parameters,
            switches=asked.rivals,
        )


def show_comparison(found: Comparison) -> None:
    """Sentences first, then curves and tables."""
    second = found.asked.sides[1]
    put("p", f"{verdict(found, ['A', 'B'])}.", "verdict")
    for side in found.asked.sides:
        put("p", _title(side))
    told = sentences(found, second)
    looks = [text.strip() for text in told if text.startswith("  ")]
    for text in told:
        if text.strip() not in looks and text.rstrip(".") != verdict(found, ["A", "B"]):
            put("p", text)
    if looks:
        change = found.outcomes["B"]["held"] - found.outcomes["A"]["held"]
        raw(f"Watch it week by week: {_lives(found, int(change.to_numpy().nonzero()[0][0]))}, or give a command:", "p")
        put("pre", "\n".join(looks), "command")
    with ui.element("figure").classes("curves"):
        put("figcaption", "How long the ceasefire holds, with 95% bands", "muted small")
        option = survival_option(found)
        ui.echart(option, renderer="svg").classes("chart").props('role="img"')
        with fold("The curves as a table"):
            grid(["Year", "A still holds", "B still holds"], year_rows(found), "Survival curves")
    put("h3", "Outcomes")
    grid(["Mean of a run, or share of runs", "A", "B", "B less A"], outcome_rows(found), "Outcomes")
    put("p", "In brackets the 95% interval; differences are of pairs with the same luck.", "muted small")
    put("h3", "Settings that differ")
    if found.settings.empty:
        put("p", "None.")
    else:
        grid(["Setting", "A", "B"], setting_rows(found), "Settings that differ")
    put("p", conditions(found), "muted small")
    put("p", "The command that makes it again:", "muted small")
    put("pre", found.asked.command(), "command")
    with ui.element("p").classes("buttons"):
        for name, made in (
            ("outcomes", outcome_table(found)),
            ("curves", found.survival),
            ("settings", found.settings),
        ):
            button(f"{name.capitalize()} (CSV)", lambda name=name, made=made: _save(made, f"compare-{name}.csv"))  # type: ignore[misc]


def _lives(found: Comparison, run: int) -> str:
    """Links to one run of both in the view of one life."""
    first, second = found.asked.sides
    links = []
    for side, other in ((first, second), (second, first)):
        query = write_address(Question(side.scenario, other.scenario, found.asked.parameters))
        links.append(f'<a href="{escape(f"/life?{query}&run={run}".replace("?&", "?"))}">with {side.label}</a>')
    return " or ".join(links)


def _title(side: Side) -> str:
    return f"{side.label}: {side.words}." + ("" if side.settings else f" {side.scenario.about}")


def _save(made: pd.DataFrame, name: str) -> None:
    ui.download.content(made.to_csv(index=False, float_format="%.10g").encode(), name, "text/csv")


def as_text(scenario: Scenario) -> str:
    """A scenario as `ceasefire compare` is told it: NAME, or NAME:KEY=VALUE,KEY=VALUE."""
    said = dict(parse_qsl(write_address(Question(scenario, load_scenario("baseline")))))
    name = said.pop("scenario", "baseline")
    return f"{name}:{','.join(f'{key}={value}' for key, value in said.items())}" if said else name


def side_by_side(first: Scenario, second: Scenario) -> list[str]:
    """Both as texts, the second over the horizon of the first."""
    return [as_text(first), as_text(over_horizon(second, first.weeks))]


def outcome_rows(found: Comparison) -> list[list[str]]:
    """Outcome, A, B, and B less A, each with its 95% interval."""
    rows = []
    for name in SHOWN:
        less = found.difference("B", name).interval
        row = dict(zip(("difference", "low", "high"), less, strict=True))
        unit = f" {words.outcome_unit(name)}"
        told = findings.difference(name, row).replace(unit, "") if isfinite(less.low) else say(name, *less)
        sides = [say(name, *found.mean(label, name)) for label in "AB"]
        rows.append([head(name), *sides, told if any(less) else "the same"])
    return rows


def setting_rows(found: Comparison) -> list[list[str]]:
    """Setting, and what it is in A and in B."""
    return [[value if isinstance(value, str) else show(value) for value in row] for row in found.settings.to_numpy()]


def outcome_table(found: Comparison) -> pd.DataFrame:
    """Means of all outcomes in both, and the differences, for a download."""
    first, second = (found.means[found.means["scenario"] == label].drop(columns="scenario") for label in "AB")
    both = first.merge(second, on=["outcome", "unit", "n"], suffixes=("_a", "_b"))
    return both.merge(found.differences.drop(columns=["scenario", "less", "unit", "n"]), on="outcome",
                      suffixes=("", "_difference"))  # fmt: skip


def survival_option(found: Comparison) -> Option:
    """Both survival curves with their 95% bands: A dashed, B in full."""
    series: list[Option] = []
    for label, colour in (("A", AGAINST), ("B", HERE)):
        curve = found.survival[found.survival["scenario"] == label]
        years = [round(week / WEEKS_A_YEAR, 3) for week in curve["week"].tolist()]
        points = {
            name: [[x, round(100 * y, 2)] for x, y in zip(years, curve[name].tolist(), strict=True) if isfinite(y)]
            for name in ("survival", "low", "high")
        }
        series += band(f"band {label}", points["low"], points["high"], colour)
        end = {"show": True, "formatter": label, "color": TEXT["color"], "fontWeight": "bold"}
        series.append(line(label, points["survival"], colour, dashed=label == "A", endLabel=end))
    told = " and ".join(f"{say('held', *found.mean(label, 'held'))} of runs with {label}" for label in "AB")
    horizon = words.horizon(found.asked.weeks)
    return base(
        f"Survival curves: after {horizon} the ceasefire still holds in {told}.",
        legend={"data": ["A", "B"], "top": 0, "left": 40, "textStyle": TEXT, "itemWidth": 26},
        grid={"left": 44, "right": 26, "top": 30, "bottom": 38},
        xAxis=axis("value", name="years since the ceasefire", nameLocation="middle", nameGap=24, min=0,
                   max=round(found.asked.weeks / WEEKS_A_YEAR, 2), splitLine={"show": False}),
        yAxis=axis("value", min=0, max=100, label={"formatter": "{value}%"}),
        series=series,
    )  # fmt: skip


def year_rows(found: Comparison) -> list[list[str]]:
    """Year, and the share of runs that still hold then in A and in B."""
    curves = [found.survival[found.survival["scenario"] == label].set_index("week") for label in "AB"]
    weeks: Sequence[int] = [week for week in curves[0].index if week % WEEKS_A_YEAR == 0]
    return [
        [f"{week // WEEKS_A_YEAR}", *(say("held", *curve.loc[week, ["survival", "low", "high"]]) for curve in curves)]
        for week in weeks
    ]


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> ui.html:
    """A table that can be scrolled by key where it is wider than the screen."""
    return raw(table(heads, rows, name))
