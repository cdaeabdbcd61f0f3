"""Two regimes, young and old truces, come out of the rules without being written into them."""

import ast
from functools import cache
from itertools import product

import pytest
from lifelines import WeibullFitter
from reading import SOURCES

from model.ceasefire import Ceasefire
from model.scenario import load_scenario

BASELINE = 240
MIX = list(product((0, 25_000, 100_000), ("none", "backstop", "ratified")))  # as in the headline experiment
EACH = 27
CALENDARS = {
    "week.summit": "meetings",
    "week.coalition": "force-generation conferences",
    "week.reckoning": "the clock itself",
    "politics.elect": "elections",
    "guarantee.vote": "inaugurations",
    "guarantee.turn_away": "an exit by decree, and its date",
    "spending.budget": "budgets",
    "ukraine.arm": "monthly deliveries of aid",
    "deployment.authorise": "mandates",
    "deployment.move_troops": "the first day of deployment",
    "deployment.hand_over": "rotation",
    "deployment.take_stock": "the date of arrival",
    "ceasefire.begin_war": "the date of the collapse",
    "ceasefire.take_temperature": "the dates of consolidation and of the first deadly week after it",
}


@cache
def lives(kind):
    """(weeks lived, whether it then broke, whether it ever consolidated) of many runs."""
    cells = [{}] * BASELINE
    if kind == "mix":
        imposed = {"force.deployment": "imposed"}
        cells = [imposed | {"force.size": size, "guarantee.form": form} for size, form in MIX for _ in range(EACH)]
    found = []
    for number, settings in enumerate(cells):
        scenario = load_scenario("baseline").with_settings({"roster": "paris"} | settings)
        outcomes = Ceasefire(scenario, 1, number).play().outcomes()
        found.append((outcomes["weeks_held"], outcomes["held"] == 0.0, outcomes["consolidated"] == 1.0))
    return found


def hazard(kind, first, last):
    """Collapses per week lived between two weeks."""
    exposed = sum(min(weeks + 1.0, last) - first for weeks, _, _ in lives(kind) if weeks >= first)
    return sum(broke and first <= weeks < last for weeks, broke, _ in lives(kind)) / exposed


@pytest.mark.parametrize("kind", ["baseline", "mix"])
def test_the_hazard_of_collapse_falls_with_time(kind):
    """Werner 1999 and Fortna 2004 find that peace grows safer: a Weibull shape clearly below 1."""
    weeks = [weeks + 0.5 for weeks, _, _ in lives(kind)]
    fit = WeibullFitter().fit(weeks, [broke for _, broke, _ in lives(kind)])
    assert fit.rho_ > 0.2
    assert fit.summary.loc["rho_", "coef upper 95%"] < 1.0
    assert fit.rho_ < 0.8


@pytest.mark.parametrize("kind", ["baseline", "mix"])
def test_the_first_weeks_are_the_most_dangerous(kind):
    """The third year has collapses too, but at a fraction of the first month's rate."""
    assert hazard(kind, 0.0, 4.0) > 3.0 * hazard(kind, 104.0, 156.0)
    assert hazard(kind, 104.0, 260.0) > 0.0


@pytest.mark.parametrize("kind", ["baseline", "mix"])
def test_both_regimes_exist(kind):
    """Some truces are dead within two months; others reach half a year of quiet."""
    young = sum(broke and weeks <= 8.0 for weeks, broke, _ in lives(kind))
    settled = sum(quiet for _, _, quiet in lives(kind))
    assert young >= 0.04 * len(lives(kind))
    assert settled >= 0.2 * len(lives(kind))


def test_no_rule_knows_how_old_the_ceasefire_is():
    """Only calendars read the week; so a hazard that falls with age is found, not put in."""
    readers = set()
    for path in SOURCES:
        for function in ast.walk(ast.parse(path.read_text())):
            if not isinstance(function, ast.FunctionDef):
                continue
            if any(
                isinstance(node, ast.Attribute) and node.attr == "week" and isinstance(node.ctx, ast.Load)
                for node in ast.walk(function)
            ):
                readers.add(f"{path.stem}.{function.name}")
    assert readers <= set(CALENDARS), "a rule has come to know the age of the ceasefire"
    assert "violations.shoot" not in readers
    assert "politics.elect" in readers


def test_calendars_only_compare_the_week_or_note_it():
    """No arithmetic on the week but the clock's own step and dates in the future."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.BinOp):
                continue
            read = {side.attr for side in (node.left, node.right) if isinstance(side, ast.Attribute)}
            assert "week" not in read or isinstance(node.op, ast.Add), f"{path.name}:{node.lineno}"
