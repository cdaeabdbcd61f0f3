"""A visitor's question: in the address, as a file, and on its way from one change to the next."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.design import ExperimentError
from experiments.page.address import MOST_KEYS, MOST_TEXT, Question, over_horizon, read_address, write_address
from experiments.page.controls import controls_of, first_controls, read_value, render, state_controls, step_of
from experiments.page.files import MOST_BYTES, as_toml, read_toml
from experiments.page.session import MOST_UNDONE, TOGETHER, Session
from model.register import load_register, state_columns
from model.scenario import Scenario, ScenarioError, list_scenarios, load_scenario

PLANS = {each.name: each for each in list_scenarios()}
FREE = {name: entry for name, entry in load_register().items() if entry.group != "theatre" and entry.kind != "constant"}


def fresh(clock=lambda: 0.0) -> Session:
    start = load_scenario("baseline")
    return Session(Question(start, start), clock=clock)


@st.composite
def values(draw) -> tuple[str, object]:
    """A setting, and a value that its control can be moved to."""
    entry = FREE[draw(st.sampled_from(sorted(FREE)))]
    if entry.options:
        return entry.name, draw(st.sampled_from(entry.options))
    if isinstance(entry.value, bool):
        return entry.name, draw(st.booleans())
    return entry.name, draw(st.floats(entry.low, entry.high))


@st.composite
def questions(draw) -> Question:
    """What a visitor may have come to."""
    session = fresh()
    session.load(PLANS[draw(st.sampled_from(sorted(PLANS)))])
    session.compare_with(PLANS[draw(st.sampled_from(sorted(PLANS)))])
    for name, value in draw(st.lists(values(), max_size=4)):
        session.change(name, value)
    if draw(st.booleans()):
        session.swap()
    session.change("weeks", draw(st.sampled_from([52, 260, 520])))
    state = draw(st.sampled_from(session.question.plan.roster))
    session.change(f"states.{state}.support", draw(st.floats(0.0, 100.0)))
    session.draw_from(draw(st.sampled_from(["posterior", "prior", "point"])))
    session.draw_rivals(draw(st.booleans()))
    return session.question


def settings_of(question: Question) -> tuple[object, ...]:
    both = (question.plan.settings(), question.against.settings())
    return (*both, question.parameters, question.rivals)


@given(questions())
@settings(max_examples=60)
def test_a_link_says_the_whole_question(question):
    again = read_address(dict(parse_qsl(write_address(question))))
    assert settings_of(again) == settings_of(question)
    assert write_address(again) == write_address(question)


@given(questions())
@settings(max_examples=30)
def test_a_file_says_the_whole_plan(question):
    plan = read_toml("downloaded.toml", as_toml(question.plan).encode())
    assert plan.settings() == question.plan.settings()
    assert (plan.name, plan.about) == (question.plan.name, question.plan.about)


def test_the_start_needs_no_address():
    assert write_address(fresh().question) == ""
    assert settings_of(read_address({})) == settings_of(fresh().question)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"scenario": "basline"}, 'did you mean "baseline"'),
        ({"against": "../secret"}, "is not allowed"),
        ({"force.sise": "1"}, 'did you mean "size"'),
        ({"force.size": "-1"}, "force.size"),
        ({"force.size": "many"}, "force.size"),
        ({"against.force.sise": "1"}, 'did you mean "size"'),
        ({"against.weeks": "52"}, "write weeks alone"),
        ({"parameters": "postrior"}, "posterior"),
        ({"rivals": "2"}, "0 | 1"),
        ({"roster": "/etc/passwd"}, "roster"),
        ({"states.FRA.suport": "1"}, "support"),
        ({"force.size": "1" * (MOST_TEXT + 1)}, f"longer than {MOST_TEXT}"),
        ({"x" * (MOST_TEXT + 1): "1"}, f"longer than {MOST_TEXT}"),
        ({f"k{place}": "1" for place in range(MOST_KEYS + 1)}, f"at most {MOST_KEYS}"),
    ],
)
def test_a_wrong_link_gets_one_line(query, told):
    with pytest.raises((ScenarioError, ExperimentError)) as raised:
        read_address(query)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"size = ", "mine.toml"),
        (b"\xff\xfe\x00", "mine.toml"),
        (b"[force]\nsise = 3\n", '[force] sise: no such key; `ceasefire params force` lists all; did you mean "size"?'),
        (b"[force]\nsize = -3\n", "[force] size: -3 is out of range; allowed 0 to 300000 troops"),
        (b'name = "x"\nabout = "y"\n[command]\nform = "un"\n[force]\ndoctrine = "fight"\n', "doctrine"),
        (b"x" * (MOST_BYTES + 1), f"at most {MOST_BYTES:,}"),
    ],
)
def test_a_wrong_file_gets_one_line(content, told):
    with pytest.raises(ScenarioError) as raised:
        read_toml("mine.toml", content)
    assert told in str(raised.value)
    assert str(raised.value).startswith("mine.toml: ")
    assert "\n" not in str(raised.value)


def test_a_file_is_read_from_no_disk(tmp_path):
    with pytest.raises(ScenarioError):
        read_toml("mine.toml", f'scenario = "{tmp_path}"'.encode())


def test_what_cannot_be_is_told_and_the_question_stays():
    session = fresh()
    assert session.change("command.form", "un")
    before = session.question
    assert not session.change("force.doctrine", "fight")
    assert "doctrine" in session.trouble
    assert session.question == before
    assert session.shown["force.doctrine"] == "fight"  # the control stands where the visitor left it
    assert session.change("command.form", "nato")  # and its word counts as soon as it can
    assert session.trouble == ""
    assert session.question.plan.overrides["force.doctrine"] == "fight"


def test_moves_that_follow_closely_are_undone_together():
    now = [0.0]
    session = fresh(lambda: now[0])
    for size in (5_000.0, 10_000.0, 15_000.0):
        now[0] += TOGETHER / 2
        assert session.change("force.size", size)
    now[0] += 2 * TOGETHER
    assert session.change("force.size", 20_000.0)
    assert session.change("guarantee.form", "ratified")
    sizes = []
    while session.undo():
        sizes.append(session.question.plan.overrides.get("force.size", 0.0))
    assert sizes == [20_000.0, 15_000.0, 0.0]


@given(st.lists(values(), min_size=1, max_size=8))
@settings(max_examples=25)
def test_undo_goes_back_step_by_step(changes):
    session = fresh(iter(range(0, 10_000, 10)).__next__)
    passed = [session.question]
    for name, value in changes:
        if session.change(name, value):
            passed.append(session.question)
    for question in reversed(passed[:-1]):
        assert session.undo()
        assert session.question == question
        assert session.shown == question.plan.settings()
    assert not session.undo()


def test_only_so_many_steps_are_kept():
    session = fresh(iter(range(0, 10_000, 10)).__next__)
    for size in range(MOST_UNDONE + 20):
        session.change("force.size", 1000.0 + size)
    assert sum(session.undo() for _ in range(MOST_UNDONE + 20)) == MOST_UNDONE


def test_swapping_twice_changes_nothing():
    session = fresh()
    session.change("force.size", 25_000.0)
    before = session.question
    session.swap()
    assert settings_of(session.question)[:2] == settings_of(before)[1::-1]
    session.swap()
    assert session.question == before


def test_both_are_played_over_one_horizon():
    session = fresh()
    session.compare_with(load_scenario("us-exit"))
    session.change("weeks", 104)
    assert session.question.against == over_horizon(load_scenario("us-exit"), 104)


def test_rival_theories_need_something_to_be_drawn():
    session = fresh()
    session.draw_rivals(True)
    session.draw_from("point")
    assert not session.question.rivals
    assert not session.draw_rivals(True)


def test_an_unknown_source_is_not_taken():
    session = fresh()
    assert not session.draw_from("<script>")
    assert session.question.parameters == "posterior"


def test_every_setting_has_one_control():
    session = fresh()
    groups = {kind: controls_of(session, kind) for kind in ("lever", "switch", "uncertainty")}
    made = [each.name for each in first_controls(session)]
    made += [each.name for kind in groups.values() for group in kind.values() for each in group]
    assert sorted(made) == sorted(FREE)


def test_a_state_has_a_control_for_all_that_can_be_set():
    columns = {key for key, column in state_columns().items() if column.low is not None or column.unit == "date"}
    for iso3 in ("FRA", "POL", "USA"):
        if iso3 in fresh().question.plan.roster:
            made = {each.name.removeprefix(f"states.{iso3}.") for each in state_controls(fresh(), iso3)}
            assert made <= columns
            assert {"support", "defence_share"} & columns <= made


@given(values())
@settings(max_examples=40)
def test_a_control_shows_what_was_set(change):
    name, value = change
    session = fresh()
    session.change(name, value)
    every = [*first_controls(session)]
    every += [
        each for kind in ("lever", "switch", "uncertainty") for some in controls_of(session, kind).values()
        for each in some
    ]  # fmt: skip
    (shown,) = [each for each in every if each.name == name]
    assert shown.value == value
    assert read_value(name, value) == value


def uncertain(session, name):
    (found,) = [each for some in controls_of(session, "uncertainty").values() for each in some if each.name == name]
    return found


def test_an_uncertain_parameter_is_drawn_until_it_is_set():
    session = fresh()
    name = "choice.precision"
    control = uncertain(session, name)
    assert control.drawn
    assert "moving it fixes it" in render([control])
    session.change(name, control.value)
    control = uncertain(session, name)
    assert control.changed
    assert f'data-release="{name}"' in render([control])
    session.change(name, None)
    assert name not in session.question.plan.overrides
    session.draw_from("point")
    control = uncertain(session, name)
    assert not control.drawn


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_a_slider_has_enough_steps_and_not_too_many(low, wide):
    parts = ((low + wide) - low) / step_of(low, low + wide) if low + wide > low else 60.0
    assert 59.9 <= parts <= 300.1


def test_a_text_in_a_control_is_only_a_text():
    (control,) = [each for each in first_controls(fresh()) if each.name == "guarantee.form"]
    hostile = replace(control, label="<script>alert(1)</script>", about='" onload="x', value="<b>")
    made = render([hostile])
    assert "<script>" not in made
    assert '" onload="' not in made


@pytest.mark.parametrize("given", ["<script>", "NaN", "1e999", "", "9" * 200])
def test_what_is_typed_is_a_number_or_refused(given):
    session = fresh()
    assert not session.change("force.size", read_value("force.size", given))
    assert "force.size" in session.trouble
    assert isinstance(session.question.plan, Scenario)
