"""One life, at /life: a run of the plan in the address, stepped or played week by week."""

import asyncio

from fastapi import Request
from nicegui import ui

from experiments.chunks import Outcomes
from experiments.design import ExperimentError
from experiments.page.address import Question, read_address, write_address
from experiments.page.frame import STATIC, frame
from experiments.page.life import play_candidates, read_where
from experiments.page.life_view import View
from experiments.page.life_widgets import say_wrong
from model.scenario import ScenarioError


async def outcomes_of(question: Question) -> Outcomes:
    """Outcomes of the runs among which a visitor can pick, played in a thread."""
    return await asyncio.to_thread(play_candidates, question)


@ui.page("/life", title="One life \N{MIDDLE DOT} Ceasefire")
def life_page(request: Request) -> None:
    """The view, or what is wrong with its address."""
    for sheet in ("europe.css", "life.css"):
        ui.add_css((STATIC / sheet).read_text("utf-8"))
    try:
        question, where = read_address(request.query_params), read_where(request.query_params)
    except (ScenarioError, ExperimentError) as error:
        with frame("/life", ""):
            say_wrong(str(error))
            ui.link("Start again from the baseline", "/life")
        return
    with frame("/life", write_address(question)):
        View(question, where, outcomes_of)
