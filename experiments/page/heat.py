"""The map over size and guarantee: how often the ceasefire holds, as a table whose cells are ways to go there."""

from collections.abc import Callable
from html import escape
from typing import Any

from nicegui import ui

from experiments.figures import words
from experiments.intervals import Interval, estimate
from experiments.page.controls import CHOICES
from experiments.page.elements import put, raw
from experiments.page.europe import CLASSES
from experiments.page.findings import PLACES
from experiments.page.player import Player, Source, Urgency
from model.register import load_register
from model.scenario import Scenario

SIZES = (0.0, 10_000.0, 25_000.0, 50_000.0, 100_000.0, 200_000.0)
RUNS = (100, 400)  # of a cell at first, and then
PALEST, SHADE = 0.3, 0.1  # share held below which shades begin, and how wide each is
GOAL = 0.8

type Place = tuple[float, str]  # size of the force, form of the guarantee


class Heat:
    """One visitor's map."""

    def __init__(self, move: Callable[[float, str], None]) -> None:
        """Build it empty; `move` is called with the size and the guarantee of a cell that was chosen."""
        self._move = move
        self._cells: dict[Place, Interval] = {}
        self._here: Place = (0.0, "none")
        self._of = ""  # what the cells were played with
        with ui.element("section").classes("picture panel heat"):
            put("h2", "How many troops, with which guarantee?")
            self.note = put("p", "", "small muted")
            self.table = raw("")
            self.table.on("click", self._chosen, js_handler=(
                "(e) => { const b = e.target.closest('[data-size]');"
                " if (b) emit(Number(b.dataset.size), b.dataset.form); }"))  # fmt: skip

    def place(self, plan: Scenario) -> None:
        """Mark where the plan stands."""
        self._here = (float(_said(plan, "force.size")), str(_said(plan, "guarantee.form")))
        self._show()

    async def draw(self, player: Player, plan: Scenario, source: Source, runs: int) -> None:
        """Play so many runs of each cell, all else as in the plan."""
        other = str(
            [sorted((k, v) for k, v in plan.settings().items() if k not in {"force.size", "guarantee.form"}), source]
        )
        if other != self._of:
            self._cells, self._of = {}, other
        for form in forms():
            for size in self._sizes():
                cell = plan.with_settings({"force.size": size, "guarantee.form": form})
                found = await player.runs(cell, source, runs, Urgency.MAP)
                self._cells[(size, form)] = estimate("held", found[:, PLACES["held"]])
            self._show()
        imposed = _said(plan, "force.deployment") == "imposed"
        self.note.content = (
            f"{escape(self._enough())} {runs:,} runs a cell (give or take {self._width():.0f} points), "
            "all else as in your plan; "
            f"{'so many troops are simply there' if imposed else 'states decide what they send of it'}. "
            "Framed: you are here. Choose a cell to go there."
        )

    def _width(self) -> float:
        """Half of the widest interval, in points."""
        return max(50 * (held.high - held.low) for held in self._cells.values())

    def _enough(self) -> str:
        """From which size on four in five hold, by guarantee."""
        found = {}
        for form in forms():
            sizes = [size for (size, of), held in sorted(self._cells.items()) if of == form and held.estimate >= GOAL]
            if sizes:
                found[form] = words.phrase("force.size", sizes[0])
        if not found:
            return "No cell reaches four in five."
        reached = [f"from {size} with {words.phrase('guarantee.form', form)}" for form, size in found.items()]
        return f"Four in five hold {words.listed(reached)}{'' if len(found) == len(forms()) else '; not otherwise'}."

    def _sizes(self) -> list[float]:
        return sorted({*SIZES, self._here[0]})

    def _show(self) -> None:
        sizes = self._sizes()
        heads = "".join(f'<th scope="col">{words.level("force.size", size)}</th>' for size in sizes)
        rows = "".join(
            f'<tr><th scope="row">{escape(CHOICES[("guarantee.form", form)])}</th>'
            + "".join(self._cell(size, form) for size in sizes) + "</tr>"
            for form in reversed(forms())
        )  # fmt: skip
        caption = '<caption class="small">Columns: troops asked for. Rows: American guarantee.</caption>'
        whole = f"{caption}<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody>"
        self.table.content = f'<div class="scroll europe" tabindex="0"><table class="heat">{whole}</table></div>'

    def _cell(self, size: float, form: str) -> str:
        found = self._cells.get((size, form))
        here = (size, form) == self._here
        if found is None:
            return f'<td class="{"here" if here else ""}"><span class="waits" aria-label="not played yet">·</span></td>'
        shade = min(CLASSES - 1, max(0, int((found.estimate - PALEST) / SHADE)))
        text = f"{100 * found.estimate:.0f}%"
        told = f"{words.phrase('force.size', size)}, {words.phrase('guarantee.form', form)}: {text}"
        between = f"{100 * found.low:.0f} to {100 * found.high:.0f}"
        strong = f"<strong>{text}</strong>" if found.estimate >= GOAL else text
        return (
            f'<td class="s{shade}{" here" if here else ""}"><button type="button" data-size="{size:.0f}" '
            f'data-form="{form}" title="{told} ({between})" aria-label="{told}{", you are here" if here else ""}">'
            f"{strong}</button></td>"
        )

    def _chosen(self, event: Any) -> None:
        size, form = event.args
        if form in forms():
            self._move(float(size), str(form))


def forms() -> tuple[str, ...]:
    """Forms of the American guarantee, from none to troops."""
    return load_register()["guarantee.form"].options or ()


def _said(plan: Scenario, name: str) -> Any:
    return plan.overrides.get(name, load_register()[name].value)
