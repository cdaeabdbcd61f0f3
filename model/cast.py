"""Who takes part in a run: each actor's place, class, name and first values, and whose luck is whose."""

from collections.abc import Callable
from typing import Any, NamedTuple

from model import actors
from model.luck import Kinds
from model.scenario import Scenario
from model.terms import Command

COLUMNS = {
    "stance": "troops_stance",
    "home_support": "support",
    "home_defence_support": "defence_support",
    "distance": "distance_russia",
    "next_election": "election_week",
} | {
    same: same
    for same in (
        *("gdp", "growth", "debt", "land", "nato", "eu", "nuclear", "arms", "home_border", "orientation"),
        *("obstruction", "envoy_access", "pledge", "defence", "defence_past", "term_weeks"),
    )
}  # a state's variable: the column of its row that gives it

INSTITUTIONS = {
    Command.LEAD_NATION: "LeadNation",
    Command.NATO: "NATO",
    Command.EU: "EuropeanUnion",
    Command.UN: "UnitedNations",
}


class Part(NamedTuple):
    """One actor of a run."""

    place: str  # the attribute of the world, for example "russia", or "states" for one of several
    kind: str  # the name of its class in `model.agents`
    name: str
    code: str  # "" for an actor that has none
    given: dict[str, float]  # the variables that do not start at zero


def cast(scenario: Scenario) -> list[Part]:
    """All actors of a scenario, the members of a list together and in their order."""
    american = scenario.us_row()
    return [
        *(
            Part(
                "states",
                "EuropeanState",
                str(row["name"]),
                str(row["iso3"]),
                {variable: float(row[column]) for variable, column in COLUMNS.items()},
            )
            for row in scenario.state_rows()
        ),
        Part(
            "us",
            "UnitedStates",
            "United States",
            "USA",
            {"next_election": float(american["election_week"]), "term_weeks": float(american["term_weeks"])},
        ),
        Part("russia", "Russia", "Russia", "RUS", {}),
        Part("ukraine", "Ukraine", "Ukraine", "UKR", {}),
        Part("force", "ReassuranceForce", "Reassurance force", "", {}),
        Part("europe", "Europe", "Europe", "", {}),
        *(Part("institutions", kind, kind, "", {"kind": float(number)}) for number, kind in INSTITUTIONS.items()),
        Part("line", "Line", "Line of contact", "", {}),
    ]


def fill_places(world: object, scenario: Scenario, build: Callable[[Part], Any]) -> None:
    """Set the attributes of a world: one actor, or a list of them, built from its part, in each place."""
    places: dict[str, Any] = {"states": [], "institutions": []}
    for part in cast(scenario):
        if part.place in ("states", "institutions"):
            places[part.place].append(build(part))
        else:
            places[part.place] = build(part)
    for place, actor in places.items():
        setattr(world, place, actor)


def luck_kinds(scenario: Scenario) -> Kinds:
    """Each kind of luck in the order of `model.actors.Luck`: its purposes, and the codes of those who have it."""
    return {
        "states": (actors.StateLuck, scenario.roster),
        "us": (actors.UnitedStatesLuck, "USA"),
        "russia": (actors.RussiaLuck, "RUS"),
        "ukraine": (actors.UkraineLuck, "UKR"),
        "council": (actors.CouncilLuck, "EU"),
        "line": (actors.LineLuck, "LINE"),
        "crisis": (actors.CrisisLuck, "WAR"),
    }
