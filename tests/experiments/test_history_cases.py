"""Tables of past ceasefires: what is read, what is filled in, and one line for every mistake."""

import math

import pandas as pd
import pytest

from experiments.design import ExperimentError
from experiments.history.cases import read_cases

FULL = {
    "case_id": "A-B-1950",
    "start_date": "1950-01-01",
    "outcome": "collapsed",
    "duration_days": "100",
    "third_party_force": "unarmed observers",
    "force_size": "90",
    "demilitarised_zone": "partial",
    "great_power_guarantee": "implicit",
    "guarantor_troops_present": "0",
    "defender_to_challenger_capability_ratio": "0.25",
    "war_deaths": "5000",
    "previous_wars": "1",
    "outcome_decisive": "0",
    "contiguous": "1",
    "nuclear_challenger": "0",
    "case_class": "interstate",
    "core_sample": "1",
    "broken_by": "a",
    "dyad_cluster": "A-B",
    "t_strict": "100",
    "event_strict": "1",
    "t_broad": "60",
    "event_broad": "1",
}


@pytest.fixture
def write(tmp_path):
    """Write rows, each the full one with some cells changed (None: no such column), and give the path."""

    def table(*changes, **common):
        rows = [{**FULL, "case_id": f"case-{place}", **common, **change} for place, change in enumerate(changes, 1)]
        frame = pd.DataFrame(rows, columns=list(dict.fromkeys(name for row in rows for name in row)))
        path = tmp_path / "cases.csv"
        frame.drop(columns=[name for name, value in common.items() if value is None]).to_csv(path, index=False)
        return path

    return table


def test_a_full_table_is_read_as_it_stands(write):
    table = read_cases(write({}, {"t_strict": "0.5", "core_sample": "0"}))
    assert table.notes == []
    first = table.frame.iloc[0]
    assert (first["case_id"], first["third_party_force"], first["war_deaths"]) == ("case-1", "unarmed observers", 5000)
    assert table.frame["event_strict"].dtype == bool
    assert table.frame["t_strict"].tolist() == [100.0, 0.5]
    assert table.chosen()["case_id"].tolist() == ["case-1"]
    assert table.chosen("broad", core_only=False)["t"].tolist() == [60.0, 60.0]


def test_blank_covariates_stay_blank_and_are_counted_once(write):
    table = read_cases(write({"war_deaths": "", "third_party_force": ""}, {"war_deaths": ""}, {}))
    assert table.notes == ["third_party_force: blank in 1 of 3 cases", "war_deaths: blank in 2 of 3 cases"]
    assert math.isnan(table.frame["war_deaths"][0])
    assert table.frame["third_party_force"][0] == ""


def test_outcomes_follow_from_duration_where_they_are_not_given(write):
    blank = {"t_strict": "", "event_strict": "", "t_broad": "", "event_broad": ""}
    rows = [{"outcome": outcome, **blank} for outcome in ("collapsed", "eroded", "held")]
    without = dict.fromkeys(blank)
    for path in (write(*rows, {}), write(*({"outcome": row["outcome"]} for row in rows), {}, **without)):
        frame = read_cases(path).frame
        assert frame["event_strict"].tolist() == [True, False, False, True]
        assert frame["event_broad"].tolist() == [True, True, False, True]
        assert frame["t_strict"].tolist() == [100.0] * 4
    assert (
        read_cases(write(*rows, {})).notes[0]
        == "t_strict, event_strict: from duration_days and outcome in 3 of 4 cases"
    )


def test_the_shortest_table(write):
    keep = {"case_id", "t_strict", "event_strict"}
    table = read_cases(write({}, {"event_strict": "0"}, **{name: None for name in FULL if name not in keep}))
    assert table.frame["dyad_cluster"].tolist() == ["case-1", "case-2"]
    assert table.frame["core_sample"].all()
    assert table.frame["event_broad"].tolist() == [True, False]
    assert table.frame["t_broad"].tolist() == [100.0, 100.0]
    assert "war_deaths: no such column; blank in all 2 cases" in table.notes


def test_columns_that_are_not_known(write):
    table = read_cases(write({"side_a": "A", "colour": "red", "notes": "two\nlines"}, {}))
    assert table.notes == ["colour: not a known column; ignored"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"third_party_force": "armed peacekeepers"}, ["third_party_force", "none, unarmed", 'mean "lightly armed']),
        ({"war_deaths": "many"}, ["war_deaths", '"many" is not a number', "at least 0", "blank if unknown"]),
        ({"war_deaths": "nan"}, ["war_deaths", "is not a number"]),
        ({"war_deaths": "1_000"}, ["war_deaths", "is not a number"]),
        ({"defender_to_challenger_capability_ratio": "0"}, ["capability_ratio", "above 0"]),
        ({"previous_wars": "1.5"}, ["previous_wars", "a whole number of at least 0"]),
        ({"contiguous": "yes"}, ["contiguous", "0 or 1"]),
        ({"event_strict": "2"}, ["event_strict", "0 or 1"]),
        ({"duration_days": "-3"}, ["duration_days", '"-3"', "at least 0"]),
        ({"t_strict": "inf"}, ["t_strict", "is not a number"]),
        ({"outcome": "colapsed"}, ["outcome", 'did you mean "collapsed"']),
        ({"case_class": "civil"}, ["case_class", "interstate, de_facto_state"]),
        ({"t_strict": "", "duration_days": ""}, ["duration_days", "t_strict", "needed"]),
        ({"event_strict": "", "outcome": ""}, ["outcome", "event_strict", "needed"]),
        ({"case_id": "case-1"}, ["case_id", "line 3: case-1", "line 2 as well"]),
        ({"case_id": " "}, ["line 3", "case_id", "blank"]),
    ],
)
def test_a_wrong_cell_gets_one_line(write, change, said):
    path = write({"notes": "one line"}, change)
    line = refusal(path)
    assert line.startswith(f"{path}: line 3")
    assert all(part in line for part in said), line


def test_the_line_is_the_one_on_which_the_case_starts(write):
    path = write({"notes": "three\nlong\nlines"}, {"war_deaths": "x", "notes": "two\nlines"})
    assert "line 5: case-2: war_deaths" in refusal(path)


@pytest.mark.parametrize(
    ("missing", "instead", "said"),
    [
        ("case_id", {"caseid": "x"}, 'the column "case_id" is missing; is it "caseid"?'),
        ("case_id", {}, 'the column "case_id" is missing'),
        ("war_deaths", {"war_death": "3"}, 'unknown column "war_death"; did you mean "war_deaths"?'),
        ("demilitarised_zone", {"demilitarized_zone": "none"}, 'did you mean "demilitarised_zone"?'),
    ],
)
def test_a_missing_column(write, missing, instead, said):
    assert said in refusal(write({missing: None, **instead}, **{missing: None}))


def test_a_duration_and_an_ending_are_needed(write):
    gone = {"t_strict": None, "duration_days": None}
    line = refusal(write({**gone, "duration": "3"}, **gone))
    assert 'the column "duration_days" (or "t_strict") is missing; is it "duration"?' in line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"case_id,t_strict,event_strict\n", "no cases"),
        (b"case_id,t_strict,event_strict\nA,\xff,1\n", "not text in UTF-8"),
        (b"case_id,t_strict,event_strict\nA,\0,1\n", "not CSV"),
        (b'case_id,t_strict,event_strict\nA,"3,1\n', "line 2: is not CSV"),
        (b"case_id;t_strict;event_strict\nA;3;1\n", "semicolons"),
        (b"case_id,t_strict,event_strict\nA,3\n", "has 2 cells, but 3 columns"),
        (b"case_id,t_strict,t_strict\nA,3,1\n", '"t_strict" is there twice'),
        (b"nothing of the kind\n", '"case_id" is missing'),
    ],
)
def test_a_file_that_is_no_table_gets_one_line(tmp_path, content, said):
    path = tmp_path / "cases.csv"
    path.write_bytes(content)
    assert said in refusal(path)


def test_a_file_that_cannot_be_read(tmp_path):
    assert refusal(tmp_path / "no.csv").endswith("no.csv: no such file")
    assert "cannot be read" in refusal(tmp_path)


def test_a_byte_order_mark_and_blank_lines_do_no_harm(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("\ufeffcase_id,t_strict,event_strict\r\n\r\nA,3,1\r\n,,\r\nB,4,0\r\n", encoding="utf-8")
    assert read_cases(path).frame["case_id"].tolist() == ["A", "B"]


def refusal(path):
    with pytest.raises(ExperimentError) as error:
        read_cases(path)
    assert "\n" not in str(error.value)
    return str(error.value)
