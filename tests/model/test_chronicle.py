"""The chronicle: in order, complete, and in whole sentences."""

import pytest
from playing import LEVERS, play, scenario

from model.ceasefire import Ceasefire
from model.chronicle import tell
from model.outcomes import breaker_name
from model.terms import Breaker

EAGER = {"russia.limited_cost": 0.3, "russia.limited_prize": 0.4, "crisis.wider": 0.2}
TELLING = [
    {"roster": "europe", **LEVERS},
    EAGER | {"force.size": 60_000, "force.deployment": "imposed", "force.place": "line", "force.doctrine": "fight"},
    {"guarantee.form": "backstop", "guarantee.exit_week": 52, "force.size": 10_000},
    {"violations.breeding": 0.6, "russia.peace": 0.0, "russia.renewed_cost": 0.6},
]
RUNS = [run for settings in TELLING for run in play(settings, 8)]


def sentences(run, word):
    """The events of a run that have a word."""
    return [event for event in tell(run.world) if word in event.text]


@pytest.fixture(params=RUNS, ids=range(len(RUNS)))
def run(request):
    return request.param


def test_events_are_in_order_and_whole_sentences(run):
    events = tell(run.world)
    weeks = [event.week for event in events]
    assert weeks == sorted(weeks)
    assert all(0 <= week < run.world.line.week for week in weeks)
    for event in events:
        assert event.text.endswith(".")
        assert event.text[0].isupper()
        for odd in ("nan", "inf ", "None", "0x"):
            assert odd not in event.text
        assert event.kind in {"war", "line", "russia", "ukraine", "us", "force", "state"}


def test_the_end_of_the_ceasefire_is_told_in_its_week(run):
    wars = {event.week for event in tell(run.world) if event.kind == "war"}
    if run.outcomes["held"] == 0.0:
        assert int(run.outcomes["weeks_held"]) in wars
    if run.outcomes["renewed_war"] == 1.0:
        assert [event.week for event in sentences(run, "renews the war")] == [run.outcomes["weeks_to_renewed_war"]]
    else:
        assert not sentences(run, "renews the war")


def test_every_limited_war_is_told_once_and_none_is_called_a_failure(run):
    begun = [
        event
        for event in tell(run.world)
        if event.kind == "war" and any(word in event.text for word in ("and takes", "across the line", "begets fire"))
    ]
    assert len(begun) == run.outcomes["limited_wars"]
    status = run.series["status"]
    weeks = [week for week, now in enumerate(status) if now == 2.0 and (week == 0 or status[week - 1] != 2.0)]
    assert set(weeks) <= {event.week for event in begun}


def test_exits_and_combat_are_told(run):
    left = run.world.us.exit_week >= 0.0
    assert [event.week for event in sentences(run, "turns away from Europe")] == [run.world.us.exit_week] * left
    assert bool(sentences(run, "troops fight")) == (run.outcomes["direct_combat"] == 1.0)
    assert bool(sentences(run, "American forces act")) == (run.outcomes["us_combat"] == 1.0)
    assert bool(sentences(run, "beyond Ukraine")) == (run.outcomes["wider_war"] == 1.0)


def test_every_withdrawal_is_told(run):
    told = [event for event in sentences(run, "withdraws: support") if event.kind == "state"]
    assert len(told) == run.outcomes["withdrawals"]
    broken = [event for event in told if "had broken" in event.text]
    assert len(broken) == run.outcomes["withdrawals_consensus"]


def test_deployment_is_told_from_mandate_to_arrival(run):
    arrived = run.world.force.arrived
    assert [event.week for event in sentences(run, "first troops arrive")] == [arrived] * (arrived >= 0.0)
    if arrived >= 0.0:
        assert sentences(run, "is mandated")[0].week <= arrived


def test_these_runs_have_something_to_tell():
    for name in ("withdrawals", "direct_combat", "renewed_war", "limited_wars"):
        assert any(run.outcomes[name] > 0.0 for run in RUNS), name
    assert any(run.world.us.exit_week >= 0.0 for run in RUNS)
    assert {run.outcomes["broken_by"] for run in RUNS} >= {Breaker.NOBODY, Breaker.RUSSIA, Breaker.BOTH}


def test_a_run_that_was_not_recorded_says_so():
    with pytest.raises(ValueError, match="record=True"):
        tell(Ceasefire(scenario({"weeks": 2})).play())


def test_breakers_have_names():
    assert [breaker_name(float(each)) for each in Breaker] == ["nobody", "Russia", "Ukraine", "a spiral of fire"]
