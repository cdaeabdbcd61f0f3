"""In which worlds a policy is enough: the rival theories that tell them from the others."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.analysis.robustness import holds_everywhere
from experiments.answers.reader import Folder
from experiments.answers.theories import theory
from experiments.draws import Floats
from experiments.figures.findings import TARGET
from experiments.figures.words import listed
from experiments.intervals import wilson

GOAL = "four in five"  # of a row that reaches the target exactly, in every world
TELLS, IDLE = 0.1, 0.05  # gaps between shares of worlds: from here on a theory tells them apart, below here it does not
MOST = 3  # theories named


@dataclass(frozen=True)
class Worlds:
    """Every policy in every combination of rival theories: what a batch of `worlds` has in its tables."""

    shares: pd.DataFrame  # a row for each policy, a column for each world, with a level for each theory
    margins: dict[frozenset[str], float]  # of two policies: what luck may do to a difference in any world
    runs: int  # of each policy in each world

    @classmethod
    def read(cls, folder: Folder) -> "Worlds":
        """From a folder's worlds.csv and dominance.csv."""
        table = folder.table("worlds")
        theories = [name for name in table.columns if name not in {"policy", "world", "share"}]
        pairs = folder.table("dominance").to_dict("records")
        return cls(
            table.pivot_table("share", "policy", theories, sort=False),
            {frozenset((row["more"], row["less"])): float(row["margin"]) for row in pairs},
            folder.experiment.runs,
        )

    @property
    def count(self) -> int:
        """How many worlds."""
        return self.shares.shape[1]

    def reached(self, policy: str) -> float:
        """Share of worlds in which a policy reaches four in five, by the estimates."""
        return float((self._of(policy) >= TARGET).mean())

    def classes(self, policy: str) -> dict[str, float]:
        """Shares of worlds in which a policy is enough, too little, or neither for certain (Wilson's 95% interval)."""
        found = [wilson(float(share) * self.runs, self.runs) for share in self._of(policy)]
        enough = float(np.mean([interval.low >= TARGET for interval in found]))
        little = float(np.mean([interval.high < TARGET for interval in found]))
        return {"enough": enough, "too little": little, "open": 1.0 - enough - little}

    def told_by(self, policy: str) -> str:
        """Which theories tell the worlds in which a policy reaches four in five, in words."""
        goal = pd.DataFrame([[TARGET] * self.count], index=[GOAL], columns=self.shares.columns)
        found = holds_everywhere(pd.concat([self.shares.loc[[policy]], goal]), policy, GOAL)
        if found.share in {0.0, 1.0}:
            return f"no theory tells: it does so in {'no' if found.share == 0.0 else 'every'} world"
        shares = found.told_by.pivot_table("share", "setting", "value", sort=False)
        reach = 1.0 - shares  # columns False and True
        gaps = (reach[True] - reach[False]).abs()
        telling = list(gaps.index[gaps >= TELLS][:MOST])
        idle = [theory(name) for name in gaps.index[gaps < IDLE]]
        if not telling:
            return "no single theory tells these worlds from the others"
        parts = [f"whether {theory(name)} ({_told(reach.loc[name])})" for name in telling]
        told = f"what tells these worlds is {listed(parts)}"
        best = {name: bool(reach.loc[name, True] > reach.loc[name, False]) for name in telling}
        if len(best) > 1:
            both = "both" if len(best) == 2 else "all of them"
            told += f"; with {both} on the good side it is {_percent(self._where(policy, best))} of worlds"
        return told + (f". It hardly matters whether {listed(idle, 'or')}" if idle else "")

    def worse(self, policy: str, other: str) -> tuple[float, list[str]]:
        """Share of worlds in which a policy holds less often than another by more than luck, and what these share.

        The margin is that of dominance.csv, from paired runs and for all worlds at once.
        """
        margin = self.margins[frozenset((policy, other))]
        fails = holds_everywhere(self.shares, policy, other, margin=margin).fails
        common = [theory(str(name)) for name in self.shares.columns.names if len(fails) and fails[name].all()]
        return len(fails) / self.count, common

    def _where(self, policy: str, values: dict[str, bool]) -> float:
        """Share of the worlds with these theories in which a policy reaches four in five."""
        worlds = self.shares.columns.to_frame(index=False)
        chosen = np.logical_and.reduce([worlds[name] == value for name, value in values.items()])
        return float((self._of(policy)[chosen] >= TARGET).mean())

    def _of(self, policy: str) -> Floats:
        """Shares of runs that hold with a policy, by world."""
        found: Floats = np.asarray(self.shares.loc[[policy]], float)
        return np.asarray(found[0], float)


def _told(reach: "pd.Series[float]") -> str:
    return f"in {_percent(float(reach[True]))} of worlds if so, {_percent(float(reach[False]))} if not"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
