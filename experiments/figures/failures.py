"""The kind `box`: in which worlds of a sample the first outcome fails, by PRIM."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.analysis.discovery import Limit
from experiments.analysis.failures import FOUND, HELD_BACK, halves
from experiments.figures import words
from experiments.figures.boxes import boxes
from experiments.points import SAMPLE
from experiments.results import Results
from experiments.schema import Value

FAIL, HOLD = "fail", "hold"
FEWER = 0.5  # a world fails if fewer than half of its runs have the first outcome


def box_tables(results: Results) -> dict[str, pd.DataFrame]:
    """box: a row for each limit of a box, once for the half of the worlds it was found in, and once for the other.

    Columns: that (what the worlds in the box mostly do: `fail`, and `hold`, the same looked at from the other side),
    half (FOUND or HELD_BACK), parameter; low, high (none where it is open) or values (of a choice); least, most,
    options: what was sampled; from_share, to_share: the shares of the sampled worlds that lie below the limits;
    quasi_p; then of the whole box coverage, density, mass; all (share of the half's worlds that do so) and worlds. A
    box without limits has no rows.
    """
    name = results.asked.experiment.outcomes[0]
    labels = [cell.label for cell in results.asked.cells if cell.arm == SAMPLE]
    fails = np.array([float(results.column(label, name).mean() < FEWER) for label in labels])
    inputs = results.tables["points"].drop(columns="cell")
    rows: list[dict[str, object]] = []
    for that, does in ((FAIL, fails), (HOLD, 1.0 - fails)):
        middle = len(does) // 2
        if not does[:middle].any() or not does[middle:].any():
            continue
        found = halves(inputs, does)
        for half, box in found.boxes.items():
            worth = {"coverage": box.coverage, "density": box.density, "mass": box.mass}
            worth |= {"all": found.share[half], "worlds": found.worlds[half]}
            for setting in sorted(box.limits, key=lambda each: found.boxes[FOUND].quasi_p[each]):
                told = _limit(box.limits[setting], inputs[setting])
                chance = {"quasi_p": box.quasi_p[setting]}
                rows.append({"that": that, "half": half, "parameter": setting, **told, **chance, **worth})
    return {"box": pd.DataFrame(rows)}


def draw_box(results: Results) -> Figure:
    """The limits of each box within what was sampled, and how well they tell the worlds inside."""
    table = results.tables["box"]
    caption = (
        "A world fails if the outcome comes in fewer than half of its runs, else it holds. Limits by PRIM (Friedman "
        "and Fisher 1999; Bryant and Lempert 2010): at most four, with half of these worlds inside or more. Ranges are "
        "as wide as their shares of the worlds sampled. Chance: quasi-p of a limit in the worlds it was found in, and "
        "in those held back. "
    )
    return boxes(table, of_box(table, results.asked.experiment.outcomes[0]), caption + words.conditions(results))


def of_box(table: pd.DataFrame, name: str) -> str:
    """How dense failures and successes are inside their boxes, in worlds that these were not made with."""
    if table.empty:
        return f"{words.outcome(name)} in fewer than half of the runs: nothing tells the worlds in which it is so"
    held_back = table[table["half"] == HELD_BACK].drop_duplicates("that")
    parts = [
        f"{100 * row['density']:.0f}% of the worlds in {place} {row['that']} ({100 * row['all']:.0f}% of all)"
        for place, row in zip(("one box", "another"), held_back.to_dict("records"), strict=False)
    ]
    return f"{words.outcome(name)} in half of the runs or not: {words.listed(parts)}"


def _limit(limit: Limit, column: "pd.Series[Any]") -> dict[str, object]:
    """A limit beside everything that was sampled of its setting."""
    if limit.values:
        options = sorted(pd.unique(column).tolist(), key=str)
        inside = float(column.isin(limit.values).mean())
        told = {"values": _joined(limit.values), "options": _joined(options), "from_share": 0.0, "to_share": inside}
        return {"low": np.nan, "high": np.nan, "least": np.nan, "most": np.nan, **told}
    numbers = column.to_numpy(float)
    return {
        "low": limit.low if np.isfinite(limit.low) else np.nan,
        "high": limit.high if np.isfinite(limit.high) else np.nan,
        "least": numbers.min(),
        "most": numbers.max(),
        "values": "",
        "options": "",
        "from_share": float((numbers < limit.low).mean()),
        "to_share": float((numbers <= limit.high).mean()),
    }


def _joined(values: Sequence[Value]) -> str:
    return ", ".join(words.level("", value) for value in values)
