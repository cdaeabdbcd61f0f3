"""Native controls: what the keyboard and a screen reader know without being taught."""

from collections.abc import Callable
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

type Handler = Callable[[GenericEventArguments], Any]


def say_wrong(text: str) -> None:
    """A message for a mistake, read aloud."""
    ui.label(text).classes("says").props('role="alert"')


def button(text: str, press: Callable[[], Any]) -> ui.html:
    """A native button."""
    return ui.html(text, sanitize=False, tag="button").props('type="button"').on("click", press, [])


def select(label: str, choices: dict[str, str], chosen: str, change: Handler) -> None:
    """A native select with its label."""
    told = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{text}</option>'
        for value, text in choices.items()
    )
    with ui.element("label").classes("choice"):
        ui.html(label, sanitize=False, tag="span")
        control = ui.html(told, sanitize=False, tag="select").props(f'aria-label="{label}"')
        control.on("change", change, js_handler="(e) => emit(e.target.value)")


def wide(label: str) -> ui.html:
    """A place for a table that may be wider than the screen; it scrolls by key too."""
    return ui.html("", sanitize=False).classes("across").props(f'tabindex="0" role="region" aria-label="{label}"')
