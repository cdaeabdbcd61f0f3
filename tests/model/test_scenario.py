"""Scenarios: what they may say, what they may not, and how they say so."""

import pickle
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from model.register import flatten, load_register, load_rosters, load_states
from model.scenario import BUNDLED, Scenario, ScenarioError, list_scenarios, load_scenario

MALFORMED = Path(__file__).parent.parent / "malformed"
TOP = 'name = "mine"\nabout = "A scenario of my own."\n'
PARIS = Scenario(name="plain", about="For tests.", roster="paris")  # type: ignore[arg-type]

EXPECTED = {
    "boolean_for_number": "[force] size: true is not a number; allowed 0 to ",
    "constant_changed": "[calendar] weeks_per_year: is a constant (52.1775 weeks) and cannot be changed",
    "dotted_key_in_quotes": 'force.size: no such key; write [force], size under it; did you mean "force.',
    "duplicate_key": "is not valid TOML: the same key twice: Cannot overwrite a value (at line 6",
    "duplicate_table": "is not valid TOML: the same key twice: Cannot declare ('force',) twice (at line 7",
    "empty_file": "name: is missing",
    "empty_name": "name: is empty",
    "eu_without_members": '[command] form: "eu" is not possible: no state of the roster is a member of EU',
    "group_is_a_number": "force: 25000 is not a table; write [force], keys under it",
    "infinity": "[force] size: is not a finite number; allowed 0 to ",
    "key_of_another_group": '[guarantee] size: no such key; `ceasefire params guarantee` lists all; did you',
    "key_without_group": 'size: no such key; write [force], size under it; did you mean "force.size"?',
    "list_for_number": "[force] size: a list is not a number",
    "name_is_a_number": "name: 5 is not text; write it in quotes",
    "nan": "[force] size: is not a finite number",
    "nato_without_members": '[command] form: "nato" is not possible: no state of the roster is a member of',
    "no_about": "about: is missing",
    "no_name": "name: is missing",
    "not_toml": "is not valid TOML: Expected ']' at the end of a table declaration (at line 4",
    "number_for_boolean": "[theories] tripwire: 1 is not true or false; allowed true | false",
    "number_in_quotes": '[force] size: "25000" is text, not a number without quotes; allowed 0 to ',
    "number_too_long": "[force] size: is not a finite number",
    "out_of_range": "[force] size: 3000000 is out of range; allowed 0 to ",
    "percent_for_share": "[agreement] monitors: 30 is out of range; allowed 0 to 1 share; 30 % is written 0.",
    "roster_by_country": 'roster: "France" is not a state of the data; did you mean "FRA"?',
    "roster_empty": "roster: is empty; at least one state is needed",
    "roster_is_a_number": 'roster: 7 is not a roster; allowed "paris" | "willing"',
    "roster_twice": 'roster: "FRA" is there twice',
    "roster_two_letters": 'roster: "FR" is not a state of the data; did you mean "FRA"?',
    "roster_unknown": 'roster: "pariss" is not a roster; allowed "paris" | "willing"',
    "roster_with_actor": 'roster: "USA" is an actor of its own, not a member',
    "share_for_percent": "[states.FRA] support: 0.4 looks like a share; the unit is %, write 40",
    "start_no_such_day": 'start: "2025-02-30" is not a date; write it as 2025-02-24',
    "start_not_a_date": 'start: "spring 2025" is not a date',
    "start_too_late": "start: 2031-01-01 is out of range; allowed 2014-01-01 to 2030-12-31",
    "start_with_time": "start: 2025-02-24T08:00:00 is not a date",
    "state_by_country": '[states.France] support: "France" is not a state of the data; did you mean "FRA"?',
    "state_election_not_a_date": "[states.FRA] election: 2027 is not a date",
    "state_not_in_roster": "[states.NLD]: Netherlands is not in the roster",
    "state_out_of_range": "[states.FRA] support: 140 is out of range; allowed 0 to 100 %",
    "state_two_letters": '[states.UK] support: "UK" is not a state of the data; did you mean "GBR"?',
    "state_unknown_column": '[states.FRA] suport: no such column; `ceasefire params states` lists all; did',
    "states_is_a_list": "states: a list is not a table; write [states.FRA], keys under it",
    "states_without_code": "[states] support: 40 is not a table; write [states.FRA], keys under it",
    "un_cannot_enforce": "[force] doctrine: a force under the UN cannot enforce against a Russian veto; ",
    "unit_without_value": "[force] size: a table is not a value; allowed a plain value or { value = ...",
    "unknown_group": "[forces]: no such group; allowed name, about, start, weeks, roster, states, ",
    "unknown_key": '[force] sise: no such key; `ceasefire params force` lists all; did you mean "size"?',
    "unknown_key_beside_value": "[force] size: a table is not a value; allowed a plain value or { value = ",
    "unknown_option": '[guarantee] form: "ratifed" is not an option; allowed "none" | "backstop" | "exec',
    "unknown_top_key": "week: no such key; allowed name, about, start, weeks, roster, states, ",
    "weeks_in_quotes": 'weeks: "260" is text, not a number without quotes; allowed 1 to 1040 weeks',
    "weeks_not_whole": "weeks: 260.5 is not a whole number; allowed 1 to 1040 weeks",
    "weeks_too_many": "weeks: 5000 is out of range; allowed 1 to 1040 weeks",
    "wrong_unit": '[force] size: unit "thousand" does not fit; allowed "troops"',
}  # fmt: skip
NEAREST = {
    "roster_unknown": "paris",
    "unknown_group": "force",
    "unknown_option": "ratified",
    "unknown_top_key": "weeks",
    "key_of_another_group": "force.size",
    "state_unknown_column": "support",
}


def test_every_malformed_file_has_its_message() -> None:
    assert {file.stem for file in MALFORMED.glob("*.toml")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_malformed_file_is_refused_in_one_line(name: str) -> None:
    file = MALFORMED / f"{name}.toml"
    with pytest.raises(ScenarioError) as caught:
        load_scenario(str(file))
    message = str(caught.value)
    assert message.startswith(f"{file}: {EXPECTED[name]}")
    assert message.isprintable()
    if name in NEAREST:
        assert message.endswith(f'did you mean "{NEAREST[name]}"?')


def test_bundled_scenarios_are_sound_and_carry_their_file_name() -> None:
    found = list_scenarios()
    assert found[0].name == "baseline"
    assert {scenario.name for scenario in found} == {file.stem for file in BUNDLED.glob("*.toml")}
    for scenario in found:
        assert load_scenario(scenario.name) == scenario
        assert set(flatten(scenario.parameters())) == set(load_register())
        assert [row["iso3"] for row in scenario.state_rows()] == list(scenario.roster)


def test_a_file_says_what_differs(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        TOP + 'start = 2025-03-01\nweeks = 520\nroster = ["FRA", "POL"]\n'
        '[force]\nsize = { value = 25000, unit = "troops" }\ndoctrine = "fight"\n'
        "[theories]\ntripwire = true\n[states.FRA]\nsupport = 40\nelection = 2026-04-12\ndefence = 3\n"
    )
    scenario = load_scenario(str(file))
    assert (scenario.start, scenario.weeks, scenario.roster) == (date(2025, 3, 1), 520, ("FRA", "POL"))
    assert scenario.overrides == {"force.size": 25000.0, "force.doctrine": "fight", "theories.tripwire": True}
    p = scenario.parameters()
    assert (p.force.size, p.force.doctrine, p.theories.tripwire) == (25000.0, 2.0, 1.0)
    france, poland = scenario.state_rows()
    assert (france["name"], france["support"], france["defence"]) == ("France", 40.0, 3.0)
    assert france["election_week"] == (date(2026, 4, 12) - date(2025, 3, 1)).days / 7
    assert poland["defence"] == load_states()["POL"]["defence_2024"]
    assert all(type(value) in {float, str} for value in france.values())
    assert scenario.changes() == {
        "start": "2025-03-01", "weeks": 520, "roster": ("FRA", "POL"),
        "force.size": 25000.0, "force.doctrine": "fight", "theories.tripwire": True,
        "states.FRA.support": 40.0, "states.FRA.election": "2026-04-12", "states.FRA.defence": 3.0,
    }  # fmt: skip


def test_what_is_not_said_takes_its_default(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TOP.replace("\n", "\r\n").encode())  # as a Windows editor saves it
    scenario = load_scenario(str(file))
    assert (scenario.start, scenario.weeks) == (date(2025, 2, 24), 260)
    assert scenario.roster == load_rosters()["europe"]
    assert scenario.changes() == {}
    assert flatten(scenario.parameters()) == flatten(PARIS.parameters())


def test_the_american_row_has_the_next_inauguration() -> None:
    row = PARIS.us_row()
    assert row["election_week"] == (date(2029, 1, 20) - date(2025, 2, 24)).days / 7
    assert row["term_weeks"] == 4 * 52.1775
    earlier = PARIS.with_settings({"start": "2015-02-15"}).us_row()
    assert earlier["election_week"] == pytest.approx((date(2017, 1, 20) - date(2015, 2, 15)).days / 7, abs=0.5)
    assert earlier["defence"] == load_states()["USA"]["defence_2014"]


def test_a_changed_year_of_spending_changes_where_spending_starts() -> None:
    scenario = PARIS.with_settings({"states.FRA.defence_2024": 3.0})
    assert scenario.state_rows()[1]["defence"] == 3.0


@pytest.mark.parametrize(
    ("setting", "name", "value"),
    [
        ("force.size=25000", "force.size", 25000.0),
        (" force.size = 25_000.0 ", "force.size", 25000.0),
        ("guarantee.form=ratified", "guarantee.form", "ratified"),
        ('guarantee.form="ratified"', "guarantee.form", "ratified"),
        ("theories.tripwire=true", "theories.tripwire", True),
        ('force.size={ value = 5, unit = "troops" }', "force.size", 5.0),
        ("states.FRA.support=40", "states.FRA.support", 40.0),
        ("states.USA.election=2028-01-20", "states.USA.election", "2028-01-20"),
        ("weeks=520", "weeks", 520),
        ("start=2026-01-01", "start", date(2026, 1, 1)),
        ('roster=["FRA"]', "roster", ("FRA",)),
        ("roster=paris", "roster", load_rosters()["paris"]),
    ],
)
def test_set_takes_toml_values_and_bare_words(setting: str, name: str, value: object) -> None:
    scenario = load_scenario("baseline", [setting])
    assert scenario.settings()[name] == value
    assert type(scenario.settings()[name]) is type(value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["force.size"], '--set: "force.size" is not key=value; for example force.size=25000'),
        (["=3"], "is not key=value"),
        (["force.size="], "is not key=value"),
        (["force.size=1", "force.size=2"], "--set: force.size: is set twice"),
        (
            ["force.size=many men"],
            '--set: force.size: "many men" is not a number, a date, true, false or a word',
        ),
        (["force.size=1\nforce.tour=9"], "is not a number, a date"),
        (["force.size=many"], '--set: force.size: "many" is text'),
        (["force.size=inf"], "--set: force.size: is not a finite number"),
        (["force.sise=1"], 'did you mean "size"?'),
        (
            ["size=1"],
            '--set: size: no such setting; `ceasefire params` lists all; did you mean "force.size"?',
        ),
        (["forces.size=1"], 'did you mean "force.size"?'),
        (["week=1"], 'did you mean "weeks"?'),
        (["theories.tripwire=True"], '"True" is not true or false; allowed true | false'),
        (["states.FRA=1"], "a state's setting has three parts, as in states.FRA.support"),
        (["states.UKR.support=10"], "--set: states.UKR: Ukraine is not in the roster"),
        (["states.USA.support=10"], "--set: states.USA.support: the model reads nothing else of the United"),
        (["command.form=un", "force.doctrine=escalate"], "--set: force.doctrine: a force under the UN"),
        (["command.form=lead-nation"], 'did you mean "lead_nation"?'),
    ],
)
def test_set_is_checked_like_a_file(settings: list[str], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("baseline", settings)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()


def refusal(change: Callable[[], object]) -> str:
    """What the door says, or nothing when it opens."""
    try:
        change()
    except ScenarioError as error:
        return str(error)
    return ""


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_setting_whatever_breaks_the_door(key: str, value: str) -> None:
    assert refusal(lambda: load_scenario("baseline", [f"{key}={value}"])).isprintable()


VALUES = st.floats() | st.integers() | st.booleans() | st.text()


@given(key=st.sampled_from(sorted(load_register())), value=VALUES)
def test_no_value_whatever_breaks_the_door(key: str, value: bool | float | str) -> None:
    said = refusal(lambda: PARIS.with_settings({key: value}))
    if said:
        assert said.startswith(f"settings: {key}: ")
        assert said.isprintable()
    else:
        parameters = PARIS.with_settings({key: value}).parameters()
        assert flatten(parameters)[key] == load_register()[key].encode(value)


def test_settings_go_there_and_back() -> None:
    scenario = PARIS.with_settings(
        {"force.size": 9, "states.POL.support": 30, "weeks": 52.0, "theories.tripwire": True}
    )
    assert scenario.weeks == 52
    assert PARIS.with_settings(scenario.settings()) == scenario
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    assert PARIS.overrides == {}


def test_a_scenario_built_in_code_passes_the_same_door() -> None:
    with pytest.raises(ValidationError, match=re.escape("force.size: -1 is out of range; allowed 0 to ")):
        Scenario(name="x", about="y", roster=("FRA",), overrides={"force.size": -1.0})
    with pytest.raises(ValidationError, match="frozen"):
        PARIS.weeks = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("baselin", "baselin.toml: no such scenario; bundled scenarios: baseline"),
        ("./baseline.toml", "./baseline.toml: no such file; bundled scenarios: baseline"),
        ("nowhere/mine.toml", "nowhere/mine.toml: no such file"),
        ("", ".toml: no such"),
    ],
)
def test_a_missing_scenario_names_those_that_are_there(name: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)
    assert str(caught.value).startswith(message)


def test_the_nearest_bundled_scenario_is_named() -> None:
    with pytest.raises(ScenarioError, match=re.escape('did you mean "baseline"?')):
        load_scenario("basline")


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"\n')
    (tmp_path / "deep.toml").write_text("x = " + "[" * 5000)
    for name, message in [
        ("folder", "cannot be read"),
        ("latin", "not UTF-8"),
        ("deep", "nested too deeply"),
    ]:
        with pytest.raises(ScenarioError, match=message):
            load_scenario(str(tmp_path / f"{name}.toml"))


def test_control_characters_stay_out_of_messages(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(TOP + '"a\\nb\\u001b[31m" = 1\n')
    with pytest.raises(ScenarioError) as caught:
        load_scenario(str(file))
    assert str(caught.value).isprintable()
