"""Experiments as data: a TOML file names the cells, the runs and the figures of one question."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from model.luck import LIMIT
from model.outcomes import OUTCOMES
from model.register import did_you_mean, load_register, load_states, nearest, one_line, parse_toml, show
from model.scenario import Scenario, ScenarioError, load_scenario

Value = bool | int | float | str


def _dotted(table: object) -> object:
    """`force.size = 0` is a table inside a table in TOML; here it means the same as `"force.size" = 0`."""
    if not isinstance(table, dict):
        return table
    flat: dict[str, object] = {}
    for key, value in table.items():
        inner = _dotted(value)
        flat |= {f"{key}.{k}": v for k, v in inner.items()} if isinstance(inner, dict) else {key: value}
    return flat


Settings = Annotated[dict[str, Value], BeforeValidator(_dotted)]
Grid = Annotated[dict[str, Annotated[list[Value], Field(min_length=1)]], BeforeValidator(_dotted)]
Figure = Literal["heatmap", "survival", "tail"]

BUNDLED = files("experiments")
MOST_RUNS = 1_000_000
MOST_LINES = 7  # that can be told apart in one panel


class ExperimentError(ValueError):
    """One line for the user: file, key, what was wrong, what is allowed, the nearest name."""

    def __init__(self, message: str) -> None:
        """Keep the message on one line."""
        super().__init__(one_line(message))


@dataclass(frozen=True)
class Cell:
    """One point of the design: its name, the settings that make it differ, and the scenario it runs."""

    label: str
    arm: str  # "" for the main grid
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


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Arm(_Table):
    """Cells beside the main grid, with settings and a grid of their own."""

    label: Annotated[str, Field(min_length=1)]
    set: Settings = {}
    grid: Grid = {}

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> Self:
        _check_axes(self.set, self.grid)
        return self


class Experiment(_Table):
    """One experiment: a question, its cells, its runs, and what to show of them."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    question: Literal["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10"]
    title: Annotated[str, Field(min_length=1)]
    about: Annotated[str, Field(min_length=1)]
    scenario: str = "baseline"
    weeks: int | None = None  # None: as in the scenario
    roster: str | list[str] | None = None  # None: as in the scenario
    runs: Annotated[int, Field(ge=1, le=MOST_RUNS)] = 100
    seed: Annotated[int, Field(ge=0, lt=LIMIT)] = 1
    parameters: Literal["point", "prior"] = "point"
    switches: bool = False  # with "prior": draw the rival theories as well
    set: Settings = {}
    grid: Grid = {}
    arms: list[Arm] = []
    outcomes: Annotated[list[str], Field(min_length=1)] = ["held", "renewed_war", "direct_combat", "deaths"]
    figures: list[Figure] = []
    survival: Grid = {}  # the part of the grid that the survival figure shows; all of it when empty

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_axes(self.set, self.grid)
        if not self.grid and not self.arms:
            raise ValueError("grid: an experiment needs a grid, or at least one of [[arms]]")
        labels = [arm.label for arm in self.arms]
        if len(set(labels)) != len(labels):
            raise ValueError("arms: two arms have the same label")
        for name in self.outcomes:
            if name not in OUTCOMES:
                raise ValueError(f"outcomes: unknown outcome {show(name)}{did_you_mean(nearest(name, OUTCOMES))}")
        if {"heatmap", "tail"} & set(self.figures) and len(self.grid) != 2:
            raise ValueError("figures: a heatmap or tail needs a grid of two settings (across, then up)")
        if "survival" in self.figures and len(self.grid) > 2:
            raise ValueError("figures: survival shows a grid of one or two settings (lines, then panels)")
        if "survival" in self.figures and self._lines() > MOST_LINES:
            raise ValueError(f"survival: more than {MOST_LINES} lines; choose some, under [survival]")
        for name, values in self.survival.items():
            missing = [value for value in values if value not in self.grid.get(name, [])]
            if missing:
                raise ValueError(f"survival: {name}: {show(missing[0])} is not in the grid")
        if self.switches and self.parameters == "point":
            raise ValueError('switches: drawing switches needs parameters = "prior"')
        return self

    def _lines(self) -> int:
        """Lines in one panel of the survival figure: values of the first axis, or the arms' cells."""
        if not self.grid:
            return sum(math.prod(map(len, arm.grid.values())) for arm in self.arms)
        axis = next(iter(self.grid))
        return len(self.survival.get(axis, self.grid[axis]))

    def levers(self) -> list[str]:
        """Dotted names of everything that may differ from cell to cell, in the order of the file."""
        names = dict.fromkeys(self.grid)
        for arm in self.arms:
            names.update(dict.fromkeys([*arm.set, *arm.grid]))
        return list(names)

    def cells(self, source: str = "") -> list[Cell]:
        """All cells: the full factorial grid, then the arms. Raises ExperimentError, naming `source`."""
        source = source or self.name
        shared: dict[str, object] = dict(self.set)
        shared.update({k: v for k, v in (("weeks", self.weeks), ("roster", self.roster)) if v is not None})
        try:
            base = load_scenario(self.scenario)
        except ScenarioError as error:
            raise ExperimentError(f"{source}: scenario: {error}") from None
        try:
            base = base.with_settings(shared, source)
            cells = list(_expand(base, "", {}, self.grid, source)) if self.grid else []
            for arm in self.arms:
                cells.extend(_expand(base, arm.label, arm.set, arm.grid, source))
        except ScenarioError as error:
            raise ExperimentError(str(error)) from None
        names = [cell.label for cell in cells]
        for name in names:
            if names.count(name) > 1:
                raise ExperimentError(f"{source}: two cells are both called {show(name)}; change a value or a label")
        return cells


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
        known = Arm.model_fields if len(place) > 1 else Experiment.model_fields
        name = str(place[-1])
        return f"{key}: unknown key{did_you_mean(nearest(name, known))}; allowed: {', '.join(known)}"
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "missing":
        reason = "is missing"
    return f"{key}: {reason[:1].lower() + reason[1:]}" if key else reason
