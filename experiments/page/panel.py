"""The controls beside the pictures: what the visitor moves, loads, compares with, undoes and takes along."""

from collections.abc import Callable
from html import escape
from typing import Any

from nicegui import ui

from experiments.page import controls
from experiments.page.address import MISTAKES
from experiments.page.elements import button, fold, options, put, raw, select
from experiments.page.files import MOST_BYTES, as_toml, read_toml
from experiments.page.session import Session
from model.scenario import list_scenarios

OWN_PLAN = "plan"  # in the list of what to compare with: the plan as it is now
SOURCES = {
    "posterior": "posterior: informed by past ceasefires",
    "prior": "prior: whole ranges",
    "point": "point: the register's values",
}
MOVED = """(e) => {
  const t = e.target, name = t.dataset && t.dataset.name;
  if (!name || (e.type === "input" && (t.type === "number" || t.type === "date"))) return;
  if (e.type === "change" && (t.type === "range" || t.type === "checkbox" || t.tagName === "SELECT")) return;
  if (t.type === "number" && t.value === "") return;
  for (const other of t.closest(".control").querySelectorAll("input")) if (other !== t) other.value = t.value;
  emit(name, t.type === "checkbox" ? t.checked : t.value);
}"""
RELEASED = "(e) => { const b = e.target.closest('[data-release]'); if (b) emit(b.dataset.release); }"
TICKED = "(e) => emit(e.target.checked)"
FILE = f"""async (e) => {{ const f = e.target.files[0]; if (!f) return;
  emit(f.name.slice(0, 100), f.size > {MOST_BYTES} ? "x".repeat({MOST_BYTES + 1}) : await f.text());
  e.target.value = ""; }}"""
COPY = """async (e) => { const text = %s;
  try { await navigator.clipboard.writeText(text); emit(); } catch { window.prompt("Copy this:", text); } }"""


class Panel:
    """One visitor's controls; `changed` is called when the question is another one."""

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        """Build the controls, showing what the session asks."""
        self.session, self._changed = session, changed
        roster = session.question.plan.roster
        self._state = "FRA" if "FRA" in roster else roster[0]
        self._known = {each.name: each for each in list_scenarios()}
        self._plans = {name: name.replace("-", " ") for name in self._known}
        with ui.element("div").classes("row"):
            self._start = select("Start from", {"": "choose a plan"} | self._plans, "", self._load)
            beside = self._plans | {OWN_PLAN: "this plan as it is now"}
            self._against = select("Compare with", beside, "baseline", self._compare_with)
        with ui.element("div").classes("row buttons"):
            self._undo = button("Undo", lambda: self._after(session.undo()))
            button("Reset", lambda: self._after(session.reset()))
            swap = button("Swap", lambda: self._after(session.swap()))
            swap.props('title="The plan and what it is compared with change places"')
            button("Copy link", self._copied, COPY % "location.href")
        self._first = self._place()
        with fold("More levers"):
            self._more = self._place()
        with fold("One state"):
            self._states = select("State", {}, "", self._choose_state)
            self._one = self._place()
        with fold("Assumptions and rival theories"):
            self._source = select("Uncertain parameters", SOURCES, "posterior", self._draw_from)
            self._rivals = raw("").classes("control").on("change", self._draw_rivals, js_handler=TICKED)
            self._theories = self._place()
            with fold("Uncertain parameters, one by one"):
                self._uncertain = self._place()
        with fold("As a file"):
            with ui.element("div").classes("row buttons"):
                button("Copy as TOML", self._copied, COPY % "document.getElementById('toml').textContent")
                button("Download", self._download)
            load = raw(
                '<label for="load">Load a scenario file</label> <input type="file" id="load" accept=".toml,text/plain">'
            )
            load.on("change", self._load_file, js_handler=FILE)
            self._toml = raw("", "pre").props('id="toml" tabindex="0"').classes("small toml")
        self._told = put("p", "", "small muted").props('role="status"')
        self.trouble = raw("").props('role="alert"').classes("trouble")
        self.show()

    def show(self, moved: str = "") -> None:
        """Show what the session asks; the control that was just moved shows itself already."""
        session, question = self.session, self.session.question
        self.say(session.trouble)
        self._toml.content = escape(as_toml(question.plan))
        self._told.content = ""
        self._undo.props(remove="disabled") if session.past else self._undo.props("disabled")
        if moved:
            return
        self._first.content = controls.render(controls.first_controls(session))
        self._more.content = controls.render_groups(controls.controls_of(session, "lever"))
        self._theories.content = controls.render_groups(controls.controls_of(session, "switch"))
        self._uncertain.content = controls.render_groups(controls.controls_of(session, "uncertainty"))
        ticked = f"{' checked' if question.rivals else ''}{' disabled' if question.parameters == 'point' else ''}"
        self._rivals.content = f'<label><input type="checkbox" id="rivals"{ticked}> draw the rival theories too</label>'
        _choose(self._start, {"": "choose a plan"} | self._plans, question.plan.name)
        beside = self._plans | {OWN_PLAN: "this plan as it is now"}
        _choose(self._against, beside, question.against.name if question.against.name in self._known else OWN_PLAN)
        _choose(self._source, SOURCES, question.parameters)
        self._show_state()

    def move_to(self, size: float, form: str) -> None:
        """Set the size of the force and the guarantee together."""
        changed = self.session.change("force.size", size)
        self._after(self.session.change("guarantee.form", form) or changed)

    def say(self, trouble: str) -> None:
        """Tell what is wrong, or that nothing is."""
        self.trouble.content = f'<p class="says">{escape(trouble)}</p>' if trouble else ""

    def _place(self) -> ui.html:
        """A place for controls; what moves in it comes here."""
        place = raw("")
        for event in ("input", "change"):
            place.on(event, self._on_move, js_handler=MOVED)
        return place.on("click", self._on_release, js_handler=RELEASED)

    def _after(self, changed: bool, moved: str = "") -> None:
        self.show(moved)
        if changed:
            self._changed()

    def _on_move(self, event: Any) -> None:
        name, given = event.args
        changed = self.session.change(str(name), controls.read_value(str(name), given))
        drawn = not changed or not controls.is_drawn(str(name), self.session)
        self._after(changed, moved=str(name) if drawn else "")

    def _on_release(self, event: Any) -> None:
        self._after(self.session.change(str(event.args), None))

    def _load(self, event: Any) -> None:
        if event.args in self._known:
            self._after(self.session.load(self._known[event.args]))

    def _load_file(self, event: Any) -> None:
        name, text = event.args
        try:
            plan = read_toml(str(name), str(text).encode())
        except MISTAKES as error:
            self.say(str(error))
            return
        self._after(self.session.load(plan))

    def _compare_with(self, event: Any) -> None:
        known = self._known | {OWN_PLAN: self.session.question.plan}
        if event.args in known:
            self._after(self.session.compare_with(known[event.args]))

    def _choose_state(self, event: Any) -> None:
        if event.args in self.session.question.plan.roster:
            self._state = str(event.args)
            self._show_state()

    def _show_state(self) -> None:
        roster = controls.roster_of(self.session)
        if self._state not in roster:
            self._state = next(iter(roster))
        self._one.content = controls.render(controls.state_controls(self.session, self._state))
        _choose(self._states, roster, self._state)

    def _draw_from(self, event: Any) -> None:
        self._after(self.session.draw_from(str(event.args)))

    def _draw_rivals(self, event: Any) -> None:
        self._after(self.session.draw_rivals(bool(event.args)))

    def _copied(self) -> None:
        self._told.content = "Copied."

    def _download(self) -> None:
        plan = self.session.question.plan
        ui.download.content(as_toml(plan), f"{''.join(c if c.isalnum() else '-' for c in plan.name)}.toml")


def _choose(made: ui.html, choices: dict[str, str], chosen: str) -> None:
    """Let a list show one of its options."""
    head, _, _ = made.content.partition("<select")
    name = made.content.partition('for="')[2].partition('"')[0]
    made.content = f'{head}<select id="{name}">{options(choices, chosen)}</select>'
