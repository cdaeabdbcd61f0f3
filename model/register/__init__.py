"""The parameter register: every number of the model with its unit, range, kind, grade and source."""

from model.register.entry import (
    GRADES,
    Column,
    Entry,
    Grade,
    Kind,
    Parameter,
    RegisterError,
    Value,
    nearest,
    one_line,
    read_date,
    show,
)
from model.register.files import parse_toml
from model.register.hints import did_you_mean, nearest_parameter, nearest_state
from model.register.loader import load_groups, load_register
from model.register.parameters import Group, Parameters, build_parameters, flatten
from model.register.states import (
    CellSource,
    defence_column,
    eligible,
    fall_due,
    load_cell_sources,
    load_columns,
    load_rosters,
    load_states,
    starting_defence,
    state_columns,
    state_names,
)

__all__ = [
    "GRADES",
    "CellSource",
    "Column",
    "Entry",
    "Grade",
    "Group",
    "Kind",
    "Parameter",
    "Parameters",
    "RegisterError",
    "Value",
    "build_parameters",
    "defence_column",
    "did_you_mean",
    "eligible",
    "fall_due",
    "flatten",
    "load_cell_sources",
    "load_columns",
    "load_groups",
    "load_register",
    "load_rosters",
    "load_states",
    "nearest",
    "nearest_parameter",
    "nearest_state",
    "one_line",
    "parse_toml",
    "read_date",
    "show",
    "starting_defence",
    "state_columns",
    "state_names",
]
