"""One run of a plan, lived week by week by the Mesa model itself: which one, and what is kept of each week."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from experiments.batch import one_of
from experiments.chunks import Outcomes
from experiments.design import MOST_RUNS, ExperimentError
from experiments.page.address import Question
from experiments.page.player import SEED, Source, draws_of
from model.ceasefire import Ceasefire
from model.chronicle import Event
from model.outcomes import OUTCOMES
from model.register import load_register
from model.scenario import Scenario
from model.terms import Status

type Which = Literal["typical", "worst", "collapsed"]

WHICH: tuple[Which, ...] = get_args(Which.__value__)
CANDIDATES = 500  # runs among which one is chosen
MIDDLE = ("weeks_held", "deaths", "troops_peak", "violations_per_week", "territory_km2")  # of what is typical
ACTORS = {  # what is kept of each week, by actor
    "line": ("status", "violations_russia", "violations_ukraine", "blame", "deaths", "territory", "trust",
             "quiet_weeks", "broken_by", "wider_war"),
    "russia": ("act", "win_full", "win_limited", "belief", "fear_europe", "fear_us", "window", "comply_value",
               "probe_value", "limited_value", "renewed_value", "probe_chance", "limited_chance", "renewed_chance",
               "strength", "probes", "probes_answered"),
    "ukraine": ("act", "confidence", "restraint", "win_limited", "probe_value", "limited_value", "probe_chance",
                "limited_chance", "strength", "funding"),
    "us": ("form", "present", "readiness", "attention", "regime", "belief_russia", "belief_europe", "support", "burden",
           "next_election"),
    "force": ("asked", "troops", "pledged", "contributors", "effective", "fatigue", "authorised", "mandate_end",
              "start_week", "dead", "success", "turning"),
}  # fmt: skip
STATE = ("deployed", "pledged", "contributing", "support", "consensus", "government", "defence", "fatigue",
         "will_to_send")  # fmt: skip
PLACES = {
    f"{actor}.{name}": place
    for place, (actor, name) in enumerate((actor, name) for actor, names in ACTORS.items() for name in names)
}


@dataclass(frozen=True, slots=True)
class Week:
    """What is kept of a week: three kilobytes, not the model."""

    number: int  # as in the weekly record: the first is week 0
    told: int  # events of the chronicle so far
    values: NDArray[np.float64]  # as PLACES says
    states: NDArray[np.float64]  # (states, len(STATE))

    def __getitem__(self, name: str) -> float:
        """A state variable by its dotted name, such as russia.belief."""
        return float(self.values[PLACES[name]])

    def of_states(self, name: str) -> NDArray[np.float64]:
        """A variable of every state, in the order of the life's states."""
        found: NDArray[np.float64] = self.states[:, STATE.index(name)]
        return found

    @property
    def status(self) -> Status:
        """Status of the ceasefire at the end of the week."""
        return Status(int(self["line.status"]))

    @property
    def violations(self) -> float:
        """Of both sides, this week."""
        return self["line.violations_russia"] + self["line.violations_ukraine"]


class Life:
    """A run that is played as far as somebody has looked, and can be looked at again from its first week."""

    def __init__(self, question: Question, run: int) -> None:
        """Draw what this run of a batch draws, and live the first week."""
        self.question, self.run = question, run
        self.scenario = scenario_of(question, run)
        self.world = Ceasefire(self.scenario, seed=SEED, run=run, record=True)
        self.codes = tuple(state.code for state in self.world.states)
        self.names = tuple(state.name for state in self.world.states)
        self.weeks: list[Week] = []
        self.go(0)

    @property
    def last(self) -> int:
        """The last week there can be: the horizon, or the week in which war was renewed, once it is known."""
        return self.scenario.weeks - 1 if self.world.running else len(self.weeks) - 1

    def go(self, week: int) -> Week:
        """The week, or the last one if the run ends before; played if it has not been yet."""
        while len(self.weeks) <= week and (self.world.running or not self.weeks):
            self.world.step()
            self.weeks.append(self._note())
        return self.weeks[min(max(week, 0), len(self.weeks) - 1)]

    def events(self, week: Week) -> list[Event]:
        """What the chronicle has told by then, the newest first."""
        told = self.world.chronicle.events if self.world.chronicle else []
        return told[: week.told][::-1]

    def numbers(self, week: Week, name: str) -> dict[str, float]:
        """A variable of every state by its ISO 3166 code."""
        return dict(zip(self.codes, week.of_states(name).tolist(), strict=True))

    def _note(self) -> Week:
        world = self.world
        return Week(
            len(self.weeks),
            len(world.chronicle.events) if world.chronicle else 0,
            np.array([getattr(getattr(world, actor), name) for actor, names in ACTORS.items() for name in names]),
            np.array([[getattr(state, name) for name in STATE] for state in world.states]),
        )


@dataclass(frozen=True)
class Where:
    """What an address says of a life; no run means a typical one."""

    run: int | None = None
    at: int = 0


def read_where(query: Mapping[str, str]) -> Where:
    """The run and the week of an address. Raises ExperimentError."""
    run = query.get("run")
    return Where(None if run is None else whole("run", run, MOST_RUNS - 1), whole("at", query.get("at", "0"), 10**6))


def whole(name: str, text: str, most: int) -> int:
    """A whole number from 0 to `most`. Raises ExperimentError."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
    if not 0 <= number <= most:
        raise ExperimentError(f"{name}: {text[:40]!r} is not allowed; a whole number from 0 to {most:,}")
    return number


def scenario_of(question: Question, run: int) -> Scenario:
    """The plan with what this run of a batch of the page draws, rival theories included if they are drawn."""
    draws = draws_of(Source(question.parameters, question.rivals))
    if draws is None:
        return question.plan
    entries = load_register()
    found: dict[str, object] = {}
    for name, values in draws(run).columns_for(question.plan, run, 1).items():
        value, entry = float(values[0]), entries[name]
        if entry.options is not None:
            found[name] = entry.options[int(value)]
        else:
            found[name] = value >= 0.5 if isinstance(entry.value, bool) else value
    return question.plan.with_settings(found)


def choose(outcomes: Outcomes, which: str) -> int:
    """The run to live, of a table with a row a run and a column for each of OUTCOMES.

    typical: of the runs that end as most do (held or not), the one nearest the middle in MIDDLE, by rank. worst: most
    soldiers killed, and of those the soonest to collapse. collapsed: the first by number that did. Raises
    ExperimentError if there is none.
    """
    one_of("run", which, WHICH)
    column = {name: outcomes[:, place] for place, name in enumerate(OUTCOMES)}
    fell = column["collapse"] > 0.0
    if which == "collapsed":
        if not fell.any():
            raise ExperimentError(f"run: the ceasefire collapsed in none of {len(outcomes):,} runs")
        return int(np.argmax(fell))
    if which == "worst":
        return int(np.lexsort((column["weeks_held"], -column["deaths"]))[0])
    usual = np.flatnonzero(fell == (fell.mean() > 0.5))
    ranks = np.stack([_ranks(column[name][usual]) for name in MIDDLE])
    return int(usual[np.argmin(((ranks - 0.5) ** 2).sum(axis=0))])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Middle ranks from 0 to 1; equal values have equal ranks."""
    order = np.sort(values)
    low, high = np.searchsorted(order, values, "left"), np.searchsorted(order, values, "right")
    return (low + high) / (2.0 * len(values))
