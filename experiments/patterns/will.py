"""F14 and F15: a treaty lifts public support, and contingents come home when consensus breaks."""

from experiments.patterns.pattern import (
    Budget,
    Finding,
    ParameterSets,
    judge,
    over_sets,
    play,
    setting,
    share_over_sets,
)
from model.engine import Engine

WEEKS = 260
LIFT = (20.0, 35.0)  # points
MOST = (0.5, 1.0)


def measure_lift(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Finding:
    """F14: a formal commitment lifts public support by 20 to 35 points.

    Two worlds with the same luck, Europe's promise a treaty in one and a declaration in the other: the difference of
    support for sending troops at the end, weighted by GDP, in runs that lived five years in both, so that opinion had
    time to move. Passes if the median over sets lies in the band.
    """
    budget = budget or Budget()
    chosen = sets.spread(budget.sets)
    treaty, declared = (
        play(engine, setting("baseline", weeks=WEEKS, roster="europe", force__commitment=form), chosen, budget.runs)
        for form in ("treaty", "declaration")
    )
    lived = (treaty["renewed_war"] == 0.0) & (declared["renewed_war"] == 0.0)
    lift = (treaty["support"] - declared["support"]) * lived
    counts = lived.sum(axis=1)
    each = lift.sum(axis=1)[counts > 0] / counts[counts > 0]
    values = {"lift": over_sets(each), "support_declared": over_sets(declared["support"].mean(axis=1))}
    bands = {"lift": LIFT}
    return Finding(
        name="F14",
        title="A treaty lifts public support",
        target="20 to 35 points of public support",
        statistic="Support for sending troops after five years, a treaty against a declaration, in points",
        values=values,
        bands=bands,
        passed=judge(values, bands),
        use="check",
        why="Input: opinion.treaty_lift was set from the same survey experiment (Tomz, Weeks & Bansak 2023).",
        series={"lift": each.tolist()},
    )


def measure_withdrawal(engine: Engine, sets: ParameterSets, budget: Budget | None = None) -> Finding:
    """F15: more than half of the contingents that come home do so after consensus has broken.

    The British-French plan over five years. All withdrawals of all runs together, since one run has few. Passes if the
    share lies above a half.
    """
    budget = budget or Budget()
    scenario = setting("uk-french-plan", weeks=WEEKS, roster="europe")
    runs = play(engine, scenario, sets.spread(budget.sets), budget.runs)
    broken, whole = (runs[name].sum(axis=1) for name in ("withdrawals_consensus", "withdrawals"))
    values = {
        "after_broken_consensus": share_over_sets(broken, whole),
        "withdrawals_a_run": over_sets(whole / budget.runs),
    }
    bands = {"after_broken_consensus": MOST}
    return Finding(
        name="F15",
        title="Withdrawal follows broken consensus",
        target="More than half of withdrawals follow broken consensus, not peak casualties",
        statistic="Withdrawals after consensus at home had broken over all withdrawals, five years",
        values=values,
        bands=bands,
        passed=judge(values, bands),
        use="check",
        why="Input in part: politics.broken_consensus multiplies the rate. Consensus also breaks where support is low, "
        "which raises the rate by itself.",
        series={"withdrawals": whole.tolist(), "after_broken_consensus": broken.tolist()},
    )
