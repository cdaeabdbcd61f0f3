# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Q8: envoys, effort under both theories, and exits are told by their signs and intervals."""

from pathlib import Path

import pytest
from answering import contrasts_of, effects_of, summary_of, write_folder

from experiments.answers import q08
from experiments.answers.answer import Answer
from experiments.design import load_experiment

Three = tuple[float, float, float]
FIRST, WILL, HELD = "two visits a year", q08.WILL, q08.HELD


def told(
    root: Path, moved: dict[tuple[str, str], Three], contrasts: dict[tuple[str, str, str], Three] | None = None
) -> Answer:
    """The answer if readiness is 20% in the first arm."""
    experiment, _ = load_experiment("washington")
    tables = {
        "summary": summary_of(experiment, {(FIRST, WILL): (0.2, 0.18, 0.22)}),
        "effects": effects_of(experiment, moved),
        "contrasts": contrasts_of(experiment, contrasts or {}),
    }
    return q08.answer({"washington": write_folder(root, "washington", tables)})


def about(estimate: float, half: float = 0.02) -> Three:
    return (estimate, estimate - half, estimate + half)


@pytest.mark.parametrize(
    ("keeps", "lets", "verdict", "short"),
    [
        (0.05, -0.05, "Whether effort keeps America in hangs on the theory", "raises or lowers it, depending on"),
        (0.05, 0.05, "Effort keeps America in under both theories", "raises it too, whichever theory is right"),
        (-0.05, -0.05, "Effort lets America go under both theories", "lowers it, whichever theory is right"),
        (0.05, 0.01, "cannot be told for certain under both theories", "changes it for certain under one theory only"),
        (0.01, -0.01, "cannot be told for certain under both theories", "does not surely change it"),
    ],
)
def test_effort_is_judged_under_both_theories_each_against_its_own(tmp_path, keeps, lets, verdict, short):
    found = told(
        tmp_path,
        {(q08.EFFORT, WILL): about(keeps), (q08.RIVAL_EFFORT, WILL): about(0.3), (q08.ENVOYS, WILL): about(0.2)},
        {(q08.RIVAL_EFFORT, q08.RIVAL, WILL): about(lets)},
    )
    assert verdict in found.points[0]
    assert "+20 points (18–22), more than the goal" in found.points[0]
    assert "+30" not in found.points[0]  # the goal under one theory less no goal under the other tells nothing
    assert f"{100 * lets:+.0f} point" in found.points[0]
    assert found.short.startswith(
        "An envoy a month raises American readiness to act by 20 points (18–22), more European"
    )
    assert f"spending {short}" in found.short


def test_readiness_that_does_not_reach_the_ceasefire(tmp_path):
    found = told(tmp_path, {(q08.ENVOYS, WILL): about(0.1), (q08.NO_ENVOYS, WILL): about(-0.1)})
    assert found.points[1].startswith("None of it reaches the ceasefire for certain")
    found = told(tmp_path / "second", {(q08.NO_ENVOYS, HELD): about(-0.1)})
    assert found.points[1].startswith(
        "Of this, only no envoys reaches the ceasefire for certain, by 10 points at most: "
    )


def test_five_runs_reach_nothing_for_certain(tmp_path):
    five = 5 / load_experiment("washington")[0].runs
    found = told(tmp_path, {(q08.EFFORT, HELD): (five, five / 2, 2 * five)})
    assert found.points[1].startswith("None of it reaches the ceasefire for certain")


def test_exits_by_date_and_what_makes_up_for_them(tmp_path):
    exits = {(q08.EXITS[0], HELD): about(-0.2), (q08.EXITS[1], HELD): about(-0.1), (q08.EXITS[2], HELD): about(-0.01)}
    found = told(tmp_path, exits)
    assert found.short.startswith("An envoy a month does not surely change American readiness to act (0 points,")
    assert "an American exit after a year makes the ceasefire hold five years 10 points (8–12) less often, if" in (
        found.short
    )
    assert found.short.endswith("if Europe relies on 25,000 troops and a backstop.")
    assert "(not told from nothing) for an exit after three years" not in found.points[2]
    assert "for an exit after three years (not told from nothing)" in found.points[2]
    assert "The earlier exit costs more" in found.points[2]
    assert "does not make up for it for certain" in found.points[3]
    exits |= {(q08.EXITS[0], HELD): about(-0.11, 0.2)}
    contrasts = {
        (q08.EXIT_EFFORT, q08.EXIT, HELD): about(0.05),
        (q08.EXIT_TREATY, q08.TREATY, HELD): about(-0.3),
    }
    found = told(tmp_path / "second", exits, contrasts)
    assert "cannot be told apart" in found.points[2]
    assert "makes up for some of it" in found.points[3]
    assert "by -30 points (-32 to -28) from a treaty that Washington keeps" in found.points[3]


def test_what_washington_decides_is_weighed_against_what_europe_tried(tmp_path):
    found = told(tmp_path, {(q08.ENVOYS, WILL): about(0.1), (q08.TREATY, WILL): about(0.3)})
    assert "For readiness, “ratified treaty” weighs more than any envoy or effort tried." in found.points[4]
    found = told(tmp_path / "second", {(q08.ENVOYS, WILL): about(0.3), (q08.TREATY, WILL): about(0.3)})
    assert "weighs more" not in found.points[4]
    assert found.table["Arm"].iloc[0] == FIRST
    assert len(found.table) == 14
