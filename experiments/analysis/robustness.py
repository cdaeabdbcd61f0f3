"""Which policies do well whatever world it is: regret, satisficing, conclusions that hold everywhere, trade-offs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Dominance:
    """Whether one policy is at least as good as another in every world, and where it is not."""

    share: float  # of worlds in which it is
    fails: pd.DataFrame  # the worlds in which it is not: their settings, and `difference` (better less worse)
    told_by: pd.DataFrame  # what tells these worlds: setting, value, worlds, failing, share; the most telling first

    @property
    def holds(self) -> bool:
        """In every world."""
        return self.fails.empty


def policies_by_worlds(
    runs: pd.DataFrame, outcome: str, policy: str | Sequence[str], world: str | Sequence[str]
) -> pd.DataFrame:
    """The mean of an outcome over the runs: a row for each policy, a column for each world.

    `policy` and `world` name the columns of settings that make one; worlds have a level of the columns for each, so
    that `holds_everywhere` can say which values matter. Raises ValueError unless each policy is in each world.
    """
    policies, worlds = ([name] if isinstance(name, str) else list(name) for name in (policy, world))
    table = runs.groupby([*policies, *worlds], observed=True)[outcome].mean().unstack(worlds)
    return _whole(table)


def regrets(table: pd.DataFrame, more_is_better: bool = True) -> pd.DataFrame:
    """What each policy (row) falls short of the best policy in the same world (column); Savage (1951)."""
    better = _whole(table) if more_is_better else -_whole(table)
    return better.max(axis="index") - better


def robustness(table: pd.DataFrame, target: float, more_is_better: bool = True) -> pd.DataFrame:
    """How well each policy (row) does over the worlds (columns), each with the same weight.

    Columns: mean and worst outcome; max_regret (Savage 1951) and regret_90, the 90th percentile, which no single
    world decides (Lempert, Popper and Bankes 2003); satisficing, the share of worlds in which the outcome reaches
    `target` (Simon 1956; Starr 1963). Where less is better, to reach is to stay at or below.
    """
    found = regrets(table, more_is_better)
    reached = table >= target if more_is_better else table <= target
    return pd.DataFrame(
        {
            "mean": table.mean(axis="columns"),
            "worst": table.min(axis="columns") if more_is_better else table.max(axis="columns"),
            "max_regret": found.max(axis="columns"),
            "regret_90": found.quantile(0.9, axis="columns"),
            "satisficing": reached.mean(axis="columns"),
        }
    )


def holds_everywhere(
    table: pd.DataFrame, better: object, worse: object, more_is_better: bool = True, margin: float = 0.0
) -> Dominance:
    """Whether policy `better` is at least as good as `worse` in every world, but for a margin in the outcome's unit.

    Means of few runs differ by luck: a margin of about their difference's half-interval keeps luck from being told as
    a failure. A setting tells failing worlds by the share of its worlds that fail; one that decides has shares of 0
    and 1. In `told_by` settings come by the widest gap between the shares of their values; what only a combination of
    settings tells is for `experiments.analysis.discovery`.
    """
    rows = _whole(table)
    difference = rows.loc[[better]].iloc[0] - rows.loc[[worse]].iloc[0]
    failing = difference < -margin if more_is_better else difference > margin
    worlds = table.columns.to_frame(index=False)
    fails = worlds.assign(difference=difference.to_numpy())[failing.to_numpy()].reset_index(drop=True)
    return Dominance(float(1.0 - failing.mean()), fails, _told_by(worlds, failing.to_numpy()))


def at_least_as_good(table: pd.DataFrame, more_is_better: bool = True, margin: float = 0.0) -> pd.DataFrame:
    """The share of worlds in which a policy (row) is at least as good as another (column), but for a margin."""
    values = _whole(table).to_numpy(float) * (1.0 if more_is_better else -1.0)
    shares = np.array([(row >= values - margin).mean(axis=1) for row in values])
    return pd.DataFrame(shares, table.index, pd.Index(table.index, name=None))


def non_dominated(criteria: pd.DataFrame, more_is_better: Sequence[bool]) -> "pd.Series[bool]":
    """Which policies (rows) are on the Pareto front of some criteria (columns), with a flag for each of these.

    A policy is dominated if another is at least as good by every criterion and better by one. Equals are all kept.
    """
    signs = np.where(np.array(more_is_better, bool), 1.0, -1.0)
    if signs.shape != (criteria.shape[1],):
        raise ValueError(f"{criteria.shape[1]} criteria need as many flags, not {len(signs)}")
    values = _whole(criteria).to_numpy(float) * signs
    no_worse = (values[:, None] >= values[None]).all(axis=2)  # [one, other]
    dominated = (no_worse & ~no_worse.T).any(axis=0)
    return pd.Series(~dominated, criteria.index)


def _told_by(worlds: pd.DataFrame, failing: NDArray[np.bool_]) -> pd.DataFrame:
    tables = []
    for setting, values in worlds.items():
        groups = pd.Series(failing).groupby(values)
        table = groups.agg(worlds="size", failing="sum", share="mean").rename_axis("value").reset_index()
        gap = np.ptp(table["share"].to_numpy())
        table["setting"] = str(setting)
        tables.append((gap, table.sort_values("share", ascending=False, kind="stable")))
    tables.sort(key=lambda each: -each[0])
    columns = ["setting", "value", "worlds", "failing", "share"]
    return pd.concat([table for _, table in tables], ignore_index=True)[columns]


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    """The table, if it has a number in every cell."""
    if table.empty or not np.isfinite(table.to_numpy(float)).all():
        raise ValueError("every policy needs a number in every world")
    return table
