"""The weekly record of a run: each column once, with its unit and how it is read off the actors."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Column(NamedTuple):
    """One column of the weekly record."""

    name: str
    unit: str
    read: Callable[[Any], float]


_ALL = (
    Column("week", "weeks", lambda w: w.line.week - 1.0),
    Column("status", "0 holding, 1 strained, 2 limited war, 3 renewed war, 4 consolidated", lambda w: w.line.status),
    Column("violations", "per week", lambda w: w.line.violations_russia + w.line.violations_ukraine),
    Column("blame", "share on Russia", lambda w: w.line.blame),
    Column("deaths", "soldiers per week", lambda w: w.line.deaths),
    Column("territory", "km2", lambda w: w.line.territory),
    Column("troops", "troops", lambda w: w.force.troops),
    Column("pledged", "troops", lambda w: w.force.pledged),
    Column("contributors", "states", lambda w: w.force.contributors),
    Column("fatigue", "0 to 1", lambda w: w.force.fatigue),
    Column("support", "%", lambda w: w.europe.support),
    Column("unity", "0 to 1", lambda w: w.europe.unity),
    Column("defence_share", "% of GDP", lambda w: w.europe.defence),
    Column("capability", "start = 1", lambda w: w.europe.capability),
    Column("guarantee_form", "0 to 4", lambda w: w.us.form),
    Column("guarantee_will", "probability", lambda w: w.us.readiness),
    Column("belief_russia", "probability", lambda w: w.us.belief_russia),
    Column("belief_europe", "probability", lambda w: w.us.belief_europe),
    Column("attention", "0 to 1", lambda w: w.us.attention),
    Column("confidence", "0 to 1", lambda w: w.ukraine.confidence),
    Column("strength_ukraine", "thousand", lambda w: w.ukraine.strength),
    Column("strength_russia", "thousand", lambda w: w.russia.strength),
    Column("belief_answer", "probability", lambda w: w.russia.belief),
    Column("act_russia", "0 comply, 1 probe, 2 limited attack, 3 renewed war", lambda w: w.russia.act),
    Column("act_ukraine", "0 comply, 1 probe, 2 limited attack", lambda w: w.ukraine.act),
    Column("p_probe", "probability", lambda w: w.russia.probe_chance),
    Column("p_limited", "probability", lambda w: w.russia.limited_chance),
    Column("p_renewed", "probability", lambda w: w.russia.renewed_chance),
)

COLUMNS: dict[str, Column] = {column.name: column for column in _ALL}


class Recorder:
    """Collects the weekly record of one run."""

    def __init__(self) -> None:
        """Start with empty columns."""
        self.series: dict[str, list[float]] = {name: [] for name in COLUMNS}

    def note(self, world: Any) -> None:
        """Add this week's row."""
        for name, column in COLUMNS.items():
            self.series[name].append(float(column.read(world)))
