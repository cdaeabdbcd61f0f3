"""Kinds of figures that an experiment may ask for: the tables each is drawn from, and how."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from experiments.design import Figure as Name
from experiments.figures import options, weeks
from experiments.figures.curves import survival
from experiments.figures.failures import box_tables, draw_box
from experiments.figures.maps import heatmap, tail
from experiments.figures.rivals import draw_variance, variance_tables
from experiments.figures.screening import noise_tables
from experiments.results import Results

type Tables = dict[str, pd.DataFrame]  # by the name of their file


def _nothing(_: Results) -> Tables:
    return {}


class Kind(NamedTuple):
    """A kind of figure: `draw` finds in the results' tables what `tables` made of them."""

    draw: Callable[[Results], Figure]
    tables: Callable[[Results], Tables] = _nothing  # beside those that every batch writes
    names: tuple[str, ...] = ()  # of these tables


KINDS: Mapping[Name, Kind] = {
    "heatmap": Kind(heatmap),
    "tail": Kind(tail),
    "survival": Kind(survival),
    "risks": Kind(weeks.draw_risks, weeks.risks_tables, ("risks", "hazards", "years")),
    "doses": Kind(options.draw_doses, options.doses_tables, ("doses", "needed", "supply")),
    "effects": Kind(options.draw_effects, options.effects_tables, ("contrasts", "pairs")),
    "pareto": Kind(options.draw_pareto, options.pareto_tables, ("pareto", "averages", "pairs")),
    "fans": Kind(weeks.draw_fans, weeks.crumbling_tables, ("crumbling", "lasting")),
    "tiles": Kind(weeks.draw_tiles),
    "contributions": Kind(weeks.draw_contributions),
    "tornado": Kind(options.draw_tornado, noise_tables, ("noise",)),
    "box": Kind(draw_box, box_tables, ("box",)),
    "worlds": Kind(
        options.draw_worlds, options.worlds_tables, ("worlds", "scores", "dominance", "dominance_by", "variance")
    ),
    "variance": Kind(draw_variance, variance_tables, ("variance",)),
}
