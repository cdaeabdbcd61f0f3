"""The page in a real browser: from a moved control to the picture of its runs, and many visitors at once."""

import heapq
import json
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.engine import describe_machine
from benchmarks.serving import OFFLINE, Served, chromium, serve
from benchmarks.timing import time_rounds, wall_seconds
from experiments.batch import drawn_runs
from experiments.chunks import engine
from experiments.page.explore import FIRST, THEN
from experiments.page.player import SEED
from model.scenario import load_scenario

PATIENCE = 120_000  # milliseconds for whatever must come
START = "/?force.deployment=imposed&guarantee.form=backstop"
WATCH = """() => {
  window.moves = []; window.marks = [];
  document.addEventListener("input", () => window.moves.push(performance.now()), true);
  new MutationObserver(() => window.marks.push({at: performance.now(), ...document.body.dataset}))
    .observe(document.body, {attributes: true, attributeFilter: ["data-scenario", "data-runs", "data-whole"]});
}"""  # Marks are set two frames of the browser after a picture was drawn.
SINCE = """([moves, runs]) => {
  if (window.moves.length <= moves) return null;
  const moved = window.moves[window.moves.length - 1];
  const mark = window.marks.find((each) => each.at > moved && Number(each.runs) >= runs);
  return mark ? (mark.at - moved) / 1000 : null;
}"""
SHOWN = """() => ({
  size: document.getElementById("c-force.size").value, form: document.getElementById("c-guarantee.form").value,
  scenario: document.body.dataset.scenario, sentence: document.querySelector("h1").textContent,
  alerts: [...document.querySelectorAll('[role="alert"]')].map((each) => each.textContent.trim()).filter(Boolean),
})"""
FOLDS = "() => document.querySelectorAll('.controls details.fold').forEach((each) => { each.open = true; })"
SIZE, FORM = "c-force.size", "c-guarantee.form"
CONTROLS = (SIZE, FORM, "c-force.doctrine", "c-choice.precision", "c-states.FRA.support")
PAUSES = (0.2, 2.5)  # seconds between a picture and the next move of one who plays with a control
HUMAN = (3.0, 8.0)  # seconds between two moves of each of many visitors
SAMPLED = 10.0  # seconds between two looks at memory


class Size(NamedTuple):
    """How much is tried."""

    moves: int  # one soon after the other, while older questions are still refined
    rested: int  # each after all of the last question is on screen
    bare: int  # rounds of the engine alone
    visitors: int
    minutes: float


USUAL = Size(60, 8, 15, 0, 0.0)
QUICK = Size(2, 1, 1, 2, 0.1)


class NoBrowserError(RuntimeError):
    """There is no Chromium on this machine."""


def measure(size: Size) -> dict[str, Any]:
    """All measurements, as they go into the JSON. Raises NoBrowserError."""
    found: dict[str, Any] = {"machine": describe_machine(), "size": size._asdict(), "bare_seconds": _bare(size.bare)}
    began = time.perf_counter()
    with _browsing() as (served, browser):
        found["server_ready_seconds"] = time.perf_counter() - began
        page, found["first_visit_seconds"] = _visit(browser, served)
        found["rested"] = _rested(page, size.rested)
        found["playing"] = _playing(page, size.moves)
        if size.visitors:
            page.close()
            found["soak"] = _soak(browser, served, size.visitors, size.minutes)
        found["complaints"] = served.complaints()
    first = found["rested"]["first_seconds"] + found["playing"]["first_seconds"]
    found["first_median"], found["first_p90"] = median(first), float(np.quantile(first, 0.9))
    found["first_over_bare"] = found["first_median"] / found["bare_seconds"]
    found["all_median"], found["all_most"] = (f(found["rested"]["all_seconds"]) for f in (median, max))
    return found


def _bare(rounds: int) -> float:
    """Seconds that the engine takes for the runs behind a first picture, on two threads and with nothing around it."""
    plan, draws, play = load_scenario("baseline"), drawn_runs("posterior", False, SEED), engine()
    plans = [plan, plan.with_settings({"force.size": 25000, "force.deployment": "imposed"})]

    def both() -> None:
        with ThreadPoolExecutor(2) as pool:
            drawn = [draws(0).columns_for(each, 0, FIRST) if draws else None for each in plans]
            list(pool.map(lambda each, columns: play.play(each, SEED, 0, FIRST, columns), plans, drawn))

    return median(time_rounds({"bare": partial(wall_seconds, both)}, rounds)["bare"])


@contextmanager
def _browsing() -> Iterator[tuple[Served, Browser]]:
    path = chromium()
    if path is None:
        raise NoBrowserError("no Chromium on this machine: the page is measured in a real browser")
    with TemporaryDirectory() as folder, serve(Path(folder)) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(OFFLINE))
        yield served, browser
        browser.close()


def _visit(browser: Browser, served: Served, address: str = START) -> tuple[Page, float]:
    """A new visitor's page, and the seconds until its first picture."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    began = time.perf_counter()
    page.goto(served.address + address)
    page.wait_for_function("() => document.body.dataset.runs")
    page.evaluate(WATCH)
    return page, time.perf_counter() - began


def _rested(page: Page, count: int) -> dict[str, list[float]]:
    """Seconds to the first picture, and to all runs, of moves by one who has read everything before."""
    first, whole = [], []
    for _ in range(count):
        page.wait_for_function("() => document.body.dataset.whole === '1'")
        moves = _move(page, SIZE, "ArrowRight")
        first.append(_seconds(page, moves, FIRST))
        whole.append(_seconds(page, moves, THEN[-1]))
    return {"first_seconds": first, "all_seconds": whole}


def _playing(page: Page, count: int) -> dict[str, Any]:
    """Seconds to the first picture of moves by one who plays with the controls, by control and together."""
    page.evaluate(FOLDS)
    rng, by_control = random.Random(1), {name: list[float]() for name in CONTROLS}
    for number in range(count):
        name = CONTROLS[number % len(CONTROLS)]
        back = (
            number // len(CONTROLS) % 2
        )  # a list goes up and down, sliders too, but the size on and on: plans are new
        moves = _move(page, name, ("ArrowUp" if back else "ArrowDown") if name != SIZE else "ArrowRight")
        by_control[name].append(_seconds(page, moves, FIRST))
        page.wait_for_timeout(1000 * rng.uniform(*PAUSES))
    together = [seconds for each in by_control.values() for seconds in each]
    return {"first_seconds": together, "by_control": by_control}


def _move(page: Page, name: str, key: str) -> int:
    """Press a key on a control; how many moves there were before."""
    moves = int(page.evaluate("() => window.moves.length"))
    page.locator(f'[id="{name}"]').press(key)
    return moves


def _seconds(page: Page, moves: int, runs: int) -> float:
    """Seconds, by the browser's clock, from the move until so many runs were on screen."""
    return float(page.wait_for_function(SINCE, arg=[moves, runs], polling=50).json_value())


class _Visitor(NamedTuple):
    number: int
    page: Page
    moves: int  # before the last one
    rng: random.Random


def _soak(browser: Browser, served: Served, count: int, minutes: float) -> dict[str, Any]:
    """Many visitors who move controls at a human pace, each with an address that no other has."""
    errors: list[str] = []
    due: list[tuple[float, int, _Visitor]] = []
    for number in range(count):
        page, _ = _visit(browser, served, f"{START}&states.FRA.support={30 + number}")
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        rng = random.Random(number)
        moves = _move(page, SIZE, "ArrowRight")
        heapq.heappush(due, (time.monotonic() + rng.uniform(*HUMAN), number, _Visitor(number, page, moves, rng)))
    began = time.monotonic()
    memory, seconds, mixed = [(0.0, served.resident_mb())], list[float](), list[str]()
    while time.monotonic() - began < 60 * minutes:
        at, number, visitor = heapq.heappop(due)
        while (wait := at - time.monotonic()) > 0:
            visitor.page.wait_for_timeout(1000 * min(wait, 1.0))
        seconds.append(_seconds(visitor.page, visitor.moves, FIRST))
        mixed += _mixed(visitor, errors)
        key = visitor.rng.choice(("ArrowRight", "ArrowLeft"))
        moves = _move(visitor.page, visitor.rng.choice((SIZE, SIZE, FORM)), key)
        if int(visitor.page.evaluate("() => window.moves.length")) == moves:  # it stood at its end already
            moves = _move(visitor.page, SIZE, "ArrowRight")
        heapq.heappush(due, (time.monotonic() + visitor.rng.uniform(*HUMAN), number, visitor._replace(moves=moves)))
        if time.monotonic() - began - memory[-1][0] > SAMPLED:
            memory.append((time.monotonic() - began, served.resident_mb()))
    for _, _, visitor in due:
        visitor.page.context.close()
    memory.append((time.monotonic() - began, served.resident_mb()))
    settled = [mb for at, mb in memory if at >= 12 * minutes]  # after the first fifth
    return {
        "visitors": count,
        "minutes": minutes,
        "moves": len(seconds),
        "errors": errors,
        "mixed": mixed,
        "first_median": median(seconds),
        "first_p90": float(np.quantile(seconds, 0.9)),
        "memory_mb": [round(mb) for _, mb in memory],
        "memory_growth_mb": settled[-1] - settled[0],
    }


def _mixed(visitor: _Visitor, errors: list[str]) -> list[str]:
    """What a visitor's page shows of another's question, or of another than its controls show."""
    shown = visitor.page.evaluate(SHOWN)
    errors += shown["alerts"]
    said = {key: each[0] for key, each in parse_qs(shown["scenario"]).items()}
    own = {"states.FRA.support": 30 + visitor.number, "force.size": float(shown["size"])}
    wrong = [f"{key}: {said.get(key)}" for key, value in own.items() if float(said.get(key, "0")) != value]
    if said.get("guarantee.form", "none") != shown["form"]:
        wrong.append(f"guarantee.form: {said.get('guarantee.form')}")
    return [f"visitor {visitor.number}: {each}, not {json.dumps(own)}, {shown['form']}" for each in wrong]


def lines(found: dict[str, Any]) -> list[tuple[str, str]]:
    """What was found, in words."""
    most: Callable[[list[float]], float] = max
    told = [
        (f"seconds from a moved control to {FIRST} runs on screen, median", f"{found['first_median']:.2f}"),
        ("the same, 90th percentile", f"{found['first_p90']:.2f}"),
        ("the same, at rest: median", f"{median(found['rested']['first_seconds']):.2f}"),
        ("the same, the slowest of all", f"{most(found['playing']['first_seconds']):.2f}"),
        *(
            (f"the same, {name.removeprefix('c-')}: median", f"{median(each):.2f}")
            for name, each in found["playing"]["by_control"].items()
            if each
        ),
        (f"seconds of the engine alone for 2 x {FIRST} runs", f"{found['bare_seconds']:.2f}"),
        ("ratio: the page's median over the engine alone", f"{found['first_over_bare']:.2f}"),
        (f"seconds to {THEN[-1]:,} runs on screen, median", f"{found['all_median']:.2f}"),
        ("the same, the slowest", f"{found['all_most']:.2f}"),
        ("seconds until the server answers", f"{found['server_ready_seconds']:.1f}"),
        ("seconds of a first visit until its first picture", f"{found['first_visit_seconds']:.1f}"),
        ("complaints in the server's log", str(len(found["complaints"]))),
    ]
    if soak := found.get("soak"):
        told += [
            (f"{soak['visitors']} visitors, {soak['minutes']:g} minutes: moves", str(soak["moves"])),
            ("errors; pages with another's state", f"{len(soak['errors'])}; {len(soak['mixed'])}"),
            ("seconds to the first picture, median and 90th percentile",
             f"{soak['first_median']:.2f}, {soak['first_p90']:.2f}"),
            ("memory of the server, MB: begin, end", f"{soak['memory_mb'][0]}, {soak['memory_mb'][-1]}"),
            ("its growth after the first fifth of the time, MB", f"{soak['memory_growth_mb']:+.0f}"),
        ]  # fmt: skip
    return told
