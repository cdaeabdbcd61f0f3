"""Other theatres: each cell of a row of past ceasefires becomes a setting, by one mapping for all rows."""

import csv
import math
from itertools import pairwise, product
from pathlib import Path

import pytest
from playing import CalmLine, CalmRussia, CalmUkraine

from model import theatres
from model.ceasefire import Ceasefire
from model.register import load_register
from model.scenario import ScenarioError
from model.theatres import levels, load_mapping, numbers, theatre_scenario

CASES = Path(__file__).parents[2] / "experiments" / "evidence" / "cases.csv"
WORDS = ("third_party_force", "demilitarised_zone", "great_power_guarantee")
FULL = {
    "third_party_force": "lightly armed peacekeepers",
    "force_size": 900.0,
    "demilitarised_zone": "partial",
    "great_power_guarantee": "implicit",
    "guarantor_troops_present": 0.0,
    "defender_to_challenger_capability_ratio": 0.25,
    "war_deaths": 5000.0,
    "previous_wars": 2.0,
    "outcome_decisive": 1.0,
    "contiguous": 1.0,
    "nuclear_challenger": 0.0,
}
READ = {*WORDS, "force_size", "guarantor_troops_present", *numbers()}


def settings(row, name="case"):
    """What a row sets, its name aside."""
    found = theatre_scenario(name, row).settings()
    return {key: cell for key, cell in found.items() if key not in {"name", "about"}}


def guarantee(row):
    return settings(row)["guarantee.form"]


@pytest.mark.parametrize("column", WORDS)
def test_every_level_gives_a_scenario_of_its_own_that_plays(column):
    found = []
    for level in levels(column):
        made = theatre_scenario("case", FULL | {column: level}, weeks=30)
        assert made.weeks == 30
        assert math.isfinite(sum(Ceasefire(made, 1, 0).play().outcomes().values()))
        found.append(made.settings())
    assert all(one != other for one, other in pairwise(found))


def test_all_levels_together_are_valid():
    for force, zone, form, troops in product(*(levels(column) for column in WORDS), (0.0, 1.0)):
        row = dict(zip(WORDS, (force, zone, form), strict=True)) | {"guarantor_troops_present": troops}
        assert theatre_scenario("case", FULL | row).parameters().theatre.elsewhere == 1.0


def test_a_bundled_row_is_a_scenario_with_the_cases_number_for_number():
    made = theatre_scenario("A-B-1950", FULL)
    assert (made.name, made.roster, made.weeks) == ("A-B-1950", ("CAN",), theatres.WEEKS)
    p = made.parameters()
    assert p.force.size == 900.0
    assert p.theatre.balance == 0.25
    assert p.theatre.war_deaths == 5000.0
    assert p.theatre.previous_wars == 2.0
    assert (p.theatre.decisive, p.theatre.apart, p.theatre.nuclear) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize("blank", ["", None, math.nan, "absent"])
@pytest.mark.parametrize("column", sorted(READ))
def test_a_blank_cell_takes_the_level_that_tells_least(column, blank):
    row = dict(FULL)
    if blank == "absent":
        del row[column]
    else:
        row[column] = blank
    mapping = load_mapping()
    if column in WORDS:
        assert settings(row) == settings(FULL | {column: mapping[column]["blank"]})
        assert mapping[column]["blank"] == "none"
    elif column in numbers():
        assert settings(row) == settings(FULL | {column: mapping["numbers"][column]["blank"]})
    elif column == "force_size":
        assert settings(row)["force.size"] == mapping["third_party_force"]["lightly armed peacekeepers"]["troops"]
    else:
        assert settings(row) == settings(FULL | {column: 0.0})


def test_a_row_of_blanks_is_a_plain_ceasefire():
    row = settings({})
    assert "force.size" not in row
    assert (row["guarantee.form"], row["agreement.zone"]) == ("none", 0.0)
    assert row == settings(dict.fromkeys(READ, "")) == settings(dict.fromkeys(READ, math.nan))


@pytest.mark.parametrize("column", WORDS)
@pytest.mark.parametrize("level", ["None", "heavy", "why", "blank", "unarmed observers "])
def test_an_unknown_level_is_one_clear_line(column, level):
    with pytest.raises(ValueError, match=rf"^{column}: '{level}' is no level; allowed ") as caught:
        theatre_scenario("case", FULL | {column: level})
    message = str(caught.value)
    assert "\n" not in message
    assert all(allowed in message for allowed in levels(column))


@pytest.mark.parametrize(
    ("column", "number"),
    [("war_deaths", -5), ("defender_to_challenger_capability_ratio", 0), ("contiguous", 2), ("previous_wars", 99)],
)
def test_a_number_out_of_range_is_one_clear_line(column, number):
    with pytest.raises(ScenarioError, match="case A-B-1950") as caught:
        theatre_scenario("A-B-1950", FULL | {column: number})
    assert "\n" not in str(caught.value)
    assert load_mapping()["numbers"][column]["parameter"] in str(caught.value)


@pytest.mark.parametrize("level", ["lightly armed peacekeepers", "combat-capable"])
def test_the_size_of_a_force_is_taken_and_else_that_of_its_level(level):
    assert settings(FULL | {"third_party_force": level, "force_size": 1234.0})["force.size"] == 1234.0
    usual = settings(FULL | {"third_party_force": level, "force_size": ""})["force.size"]
    assert usual == load_mapping()["third_party_force"][level]["troops"]


@pytest.mark.parametrize("level", ["none", "unarmed observers", ""])
def test_observers_are_no_force_whatever_their_number(level):
    assert "force.size" not in settings(FULL | {"third_party_force": level, "force_size": 93.0})


def test_a_guarantors_own_troops_add_a_rung():
    ladder = load_register()["guarantee.form"].options
    assert ladder is not None
    rungs = []
    for form in ("none", "implicit", "explicit treaty"):
        plain, stronger = (
            ladder.index(guarantee(FULL | {"great_power_guarantee": form, "guarantor_troops_present": there}))
            for there in (0.0, 1.0)
        )
        assert stronger == plain + 1
        rungs.append((plain, stronger))
    assert rungs == sorted(set(rungs))


@pytest.mark.parametrize("column", sorted(READ))
def test_the_mapping_reads_every_column_that_it_claims(column):
    other = {"third_party_force": "combat-capable", "demilitarised_zone": "full"}
    other |= {"great_power_guarantee": "explicit treaty"}
    flags = {"guarantor_troops_present", "outcome_decisive", "contiguous", "nuclear_challenger"}
    changed = other.get(column, 1.0 - float(FULL[column]) if column in flags else 17.0)
    assert settings(FULL | {column: changed}) != settings(FULL)


def test_contiguity_is_turned_round_and_the_other_numbers_are_not():
    for number in (0.0, 1.0):
        assert settings(FULL | {"contiguous": number})["theatre.apart"] == 1.0 - number
        assert settings(FULL | {"nuclear_challenger": number})["theatre.nuclear"] == number


def test_no_case_is_special():
    """Equal cells give equal scenarios but for the name; what came of a case, and its id, tell nothing."""
    assert settings(FULL, "KOR-1953") == settings(FULL, "ISR-EGY-1948a")
    told = FULL | {"case_id": "CYP-1974", "outcome": "collapsed", "duration_days": 3.0, "broken_by": "a", "t_strict": 3}
    assert settings(told) == settings(FULL)
    text = (Path(theatres.__file__).parent / "register" / "data" / "theatres.toml").read_text()
    with CASES.open() as file:
        rows = list(csv.DictReader(file))
    assert not [row["case_id"] for row in rows if row["case_id"] in text]


def test_every_row_of_the_evidence_is_a_scenario():
    with CASES.open() as file:
        for row in csv.DictReader(file):
            p = theatre_scenario(row["case_id"], row).parameters()
            assert p.theatre.elsewhere == 1.0
            assert p.force.deployment == load_register()["force.deployment"].encode("imposed")


def test_a_force_is_there_because_the_table_says_so():
    row = FULL | {"third_party_force": "combat-capable", "force_size": 10_000.0}
    calm = {"Russia": CalmRussia, "Ukraine": CalmUkraine, "Line": CalmLine}
    here = Ceasefire(theatre_scenario("case", row, weeks=100), 1, 0, classes=calm).play()
    assert here.force.asked == 10_000.0 * here.parameters.theatre.scale
    assert here.force.troops == pytest.approx(here.force.asked)  # one contributor is enough
    assert [each.code for each in here.states if each.contributing == 1.0] == ["CAN"]


def test_every_setting_has_a_reason():
    mapping = load_mapping()
    assert all(mapping[table]["why"] for table in ("everywhere", *WORDS))
    assert all(mapping["numbers"][column]["why"] for column in numbers())
