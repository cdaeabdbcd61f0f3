"""One life: the run that is picked, the weeks that are kept, and what is said of them."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from experiments.batch import draw_one, drawn_runs
from experiments.chunks import engine
from experiments.design import ExperimentError
from experiments.page import life_text
from experiments.page.address import read_address
from experiments.page.life import ACTORS, PLACES, STATE, Life, Where, choose, read_where, scenario_of
from experiments.page.life_line import line_figure, strip_svg, violations_svg
from model.outcomes import OUTCOMES
from model.scenario import load_scenario
from model.terms import Status

PLAN = {"scenario": "uk-french-plan"}
QUESTION = read_address(PLAN)


def table(**columns):
    """A table of outcomes in which all but some columns are zero."""
    found = np.zeros((len(next(iter(columns.values()))), len(OUTCOMES)))
    for name, values in columns.items():
        found[:, list(OUTCOMES).index(name)] = values
    return found


@pytest.fixture(scope="module")
def outcomes():
    draws = drawn_runs("posterior", False, 1)
    return engine().play(QUESTION.plan, 1, 0, 60, draws(0).columns_for(QUESTION.plan, 0, 60))


@pytest.fixture(scope="module")
def life():
    lived = Life(QUESTION, 17)
    lived.go(10**6)
    return lived


@pytest.fixture(scope="module")
def ended(outcomes):
    """A run in which the war is renewed."""
    number = int(np.argmax(outcomes[:, list(OUTCOMES).index("renewed_war")]))
    lived = Life(QUESTION, number)
    lived.go(10**6)
    assert lived.weeks[-1].status == Status.RENEWED_WAR
    return lived


def test_a_life_is_the_run_of_the_batch(life, ended, outcomes):
    for each in (life, ended):
        assert list(each.world.outcomes().values()) == outcomes[each.run].tolist()


def test_a_life_draws_what_ceasefire_run_draws():
    assert scenario_of(QUESTION, 17) == draw_one(QUESTION.plan, "posterior", 1, 17)
    assert scenario_of(read_address(PLAN | {"parameters": "prior"}), 3) == draw_one(QUESTION.plan, "prior", 1, 3)
    assert scenario_of(read_address(PLAN | {"parameters": "point"}), 3) == QUESTION.plan


def test_rival_theories_are_drawn_as_in_a_batch():
    question = read_address(PLAN | {"rivals": "1"})
    columns = drawn_runs("posterior", True, 1)(0).columns_for(question.plan, 0, 8)
    compiled = engine().play(question.plan, 1, 0, 8, columns)
    lives = [Life(question, run) for run in range(8)]
    assert len({tuple(each.scenario.overrides[name] for name in columns if "theories." in name) for each in lives}) > 1
    for each in lives:
        each.go(10**6)
        assert list(each.world.outcomes().values()) == compiled[each.run].tolist()


def test_weeks_are_kept_as_the_weekly_record_has_them(life):
    assert [week.number for week in life.weeks] == life.world.series["week"]
    for name, kept in (("status", "line.status"), ("troops", "force.troops"), ("p_renewed", "russia.renewed_chance")):
        assert [week[kept] for week in life.weeks] == life.world.series[name]
    assert [week.violations for week in life.weeks] == life.world.series["violations"]
    assert life.weeks[40].of_states("deployed").sum() == pytest.approx(life.world.series["troops"][40])
    assert set(life.numbers(life.weeks[40], "support")) == set(life.codes)


def test_going_back_plays_nothing_again_and_ahead_no_more_than_needed():
    lived = Life(QUESTION, 17)
    assert (len(lived.weeks), lived.last) == (1, 259)
    late = lived.go(30)
    assert (late.number, len(lived.weeks), lived.world.line.week) == (30, 31, 31.0)
    early = lived.go(3)
    assert (early.number, len(lived.weeks)) == (3, 31)
    assert lived.go(30) is late
    assert lived.go(-5).number == 0
    assert early["force.asked"] == late["force.asked"] == 25_000


def test_a_run_ends_with_renewed_war_or_at_the_horizon(life, ended):
    assert life.go(10**6).number == life.last == 259
    assert ended.last == ended.go(10**6).number == len(ended.weeks) - 1 < 259


def test_a_short_plan_can_be_lived():
    assert Life(read_address({"weeks": "1"}), 0).go(7).number == 0


def test_two_lives_of_one_run_are_the_same_and_share_nothing():
    one, other = Life(QUESTION, 5), Life(QUESTION, 5)
    one.go(50)
    assert len(other.weeks) == 1
    assert np.array_equal(other.go(50).values, one.weeks[50].values)


def test_what_is_kept_of_a_week_is_small_and_named(life):
    assert life.weeks[0].values.nbytes + life.weeks[0].states.nbytes < 4_000
    assert len(PLACES) == sum(map(len, ACTORS.values())) == len(life.weeks[0].values)
    assert life.weeks[0].states.shape == (len(life.codes), len(STATE))


def test_events_come_newest_first_and_none_from_the_future(life):
    found = life.events(life.weeks[40])
    assert [event.week for event in found] == sorted((event.week for event in found), reverse=True)
    assert found[0].week <= 40 < len(life.world.chronicle.events)
    assert len(found) == sum(event.week <= 40 for event in life.world.chronicle.events)


def test_the_worst_run_has_most_dead_and_of_those_the_soonest_end():
    assert choose(table(deaths=[3, 9, 9, 1], weeks_held=[0, 80, 20, 0]), "worst") == 2


def test_the_first_collapse_is_the_first_by_number():
    assert choose(table(collapse=[0, 0, 2, 1], weeks_held=[260, 260, 90, 5]), "collapsed") == 2
    with pytest.raises(ExperimentError, match="collapsed in none of 4 runs"):
        choose(table(collapse=[0] * 4), "collapsed")


def test_a_typical_run_ends_as_most_do_and_lies_in_the_middle():
    collapse = [0, 0, 0, 0, 0, 1, 1]
    deaths = [10, 900, 50, 20, 90, 50, 50]
    held = [260] * 5 + [50, 60]
    assert choose(table(collapse=collapse, deaths=deaths, weeks_held=held), "typical") == 2
    most_fall = table(collapse=[1, 2, 1, 0], weeks_held=[10, 90, 40, 260])
    assert choose(most_fall, "typical") == 2


def test_a_typical_run_does_not_hang_on_units(outcomes):
    scaled = outcomes.copy()
    scaled[:, list(OUTCOMES).index("deaths")] *= 1e6
    assert choose(scaled, "typical") == choose(outcomes, "typical")


def test_other_words_are_refused():
    with pytest.raises(ExperimentError, match=r'run: "typicl" is not allowed.*typical'):
        choose(table(collapse=[0]), "typicl")


def test_the_address_says_run_and_week():
    assert read_where({}) == Where(None, 0)
    assert read_where({"run": "17", "at": "40", "force.size": "1"}) == Where(17, 40)


@pytest.mark.parametrize("said", [{"run": "-1"}, {"run": "abc"}, {"run": "1000000"}, {"run": "²"}, {"at": "1.5"}])
def test_other_runs_and_weeks_are_refused(said):
    with pytest.raises(ExperimentError, match="a whole number from 0 to"):
        read_where(said)


def test_the_sentence_says_the_week_and_the_line(life, ended):
    assert life_text.sentence(life, life.weeks[40]).startswith("Week 40, 1 December 2025: the ceasefire is ")
    assert "violations" in life_text.sentence(life, life.weeks[40])
    assert life_text.sentence(life, life.weeks[-1]).endswith("This run ends here.")
    said = life_text.sentence(ended, ended.weeks[-1])
    assert "the war is renewed" in said
    assert "Its first 26 weeks kill " in said


def cards(lived, week):
    return (
        life_text.russia_card(lived, week),
        life_text.ukraine_card(lived, week),
        life_text.america_card(week),
        life_text.force_card(week),
    )


def test_cards_tell_acts_and_terms_in_every_week(life, ended):
    for lived in (life, ended):
        for week in lived.weeks:
            for told in cards(lived, week):
                ElementTree.fromstring(f"<div>{told}</div>")
                assert "nan" not in told
                assert "-0" not in told
    russia, ukraine, america, force = cards(ended, ended.weeks[-1])
    assert "renews the war" in russia
    assert '<tr class="here"><td>Renew the war</td>' in russia
    assert "This week the choice fell on it" in russia
    assert "at war" in ukraine
    assert "Readiness to act" in america
    assert "Killed so far" in force


def test_chances_of_a_review_sum_to_one(life):
    week = life.weeks[100]
    shown = re.findall(r"<td>([\d.]+)%</td></tr>", life_text.russia_card(life, week).replace("under 0.1%", "0%"))
    assert sum(map(float, shown)) == pytest.approx(100.0, abs=1.0)


def test_a_plan_without_a_force_says_so():
    lived = Life(read_address({"force.size": "0"}), 0)
    assert "is not asked for" in life_text.force_card(lived.weeks[0])
    assert "No state contributes" in life_text.contributors_table(lived, lived.weeks[0], everybody=False)


def test_the_tables_have_those_who_give_or_everybody(life):
    week = life.weeks[40]
    some = life_text.contributors_table(life, week, everybody=False)
    assert some.count("<tr>") == 1 + sum((week.of_states("deployed") > 0) | (week.of_states("contributing") > 0))
    everybody = life_text.contributors_table(life, week, everybody=True)
    assert everybody.count("<tr>") == 1 + len(life.codes)
    assert everybody.index("Austria") < everybody.index("United Kingdom")


def test_events_are_listed_or_said_to_be_none(life):
    told = life_text.events_list(life.events(life.weeks[40]))
    assert told.count("<li") == life.weeks[40].told
    assert "Nothing to tell" in life_text.events_list([])


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "0%"), (0.0001, "under 0.1%"), (0.012, "1.2%"), (0.31, "31%"), (1.0, "100%")]
)
def test_small_chances_have_more_digits(value, said):
    assert life_text.percent(value) == said


def test_no_zero_is_negative():
    assert life_text.worth(-0.001) == life_text.worth(-0.001, signed=True) == "0.00"
    assert life_text.worth(-0.5) == "\N{MINUS SIGN}0.50"
    assert life_text.worth(0.5, signed=True) == "+0.50"


def test_the_line_shows_every_week_that_was_lived(life, ended):
    for lived in (life, ended):
        strip = ElementTree.fromstring(strip_svg(lived.weeks, 260, 3))
        bars = [each for each in strip if each.tag == "rect"]
        assert sum(int(each.get("width")) for each in bars) == 260  # after renewed war there is no ceasefire
        assert {each.get("class") for each in bars} == {week.status.name.lower() for week in lived.weeks}
    points = ElementTree.fromstring(violations_svg(life.weeks[:9], 260, 3, 6000.0, 1500.0)).find("polyline")
    assert len(points.get("points").split()) == 9
    ElementTree.fromstring(line_figure(life, life.weeks[40]))


def test_the_plan_of_a_life_keeps_its_name():
    assert Life(QUESTION, 1).scenario.name == load_scenario("uk-french-plan").name
