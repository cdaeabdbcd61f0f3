"""Controls made from the register: what can be moved, within what, and where its number comes from."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from jinja2 import Environment, Template

from experiments.figures import words
from experiments.page.session import Session
from model.register import (
    GRADES,
    Entry,
    Parameter,
    load_groups,
    load_register,
    state_columns,
    state_names,
)
from model.register.entry import FLAG

FIRST = {  # the levers that everybody sees first, in plain words
    "force.size": "European troops asked for",
    "force.deployment": "Who decides on troops",
    "guarantee.form": "American guarantee",
    "command.form": "Who commands the force",
    "force.doctrine": "If attacked, the force is told to",
    "force.place": "Where it stands",
    "force.weight": "Equipment",
    "spending.goal": "Common goal for defence spending",
}
CHOICES = {  # options in the voice of the controls; others speak for themselves
    ("force.deployment", "endogenous"): "each state for itself",
    ("force.deployment", "imposed"): "imposed: they are simply there",
    ("command.form", "lead_nation"): "a lead nation",
    ("command.form", "nato"): "NATO",
    ("command.form", "eu"): "the EU",
    ("command.form", "un"): "the UN",
    ("guarantee.form", "none"): "none",
    ("guarantee.form", "backstop"): "a backstop for Europe's force",
    ("guarantee.form", "executive"): "a president's pledge",
    ("guarantee.form", "ratified"): "a treaty the Senate ratifies",
    ("guarantee.form", "troops"): "American troops in Ukraine",
    ("force.doctrine", "withdraw"): "withdraw",
    ("force.doctrine", "hold"): "hold and not fight",
    ("force.doctrine", "fight"): "fight back",
    ("force.doctrine", "escalate"): "fight back and escalate",
}
STEPS = 60  # at least so many between the ends of a slider
TEXTS = files("experiments.page") / "templates"

type Form = Literal["range", "choice", "switch", "date"]


@dataclass(frozen=True)
class Control:
    """One thing that can be moved: a setting by its dotted name, and all that the page says of it."""

    name: str
    label: str
    form: Form
    value: object
    start: object  # what the register, or the state's data, says
    about: str  # meaning, source and grade
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    step: float = 0.1
    options: tuple[tuple[str, str], ...] = ()
    said: bool = False  # the plan says it
    drawn: bool = False  # each run draws it, unless the plan says it

    @property
    def changed(self) -> bool:
        """Whether the plan has something else than the register."""
        return self.said and (self.drawn or self.value != self.start)


def first_controls(session: Session) -> list[Control]:
    """The few levers that come first."""
    register = load_register()
    return [of_parameter(register[name], session, label) for name, label in FIRST.items()]


def controls_of(session: Session, kind: str) -> dict[str, list[Control]]:
    """The other controls of one kind (lever, uncertainty, switch), by what their group is about."""
    found: dict[str, list[Control]] = {}
    for name, parameter in load_register().items():
        if parameter.kind == kind and name not in FIRST and parameter.group != "theatre":
            found.setdefault(load_groups()[parameter.group], []).append(of_parameter(parameter, session))
    return found


def state_controls(session: Session, iso3: str) -> list[Control]:
    """What can be set of one state of the roster. KeyError if it is not there."""
    rows = {str(row["iso3"]): row for row in session.question.plan.state_rows()}
    as_known = session.question.plan.model_copy(update={"states": {}})
    unchanged = {str(row["iso3"]): row for row in as_known.state_rows()}
    found = []
    for key, column in state_columns().items():
        if column.low is None and column.unit != "date":  # the mark of a member of Paris, which nobody sets
            continue
        name = f"states.{iso3}.{key}"
        value, start = rows[iso3].get(key), unchanged[iso3].get(key)
        if value is None:
            continue
        found.append(_control(name, column.meaning, column, session.shown.get(name, value), start, session, False))
    return found


def roster_of(session: Session) -> dict[str, str]:
    """The states that can be set: name by code, in the order of their names."""
    named = ((code, state_names()[code]) for code in session.question.plan.roster)
    return dict(sorted(named, key=lambda each: each[1]))


def of_parameter(parameter: Parameter, session: Session, label: str = "") -> Control:
    """The control of a parameter."""
    drawn = is_drawn(parameter.name, session)
    value = session.shown.get(parameter.name, parameter.value)
    label = label or parameter.meaning
    return _control(parameter.name, label, parameter, value, parameter.value, session, drawn)


def is_drawn(name: str, session: Session) -> bool:
    """Whether each run draws this parameter, unless the plan says it."""
    parameter = load_register().get(name)
    if parameter is None:
        return False
    uncertain = parameter.kind == "uncertainty" and session.question.parameters != "point"
    return uncertain or (parameter.kind == "switch" and session.question.rivals)


def _control(
    name: str, label: str, entry: Entry, value: object, start: object, session: Session, drawn: bool
) -> Control:
    about = f"{entry.meaning}. Source: {entry.source} ({entry.date}). Grade {entry.grade}: {GRADES[entry.grade]}."
    said = name in session.shown
    options = getattr(entry, "options", None)
    if options is not None:
        named = tuple((each, CHOICES.get((name, each), words.level(name, each))) for each in options)
        return Control(name, label, "choice", value, start, about, options=named, said=said, drawn=drawn)
    if isinstance(start, bool) or entry.unit == FLAG:
        return Control(name, label, "switch", bool(value), bool(start), about, said=said, drawn=drawn)
    if entry.unit == "date":
        return Control(name, label, "date", str(value), str(start), about, said=said, drawn=drawn)
    low, high = entry.low or 0.0, entry.high if entry.high is not None else 1.0
    unit = "" if entry.unit == "1" else entry.unit
    step = step_of(low, high)
    return Control(name, label, "range", value, start, about, unit, low, high, step, said=said, drawn=drawn)


def step_of(low: float, high: float) -> float:
    """A round step (1, 2 or 5 times a power of ten) that cuts the range into 60 to 300 parts."""
    wide = (high - low) / STEPS
    power = 10.0 ** math.floor(math.log10(wide))
    return max(each * power for each in (1.0, 2.0, 5.0) if each * power <= wide * (1 + 1e-9))


def read_value(name: str, given: object) -> object:
    """What a control sent, as a setting's value; texts of numbers are numbers. Scenario's checks come after."""
    parameter = load_register().get(name)
    if given is None or isinstance(given, bool) or (parameter is not None and parameter.options is not None):
        flag = isinstance(given, bool) and not (parameter is not None and isinstance(parameter.value, bool))
        return float(bool(given)) if flag else given
    if isinstance(given, int | float):
        return float(given)
    try:
        return float(str(given))
    except ValueError:
        return str(given)[:100]


def render(controls: Iterable[Control]) -> str:
    """The controls as HTML."""
    return _template("controls.html").render(controls=list(controls), number=plain)


def render_groups(groups: Mapping[str, list[Control]]) -> str:
    """The same in groups, each with a heading."""
    return _template("groups.html").render(groups=groups, render=render)


def plain(value: object) -> str:
    """A number as an input field takes it."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


@cache
def _environment() -> Environment:
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)


@cache
def _template(name: str) -> Template:
    return _environment().from_string((TEXTS / name).read_text("utf-8"))
