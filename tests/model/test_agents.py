"""The Mesa model: real agents whose methods are the rules, replaceable, and played week by week."""

import types

import mesa
import pytest
from playing import LEVERS, scenario, world

from model import actors, agents
from model.ceasefire import Ceasefire
from model.series import COLUMNS
from model.terms import Command

KINDS = [each for each in vars(agents).values() if isinstance(each, type) and issubclass(each, agents.Actor)]


def rules_of(kind: type) -> dict[str, types.FunctionType]:
    """The rules bound as methods of a kind of agent."""
    found = {name: member for base in reversed(kind.__mro__) for name, member in vars(base).items()}
    return {
        name: member
        for name, member in found.items()
        if isinstance(member, types.FunctionType) and member.__module__.startswith("model.rules.")
    }


def test_everybody_named_in_the_article_is_an_agent_of_the_model():
    here = world(LEVERS)
    present = {type(each) for each in here.agents}
    assert present == set(KINDS) - {agents.Actor, agents.Institution}
    assert all(isinstance(each, mesa.Agent) and each.model is here for each in here.agents)
    named = {each.name for each in here.agents}
    assert {"France", "Poland", "United States", "Russia", "Ukraine", "NATO", "EuropeanUnion"} <= named
    assert len(here.agents) == len(here.states) + 6 + len(Command)
    assert [each.kind for each in here.institutions] == [float(command) for command in Command]
    assert [each.code for each in here.states] == list(here.setting.roster)


@pytest.mark.parametrize("kind", [each for each in KINDS if rules_of(each)])
def test_methods_are_the_rules_letter_for_letter(kind):
    for name, rule in rules_of(kind).items():
        module = __import__(rule.__module__, fromlist=["_"])
        assert getattr(kind, name) is getattr(module, rule.__name__)
        assert rule.__name__ == name


def test_agents_hold_plain_floats_and_nothing_undeclared():
    here = world(LEVERS)
    for _ in range(60):
        here.step()
    for each in here.agents:
        declared = set(each.variables())
        assert all(type(getattr(each, name)) is float for name in declared)
        mesa_own = {"model", "unique_id", "pos", "name", "code"}
        assert {name for name in vars(each) if not name.startswith("_")} <= declared | mesa_own


def test_an_actor_refuses_a_variable_that_it_does_not_have():
    with pytest.raises(TypeError, match="no variable luggage"):
        agents.Russia(mesa.Model(rng=1), "Russia", luggage=1.0)


def test_variables_are_those_declared_in_order():
    assert agents.Russia.variables() == list(actors.Russia.__annotations__)
    assert agents.NATO.variables() == list(actors.Institution.__annotations__)


class PeacefulRussia(agents.Russia):
    """A Russia that never breaks anything."""

    def choose(self, line, p, luck):
        """Comply."""
        self.act = 0.0


def test_a_rule_of_ones_own_takes_effect():
    runs = [world({}, run=run, Russia=PeacefulRussia).play() for run in range(5)]
    assert all(type(here.russia) is PeacefulRussia for here in runs)
    for here in runs:
        outcomes = here.outcomes()
        assert outcomes["renewed_war"] == outcomes["probes"] == outcomes["limited_attacks"] == 0.0
    plain = [world({}, run=run).play().outcomes()["probes"] for run in range(5)]
    assert sum(plain) > 0.0


def test_recording_changes_nothing():
    for settings in ({}, LEVERS):
        silent = Ceasefire(scenario(settings), 3, 4).play()
        told = Ceasefire(scenario(settings), 3, 4, record=True).play()
        assert silent.outcomes() == told.outcomes()
        assert silent.series == {}
        assert silent.chronicle is None
        assert set(told.series) == set(COLUMNS)


def test_step_by_step_is_play():
    stepped, played = world(LEVERS, run=2), world(LEVERS, run=2).play()
    weeks = 0
    while stepped.running:
        stepped.step()
        weeks += 1
    assert stepped.outcomes() == played.outcomes()
    assert weeks == played.line.week == played.steps


def test_a_run_ends_at_the_horizon_or_at_renewed_war():
    for run in range(8):
        here = world({"weeks": 40}, run=run).play()
        assert not here.running
        assert here.line.week == 40.0 or here.outcomes()["renewed_war"] == 1.0


@pytest.mark.parametrize(("seed", "run"), [(-1, 0), (0, -1), (2**32, 0), (0, 2**32), (True, 0)])
def test_seeds_and_runs_are_checked_at_the_door(seed, run):
    with pytest.raises(ValueError, match=r"whole number|non-negative"):
        Ceasefire(scenario(), seed, run)


def test_every_bundled_command_sits_where_the_rules_look_for_it():
    for number, form in enumerate(("lead_nation", "nato", "eu", "un")):
        here = world(LEVERS | {"command.form": form})
        assert here.command == number
        assert here.institutions[int(here.command)].kind == number
