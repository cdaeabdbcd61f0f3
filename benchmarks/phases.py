"""The states' weekly loop twice: the model's own rules compiled, and a vectorised NumPy twin written by hand.

The loop is the publics' phase, procurement and the contingents' fatigue; all other actors stand still. Both start
from one world of the model and get the same luck, each laid out as suits it best.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from model.actors import Luck
from model.cast import luck_kinds
from model.engine import Engine
from model.engine.kernel import World
from model.engine.layout import allot, lay_out, parameter_rows
from model.engine.linking import on_stack
from model.luck import actor_number, purpose_number, uniform
from model.register import Parameters
from model.rules import maths
from model.scenario import Scenario
from model.terms import Act, Commitment
from model.week import publics

type Floats = NDArray[np.float64]

BEFORE = 60  # weeks that the model lives before the loop: troops are there by then
PURPOSES = ("opinion", "defence_opinion", "hardship", "election", "consensus")
CHANGING = (
    *("threat", "threat_change", "hardship", "leaning", "rally", "support", "defence_support", "consensus"),
    *("government", "backlog", "joint_backlog", "stock", "fatigue", "mourned", "next_election"),
)  # the state variables that the loop sets


class Stage(NamedTuple):
    """The world before the loop, and the luck of all weeks of all runs."""

    scenario: Scenario
    world: np.void  # a record of records, as `Engine.trace` gives it
    luck: NDArray[np.void]  # of shape (weeks, runs, states), for the compiled loop
    purposes: dict[str, Floats]  # the same, an array for each purpose, for NumPy


def set_stage(scenario: Scenario, weeks: int, runs: int) -> Stage:
    """Live the weeks before the loop, and deal its luck."""
    before = scenario.with_settings({"weeks": BEFORE})
    world = Engine().trace(before, seed=1, run=0)[-1]
    shape, codes = luck_kinds(scenario)["states"]
    luck = uniform(
        np.uint64(1),
        np.arange(runs, dtype=np.uint64)[None, :, None, None],
        np.arange(BEFORE, BEFORE + weeks, dtype=np.uint64)[:, None, None, None],
        np.array([purpose_number(name) for name in shape._fields], np.uint64),
        np.array([actor_number(code) for code in codes], np.uint64)[:, None],
    )
    records = np.ascontiguousarray(luck).view(lay_out(scenario).luck["states"][0])[..., 0]
    return Stage(scenario, world, records, {name: np.ascontiguousarray(records[name]) for name in PURPOSES})


def play_compiled(stage: Stage, loop: Any) -> NDArray[np.void]:
    """The states after the loop, of shape (runs, states); `loop` comes from `build_loop`."""
    places = lay_out(stage.scenario)
    world, luck = allot(places.places), allot(places.luck)
    start = np.frombuffer(stage.world.tobytes())
    ends = np.zeros(stage.luck.shape[1:], world.records[0].dtype)
    parameters = parameter_rows(stage.scenario, {}, len(ends))
    loop(parameters, start, world.flat, world.records, luck.records, stage.luck, ends)
    return ends


def build_loop() -> Any:
    """The loop over the model's own rules, to be compiled at its first call."""
    Engine()  # hands the rules to Numba

    def loop(parameters, start, flat, actors, luck, dealt, ends):  # type: ignore[no-untyped-def]
        p = on_stack(parameters[0])
        world: Any = World(
            actors[0], actors[1][0], actors[2][0], actors[3][0], actors[4][0], actors[5][0], actors[6], actors[7][0], p
        )
        for run in range(ends.shape[0]):
            for place in range(flat.shape[0]):
                flat[place] = start[place]
            for t in range(dealt.shape[0]):
                its = Luck(dealt[t, run], luck[1][0], luck[2][0], luck[3][0], luck[4][0], luck[5][0], luck[6][0])
                publics(world, p, its)
                for state in world.states:
                    state.procure(world.europe, p)
                    state.tire(p)
                world.line.week = world.line.week + 1.0
            for place in range(ends.shape[1]):
                ends[run, place] = world.states[place]

    return njit(nogil=True)(loop)


def play_numpy(stage: Stage) -> dict[str, Floats]:
    """The changing variables of the states after the loop, each of shape (runs, states)."""
    weeks, runs = stage.luck.shape[:2]
    twin = NumpyTwin(stage.world, stage.scenario.parameters(), runs)
    for t in range(weeks):
        twin.live({name: dealt[t] for name, dealt in stage.purposes.items()})
    return twin.states


class NumpyTwin:
    """The loop by hand over arrays of shape (runs, states); what differs between runs only, (runs, 1)."""

    def __init__(self, world: np.void, p: Parameters, runs: int) -> None:
        """Spread one world over all runs."""
        self.p = p
        self.given = world["states"]
        self.states = {name: np.tile(world["states"][name], (runs, 1)) for name in CHANGING}
        self.line = {name: np.full((runs, 1), world["line"][name][0]) for name in ("alarm", "menace")}
        self.force = {name: np.full((runs, 1), world["force"][name][0]) for name in ("success", "attacked")}
        self.russia = {name: np.full((runs, 1), world["russia"][name][0]) for name in ("act", "strength")}
        self.joint_share = np.full((runs, 1), world["europe"]["joint_share"][0])
        self.week = float(world["line"]["week"][0])

    def live(self, luck: dict[str, Floats]) -> None:
        """Live one week."""
        self.loom()
        self.feel(luck)
        self.sway(luck)
        self.quarrel(luck)
        self.elect(luck)
        self.procure()
        self.tire()
        self.week += 1.0

    def loom(self) -> None:
        """Menace, and each state's threat."""
        p, line, states = self.p.threat, self.line, self.states
        act = self.russia["act"]
        hostile = np.where(act >= Act.LIMITED, 1.0, np.where(act == Act.PROBE, p.alarm_probe, 0.0))
        line["alarm"] = np.maximum(hostile, line["alarm"] * maths.half_life_keep(p.alarm_half_life))
        strength = p.strength_weight * self.russia["strength"] / self.p.russia.strength_full
        target = strength + (1.0 - p.strength_weight) * line["alarm"]
        line["menace"] = np.clip(line["menace"] + p.rate * (target - line["menace"]), 0.0, 1.0)
        threat = line["menace"] * self.given["nearness"]
        states["threat_change"] = threat - states["threat"]
        states["threat"] = threat

    def feel(self, luck: dict[str, Floats]) -> None:
        """Hardship."""
        keep = maths.half_life_keep(self.p.economy.half_life)
        drawn = np.sqrt(1.0 - keep * keep) * normal(luck["hardship"])
        self.states["hardship"] = keep * self.states["hardship"] + drawn

    def sway(self, luck: dict[str, Floats]) -> None:
        """Support for troops and for defence."""
        o, given, states, force = self.p.opinion, self.given, self.states, self.force
        home = given["home_support"] - o.hardship_effect * states["hardship"]
        if self.p.force.commitment == Commitment.TREATY:
            home = home + o.treaty_lift
        deaths = np.log((1.0 + given["dead"]) / (1.0 + states["mourned"])) / np.log(o.casualty_fold)
        states["mourned"] = np.broadcast_to(given["dead"], states["mourned"].shape)
        change = (
            o.reversion * (home - states["leaning"])
            + o.threat_effect * states["threat_change"]
            - o.casualty_effect * (1.0 - o.success_softens * force["success"]) * deaths
            - o.fatigue_effect * states["fatigue"] / self.p.calendar.weeks_per_year
            + o.noise * normal(luck["opinion"])
        )
        states["leaning"] = np.clip(states["leaning"] + change, 0.0, 100.0)
        rally = states["rally"] * maths.half_life_keep(o.rally_half_life)
        rallies = (force["attacked"] == 1.0) & (states["consensus"] == 1.0) & (given["contributing"] == 1.0)
        states["rally"] = np.where(rallies, np.maximum(rally, o.rally), rally)
        states["support"] = np.clip(states["leaning"] + states["rally"], 0.0, 100.0)
        home = (
            given["home_defence_support"]
            - o.thermostat * (given["defence"] - given["defence_first"])
            - o.hardship_effect_defence * states["hardship"]
        )
        change = (
            o.reversion * (home - states["defence_support"])
            + o.threat_effect * states["threat_change"]
            + o.noise * normal(luck["defence_opinion"])
        )
        states["defence_support"] = np.clip(states["defence_support"] + change, 0.0, 100.0)

    def quarrel(self, luck: dict[str, Floats]) -> None:
        """Consensus."""
        q, consensus = self.p.politics, self.states["consensus"]
        lean = (self.states["support"] - q.balance) / q.points
        agreed = consensus == 1.0
        hazard = np.where(agreed, q.defection, q.reunion) * np.exp(np.where(agreed, -lean, lean))
        consensus[happens(luck["consensus"], hazard)] = 2.0  # those whose mind changes
        np.copyto(consensus, np.where(agreed, 0.0, 1.0), where=consensus == 2.0)

    def elect(self, luck: dict[str, Floats]) -> None:
        """Elections, which come in the same week in every run."""
        q, states = self.p.politics, self.states
        for place in np.flatnonzero(self.week >= states["next_election"][0]):
            states["next_election"][:, place] += self.given["term_weeks"][place]
            support = states["support"][:, place]
            wanted = (support - q.balance) / q.swing
            kept = q.continuity * states["government"][:, place] + (1.0 - q.continuity) * wanted
            drawn = q.personality * normal(luck["election"][:, place])
            states["government"][:, place] = np.clip(kept + drawn, -1.0, 1.0)
            states["consensus"][support >= q.balance, place] = 1.0

    def procure(self) -> None:
        """Orders and deliveries."""
        q, c, given, states = self.p.procurement, self.p.calendar, self.given, self.states
        weeks = c.weeks_per_year
        money = given["defence"] / 100.0 * given["gdp"] * c.eur_per_usd * q.equipment_share / weeks
        joint = self.joint_share * given["eu"]
        backlog = states["backlog"] + money * (1.0 - joint)
        joint_backlog = states["joint_backlog"] + money * joint
        delivered = backlog / (q.lag * weeks)
        delivered_jointly = joint_backlog / (q.lag * q.joint_delay * weeks)
        states["backlog"] = backlog - delivered
        states["joint_backlog"] = joint_backlog - delivered_jointly
        worn = states["stock"] * q.wear / weeks
        states["stock"] = states["stock"] + delivered + delivered_jointly * (1.0 + q.joint_saving) - worn

    def tire(self) -> None:
        """Fatigue."""
        f, given, fatigue = self.p.force, self.given, self.states["fatigue"]
        supply = given["supply"]
        stretch = np.where(supply > 0.0, given["deployed"] / np.where(supply > 0.0, supply, 1.0), 0.0)
        change = f.tiring * stretch - f.healing * fatigue
        self.states["fatigue"] = np.clip(fatigue + change / self.p.calendar.weeks_per_year, 0.0, 1.0)


def normal(u: Floats) -> Floats:
    """Standard normal quantile; the polynomials are the model's, which work on arrays as well."""
    kept = np.clip(u, maths.LEAST, maths.MOST)
    q = kept - 0.5
    z: Any = q * maths._normal_centre(0.180625 - q * q)  # type: ignore[arg-type]
    far = np.abs(q) > 0.425
    r: Any = np.sqrt(-np.log(np.minimum(kept[far], 1.0 - kept[far])))
    size = np.where(r <= 5.0, maths._normal_shoulder(r - 1.6), maths._normal_tail(r - 5.0))
    z[far] = np.copysign(size, q[far])
    return np.asarray(z)


def happens(u: Floats, rate: Floats) -> NDArray[np.bool_]:
    """Whether there is at least one event."""
    found = u < rate
    found[found] = u[found] < -np.expm1(-rate[found])
    return found
