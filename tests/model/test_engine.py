"""The compiled engine is the Mesa model: every number of every actor in every week, bit for bit."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from playing import somewhere

from model import agents
from model.actors import Luck
from model.agents import CLASSES
from model.cast import cast, luck_kinds
from model.ceasefire import Ceasefire
from model.engine import Engine
from model.engine.kernel import World, build_kernel
from model.engine.layout import allot, lay_out, parameter_rows
from model.engine.linking import digest, rules_of
from model.luck import LIMIT
from model.outcomes import OUTCOMES
from model.register import flatten, load_register
from model.rules import maths, russia
from model.scenario import Scenario, list_scenarios, load_scenario
from model.terms import Act

ROOT = Path(__file__).parents[2]
LONG = 520  # weeks
WORDS = st.one_of(st.integers(0, LIMIT - 1), st.sampled_from([0, 1, LIMIT - 1]))
ANYWHERE = st.integers(0, 10**9)


@pytest.fixture(scope="module")
def engine() -> Engine:
    made = Engine()
    made.compile()
    return made


def worlds(scenario: Scenario, seed: int, run: int) -> np.ndarray:
    """The Mesa run as the engine's trace: one record a week, and its outcomes."""
    here = Ceasefire(scenario, seed, run)
    places = lay_out(scenario).places
    whole = np.dtype([(place, layout, (number,)) for place, (layout, number) in places.items()])
    weeks = np.zeros(scenario.weeks, whole)
    while here.running:
        here.step()
        now = weeks[int(here.line.week) - 1]
        for place, (layout, number) in places.items():
            found = getattr(here, place)
            actors = found if number > 1 or isinstance(found, list) else [found]
            for record, actor in zip(now[place], actors, strict=True):
                for name in layout.names:
                    record[name] = getattr(actor, name)
    return weeks[: int(here.line.week)]


def first_difference(one: np.ndarray, other: np.ndarray) -> str:
    """Where two histories part, in words; empty if they are equal bit for bit."""
    if one.tobytes() == other.tobytes():
        return ""
    if len(one) != len(other):
        return f"{len(one)} weeks and {len(other)}"
    for week, (mine, theirs) in enumerate(zip(one, other, strict=True)):
        for place in one.dtype.names:
            for name in one.dtype[place].base.names:
                a, b = mine[place][name], theirs[place][name]
                if a.tobytes() != b.tobytes():
                    return f"week {week}, {place}.{name}: {a} and {b}"
    return "somewhere"


def check_twins(engine: Engine, scenario: Scenario, seed: int, run: int) -> None:
    """Play one run in both engines and compare everything."""
    parted = first_difference(worlds(scenario, seed, run), engine.trace(scenario, seed, run))
    assert not parted, f"{scenario.name}, seed {seed}, run {run}: {parted}"
    outcomes = Ceasefire(scenario, seed, run).play().outcomes()
    assert engine.play(scenario, seed, run, 1).tobytes() == np.array(list(outcomes.values())).tobytes()


@pytest.mark.parametrize("scenario", list_scenarios(), ids=lambda scenario: scenario.name)
def test_bundled_scenarios_to_their_horizon(engine, scenario):
    check_twins(engine, scenario, seed=2025, run=3)


@pytest.mark.parametrize("roster", ["paris", "willing", "europe", "allies", ["FRA"]])
def test_every_roster(engine, roster):
    check_twins(engine, load_scenario("uk-french-plan").with_settings({"roster": roster, "weeks": 120}), 7, 1)


@settings(max_examples=400)
@given(ANYWHERE, st.booleans(), WORDS, WORDS)
@example(1, True, 0, 0)
def test_anywhere_in_the_box(engine, place, corner, seed, run):
    check_twins(engine, somewhere(place, corner), seed, run)


@pytest.mark.slow
@settings(max_examples=1000)
@given(ANYWHERE, st.booleans(), WORDS, WORDS)
def test_anywhere_in_the_box_for_ten_years(engine, place, corner, seed, run):
    check_twins(engine, somewhere(place, corner).with_settings({"weeks": LONG}), seed, run)


def test_the_comparison_sees_one_bit(engine):
    scenario = load_scenario("baseline").with_settings({"roster": "paris", "weeks": 20})
    one, other = engine.trace(scenario), engine.trace(scenario)
    assert first_difference(one, other) == ""
    last = len(other) - 1
    other["states"]["support"][last, 2] = np.nextafter(other["states"]["support"][last, 2], 1e9)
    assert first_difference(one, other).startswith(f"week {last}, states.support")


def test_runs_do_not_depend_on_how_they_are_cut(engine):
    scenario = load_scenario("baseline").with_settings({"roster": "paris", "weeks": 60})
    whole = engine.play(scenario, 5, 0, 40)
    parts = [engine.play(scenario, 5, first, count) for first, count in ((0, 1), (1, 20), (21, 19))]
    assert np.concatenate(parts).tobytes() == whole.tobytes()
    assert len(np.unique(whole, axis=0)) == 40


def test_threads_do_not_meet(engine):
    scenario = load_scenario("baseline").with_settings({"roster": "paris"})
    found: dict[int, bytes] = {}

    def play(first: int) -> None:
        found[first] = engine.play(scenario, 1, first, 50).tobytes()

    threads = [threading.Thread(target=play, args=(first,)) for first in range(0, 200, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert b"".join(found[first] for first in sorted(found)) == engine.play(scenario, 1, 0, 200).tobytes()


def test_drawn_parameters_are_those_of_the_scenario(engine):
    scenario = load_scenario("baseline").with_settings({"roster": "paris", "weeks": 80})
    sizes, forms = np.array([0.0, 8000.0, 40_000.0]), ("none", "backstop", "ratified")
    form = load_register()["guarantee.form"]
    drawn = {"force.size": sizes, "guarantee.form": np.array([form.encode(each) for each in forms])}
    found = engine.play(scenario, 1, 10, 3, drawn)
    for place, (size, name) in enumerate(zip(sizes, forms, strict=True)):
        alone = scenario.with_settings({"force.size": float(size), "guarantee.form": name})
        assert found[place].tobytes() == engine.play(alone, 1, 10 + place, 1)[0].tobytes()


@pytest.mark.parametrize(
    ("drawn", "wrong"),
    [
        ({"force.sizes": np.zeros(2)}, "force.sizes is no parameter"),
        ({"force.size": np.zeros(3)}, "one finite number for each of 2 runs"),
        ({"force.size": np.array([0.0, np.nan])}, "one finite number for each of 2 runs"),
    ],
)
def test_wrong_draws_are_refused(engine, drawn, wrong):
    with pytest.raises(ValueError, match=wrong):
        engine.play(load_scenario("baseline"), 1, 0, 2, drawn)


@pytest.mark.parametrize(("seed", "first"), [(-1, 0), (LIMIT, 0), (1, -1), (1, LIMIT - 1)])
def test_addresses_out_of_range_are_refused(engine, seed, first):
    with pytest.raises(ValueError, match="must be a whole number from 0"):
        engine.play(load_scenario("baseline"), seed, first, 2)


def test_an_outcome_that_is_not_finite_is_refused(engine):
    scenario = load_scenario("baseline").with_settings({"roster": "paris", "weeks": 3})
    with pytest.raises(FloatingPointError, match="of run 1, seed 4, is not finite"):
        engine.play(scenario, 4, 0, 2, {"ukraine.aid_base": np.array([0.1, 1e308])})


def test_the_layout_is_that_of_the_declarations():
    scenario = load_scenario("baseline")
    stage = lay_out(scenario)
    assert tuple(stage.places) == World._fields[:-1]
    assert tuple(stage.luck) == Luck._fields
    world = allot(stage.places)
    world.flat[:] = stage.start
    parts = cast(scenario)
    kinds = {part.place: CLASSES[part.kind] for part in parts}
    for place, records in zip(stage.places, world.records, strict=True):
        assert list(records.dtype.names) == kinds[place].variables()
        given_there = [part.given for part in parts if part.place == place]
        for record, of_part in zip(records, given_there, strict=True):
            assert {name: record[name] for name in of_part} == of_part
    row = parameter_rows(scenario, {}, 1)[0]
    assert {
        f"{group}.{key}": row[group][key] for group in row.dtype.names for key in row[group].dtype.names
    } == flatten(scenario.parameters())
    assert len(stage.purposes) == sum(
        len(shape._fields) * (1 if isinstance(codes, str) else len(codes))
        for shape, codes in luck_kinds(scenario).values()
    )


def test_actors_of_different_kinds_have_no_rule_of_one_name():
    seen: dict[str, object] = {}
    for kind in CLASSES.values():
        for name, rule in rules_of(kind).items():
            assert seen.setdefault(name, rule) is rule, name
            assert rule.__module__.startswith("model.rules."), name


def test_the_cache_tells_rules_apart():
    """Numba keeps machine code by what a function encloses, and does not look at what it calls."""
    one, same, other = ([russia.choose], [russia.choose], [Meek.choose])
    kernels = [build_kernel(rules, cached=True) for rules in (one, same, other)]
    keys = [kernel._cache._index_key((), kernel.targetctx.codegen()) for kernel in kernels]
    assert keys[0] == keys[1] != keys[2]


def test_the_digest_is_of_what_is_in_memory(monkeypatch):
    """A file may have been edited, and a constant or a function replaced, since the model was imported."""
    before = digest([russia.choose])
    assert before == digest([russia.choose]) != digest([russia.weigh])
    with monkeypatch.context() as patch:
        patch.setattr(maths, "LARGEST_EXPONENT", 600.0)
        assert digest([maths.bounded_exp]) != digest([maths.bounded_exp, maths.clip])
        changed = digest([maths.lognormal])
    assert changed != digest([maths.lognormal])
    with monkeypatch.context() as patch:
        patch.setattr(russia, "pull", lambda value, p: value)  # reached by name
        assert digest([russia.choose]) != before
    assert digest([russia.choose]) == before


def test_a_class_of_the_model_that_was_changed_is_refused(engine, monkeypatch):
    monkeypatch.setattr(agents.Russia, "choose", Meek.choose)
    with pytest.raises(ValueError, match=r"Russia\.choose has changed; give a class of your own"):
        Engine()


EDITED = """
import numpy as np
from model.ceasefire import Ceasefire
from model.engine import Engine
from model.scenario import load_scenario

scenario = load_scenario("baseline").with_settings({"roster": "paris", "weeks": 60})
found = Engine().play(scenario, 1, 0, 3)
mesa = [list(Ceasefire(scenario, 1, run).play().outcomes().values()) for run in range(3)]
assert found.tobytes() == np.array(mesa).tobytes()
print(found.tobytes().hex())
"""


@pytest.mark.slow
def test_machine_code_follows_an_edited_rule_and_an_edited_constant(tmp_path):
    """Numba keeps machine code by the file of the kernel alone; here other files change, and it must be made anew."""
    shutil.copytree(ROOT / "model", tmp_path / "model", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "play.py").write_text(EDITED)
    edits = [
        ("model/rules/opinion.py", "state.leaning + state.rally", "state.leaning + 2.0 * state.rally + 1.0"),
        ("model/rules/maths.py", "INVERSION_LIMIT = 30.0", "INVERSION_LIMIT = 5.0"),
    ]
    seen = set()
    for file, before, after in [("play.py", "", ""), *edits]:
        text = (tmp_path / file).read_text()
        assert before in text
        (tmp_path / file).write_text(text.replace(before, after))
        ran = subprocess.run(
            [sys.executable, "play.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=400,
            env=os.environ | {"PYTHONPATH": str(tmp_path)},
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr[-2000:]
        seen.add(ran.stdout)
    assert len(seen) == 3


class Meek(agents.Russia):
    """Weighs its options with a rule of the model, and complies."""

    def choose(self, line, p, luck):
        russia.choose(self, line, p, luck)
        self.act = float(Act.COMPLY)


class Heir(agents.Russia):
    """Calls `super`, which cannot be compiled."""

    def choose(self, line, p, luck):
        super().choose(line, p, luck)


def test_a_rule_of_ones_own_in_both_engines(engine):
    scenario = load_scenario("baseline").with_settings({"roster": "paris", "weeks": 104})
    own = {"Russia": Meek}
    found = Engine(own).play(scenario, 1, 0, 5)
    for run in range(5):
        outcomes = Ceasefire(scenario, 1, run, classes=own).play().outcomes()
        assert found[run].tobytes() == np.array(list(outcomes.values())).tobytes()
    assert (found[:, list(OUTCOMES).index("limited_attacks")] == 0.0).all()
    assert engine.play(scenario, 1, 0, 5).tobytes() != found.tobytes()  # the standard rules are left alone


def test_a_rule_that_cannot_be_compiled_says_so_in_one_line():
    with pytest.raises(TypeError, match="cannot be compiled") as caught:
        Engine({"Russia": Heir}).play(load_scenario("baseline"), 1, 0, 1)
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


def test_unknown_classes_and_mixed_institutions_are_refused():
    with pytest.raises(ValueError, match="there is no Rusia"):
        Engine({"Rusia": Meek})

    class OtherNATO(agents.NATO):
        pass

    with pytest.raises(ValueError, match="the same class as the others of the institutions"):
        Engine({"NATO": OtherNATO}).play(load_scenario("baseline"), 1, 0, 1)
