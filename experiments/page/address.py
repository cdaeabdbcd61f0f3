"""A whole question in the address of the page, so that a link shares it; read with the checks of every scenario."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args
from urllib.parse import urlencode

from experiments.batch import one_of
from experiments.design import ExperimentError, Parameters
from model.register import RegisterError, load_rosters
from model.scenario import Scenario, ScenarioError, list_scenarios, load_scenario, parse_settings

PLAN, AGAINST = "scenario", "against"  # a bundled scenario each; settings follow by dotted name
PARAMETERS, RIVALS = "parameters", "rivals"
RESERVED = frozenset({PLAN, AGAINST, PARAMETERS, RIVALS})
MISTAKES = (ScenarioError, ExperimentError, RegisterError)  # a visitor's, each told in one line
OWN = frozenset({"run", "at", "experiment"})  # of single views; they read these themselves
MOST_KEYS, MOST_TEXT = 400, 300  # of an address: settings, and characters of one


@dataclass(frozen=True)
class Question:
    """What a visitor asks: a plan, what it is compared with, and where uncertain parameters come from."""

    plan: Scenario
    against: Scenario
    parameters: Parameters = "posterior"
    rivals: bool = False  # the rival theories are drawn too


def read_address(query: Mapping[str, str]) -> Question:
    """The question that an address asks; what it leaves out is the baseline's.

    Raises ScenarioError or ExperimentError.
    """
    if len(query) > MOST_KEYS:
        raise ScenarioError(f"address: {len(query)} settings; at most {MOST_KEYS}")
    for key, text in query.items():
        if len(text) > MOST_TEXT or len(key) > MOST_TEXT:
            raise ScenarioError(f"address: {key[:40]}: is longer than {MOST_TEXT} characters")
    said = {key: text for key, text in query.items() if key not in OWN}
    plan = {key: text for key, text in said.items() if key not in RESERVED and not key.startswith(f"{AGAINST}.")}
    against = {key.removeprefix(f"{AGAINST}."): text for key, text in said.items() if key.startswith(f"{AGAINST}.")}
    parameters = cast(Parameters, one_of(PARAMETERS, said.get(PARAMETERS, "posterior"), get_args(Parameters)))
    rivals = said.get(RIVALS, "0")
    if rivals not in {"0", "1"}:
        raise ExperimentError(f"{RIVALS}: {rivals} is not allowed; 0 | 1")
    if "weeks" in against:
        raise ScenarioError(f"address: {AGAINST}.weeks: both are played over the plan's horizon; write weeks alone")
    chosen = _read(said.get(PLAN, "baseline"), plan)
    other = over_horizon(_read(said.get(AGAINST, "baseline"), against), chosen.weeks)
    return Question(chosen, other, parameters, rivals == "1" and parameters != "point")


def over_horizon(scenario: Scenario, weeks: int) -> Scenario:
    """The same scenario over so many weeks: outcomes can be compared only over one horizon."""
    return scenario if scenario.weeks == weeks else scenario.with_settings({"weeks": weeks})


def write_address(question: Question) -> str:
    """The question as the query of an address, without the question mark; empty for the page's own start."""
    found = _write(question.plan, PLAN, "") | _write(question.against, AGAINST, f"{AGAINST}.")
    found.pop(f"{AGAINST}.weeks", None)
    if question.parameters != "posterior":
        found[PARAMETERS] = question.parameters
    if question.rivals:
        found[RIVALS] = "1"
    return urlencode(found)


def _read(name: str, settings: Mapping[str, str]) -> Scenario:
    """A bundled scenario, never a file, with settings on top."""
    known = tuple(scenario.name for scenario in list_scenarios())
    scenario = load_scenario(one_of(PLAN, name, known))
    try:
        given = parse_settings([f"{key}={text}" for key, text in settings.items()])
        return scenario.with_settings(given, "address") if given else scenario
    except ScenarioError as error:
        raise ScenarioError(f"address: {str(error).removeprefix('--set: ').removeprefix('address: ')}") from None


def _write(scenario: Scenario, key: str, prefix: str) -> dict[str, str]:
    """The bundled scenario that is nearest by name, and every setting in which this one differs from it."""
    known = {each.name: each for each in list_scenarios()}
    base = known.get(scenario.name, known["baseline"])
    said, plain = scenario.settings(), base.settings()
    if plain.keys() - said.keys():  # what the base says and this scenario leaves to the register
        base = known["baseline"]
        plain = base.settings()
    found = {} if base.name == "baseline" else {key: base.name}
    return found | {f"{prefix}{name}": _text(name, value) for name, value in said.items() if plain.get(name) != value}


def _text(name: str, value: object) -> str:
    """A value as `parse_settings` reads it."""
    if name == "roster" and isinstance(value, tuple):
        named = {members: roster for roster, members in load_rosters().items()}
        return named.get(value) or json.dumps(list(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e12 else repr(value)
    if isinstance(value, str):
        return value if value.isascii() and value.isidentifier() else json.dumps(value, ensure_ascii=False)
    return str(value)
