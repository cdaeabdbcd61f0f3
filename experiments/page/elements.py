"""Small pieces of HTML that all views are made of: native, labelled, reachable by key."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import Any

from nicegui import ui

type Handler = Callable[[Any], object]  # of an event; `args` is what its JavaScript emits

CHOSEN = "(e) => emit(e.target.value)"


def raw(html: str, tag: str = "div") -> ui.html:
    """HTML of our own; every text in it is escaped already."""
    return ui.html(html, sanitize=False, tag=tag)


def put(tag: str, text: str, classes: str = "") -> ui.html:
    """A plain text in an element."""
    return raw(escape(text), tag).classes(classes)


def alert(text: str) -> ui.html:
    """A mistake, told to everybody who sees or hears the page."""
    return put("p", text, "says").props('role="alert"')


def button(text: str, press: Callable[[], object], js: str = "() => emit()") -> ui.html:
    """A native button; `js` is what the browser does first."""
    return put("button", text).props('type="button"').on("click", press, js_handler=js)


def select(label: str, choices: Mapping[str, str], chosen: str, change: Handler) -> ui.html:
    """A native list with its label: what is emitted by what is read."""
    name = label.lower().replace(" ", "-")
    made = raw(
        f'<label for="s-{name}">{escape(label)}</label><select id="s-{name}">{options(choices, chosen)}</select>'
    )
    return made.classes("select").on("change", change, js_handler=CHOSEN)


def options(choices: Mapping[str, str], chosen: str) -> str:
    """The options of a native list."""
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in choices.items()
    )


@contextmanager
def fold(title: str, classes: str = "fold") -> Iterator[None]:
    """What is shown when its title is opened."""
    with ui.element("details").classes(classes):
        put("summary", title)
        yield


def wide(label: str) -> ui.html:
    """A place for a table that may be wider than the screen; it scrolls by key too."""
    return raw("").classes("across").props(f'tabindex="0" role="region" aria-label="{label}"')
