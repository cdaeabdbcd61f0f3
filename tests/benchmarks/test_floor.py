"""The rules in C, translated: the same worlds, byte for byte, and a clear word where a rule has no C."""

import pytest

from benchmarks.floor import Floor, has_gcc
from benchmarks.to_c import UntranslatableError, _Function, _records, _Writer, translate
from model import actors, agents
from model.engine import Engine
from model.register import Parameters
from model.scenario import load_scenario

PLANS = [
    ("uk-french-plan", {}),
    ("eu-command", {"roster": "paris"}),
    ("tripwire", {"roster": "allies", "theories.contest_square": True}),
    ("us-exit", {"theories.moral_hazard": True, "force.size": 100000}),
    ("minsk-2015", {}),
    (
        "baseline",
        {"force.deployment": "imposed", "force.size": 50000, "force.place": "line", "force.doctrine": "fight"},
    ),
]


@pytest.fixture(scope="module")
def floor():
    if not has_gcc():
        pytest.skip("there is no gcc here")
    return Floor(load_scenario("baseline"))


@pytest.fixture(scope="module")
def engine():
    return Engine()


@pytest.mark.parametrize(("name", "settings"), PLANS, ids=lambda part: part if isinstance(part, str) else "")
def test_c_ends_in_the_worlds_of_the_compiled_engine(floor, engine, name, settings):
    plan = load_scenario(name).with_settings({"weeks": 150, **settings})
    ends = floor.play(plan, 7, 40, 5)
    for place in range(5):
        assert ends[place].tobytes() == engine.trace(plan, seed=7, run=40 + place)[-1].tobytes()


def test_c_deals_the_luck_of_the_last_week(floor):
    plan = load_scenario("baseline").with_settings({"weeks": 2, "roster": "paris"})
    dealt = floor.deal(plan, 3, 5, 1)
    assert ((dealt > 0.0) & (dealt < 1.0)).all()
    assert len(set(dealt)) == len(dealt)
    assert (dealt != floor.deal(plan, 3, 6, 1)).all()


def test_the_text_is_one_file_of_functions():
    text = translate(load_scenario("baseline"))
    assert "INLINE void opinion_sway(State *state_, Force *force_, const Parameters *p_, StateLuck *luck_)" in text
    assert text.count("{") == text.count("}")


def cubed(state: actors.State, p: Parameters) -> None:
    """A rule that keeps to no lint."""
    state.support = state.support**3


def mixed(state: actors.State, p: Parameters) -> None:
    """A variable that is two things."""
    found = p.force
    found = 1.0
    state.support = found


@pytest.mark.parametrize(("rule", "words"), [(cubed, "state.support ** 3"), (mixed, "Group_force and a double")])
def test_what_has_no_c_is_named_with_its_line(rule, words):
    kinds = {"State": agents.EuropeanState}
    writer = _Writer(_records({"states": agents.EuropeanState}), kinds)
    with pytest.raises(UntranslatableError) as raised:
        _Function(writer, rule).write()
    assert words in str(raised.value)
    assert f"test_floor.py:{rule.__code__.co_firstlineno + 2 + (rule is mixed)}:" in str(raised.value)
