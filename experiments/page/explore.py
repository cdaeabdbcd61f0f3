"""The first view: move a control, and see what thousands of runs say, against what the plan is compared with."""

import asyncio
import contextlib
import json
import logging
import time
from html import escape

from nicegui import Client, background_tasks, ui
from starlette.requests import Request

from experiments.page.address import MISTAKES, Question, read_address, write_address
from experiments.page.elements import put, raw
from experiments.page.findings import Findings, explain, find, headline
from experiments.page.frame import STATIC, frame
from experiments.page.heat import RUNS, Heat
from experiments.page.panel import Panel
from experiments.page.pictures import RECORDED, SERIES, Europe, Fans, Survival, Takes, fans_of
from experiments.page.player import Player, Source, Urgency
from experiments.page.session import Session
from model.scenario import list_scenarios, load_scenario

log = logging.getLogger(__name__)

FIRST, THEN = 500, (2000, 5000)  # runs behind the first picture, and behind those that follow
WEEKLY = 60  # runs whose weeks are drawn
REST = 0.4  # seconds after the first picture: whoever moves on in that time finds the cores free
STALE = 0.6  # seconds: a picture as old as this is renewed even while a control still moves
QUOTED = "\N{LEFT DOUBLE QUOTATION MARK}{}\N{RIGHT DOUBLE QUOTATION MARK}"


class Explore:
    """One visitor's view."""

    def __init__(self, client: Client, player: Player, question: Question, trouble: str) -> None:
        """Build the view around a question; `trouble` is what was wrong with the address."""
        self.client, self.player, self.session = client, player, Session(question, trouble)
        self.moved = asyncio.Event()  # the question is another one
        self.drawn, self.drawn_at = asyncio.Event(), 0.0
        with ui.element("div").classes("explore"):
            with ui.element("section").classes("says-it").props('aria-label="What the runs say"'):
                self._build_headline()
            with ui.element("section").classes("controls panel").props('aria-label="Controls"'):
                self.panel = Panel(self.session, self.moved.set)
            with ui.element("section").classes("results").props('aria-label="Results"'):
                with ui.element("div").classes("column"):
                    self.survival = Survival()
                    self.europe = Europe()
                with ui.element("div").classes("column"):
                    self.heat = Heat(self.panel.move_to)
                    self.takes = Takes()
                    self.fans = Fans()

    def _build_headline(self) -> None:
        self.sentence = put("h1", "Playing the first runs\N{HORIZONTAL ELLIPSIS}").props('aria-live="polite"')
        self.why = raw("").classes("why")
        self.runs = put("p", "", "muted small runs")

    async def live(self) -> None:
        """Play the question whenever it is another one, until the visitor leaves."""
        self.moved.set()
        playing: asyncio.Task[None] | None = None
        try:
            while True:
                await self.moved.wait()
                self.moved.clear()
                if playing is not None and not self.drawn.is_set() and time.monotonic() - self.drawn_at > STALE:
                    await self.drawn.wait()  # while a control moves on and on, a picture comes now and then
                if playing is not None:
                    playing.cancel()
                self.drawn = asyncio.Event()
                playing = asyncio.create_task(self._try(self.session.question, self.drawn))
        finally:
            if playing is not None:
                playing.cancel()

    async def _try(self, question: Question, drawn: asyncio.Event) -> None:
        try:
            with self.client:
                await self._play(question, drawn)
        except Exception as error:
            log.exception("a question failed")
            what = type(error).__name__
            self.panel.say(f"These runs failed ({what}); the page goes on. Change something, or reset.")
        finally:
            drawn.set()

    async def _play(self, question: Question, drawn: asyncio.Event) -> None:
        source, name = Source(question.parameters, question.rivals), self._against_name(question)
        await self._draw(question, source, FIRST, Urgency.PICTURE, name)
        self.heat.place(question.plan)
        drawn.set()
        await asyncio.sleep(REST)
        await self._draw_weeks(question, source, name)
        for runs in THEN:
            self.takes.draw(await self._draw(question, source, runs, Urgency.REFINE, name), name)
        for runs in RUNS:
            await self.heat.draw(self.player, question.plan, source, runs)
        self._settle(question, THEN[-1], whole=True)

    async def _draw(self, question: Question, source: Source, runs: int, urgency: Urgency, name: str) -> Findings:
        """Play so many runs, and say and draw what they say first."""
        here, beside = await asyncio.gather(
            self.player.runs(question.plan, source, runs, urgency),
            self.player.runs(question.against, source, runs, urgency),
        )
        against = self.player.survival(question.against, source, beside)
        found = await asyncio.to_thread(find, here, beside, question.plan.weeks, against)
        self.sentence.content = escape(headline(found, name))
        self.why.content = "".join(f"<p>{escape(each)}</p>" for each in explain(found, name))
        rivals = ", rival theories drawn too" if question.rivals else ""
        self.runs.content = (
            f"{found.runs:,} runs of each with the same luck; parameters: {question.parameters}{rivals}. "
            "Simulated, conditional on the model's assumptions: no forecast."
        )
        self.survival.draw(found, name)
        self.drawn_at = time.monotonic()
        self._settle(question, runs)
        return found

    async def _draw_weeks(self, question: Question, source: Source, name: str) -> None:
        """Play some runs week by week, and draw what became of states and series."""
        here = await self.player.weeks(question.plan, source, WEEKLY, SERIES, RECORDED)
        beside = await self.player.weeks(question.against, source, WEEKLY, SERIES, RECORDED)
        fans = await asyncio.to_thread(fans_of, here, beside)
        self.fans.draw(fans, name, question.plan.weeks)
        self.europe.draw(here, beside, question, name)

    def _settle(self, question: Question, runs: int, whole: bool = False) -> None:
        """Put the question into the address, and mark the page with what is on it once it has been drawn."""
        address = write_address(question)
        marks = json.dumps({"scenario": address, "runs": str(runs), "whole": "1" if whole else ""})
        query = json.dumps(f"?{address}" if address else "")
        ui.run_javascript(
            f"history.replaceState({{}}, '', location.pathname + {query});"
            f"for (const a of document.querySelectorAll('a.view')) a.href = a.dataset.view + {query};"
            f"requestAnimationFrame(() => requestAnimationFrame(() => Object.assign(document.body.dataset, {marks})));"
        )

    def _against_name(self, question: Question) -> str:
        known = {each.name: each for each in list_scenarios()}
        name = question.against.name
        plain = known.get(name)
        changed = plain is None or plain.settings() | {"weeks": question.against.weeks} != question.against.settings()
        told = (
            "the baseline"
            if name == "baseline"
            else f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"
        )
        return f"{told} (changed)" if changed else told


def build(player: Player) -> None:
    """Serve the view at /."""

    @ui.page("/", title="Ceasefire: what makes it hold?")
    async def explore(request: Request, client: Client) -> None:
        start, trouble = load_scenario("baseline"), ""
        question = Question(start, start)
        try:
            question = read_address(dict(request.query_params))
        except MISTAKES as error:
            trouble = f"This link cannot be read: {error}"
        for style in ("europe.css", "explore.css"):
            ui.add_css((STATIC / style).read_text("utf-8"))
        with frame("/", write_address(question)):
            view = Explore(client, player, question, trouble)
        await client.connected()
        task = background_tasks.create(_within(view), name="explore")
        client.on_delete(lambda: _stop(task))


async def _within(view: Explore) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await view.live()


def _stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
