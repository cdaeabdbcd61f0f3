# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Q2: the sentences say what the tables say, whatever that is."""

import itertools
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from answering import cells_of, summary_of, write_folder

from experiments.answers.q02 import EXPERIMENTS, answer
from experiments.design import load_experiment
from experiments.figures.options import AS_IS, RULE, doses_tables
from experiments.figures.words import level

FORM = "guarantee.form"
FORMS = {form: level(FORM, form) for form in ("none", "backstop", "ratified")}
NEEDED, WORLDS = (load_experiment(name)[0] for name in EXPERIMENTS)
PANELS = [AS_IS, *(arm.label for arm in NEEDED.arms[:-1])]
SUMMARY = summary_of(NEEDED, {})
SUMMARY = SUMMARY[SUMMARY["outcome"].isin(NEEDED.outcomes)]
UNREACHED = (math.inf, math.inf, math.inf)


def told(path, needed=None, gains=None, reach=(0.0, 0.0, 0.004), again=False, share=None):
    """The answer where a base case needs so much by guarantee, other panels gain so much, worlds hold so often."""
    needed = {"none": UNREACHED, "backstop": UNREACHED, "ratified": (90e3, 60e3, math.inf)} | (needed or {})
    marks, doses = [], []
    for panel, (form, line) in itertools.product(PANELS, FORMS.items()):
        marks.append((panel, line, *(needed[form] if panel == AS_IS else UNREACHED), 0.5, again and panel == AS_IS))
        gain, half = (gains or {}).get(panel, (0.0, 0.02))
        rest = (0.7, 0.68, 0.72, gain, gain - half, gain + half)
        doses += [(panel, line, size, *rest) for size in (0, RULE, 200_000)]
    ends = ["low", "high", "gain", "gain_low", "gain_high"]
    found = write_folder(
        path,
        "needed",
        {
            "needed": pd.DataFrame(marks, columns=["panel", "line", "size", "low", "high", "unreached", "falls_again"]),
            "doses": pd.DataFrame(doses, columns=["panel", "line", "size", "estimate", *ends]),
            "supply": pd.DataFrame(
                [(line, 15e3, 0.0, 35e3, *reach) for line in FORMS.values()],
                columns=["line", "median", "low", "high", "reach", "reach_low", "reach_high"],
            ),
            "summary": SUMMARY,
        },
    )
    return answer({"needed": found, "worlds": worlds(path, share or (lambda policy, on: 0.7))})


def worlds(path, share):
    """A folder in which a policy holds so often, by the theories that are on."""
    names = list(WORLDS.arms[0].grid)
    rows = []
    for arm, values in itertools.product(WORLDS.arms, itertools.product((False, True), repeat=len(names))):
        on = {name.partition(".")[2] for name, value in zip(names, values, strict=True) if value}
        rows.append((arm.label, " ".join(map(str, map(int, values))), share(arm.label, on), *values))
    pairs = [("100,000 troops", "nothing", 0.1), ("ratified treaty", "100,000 and treaty", 0.1)]
    tables = {
        "worlds": pd.DataFrame(rows, columns=["policy", "world", "share", *names]),
        "dominance": pd.DataFrame(pairs, columns=["more", "less", "margin"]),
    }
    return write_folder(path, "worlds", tables)


def test_a_force_that_never_reaches_the_target_is_said_to_need_more_than_was_tried(tmp_path):
    found = told(tmp_path)
    assert found.short.startswith(
        "100,000 troops may be enough for a four-in-five chance of five quiet years with a ratified treaty, but too "
        "few with no guarantee or a backstop: with"
    )
    assert "100% (90–110), if they are heavy, in reserve and told to hold; left to decide, Europe" in found.short
    assert "fields only 15,000 (0–35,000 in 95% of futures)" in found.short
    assert "more than the 200,000 tried with no guarantee or a backstop" in found.points[0]
    assert "90,000 troops (60,000 to over 200,000) with a ratified treaty" in found.points[0]
    assert "too little with no guarantee or a backstop and open with a ratified treaty" in found.points[0]
    assert found.table.iloc[0].tolist()[-1] == "90,000 (60,000 to over 200,000); open"
    assert found.table.iloc[1].tolist()[-1] == "over 200,000; too little"


@pytest.mark.parametrize(
    ("band", "verdict", "cell"),
    [
        ((50e3, 30e3, 80e3), "enough", "50,000 (30,000 to 80,000); enough"),
        ((0.0, 0.0, 20e3), "enough", "none (0 to 20,000); enough"),
        ((150e3, 120e3, 180e3), "too little", "150,000 (120,000 to 180,000); too little"),
        ((math.inf, 90e3, math.inf), "open", "over 200,000 (from 90,000); open"),
    ],
)
def test_100_000_is_judged_by_the_whole_band(tmp_path, band, verdict, cell):
    found = told(tmp_path, dict.fromkeys(FORMS, band))
    assert f"100,000 troops are {verdict} with no guarantee, a backstop or a ratified treaty" in found.points[0]
    assert set(found.table.iloc[0].tolist()[1:]) == {cell}
    assert ("no troops (0 to 20,000)" in found.points[0]) == (band[0] == 0.0)
    said = {"enough": "are enough", "too little": "are too few", "open": "may be enough"}[verdict]
    assert found.short.startswith(f"100,000 troops {said} for a four-in-five chance of five quiet years: with")


def test_guarantees_with_which_100_000_are_enough_are_named(tmp_path):
    enough, unsure = (50e3, 30e3, 80e3), (90e3, 60e3, math.inf)
    found = told(tmp_path, {"none": UNREACHED, "backstop": unsure, "ratified": enough})
    assert "quiet years with a ratified treaty, but perhaps with a backstop and too few with no guarantee:" in (
        found.short
    )


def test_variants_are_sorted_by_what_is_certain(tmp_path):
    found = told(tmp_path, gains={"light": (-0.05, 0.02), "told to fight": (0.04, 0.01), "in cities": (0.03, 0.04)})
    assert "more often with “told to fight” (+4 points, whatever the guarantee)" in found.points[1]
    assert "less often with “light” (-5 points, whatever the guarantee)" in found.points[1]
    idle = found.points[1].partition("without a certain difference")[2]
    assert "“in cities”" in idle
    assert "base case (heavy, in reserve and told to hold)" in found.points[1]
    assert "none reaches it with fewer" in found.points[1]
    turned = told(tmp_path / "turned", gains={"light": (0.05, 0.02), "told to fight": (-0.04, 0.01)})
    assert "more often with “light”" in turned.points[1]
    assert "less often with “told to fight”" in turned.points[1]


def test_supply_is_unaffordable_only_where_it_falls_short(tmp_path):
    found = told(tmp_path).points[2]
    assert "100,000 come together in 0% (0–0) of runs whatever the guarantee: unaffordable" in found
    assert "fall short of what four in five takes with no guarantee, a backstop or a ratified treaty" in found
    plenty = told(tmp_path / "plenty", dict.fromkeys(FORMS, (20e3, 10e3, 30e3)), reach=(0.3, 0.2, 0.4)).points[2]
    assert "30% (20–40)" in plenty
    assert "unaffordable" not in plenty
    assert "fall short" not in plenty


def test_worlds_are_told_by_the_theory_that_decides(tmp_path):
    found = told(tmp_path, share=lambda policy, on: 0.95 if "treaty" in policy and "alliances_deter" in on else 0.5)
    text = found.points[4]
    assert "in 0% of worlds without a guarantee (for certain enough in 0%, too little in 100%)" in text
    assert "in 50% of worlds with a ratified treaty (for certain enough in 50%, too little in 50%)" in text
    assert "whether promises on paper deter (in 100% of worlds if so, 0% if not)" in text
    assert "hardly matters whether" in text
    assert "provokes Russia (in" not in text


def test_two_theories_that_only_together_suffice(tmp_path):
    good = {"alliances_deter", "tripwire"}
    text = told(tmp_path, share=lambda policy, on: 0.9 if "treaty" in policy and good <= on else 0.6).points[4]
    assert "with both on the good side it is 100% of worlds" in text


def test_worlds_without_any_difference(tmp_path):
    assert "it does so in no world" in told(tmp_path, share=lambda policy, on: 0.5).points[4]
    every = told(tmp_path / "every", share=lambda policy, on: 0.95)
    assert "it does so in every world" in every.points[4]
    assert "100% of worlds without a guarantee" in every.points[4]
    assert "More is nowhere worse than nothing: in no world" in every.points[5]


def test_harm_is_said_with_what_its_worlds_share(tmp_path):
    def share(policy, on):
        return 0.3 if policy == "100,000 troops" and "troops_provoke" in on else 0.6

    text = told(tmp_path, share=share).points[5]
    assert "More is not safer in every world: in 50% of worlds 100,000 troops without a guarantee hold less" in text
    assert "in all of these a large force provokes Russia" in text
    assert "in no world with a treaty they hold less" in text


def test_harm_within_luck_is_none(tmp_path):
    assert "nowhere worse" in told(tmp_path, share=lambda policy, on: 0.58 if "100,000" in policy else 0.6).points[5]


def test_what_is_uncertain_is_said(tmp_path):
    found = told(tmp_path, again=True)
    assert (
        f"1 of {3 * len(PANELS)} curves reach four in five, 1 of them with a band that ends beyond" in found.certainty
    )
    assert "fall below it again" in found.certainty
    assert "“paris”" in found.certainty
    assert [picture.file.name for picture in found.pictures] == ["doses", "worlds"]
    assert "nan" not in " ".join([found.short, *found.points, found.certainty])


def test_tables_of_doses_pair_runs_with_the_base_case_and_count_what_states_field():
    experiment = NEEDED.model_copy(update={"arms": [NEEDED.arms[0], NEEDED.arms[-1]]})
    cells = cells_of("needed")
    cells = [cell for cell in cells if cell.arm in {"", "light", "what Europe fields"}]
    rng = np.random.default_rng(1)
    luck = rng.random(400)

    def column(label, outcome):
        if outcome == "troops_peak":
            return np.where(luck < 0.25, 120e3, 10e3)
        return (luck < (0.8 if label.startswith("light") else 0.6)).astype(float)

    asked = SimpleNamespace(experiment=experiment, cells=cells)
    found = doses_tables(SimpleNamespace(asked=asked, column=column))
    doses = found["doses"].set_index("panel")
    assert doses.loc[AS_IS, "gain"].isna().all()
    assert doses.loc["light", "gain"].to_numpy() == pytest.approx(((luck >= 0.6) & (luck < 0.8)).mean())
    assert (doses.loc["light", "gain_low"] > 0.0).all()
    assert found["supply"]["reach"].to_numpy() == pytest.approx((luck < 0.25).mean())
    assert found["supply"]["median"].tolist() == [10e3] * 3
