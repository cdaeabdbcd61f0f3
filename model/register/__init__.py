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
from model.register.hints import did_you_mean, eligible, nearest_parameter, nearest_state
from model.register.loader import load_groups, load_register
from model.register.parameters import Group, Parameters, build_parameters, flatten
from model.register.states import (
    CellSource,
    fall_due,
    load_cell_sources,
    load_columns,
    load_rosters,
    load_states,
    starting_defence,
    state_columns,
    state_names,
)
