"""The first view: move a control, and see what thousands of runs say, against what the plan is compared with."""

import asyncio
import contextlib
import json
import logging
import time
from html import escape
from typing import Any

from nicegui import Client, background_tasks, ui
from starlette.requests import Request

from experiments.design import ExperimentError
from experiments.page import controls
from experiments.page.address import Question, read_address, write_address
from experiments.page.files import as_toml, read_toml
from experiments.page.findings import Findings, explain, find, headline
from experiments.page.frame import STATIC, frame
from experiments.page.heat import RUNS, Heat
from experiments.page.pictures import RECORDED, SERIES, Europe, Fans, Survival, Takes, fans_of
from experiments.page.player import Player, Source, Urgency
from experiments.page.session import Session
from model.register import RegisterError
from model.scenario import ScenarioError, list_scenarios, load_scenario

log = logging.getLogger(__name__)

FIRST, THEN = 500, (2000, 5000)  # runs behind the first picture, and behind those that follow
WEEKLY = 60  # runs whose weeks are drawn
REST = 0.4  # seconds after the first picture: whoever moves on in that time finds the cores free
STALE = 0.6  # seconds: a picture as old as this is renewed even while a control still moves
MISTAKES = (ScenarioError, ExperimentError, RegisterError)
QUOTED = "\N{LEFT DOUBLE QUOTATION MARK}{}\N{RIGHT DOUBLE QUOTATION MARK}"
OWN_PLAN = "plan"  # in the list of what to compare with: pin the plan as it is now

MOVED = """(e) => {
  const t = e.target, name = t.dataset && t.dataset.name;
  if (!name || (e.type === "input" && (t.type === "number" || t.type === "date"))) return;
  if (e.type === "change" && (t.type === "range" || t.type === "checkbox" || t.tagName === "SELECT")) return;
  if (t.type === "number" && t.value === "") return;
  for (const other of t.closest(".control").querySelectorAll("input")) if (other !== t) other.value = t.value;
  emit(name, t.type === "checkbox" ? t.checked : t.value);
}"""
RELEASED = "(e) => { const b = e.target.closest('[data-release]'); if (b) emit(b.dataset.release); }"
CHOSEN = "(e) => emit(e.target.value)"
FILE = """async (e) => { const f = e.target.files[0]; if (!f) return;
  emit(f.name.slice(0, 100), f.size > 65536 ? "x".repeat(65537) : await f.text()); e.target.value = ""; }"""
COPY = """async (e) => { const text = %s;
  try { await navigator.clipboard.writeText(text); emit(true); } catch { window.prompt("Copy this:", text); } }"""


class Explore:
    """One visitor's view."""

    def __init__(self, client: Client, player: Player, question: Question, trouble: str) -> None:
        """Build the view around a question; `trouble` is what was wrong with the address."""
        self.client, self.player, self.session = client, player, Session(question, trouble)
        self.moved = asyncio.Event()
        self.drawn, self.drawn_at = asyncio.Event(), 0.0
        self.state = "FRA" if "FRA" in question.plan.roster else question.plan.roster[0]
        with ui.element("div").classes("explore"):
            with ui.element("section").classes("says-it").props('aria-label="What the runs say"'):
                self._build_headline()
            with ui.element("section").classes("controls panel").props('aria-label="Controls"'):
                self._build_controls()
            with ui.element("section").classes("results").props('aria-label="Results"'):
                with ui.element("div").classes("column"):
                    self.survival = Survival()
                    self.europe = Europe()
                with ui.element("div").classes("column"):
                    self.heat = Heat(self._move_to)
                    self.takes = Takes()
                    self.fans = Fans()
        self._show_session()

    def _build_headline(self) -> None:
        self.sentence = ui.html("Playing the first runs\N{HORIZONTAL ELLIPSIS}", sanitize=False, tag="h1")
        self.sentence.props('aria-live="polite"')
        self.why = ui.html("", sanitize=False, tag="div").classes("why")
        self.trouble = ui.html("", sanitize=False, tag="div").props('role="alert"')
        self.runs = ui.html("", sanitize=False, tag="p").classes("muted small runs")

    def _build_controls(self) -> None:
        presets = [(each.name, each.name.replace("-", " ")) for each in list_scenarios()]
        with ui.element("div").classes("row"):
            self.preset = _select("Start from", [("", "choose a plan"), *presets], self._load)
            self.against = _select("Compare with", [*presets, (OWN_PLAN, "this plan as it is now")], self._compare_with)
        with ui.element("div").classes("row buttons"):
            self.undo = _button("Undo", self._undo)
            _button("Reset", self._reset)
            _button("Swap", self._swap).props('title="The plan and what it is compared with change places"')
            _button("Copy link", self._copied, js=COPY % "location.href")
        self.first = self._panel()
        with _fold("More levers"):
            self.more = self._panel()
        with _fold("One state"):
            self.states = _select("State", controls.roster_of(self.session), self._choose_state)
            self.one = self._panel()
        with _fold("Assumptions and rival theories"):
            sources = [("posterior", "posterior: informed by past ceasefires"), ("prior", "prior: whole ranges")]
            self.source = _select(
                "Uncertain parameters", [*sources, ("point", "point: the register's values")], self._draw_from
            )
            with ui.element("div").classes("control"):
                self.rivals = ui.html("", sanitize=False).on(
                    "change", self._draw_rivals, js_handler="(e) => emit(e.target.checked)"
                )
            self.theories = self._panel()
            with _fold("Uncertain parameters, one by one"):
                self.uncertain = self._panel()
        with _fold("As a file"):
            with ui.element("div").classes("row buttons"):
                self.toml_copy = _button(
                    "Copy as TOML", self._copied, js=COPY % "document.getElementById('toml').textContent"
                )
                _button("Download", self._download)
            load = ui.html(
                '<label for="load">Load a scenario file</label> <input type="file" id="load" accept=".toml">',
                sanitize=False,
            )
            load.on("change", self._load_file, js_handler=FILE)
            self.toml = ui.html("", sanitize=False, tag="pre").props('id="toml" tabindex="0"').classes("small toml")
        self.told = ui.html("", sanitize=False, tag="p").props('role="status"').classes("small muted")

    def _panel(self) -> ui.html:
        """A place for controls; what moves in it comes here."""
        place = ui.html("", sanitize=False)
        for event in ("input", "change"):
            place.on(event, self._on_move, js_handler=MOVED)
        return place.on("click", self._on_release, js_handler=RELEASED)

    # What the visitor does

    def _on_move(self, event: Any) -> None:
        name, given = event.args
        self._after(self.session.change(str(name), controls.read_value(str(name), given)), moved=str(name))

    def _on_release(self, event: Any) -> None:
        self._after(self.session.change(str(event.args), None))

    def _move_to(self, size: float, form: str) -> None:
        changed = self.session.change("force.size", size)
        self._after(self.session.change("guarantee.form", form) or changed)

    def _load(self, event: Any) -> None:
        known = {each.name: each for each in list_scenarios()}
        if event.args in known:
            self._after(self.session.load(known[event.args]))

    def _load_file(self, event: Any) -> None:
        name, text = event.args
        try:
            plan = read_toml(str(name), str(text).encode())
        except MISTAKES as error:
            self._say_trouble(str(error))
            return
        self._after(self.session.load(plan))

    def _compare_with(self, event: Any) -> None:
        known = {each.name: each for each in list_scenarios()} | {OWN_PLAN: self.session.question.plan}
        if event.args in known:
            self._after(self.session.compare_with(known[event.args]))

    def _choose_state(self, event: Any) -> None:
        if event.args in self.session.question.plan.roster:
            self.state = str(event.args)
            self._show_state()

    def _draw_from(self, event: Any) -> None:
        self._after(self.session.draw_from(str(event.args)))

    def _draw_rivals(self, event: Any) -> None:
        self._after(self.session.draw_rivals(bool(event.args)))

    def _undo(self, _: Any) -> None:
        self._after(self.session.undo())

    def _reset(self, _: Any) -> None:
        self._after(self.session.reset())

    def _swap(self, _: Any) -> None:
        self._after(self.session.swap())

    def _copied(self, _: Any) -> None:
        self.told.content = "Copied."

    def _download(self, _: Any) -> None:
        plan = self.session.question.plan
        ui.download.content(as_toml(plan), f"{''.join(c if c.isalnum() else '-' for c in plan.name)}.toml")

    # What follows

    def _after(self, changed: bool, moved: str = "") -> None:
        """Show what was set, and play it if it is another question; the control that moved shows itself already."""
        self._show_session(moved)
        if changed:
            self.moved.set()

    def _show_session(self, moved: str = "") -> None:
        session = self.session
        self._say_trouble(session.trouble)
        question = session.question
        if not moved:
            self.first.content = controls.render(controls.first_controls(session))
            self.more.content = controls.render_groups(controls.controls_of(session, "lever"))
            self.theories.content = controls.render_groups(controls.controls_of(session, "switch"))
            self.uncertain.content = controls.render_groups(controls.controls_of(session, "uncertainty"))
            self._show_state()
            checked = "checked" if question.rivals else ""
            disabled = "disabled" if question.parameters == "point" else ""
            self.rivals.content = (
                f'<label><input type="checkbox" id="rivals" {checked} {disabled}> draw the rival theories too</label>'
            )
            known = {each.name for each in list_scenarios()}
            _choose(self.preset, question.plan.name if question.plan.name in known else "")
            _choose(self.against, question.against.name if question.against.name in known else OWN_PLAN)
            _choose(self.source, question.parameters)
        self.toml.content = escape(as_toml(question.plan))
        self.undo.props(remove="disabled") if session.past else self.undo.props("disabled")

    def _show_state(self) -> None:
        roster = controls.roster_of(self.session)
        if self.state not in self.session.question.plan.roster:
            self.state = roster[0][0]
        self.one.content = controls.render(controls.state_controls(self.session, self.state))
        _choose(self.states, self.state)

    def _say_trouble(self, text: str) -> None:
        self.trouble.content = f'<p class="says">{escape(text)}</p>' if text else ""

    # Playing

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
            self._say_trouble(f"These runs failed ({what}); the page goes on. Change something, or reset.")
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


def _button(text: str, handler: Any, js: str | None = None) -> ui.element:
    with ui.element("button").props('type="button"') as made:
        ui.html(escape(text), sanitize=False, tag="span")
    if js is None:
        return made.on("click", handler, args=[])
    return made.on("click", handler, js_handler=js)


def _select(label: str, options: list[tuple[str, str]], handler: Any) -> ui.html:
    name = label.lower().replace(" ", "-")
    listed = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
    made = ui.html(
        f'<label for="s-{name}">{escape(label)}</label><select id="s-{name}">{listed}</select>', sanitize=False
    )
    return made.classes("select").on("change", handler, js_handler=CHOSEN)


def _choose(select: ui.html, value: str) -> None:
    """Let a list show one of its options."""
    content = select.content.replace(" selected>", ">")
    select.content = content.replace(f'<option value="{escape(value)}">', f'<option value="{escape(value)}" selected>')


@contextlib.contextmanager
def _fold(title: str) -> Any:
    with ui.element("details").classes("fold"):
        ui.html(escape(title), sanitize=False, tag="summary")
        yield
