"""Samples of the parameter box: what varies besides a grid, and the points that are played."""

import math
from collections.abc import Collection
from typing import Annotated, Literal, NamedTuple, Self

import numpy as np
from pydantic import BaseModel, BeforeValidator, Field, model_validator

from experiments.draws import Floats, quantile
from experiments.schema import STRICT, Settings, Value, dotted
from model.register import (
    Column,
    Parameter,
    did_you_mean,
    load_register,
    load_rosters,
    nearest,
    show,
    state_columns,
    state_names,
)
from model.register.entry import FLAG
from model.scenario import Scenario, ScenarioError
from model.scenario_checks import IMPOSSIBLE, Choice, read_settings

SAMPLE = "sample"  # the arm of all points
REGISTER = "register"
MOST_POINTS = 100_000
LEVELS = 8  # of each setting in Morris's design: enough for every one of up to eight options to be played


def _range(content: object) -> object:
    """Refuse what is neither a list of plain values nor "register"."""
    allowed = f'write [low, high], a list of choices, or "{REGISTER}"'
    if isinstance(content, str) and content != REGISTER:
        raise ValueError(f"{show(content)} is no range; {allowed}{did_you_mean(nearest(content, [REGISTER]))}")
    if not isinstance(content, str | list):
        raise ValueError(f"{show(content)} is no range; {allowed}")
    for value in content:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{value} is not a finite number; {allowed}")
        if not isinstance(value, Value):
            raise ValueError(f"{show(value)} is no plain value; {allowed}")
    return content


Range = Annotated[list[Value] | str, BeforeValidator(_range)]


class Sample(BaseModel):
    """Points that fill a box of settings evenly."""

    model_config = STRICT

    method: Literal["latin-hypercube", "sobol", "saltelli", "morris"]
    points: Annotated[int, Field(ge=2, le=MOST_POINTS)]
    over: Annotated[dict[str, Range], BeforeValidator(dotted)] = {}
    kinds: list[Literal["uncertainty", "switch"]] = []  # all of these, by the register's own ranges

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        if not self.over and not self.kinds:
            raise ValueError('nothing varies; name settings under [sample.over], or kinds = ["uncertainty"]')
        if self.method in {"sobol", "saltelli"} and self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            both = f"{below} or {2 * below}" if 2 * below <= MOST_POINTS else f"{below}"
            raise ValueError(f"points: {self.points} is not a power of two, as {self.method} needs; take {both}")
        return self

    def count(self, settings: int) -> int:
        """Points in all, with so many settings.

        Saltelli's design plays each point, a second one, and the first once more for every setting; Morris's design
        starts a trajectory at each point, and takes a step for every setting.
        """
        return self.points * {"saltelli": settings + 2, "morris": settings + 1}.get(self.method, 1)


class Axis(NamedTuple):
    """One setting that is sampled: its choices, or its ends, or the register's prior."""

    name: str  # dotted
    choices: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 1.0
    prior: Parameter | None = None
    whole: bool = False  # whole numbers, the ends as likely as the others
    percent: bool = False  # above 0, at least 1: less is taken for a share, and refused

    def values(self, u: Floats) -> list[Value]:
        """The values at shares `u` (0 to 1) of the axis."""
        if self.choices:
            places = np.minimum(u * len(self.choices), len(self.choices) - 1).astype(int)
            return [self.choices[place] for place in places.tolist()]
        if self.prior is not None:
            values = quantile(self.prior, u)
        elif self.whole:
            whole = np.minimum(self.low + np.floor(u * (self.high - self.low + 1)), self.high)
            return [int(value) for value in whole.tolist()]
        else:
            values = np.clip(self.low + u * (self.high - self.low), self.low, self.high)
        if self.percent:
            values = np.where(values < 1, np.maximum(np.round(values), self.low), values)
        return list(values.tolist())


def read_axes(sample: Sample, base: Scenario, taken: Collection[str], source: str) -> list[Axis]:
    """What a sample varies around a scenario: its own settings, then its kinds but for those `taken`.

    Raises ScenarioError; `source` opens its message.
    """
    axes = [_read_axis(name, content, base, f"{source}: sample.over") for name, content in sample.over.items()]
    known = {*taken, *sample.over, *base.overrides}
    for name, parameter in sorted(load_register().items()):
        if parameter.kind in sample.kinds and name not in known and (axis := _registered(name, parameter)):
            axes.append(axis)
    if not axes:
        raise ScenarioError(f"{source}: sample.kinds: nothing is left to vary; the experiment sets it all")
    return axes


def draw_points(sample: Sample, axes: list[Axis], seed: int) -> list[Settings]:
    """The settings of each point, in order; the same for the same seed."""
    box = _box(sample, [axis.name for axis in axes], seed)
    columns = [axis.values(box[:, place]) for place, axis in enumerate(axes)]
    names = [axis.name for axis in axes]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def scenario_at(base: Scenario, settings: Settings, source: str) -> Scenario:
    """`base.with_settings(settings)`, many times faster, for values within their axes.

    Raises ScenarioError if they do not go together; `source` opens its message.
    """
    fields: dict[str, object] = {}
    overrides = base.overrides | settings
    states = {iso3: dict(cells) for iso3, cells in base.states.items()}
    register = load_register()
    for name in [name for name in settings if name not in register]:
        value = overrides.pop(name)
        if name == "weeks":
            fields["weeks"] = value
        elif name == "roster":
            fields["roster"] = load_rosters()[str(value)]
        else:
            _, iso3, column = name.split(".")
            states.setdefault(iso3, {})[column] = float(value)
    found = base.model_copy(update={**fields, "overrides": overrides, "states": states})
    for impossible in IMPOSSIBLE:
        if refused := impossible(Choice(found.roster, overrides, states)):
            name, reason = refused
            raise ScenarioError(f"{source}: {name}: {reason}; sample only what goes together")
    return found


def is_choice(name: str) -> bool:
    """Whether a setting is one of some options rather than a number."""
    entry = _entry(name)
    return name == "roster" or (entry is not None and bool(_choices(entry)))


def _box(sample: Sample, names: list[str], seed: int) -> Floats:
    """The points in the unit box: (points, settings)."""
    if sample.method in {"latin-hypercube", "sobol"}:
        from scipy.stats import qmc  # noqa: PLC0415  (takes a second)

        kind = qmc.Sobol if sample.method == "sobol" else qmc.LatinHypercube
        return np.asarray(kind(d=len(names), rng=seed).random(sample.points), float)
    from SALib.sample import morris, sobol  # noqa: PLC0415  (takes two seconds)

    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    if sample.method == "saltelli":
        return np.asarray(sobol.sample(problem, sample.points, calc_second_order=False, seed=seed), float)
    box = morris.sample(problem, sample.points, num_levels=LEVELS, seed=seed)
    return np.asarray(np.round(box * (LEVELS - 1)) / (LEVELS - 1), float)  # the least error could change an option


def _read_axis(name: str, content: list[Value] | str, base: Scenario, source: str) -> Axis:
    """One setting of [sample.over], every value of it checked."""
    entry = _entry(name)
    if name in {"name", "about", "start"} or (entry is not None and entry.unit == "date"):
        raise ScenarioError(f"{source}: {name}: cannot be sampled; a grid or an arm may set it")
    if entry is None and name not in {"weeks", "roster"}:
        _check(name, 0.0, base, source)  # says what is wrong with the name
    if isinstance(content, str):
        if axis := _registered(name, entry):
            _check(name, axis.values(np.zeros(1))[0], base, source)
            return axis
        if entry is not None:
            _check(name, 0.0, base, source)  # a constant
        raise ScenarioError(f"{source}: {name}: the register has no range for it; write [low, high] or a list")
    for value in content:
        _check(name, value, base, source)
    if name == "roster" or (entry is not None and _choices(entry)):
        if len(set(content)) < max(2, len(content)):
            raise ScenarioError(f"{source}: {name}: two or more different choices are needed")
        return Axis(name, tuple(float(value) if isinstance(entry, Column) else value for value in content))
    allowed = f"; allowed {entry.allowed()}" if entry is not None else ""
    if len(content) != 2 or not float(content[0]) < float(content[1]):
        raise ScenarioError(f"{source}: {name}: needs [low, high], two numbers with low below high{allowed}")
    return _between(name, float(content[0]), float(content[1]), entry)


def _check(name: str, value: Value, base: Scenario, source: str) -> None:
    """Raise ScenarioError unless a scenario with this roster may have this value."""
    read_settings(source, {"name": base.name, "about": base.about, "roster": base.roster, name: value})


def _entry(name: str) -> Parameter | Column | None:
    """What the register says of a setting, or of a state's column."""
    return load_register().get(name) or state_columns().get(_column(name))


def _column(name: str) -> str:
    """The column of a setting such as states.FRA.support, or nothing."""
    parts = name.split(".")
    return parts[2] if parts[0] == "states" and len(parts) == 3 and parts[1] in state_names() else ""


def _choices(entry: Parameter | Column) -> tuple[Value, ...]:
    """All options of a choice, and nothing for a number."""
    if isinstance(entry, Column):
        return (0.0, 1.0) if entry.unit == FLAG else ()
    return (False, True) if isinstance(entry.value, bool) else entry.options or ()


def _registered(name: str, entry: Parameter | Column | None) -> Axis | None:
    """The register's own range or options, if it has any."""
    if entry is None:
        return None
    if choices := _choices(entry):
        return Axis(name, choices)
    if entry.low is None or entry.high is None:
        return None
    axis = _between(name, entry.low, entry.high, entry)
    return axis._replace(prior=entry) if isinstance(entry, Parameter) else axis


def _between(name: str, low: float, high: float, entry: Parameter | Column | None) -> Axis:
    percent = entry is not None and entry.unit == "%" and entry.high == 100
    return Axis(name, low=low, high=high, whole=name == "weeks", percent=percent)
