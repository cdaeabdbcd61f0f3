"""The command line: what it prints, and that a mistake is one line and exit code 2."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from experiments.command import app
from experiments.lookup import as_json, look_up
from experiments.terminal import SHOWN, example
from model.ceasefire import Ceasefire
from model.outcomes import OUTCOMES
from model.register import load_register, state_columns
from model.scenario import Scenario, list_scenarios, load_scenario

HEAVY = ("mesa", "numpy", "pandas", "matplotlib", "scipy", "pydantic", "pyarrow", "lifelines", "numba", "distributed")
SHORT = ("--weeks", "30")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def refused(*arguments: str) -> str:
    """The one line on standard error of a command that is wrong."""
    result = call(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a shell of its own, as `ceasefire`."""
    ceasefire = f"{sys.executable} -c 'from experiments.command import app; app()'"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("ceasefire", ceasefire)],
        capture_output=True, text=True, timeout=60, check=False, env=os.environ | environment,
    )  # fmt: skip


def test_help_names_the_commands_and_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom experiments.command import app\ntry: app(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.rstrip().endswith("[]")
    for name in ("scenarios", "params", "run", "experiments", "batch"):
        assert name in ran.stdout
        assert call(name, "--help").exit_code == 0
    assert call().stdout == call("--help").stdout


def test_version() -> None:
    assert call("--version").stdout.startswith("ceasefire 0.")


def test_scenarios_are_listed_with_what_they_change() -> None:
    result = call("scenarios")
    listed = json.loads(call("scenarios", "--json").stdout)
    assert [each["name"] for each in listed] == [scenario.name for scenario in list_scenarios()]
    for scenario in list_scenarios():
        assert scenario.name in result.stdout


def test_experiments_are_listed_with_their_question() -> None:
    listed = json.loads(call("experiments", "--json").stdout)
    assert "headline" in {each["name"] for each in listed}
    assert "headline" in call("experiments").stdout


def test_all_parameters_by_group() -> None:
    result = call("params")
    assert result.exit_code == 0
    for name in load_register():
        assert name in result.stdout
    assert len(json.loads(call("params", "--json").stdout)) == len(load_register())


def test_parameters_of_one_kind_or_group() -> None:
    levers = json.loads(call("params", "--kind", "lever", "--json").stdout)
    assert {each["name"] for each in levers} == {
        name for name, entry in load_register().items() if entry.kind == "lever"
    }
    assert call("params", "force").stdout == call("params", "--group", "force").stdout
    assert json.loads(call("params", "--group", "theories", "--kind", "constant", "--json").stdout) == []


def test_every_card_can_be_made() -> None:
    for name, entry in load_register().items():
        assert look_up(name) is entry
        if not entry.fixed:
            load_scenario("baseline", [f"{name}={example(entry)}"])


@pytest.mark.parametrize("name", ["force.size", "guarantee.form", "theories.tripwire", "opinion.casualty_fold"])
def test_the_card_of_a_parameter_has_everything(name: str) -> None:
    entry = load_register()[name]
    words = " ".join(call("params", name).stdout.split())
    for part in (name, entry.meaning, f"kind {entry.kind}", entry.source, entry.date, entry.allowed()):
        assert part in words
    if not entry.fixed:
        assert call(*words.partition("ceasefire ")[2].split(), *SHORT).exit_code == 0


@pytest.mark.parametrize("name", ["support", "defence", "election", "nato", "FRA", "POL", "USA"])
def test_the_data_of_the_states(name: str) -> None:
    plain = call("params", name)
    assert plain.exit_code == 0
    assert call("params", f"states.{name}").stdout == plain.stdout
    assert json.loads(call("params", name, "--json").stdout) == as_json(look_up(name))


def test_the_columns_of_the_states() -> None:
    shown = call("params", "states").stdout
    assert all(f"states.{name}" in shown for name in state_columns())
    assert [each["name"] for each in json.loads(call("params", "states", "--json").stdout)] == list(state_columns())
    levers = json.loads(call("params", "states", "--kind", "lever", "--json").stdout)
    assert levers
    assert all(each["kind"] == "lever" for each in levers)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["forse.size"], 'forse.size: no such parameter, group, column or state; did you mean "force.size"?'),
        (["forces"], 'did you mean "force"?'),
        (["states.suport"], 'did you mean "states.support"?'),
        (["FR"], 'did you mean "FRA"?'),
        (["zzz"], "zzz: no such parameter, group, column or state\n"),
        (["--kind", "levr"], 'allowed lever, uncertainty, constant, switch; did you mean "lever"?'),
        (["--group", "forces"], 'did you mean "force"?'),
        (["force.size", "--kind", "lever"], "--kind: force.size is a single entry"),
        (["force", "--group", "force"], "--group: force is named already"),
    ],
)
def test_a_name_that_is_not_there(arguments: list[str], message: str) -> None:
    assert message in refused("params", *arguments)


def test_a_run_tells_what_happened_and_how_to_repeat_it() -> None:
    result = call("run", "--seed", "3", *SHORT, "--set", "force.size=25000")
    lines = result.stdout.rstrip().splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("baseline")
    assert "Seed 3, run 0: 30 weeks from 24 February 2025, 27 European states." in lines
    assert "Differs from the register in: weeks=30, force.size=25000." in lines
    assert all(name in result.stdout for name in SHOWN)
    again = "Again: ceasefire run baseline --set force.size=25000 --set weeks=30 --seed 3 --run 0"
    assert lines[-1] == again
    assert call(*again.split()[2:]).stdout == result.stdout
    assert call("run", "--seed", "4", *SHORT, "--set", "force.size=25000").stdout != result.stdout


def test_json_is_the_run_and_nothing_else() -> None:
    result = call("run", *SHORT, "--run", "2", "--set", "roster=paris", "--set", "states.FRA.support=40", "--json")
    content = json.loads(result.stdout, parse_constant=pytest.fail)
    played = Ceasefire(
        load_scenario("baseline", ["weeks=30", "roster=paris", "states.FRA.support=40"]), run=2, record=True
    )
    played.play()
    assert result.stderr == ""
    assert content["outcomes"] == played.outcomes()
    assert content["series"] == played.series
    assert content["outcome_units"] == {name: outcome.unit for name, outcome in OUTCOMES.items()}
    assert content["parameters_changed"] == {"states.FRA.support": 40.0}
    assert (content["scenario"], content["seed"], content["run"], content["weeks"]) == ("baseline", 1, 2, 30)
    assert content["roster"] == ["GBR", "FRA", "DEU", "ITA", "POL", "ESP", "DNK"]


def test_json_has_null_where_a_number_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ceasefire, "outcomes", lambda self: {"deaths": float("nan"), "held": float("inf")})
    content = json.loads(call("run", *SHORT, "--json").stdout, parse_constant=pytest.fail)
    assert content["outcomes"] == {"deaths": None, "held": None}


def test_a_file_of_ones_own_runs(tmp_path: Path) -> None:
    file = tmp_path / "my own.toml"
    file.write_text('name = "mine"\nabout = "With [brackets] and 🕊."\nweeks = 30\n[force]\nsize = 10000\n')
    result = call("run", str(file))
    assert result.stdout.startswith("mine  With [brackets] and 🕊.")
    assert result.stdout.rstrip().endswith(f"Again: ceasefire run '{file}' --seed 1 --run 0")


@pytest.mark.parametrize("suffix", ["png", "svg", "PDF"])
def test_a_figure_is_written_whole(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"run.{suffix}"
    assert call("run", *SHORT, "--plot", str(file)).exit_code == 0
    starts = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    assert file.read_bytes().startswith(starts[suffix.lower()])
    assert list(tmp_path.iterdir()) == [file]


def test_a_figure_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", fail)
    assert "No space left on device" in refused("run", *SHORT, "--plot", str(tmp_path / "run.png"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere.toml: no such scenario; bundled scenarios: baseline"),
        (["./nowhere.toml"], "./nowhere.toml: no such file"),
        (["--set", "force.sise=3"], "--set: force.sise: no such key"),
        (["--set", "force.size=many"], '--set: force.size: "many" is text, not a number'),
        (["--weeks", "0"], "--set: weeks: 0 is out of range; allowed 1 to 1040 weeks"),
        (["--weeks", "10", "--set", "weeks=20"], "weeks: is set twice"),
        (["--seed", "-1"], "--seed: -1 is out of range; allowed 0 to 4294967295"),
        (["--run", str(2**32)], "--run: 4294967296 is out of range"),
        (["--seed", "one"], "--seed"),
        (["--plot", "run.gif"], "run.gif must end in .png, .svg, .pdf"),
        (["--plot", "nowhere/run.png"], "nowhere/run.png cannot be written"),
        (["--colour"], "No such option: --colour"),
        (["one", "two"], "unexpected extra argument"),
    ],
)
def test_a_mistake_in_a_run_is_one_line(arguments: list[str], message: str) -> None:
    assert message in refused("run", *arguments)


def test_other_mistakes_are_one_line(tmp_path: Path) -> None:
    assert "did you mean 'run'" in refused("rnu").lower()
    assert "EXPERIMENT" in refused("batch")
    assert "no such experiment" in refused("batch", "nowhere")
    assert "--runs" in refused("batch", "headline", "--runs", "0", "--out", str(tmp_path))


def test_ctrl_c_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(self: Ceasefire) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Ceasefire, "play", stop)
    result = call("run")
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "Stopped.\n")


def test_a_bug_is_not_called_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Scenario) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(Scenario, "parameters", fail)
    assert isinstance(call("run").exception, ValueError)


def test_a_batch_passes_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: dict[str, Any] = {}

    def pretend(name: str, **options: Any) -> list[Path]:
        seen.update(options, name=name)
        return [tmp_path / "summary.csv"]

    monkeypatch.setattr("experiments.batch.run_experiment", pretend)
    options: dict[str, Any] = {"runs": 5, "precision": 0.01, "threads": 2, "workers": 3, "seed": 7}
    options |= {"scheduler": "tcp://a:1", "parameters": "prior"}
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    result = call("batch", "headline", *arguments, "--out", str(tmp_path))
    assert seen == {"name": "headline", **options, "out": str(tmp_path)}
    assert result.stdout == f"{tmp_path / 'summary.csv'}\n"


def test_ctrl_c_in_a_batch_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.batch.run_experiment", stop)
    result = call("batch", "headline")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "Stopped; the same command goes on from here.\n"


def imported(code: str) -> set[str]:
    """The modules that are there when a command has run in a process of its own."""
    code = (
        f"import sys\nfrom experiments.command import app\ntry: app({code})\nexcept SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return set(ran.stderr.splitlines()[-1].split())


def test_only_a_batch_with_runs_to_play_imports_the_compiler(tmp_path: Path) -> None:
    assert "mesa" in imported("['run', '--weeks', '5', '--set', 'roster=paris']")
    assert "numba" not in imported("['run', '--weeks', '5', '--set', 'roster=paris']")
    mistake = imported("['batch', 'headline', '--runs', '0']")
    assert "experiments.batch" in mistake
    assert not {"numba", "mesa", "pandas", "matplotlib", "lifelines", "distributed"} & mistake


def test_help_imports_nothing_heavy() -> None:
    """Help comes at once; how soon, `python -m benchmarks engine` measures."""
    heavy = {"numpy", "pandas", "scipy", "mesa", "numba", "matplotlib", "pyarrow", "pydantic", "lifelines", "model"}
    assert not heavy & imported("['--help']")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    for command in (
        "ceasefire params | head -1",
        "ceasefire params --json | true",
        "ceasefire scenarios | true",
    ):
        assert shell(command).stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is always full")
def test_a_full_disk_is_one_line() -> None:
    ran = shell("ceasefire params --json > /dev/full")
    assert ran.returncode == 2
    assert ran.stderr == "Error: No space left on device\n"


def test_a_terminal_without_unicode_still_gets_its_text() -> None:
    ran = shell("ceasefire params force.size", PYTHONIOENCODING="ascii")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "force.size" in ran.stdout
