"""What the page plays and says: the very runs of the command, each once, what is waited for first."""

import asyncio
import threading

import numpy as np
import pytest

from experiments.compare import compare
from experiments.intervals import EVENTS, estimate, paired_difference
from experiments.page import player as players
from experiments.page.findings import AMOUNTS, ENDINGS, PLACES, ending_shares, explain, find, headline, sure, survival
from experiments.page.player import SEED, Player, Source, Urgency
from model.outcomes import OUTCOMES
from model.scenario import load_scenario

BASE = load_scenario("baseline").with_settings({"weeks": 104})
PLAN = BASE.with_settings({"force.size": 30000, "force.deployment": "imposed", "guarantee.form": "ratified"})
SOURCES = [Source(), Source("prior", True), Source("point")]


async def ask(player, *counts, source=SOURCES[0], plan=PLAN):
    return [await player.runs(plan, source, count, Urgency.PICTURE) for count in counts]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.parameters}{source.rivals:d}")
def test_more_runs_begin_with_those_of_before(source):
    few, many = asyncio.run(ask(Player(2), 70, 700, source=source))
    (whole,) = asyncio.run(ask(Player(1), 700, source=source))
    assert np.array_equal(few, many[:70])
    assert np.array_equal(many, whole)


def test_no_run_is_played_twice(monkeypatch):
    played = []
    engine = players.engine()

    class Counting:
        def play(self, plan, seed, first, count, drawn):
            played.append((first, count))
            return engine.play(plan, seed, first, count, drawn)

    monkeypatch.setattr(players, "engine", Counting)
    asyncio.run(ask(Player(2), 300, 700, 700, 100))
    runs = sorted(run for first, count in played for run in range(first, first + count))
    assert runs == list(range(700))


def test_what_is_waited_for_comes_first(monkeypatch):
    begun, gate = [], threading.Event()

    class Slow:
        def play(self, plan, seed, first, count, drawn):
            begun.append(plan.overrides.get("force.size", 0.0))
            gate.wait(60)
            return np.zeros((count, len(OUTCOMES)))

    monkeypatch.setattr(players, "engine", Slow)
    urgencies = (Urgency.PICTURE, Urgency.MAP, Urgency.WEEKS, Urgency.REFINE, Urgency.PICTURE)
    plans = [BASE.with_settings({"force.size": 1000.0 * place}) for place in range(len(urgencies))]

    async def all_at_once():
        player = Player(1)
        asked = [
            asyncio.create_task(player.runs(plan, Source("point"), 10, urgency))
            for plan, urgency in zip(plans, urgencies, strict=True)
        ]
        while not begun:  # the first is under way, the others queue
            await asyncio.sleep(0.01)
        gate.set()
        await asyncio.gather(*asked)

    asyncio.run(all_at_once())
    assert begun == [0.0, 4000.0, 2000.0, 3000.0, 1000.0]


def test_what_nobody_waits_for_is_not_played(monkeypatch):
    begun, gate = [], threading.Event()

    class Slow:
        def play(self, plan, seed, first, count, drawn):
            begun.append(first)
            gate.wait(60)
            return np.zeros((count, len(OUTCOMES)))

    monkeypatch.setattr(players, "engine", Slow)

    async def change_of_mind():
        player = Player(1)
        old = asyncio.create_task(player.runs(PLAN, Source("point"), 5000, Urgency.REFINE))
        while not begun:
            await asyncio.sleep(0.01)
        old.cancel()
        await asyncio.gather(old, return_exceptions=True)
        gate.set()
        return await player.runs(BASE, Source("point"), 10, Urgency.PICTURE)

    assert len(asyncio.run(change_of_mind())) == 10
    assert begun == [0, 0]


def test_a_run_that_fails_says_so_and_the_player_goes_on(monkeypatch):
    engine, failing = players.engine(), [True]

    class Broken:
        def play(self, *given):
            if failing.pop() if failing else False:
                raise FloatingPointError("a number went astray")
            return engine.play(*given)

    monkeypatch.setattr(players, "engine", Broken)

    async def twice(player):
        with pytest.raises(FloatingPointError):
            await player.runs(PLAN, Source(), 10, Urgency.PICTURE)
        return await player.runs(PLAN, Source(), 10, Urgency.PICTURE)

    assert len(asyncio.run(twice(Player(1)))) == 10


def test_memory_is_bounded_and_the_latest_is_kept(monkeypatch):
    monkeypatch.setattr(players, "KEPT", 250)
    player = Player(2)
    for size in range(5):
        asyncio.run(ask(player, 100, plan=BASE.with_settings({"force.size": 1000.0 * size})))
        assert sum(map(len, player._outcomes.values())) <= 250
    asyncio.run(ask(player, 100, plan=BASE.with_settings({"force.size": 4000.0})))
    assert len(player._outcomes) == 2


@pytest.fixture(scope="module")
def found():
    async def both():
        player = Player(2)
        return [await player.runs(plan, Source(), 400, Urgency.PICTURE) for plan in (PLAN, BASE)]

    here, beside = asyncio.run(both())
    return find(here, beside, PLAN.weeks, survival(beside, BASE.weeks))


def test_the_page_says_what_the_command_says(found):
    told = compare([BASE, PLAN], runs=400, seed=SEED, parameters="posterior")
    beside, here = told.outcomes.values()
    for name, place in PLACES.items():
        assert np.array_equal(here[name], found.outcomes[:, place], equal_nan=True)
        assert np.array_equal(beside[name], found.beside[:, place], equal_nan=True)


def test_every_row_is_estimated_by_the_field_s_formulas(found):
    for name in AMOUNTS:
        one, other = found.outcomes[:, PLACES[name]], found.beside[:, PLACES[name]]
        row = found.rows[name]
        if name in EVENTS:
            assert row.here == estimate(name, one)
            assert row.difference == paired_difference(name, one, other)
        else:
            assert row.here.estimate == pytest.approx(np.nanmean(one), nan_ok=True)
        assert not row.difference.low > row.difference.high


def test_endings_are_all_there_is(found):
    for outcomes in (found.outcomes, found.beside):
        shares = ending_shares(outcomes)
        assert list(shares) == list(ENDINGS)
        assert sum(shares.values()) == pytest.approx(1.0)
        assert shares["held"] == pytest.approx(outcomes[:, PLACES["held"]].mean())
        assert min(shares.values()) >= 0.0


def test_pairs_are_counted(found):
    here, beside = found.outcomes[:, PLACES["held"]], found.beside[:, PLACES["held"]]
    more, less = found.only
    assert (more - less) / len(here) == pytest.approx(here.mean() - beside.mean())
    assert found.held.difference.estimate == pytest.approx(here.mean() - beside.mean())


def test_the_curve_ends_at_the_share_that_holds(found):
    last = found.here["survival"].iloc[-1]
    assert last == pytest.approx(found.outcomes[:, PLACES["held"]].mean())


def test_it_is_told_in_words(found):
    share = found.held.here.estimate
    assert f"{100 * share:.0f}%" in headline(found, "the baseline")
    assert sure(found.held.difference)
    assert f"{100 * found.held.difference.estimate:.0f} points more" in headline(found, "the baseline")
    assert explain(found, "the baseline")[0].startswith("Of 400 pairs")


def test_the_same_plan_is_said_to_be_the_same(found):
    same = find(found.beside, found.beside, BASE.weeks, found.against)
    assert same.same
    assert "points" not in headline(same, "the baseline")
    assert explain(same, "the baseline") == [
        "This is what it is compared with: move a control, and see what changes."
    ]  # fmt: skip


def test_findings_need_pairs(found):
    with pytest.raises(ValueError, match="400 runs against 399"):
        find(found.outcomes, found.beside[1:], BASE.weeks, found.against)
