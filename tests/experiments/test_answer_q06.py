# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Q6: what matters for the force follows the plan's rule, a quarter of the first arm's value and a sure interval."""

from pathlib import Path

import pytest
from answering import effects_of, summary_of, write_folder

from experiments.answers import q06
from experiments.answers.answer import Answer
from experiments.design import load_experiment

FIRST = "as it is"


def told(root: Path, moved: dict[tuple[str, str], tuple[float, float, float]], deaths: float = 5.0) -> Answer:
    """The answer if 8,000 troops stay in the first arm."""
    experiment, _ = load_experiment("publics")
    means = {
        (FIRST, "troops_end"): (8000.0, 7000.0, 9000.0),
        (FIRST, "troops_peak"): (16000.0, 15000.0, 17000.0),
        (FIRST, "deaths_force"): (deaths, deaths / 2, deaths * 2),
    }
    tables = {"summary": summary_of(experiment, means), "effects": effects_of(experiment, moved)}
    return q06.answer({"publics": write_folder(root, "publics", tables)})


def test_what_matters_is_a_quarter_and_sure(tmp_path):
    found = told(
        tmp_path,
        {
            ("bound by a treaty", "troops_end"): (6000.0, 5000.0, 7000.0),
            ("bound by a treaty", "support"): (25.0, 24.0, 26.0),
            ("publics 10 points colder", "troops_end"): (-2000.0, -2500.0, -1500.0),
            ("publics tire fast", "troops_end"): (-1900.0, -2100.0, -1700.0),  # sure, but less than a quarter
            ("hard times weigh most", "troops_end"): (3000.0, -500.0, 6500.0),  # a quarter, but not sure
        },
    )
    assert found.short == (
        "Asked for 50,000 troops, governments that decide for themselves keep 8,000 (7,000–9,000) in Ukraine after "
        "five years; of 12 changes tried, two move that by a quarter or more, most of all a treaty that binds them "
        "(+6,000 troops, 5,000–7,000), if Washington gives a backstop."
    )
    peak, matters, not_enough, worth, held = found.points
    assert "50% fewer" in peak
    assert "“bound by a treaty” +6,000 troops (5,000–7,000), +75%" in matters
    assert "-25%" in matters
    assert "it is the level of support that counts" in matters
    assert "“publics tire fast” moves it for certain, but by 1,900 troops at most" in not_enough
    assert "“hard times weigh most”" in not_enough.partition("at most")[2].partition("cannot be told")[0]
    assert "The interval of “hard times weigh most” and “publics tire fast” still reaches a quarter." in not_enough
    assert "the force loses 5 soldiers (2.5–10)" in not_enough
    assert "240 troops for each point" in worth
    assert "publics 10 points colder" not in worth  # its support did not move
    assert "does not show for certain" in held
    assert list(found.table["Matters"]).count("yes") == 2
    assert dict(found.table[["Change", "Matters"]].to_numpy())["hard times weigh most"] == "no certain change"


def test_nothing_matters(tmp_path):
    found = told(tmp_path, {})
    assert "of 12 changes tried, none moves that by a quarter, if" in found.short
    assert "Nothing that was tried" in found.points[1]
    assert "Neither the level" in found.points[1]
    assert "yes" not in set(found.table["Matters"])


@pytest.mark.parametrize(
    ("sign", "arm", "expected"),
    [(1, "casualties weigh least", "changes what stays"), (-1, "casualties weigh most", "changes what stays")],
)
def test_shocks_that_matter_are_named_and_reach_the_ceasefire(tmp_path, sign, arm, expected):
    found = told(
        tmp_path,
        {
            (arm, "troops_end"): (sign * 4000.0, *sorted((sign * 3000.0, sign * 5000.0))),
            (arm, "held"): (sign * 0.04, *sorted((sign * 0.02, sign * 0.06))),
        },
    )
    assert f"only “{arm}” ({'+' if sign > 0 else '-'}4,000 troops" in found.short
    assert "moves that by a quarter or more" in found.short
    assert f"what shakes support later that counts (“{arm}”), and not its level" in found.points[1]
    assert f"{expected} (“{arm}”)" in found.points[2]
    assert (
        f"shows in how often the ceasefire holds: {'+4 points (2–6)' if sign > 0 else '-4 points (-6 to -2)'}"
        in (found.points[4])
    )
