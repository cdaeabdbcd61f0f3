"""Past ceasefires played by the model: for each case and parameter set, how long it held and who broke it."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.design import ExperimentError
from experiments.patterns.pattern import ParameterSets
from model.engine import Engine
from model.outcomes import OUTCOMES
from model.scenario import Scenario, ScenarioError
from model.theatres import theatre_scenario

type Floats = NDArray[np.float64]

WEEKS = 574  # eleven years: ten after a consolidation, and ten from the start
APART = 10_000_000  # runs from one case to the next, so that no two have the same luck
READ = (
    *("weeks_held", "held", "broken_by", "consolidated", "weeks_to_consolidation"),
    *("renewed_war", "weeks_to_renewed_war", "fatal_incident", "weeks_to_fatal_incident", "bypassed", "direct_combat"),
)
EDGES = (4, 13, 26, 52, 104, 261, 522)  # weeks: a month, three, six, and 1, 2, 5, 10 years


def case_scenarios(frame: pd.DataFrame, weeks: int = WEEKS) -> list[Scenario]:
    """The scenario of each row of a table of cases. Raises ExperimentError, naming the case."""
    found = []
    for row in frame.to_dict("records"):
        try:
            found.append(theatre_scenario(str(row["case_id"]), {str(key): cell for key, cell in row.items()}, weeks))
        except (ScenarioError, ValueError) as error:
            raise ExperimentError(f"{row['case_id']}: {error}") from None
    return found


def play_cases(
    engine: Engine,
    scenarios: Sequence[Scenario],
    sets: ParameterSets,
    runs: int,
    seed: int,
    given: Mapping[str, float] | None = None,
    report: Callable[[int], None] = lambda _: None,
) -> dict[str, Floats]:
    """The outcomes in READ of `runs` runs of each set for each case, each of shape (cases, sets, runs).

    The luck of a set depends on the seed, the case and its place. `given` puts
    numbers on top of scenario and sets, beyond their ranges if need be. `report` hears of each case that is done.
    """
    places = [list(OUTCOMES).index(name) for name in READ]
    count = len(sets.values) * runs

    def one(case: int) -> Floats:
        columns = sets.columns(scenarios[case], runs)
        columns |= {name: np.full(count, value) for name, value in (given or {}).items()}
        found = engine.play(scenarios[case], seed, case * APART, count, columns)[:, places]
        report(case)
        return found.T.reshape(len(places), len(sets.values), runs)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        played = np.stack(list(pool.map(one, range(len(scenarios)))), axis=1)
    return dict(zip(READ, played, strict=True))


def interval_counts(played: Mapping[str, Floats]) -> Floats:
    """How many runs ended in each interval of EDGES, and in the last column not at all: (sets, cases, intervals)."""
    ended = np.where(played["held"] == 1.0, np.inf, played["weeks_held"])
    places = np.searchsorted(EDGES, ended, side="right")  # a collapse in week 3 comes before the end of week 4
    counts = np.stack([(places == place).sum(axis=2) for place in range(len(EDGES) + 1)], axis=2)
    return np.asarray(counts.transpose(1, 0, 2), float)


def interval_mask(days: Floats, event: Floats) -> Floats:
    """The intervals that go with what happened (0 or 1), of shape (cases, intervals).

    A case that ended lies in one; one that was censored may yet end in any interval whose end it has not seen.
    """
    weeks = np.asarray(days, float) / 7.0
    ends = np.array([*EDGES, np.inf])
    begins = np.array([0.0, *EDGES])
    ended = (weeks[:, None] >= begins) & (weeks[:, None] < ends)
    alive = ends > weeks[:, None]
    return np.where(np.asarray(event, float)[:, None] > 0.5, ended, alive).astype(float)
