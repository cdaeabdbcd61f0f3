"""Starts the page: its views on one server, on this machine unless told otherwise."""

from nicegui import app, ui

from experiments.page import batches_page, explore, life_page
from experiments.page.player import Player


def serve(host: str, port: int, browser: bool) -> None:
    """Serve the page until stopped; `browser` opens it."""
    player = Player()
    explore.build(player)
    life_page.build(player)
    batches_page.build()
    app.on_startup(player.ready)
    ui.run(
        host=host,
        port=port,
        title="Ceasefire",
        language="en-GB",
        dark=None,
        show=browser,
        reload=False,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=30.0,
        message_history_length=200,
    )
