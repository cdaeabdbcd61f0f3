"""What is compared with what: scenarios as a user names them, each with settings of its own, under the same luck."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from shlex import join
from string import ascii_uppercase
from typing import cast, get_args

from experiments.batch import one_of
from experiments.design import ExperimentError, Parameters
from experiments.needs import MOST_LINES
from experiments.schema import Value
from model.luck import LIMIT
from model.register import load_register, load_rosters, show
from model.scenario import Scenario, ScenarioError, load_scenario, parse_settings

PAIRS = 10_000  # by default: a difference of shares is known to a point or better
MOST_PAIRS = 100_000  # whose outcomes are in memory at once, 40 MB a scenario
LABELS = ascii_uppercase[:MOST_LINES]  # as many as can be told apart in a figure
EXAMPLE = "baseline:force.size=25000"
DRAWN, ABSENT = "drawn", "not in the roster"  # instead of a value that a scenario has for all runs

DRIVE = re.compile(r"[A-Za-z]:(?=[\\/])")  # of Windows: its colon belongs to the file's name
NEXT_SETTING = re.compile(r",(?=\s*[A-Za-z][\w.]*\s*=)")  # a comma inside a list ends no setting


@dataclass(frozen=True)
class Side:
    """One of the scenarios that are compared."""

    label: str  # A, B, C and so on
    name: str  # of a bundled scenario, or a file
    settings: tuple[str, ...]  # key=value, on top of the scenario's own
    scenario: Scenario

    @property
    def words(self) -> str:
        """The scenario and the settings that it was given."""
        return f"{self.name} with {', '.join(self.settings)}" if self.settings else self.name


@dataclass(frozen=True)
class Pairing:
    """What is asked: which scenarios, in how many runs, with what luck and which parameters."""

    sides: tuple[Side, ...]  # all others are compared with the first
    runs: int  # of each, and so the pairs that it makes with the first
    seed: int
    parameters: Parameters
    switches: bool  # the rival theories are drawn too
    settings: tuple[str, ...]  # key=value, on top of every scenario and of what it was given

    @property
    def weeks(self) -> int:
        """The horizon, the same for all."""
        return self.sides[0].scenario.weeks

    def command(self) -> str:
        """The command that makes the comparison again."""
        given = [f"{side.name}:{','.join(side.settings)}" if side.settings else side.name for side in self.sides]
        options = ["--runs", str(self.runs), "--seed", str(self.seed), "--parameters", self.parameters]
        options += ["--switches"] if self.switches else []
        return join(["ceasefire", "compare", *given, *_options(self.settings), *options])

    def command_of(self, side: Side, run: int) -> str:
        """The command that tells one run of a scenario, if no rival theories are drawn."""
        options = ["--parameters", self.parameters, "--seed", str(self.seed), "--run", str(run)]
        return join(["ceasefire", "run", side.name, *_options((*side.settings, *self.settings)), *options])


def pair_up(
    scenarios: Sequence[str | Scenario],
    *,
    runs: int = PAIRS,
    seed: int = 1,
    parameters: str = "posterior",
    switches: bool = False,
    settings: Sequence[str] = (),
) -> Pairing:
    """Check and read what is to be compared.

    Each scenario is a Scenario or a text: NAME, my.toml, or NAME:KEY=VALUE,KEY=VALUE. `settings`, KEY=VALUE, go for
    all of them. Raises ScenarioError or ExperimentError for a user's mistake.
    """
    if not 2 <= len(scenarios) <= len(LABELS):
        count = f"{len(scenarios)} given; {'at least 2' if len(scenarios) < 2 else f'at most {len(LABELS)}'}"
        raise ExperimentError(f"SCENARIO: {count} can be compared, as in: ceasefire compare baseline {EXAMPLE}")
    for option, number, low, high in (("--runs", runs, 1, MOST_PAIRS), ("--seed", seed, 0, LIMIT - 1)):
        if not low <= number <= high:
            raise ExperimentError(f"{option}: {number} is not allowed; a whole number from {low} to {high:,}")
    chosen = cast(Parameters, one_of("--parameters", parameters, get_args(Parameters)))
    if switches and chosen == "point":
        raise ExperimentError("--switches: drawing rival theories needs --parameters posterior or prior, not point")
    shared = parse_settings(settings)
    sides = tuple(_read(label, given, shared) for label, given in zip(LABELS, scenarios, strict=False))
    weeks = sides[0].scenario.weeks
    for side in sides:
        if side.scenario.weeks != weeks:
            plays = f"{side.label}, {side.words}, plays {side.scenario.weeks} and {LABELS[0]} {weeks}"
            raise ExperimentError(f"weeks: {plays}; outcomes need one horizon: set it for all, as in --weeks {weeks}")
    return Pairing(sides, runs, seed, chosen, switches, tuple(settings))


def differing_settings(sides: Sequence[Side], drawn: Collection[str]) -> dict[str, list[Value]]:
    """The settings that are not the same for all, by dotted name: what each of them has; `drawn` ones vary by run."""
    names = dict.fromkeys(name for side in sides for name in side.scenario.settings() if name not in {"name", "about"})
    values = {name: [_value(side.scenario, name, drawn) for side in sides] for name in names}
    return {name: found for name, found in values.items() if any(value != found[0] for value in found)}


def _options(settings: Sequence[str]) -> list[str]:
    return [part for setting in settings for part in ("--set", setting)]


def _read(label: str, given: str | Scenario, shared: dict[str, object]) -> Side:
    if isinstance(given, Scenario):
        return Side(label, given.name, (), given.with_settings(shared, "--set") if shared else given)
    name, settings = _split(given)
    source = show(given)
    try:
        own = parse_settings(settings)
    except ScenarioError as error:
        raise ScenarioError(f"{source}: {str(error).removeprefix('--set: ')}") from None
    for key in own:
        if key in shared:
            raise ScenarioError(f"{source}: {key}: --set says it for all; say it in one place")
    scenario = load_scenario(name)
    if own or shared:
        sources = ([source] if own else []) + (["--set"] if shared else [])
        scenario = scenario.with_settings(own | shared, " with ".join(sources))
    return Side(label, name, tuple(settings), scenario)


def _split(given: str) -> tuple[str, list[str]]:
    """The scenario's name or file, and the key=value texts after it."""
    drive = 2 if DRIVE.match(given) else 0
    name, colon, settings = given[drive:].partition(":")
    if "=" in name or not name:
        raise ScenarioError(f"SCENARIO: {show(given)} names no scenario; write NAME:KEY=VALUE, such as {EXAMPLE}")
    return given[:drive] + name, [part.strip() for part in NEXT_SETTING.split(settings)] if colon else []


def _value(scenario: Scenario, name: str, drawn: Collection[str]) -> Value:
    """What a dotted setting is in a scenario, whether or not the scenario says it."""
    said = scenario.settings()
    if name not in said and name in drawn:
        return DRAWN
    if name not in said and name.startswith("states."):
        _, iso3, column = name.split(".")
        rows = {row["iso3"]: row for row in [*scenario.state_rows(), scenario.us_row()]}
        return rows[iso3][column] if iso3 in rows else ABSENT
    found = said[name] if name in said else load_register()[name].value
    if isinstance(found, tuple):
        known = {members: roster for roster, members in load_rosters().items()}
        return known.get(found, " ".join(found))
    return found if isinstance(found, bool | int | float | str) else str(found)
