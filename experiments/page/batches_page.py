"""The view of batches: the catalogue of experiments, and one of them with its results and a way to run it."""

import asyncio
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import get_args
from urllib.parse import quote

from fastapi import HTTPException, Request
from fastapi.responses import FileResponse
from nicegui import Client, app, ui

from experiments.batch import one_of
from experiments.batch_command import RESULTS
from experiments.catalogue import Entry
from experiments.design import MOST_RUNS, ExperimentError, Parameters, list_experiments
from experiments.page import batches
from experiments.page.address import MISTAKES, Question, read_address, write_address
from experiments.page.batches import KINDS_OF_FILES, Finished, finished
from experiments.page.batches_beside import SUBMITTED, Beside, grid
from experiments.page.elements import alert, button, fold, options, put, raw
from experiments.page.frame import STATIC, frame
from experiments.page.running import (
    Job,
    Runner,
    begun,
    catalogue,
    catalogue_is_read,
    last,
    question_of,
    read_order,
)
from model.scenario import load_scenario

OFTEN = 0.5  # seconds between two looks at the batch that runs
SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def build(results: Path = Path(RESULTS)) -> Runner:
    """Serve the view at /batches, with the results of experiments in subfolders of `results`."""
    runner = Runner(results)
    app.on_shutdown(runner.stop)

    @app.get("/batches/{name}/{file}")
    def serve_file(name: str, file: str) -> FileResponse:
        path = batches.find_file(runner.results, name, file)
        if path is None:
            raise HTTPException(404, "No finished experiment wrote such a file.")
        return FileResponse(path, media_type=KINDS_OF_FILES[path.suffix], headers=SAFE)

    @ui.page("/batches", title="Ceasefire: experiments")
    async def view(request: Request, client: Client) -> None:
        query, trouble = dict(request.query_params), ""
        name, start = query.get("experiment", ""), load_scenario("baseline")
        question = Question(start, start)
        try:
            question = read_address(query)
            name = name and one_of("experiment", name, tuple(list_experiments()))
        except MISTAKES as error:
            name, trouble = "", f"This link cannot be read: {error}"
        ui.add_css((STATIC / "batches.css").read_text("utf-8"))
        with frame("/batches", write_address(question)):
            made = View(runner, client, question, name, trouble)
        if not catalogue_is_read():
            await client.connected()
        await made.fill()

    return runner


class View:
    """What one visitor sees."""

    def __init__(self, runner: Runner, client: Client, question: Question, name: str, trouble: str) -> None:
        """Make the frame of it; `name` is the experiment that is open, if any."""
        self.runner, self.client, self.question, self.name = runner, client, question, name
        if trouble:
            alert(trouble)
        self.seen: Job | None = None  # the batch that this visitor has seen running
        self.alive = False
        with (
            ui.element("section").classes("panel now").props('aria-label="The experiment that is running"') as self.now
        ):
            self.told = raw("")
            with (
                ui.element("div")
                .classes("bar")
                .props('role="progressbar" aria-valuemin="0" aria-valuemax="100"') as bar
            ):
                self.bar, self.filled = bar, ui.element("div")
            self.stop = button("Stop", runner.stop)
        self.spoken = put("div", "", "unseen").props('role="status"')  # changes of state alone, for screen readers
        self.body = ui.element("div")
        with self.body:
            put("p", "Reading the catalogue…", "muted")
        self.look()
        ui.timer(OFTEN, self.watch)

    async def watch(self) -> None:
        """Show how far the batch is; when it has ended, show what came out."""
        if self.look():
            await self.fill()

    def look(self) -> bool:
        """Show how far the running batch is. True if it has just ended."""
        job = self.runner.job
        if job is not None and job.alive:
            self.seen = job
        shown = job is not None and job is self.seen
        self.now.set_visibility(shown)
        if job is None or not shown:
            return False
        ended, self.alive = self.alive and not job.alive, job.alive
        told = job.describe()
        note = '<p class="muted small">One experiment runs at a time, for all visitors.</p>' if job.alive else ""
        content = f"<p>{self._link(job.order.entry)}</p><p>{escape(told[0].upper() + told[1:])}</p>{note}"
        if content == self.told.content:
            return ended
        self.told.content = content
        self.spoken.content = escape(f"{job.order.name}: {job.state if job.alive else told}")
        percent = round(100 * job.share)
        self.bar.props(f'aria-valuenow="{percent}" aria-label="Progress of {job.order.name}"')
        self.bar.props["aria-valuetext"] = told
        self.bar.set_visibility(job.alive)
        self.filled.style(f"width: {percent}%")
        here = {each.tab_id for each in Client.instances.values()}  # tabs that are open; a reload changes nothing
        self.stop.set_visibility(job.alive and (job.owner == self.client.tab_id or job.owner not in here))
        self.stop.props(
            "disabled" if job.state == "stopping" else "", remove="" if job.state == "stopping" else "disabled"
        )
        return ended

    async def fill(self) -> None:
        """Show the catalogue, or the experiment that is open."""
        entries = {entry.experiment.name: entry for entry in await asyncio.to_thread(catalogue)}
        done = finished(self.runner.results, self.name) if self.name else None
        pictures = await asyncio.to_thread(batches.figures, done) if done else []
        if self.body.is_deleted:
            return
        self.body.clear()
        with self.body:
            if self.name:
                self._one(entries[self.name], done, pictures)
            else:
                self._all(list(entries.values()))
                Beside(self.question)

    def _all(self, entries: list[Entry]) -> None:
        """The catalogue."""
        put("h1", "Experiments: one question each, answered by thousands of runs")
        raw(
            "Open one to see what came out, or to run it on this machine. "
            'You can also <a href="#beside">compare two scenarios</a>.',
            "p",
        ).classes("muted")
        rows = []
        for entry in entries:
            told = entry.experiment
            size = f"{len(entry.cells):,} cells of {told.runs:,} runs, about {last(entry.seconds)} on two cores"
            rows.append(
                f'<li><span class="muted">{told.question}</span><div>{self._link(entry)}'
                f"<p>{escape(question_of(told))}</p></div>"
                f'<p class="muted small">{told.name}: {size}</p><p class="small">{self._state(told.name)}</p></li>'
            )
        raw("".join(rows), "ul").classes("catalogue")

    def _state(self, name: str) -> str:
        """Whether an experiment has results."""
        done = finished(self.runner.results, name)
        if done:
            model, kind = (
                ("the current model", "good") if done.current else ("another model than the current one", "warn")
            )
            told = f"Results of {done.when} from {model} ({done.model[:8]})"
            return f'<span class="{kind}">{escape(told)}</span>'
        return "Begun, not finished" if begun(self.runner.results, name) else "Not run yet"

    def _one(self, entry: Entry, done: Finished | None, pictures: list[tuple[str, str]]) -> None:
        """One experiment: what it asks, what came out, and how to run it."""
        told = entry.experiment
        raw(f'<a href="{self._address("")}">All experiments</a>', "p").classes("small")
        put("h1", f"{told.question}: {told.title}")
        put("p", told.about)
        if told.plan:
            with fold("The plan of analysis, written before it was run"):
                put("p", told.plan)
        run = "Run it again" if done else "Go on with it" if begun(self.runner.results, told.name) else "Run it"
        raw(f'<a href="#run">{run}</a>' + (' · <a href="#files">Files</a>' if done else ""), "p").classes(
            "small narrow"
        )
        with ui.element("div").classes("opened"):
            with ui.element("div").classes("results"):
                if done:
                    self._results(done, pictures)
                else:
                    put("h2", "No results yet")
                    put("p", "Figures and tables come here when it has been run.", "muted")
            with ui.element("div").classes("aside"):
                with ui.element("section").classes("panel").props("id=run"):
                    put("h2", run)
                    self._form(entry, done)
                if done:
                    with ui.element("section").classes("panel").props("id=files"):
                        self._files(done)

    def _results(self, done: Finished, pictures: list[tuple[str, str]]) -> None:
        """Figures and the first rows of the summary."""
        put("h2", f"Results of {done.when}")
        model = "the current model" if done.current else "another model than the current one: run it again to compare"
        put("p", f"{done.size}; played by {model} (fingerprint {done.model[:8]}).", "muted" if done.current else "warn")
        for name, alt in pictures:
            picture = f'<img src="{self._file(done, f"{name}.png")}" alt="{escape(alt)}" loading="lazy">'
            link = f'<a href="{self._file(done, f"{name}.svg")}">{name} as SVG</a>'
            raw(f'{picture}<figcaption class="small">{link}</figcaption>', "figure")
        try:
            heads, rows = batches.preview(done)
        except (OSError, ValueError, KeyError):
            return
        put("h2", "The first rows of the summary")
        grid(heads, rows, "The first rows of the summary")
        put(
            "p",
            "Means of the runs of each cell, with 95% intervals in brackets; all of it is in summary.csv.",
            "muted small",
        )

    def _files(self, done: Finished) -> None:
        """Downloads, and where the numbers come from."""
        put("h2", "Files")
        listed = [
            f'<li><a href="{self._file(done, name)}" download>{escape(name)}</a> '
            f'<span class="muted">{_size((done.folder / name).stat().st_size)}</span></li>'
            for name in done.files
            if Path(name).suffix not in {".png", ".svg"}
        ]
        raw("".join(listed), "ul").classes("files")
        put("h2", "Make it again")
        put("pre", str(done.manifest["command"]), "command")
        with fold("Where it comes from"):
            grid(["In manifest.json", ""], done.facts, "From manifest.json")

    def _form(self, entry: Entry, done: Finished | None) -> None:
        """How to run it."""
        told = entry.experiment
        sources = {"": f"as it says ({told.parameters})"} | {each: each for each in get_args(Parameters)}
        check = (
            '<label class="check"><input type="checkbox" name="replace" required> '
            f"Replace the results of {escape(done.when)}</label>"
            if done
            else ""
        )
        order = self.runner.order(entry)
        form = (
            '<div class="field"><label for="f-runs">Runs a cell</label>'
            f'<input id="f-runs" name="runs" type="number" min="1" max="{MOST_RUNS}" placeholder="{told.runs}"'
            f' value="{order.runs or ""}"></div>'
            '<div class="field"><label for="f-parameters">Uncertain parameters</label>'
            f'<select id="f-parameters" name="parameters">{options(sources, order.parameters or "")}</select></div>'
            f'{check}<button type="submit">Start</button>'
        )
        made = raw(form, "form").classes("fields")
        made.on("submit", lambda event: self.start(entry, event.args), js_handler=SUBMITTED)
        size = f"{len(entry.cells):,} cells of {told.runs:,} runs: about {last(entry.seconds)} on two cores."
        put("p", f"{size} Runs that are there already are not played again.", "muted small")
        self.answer = ui.element("div")

    async def start(self, entry: Entry, given: Mapping[str, str]) -> None:
        """Start it as the form says, or say why not."""
        self.answer.clear()
        try:
            order = read_order(entry, given)
            if finished(self.runner.results, self.name) and not given.get("replace"):
                raise ExperimentError("There are results already: tick that they may be replaced.")
            await self.runner.start(order, str(self.client.tab_id))
        except (*MISTAKES, OSError) as error:
            with self.answer:
                alert(str(error))
        else:
            with self.answer:
                put("p", "Started: how far it is stands at the top of the page.")
        self.look()

    def _link(self, entry: Entry) -> str:
        """A link to an experiment that keeps the visitor's question."""
        return f'<a href="{self._address(entry.experiment.name)}">{escape(entry.experiment.title)}</a>'

    def _address(self, name: str) -> str:
        parts = [part for part in (name and f"experiment={name}", write_address(self.question)) if part]
        return escape("/batches" + (f"?{'&'.join(parts)}" if parts else ""))

    def _file(self, done: Finished, name: str) -> str:
        """The address of a file; another one when it has been made anew."""
        return f"/batches/{self.name}/{quote(name)}?made={quote(done.ended.isoformat())}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):,.1f} kB"
