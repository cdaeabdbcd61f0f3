"""Kinds of figures that an experiment may ask for: the tables each is drawn from, and how."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from experiments.design import Figure as Name
from experiments.figures import options, weeks
from experiments.figures.curves import survival
from experiments.figures.maps import heatmap, tail
from experiments.results import Results

type Tables = dict[str, pd.DataFrame]  # by the name of their file


def _nothing(_: Results) -> Tables:
    return {}


class Kind(NamedTuple):
    """A kind of figure: `draw` finds in the results' tables what `tables` made of them."""

    draw: Callable[[Results], Figure]
    tables: Callable[[Results], Tables] = _nothing  # beside those that every batch writes


KINDS: Mapping[Name, Kind] = {
    "heatmap": Kind(heatmap),
    "tail": Kind(tail),
    "survival": Kind(survival),
    "risks": Kind(weeks.draw_risks, weeks.risks_tables),
    "doses": Kind(options.draw_doses, options.doses_tables),
    "effects": Kind(options.draw_effects),
    "pareto": Kind(options.draw_pareto, options.pareto_tables),
    "fans": Kind(weeks.draw_fans),
    "tiles": Kind(weeks.draw_tiles),
    "contributions": Kind(weeks.draw_contributions),
    "tornado": Kind(options.draw_tornado),
    "worlds": Kind(options.draw_worlds, options.worlds_tables),
}
