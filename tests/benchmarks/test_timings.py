"""The benchmarks run to their end and say what they promise; how fast anything is, no test asks."""

import json
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

from benchmarks.phases import CHANGING, build_loop, play_compiled, play_numpy, set_stage
from benchmarks.plain import play_plainly
from benchmarks.quiet import quiet_plan
from benchmarks.serving import chromium
from benchmarks.timing import cpu_seconds, ratio, time_rounds, wall_seconds
from model.ceasefire import Ceasefire
from model.scenario import load_scenario


def test_the_numpy_twin_agrees_to_rounding():
    stage = set_stage(load_scenario("uk-french-plan"), weeks=60, runs=20)
    compiled, twin = play_compiled(stage, build_loop()), play_numpy(stage)
    for name in CHANGING:
        np.testing.assert_allclose(twin[name], compiled[name], rtol=1e-12, atol=1e-12, err_msg=name)
        assert name in {"rally", "mourned"} or (twin[name] != stage.world["states"][name]).any()


def test_the_plain_run_is_the_mesa_run():
    plan = load_scenario("us-exit").with_settings({"roster": "paris", "weeks": 60})
    assert play_plainly(plan, 3, 2) == [Ceasefire(plan, 3, run).play().outcomes() for run in range(2)]


def test_every_round_times_every_job_once():
    played = []
    jobs = {name: partial(cpu_seconds, played.append, name) for name in ("a", "b")}
    times = time_rounds(jobs, rounds=2)
    assert played == ["a", "b"] * 3
    assert {name: len(each) for name, each in times.items()} == {"a": 2, "b": 2}
    assert wall_seconds(time_rounds, jobs, rounds=1, warm=True) > 0.0
    assert played == ["a", "b"] * 4
    assert ratio([2.0, 9.0, 4.0], [1.0, 1.0, 1.0]) == 4.0


def test_the_quiet_plan_lives_long():
    assert Ceasefire(quiet_plan(150), 1, 0).play().line.week == 150.0


def test_the_command_says_what_it_measured():
    asked = [sys.executable, "-m", "benchmarks", "engine", "--quick", "--json"]
    found = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    for name in ("compiled_over_batch_run", "two_threads_over_one", "compiled_over_plain", "slider_seconds"):
        assert found[name] > 0.0
    assert found["c_over_compiled"] is None or found["c_over_compiled"] > 0.0
    assert found["loop_largest_difference"] < 1e-12
    assert set(found["scaling_ns_per_state_week"]) == {"states", "weeks", "runs"}
    assert set(found["scaling_ns_per_state_week"]["states"]) == {"7", "15", "27", "29"}
    assert found["compile_seconds"]["warm"] > 0.0
    assert 0.0 < found["command_seconds"]["--help"] < found["command_seconds"]["run --set roster=paris"]
    assert found["memory"]["20"] is None or found["memory"]["20"]["peak_mb"] > 0.0


@pytest.mark.slow  # a minute, in a real browser
def test_the_page_is_measured():
    if chromium() is None:
        pytest.skip("no Chromium on this machine: the page is measured in a real browser")
    asked = [sys.executable, "-m", "benchmarks", "page", "--quick", "--json"]
    found = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    assert len(found["playing"]["first_seconds"]) == found["size"]["moves"]
    assert 0.0 < found["first_median"] <= found["first_p90"]
    assert found["first_median"] < found["all_median"]
    assert found["complaints"] == found["soak"]["errors"] == found["soak"]["mixed"] == []
    assert found["soak"]["moves"] >= 1
    assert min(found["soak"]["memory_mb"]) > 0
