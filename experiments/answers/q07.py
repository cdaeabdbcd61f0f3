"""Q7: whether spending can rise fast enough, buys deterrence in time, and what joint projects save."""

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

from experiments.answers.answer import Answer
from experiments.answers.pace import Level, Pace, tell_level, tell_passing
from experiments.answers.reader import Folder
from experiments.answers.words import amount, bare, change, few, often, once, points, rounded, sure
from experiments.figures.words import horizon, listed, series
from experiments.intervals import Interval
from model.register import load_register, load_rosters, load_states

EXPERIMENTS = ["rearmament"]
GOAL, TOP = "3.5% kept", "5% kept"
KEPT = ("2% kept", "2.5% kept", "3.5% half kept", GOAL, "4.47% kept, as Poland", TOP)
JOINT, FUND, GOAL_JOINT = "half bought jointly", "30 billion of common money", "3.5% kept, half bought jointly"
WITH_TROOPS = "3.5% kept and 25,000 troops"
SPENDING, EQUIPMENT = "defence_share", "capability"
MARKS = {"GBR": ("the United Kingdom", 2.5), "POL": ("Poland", 4.47)}  # the aims that the source article names
NEAR = 0.1  # points of GDP: budgets approach a goal ever more slowly, so that this counts as reaching it
FUND_PLANNED = 30  # EUR bn a year, as the label says
IN_TIME = 5  # years: the rule of the plan


def answer(folders: dict[str, Folder]) -> Answer:
    """The answer, from the tables of EXPERIMENTS."""
    (folder,) = (folders[name] for name in EXPERIMENTS)
    experiment, first = folder.experiment, folder.experiment.versus
    weeks = experiment.weeks or 0
    last = weeks // 52
    spending = {cell: Pace(folder, cell, SPENDING) for cell in (first, GOAL, TOP)}
    equipment = {cell: Pace(folder, cell, EQUIPMENT) for cell in (first, GOAL, TOP)}
    soon, late = _held(folder, GOAL, IN_TIME), _held(folder, GOAL, last)
    recorded = min(experiment.weekly.runs, experiment.runs) if experiment.weekly else 0
    shown = listed([series(name) for name in experiment.weekly.series]) if experiment.weekly else ""
    first_years, all_years = (often(held, experiment.runs) for held in (soon, late))
    made = f"{horizon(52 * IN_TIME)} {once(first_years, all_years)} and {horizon(weeks)} {all_years}"
    return Answer(
        question="Q7",
        topic="Spending",
        asked="Can spending rise fast enough, and does it buy deterrence in time? What do joint projects save?",
        short=(
            f"European spending {_arrives(spending[GOAL], weeks)} and makes the ceasefire hold {made}, if it is kept "
            "with no troops there and no American promise."
        ),
        points=[
            f"{_speed(spending, weeks)} {_alone(folder, first)}",
            _lag(equipment, first, last),
            _in_time(folder, last),
            _danger(folder, first, equipment[TOP]),
            _joint(folder, first, last),
            _price(folder, spending, first, late),
        ],
        certainty=(
            f"Differences are paired over {experiment.runs:,} runs. Means at the end of runs include those that war "
            f"ended early; medians over the years, and single states, are of the first {recorded} runs, while they "
            "last. How fast budgets follow is fitted to ten European years; delivery times, the saving of joint "
            "projects and how much equipment deters are priors."
        ),
        changes=(
            "What was not tried: shorter delivery times, arms bought off the shelf, money spent in Ukraine and not at "
            "home. A share bought jointly is what members of the Union would buy so if all were autonomists, and one "
            "veto stops the common money until the next meeting (Q9)."
        ),
        pictures=[
            folder.picture("effects", f"What each goal changes within {horizon(weeks)}, against “{first}”"),
            folder.picture("fans", f"{shown} over the years, by goal"),
            folder.picture("risks", "What ends the ceasefire first over the years, by goal"),
            folder.picture("tiles", "Maps of defence spending at the end, by goal"),
        ],
        experiments=EXPERIMENTS,
        table=_table(folder, last),
    )


def _held(folder: Folder, cell: str, year: int) -> Interval:
    """How much more often a cell holds to the end of a year than the first, paired by run. Raises LookupError."""
    found = folder.table("years")
    found = found[(found["cell"] == cell) & (found["year"] == year)]
    if len(found) != 1:
        raise LookupError(f"{folder.path.name}: {len(found)} comparisons of {cell!r} in year {year}")
    row = found.iloc[0]
    return Interval(float(row["difference"]), float(row["low"]), float(row["high"]))


def _arrives(pace: Pace, weeks: int) -> str:
    """When spending comes near the goal, in words for a reader who has no time."""
    goal = f"a common goal of {_goal(GOAL):g}% of GDP"
    year = pace.passes(_goal(GOAL) - NEAR)
    told = tell_passing("come", f"near {goal}", year, weeks)
    span = math.isfinite(year.middle) and year.early != year.late
    return f"{told.removesuffix(')')} in 90% of futures)" if span else told


def _goal(cell: str) -> float:
    """The goal that a label names, % of GDP."""
    return float(cell.partition("%")[0])


def _speed(spending: dict[str, Pace], weeks: int) -> str:
    """In which years spending passes the marks and comes near the goals."""
    told = []
    for cell in (GOAL, TOP):
        pace, goal = spending[cell], _goal(cell)
        marks = [mark for _, mark in MARKS.values() if mark < goal]
        passed = [tell_passing("pass", f"{mark:g}%", pace.passes(mark), weeks) for mark in marks]
        passed.append(tell_passing("come", f"within {NEAR:g} of the goal", pace.passes(goal - NEAR), weeks))
        told.append(f"with “{cell}” it {', '.join(passed)}, and ends at {tell_level(pace.at(weeks // 52), '%')}")
    return f"Median European spending (middle 90% of runs): {'; '.join(told)}."


def _alone(folder: Folder, first: str) -> str:
    """Whether the two states that the article names come to their aims without a common goal."""
    found = folder.table("states")
    found = found[(found["cell"] == first) & (found["variable"] == "defence")].set_index("state")
    told = []
    for state, (name, mark) in MARKS.items():
        end = Interval(*(float(found[part].loc[state]) for part in ("mean", "low", "high")))
        where = "short of" if end.high < mark else "above" if end.low > mark else "about at"
        told.append(f"{name} ends at {tell_level(Level(*end), '%')}, {where} {mark:g}%")
    return f"Left alone, {'; '.join(told)} (means and their intervals)."


def _lag(equipment: dict[str, Pace], first: str, last: int) -> str:
    """How much later equipment comes than the money."""
    told = [
        f"{tell_level(pace.at(IN_TIME))} after {IN_TIME} years, {tell_level(pace.at(last))} after {last} with “{cell}”"
        for cell, pace in equipment.items()
    ]
    gain = (equipment[TOP].table["p50"] - equipment[first].table["p50"]).dropna()
    half = int(gain.index[gain >= gain.iloc[-1] / 2][0])
    late = (
        f" Half of what “{TOP}” adds by then comes after week {half}, in year {-(-half // 52)}."
        if gain.iloc[-1] > 0
        else ""
    )
    return f"Modern equipment, start = 1, median (middle 90%): {'; '.join(told)}.{late}"


def _in_time(folder: Folder, last: int) -> str:
    """Which goals buy deterrence by the plan's rule, and which later."""
    soon = {cell: _held(folder, cell, IN_TIME) for cell in KEPT}
    late = {cell: _held(folder, cell, last) for cell in KEPT}
    both = {
        f"“{cell}” within {year} years": held
        for year, by in ((IN_TIME, soon), (last, late))
        for cell, held in by.items()
    }
    return (
        f"Within {IN_TIME} years, the plan's rule, {_bought(soon)}. Within {last} years {_bought(late)}. Where the "
        f"interval leaves out zero, that counts as bought, however little it is.{few(both, folder.experiment.runs)}"
    )


def _bought(found: dict[str, Interval]) -> str:
    """Which of some goals make it hold more often, surely; the one that does most where none does."""
    more = {cell: held for cell, held in found.items() if sure(held) and held.estimate > 0}
    less = {cell: held for cell, held in found.items() if sure(held) and held.estimate < 0}
    told = [
        f"the ceasefire holds {how} often with "
        + listed([f"“{cell}” ({bare(points(held))})" for cell, held in cells.items()])
        for how, cells in (("more", more), ("less", less))
        if cells
    ]
    if told:
        return " and ".join(told) + (
            "" if len(more) + len(less) == len(found) else ", not for certain with other goals"
        )
    most = max(found, key=lambda cell: found[cell].estimate)
    return f"no goal makes it hold more often for certain (at best “{most}”, {points(found[most])})"


def _danger(folder: Folder, first: str, equipment: Pace) -> str:
    """The years of the highest hazard, and how much a goal has bought by then."""
    found = folder.table("hazards")
    found = found[(found["cell"] == first) & (found["cause"] == "any")].dropna(subset="hazard")
    ranked = found.sort_values("hazard", ascending=False, kind="stable").to_dict("records")
    peak, others = ranked[0], ranked[1:]
    alike = sorted(int(row["year"]) for row in others if row["high"] >= peak["low"])

    def rate(row: dict[Hashable, Any]) -> str:
        return amount(Interval(*(100 * float(row[part]) for part in ("hazard", "low", "high"))))

    rest = [row for row in others if row["year"] not in alike]
    parts = [f"Left alone, year {peak['year']} is the most dangerous: {rate(peak)} collapses in 100 run-years"]
    if alike:
        parts.append(f"its interval does not part it from year{'s' * (len(alike) > 1)} {listed(list(map(str, alike)))}")
    if rest:
        parts.append(f"next comes year {rest[0]['year']} with {rate(rest[0])}")
    stands = tell_level(equipment.at(max([int(peak["year"]), *alike])))
    over = "they are" if alike else "it is"
    return (
        f"{'; '.join(parts)}. When {over} over, equipment with “{TOP}” stands at {stands} of its start. Part of any "
        "fall over the years is that the weakest ceasefires end first."
    )


def _joint(folder: Folder, first: str, last: int) -> str:
    """Capability for the same share of GDP, and what the common money buys."""
    alone, beside = folder.difference(EQUIPMENT, JOINT), folder.difference(EQUIPMENT, GOAL_JOINT, GOAL)
    share = folder.difference(SPENDING, JOINT)
    same = "the same" if abs(share.estimate) < 0.005 else f"{change(share)} points of"
    worth = folder.difference(SPENDING, GOAL).estimate / folder.difference(EQUIPMENT, GOAL).estimate
    as_much = f"spending {rounded(abs(alone.estimate * worth)):.10g} points of GDP a year {_more(alone.estimate)}"
    verdict = "neither save nor cost anything for certain"
    if sure(alone):
        verdict = "save money" if alone.estimate > 0 else f"save nothing within {last} years, but cost equipment"
    fund, spent = folder.difference(EQUIPMENT, FUND), folder.mean("cost_common_eur_bn", FUND)
    return (
        f"Joint projects {verdict}: for {same} defence share, “{JOINT}” changes equipment at the end by "
        f"{change(alone)}, as much as {as_much}, and beside “{GOAL}” by {change(beside)}. “{FUND}” a year changes it "
        f"by {change(fund)}; of the EUR {FUND_PLANNED * last} bn of {last} whole years {amount(spent)} are spent."
    )


def _more(value: float) -> str:
    return "more" if value >= 0 else "less"


def _price(folder: Folder, spending: dict[str, Pace], first: str, late: Interval) -> str:
    """What a goal costs, and what a force adds to it."""
    more = {cell: float((spending[cell].mean - spending[first].mean).mean()) for cell in (GOAL, TOP)}
    rows, rate = load_states(), load_register()["calendar.eur_per_usd"].value
    roster = folder.experiment.roster
    members = load_rosters()[roster] if isinstance(roster, str) else tuple(roster or ())
    wealth = sum(float(rows[state]["gdp"]) for state in members) * float(str(rate))  # EUR bn
    told = [
        f"“{cell}” {rounded(extra):g} points of GDP (EUR {rounded(wealth * extra / 100):,.10g} bn)"
        for cell, extra in more.items()
    ]
    troops = folder.difference("held", WITH_TROOPS, GOAL)
    return (
        f"On average over the years, and at the GDP of the start, a year costs {listed(told)} more than left alone. "
        f"25,000 troops beside “{GOAL}” change the chance that it holds to the end by {points(troops)}; the goal "
        f"itself changes it by {points(late)}."
    )


def _table(folder: Folder, last: int) -> pd.DataFrame:
    rows = [
        (
            cell,
            amount(folder.mean(SPENDING, cell)),
            amount(folder.mean(EQUIPMENT, cell), digits=3),
            points(_held(folder, cell, IN_TIME)),
            points(_held(folder, cell, last)),
        )
        for cell in (*KEPT, JOINT, FUND, GOAL_JOINT, WITH_TROOPS)
    ]
    heads = ["Defence spending at the end, % of GDP", "Equipment, start = 1"]
    held = [f"Holds {horizon(52 * year)}, against left alone" for year in (IN_TIME, last)]
    return pd.DataFrame(rows, columns=["Arm", *heads, *held])
