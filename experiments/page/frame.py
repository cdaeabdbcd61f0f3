"""What every view of the page has: language, colours, the way to the other views, and light or dark."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from nicegui import ui

from experiments.page.elements import raw

VIEWS = {"/": "Explore", "/life": "One life", "/batches": "Batches"}
STATIC = files("experiments.page") / "static"


@contextmanager
def frame(path: str, query: str) -> Iterator[None]:
    """The frame of a view at `path`; `query` is the address of the question, which the other views keep."""
    ui.add_css((STATIC / "page.css").read_text("utf-8"))
    ui.dark_mode(value=None)
    ui.query(".q-layout").classes("page-layout")
    with ui.element("header").classes("top"):
        raw("<strong>Ceasefire</strong>", "span").classes("brand")
        with ui.element("nav").props('aria-label="Views"'):
            for target, name in VIEWS.items():
                link = ui.link(name, f"{target}?{query}" if query else target).classes("view")
                if target == path:
                    link.props('aria-current="page"')
                link.props(f'data-view="{target}"')
    with ui.element("div").classes("page"):  # NiceGUI puts it into the page's <main>
        yield
