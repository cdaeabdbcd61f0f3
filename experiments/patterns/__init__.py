"""Patterns that must come out of the model: each measured by one function, with a pass rule that is fixed in advance.

Every function takes an engine, parameter sets (a prior's, a posterior's, or the one point) and a budget, and returns a
`Finding`. F1 to F6 and who breaks ceasefires are for fitting; F7 to F15 are checks, held out from any fit.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from experiments.patterns.aging import measure_aging, measure_base_rates, measure_breakers, measure_severity
from experiments.patterns.coalition import (
    measure_ceiling,
    measure_concentration,
    measure_inversion,
    measure_replacement,
)
from experiments.patterns.donbas import measure_donbas
from experiments.patterns.force import measure_bystander, measure_quality, measure_selection
from experiments.patterns.pattern import Budget, Finding, ParameterSets
from experiments.patterns.spending import measure_gradient, measure_uptake
from experiments.patterns.will import measure_lift, measure_withdrawal
from model.engine import Engine

__all__ = ["CHECKS", "Budget", "Finding", "Measure", "ParameterSets", "measure_all"]

type Measure = Callable[[Engine, ParameterSets, Budget | None], Finding]

CHECKS: dict[str, Measure] = {
    "F1": measure_aging,
    "F2": measure_base_rates,
    "F3": measure_severity,
    "F4": measure_donbas,
    "who": measure_breakers,
    "F5": measure_gradient,
    "F6": measure_uptake,
    "F7": measure_ceiling,
    "F8": measure_inversion,
    "F9": measure_concentration,
    "F10": measure_replacement,
    "F11": measure_quality,
    "F12": measure_selection,
    "F13": measure_bystander,
    "F14": measure_lift,
    "F15": measure_withdrawal,
}


def measure_all(
    engine: Engine,
    sets: ParameterSets,
    budget: Budget | None = None,
    checks: Mapping[str, Measure] = CHECKS,
    threads: int = 2,
) -> list[Finding]:
    """Every pattern, in order; threads change the time and not the numbers."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda measure: measure(engine, sets, budget), checks.values()))
