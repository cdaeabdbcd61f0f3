"""The view of batches: what it starts and stops, which files it serves, and what it tells of results."""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from batches import TINY, quiet
from fastapi import FastAPI

from experiments.batch import run_experiment
from experiments.catalogue import Entry, describe
from experiments.chunks import origin
from experiments.compare import play_pairs
from experiments.page import batches_page, running
from experiments.page.address import read_address
from experiments.page.batches import figures, find_file, finished, preview
from experiments.page.batches_beside import (
    as_text,
    outcome_rows,
    outcome_table,
    setting_rows,
    side_by_side,
    survival_option,
    year_rows,
)
from experiments.page.running import Busy, Order, Runner, begun, question_of, read_order
from experiments.pairing import pair_up
from experiments.store import sole_writer
from model.outcomes import OUTCOMES
from model.scenario import load_scenario

MANY = 60_000  # runs of each cell: more than are played before the test stops them
SECONDS = 120


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Entry:
    path = tmp_path_factory.mktemp("tiny") / "tiny.toml"
    path.write_text(TINY)
    return describe(str(path))


@pytest.fixture
def results(tmp_path) -> Path:
    """A folder of results with one finished experiment of the catalogue, as far as its manifest is concerned."""
    folder = tmp_path / "results" / "headline"
    (folder / "shards").mkdir(parents=True)
    for name in ("heatmap.png", "heatmap.svg", "summary.csv", "secret.csv", "note.html"):
        (folder / name).write_text(name)
    (folder / "shards" / "a.parquet").write_text("")
    (tmp_path / "results" / "outside.csv").write_text("outside")
    os.symlink(tmp_path / "results" / "outside.csv", folder / "link.csv")
    experiment = describe("headline").experiment
    manifest = {
        "experiment": experiment.model_dump(mode="json"),
        "command": "ceasefire batch headline",
        "model_fingerprint": "0" * 64,
        "runs_per_cell": 1000,
        "parameters": "posterior",
        "ended": datetime(2026, 11, 5, 7, 8, tzinfo=UTC).isoformat(),
        "files": ["summary.csv", "heatmap.png", "heatmap.svg", "note.html", "gone.csv", "link.csv", "../outside.csv"],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path / "results"


def test_only_files_that_a_finished_experiment_wrote_are_served(results):
    assert find_file(results, "headline", "summary.csv") == results / "headline" / "summary.csv"
    assert find_file(results, "headline", "manifest.json")
    for name in (
        "secret.csv",
        "gone.csv",
        "link.csv",
        "note.html",
        "shards",
        "shards/a.parquet",
        "../outside.csv",
        "",
        ".",
    ):
        assert find_file(results, "headline", name) is None, name
    for experiment in ("needed", "nothing", "..", ".", "", "headline/shards", "../results/headline"):
        assert find_file(results, experiment, "summary.csv") is None, experiment
    (results / "headline" / "manifest.json").unlink()
    assert find_file(results, "headline", "summary.csv") is None


def test_the_route_serves_them_and_nothing_else(results, monkeypatch):
    app = FastAPI()
    app.on_shutdown = lambda _: None  # type: ignore[attr-defined]
    monkeypatch.setattr(batches_page, "app", app)
    monkeypatch.setattr(batches_page.ui, "page", lambda *_, **__: lambda function: function)
    batches_page.build(results)

    async def ask() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            found = await client.get("/batches/headline/heatmap.svg")
            assert found.status_code == 200
            assert found.headers["content-type"] == "image/svg+xml"
            assert "default-src 'none'" in found.headers["content-security-policy"]
            for path in (
                "headline/..%2Foutside.csv", "headline/%2e%2e%2foutside.csv", "..%2Fresults/outside.csv",
                "%2e%2e/outside.csv", "headline/secret.csv", "headline/..%5Coutside.csv",
                "headline/shards%2Fa.parquet", "headline/summary.csv%00.png",
            ):  # fmt: skip
                assert (await client.get(f"/batches/{path}")).status_code == 404, path

    asyncio.run(ask())


def test_results_say_when_and_by_which_model_they_were_made(results):
    done = finished(results, "headline")
    assert done is not None
    assert done.when == "5 November 2026, 07:08 UTC"
    assert done.size == "1,000 runs a cell, parameters: drawn from the posterior"
    assert not done.current
    assert done.files == ["summary.csv", "heatmap.png", "heatmap.svg", "manifest.json"]
    assert figures(done) == [("heatmap", f"Figure “heatmap” of: {done.experiment.title}")]  # its tables are no tables


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"ended": 3}'])
def test_a_manifest_that_cannot_be_read_is_none(results, text):
    (results / "headline" / "manifest.json").write_text(text)
    assert finished(results, "headline") is None


def test_begun_means_runs_without_results(results):
    assert not begun(results, "headline")
    (results / "headline" / "manifest.json").unlink()
    assert begun(results, "headline")
    assert not begun(results, "needed")


def test_a_small_batch_is_told_with_its_findings(tiny, tmp_path, monkeypatch):
    run_experiment(tiny.asked, out=tmp_path / "tiny", console=quiet())
    done = finished(tmp_path, "tiny")
    assert done is not None
    assert done.current
    assert done.model == origin().model
    heads, rows = preview(done)
    assert heads[0] == "Cell"
    assert len(heads) == 1 + len(done.experiment.outcomes)
    assert [row[0] for row in rows] == [
        "No troops, no guarantee", "No troops, a ratified treaty", "25,000 troops, no guarantee",
        "25,000 troops, a ratified treaty", "what Europe fields: no guarantee", "what Europe fields: a ratified treaty",
    ]  # fmt: skip
    assert all("(" in text for row in rows for text in row[1:])
    monkeypatch.setattr("experiments.design.Experiment.cells", lambda *_: tiny.cells)  # `tiny` is not bundled
    told = dict(figures(done))
    assert list(told) == list(done.experiment.figures)
    assert all("Figure “" not in text and len(text) > 20 for text in told.values())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"runs": "0"}, "from 1 to 1,000,000"), ({"runs": "1000001"}, "from 1 to 1,000,000"),
        ({"runs": "ten"}, "a whole number"), ({"runs": "-5"}, "a whole number"), ({"runs": "1e9"}, "a whole number"),
        ({"runs": "1; rm"}, "a whole number"), ({"parameters": "postrior"}, "Did you mean posterior?|posterior"),
        ({"parameters": "--out"}, "parameters"),
    ],
)  # fmt: skip
def test_a_form_asks_only_for_what_the_command_allows(tiny, given, message):
    with pytest.raises(ValueError, match=message):
        read_order(tiny, given)


def test_the_command_is_of_the_catalogue_and_the_form(tiny):
    entry = describe("needed")
    assert Order(entry).command(Path("results")) == ["batch", "needed"]
    order = read_order(entry, {"runs": " 50 ", "parameters": "prior", "replace": "on", "out": "/etc"})
    assert order.command(Path("results")) == ["batch", "needed", "--runs", "50", "--parameters", "prior"]
    assert order.command(Path("/tmp/r"))[-2:] == ["--out", "/tmp/r/needed"]
    assert order.experiment.runs == 50
    assert order.seconds < Order(entry).seconds
    assert not read_order(describe("doubt"), {"parameters": "point"}).experiment.switches
    assert question_of(entry.experiment).endswith("?")


def test_a_batch_is_started_stopped_and_goes_on(tiny, tmp_path):
    async def live() -> None:
        runner, order = Runner(tmp_path), Order(tiny, MANY)
        job = await runner.start(order, "somebody")
        with pytest.raises(Busy, match="tiny is running"):
            await runner.start(Order(tiny))
        async with asyncio.timeout(SECONDS):
            while not job.alive or job.pace is None or job.pace.done < 1000:
                assert job.alive, job.describe()
                await asyncio.sleep(0.05)
        assert job.state in {"playing", "writing"}
        assert 0 < job.share < 1
        assert "of 360,000 runs" in job.describe()
        await runner.stop()
        assert job.state == "stopped"
        assert runner.running is None
        assert runner.order(tiny) is order
        assert finished(tmp_path, "tiny") is None
        assert begun(tmp_path, "tiny")
        played = len(os.listdir(tmp_path / "tiny" / "shards"))
        with sole_writer(tmp_path / "tiny"):  # its process has let go
            pass

        await runner.stop()  # nothing runs: nothing happens
        again = await runner.start(Order(tiny, 500))
        async with asyncio.timeout(SECONDS):
            while again.alive:
                await asyncio.sleep(0.05)
        assert again.state == "finished", again.line
        assert again.pace is not None
        assert again.pace.ready >= 500  # those of the first cell, at least
        done = finished(tmp_path, "tiny")
        assert done is not None
        assert done.manifest["runs_per_cell"] == 500
        assert len(os.listdir(tmp_path / "tiny" / "shards")) >= played

    asyncio.run(live())


def test_a_batch_that_fails_says_why_and_another_can_start(tiny, tmp_path):
    async def live() -> None:
        runner = Runner(tmp_path)
        (tmp_path / "tiny").mkdir()
        with sole_writer(tmp_path / "tiny"):
            job = await runner.start(Order(tiny))
            async with asyncio.timeout(SECONDS):
                while job.alive:
                    await asyncio.sleep(0.05)
        assert job.state == "failed"
        assert job.describe() == f"failed: --out: {tmp_path / 'tiny'}: another batch is writing there"
        again = await runner.start(Order(tiny))
        await runner.stop()
        assert again.state in {"stopped", "finished"}

    asyncio.run(live())


def test_one_that_does_not_stop_is_ended(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "BEGIN", "import signal, time; signal.signal(2, signal.SIG_IGN); time.sleep(99)")
    monkeypatch.setattr(running, "PATIENCE", 0.5)

    async def live() -> None:
        runner = Runner(tmp_path)
        job = await runner.start(Order(tiny))
        await asyncio.sleep(0.5)
        await asyncio.wait_for(runner.stop(), 10)
        assert job.state == "stopped"

    asyncio.run(live())


@pytest.mark.parametrize(
    "query",
    [
        {}, {"scenario": "us-exit"}, {"force.size": "25000", "guarantee.form": "ratified", "weeks": "104"},
        {"roster": '["FRA", "DEU", "GBR"]', "states.FRA.support": "30"}, {"scenario": "minsk-2015"},
    ],
)  # fmt: skip
def test_what_the_address_asks_is_compared_as_it_is(query):
    plan = read_address(query).plan
    baseline = load_scenario("baseline")
    asked = pair_up(side_by_side(plan, baseline), runs=2)
    assert asked.sides[0].scenario.settings() == plan.settings()
    assert asked.weeks == plan.weeks
    assert as_text(baseline) == "baseline"


def test_a_comparison_is_told_in_tables_and_curves():
    asked = pair_up(
        ["baseline:roster=paris,weeks=60", "uk-french-plan:roster=paris,weeks=60"], runs=60, parameters="point"
    )
    found = play_pairs(asked, quiet())
    rows = outcome_rows(found)
    assert rows[0][0] == "The ceasefire holds"
    assert all(len(row) == 4 and "nan" not in " ".join(row) for row in rows)
    assert ["force.size", "0", "25000"] in setting_rows(found)
    assert [row[0] for row in year_rows(found)] == ["0", "1"]
    option = survival_option(found)
    assert option["animation"] is False
    assert "after 60 weeks the ceasefire still holds in" in option["aria"]["label"]["description"]
    assert list(outcome_table(found)["outcome"]) == list(OUTCOMES)


def test_one_pair_of_runs_has_no_intervals_and_is_told_all_the_same():
    found = play_pairs(pair_up(["baseline:weeks=20", "us-exit:weeks=20"], runs=1, parameters="point"), quiet())
    assert not any("nan" in text for row in outcome_rows(found) for text in row)
    assert survival_option(found)["series"]
