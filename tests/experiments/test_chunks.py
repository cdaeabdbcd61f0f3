"""Chunks: every run of every cell once, named by all that decides its numbers and by nothing else."""

import pickle
from collections.abc import Sequence

import numpy as np
import pytest
from batches import FakeEngine
from hypothesis import given
from hypothesis import strategies as st

from experiments import chunks
from experiments.chunks import Chunk, Origin, Plan, play_chunk
from experiments.design import ExperimentError
from experiments.draws import Draws
from model.outcomes import OUTCOMES
from model.scenario import Scenario, load_scenario

ORIGIN = Origin("m", "n")
PARIS = load_scenario("baseline").with_settings({"roster": "paris"})
MANY = [PARIS.with_settings({"weeks": weeks}) for weeks in range(1, 13)]


def plan(scenarios: Sequence[Scenario] = (PARIS,), runs: int = 10, seed: int = 1, draws=None, origin=ORIGIN) -> Plan:
    return Plan(scenarios, runs, seed, draws, origin)


def name(*arguments, **options) -> str:
    (slot,) = plan(*arguments, **options).slots
    return slot.name


@given(cells=st.integers(1, 12), runs=st.integers(1, 60), size=st.integers(1, 25))
def test_every_run_is_in_one_chunk_and_where_the_plan_says(cells, runs, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK_RUNS", size)
        made = plan(MANY[:cells], runs)
    rows = {}
    for slot in made.slots:
        chunk = made.chunk(slot)
        assert (chunk.name, chunk.origin, chunk.seed) == (slot.name, ORIGIN, 1)
        runs_of = [
            (piece.scenario.weeks, run)
            for piece in chunk.pieces
            for run in range(piece.first, piece.first + piece.count)
        ]
        assert len(runs_of) == slot.runs <= size
        assert all(piece.first % size == 0 for piece in chunk.pieces)
        rows |= {(slot.name, row): found for row, found in enumerate(runs_of)}
    assert len({slot.name for slot in made.slots}) == len(made.slots)
    assert len(rows) == len(set(rows.values())) == cells * runs
    for place in range(cells):
        found = [rows[part.shard, part.row + row] for part in made.parts(place) for row in range(part.count)]
        assert found == [(MANY[place].weeks, run) for run in range(runs)]
    least = max(cells * runs / size, cells * (runs // size))
    assert len(made.slots) >= least
    if runs <= size:
        assert len(made.slots) == -(-cells // (size // runs))  # packed, in order


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 10))
def test_a_longer_batch_has_the_full_chunks_of_a_shorter_one(runs, more, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK_RUNS", size)
        short, long = plan(runs=runs), plan(runs=runs + more)
    full = {slot.name for slot in short.slots if slot.runs == size}
    assert len(full) == runs // size
    assert full <= {slot.name for slot in long.slots}


def test_a_name_depends_on_all_that_decides_the_runs_and_nothing_else():
    draws = Draws(("a.b",), np.arange(10.0)[:, None])
    first = name()
    others = [
        name(origin=Origin("other", "n")),
        name(origin=Origin("m", "other")),
        name(seed=2),
        name(runs=9),
        name([PARIS, MANY[0]]),
        name(draws=lambda _: draws),
        name(draws=lambda _: Draws(("a.c",), draws.values)),
        name(draws=lambda _: Draws(("a.b",), draws.values + 1)),
        *(
            name([PARIS.with_settings(settings)])
            for settings in (
                {"force.size": 10000},
                {"weeks": 20},
                {"start": "2025-03-03"},
                {"roster": "willing"},
                {"states.FRA.support": 12.0},
            )
        ),
    ]
    assert len({first, *others}) == 1 + len(others)
    assert name([PARIS.with_settings({"name": "other", "about": "x"})]) == first
    assert name([PARIS, PARIS]) == first


def test_a_chunk_travels_and_plays_its_pieces_in_order(monkeypatch):
    fake = FakeEngine()
    monkeypatch.setattr(chunks, "_engines", [fake])
    draws = Draws(("force.size",), np.arange(10.0)[:, None])
    made = plan([PARIS, MANY[0]], draws=lambda _: draws, origin=chunks.origin())
    chunk = pickle.loads(pickle.dumps(made.chunk(made.slots[0])))
    found = play_chunk(chunk)
    assert found.shape == (20, len(OUTCOMES))
    expected = [fake.play(scenario, 1, 0, 10, {"force.size": np.arange(10.0)}) for scenario in (PARIS, MANY[0])]
    assert found.tolist() == np.concatenate(expected).tolist()


@pytest.mark.parametrize(
    ("part", "said"), [("model", "another version of the model"), ("numerics", "a processor that rounds otherwise")]
)
def test_a_chunk_is_not_played_by_another_model_or_arithmetic(monkeypatch, part, said):
    fake = FakeEngine()
    monkeypatch.setattr(chunks, "_engines", [fake])
    chunk = Chunk("name", chunks.origin()._replace(**{part: "0"}), 1, plan().chunk(plan().slots[0]).pieces)
    with pytest.raises(ExperimentError, match=said):
        play_chunk(chunk)
    assert fake.calls == 0
