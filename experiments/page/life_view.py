"""What one visitor sees of a life: its controls, its week, and the reasons of each act."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from html import escape
from urllib.parse import urlencode

from nicegui import ui
from nicegui.events import GenericEventArguments

from experiments.chunks import Outcomes
from experiments.design import MOST_RUNS, ExperimentError
from experiments.page import life_text
from experiments.page.address import Question, write_address
from experiments.page.elements import alert, button, put, raw, select, wide
from experiments.page.europe import Kind, Scale, europe_figure
from experiments.page.life import CANDIDATES, WHICH, Life, Week, Where, choose, whole
from experiments.page.life_line import line_figure

log = logging.getLogger(__name__)

MEASURES = {  # what the map can show: a title, a unit, and shades that are the same in every week
    "deployed": ("Troops deployed", "troops", Scale((1.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0))),
    "support": ("Support for sending troops", "%", Scale((20.0, 30.0, 40.0, 50.0, 60.0, 70.0))),
    "defence": ("Defence spending", "% of GDP", Scale((1.5, 2.0, 2.5, 3.0, 4.0, 5.0), 1)),
}
KINDS: dict[str, Kind] = {"squares": "tiles", "outlines": "shapes"}
SPEEDS = (4, 10, 20, 40)  # weeks a second
USUAL_SPEED = 10
WORDS = {"typical": "Typical", "worst": "Worst", "collapsed": "First that collapsed"}
ABOUT = {
    "typical": "nearest the middle of {count} runs, of those that end as most do",
    "worst": "with the most soldiers killed of {count}",
    "collapsed": "the first by number of {count} in which the ceasefire collapsed",
}
SAVE = 0.5  # seconds between two looks at whether the address is still right

type Ask = Callable[[Question], Awaitable[Outcomes]]


class View:
    """What one visitor sees, and the life that is theirs alone."""

    def __init__(self, question: Question, where: Where, ask: Ask) -> None:
        """Lay the page out; the run is fetched once the visitor is there."""
        self.question, self.ask = question, ask
        self.life: Life | None = None
        self.at, self.wanted, self.busy = where.at, where.at, False
        self.measure, self.kind, self.everybody = "deployed", "squares", False
        self.outcomes: Outcomes | None = None
        self.about, self.saved, self.drawn_events, self.asked = "", "", -1, 0
        self._build()
        self.timer = ui.timer(1.0 / USUAL_SPEED, self.tick, active=False)
        ui.timer(SAVE, self.save)
        ui.timer(0.01, lambda: self.begin(where), once=True)
        ui.context.client.on_disconnect(self.pause)

    def _build(self) -> None:
        with ui.element("section").classes("life-top"):
            with ui.element("div").props('aria-live="polite"') as self.aloud:
                self.head = put("h1", "Fetching a run of this plan \N{HORIZONTAL ELLIPSIS}")
            self.which = put("p", "", "muted small")
            self.wrong = alert("")
            self.wrong.set_visibility(False)
            with ui.element("div").classes("bar-of-controls"):
                self.step_button = button("Step", self.step)
                self.play_button = button("Play", self.toggle).classes("wide")
                self.again_button = button("Restart", self.restart)
                select("Speed", {str(each): f"{each} weeks a second" for each in SPEEDS}, str(USUAL_SPEED), self.pace)
                with ui.element("label").classes("choice week"):
                    put("span", "Week")
                    self.range = ui.element("input").props('type=range min=0 step=1 value=0 aria-label="Week"')
                    self.range.props(f"max={self.question.plan.weeks - 1}")
                    self.range.on("input", self.slide, throttle=0.06, js_handler="(e) => emit(e.target.value)")
            with ui.element("div").classes("bar-of-controls").props('role="group" aria-label="Which run"'):
                put("span", "Run:", "muted")
                for which in WHICH:
                    button(WORDS[which], partial(self.pick, which))
                with ui.element("label").classes("choice"):
                    put("span", "or number")
                    self.number = ui.element("input").props(f"type=number min=0 max={MOST_RUNS - 1} value=0")
                    self.number.props('aria-label="Run number"')
                    self.number.on("change", self.take, js_handler="(e) => emit(e.target.value)")
        self.line = raw("", "section").classes("panel").props('aria-label="The line"')
        with ui.element("div").classes("life-grid"):
            with ui.element("section").classes("panel"):
                with ui.element("div").classes("bar-of-controls"):
                    measures = {name: title for name, (title, _, _) in MEASURES.items()}
                    select("Map", measures, self.measure, self.show_measure)
                    select("Drawn as", {each: each for each in KINDS}, self.kind, self.show_kind)
                self.map = raw("")
            with ui.element("section").classes("panel"):
                put("h2", "What happened, the newest first")
                self.events = raw("").classes("scroll")
                self.events.props('tabindex="0" role="region" aria-label="What happened"')
        with ui.element("div").classes("life-cards"):
            self.cards = [raw("", "section").classes("panel") for _ in range(2)]
            with ui.element("div"):
                self.cards += [raw("", "section").classes("panel") for _ in range(2)]
        with ui.element("section").classes("panel"):
            put("h2", "States that contribute")
            self.givers = wide("States that contribute")
            with ui.element("details").on("toggle", self.open_table, js_handler="(e) => emit(e.target.open)"):
                put("summary", "All states")
                self.all = wide("All states")

    async def begin(self, where: Where) -> None:
        """Fetch the run of the address, or a typical one."""
        if where.run is None:
            await self.pick("typical", where.at)
        else:
            await self.live(where.run, "", where.at)

    async def pick(self, which: str, at: int = 0) -> None:
        """Live the typical run, the worst, or the first that collapsed."""
        try:
            if self.outcomes is None:
                self.head.set_content(f"Playing {CANDIDATES} runs of this plan to pick one \N{HORIZONTAL ELLIPSIS}")
                self.outcomes = await self.ask(self.question)
            found = choose(self.outcomes, which)
        except ExperimentError as error:
            self.fail(str(error).removeprefix("run: "))
            self.show()
            return
        except Exception as error:
            self.break_down(error)
            return
        await self.live(found, ABOUT[which].format(count=len(self.outcomes)), at)

    async def take(self, event: GenericEventArguments) -> None:
        """Live the run that was typed."""
        try:
            number = whole("run", str(event.args).strip(), MOST_RUNS - 1)
        except ExperimentError as error:
            self.fail(str(error))
            return
        await self.live(number, "", 0)

    async def live(self, number: int, about: str, at: int) -> None:
        """Begin the life of a run, at a week."""
        self.pause()
        self.asked = turn = self.asked + 1
        try:
            life = await asyncio.to_thread(Life, self.question, number)
            await asyncio.to_thread(life.go, at)
        except Exception as error:
            self.break_down(error)
            return
        if turn != self.asked:  # another was picked meanwhile
            return
        self.life, self.about, self.drawn_events = life, about, -1
        self.at = self.wanted = min(at, len(life.weeks) - 1)
        self.number.props(f"value={number}")
        self.wrong.set_visibility(False)
        self.show()

    def step(self) -> None:
        """Live one more week."""
        self.pause()
        self.move(self.at + 1)

    def tick(self) -> None:
        """Live one more week of those that are played."""
        if self.life is None or self.at >= self.life.last:
            self.pause()
        else:
            self.move(self.at + 1)

    def move(self, week: int) -> None:
        """Go to a week that is at most one ahead of those that were lived."""
        if self.life is None:
            return
        try:
            self.at = self.wanted = self.life.go(week).number
        except Exception as error:
            self.break_down(error)
            return
        self.show()

    async def slide(self, event: GenericEventArguments) -> None:
        """Go to the week of the range; if it moves on meanwhile, to the last of them."""
        self.pause()
        self.wanted = int(event.args)
        if self.busy or self.life is None:
            return
        self.busy, life = True, self.life
        try:
            while life is self.life and self.at != (wanted := self.wanted):
                week = await asyncio.to_thread(life.go, wanted)
                self.at = week.number
                self.wanted = self.at if self.wanted == wanted else self.wanted
                self.show()
        except Exception as error:
            self.break_down(error)
        finally:
            self.busy = False

    def toggle(self) -> None:
        """Play or pause; at the end of a run, from its first week."""
        if self.timer.active:
            self.pause()
        elif self.life is not None:
            if self.at >= self.life.last:
                self.move(0)
            self.aloud.props('aria-live="off"')
            self.play_button.set_content("Pause")
            self.timer.activate()

    def pause(self) -> None:
        """Stop playing."""
        if self.timer.active:
            self.timer.deactivate()
            self.aloud.props('aria-live="polite"')
            self.play_button.set_content("Play")
            self.show()

    def restart(self) -> None:
        """Back to the first week."""
        self.pause()
        self.move(0)

    def pace(self, event: GenericEventArguments) -> None:
        """Set how fast weeks are played."""
        if str(event.args) in {str(each) for each in SPEEDS}:
            self.timer.interval = 1.0 / int(event.args)

    def show_measure(self, event: GenericEventArguments) -> None:
        """Colour the map by something else."""
        self.measure = event.args if event.args in MEASURES else self.measure
        self.show()

    def show_kind(self, event: GenericEventArguments) -> None:
        """Draw squares or outlines."""
        self.kind = event.args if event.args in KINDS else self.kind
        self.show()

    def open_table(self, event: GenericEventArguments) -> None:
        """Fill the table of all states while it is open."""
        self.everybody = bool(event.args)
        self.show()

    def fail(self, text: str) -> None:
        """Say what cannot be done."""
        self.wrong.set_content(escape(text))
        self.wrong.set_visibility(True)

    def break_down(self, error: Exception) -> None:
        """Say that the run cannot go on; the page can."""
        log.error("a life could not be lived", exc_info=error)
        self.pause()
        self.fail(f"This run cannot go on ({type(error).__name__}). Try another one.")

    def show(self) -> None:
        """Draw the week."""
        if self.life is None:
            return
        life, week = self.life, self.life.weeks[self.at]
        self.head.set_content(life_text.sentence(life, week))
        kept = f", {self.about}" if self.about else ""
        plan = escape(life.scenario.name)
        self.which.set_content(f"Run {life.run} of {plan}{kept}. One run is an anecdote; the odds are under Explore.")
        self.range.props(f"max={life.last} value={week.number}")
        self.line.set_content(line_figure(life, week))
        title, unit, scale = MEASURES[self.measure]
        values = life.numbers(week, self.measure)
        figure = europe_figure(
            values, title=f"{title}, week {week.number}", unit=unit, kind=KINDS[self.kind], scale=scale
        )
        self.map.set_content(figure)
        self._show_agents(life, week)
        if self.drawn_events != week.told:
            self.events.set_content(life_text.events_list(life.events(week)))
            self.drawn_events = week.told

    def _show_agents(self, life: Life, week: Week) -> None:
        told = (
            life_text.russia_card(life, week),
            life_text.ukraine_card(life, week),
            life_text.america_card(week),
            life_text.force_card(week),
        )
        for card, text in zip(self.cards, told, strict=True):
            card.set_content(text)
        self.givers.set_content(life_text.contributors_table(life, week, everybody=False))
        if self.everybody:
            self.all.set_content(life_text.contributors_table(life, week, everybody=True))

    def save(self) -> None:
        """Put the run and the week into the address, so that a link shares them."""
        if self.life is None or self.timer.active:
            return
        query = urlencode({"run": self.life.run, "at": self.at})
        plan = write_address(self.life.question)
        address = f"/life?{plan}&{query}" if plan else f"/life?{query}"
        if address != self.saved:
            self.saved = address
            ui.navigate.history.replace(address)
