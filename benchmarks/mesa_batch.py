"""The model as users of Mesa run a batch: the contender that the compiled engine has to beat."""

from typing import Any

from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector

from model.ceasefire import Ceasefire
from model.outcomes import OUTCOMES
from model.scenario import Scenario

REPORTED = ("held", "deaths", "support", "cost_force_eur_bn", "belief_russia")


class BatchModel(Ceasefire):
    """The model as `mesa.batch_run` wants it: keywords, and a data collector, here read once at the end."""

    def __init__(self, scenario: Scenario, run: int, rng: int = 1) -> None:
        """Build one run; `rng` is Mesa's name for the seed."""
        super().__init__(scenario, rng, run)
        self.datacollector = DataCollector({name: OUTCOMES[name].read for name in REPORTED})

    def step(self) -> None:
        """Live one week; the last one is collected."""
        super().step()
        if not self.running:
            self.datacollector.collect(self)


def play_with_mesa(scenario: Scenario, count: int, processes: int) -> list[dict[str, Any]]:
    """Runs by `mesa.batch_run`, which sets how this process starts others and returns runs as they come."""
    found: list[dict[str, Any]] = batch_run(
        BatchModel,
        {"scenario": [scenario], "run": range(count)},
        number_processes=processes,
        rng=[1],
        max_steps=scenario.weeks,
        display_progress=False,
    )
    return found
