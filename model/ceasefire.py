"""The Mesa model: one ceasefire, lived week by week by the agents of `model.agents`."""

from collections.abc import Mapping, Sequence

import mesa

from model import agents
from model.cast import fill_places, luck_kinds
from model.chronicle import Chronicle
from model.luck import Luck, check_word
from model.outcomes import read_outcomes
from model.register import Parameters
from model.scenario import Scenario
from model.series import Recorder
from model.terms import Command
from model.week import begin, week


class Ceasefire(mesa.Model):
    """One run of a scenario.

    The same scenario, seed and run give the same numbers, bit for bit: luck is addressed by (seed, run, week,
    purpose, actor), so no agent's luck depends on who else is there or on what the rules do. `classes` replaces
    agent classes by name, e.g. `{"Russia": MyRussia}`, to try a rule of one's own.
    """

    states: Sequence[agents.EuropeanState]
    us: agents.UnitedStates
    russia: agents.Russia
    ukraine: agents.Ukraine
    force: agents.ReassuranceForce
    europe: agents.Europe
    institutions: Sequence[agents.Institution]
    line: agents.Line

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 1,
        run: int = 0,
        record: bool = False,
        classes: Mapping[str, type[agents.Actor]] | None = None,
    ) -> None:
        """Build every agent from the register and the scenario; ValueError if seed or run leave [0, 2**32)."""
        check_word("seed", seed)
        super().__init__(rng=seed)
        self.setting = scenario
        self.seed = seed
        self.run = run
        self.parameters: Parameters = scenario.parameters()
        kinds = agents.choose_classes(classes)
        fill_places(self, scenario, lambda part: kinds[part.kind](self, part.name, part.code, **part.given))
        self.luck = Luck(seed, run, luck_kinds(scenario))
        begin(self, self.parameters, self.luck.week(0))
        self._recorder = Recorder() if record else None
        self.chronicle = Chronicle(self) if record else None

    @property
    def command(self) -> Command:
        """Who commands the force."""
        return Command(int(self.parameters.command.form))

    @property
    def series(self) -> dict[str, list[float]]:
        """The weekly record: a list of floats for each column of `model.series`; empty if not recorded."""
        return self._recorder.series if self._recorder else {}

    def step(self) -> None:
        """Live one week."""
        lasts = week(self, self.parameters, self.luck.week(int(self.line.week)))
        self.running = lasts and self.line.week < self.setting.weeks
        if self._recorder and self.chronicle:
            self._recorder.note(self)
            self.chronicle.note(self)

    def play(self) -> "Ceasefire":
        """Live to the horizon, or to renewed war."""
        while self.running:
            self.step()
        return self

    def outcomes(self) -> dict[str, float]:
        """What the run came to: every outcome of `model.outcomes`."""
        return read_outcomes(self)
