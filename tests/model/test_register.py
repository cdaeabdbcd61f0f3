"""The register: what it holds, what it refuses, and what the rules get from it."""

import pickle
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.register import (
    Parameter,
    RegisterError,
    build_parameters,
    defence_column,
    eligible,
    fall_due,
    flatten,
    load_cell_sources,
    load_columns,
    load_groups,
    load_register,
    load_rosters,
    load_states,
    nearest_parameter,
    nearest_state,
    past_defence,
    show,
    starting_defence,
    state_columns,
    state_names,
)

ENTRY = """
[reversion]
value = 0.02
unit = "per week"
low = 0.005
high = 0.06
kind = "uncertainty"
grade = "A"
source = "somebody"
date = "2025-02"
meaning = "Share of the gap that closes in a week"
"""
CHOICE = ENTRY.replace("low = 0.005\nhigh = 0.06\n", 'options = ["a", "b"]\n').replace("per week", "choice")
CHOICE = CHOICE.replace("value = 0.02", 'value = "a"').replace('"uncertainty"', '"lever"')


def parameter(**fields: object) -> Parameter:
    plain = {"group": "force", "key": "size", "value": 0.0, "unit": "troops", "low": 0.0, "high": 100.0}
    about = {"kind": "lever", "grade": "A", "source": "s", "date": "2025", "meaning": "m"}
    return Parameter(**(plain | about | fields))  # type: ignore[arg-type]


FORM = parameter(value="none", options=["none", "backstop", "ratified"], unit="choice", low=None, high=None)
SWITCH = parameter(value=True, kind="switch", unit="choice", low=None, high=None)
SHARE = parameter(unit="share", high=1.0)
PERCENT = parameter(unit="%")
FIXED = parameter(kind="constant", low=None, high=None)


def test_every_parameter_of_the_register_is_whole() -> None:
    register = load_register()
    assert len(register) > 80
    for name, entry in register.items():
        assert name == f"{entry.group}.{entry.key}"
        if entry.kind == "uncertainty" and entry.options is None:
            assert entry.low is not None
            assert entry.high is not None
            assert entry.low <= entry.value <= entry.high
        if not entry.fixed:
            entry.check(entry.value)
        assert len(entry.meaning) > 10
    assert set(load_groups()) == {entry.group for entry in register.values()}
    assert all(load_groups().values())


def test_parameters_are_plain_floats_by_dotted_name() -> None:
    p = build_parameters({"force.size": 25000, "guarantee.form": "ratified", "theories.tripwire": True})
    assert p.force.size == 25000.0
    assert p.guarantee.form == 3.0
    assert p.theories.tripwire == 1.0
    assert all(type(value) is float for value in flatten(p).values())
    assert list(flatten(p)) == list(load_register())
    assert build_parameters().force.size == load_register()["force.size"].value


def test_numpy_scalars_do_not_reach_the_rules() -> None:
    assert type(build_parameters({"force.size": np.float64(9.0)}).force.size) is float


def test_parameters_travel_between_processes_and_do_not_change() -> None:
    p = build_parameters({"force.size": 25000.0})
    assert flatten(pickle.loads(pickle.dumps(p))) == flatten(p)
    with pytest.raises(AttributeError, match="do not change"):
        p.force.size = 1.0  # type: ignore[misc]
    with pytest.raises(AttributeError, match="do not change"):
        p.force = p.opinion  # type: ignore[misc]


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"force.sise": 1.0}, 'force.sise: unknown parameter; did you mean "force.size"?'),
        ({"force.size": -1.0}, "force.size: -1 is out of range; allowed 0 to "),
        ({"calendar.weeks_per_year": 52.0}, "calendar.weeks_per_year: is a constant"),
    ],
)
def test_build_refuses_in_one_line(overrides: dict[str, float], message: str) -> None:
    with pytest.raises(RegisterError, match=re.escape(message)):
        build_parameters(overrides)


@pytest.mark.parametrize(
    ("entry", "value", "encoded"),
    [
        (FORM, "none", 0.0),
        (FORM, "ratified", 2.0),
        (SWITCH, True, 1.0),
        (SWITCH, False, 0.0),
        (SHARE, 1, 1.0),
    ],
)
def test_values_are_encoded_for_the_rules(entry: Parameter, value: str | float, encoded: float) -> None:
    entry.check(value)
    assert entry.encode(value) == encoded
    assert type(entry.encode(value)) is float


@pytest.mark.parametrize(
    ("entry", "value", "message"),
    [
        (FORM, "ratifed", 'allowed "none" | "backstop" | "ratified"; did you mean "ratified"?'),
        (FORM, 2, "2 is not an option"),
        (SWITCH, 1, "1 is not true or false; allowed true | false"),
        (SHARE, 30, "30 is out of range; allowed 0 to 1 share; 30 % is written 0.3"),
        (SHARE, "0.3", '"0.3" is text'),
        (SHARE, True, "true is not a number"),
        (SHARE, float("nan"), "is not a finite number"),
        (SHARE, 10**400, "is not a finite number"),
        (SHARE, [0.3], "a list is not a number"),
        (PERCENT, 0.4, "0.4 looks like a share; the unit is %, write 40"),
        (FIXED, 1.0, "is a constant (0 troops) and cannot be changed"),
    ],
)
def test_a_refusal_says_what_is_allowed(entry: Parameter, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        entry.check(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY + "valeu = 1\n", 'opinion.toml [reversion] valeu: unknown key; did you mean "value"?'),
        (ENTRY + 'group = "x"\n', "opinion.toml [reversion]: unknown key"),
        (ENTRY.replace('unit = "per week"\n', ""), "opinion.toml [reversion] unit: field required"),
        (ENTRY.replace('"per week"', '""'), "opinion.toml [reversion] unit: "),
        (ENTRY.replace('"per week"', "7"), "opinion.toml [reversion] unit: input should be a valid string"),
        (ENTRY.replace("value = 0.02", "value = 0.2"), "0.2 is out of range"),
        (ENTRY.replace("value = 0.02", "value = nan"), "opinion.toml [reversion] value"),
        (ENTRY.replace("high = 0.06\n", ""), "low and high go together"),
        (ENTRY.replace("high = 0.06", "high = 0.005"), "low 0.005 must be below high 0.005"),
        (ENTRY.replace("low = 0.005\nhigh = 0.06\n", ""), "low and high are needed"),
        (ENTRY.replace('"uncertainty"', '"guess"'), "opinion.toml [reversion] kind: "),
        (ENTRY.replace('grade = "A"', 'grade = "B"'), "opinion.toml [reversion] grade: "),
        (ENTRY.replace('"2025-02"', '"spring"'), "opinion.toml [reversion] date: "),
        (ENTRY.replace('"uncertainty"', '"lever"\nprior = "uniform"'), "only an uncertainty has a prior"),
        (
            ENTRY.replace("low = 0.005", 'low = 0\nprior = "log-uniform"'),
            "log-uniform prior needs low above 0",
        ),
        (ENTRY.replace('"uncertainty"', '"switch"'), "true, false or text, not a number"),
        (CHOICE.replace('"a", "b"', '"c", "b"'), "value among its options"),
        (CHOICE.replace('"a", "b"', '"a", "a"'), "two or more different options"),
        (CHOICE + "low = 0\nhigh = 1\n", "only numbers have low and high"),
        (CHOICE.replace('value = "a"', "value = true"), "switch without options"),
        (ENTRY + ENTRY, "opinion.toml: is not valid TOML: the same key twice"),
        (ENTRY + "low = 0.005\n", "opinion.toml: is not valid TOML: the same key twice"),
        ("reversion = 0.02\n", "opinion.toml [reversion]: a parameter is a table"),
        (ENTRY.replace("[reversion]", "[class]"), '"class" cannot be a name'),
        (ENTRY.replace("[reversion]", "[Reversion]"), '"Reversion" cannot be a name'),
    ],
)
def test_a_mistake_in_the_register_names_file_table_and_key(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "opinion.toml").write_text(text)
    with pytest.raises(RegisterError) as caught:
        load_register(tmp_path)
    assert message in str(caught.value)
    assert str(caught.value).startswith("opinion.toml")
    assert "\n" not in str(caught.value)


def test_the_register_reads_what_is_well_formed(tmp_path: Path) -> None:
    (tmp_path / "opinion.toml").write_text('about = "On publics."\n' + ENTRY)
    (tmp_path / "force.toml").write_text(CHOICE)
    assert list(load_register(tmp_path)) == ["force.reversion", "opinion.reversion"]
    assert load_groups(tmp_path) == {"force": "", "opinion": "On publics."}


@pytest.mark.parametrize("name", ["states.toml", "weeks.toml", "my-group.toml"])
def test_a_group_may_not_be_called_like_something_else(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(ENTRY)
    with pytest.raises(RegisterError, match="cannot be a name"):
        load_register(tmp_path)


def test_an_empty_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"no \.toml files"):
        load_register(tmp_path)


def test_every_state_has_every_number() -> None:
    states, columns = load_states(), load_columns()
    assert {"GBR", "FRA", "DEU", "ITA", "POL", "ESP", "DNK", "USA", "RUS", "UKR"} <= set(states)
    assert set(state_names()) == set(states)
    for row in states.values():
        assert set(row) == set(columns)
        for name, value in row.items():
            assert isinstance(value, str) == (columns[name].unit == "date")
    assert load_cell_sources()


def test_rosters_hold_europeans_only() -> None:
    rosters = load_rosters()
    assert rosters["paris"] == ("GBR", "FRA", "DEU", "ITA", "POL", "ESP", "DNK")
    assert set(rosters["paris"]) < set(rosters["europe"])
    assert not {"USA", "RUS", "UKR"} & set(eligible())


COLUMNS = """
[support]
unit = "%"
low = 0
high = 100
kind = "uncertainty"
grade = "V"
source = "poll"
date = "2025"
meaning = "Support"
fallback = 45
"""
STATES = "iso3,name,support\nFRA,France,49\nDEU,Germany,\n"


def write_data(directory: Path, columns: str = COLUMNS, states: str = STATES, rosters: str = "") -> Path:
    (directory / "columns.toml").write_text(columns)
    (directory / "states.csv").write_text(states)
    (directory / "rosters.toml").write_text(rosters)
    return directory


def test_blanks_take_the_fallback(tmp_path: Path) -> None:
    states = load_states(write_data(tmp_path))
    assert {iso3: dict(row) for iso3, row in states.items()} == {
        "FRA": {"support": 49.0},
        "DEU": {"support": 45.0},
    }
    assert state_names(tmp_path) == {"FRA": "France", "DEU": "Germany"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"states": STATES.replace("49", "490")}, "states.csv FRA support: 490 is out of range"),
        ({"states": STATES.replace("49", "half")}, "states.csv FRA support: "),
        ({"states": STATES.replace("49", "nan")}, "states.csv FRA support: is not a finite number"),
        ({"states": STATES.replace("DEU", "FRA")}, "states.csv line 3: FRA is there twice"),
        ({"states": STATES.replace("support", "arms")}, "not in both files: arms, support"),
        ({"states": STATES + "ITA,Italy\n"}, "states.csv line 4: another number of cells"),
        ({"states": STATES + "ITA,Italy,3,4\n"}, "states.csv line 4: another number of cells"),
        ({"columns": COLUMNS.replace("fallback = 45\n", "")}, "states.csv DEU support: blank"),
        ({"columns": COLUMNS + "hihg = 3\n"}, "columns.toml [support] hihg: unknown key"),
        ({"columns": "support = 3\n"}, "columns.toml [support]: a column is a table"),
        ({"rosters": '[all]\nmembers = ["FRA"]\n'}, "rosters.toml [all]: a roster has about and members"),
        ({"rosters": '[all]\nabout = "x"\nmembers = ["FRA", "XXX"]\n'}, "unknown or repeated members: XXX"),
        ({"rosters": '[all]\nabout = "x"\nmembers = ["FRA", "FRA"]\n'}, "unknown or repeated members: FRA"),
    ],
)
def test_a_mistake_in_the_data_names_the_cell(data: dict[str, str], message: str, tmp_path: Path) -> None:
    write_data(tmp_path, **data)
    with pytest.raises(RegisterError) as caught:
        load_rosters(tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('{ iso3 = "FRA", column = "arms", grade = "U", source = "s" }', "no such cell, FRA arms"),
        ('{ iso3 = "FRA", column = "support", grade = "Z", source = "s" }', "exception 1 grade"),
        (
            '{ iso3 = "FRA", column = "support", grade = "U", source = "s", x = 1 }',
            "exception 1 x: unknown key",
        ),
    ],
)
def test_a_cell_with_its_own_source_must_be_there(cell: str, message: str, tmp_path: Path) -> None:
    write_data(tmp_path, columns=f"exception = [{cell}]\n{COLUMNS}")
    with pytest.raises(RegisterError, match=re.escape(message)):
        load_cell_sources(tmp_path)


@pytest.mark.parametrize(
    ("start", "column"),
    [
        (date(2025, 2, 24), "defence_2024"),
        (date(2015, 2, 15), "defence_2014"),
        (date(2014, 9, 5), "defence_2014"),  # nothing earlier is in the data
        (date(2020, 1, 1), "defence_2018"),
        (date(2030, 1, 1), "defence_2024"),
    ],
)
def test_spending_starts_from_the_last_year_before_the_start(start: date, column: str) -> None:
    assert defence_column(start) == column
    assert starting_defence(load_states()["POL"], start) == load_states()["POL"][column]
    assert state_columns()["defence"].unit == "% of GDP"


def test_past_spending_is_the_mean_of_the_years_before_the_start() -> None:
    poland = load_states()["POL"]
    years = [float(poland[f"defence_{year}"]) for year in (2014, 2018, 2021)]
    assert past_defence(poland, date(2022, 5, 1)) == pytest.approx(sum(years) / 3)
    assert past_defence(poland, date(2014, 5, 1)) == poland["defence_2014"]


@given(
    start=st.dates(date(2014, 1, 1), date(2030, 12, 31)),
    election=st.dates(date(2014, 1, 1), date(2040, 12, 31)),
    years=st.integers(2, 7),
)
def test_the_next_election_is_ahead_and_on_the_cycle(start: date, election: date, years: int) -> None:
    until, term = fall_due({"election": election.isoformat(), "term": years}, start, 52.1775)
    assert term == years * 52.1775
    assert 0 < until <= term
    terms = ((election - start).days / 7 - until) / term
    assert terms == pytest.approx(round(terms), abs=1e-6)


def test_an_election_on_the_first_day_is_over() -> None:
    assert fall_due({"election": "2025-02-24", "term": 4}, date(2025, 2, 24), 52.0) == (208.0, 208.0)
    assert fall_due({"election": "2025-03-03", "term": 4}, date(2025, 2, 24), 52.0) == (1.0, 208.0)


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("FR", "FRA"),
        ("UK", "GBR"),
        ("de", "DEU"),
        ("SE", "SWE"),
        ("France", "FRA"),
        ("germany", "DEU"),
        ("FRX", "FRA"),
    ],
)
def test_the_nearest_state(text: str, iso3: str) -> None:
    assert nearest_state(text) == iso3


def test_every_two_letter_code_finds_its_state() -> None:
    codes = "GB FR DE IT PL ES DK NL BE LU NO SE FI EE LV LT CZ SK HU RO BG GR PT HR SI IE AT CA TR US RU UA"
    assert {nearest_state(code) for code in codes.split()} == set(load_states())


def test_a_key_in_the_wrong_group_finds_its_own() -> None:
    assert nearest_parameter("guarantee.size") == "force.size"
    assert nearest_parameter("force.sise") == "force.size"
    assert nearest_parameter("zzz.qqq") is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (25000.0, "25000"),
        (0.4, "0.4"),
        (True, "true"),
        ("x", '"x"'),
        ({}, "a table"),
        (date(2025, 2, 24), "2025-02-24"),
    ],
)
def test_values_are_shown_as_toml_writes_them(value: object, text: str) -> None:
    assert show(value) == text
