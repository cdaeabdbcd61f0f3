# ruff: noqa: RUF001  (an en dash between the ends of a range)
"""Figures: titles that come from the data, and labels that never overlap."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from drawing import assert_no_overlap, title_of
from matplotlib import colormaps
from numpy.typing import NDArray

from experiments.chunks import Origin
from experiments.design import load_experiment
from experiments.figures import findings, plot_run, style
from experiments.figures.curves import survival
from experiments.figures.maps import heatmap, tail, troops_fielded
from experiments.figures.timeline import MOST_EVENTS, draw_timeline
from experiments.intervals import Interval
from experiments.results import Asked, Results, label_cells
from experiments.summary import summarise
from model.ceasefire import Ceasefire
from model.chronicle import Event, tell
from model.outcomes import OUTCOMES
from model.scenario import load_scenario

RUNS = 40


def make_results(hold: dict[tuple[float, str], float] | float, deaths: float = 8000.0) -> Results:
    """The headline experiment with the chance to hold of each cell given, and luck that is evenly spread."""
    experiment, _ = load_experiment("headline")
    experiment = experiment.model_copy(update={"runs": RUNS})
    cells = experiment.cells()
    luck = (np.arange(RUNS) + 0.5) / RUNS
    found = {}
    for cell in cells:
        size, form = cell.value("force.size"), str(cell.value("guarantee.form"))
        chance = hold if isinstance(hold, float) else hold.get((float(size), form), 0.3)
        held = luck < chance
        found[cell.label] = dict.fromkeys(OUTCOMES, np.zeros(RUNS)) | {
            "held": held.astype(float),
            "weeks_held": np.where(held, 260.0, np.ceil(260 * luck)),
            "direct_combat": (luck > 0.9).astype(float) * (float(size) > 0),
            "deaths": deaths * (1 + luck),
            "troops_peak": np.full(RUNS, 20000.0 if cell.arm else float(size)),
        }
    labels = label_cells(cells, experiment.levers())

    def column(cell: str, outcome: str) -> NDArray[np.float64]:
        return found[cell][outcome]

    asked = Asked(experiment, cells, None, Origin("0" * 64, "0"), None, "none", "command", datetime.now(UTC))
    return Results(asked, labels, column, summarise(labels, column))


def ask(results: Results, **changes: Any) -> Results:
    """The same results of a batch that was asked for otherwise."""
    return dataclasses.replace(results, asked=dataclasses.replace(results.asked, **changes))


@pytest.mark.parametrize(("hold", "deaths"), [(0.0, 3.0), (0.5, 8000.0), (1.0, 450000.0)])
def test_labels_of_batch_figures_do_not_overlap(hold, deaths):
    results = make_results(hold, deaths)
    with style.styled():
        for draw in (heatmap, survival, tail):
            assert_no_overlap(draw(results))


def test_title_of_the_map_says_where_four_in_five_is_reached():
    hold = {(size, "ratified"): 0.85 for size in (50000.0, 75000.0, 100000.0, 150000.0)}
    hold |= {(size, "troops"): 0.9 for size in (0.0, 10000.0, 25000.0, 50000.0, 75000.0, 100000.0, 150000.0)}
    hold |= {(25000.0, "executive"): 0.8}
    assert title_of(heatmap(make_results(hold))) == (
        "By the estimates, a four-in-five chance that the ceasefire holds five years: "
        "from no troops with US troops in theatre; "
        "at 25,000 troops with an executive pledge; from 50,000 troops with a ratified treaty; "
        "nowhere on the map with no guarantee or a backstop"
    )


def test_title_of_the_map_when_all_or_none_reach_it():
    assert title_of(heatmap(make_results(1.0))).startswith("Every combination tried gives")
    none = title_of(heatmap(make_results({(75000.0, "backstop"): 0.7})))
    assert none.startswith("No combination tried gives a four-in-five chance that the ceasefire holds five years")
    assert "75,000 troops with a backstop, is 70% (55–82) of runs" in none


def test_titles_of_tail_and_curves_follow_the_data():
    results = make_results({(0.0, "none"): 0.1, (100000.0, "ratified"): 0.95})
    assert title_of(tail(results)).startswith(
        "Direct combat between Russian and European troops: from 0% (0–9) with no troops and no guarantee to 10%"
    )
    assert title_of(survival(results)) == (
        "After five years the ceasefire still holds in 10–30% of runs with no guarantee, 30% with a backstop and "
        "30–95% with a ratified treaty, depending on the size of the reassurance force"
    )


def test_the_map_marks_what_europe_fields():
    results = make_results(0.5)
    forms = results.asked.experiment.grid["guarantee.form"]
    assert troops_fielded(results) == dict.fromkeys(forms, 20000.0)
    figure = heatmap(results)
    marks = [line for line in figure.axes[0].lines if line.get_marker() == "^"]
    assert [mark.get_xdata()[0] for mark in marks] == pytest.approx([1.5 + 2 / 3] * 5)
    assert "what\nEurope fields" in [text.get_text() for text in figure.axes[0].texts]


def test_caption_says_what_was_run():
    caption = heatmap(make_results(0.5)).texts[1].get_text().replace("\n", " ")
    for fact in ("40 runs per cell", "seed 2025", "scenario baseline", "27 states", "Wilson", "no forecast"):
        assert fact in caption


def test_curves_show_the_chosen_cells_with_numbers_at_risk():
    figure = survival(make_results(0.5))
    assert len(figure.axes) == 3
    counts = [text.get_text() for text in figure.axes[0].texts]
    assert [count for count in counts if count in {"0", "25k", "100k"}] == ["0", "25k", "100k"]
    assert counts.count("40") == 9  # none collapses in the first two years
    assert counts.count("20") == 3  # half do by the end


def test_figures_are_readable_in_grey():
    dashes = [str(dashes) for _, dashes in style.LINES]
    assert len(set(dashes)) == len(style.LINES)
    for name in (style.GOOD, style.BAD):
        grey = colormaps[name](np.linspace(0, 1, 50))[:, :3] @ [0.2126, 0.7152, 0.0722]
        assert (np.diff(grey) < 0).all()


def test_curves_of_arms_without_a_grid():
    results = make_results(0.5)
    alone = results.asked.experiment.model_copy(update={"grid": {}, "survival": {}})
    arms = [cell for cell in results.asked.cells if cell.arm]
    figure = survival(ask(results, experiment=alone, cells=arms))
    assert len(figure.axes) == 1
    assert title_of(figure) == "After five years the ceasefire still holds in 50% of runs"


@pytest.fixture(scope="module")
def played() -> Ceasefire:
    settings = {"roster": "paris", "weeks": 104, "force.size": 25000, "guarantee.form": "ratified"}
    return Ceasefire(load_scenario("baseline").with_settings(settings), seed=1, run=1, record=True).play()


def test_timeline_of_a_real_run(played):
    figure = plot_run(played)
    assert_no_overlap(figure)
    assert title_of(figure).startswith("The ceasefire ")
    listed = "\n".join(text.get_text() for text in figure.texts)
    assert f"week {tell(played)[0].week}: " in listed


@pytest.mark.parametrize("weeks", [1, 20])
def test_timeline_of_short_runs(weeks):
    scenario = load_scenario("baseline").with_settings({"roster": "paris", "weeks": weeks})
    assert_no_overlap(plot_run(Ceasefire(scenario, record=True).play()))


def test_timeline_takes_the_columns_that_exist():
    weeks = [float(week) for week in range(1, 61)]
    series = {"week": weeks, "troops": [0.0] * 60, "status": [0.0] * 30 + [2.0] * 30}
    figure = draw_timeline(series, [], "A title", "A caption")
    assert len(figure.axes) == 1


def test_timeline_with_many_events_at_once_keeps_the_weightiest():
    weeks = [float(week) for week in range(1, 261)]
    series = {"week": weeks, "troops": weeks, "violations": weeks, "p_probe": [0.1] * 260, "status": [1.0] * 260}
    events = [Event(week // 3, "russia", "Russia starts to probe; " * 3) for week in range(90)]
    events.append(Event(200, "war", "Russia renews the war."))
    figure = draw_timeline(series, events, "A title", "A caption. ")
    assert_no_overlap(figure)
    listed = "\n".join(text.get_text() for text in figure.texts)
    assert f"{MOST_EVENTS}  week 200: Russia renews the war." in listed
    assert f"{len(events) - MOST_EVENTS} events of lesser weight are not shown." in listed


def test_what_became_of_a_run():
    held = {"held": 1.0, "consolidated": 1.0, "weeks_to_consolidation": 40.0}
    assert findings.of_run(held, 260) == "The ceasefire holds for five years and is consolidated from week 40"
    broken = {"held": 0.0, "collapse": 2.0, "broken_by": 1.0, "weeks_held": 30.0}
    assert findings.of_run(broken, 260) == "The ceasefire is broken by Russia in week 30: renewed war"


def test_amounts_are_said_with_their_unit():
    assert findings.say("deaths", Interval(1234.0, 1000.0, 2000.0)) == "1,234 (1,000–2,000) soldiers"
    assert findings.say("limited_wars", Interval(1.234, 1.0, 2.0)) == "1.23 (1–2) count"


def test_a_lever_in_words_may_run_across_the_map():
    results = make_results(0.5)
    turned = {name: results.asked.experiment.grid[name] for name in ("guarantee.form", "force.size")}
    experiment = results.asked.experiment.model_copy(update={"grid": turned, "arms": []})
    cells = [cell for cell in results.asked.cells if not cell.arm]
    assert_no_overlap(heatmap(ask(results, experiment=experiment, cells=cells)))


def test_troops_fielded_stand_where_they_belong_when_sizes_fall():
    results = make_results(0.5)
    falling = {
        **results.asked.experiment.grid,
        "force.size": list(reversed(results.asked.experiment.grid["force.size"])),
    }
    figure = heatmap(ask(results, experiment=results.asked.experiment.model_copy(update={"grid": falling})))
    at = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_marker() == "^"]
    rising = [line.get_xdata()[0] for line in heatmap(results).axes[0].lines if line.get_marker() == "^"]
    columns = len(falling["force.size"])
    assert at == pytest.approx([columns - x for x in rising])


def test_four_in_five_is_judged_by_the_percent_that_is_printed():
    assert findings.reaches(0.795)
    assert not findings.reaches(0.794)
