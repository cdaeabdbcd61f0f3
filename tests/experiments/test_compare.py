"""Comparisons: pairs with the same luck, the numbers of a batch, sentences that are true, mistakes in one line."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from batches import FakeEngine, quiet, told
from test_command import call, imported, refused
from test_figures import assert_no_overlap, title_of
from typer.main import get_command
from typer.testing import CliRunner

from experiments import batch, chunks, compare_command
from experiments import compare as compared
from experiments.batch import run_experiment
from experiments.command import app
from experiments.compare import Comparison, compare
from experiments.compare_text import SHOWN, conditions, sentences, verdict
from experiments.design import ExperimentError
from experiments.figures import style
from experiments.figures.compare import curves_beside
from experiments.intervals import EVENTS, paired_difference
from experiments.pairing import LABELS, MOST_PAIRS, PAIRS, pair_up
from model.outcomes import OUTCOMES
from model.scenario import ScenarioError, load_scenario

FORCE = "baseline:force.size=25000"
SHORT = ("weeks=26", "roster=paris")
SMALL = ("--runs", "40", "--parameters", "point", "--weeks", "26", "--set", "roster=paris")
BATCH = """
name = "batch"
question = "Q1"
title = "The same scenarios in a batch"
about = "For the tests."
roster = "paris"
weeks = 26
runs = 600
seed = 7
[set]
"threat.menace_first" = 0.6
[grid]
"force.size" = [0, 25000, 50000]
"""


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    engine = FakeEngine()
    monkeypatch.setattr(chunks, "_engines", [engine])
    return engine


def play(*scenarios: Any, **options: Any) -> Comparison:
    chosen: dict[str, Any] = {"runs": 60, "seed": 7, "parameters": "point", "settings": SHORT, "console": quiet()}
    return compare(list(scenarios), **chosen | options)


def test_a_scenario_is_like_itself(fake):
    found = play("baseline", "baseline")
    assert (found.differences[["difference", "higher", "lower"]] == 0).all(axis=None)
    assert found.settings.empty
    assert (found.differences["low"] <= 0).all()
    assert (found.differences["high"] >= 0).all()
    assert len(fake.played) == 60  # equal scenarios are played once
    text = "\n".join(sentences(found, found.asked.sides[1]))
    assert "B held and A did not in 0 (0.0%); A held and B did not in 0 (0.0%)" in text
    assert "the same runs." in text
    assert "ceasefire run" not in text


def test_swapped_scenarios_differ_by_the_opposite(fake):
    one, other = play("baseline", FORCE).differences, play(FORCE, "baseline").differences
    assert list(one["outcome"]) == list(OUTCOMES)
    for mine, theirs in (("difference", "difference"), ("low", "high"), ("high", "low")):
        np.testing.assert_allclose(one[mine], -other[theirs], atol=1e-8, rtol=1e-6)
    assert list(one["higher"]) == list(other["lower"])
    assert list(one["lower"]) == list(other["higher"])


def test_the_counts_are_those_of_the_runs(fake):
    found = play("baseline", FORCE, "baseline:force.size=100000")
    for label in "BC":
        for name in OUTCOMES:
            mine, first = (found.outcomes[each][name].to_numpy() for each in (label, "A"))
            interval, higher, lower = found.difference(label, name)
            assert (higher, lower) == ((mine > first).sum(), (mine < first).sum())
            assert interval == paired_difference(name, mine, first)
            assert interval.estimate == pytest.approx(found.mean(label, name).estimate - found.mean("A", name).estimate)
            if name in EVENTS:
                assert interval.estimate == pytest.approx((higher - lower) / 60)
    assert found.difference("C", "held").higher > found.difference("B", "held").higher > 0
    with pytest.raises(KeyError, match="no held of A"):
        found.difference("A", "held")


def test_the_mean_of_weeks_held_is_the_area_under_the_curve(fake):
    found = play("baseline", FORCE)
    for label in "AB":
        curve = found.survival[found.survival["scenario"] == label]
        area = (np.diff(curve["week"]) * curve["survival"].to_numpy()[:-1]).sum()
        assert found.mean(label, "weeks_held").estimate == pytest.approx(area)


@pytest.mark.parametrize(("parameters", "switches"), [("point", False), ("prior", False), ("prior", True)])
def test_the_numbers_are_those_of_a_batch(fake, tmp_path, monkeypatch, parameters, switches):
    """The drawn parameters, too: the engine that stands in adds them up in `confidence`."""
    monkeypatch.setattr(batch, "DRAWN_RUNS", 500)
    file = tmp_path / "batch.toml"
    file.write_text(f'parameters = "{parameters}"\nswitches = {str(switches).lower()}\n{BATCH}')
    run_experiment(str(file), threads=1, out=tmp_path / "out", console=quiet())
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    summary, changes = (pd.read_csv(tmp_path / "out" / f"{name}.csv") for name in ("summary", "differences"))
    found = play("baseline", FORCE, "baseline:force.size=50000", runs=600, parameters=parameters, switches=switches,
                 settings=(*SHORT, "threat.menace_first=0.6"))  # fmt: skip
    for label, size in (("A", 0), ("B", 25000), ("C", 50000)):
        played = runs[runs["force.size"] == size][list(OUTCOMES)].reset_index(drop=True)
        pd.testing.assert_frame_equal(found.outcomes[label], played, check_names=False, check_exact=True)
        columns = ["outcome", "unit", "n", "mean", "low", "high", "median", "interval"]
        mine, theirs = found.means[found.means["scenario"] == label], summary[summary["force.size"] == size]
        pd.testing.assert_frame_equal(mine[columns].reset_index(drop=True), theirs[columns].reset_index(drop=True))
        for _, row in changes[changes["force.size"] == size].iterrows():
            interval = found.difference(label, row["outcome"]).interval
            assert tuple(interval) == pytest.approx((row["difference"], row["low"], row["high"]))
    assert len(changes) == 8
    assert found.outcomes["A"]["confidence"].nunique() == (1 if parameters == "point" else 600)
    assert (found.outcomes["A"]["confidence"] == found.outcomes["B"]["confidence"]).all()


def test_what_a_scenario_says_is_not_drawn(fake):
    value = load_scenario("baseline").parameters().threat.menace_first
    found = play("baseline", f"baseline:threat.menace_first={value}", parameters="prior")
    assert found.settings.to_dict("records") == [{"setting": "threat.menace_first", "A": "drawn", "B": value}]
    same = play("baseline", f"baseline:threat.menace_first={value}")
    assert same.settings.empty


def test_the_settings_that_differ(fake, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\nabout = "For the tests."\nweeks = 26\nroster = ["GBR", "FRA"]\n[force]\nsize = 9000\n'
    )
    found = play(
        "baseline:roster=paris,states.POL.support=20", str(file), "us-exit:roster=paris", settings=["weeks=26"]
    )
    poland = next(row["support"] for row in load_scenario("baseline").state_rows() if row["iso3"] == "POL")
    assert {row["setting"]: [row[label] for label in "ABC"] for row in found.settings.to_dict("records")} == {
        "roster": ["paris", "GBR FRA", "paris"],
        "states.POL.support": [20.0, "not in the roster", poland],
        "force.size": [0, 9000.0, 25000.0],
        "force.place": ["reserve", "reserve", "cities"],
        "guarantee.form": ["none", "none", "backstop"],
        "guarantee.exit_week": [0, 0, 52.0],
    }


@pytest.mark.parametrize(
    ("given", "name", "settings"),
    [
        ("baseline", "baseline", ()),
        ("us-exit:force.size=3", "us-exit", ("force.size=3",)),
        ("baseline: force.size = 3 , force.place=line", "baseline", ("force.size = 3", "force.place=line")),
        ('baseline:roster=["GBR","FRA"],force.size=3', "baseline", ('roster=["GBR","FRA"]', "force.size=3")),
        ("baseline:start=2025-03-03,states.FRA.election=2027-04-11", "baseline",
         ("start=2025-03-03", "states.FRA.election=2027-04-11")),
    ],
)  # fmt: skip
def test_a_scenario_with_settings_of_its_own(given, name, settings):
    side = pair_up(["baseline", given]).sides[1]
    assert (side.label, side.name, side.settings) == ("B", name, settings)
    assert side.scenario == load_scenario(name, settings)


def test_a_drive_is_no_setting():
    with pytest.raises(ScenarioError, match=re.escape("C:\\no\\plan.toml: no such file")):
        pair_up(["baseline", "C:\\no\\plan.toml:force.size=3"])


def test_scenarios_may_come_from_code(fake):
    given = load_scenario("baseline").with_settings({"force.size": 25000})
    found, same = play("baseline", given), play("baseline", FORCE)
    pd.testing.assert_frame_equal(found.differences, same.differences)


def test_a_real_pair_can_be_told_as_runs():
    """The engine's pair is the pair that `ceasefire run` plays with Mesa."""
    found = play("baseline", "baseline:force.size=100000,force.deployment=imposed,guarantee.form=ratified",
                 parameters="prior", settings=("weeks=60", "roster=paris"), runs=30)  # fmt: skip
    lines = sentences(found, found.asked.sides[1])
    told_run = re.search(r"One such pair is run (\d+), in which ([AB]) held and ([AB]) did not", "\n".join(lines))
    assert told_run
    run = int(told_run[1])
    for label, line in zip("AB", lines[-2:], strict=True):
        played = json.loads(call(*shlex.split(line)[1:], "--json").stdout)
        assert played["outcomes"] == found.outcomes[label].loc[run].to_dict()
        assert played["outcomes"]["held"] == (label == told_run[2])


def test_sentences_say_what_was_counted(fake):
    found = play("baseline", FORCE)
    text = " ".join(sentences(found, found.asked.sides[1]))
    held = {label: found.outcomes[label]["held"] > 0 for label in "AB"}
    here, there = (held["B"] & ~held["A"]).sum(), (held["A"] & ~held["B"]).sum()
    both, neither = (held["A"] & held["B"]).sum(), (~held["A"] & ~held["B"]).sum()
    assert f"Of 60 pairs with the same luck, B held and A did not in {here} ({here / 60:.1%});" in text
    assert f"A held and B did not in {there} (" in text
    assert f"both held in {both} ({both / 60:.1%}); neither in {neither} ({neither / 60:.1%})." in text
    assert "renewed war in 0 pairs (B) and 0 (A)" in text
    assert "parameters: the register's values; all with roster=paris." in conditions(found)
    assert verdict(found, "ABA"[:2]).startswith(
        f"After 26 weeks the ceasefire still holds in {held['A'].mean():.1%} of runs"
    )


def test_more_and_less_are_said_by_their_size(fake):
    more, less = play("baseline", FORCE, runs=600), play(FORCE, "baseline", runs=600)
    span = r": (\d+\.\d points) (more|less) (\(95%: \d+\.\d to \d+\.\d\))$"
    one, other = (re.search(span, verdict(found, ["A", "B"])) for found in (more, less))
    assert one
    assert other
    assert (one[1], one[3]) == (other[1], other[3])
    assert (one[2], other[2]) == ("more", "less")


def test_too_few_pairs_tell_nothing_apart(fake):
    found = play("baseline", "baseline:force.size=5000")
    assert found.difference("B", "held").higher == 3
    assert "too little to tell them apart in 60 pairs" in verdict(found, ["A", "B"])
    one = play("baseline", FORCE, runs=1)
    assert "Of 1 pair with the same luck" in sentences(one, one.asked.sides[1])[0]
    assert conditions(one).startswith("1 run of each")


def test_the_command_says_it_in_words_and_tables(fake):
    result = call("compare", "baseline", FORCE, "us-exit:force.size=150000", *SMALL)
    lines = result.stdout.rstrip().splitlines()
    assert result.exit_code == 0
    assert result.stderr == ""
    assert lines[0] == f"A: baseline. {load_scenario('baseline').about}"
    assert lines[1] == "B: baseline with force.size=25000."
    assert sum(line.startswith("Of 40 pairs") for line in lines) == 2
    assert re.search(r"force.size +0 +25000 +150000", result.stdout)
    assert "B less A" in result.stdout
    assert "C less A" in result.stdout
    assert all(result.stdout.count(f"\n {name} ") == 2 for name in SHOWN)
    assert lines[-1].startswith("Again: ceasefire compare baseline baseline:force.size=25000 us-exit:force.size=150000")
    assert call(*shlex.split(lines[-1])[2:]).stdout == result.stdout


def test_json_has_everything_and_nothing_else(fake):
    result = call("compare", "baseline", FORCE, *SMALL, "--json")
    content = json.loads(result.stdout, parse_constant=pytest.fail)
    found = play("baseline", FORCE, runs=40, seed=1)
    assert result.stderr == ""
    assert content["pairs"] == 40
    assert content["scenarios"][1]["settings"] == ["force.size=25000"]
    assert [row["outcome"] for row in content["means"]] == list(OUTCOMES) * 2
    rows = {row["outcome"]: row for row in content["differences"]}
    held = found.difference("B", "held")
    assert (rows["held"]["higher"], rows["held"]["lower"], rows["held"]["n"]) == (held.higher, held.lower, 40)
    assert rows["held"]["interval"] == "Tango, paired"
    assert rows["deaths"]["interval"] == "bootstrap, paired"
    assert json.loads(call(*shlex.split(content["command"])[1:], "--json").stdout) == content
    single = call("compare", "baseline", FORCE, *SMALL[2:], "--runs", "1", "--json").stdout
    assert json.loads(single, parse_constant=pytest.fail)["means"][1]["low"] is None


def test_a_narrow_terminal_loses_nothing(fake):
    wide = call("compare", "baseline", FORCE, *SMALL).stdout
    narrow = CliRunner().invoke(app, ["compare", "baseline", FORCE, *SMALL], env={"COLUMNS": "80"}).stdout
    assert "…" not in narrow
    assert max(len(line) for line in narrow[narrow.index(" B beside A") :].splitlines()[:20]) <= 80
    assert sorted(re.findall(r"\d[\d.,k]*", narrow)) == sorted(re.findall(r"\d[\d.,k]*", wide))


def test_progress_is_told_where_it_takes_long(fake, monkeypatch):
    console = quiet()
    play("baseline", FORCE, console=console)
    assert told(console) == ""
    monkeypatch.setattr(compared, "QUIET", 0.0)
    monkeypatch.setattr(chunks, "CHUNK_RUNS", 10)
    play("baseline", FORCE, console=console)
    assert "compare: 120 of 120 runs" in told(console)


def test_ctrl_c_is_one_line(monkeypatch):
    monkeypatch.setattr(chunks, "_engines", [FakeEngine(fail_after=0)])
    result = call("compare", "baseline", FORCE, *SMALL)
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "Stopped.\n")


@pytest.mark.parametrize("weeks", [1, 26, 260])
@pytest.mark.parametrize("count", [2, len(LABELS)])
def test_labels_of_the_figure_do_not_overlap(fake, weeks, count):
    long = "baseline:force.size=25000,guarantee.form=ratified,force.doctrine=fight,force.place=line,force.weight=light"
    found = play("baseline", *[long] * (count - 1), settings=(f"weeks={weeks}", "roster=paris"))
    with style.styled():
        figure = curves_beside(found)
    assert_no_overlap(figure)
    assert title_of(figure) == verdict(found, LABELS[:count])
    at_risk = [text.get_text() for text in figure.axes[0].texts]
    assert [text for text in at_risk if text in LABELS] == list(LABELS[:count])
    assert at_risk.count("60") >= count


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_figure_is_written_whole(fake, tmp_path, suffix):
    file = tmp_path / f"curves.{suffix}"
    assert call("compare", "baseline", FORCE, *SMALL, "--plot", str(file)).exit_code == 0
    assert file.read_bytes().startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix])
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "SCENARIO"),
        (["baseline"], "SCENARIO: 1 given; at least 2 can be compared, as in: ceasefire compare baseline"),
        (["baseline"] * 8, "SCENARIO: 8 given; at most 7 can be compared"),
        (["baseline", "baselin:force.size=3"], "no such scenario; bundled scenarios: baseline, eu-command"),
        (["baseline", "baselin:force.size=3"], 'did you mean "baseline"?'),
        (["baseline", "force.size=3"], '"force.size=3" names no scenario; write NAME:KEY=VALUE, such as baseline:'),
        (["baseline", ":force.size=3"], '":force.size=3" names no scenario'),
        (["baseline", "baseline:"], '"baseline:": "" is not key=value; for example force.size=25000'),
        (["baseline", "baseline:force.sise=3"], '"baseline:force.sise=3": force.sise: no such key'),
        (["baseline", "baseline:force.size=many"], 'force.size: "many" is text, not a number'),
        (["baseline", "baseline:force.size=2,force.size=3"], "force.size: is set twice"),
        (["baseline", "baseline:force.size=3,ratified"], 'force.size: "3,ratified" is not a number'),
        (["baseline", FORCE, "--set", "force.size=4"], "force.size: --set says it for all; say it in one place"),
        (["baseline", FORCE, "--set", "forse.size=4"], "--set: forse.size: no such setting"),
        (["baseline", "./no.toml:force.size=3"], "./no.toml: no such file"),
        (
            ["baseline", "minsk-2015"],
            "weeks: B, minsk-2015, plays 520 and A 260; outcomes need one horizon: set it for",
        ),
        (["baseline", "us-exit", "--weeks", "0"], "--set: weeks: 0 is out of range; allowed 1 to 1040 weeks"),
        (["baseline", "us-exit", "--runs", "0"], "--runs: 0 is not allowed; a whole number from 1 to 100,000"),
        (["baseline", "us-exit", "--runs", str(MOST_PAIRS + 1)], "--runs: 100001 is not allowed"),
        (["baseline", "us-exit", "--seed", "-1"], "--seed: -1 is not allowed; a whole number from 0 to"),
        (["baseline", "us-exit", "--parameters", "pror"], 'posterior | prior | point; did you mean "prior"?'),
        (["baseline", "us-exit", "--parameters", "point", "--switches"], "--switches: drawing rival theories needs"),
        (["baseline", "us-exit", "--plot", "curves.gif"], "curves.gif must end in .png, .svg, .pdf"),
        (["baseline", "us-exit", "--plot", "no/curves.png"], "no/curves.png cannot be written"),
    ],
)
def test_a_mistake_is_one_line(arguments, message):
    assert message in refused("compare", *arguments)


def test_code_hears_of_mistakes_as_well():
    with pytest.raises(ExperimentError, match="--runs: 0 is not allowed"):
        compare(["baseline", "us-exit"], runs=0)


def test_the_help_says_how_many_pairs_are_usual():
    options = {option.name: option.default for option in get_command(app).commands["compare"].params}  # type: ignore[attr-defined]
    assert options["runs"] == PAIRS
    assert "NAME:KEY=VALUE" in call("compare", "--help").stdout
    assert compare_command.compare.__doc__


def test_a_mistake_is_told_before_anything_heavy_is_there(tmp_path: Path):
    there = imported("['compare', 'baseline', 'baseline:force.sise=3']")
    assert "experiments.pairing" in there
    assert not {"numba", "mesa", "pandas", "matplotlib", "lifelines", "distributed"} & there
