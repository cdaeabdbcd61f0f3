"""The Mesa model: one ceasefire, lived week by week by the agents of `model.agents`."""

from collections.abc import Mapping, Sequence
from typing import Any

import mesa

from model import agents
from model.actors import (
    CouncilLuck,
    CrisisLuck,
    LineLuck,
    RussiaLuck,
    StateLuck,
    UkraineLuck,
    UnitedStatesLuck,
)
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
        own = dict(classes or {})

        def actor(kind: str, name: str, /, **given: float) -> Any:
            return own.get(kind, getattr(agents, kind))(self, name, **given)

        rows = scenario.state_rows()
        self.states: Sequence[agents.EuropeanState] = [_state(actor, row) for row in rows]
        american = scenario.us_row()
        self.us: agents.UnitedStates = actor(
            "UnitedStates",
            "United States",
            next_election=float(american["election_week"]),
            term_weeks=float(american["term_weeks"]),
        )
        self.russia: agents.Russia = actor("Russia", "Russia")
        self.ukraine: agents.Ukraine = actor("Ukraine", "Ukraine")
        self.force: agents.ReassuranceForce = actor("ReassuranceForce", "Reassurance force")
        self.europe: agents.Europe = actor("Europe", "Europe")
        self.institutions: Sequence[agents.Institution] = [
            actor(kind.__name__, kind.__name__, kind=float(command)) for command, kind in agents.INSTITUTIONS.items()
        ]
        self.line: agents.Line = actor("Line", "Line of contact")
        self.luck = Luck(
            seed,
            run,
            {
                "states": (StateLuck, [str(row["iso3"]) for row in rows]),
                "us": (UnitedStatesLuck, "USA"),
                "russia": (RussiaLuck, "RUS"),
                "ukraine": (UkraineLuck, "UKR"),
                "council": (CouncilLuck, "EU"),
                "line": (LineLuck, "LINE"),
                "crisis": (CrisisLuck, "WAR"),
            },
        )
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


def _state(actor: Any, row: Mapping[str, float | str]) -> agents.EuropeanState:
    """One state's agent from its row of the register."""
    given = {
        "gdp": row["gdp"],
        "growth": row["growth"],
        "debt": row["debt"],
        "land": row["land"],
        "nato": row["nato"],
        "eu": row["eu"],
        "nuclear": row["nuclear"],
        "stance": row["troops_stance"],
        "home_support": row["support"],
        "home_defence_support": row["defence_support"],
        "arms": row["arms"],
        "distance": row["distance_russia"],
        "home_border": row["home_border"],
        "orientation": row["orientation"],
        "obstruction": row["obstruction"],
        "envoy_access": row["envoy_access"],
        "pledge": row["pledge"],
        "defence": row["defence"],
        "defence_past": row["defence_past"],
        "next_election": row["election_week"],
        "term_weeks": row["term_weeks"],
    }
    state: agents.EuropeanState = actor("EuropeanState", str(row["name"]), **given)
    state.code = str(row["iso3"])
    return state
