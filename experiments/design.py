"""Experiments as data: a TOML file names the cells, the runs and the figures of one question."""

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from experiments.needs import check_figures
from experiments.points import SAMPLE, Axis, Sample, draw_points, read_axes, scenario_at
from experiments.schema import STRICT, Settings, Value, dotted
from experiments.weekly import Weekly
from model.luck import LIMIT
from model.outcomes import OUTCOMES
from model.register import did_you_mean, load_register, load_states, nearest, one_line, parse_toml, show
from model.scenario import Scenario, ScenarioError, load_scenario

Grid = Annotated[dict[str, Annotated[list[Value], Field(min_length=1)]], BeforeValidator(dotted)]
Figure = Literal[
    "heatmap", "tail", "survival", "risks", "doses", "effects", "pareto", "fans", "tiles", "contributions", "tornado",
    "worlds", "box", "variance",
]  # fmt: skip
Parameters = Literal["posterior", "prior", "point"]

BUNDLED = files("experiments")
MOST_RUNS = 1_000_000
MOST_CELLS = 100_000
MOST_VALUES = 15_000_000  # of all points of a sample, about a gigabyte


class ExperimentError(ValueError):
    """One line for the user: file, key, what was wrong, what is allowed, the nearest name."""

    def __init__(self, message: str) -> None:
        """Keep the message on one line."""
        super().__init__(one_line(message))


@dataclass(frozen=True)
class Cell:
    """One point of the design: its name, the settings that make it differ, and the scenario it runs."""

    label: str
    arm: str  # "" for the main grid, "sample" for the points of a sample
    settings: Settings
    scenario: Scenario

    def value(self, name: str) -> Value:
        """What a dotted setting is in this cell, whether or not the cell is the one that sets it."""
        if name in self.settings:
            return self.settings[name]
        found = self.scenario.settings().get(name)
        if found is None and name.startswith("states."):
            _, iso3, column = name.split(".")
            found = load_states()[iso3][column]
        if found is None:
            found = load_register()[name].value
        if isinstance(found, bool | int | float | str):
            return found
        return " ".join(found) if isinstance(found, tuple) else str(found)


class Arm(BaseModel):
    """Cells beside the main grid, with settings and a grid of their own."""

    model_config = STRICT

    label: Annotated[str, Field(min_length=1)]
    set: Settings = {}
    grid: Grid = {}

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> Self:
        _check_axes(self.set, self.grid)
        return self


class Experiment(BaseModel):
    """One experiment: a question, its cells, its runs, and what to show of them."""

    model_config = STRICT

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    question: Literal["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10"]
    title: Annotated[str, Field(min_length=1)]
    about: Annotated[str, Field(min_length=1)]
    plan: str = ""  # what will be compared with what, and what would count as an answer; written before the runs
    scenario: str = "baseline"
    weeks: int | None = None  # None: as in the scenario
    roster: str | list[str] | None = None  # None: as in the scenario
    runs: Annotated[int, Field(ge=1, le=MOST_RUNS)] = 100
    seed: Annotated[int, Field(ge=0, lt=LIMIT)] = 1
    parameters: Parameters = "posterior"
    switches: bool = False  # unless "point": draw the rival theories as well
    set: Settings = {}
    grid: Grid = {}
    arms: list[Arm] = []
    sample: Sample | None = None
    outcomes: Annotated[list[str], Field(min_length=1)] = ["held", "renewed_war", "direct_combat", "deaths"]
    figures: list[Figure] = []
    survival: Grid = {}  # the part of the grid that the survival figure shows; all of it when empty
    versus: str = ""  # label of the cell that all others are compared with, run by run; none when empty
    weekly: Weekly | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_axes(self.set, self.grid)
        if not self.grid and not self.arms and not self.sample:
            raise ValueError("grid: an experiment needs a grid, at least one of [[arms]], or a [sample]")
        if self.sample:
            self._check_sample(self.sample)
        labels = [arm.label for arm in self.arms]
        if len(set(labels)) != len(labels):
            raise ValueError("arms: two arms have the same label")
        for key, listed in (("outcomes", self.outcomes), ("figures", self.figures)):
            if len(set(listed)) != len(listed):
                raise ValueError(f"{key}: one is there twice")
        for name in self.outcomes:
            if name not in OUTCOMES:
                raise ValueError(f"outcomes: unknown outcome {show(name)}{did_you_mean(nearest(name, OUTCOMES))}")
        for name, values in self.survival.items():
            missing = [value for value in values if value not in self.grid.get(name, [])]
            if missing:
                raise ValueError(f"survival: {name}: {show(missing[0])} is not in the grid")
        check_figures(self)
        if self.switches and self.parameters == "point":
            raise ValueError('switches: drawing switches needs parameters = "posterior" or "prior"')
        return self

    def _check_sample(self, sample: Sample) -> None:
        fixed = {*self.set, *(name for name in ("weeks", "roster") if getattr(self, name) is not None)}
        for name in sample.over:
            if name in fixed or name in self.grid:
                where = "is set" if name in fixed else "is in the grid"
                raise ValueError(f"sample.over: {name} {where} as well; say it in one place")
        if SAMPLE in [arm.label for arm in self.arms]:
            raise ValueError(f"arms: the label {show(SAMPLE)} is that of the points of [sample]; choose another")

    def levers(self) -> list[str]:
        """Dotted names of everything that the file lets differ from cell to cell, in its order.

        What a sample varies by kind alone, hundreds of settings, is in each point's settings only.
        """
        names = dict.fromkeys(self.grid)
        for arm in self.arms:
            names.update(dict.fromkeys([*arm.set, *arm.grid]))
        return list(names | dict.fromkeys(self.sample.over if self.sample else ()))

    def cells(self, source: str = "") -> list[Cell]:
        """All cells: the full factorial grid, the arms, the points of the sample.

        Raises ExperimentError; `source` opens its message.
        """
        source = source or self.name
        shared: dict[str, object] = dict(self.set)
        shared.update({k: v for k, v in (("weeks", self.weeks), ("roster", self.roster)) if v is not None})
        try:
            base = load_scenario(self.scenario)
        except ScenarioError as error:
            raise ExperimentError(f"{source}: scenario: {error}") from None
        try:
            base = base.with_settings(shared, source)
            axes = read_axes(self.sample, base, self.levers(), source) if self.sample else []
            self._check_count(len(axes), source)
            cells = list(_expand(base, "", {}, self.grid, source)) if self.grid else []
            for arm in self.arms:
                cells.extend(_expand(base, arm.label, arm.set, arm.grid, source))
            if self.sample:
                cells.extend(_points(base, self.sample, axes, self.seed, source))
        except ScenarioError as error:
            raise ExperimentError(str(error)) from None
        self._check_names([cell.label for cell in cells], source)
        return cells

    def _check_names(self, labels: list[str], source: str) -> None:
        """Refuse two cells with one name, and names of cells that there are not."""
        label, times = Counter(labels).most_common(1)[0]
        if times > 1:
            raise ExperimentError(f"{source}: two cells are both called {show(label)}; change a value or a label")
        recorded = self.weekly.cells if self.weekly else []
        for key, label in (("versus", self.versus), *(("weekly.cells", label) for label in recorded)):
            if label and label not in labels:
                hint = did_you_mean(nearest(label, labels))
                raise ExperimentError(f"{source}: {key}: no cell is called {show(label)}{hint}")

    def _check_count(self, axes: int, source: str) -> None:
        """Refuse more cells than anybody can wait for, before they are made."""
        points = self.sample.count(axes) if self.sample else 0
        if points > MOST_CELLS:
            reason = f"{axes} settings make {points:,} points; at most {MOST_CELLS:,}"
            raise ExperimentError(f"{source}: sample.points: {reason}")
        if points * axes > MOST_VALUES:
            reason = f"{points:,} points of {axes} settings have {points * axes:,} values; at most {MOST_VALUES:,}"
            raise ExperimentError(f"{source}: sample.points: {reason}")
        grids = {"grid": self.grid} | {f"arms: {arm.label}": arm.grid for arm in self.arms}
        for key, grid in grids.items():
            if (size := math.prod(map(len, grid.values()))) > MOST_CELLS:
                raise ExperimentError(f"{source}: {key}: {size:,} cells; at most {MOST_CELLS:,}")


TABLES: dict[str, type[BaseModel]] = {"arms": Arm, "sample": Sample, "weekly": Weekly}


def load_experiment(name_or_path: str) -> tuple[Experiment, str]:
    """A bundled experiment by name, or the one in a file, and the file's name for messages.

    Raises ExperimentError.
    """
    source, file = _find(name_or_path)
    try:
        raw = parse_toml(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        names = list_experiments()
        hint = did_you_mean(nearest(Path(source).stem, names))
        raise ExperimentError(f"{source}: no such experiment{hint}; bundled: {', '.join(names)}") from None
    except OSError as error:
        raise ExperimentError(f"{source}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ExperimentError(f"{source}: {error}") from None
    try:
        return Experiment.model_validate(raw), source
    except ValidationError as error:
        raise ExperimentError(f"{source}: {_explain(error, raw)}") from None


def list_experiments() -> list[str]:
    """Names of the bundled experiments."""
    return sorted(file.name.removesuffix(".toml") for file in BUNDLED.iterdir() if file.name.endswith(".toml"))


def _find(name_or_path: str) -> tuple[str, Traversable]:
    """The source to name in messages and the file: a path has a slash or ends in .toml."""
    if name_or_path.endswith(".toml") or "/" in name_or_path or "\\" in name_or_path:
        return name_or_path, Path(name_or_path)
    return f"{name_or_path}.toml", BUNDLED.joinpath(f"{name_or_path}.toml")


def _expand(base: Scenario, arm: str, fixed: Settings, grid: Grid, source: str) -> Iterator[Cell]:
    for values in itertools.product(*grid.values()):
        settings = {**fixed, **dict(zip(grid, values, strict=True))}
        point = ", ".join(f"{name}={show(value)}" for name, value in settings.items() if name in grid)
        label = f"{arm}: {point}" if arm and point else arm or point
        yield Cell(label, arm, settings, base.with_settings(settings, source))


def _points(base: Scenario, sample: Sample, axes: list[Axis], seed: int, source: str) -> Iterator[Cell]:
    points = draw_points(sample, axes, seed)
    digits = len(str(len(points)))
    for number, settings in enumerate(points, 1):
        label = f"point {number:0{digits}}"
        yield Cell(label, SAMPLE, settings, scenario_at(base, settings, f"{source}: sample: {label}"))


def _check_axes(fixed: Settings, grid: Grid) -> None:
    for name, values in grid.items():
        if name in fixed:
            raise ValueError(f"grid: {name} is set as well; say it in one place")
        if len({(isinstance(value, bool), value) for value in values}) != len(values):
            raise ValueError(f"grid: {name}: a value is there twice")


def _explain(error: ValidationError, raw: dict[str, object]) -> str:
    """The first mistake as `key: what is wrong; what is allowed`."""
    first = error.errors()[0]
    place = [part for part in first["loc"] if not str(part).startswith(("function-", "list[", "str", "bool"))]
    key = ".".join(str(part) for part in place)
    if first["type"] == "extra_forbidden":
        known = TABLES[str(place[0])].model_fields if len(place) > 1 else Experiment.model_fields
        name = str(place[-1])
        return f"{key}: unknown key{did_you_mean(nearest(name, known))}; allowed: {', '.join(known)}"
    if first["type"] == "model_type":
        return f"{key}: is not a table; write [{key}], keys under it"
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "missing":
        reason = "is missing"
    return f"{key}: {reason[:1].lower() + reason[1:]}" if key else reason
