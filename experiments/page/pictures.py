"""The pictures of the first view: made once, given new data as runs come in."""

import csv
import io
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import numpy as np
from nicegui import ui

from experiments.figures import words
from experiments.intervals import EVENTS
from experiments.page import charts
from experiments.page.address import Question
from experiments.page.elements import button, fold, put, raw, select
from experiments.page.europe import Kind, europe_figure
from experiments.page.findings import Findings, told, unit
from experiments.recorded import Recorded, fan
from model.outcomes import OUTCOMES
from model.register import state_names

TITLES = {  # of weekly series
    "troops": "Troops in Ukraine",
    "belief_answer": "Europe's credibility",
    "guarantee_will": "America's readiness",
    "defence_share": "Defence, % of GDP",
}
MAPS = {"deployed": ("Troops sent, at most", "troops"), "support": ("Support for sending troops", "%"),
        "defence": ("Defence spending at the end", "% of GDP")}  # fmt: skip
CARDS = ("troops_peak", "cost_force_eur_bn", "deaths", "direct_combat", "wider_war", "renewed_war")
KINDS = {"tiles": "tiles, one a state", "shapes": "a map"}
SERIES, RECORDED = tuple(TITLES), tuple(MAPS)
BARS = 10  # states


class Picture:
    """A chart with its heading, and its numbers in a table below."""

    def __init__(self, title: str, note: str, height: str, kind: str = "") -> None:
        """Build it empty."""
        with ui.element("section").classes(f"picture panel {kind}"):
            put("h2", title)
            self.note = put("p", note, "small muted")
            self.chart = ui.echart(charts.base(title), renderer="svg").style(f"height: {height}").classes("chart")
            with fold("Numbers", "numbers small"):
                self.table = raw("")

    def draw(self, option: charts.Option, table: str) -> None:
        """Give it new data."""
        self.chart.options.clear()
        self.chart.options.update(option)
        self.chart.update()
        self.table.content = table


class Survival:
    """How long the ceasefire holds, and how it ends."""

    def __init__(self) -> None:
        """Build it empty."""
        note = "Share of runs without limited or renewed war so far; shaded: 95%."
        self.curves = Picture("How long the ceasefire holds", note, "320px", "survival")
        self.endings = Picture("How it ends", "The gravest thing that happens in a run.", "200px", "endings")

    def draw(self, found: Findings, against: str) -> None:
        """Give it new runs."""
        self.curves.draw(charts.survival_option(found, against), charts.survival_table(found, against))
        self.endings.draw(charts.endings_option(found, against), charts.endings_table(found, against))


class Takes:
    """What the plan takes and risks: a few numbers, and all of them in a table."""

    def __init__(self) -> None:
        """Build it empty."""
        with ui.element("section").classes("picture panel takes"):
            put("h2", "What it takes, and what it risks")
            self.cards = raw("").classes("cards")
            with fold("All outcomes", "numbers small"):
                self.outcomes = raw("")
                button("Download as CSV", self._download)
        self._rows: list[list[str]] = []

    def draw(self, found: Findings, against: str) -> None:
        """Give it new runs."""
        cards = []
        for name in CARDS:
            row = found.rows[name]
            middle, _, between = told(name, row.here).partition(" ")
            measure = "" if name in EVENTS else f" {unit(name)}"
            less = "" if found.same else f"<br>{told(name, row.difference, sign=True)} against {escape(against)}"
            cards.append(
                f'<div class="card"><span class="small">{escape(words.outcome(name))}</span>'
                f'<strong>{middle}{escape(measure)}</strong><span class="small muted">{between}{less}</span></div>'
            )
        self.cards.content = "".join(cards)
        enders = [(f"Ended first by {who}", "held", row) for who, row in found.enders.items()]
        outcomes = [(OUTCOMES[name].meaning, name, row) for name, row in found.rows.items()]
        rows = [
            [meaning, told(name, row.here), told(name, row.against), told(name, row.difference, sign=True), unit(name)]
            for meaning, name, row in [*enders, *outcomes]
        ]
        head = ["Outcome", "Your plan", against, "Difference", "Unit"]
        self.outcomes.content = charts.table(head, rows)
        self._rows = [head, *rows]

    def _download(self) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self._rows)
        ui.download.content(text.getvalue(), "outcomes.csv")


class Fans:
    """What becomes of a few series, week by week."""

    def __init__(self) -> None:
        """Build it empty."""
        self.picture = Picture(
            "Over time", "Median, half and nine tenths of runs; dashed: the other's median.", "400px"
        )

    def draw(self, fans: Mapping[str, charts.Fan], against: str, weeks: int) -> None:
        """Give it new weeks."""
        self.picture.draw(charts.fans_option(fans, against, weeks), charts.fans_table(fans, against))


class Europe:
    """The states: a map, and who sends how many."""

    def __init__(self) -> None:
        """Build it empty."""
        with ui.element("section").classes("picture panel states"):
            put("h2", "Europe")
            with ui.element("div").classes("row"):
                self._pick("Show", {name: title for name, (title, _) in MAPS.items()}, self._show)
                self._pick("As", KINDS, self._shape)
            self.europe = raw("")
        note = "Most troops of a run: mean, and what nine tenths of runs lie between."
        self.givers = Picture("Who sends how many", note, "300px", "givers")
        self._shown = "deployed"
        self._kind: Kind = "tiles"
        self._drawn: tuple[Recorded, Question] | None = None

    def draw(self, here: Recorded, beside: Recorded, question: Question, against: str) -> None:
        """Give it new weeks."""
        self._drawn = here, question
        self._draw_map()
        most = here.most["deployed"]
        other = dict(zip(question.against.roster, beside.most["deployed"].mean(axis=0).tolist(), strict=True))
        givers = []
        for place in np.argsort(-most.mean(axis=0), kind="stable").tolist():
            code, values = question.plan.roster[place], most[:, place]
            low, high = np.quantile(values, [0.05, 0.95]).tolist()
            givers.append(charts.Giver(state_names()[code], float(values.mean()), low, high, other.get(code, 0.0)))
        self.givers.draw(charts.givers_option(givers[:BARS], against), charts.givers_table(givers, against))

    def _draw_map(self) -> None:
        if self._drawn is None:
            return
        recorded, question = self._drawn
        values = (recorded.most if self._shown == "deployed" else recorded.ends)[self._shown].mean(axis=0)
        by_state = dict(zip(question.plan.roster, values.tolist(), strict=True))
        title, measure = MAPS[self._shown]
        self.europe.content = europe_figure(by_state, title=title, unit=measure, kind=self._kind)

    def _show(self, picked: str) -> None:
        self._shown = picked
        self._draw_map()

    def _shape(self, picked: str) -> None:
        self._kind = "shapes" if picked == "shapes" else "tiles"
        self._draw_map()

    def _pick(self, label: str, choices: Mapping[str, str], then: Callable[[str], None]) -> None:
        def picked(event: Any) -> None:
            if event.args in choices:
                then(str(event.args))

        select(label, choices, next(iter(choices)), picked)


def fans_of(here: Recorded, beside: Recorded) -> dict[str, charts.Fan]:
    """Title, quantiles of the plan and quantiles of the other, by series."""
    return {name: (title, fan(here.series[name]), fan(beside.series[name])) for name, title in TITLES.items()}
