"""The calibration problem: what the model makes of all evidence at given parameters."""

import inspect
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import linregress

from experiments.calibration.emulator import Evaluations
from experiments.chunks import digest, origin
from experiments.draws import draw_parameters, quantile
from experiments.evidence.targets import fitted_cases, load_targets
from experiments.history.runs import case_scenarios, interval_counts, interval_mask, play_cases
from experiments.patterns.donbas import AUTUMN, LATER, measure_discipline, measure_noise
from experiments.patterns.pattern import ParameterSets, traces
from experiments.patterns.peace import YEARS, breakers, incidence, since_consolidation, weibull_shape
from experiments.patterns.spending import decade, distances, national_paths
from model.engine import Engine
from model.register import Parameter, load_register
from model.scenario import Scenario

type Floats = NDArray[np.float64]

NEVER = 1000.0  # utility: what an attack costs where a backcast must live its years out
PEACE = {"russia.limited_cost": NEVER, "russia.renewed_cost": NEVER}


@dataclass(frozen=True)
class Effort:
    """Runs for each evaluation of a parameter set."""

    cases: int = 8
    final_cases: int = 48
    donbas: int = 10
    final_donbas: int = 20


# What is worked out from: a calibration that was stopped goes on only if none of it has changed.
MEASURES = (
    *("experiments.evidence.problem", "experiments.evidence.targets", "experiments.history.runs"),
    *(f"experiments.patterns.{name}" for name in ("donbas", "pattern", "peace", "spending")),
)

# Groups about which the evidence can say something. What Europe's governments, publics and institutions do in 2025
# has no counterpart in past ceasefires: those parameters keep their priors, and are drawn from them.
INFORMED = {
    *("agreement", "casualties", "ceasefire", "choice", "crisis", "economy", "force", "guarantee", "russia"),
    *("spending", "theatre", "threat", "ukraine", "violations"),
}


# What tells one past ceasefire from another. Seventy-five of them say less about seven such effects than their noise:
# fitted, they ranked held-out ceasefires worse than their priors do (decision 0020). They keep their priors too.
EFFECTS = {f"theatre.{name}" for name in ("capability", "rivalry", "settled", "weariness", "distance", "shadow")}
EFFECTS |= {"agreement.zone_warns"}


def inputs() -> list[Parameter]:
    """What is calibrated: the uncertainties of the informed groups but EFFECTS, in the order of the alphabet."""
    found = [entry for _, entry in sorted(load_register().items()) if entry.kind == "uncertainty"]
    return [entry for entry in found if entry.group in INFORMED and entry.name not in EFFECTS]


def sets_at(z: Floats) -> ParameterSets:
    """Parameter sets at standard normal coordinates z (n, d): the prior's quantiles."""
    entries = inputs()
    values = np.column_stack([quantile(entry, ndtr(z[:, place])) for place, entry in enumerate(entries)])
    return ParameterSets(tuple(entry.name for entry in entries), values)


def completed(sets: ParameterSets, seed: int) -> ParameterSets:
    """The sets with every other uncertainty drawn from its prior."""
    drawn = draw_parameters(load_register(), len(sets.values), seed)
    rest = [place for place, name in enumerate(drawn.names) if name not in sets.names]
    names = (*sets.names, *(drawn.names[place] for place in rest))
    return ParameterSets(names, np.hstack([sets.values, drawn.values[:, rest]]))


@dataclass(frozen=True)
class Evidence:
    """The model beside all evidence, for `experiments.calibration.waves.calibrate`."""

    engine: Engine
    effort: Effort = field(default_factory=Effort)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the inputs."""
        return tuple(entry.name for entry in inputs())

    @cached_property
    def observed(self) -> Floats:
        """Targets (summaries,) on their scales."""
        return np.array([float(target.on_scale(np.array(target.value))) for target in load_targets()])

    @cached_property
    def sd(self) -> Floats:
        """Their standard deviations (summaries,)."""
        return np.array([target.sd for target in load_targets()])

    @cached_property
    def mask(self) -> Floats:
        """What each past ceasefire of the core sample did: (cases, intervals)."""
        frame = fitted_cases().chosen("strict")
        return interval_mask(frame["t"].to_numpy(), frame["event"].to_numpy())

    @cached_property
    def identity(self) -> str:
        """Model, arithmetic, what is measured and how, targets, cases and effort."""
        measured = [inspect.getsource(import_module(name)) for name in MEASURES]
        told = [[*map(str, target)] for target in load_targets()]
        frame = fitted_cases().chosen("strict").to_csv()
        priors = [entry.model_dump(mode="json") for entry in inputs()]
        return digest([*origin(), measured, told, frame, priors, vars(self.effort)])

    @cached_property
    def _scenarios(self) -> list[Scenario]:
        return case_scenarios(fitted_cases().chosen("strict"))

    @cached_property
    def _interstate(self) -> NDArray[np.bool_]:
        frame = fitted_cases().chosen("strict")
        return np.asarray(frame["case_class"] == "interstate")

    def simulate(self, z: Floats, wave: int, seed: int, final: bool = False) -> Evaluations:
        """Summaries on their scales with the variance of their noise, and how past ceasefires ended."""
        luck = seed % 2**32
        sets = completed(sets_at(z), luck)
        runs = self.effort.final_cases if final else self.effort.cases
        donbas = (self.effort.final_donbas if final else self.effort.donbas) // 2
        with ThreadPoolExecutor(2) as pool:
            others = [pool.submit(self._backcasts, sets, donbas, luck ^ half) for half in (0, 1)]
            played = play_cases(self.engine, self._scenarios, sets, runs, luck)
        halves = []
        for half, other in enumerate(others):
            peace = self._peace({name: values[:, :, half::2] for name, values in played.items()})
            halves.append(self._on_scales(peace | other.result()))
        noise = np.square(halves[0] - halves[1]).mean(axis=0) / 4.0
        whole = (halves[0] + halves[1]) / 2.0
        together = self._on_scales(self._peace(played), partly=True)
        whole[:, : together.shape[1]] = together
        return Evaluations(whole, np.tile(noise, (len(z), 1)), interval_counts(played))

    def _peace(self, played: Mapping[str, Floats]) -> dict[str, Floats]:
        """F1 to F3 over the theatres of wars between states, and who broke it over all, each (sets,)."""
        interstate = {name: values[self._interstate] for name, values in played.items()}
        shape = weibull_shape(*since_consolidation(interstate, "war"))
        found = {"shape": np.where(np.isfinite(shape), shape, 1.0)}  # too few to tell
        for key, what in (("renewed", "war"), ("fatal", "fatal_incident")):
            shares = incidence(*since_consolidation(interstate, what))
            shares = np.where(np.isfinite(shares), shares, 0.5)  # nothing was ever consolidated: as far off as can be
            found |= {f"{key}_{year}": np.maximum(shares[:, place], 0.003) for place, year in enumerate(YEARS)}
        defender, both = breakers(played["broken_by"])
        return found | {"defender_share": np.nan_to_num(defender), "both_share": np.nan_to_num(both)}

    def _backcasts(self, sets: ParameterSets, runs: int, seed: int) -> dict[str, Floats]:
        """F4 to F6, each (sets,)."""
        noise = measure_noise(self.engine, sets, runs, seed)
        later = measure_discipline(self.engine, sets, noise.violations, max(runs // 2, 1), seed)
        profile = noise.profile
        found = {
            "violations": noise.violations,
            "scatter": noise.scatter,
            "dead": np.maximum(noise.dead, 0.05),
            "recommitments": np.maximum(noise.recommitments, 0.1),
            "week_1": profile[:, 0],
            "week_2": profile[:, 1],
            "weeks_3_4": profile[:, 2:4].mean(axis=1),
            "weeks_5_8": profile[:, 4:8].mean(axis=1),
            "july_2020": later[:, :AUTUMN].mean(axis=1),
            "july_2020_later": later[:, 33:LATER].mean(axis=1),
        }
        gradient, uptake = np.empty(len(sets.values)), np.empty(len(sets.values))
        peaceful = sets
        for name, value in PEACE.items():
            peaceful = peaceful.fixed(name, value)
        scenario = decade()
        for place, weeks in traces(self.engine, scenario, peaceful, 1, seed):
            paths = national_paths(scenario, weeks)
            gradient[place] = linregress(distances(scenario), paths[-1] - paths[0]).slope
            uptake[place] = paths[-1].mean()
        return found | {"gradient": gradient, "uptake": uptake}

    def _on_scales(self, measured: Mapping[str, Floats], partly: bool = False) -> Floats:
        """Columns of the targets; `partly`, of the first ones alone, which are all that was measured."""
        found = [target for target in load_targets() if not partly or target.name in measured]
        return np.column_stack([target.on_scale(measured[target.name]) for target in found])
