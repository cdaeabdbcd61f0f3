"""One life, at /life: a run of the plan in the address, stepped or played week by week."""

from fastapi import Request
from nicegui import ui

from experiments.chunks import Outcomes
from experiments.page.address import MISTAKES, Question, read_address, write_address
from experiments.page.elements import alert
from experiments.page.frame import STATIC, frame
from experiments.page.life import CANDIDATES, read_where
from experiments.page.life_view import View
from experiments.page.player import Player, Source, Urgency


def build(player: Player) -> None:
    """Serve the view at /life; runs are chosen among those that the player plays."""

    async def outcomes_of(question: Question) -> Outcomes:
        source = Source(question.parameters, question.rivals)
        return await player.runs(question.plan, source, CANDIDATES, Urgency.PICTURE)

    @ui.page("/life", title="One life \N{MIDDLE DOT} Ceasefire")
    def life(request: Request) -> None:
        for sheet in ("europe.css", "life.css"):
            ui.add_css((STATIC / sheet).read_text("utf-8"))
        try:
            question, where = read_address(request.query_params), read_where(request.query_params)
        except MISTAKES as error:
            with frame("/life", ""):
                alert(str(error))
                ui.link("Start again from the baseline", "/life")
            return
        with frame("/life", write_address(question)):
            View(question, where, outcomes_of)
