"""Validation as a user meets it: predictions of past ceasefires, rivals, clear messages, the same numbers again."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.chunks import engine
from experiments.command import app
from experiments.draws import draw_parameters
from experiments.evidence.problem import Evidence, completed, inputs, sets_at
from experiments.evidence.targets import CASES, fitted_cases, load_targets
from experiments.history.cases import read_cases
from experiments.history.evaluation import HORIZONS_YEARS
from experiments.history.nulls import KaplanMeier
from experiments.history.runs import EDGES, case_scenarios, interval_counts, interval_mask, play_cases
from experiments.patterns.pattern import ParameterSets
from experiments.posterior import Posterior
from experiments.validate import MODEL, Depth, validate_cases
from experiments.validate_text import cases_tables, verdict
from model.register import load_register

HEAD = (
    "case_id,third_party_force,force_size,demilitarised_zone,great_power_guarantee,guarantor_troops_present,"
    "defender_to_challenger_capability_ratio,war_deaths,previous_wars,outcome_decisive,contiguous,"
    "nuclear_challenger,dyad_cluster,t_strict,event_strict,broken_by\n"
)
ROWS = [
    "A-1,none,,none,none,0,0.5,2000,2,0,1,1,A,90,1,a",
    "A-2,none,,none,none,0,,,1,0,1,0,A,700,1,b",
    "B-1,unarmed observers,40,partial,implicit,0,2.0,900,0,0,1,0,B,3000,0,",
    "C-1,combat-capable,20000,full,explicit treaty,1,3.0,60000,0,1,1,0,C,9000,0,",
    "D-1,lightly armed peacekeepers,,partial,,,,,,,,,D,1500,1,both",
]
CHEAP = (KaplanMeier(),)
QUICK = Depth(runs=4, others=2, prior_sets=8)
run = CliRunner()


def posterior(count=6, clusters=("A",)):
    drawn = draw_parameters(load_register(), count, 5)
    told = np.tile(np.linspace(-3.0, -1.0, count)[:, None], (1, len(clusters)))
    return Posterior(drawn.names, drawn.values, np.full(count, 1.0 / count), clusters, told)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(HEAD + "\n".join(ROWS) + "\n")
    return read_cases(path)


def test_every_case_gets_a_curve_with_its_spread_and_the_rivals_stand_beside(table):
    found = validate_cases(engine(), table, posterior(), QUICK)
    plain = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert {"c", "c_across_clusters", "brier", "kaplan_meier", "cases"} <= plain.keys()
    assert list(plain["brier"]) == [f"{year:g}" for year in HORIZONS_YEARS]
    assert [case["case_id"] for case in plain["cases"]] == ["A-1", "A-2", "B-1", "C-1", "D-1"]
    assert [case["cluster_fitted"] for case in plain["cases"]] == [True, True, False, False, False]
    for case in plain["cases"]:
        curve = case["curve"]
        assert all(a >= b for a, b in zip(curve["survival"], curve["survival"][1:], strict=False))
        assert all(
            low <= mid <= high for low, mid, high in zip(curve["low"], curve["survival"], curve["high"], strict=True)
        )
        assert sum(case["broken_by"].values()) == pytest.approx(1.0)
    assert set(plain["rivals"]) == {"model, prior", "challenger alone", "Kaplan-Meier", "Weibull", "Cox"}
    assert found.scores[0].name == MODEL
    words = "\n".join(grid.markdown() for grid in cases_tables(found))
    assert "combat-capable" in words
    assert "past ceasefires, each predicted without its own dyad cluster" in verdict(found)


def test_the_same_file_gives_the_same_numbers(table):
    one, two = (validate_cases(engine(), table, posterior(), QUICK, rivals=CHEAP).as_json() for _ in range(2))
    assert one == two


def test_a_case_is_not_judged_by_what_has_seen_its_cluster(table):
    """The sets that made most of cluster A count less for A's cases, and as before for the others."""
    seen, unseen = (
        validate_cases(engine(), table, posterior(clusters=c), QUICK, rivals=CHEAP) for c in (("A",), ("Z",))
    )
    assert (seen.model.curve[0] != unseen.model.curve[0]).any()
    assert (seen.model.curve[2:] == unseen.model.curve[2:]).all()


def test_a_force_a_zone_and_a_treaty_make_a_case_hold_longer(table):
    sets = ParameterSets.point().spread(1)
    played = play_cases(engine(), case_scenarios(table.frame), sets, 300, 1)
    held = played["weeks_held"].mean(axis=(1, 2))
    assert held[3] > held[2] > held[0]


def test_intervals_and_masks_agree():
    """A run that collapses on a case's day lies in the interval that the case's mask allows."""
    days = np.array([0.5, 27.0, 29.0, 200.0, 364.9, 3000.0, 9000.0])
    event = np.ones(len(days))
    weeks = np.floor(days / 7.0)[:, None, None]
    counts = interval_counts({"held": np.zeros_like(weeks), "weeks_held": weeks})[0]
    assert (counts == interval_mask(days, event)).all()
    alive = interval_mask(np.array([400.0]), np.array([0.0]))[0]
    assert alive.tolist() == [0.0] * 4 + [1.0] * (len(EDGES) + 1 - 4)


def test_targets_are_on_known_scales_and_their_cases_are_the_core_sample():
    names = [target.name for target in load_targets()]
    assert len(set(names)) == len(names)
    for target in load_targets():
        assert np.isfinite(target.on_scale(np.array(target.value)))
        assert target.sd > 0.0
        assert target.source
    assert len(fitted_cases().chosen("strict")) == 75


def test_the_problem_gives_finite_numbers_and_the_same_ones_again():
    evidence = Evidence(engine())
    z = np.random.default_rng(1).normal(size=(2, len(evidence.names)))
    one, two = (evidence.simulate(z, 0, 7) for _ in range(2))
    assert one.summaries.shape == (2, len(load_targets()))
    assert np.isfinite(one.summaries).all()
    assert (one.summaries == two.summaries).all()
    assert (one.counts == two.counts).all()
    assert one.counts.shape == (2, 75, len(EDGES) + 1)
    assert (one.counts.sum(axis=2) == evidence.effort.cases).all()
    assert evidence.mask.shape == (75, len(EDGES) + 1)


def test_inputs_at_the_middle_are_the_medians_of_their_priors_and_the_rest_is_drawn():
    middle = sets_at(np.zeros((1, len(inputs()))))
    for entry, value in zip(inputs(), middle.values[0], strict=True):
        assert entry.low < value < entry.high
    whole = completed(middle, 1)
    assert len(whole.names) == sum(entry.kind == "uncertainty" for entry in load_register().values())
    assert len(set(whole.names)) == len(whole.names)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("combat-capable", "combat-capabel"), 'did you mean "combat-capable"'),
        (("third_party_force", "third_party_forces"), "third_party_force"),
        (("90,1,a", "-90,1,a"), "t_strict"),
        (("A-2,", "A-1,"), "A-1"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_2(tmp_path, change, said):
    path = tmp_path / "cases.csv"
    path.write_text((HEAD + "\n".join(ROWS) + "\n").replace(*change))
    result = run.invoke(app, ["validate", "cases", str(path)])
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_a_missing_file_is_one_line(tmp_path):
    result = run.invoke(app, ["validate", "cases", str(tmp_path / "nowhere.csv")])
    assert (result.exit_code, len(result.output.strip().splitlines())) == (2, 1)


@pytest.mark.parametrize("arguments", [["patterns", "--parameters", "pior"], ["cases", "--runs", "0"]])
def test_bad_options_are_refused_with_code_2(arguments):
    result = run.invoke(app, ["validate", *arguments])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_the_bundled_cases_can_be_read_with_notes_of_what_is_blank():
    table = read_cases(CASES)
    assert len(table.frame) == 84
    assert any("war_deaths" in note for note in table.notes)
