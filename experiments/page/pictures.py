"""The pictures of the first view: made once, given new data as runs come in."""

import asyncio
from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from nicegui import ui

from experiments.figures import words
from experiments.page import charts
from experiments.page.address import Question
from experiments.page.europe import europe_figure
from experiments.page.findings import Findings, told, unit
from experiments.page.player import Player, Source, Wanted
from experiments.recorded import Recorded, fan
from model.outcomes import OUTCOMES
from model.register import state_names

FANS = ("troops", "belief_answer", "guarantee_will", "defence_share")
TITLES = {
    "troops": "Troops in Ukraine",
    "belief_answer": "Russia's belief that Europe answers",
    "guarantee_will": "American readiness to act",
    "defence_share": "European defence, % of GDP",
}
MAPS = {"deployed": ("Troops sent, at most", "troops"), "support": ("Support for sending troops", "%"),
        "defence": ("Defence spending at the end", "% of GDP")}  # fmt: skip
CARDS = ("troops_peak", "cost_force_eur_bn", "deaths", "direct_combat", "wider_war", "renewed_war")
BARS = 10  # states
COLUMNS = ["Outcome", "Your plan", "", "Difference", "Unit"]


class Picture:
    """A chart with its heading, and its numbers in a table below."""

    def __init__(self, title: str, note: str, height: str) -> None:
        """Build it empty."""
        with ui.element("section").classes("picture panel"):
            ui.html(escape(title), sanitize=False, tag="h2")
            self.note = ui.html(escape(note), sanitize=False, tag="p").classes("small muted")
            self.chart = ui.echart(charts.base(title), renderer="svg").style(f"height: {height}").classes("chart")
            with ui.element("details").classes("numbers small"):
                ui.html("Numbers", sanitize=False, tag="summary")
                self.table = ui.html("", sanitize=False)

    def draw(self, option: charts.Option, table: str) -> None:
        """Give it new data."""
        self.chart.options.clear()
        self.chart.options.update(option)
        self.chart.update()
        self.table.content = table


class Pictures:
    """All of them but the map over size and guarantee."""

    def __init__(self) -> None:
        """Build them empty."""
        self.survival = Picture(
            "How long the ceasefire holds", "Share of runs without limited or renewed war so far; shaded: 95%.", "320px"
        )
        self.survival.chart.classes("survival")
        self.endings = Picture("How it ends", "The gravest thing that happens in a run.", "200px")
        with ui.element("section").classes("picture panel"):
            ui.html("What it takes, and what it risks", sanitize=False, tag="h2")
            self.cards = ui.html("", sanitize=False).classes("cards")
            with ui.element("details").classes("numbers small"):
                ui.html("All outcomes", sanitize=False, tag="summary")
                self.outcomes = ui.html("", sanitize=False)
        with ui.element("section").classes("picture panel"):
            ui.html("Europe", sanitize=False, tag="h2")
            with ui.element("div").classes("row"):
                self._pick("Show", {name: title for name, (title, _) in MAPS.items()}, "shown")
                self._pick("As", {"tiles": "tiles, one a state", "shapes": "a map"}, "kind")
            self.europe = ui.html("", sanitize=False)
        self.givers = Picture(
            "Who sends how many", "Most troops of a run: mean, and what nine tenths of runs lie between.", "300px"
        )
        self.fans = Picture("Over time", "Median, half and nine tenths of runs.", "430px")
        self.shown, self.kind = "deployed", "tiles"
        self._recorded: tuple[Recorded, Question] | None = None

    def draw_first(self, found: Findings, against: str) -> None:
        """What is seen first: survival and endings."""
        self.survival.draw(charts.survival_option(found, against), charts.survival_table(found, against))
        self.endings.draw(charts.endings_option(found, against), charts.endings_table(found, against))

    def draw_rest(self, found: Findings, against: str) -> None:
        """Numbers of all outcomes."""
        cards = []
        for name in CARDS:
            row = found.rows[name]
            less = "" if found.same else f'<span class="small muted">{told(name, row.difference, sign=True)}</span>'
            measure = "" if unit(name).startswith("%") else f" {unit(name)}"
            cards.append(
                f'<div class="card"><span class="small">{escape(words.outcome(name))}</span>'
                f"<strong>{told(name, row.here)}{escape(measure)}</strong>{less}</div>"
            )
        self.cards.content = "".join(cards)
        rows = [
            [OUTCOMES[name].meaning, told(name, row.here), told(name, row.against),
             told(name, row.difference, sign=True), unit(name)]
            for name, row in found.rows.items()
        ]  # fmt: skip
        enders = [
            [f"Ended first by {who}", told("held", row.here), told("held", row.against),
             told("held", row.difference, sign=True), "% of runs"]
            for who, row in found.enders.items()
        ]  # fmt: skip
        self.outcomes.content = charts.table(["Outcome", "Your plan", against, "Difference", "Unit"], [*enders, *rows])

    async def draw_weeks(
        self, player: Player, question: Question, source: Source, runs: int, against: str, wanted: Wanted
    ) -> None:
        """Play some runs week by week, and draw what became of states and series. Raises Superseded."""
        here = await player.weeks(question.plan, source, runs, FANS, list(MAPS), wanted)
        beside = await player.weeks(question.against, source, runs, FANS, list(MAPS), wanted)
        fans = await asyncio.to_thread(_fans, here, beside)
        self.fans.draw(charts.fans_option(fans, against, question.plan.weeks), charts.fans_table(fans, against))
        self._recorded = here, question
        self._draw_europe()
        self._draw_givers(here, beside, question, against)

    def _draw_givers(self, here: Recorded, beside: Recorded, question: Question, against: str) -> None:
        most = here.most["deployed"]
        other = dict(zip(question.against.roster, beside.most["deployed"].mean(axis=0).tolist(), strict=True))
        order = np.argsort(-most.mean(axis=0), kind="stable")
        rows = []
        for place in order.tolist():
            code, values = question.plan.roster[place], most[:, place]
            low, high = np.quantile(values, [0.05, 0.95])
            rows.append((state_names()[code], float(values.mean()), float(low), float(high), other.get(code, 0.0)))
        top = [tuple(part if isinstance(part, str) else round(part) for part in row) for row in rows[:BARS]]
        names, means, lows, highs, ticks = (list(each) for each in zip(*top, strict=True))
        option = charts.bars_option(names, means, lows, highs, ticks, "troops", against)
        texts = [
            [name, f"{mean:,.0f}", f"{low:,.0f} to {high:,.0f}", f"{tick:,.0f}"] for name, mean, low, high, tick in rows
        ]
        self.givers.draw(option, charts.table(["State", "Your plan, mean", "90% of runs", f"{against}, mean"], texts))

    def _draw_europe(self) -> None:
        if self._recorded is None:
            return
        recorded, question = self._recorded
        values = (recorded.most if self.shown == "deployed" else recorded.ends)[self.shown].mean(axis=0)
        by_state = dict(zip(question.plan.roster, values.tolist(), strict=True))
        title, measure = MAPS[self.shown]
        self.europe.content = europe_figure(by_state, title=title, unit=measure, kind=self.kind)

    def _pick(self, label: str, options: Mapping[str, str], name: str) -> None:
        listed = "".join(f'<option value="{value}">{escape(text)}</option>' for value, text in options.items())
        made = ui.html(f"<label>{label} <select>{listed}</select></label>", sanitize=False)

        def picked(event: Any) -> None:
            if event.args in options:
                setattr(self, name, event.args)
                self._draw_europe()

        made.on("change", picked, js_handler="(e) => emit(e.target.value)")


def _fans(here: Recorded, beside: Recorded) -> dict[str, tuple[str, pd.DataFrame, pd.DataFrame]]:
    return {name: (TITLES[name], fan(here.series[name]), fan(beside.series[name])) for name in FANS}
