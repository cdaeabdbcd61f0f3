# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Q10: the sentences follow the tables: ranks, noise, boxes, worlds, and what survives them."""

import itertools

import numpy as np
import pandas as pd
import pytest
from answering import write_folder

from experiments.answers.assumptions import CHOSEN
from experiments.answers.q10 import EXPERIMENTS, answer
from experiments.answers.surviving import HANGS, LEANS, OPEN, SURVIVES, verdict
from experiments.design import load_experiment

SETTINGS = list(load_experiment("indices")[0].sample.over)
THEORY, OTHER = "theories.troops_provoke", "theories.tripwire"
POLICIES = ["nothing", "25,000 and backstop", "25,000 and treaty"]
FIRST = {
    "violations.excitation_first": "how much fire the war carries over",
    "choice.precision": "how sharply leaders follow",
}


def screened(order=(), noise=0.05):
    """sensitivity.csv and noise.csv: mu_star falls from 0.6 in this order; luck alone makes `noise`."""
    names = [*order, *(name for name in [*SETTINGS, THEORY, "russia.fortification"] if name not in order)]
    sizes = [0.6 * 0.8**place for place in range(len(names) - 1)] + [0.0]
    sensitivity = pd.DataFrame({"parameter": names, "outcome": "held", "mu_star": sizes, "mu_star_conf": 0.05})
    high = [noise] * (len(names) - 1) + [0.0]
    changed = [0.1] * (len(names) - 1) + [0.0]
    luck = pd.DataFrame({"parameter": names, "outcome": "held", "changed": changed, "noise_high": high})
    return {"sensitivity": sensitivity, "noise": luck}


def indices(order=(), alone=0.5, conf=0.02):
    """sensitivity.csv: ST halves in this order from 0.5."""
    names = [*order, *(name for name in SETTINGS if name not in order)]
    total = 0.5 ** np.arange(1, len(names) + 1)
    columns = {"outcome": "held", "S1": alone * total, "S1_conf": conf, "ST": total, "ST_conf": conf * total}
    return {"sensitivity": pd.DataFrame({"parameter": names, **columns})}


def failing(density=0.9, quasi_p=0.001, boxes=("fail", "hold"), shares=(0.2, 0.8)):
    """box.csv, and the shares of runs that hold in four worlds of 40 runs."""
    rows = []
    for that, (half, dense) in itertools.product(boxes, (("found", 0.95), ("held back", density))):
        limits = {"low": np.nan, "high": 6.94, "least": 2.0, "most": 14.0, "values": ""}
        worth = {"coverage": 0.5, "density": dense, "mass": 0.4, "all": 0.7, "worlds": 1000}
        rows.append(
            {"that": that, "half": half, "parameter": "choice.precision", **limits, "quasi_p": quasi_p, **worth}
        )
    means = [share for share in shares for _ in range(50)]
    summary = pd.DataFrame({"cell": range(len(means)), "arm": "sample", "outcome": "held", "n": 40, "mean": means})
    return {"summary": summary} | ({"box": pd.DataFrame(rows)} if rows else {})


def rivals(leads, reached=0.0, provoked=-0.3):
    """Tables of `worlds`: given leads (above, surely_below, low), and policies that hold less where troops provoke."""
    pairs, parts = [], []
    for (more, less), (above, below, low) in leads.items():
        lead = {"difference": low + 0.02, "low": low, "high": low + 0.04, "margin": 0.08, "surely_above": above / 2}
        pairs.append({"more": more, "less": less, "worlds": 4, **lead, "above": above, "surely_below": below})
        for setting, value in itertools.product((THEORY, OTHER), (False, True)):
            tells = setting == THEORY and not value
            shares = {"above": min(above, 1.0) - 0.4 * tells, "surely_below": below * (1.5 if tells else 0.5)}
            parts.append({"more": more, "less": less, "setting": setting, "value": value, "worlds": 2, **shares})
    worlds = [
        (policy, f"{int(on)} {int(more)}", 0.6 + provoked * on * (policy != "nothing"), on, more)
        for policy in POLICIES
        for on, more in itertools.product((False, True), repeat=2)
    ]
    scores = [(policy, 0.5, 0.4, 0.6, reached, 0.1 * place) for place, policy in enumerate(reversed(POLICIES), 1)]
    return {
        "dominance": pd.DataFrame(pairs),
        "dominance_by": pd.DataFrame(parts),
        "worlds": pd.DataFrame(worlds, columns=["policy", "world", "share", THEORY, OTHER]),
        "scores": pd.DataFrame(scores, columns=["policy", "median", "low", "high", "reached", "regret"]),
        "variance": variance((0.1, 0.2, 0.7)),
    }


def variance(shares):
    rows = [
        (policy, part, share, share - 0.05, share + 0.05, 90)
        for policy in POLICIES
        for part, share in zip(("structure", "parameters", "luck"), shares, strict=True)
    ]
    return pd.DataFrame(rows, columns=["policy", "part", "share", "low", "high", "twins"])


LEADS = {
    ("25,000 and backstop", "nothing"): (1.0, 0.0, 0.03),
    ("25,000 and treaty", "nothing"): (0.75, 0.0, 0.05),
    ("25,000 and treaty", "25,000 and backstop"): (0.5, 0.25, -0.01),
}


@pytest.fixture
def told(tmp_path):
    """The answer, with tables of some experiments changed."""

    def tell(**changed):
        tables = {
            "screening": screened(),
            "indices": indices(),
            "failing": failing(),
            "worlds": rivals(LEADS),
            "spread": {"variance": variance((0.3, 0.25, 0.45))},
        } | changed
        return answer({name: write_folder(tmp_path, name, tables[name], cells=False) for name in EXPERIMENTS})

    return tell


@pytest.mark.parametrize("first", list(FIRST))
def test_what_ranks_first_is_named_first(told, first):
    found = told(screening=screened([first]), indices=indices([first]))
    assert FIRST[first] in found.short
    assert f"{FIRST[first]}" in found.points[0].split(",")[1]
    assert found.points[1].startswith(f"Of the variance between worlds of {len(SETTINGS)} settings {FIRST[first]}")
    assert "50% (49–51)" in found.points[1]
    assert "50% (49–51)" in found.short


def test_noise_is_told_from_the_first_setting_that_luck_could_explain(told):
    assert "Rank 13 (4.1 points) is the first that luck alone could explain" in told().points[0]


@pytest.mark.parametrize(
    ("noise", "words"), [(1.0, "Luck alone could explain even the first"), (-1.0, "All effects are larger than luck")]
)
def test_all_or_nothing_may_be_noise(told, noise, words):
    screening = screened(noise=noise)
    if noise < 0:
        screening = {name: table[table["parameter"] != "russia.fortification"] for name, table in screening.items()}
    found = told(screening=screening).points[0]
    assert words in found
    assert ("change not a single run" in found) == (noise > 0)


def test_theories_have_their_rank(told):
    assert f"whether a large force provokes Russia, has rank {len(SETTINGS) + 1}" in told().points[0]


def test_theories_may_be_among_the_first(told):
    assert (
        "whether a large force provokes Russia, has rank 2"
        in told(screening=screened(["choice.precision", THEORY])).points[0]
    )


def test_a_screening_that_ranks_others_higher_is_noticed(told):
    assert "needs to be made again" not in told().points[1]


def test_a_screening_that_ranks_others_higher_is_told(told):
    found = told(screening=screened(["ukraine.review", *SETTINGS[:5]])).points[1]
    assert f"ranks ukraine.review among its {CHOSEN} highest" in found
    assert "needs to be made again" in found


@pytest.mark.parametrize(("alone", "words"), [(0.5, "the rest is interplay"), (1.0, "next to no interplay")])
def test_interplay_is_what_settings_do_not_explain_alone(told, alone, words):
    assert words in told(indices=indices(alone=alone)).points[1]


def test_shares_within_their_noise_are_no_finding(told):
    assert "none has a share for certain" in told(indices=indices(conf=1.0)).points[1]


def test_the_box_is_told_by_the_worlds_held_back(told):
    found = told().points[2]
    assert "70% of worlds fail" in found
    assert "With choice.precision at most 6.94 (how sharply leaders follow their interest, 2–14), 90% (87–93)" in found
    assert "(95% where the box was found), against 70% of all" in found
    assert "beyond the plan, the other way round" in found
    assert "may be chance" not in found
    assert "for certain" not in found


def test_a_box_that_is_not_found_again_is_told(told):
    found = told(failing=failing(density=0.7, quasi_p=0.4)).points[2]
    assert "the limit of choice.precision may be chance" in found
    assert "does not tell them from the others for certain" in found


def test_without_a_box_it_is_said(told):
    assert told(failing=failing(boxes=())).points[2].startswith("No box of settings tells")


@pytest.mark.parametrize(
    ("reached", "words"),
    [
        (0.0, "none reaches four in five in any of 4 worlds"),
        (0.5, "none reaches four in five in all 4 worlds, “25,000 and treaty” in most of all (2)"),
        (1.0, "reach four in five in all 4 worlds"),
    ],
)
def test_how_far_policies_reach(told, reached, words):
    found = told(worlds=rivals(LEADS, reached=reached))
    assert words in found.points[3]
    assert found.short.endswith(
        "whichever rival theory is right, the least regretted of three choices is 25,000 troops with a ratified "
        "treaty, at most 10 points behind the best."
    )


@pytest.mark.parametrize(("provoked", "words"), [(-0.3, "30 points less often if"), (0.3, "30 points more often if")])
def test_the_sign_of_a_theory_is_told(told, provoked, words):
    found = told(worlds=rivals(LEADS, provoked=provoked)).points[3]
    assert f"{words} a large force provokes Russia" in found
    assert "No policy moves by 2 points with whether deaths in the force commit its capitals" in found


def test_conclusions_by_what_becomes_of_them(told):
    found = told()
    text = found.points[4]
    assert (
        "Of 3 conclusions “A holds more than B” 1 survives all 4 worlds: “25,000 and backstop” over “nothing”" in text
    )
    assert "none of them by more than luck in each world" in text
    assert "in no world surely otherwise: “25,000 and treaty” over “nothing” (+7 points (5–9))" in text
    assert "What hangs on the theory: “25,000 and treaty” over “25,000 and backstop”" in text
    assert "surely less in 1: in 38% of worlds unless a large force provokes Russia, 12% if so" in text
    assert list(found.table["Verdict"]) == [SURVIVES, LEANS, HANGS]


def test_nothing_survives_and_nothing_is_turned_round(told):
    leads = {pair: (0.5, 0.0, -0.01) for pair in LEADS}
    found = told(worlds=rivals(leads))
    assert "“A holds more than B” none survives all 4 worlds" in found.points[4]
    assert "No lead is turned round for certain" in found.points[4]
    assert found.table.empty


@pytest.mark.parametrize(
    ("above", "below", "low", "expected"),
    [(1.0, 0.0, -0.01, SURVIVES), (0.99, 0.0, 0.01, LEANS), (0.99, 0.0, -0.01, OPEN), (0.99, 0.01, 0.01, HANGS)],
)
def test_verdicts(above, below, low, expected):
    assert verdict({"above": above, "surely_below": below, "low": low}) == expected


def test_theories_come_from_all_worlds_and_the_rest_from_the_experiment_that_tells_it_apart(told):
    text = told().points[5]
    assert "“nothing” theories 10% (5–15), parameter sets 25% (20–30), luck 45% (40–50)" in text
    assert "90 of 1,000 runs share their set" in text


@pytest.mark.parametrize(("shares", "words"), [((0.2, 0.8), "about 34% of it"), ((0.5, 0.5), "about 0% of it")])
def test_what_settings_have_of_the_variance_leaves_luck_out(told, shares, words):
    assert words in told(failing=failing(shares=shares)).points[5]
