"""What validation says, as tables for a terminal and for Markdown: built once, shown twice."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from experiments.history.evaluation import Scores
from experiments.patterns.pattern import Finding
from experiments.validate import MODEL, CasesResult


@dataclass(frozen=True)
class Grid:
    """A table of words."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def markdown(self) -> str:
        """As a Markdown table with its title above."""
        lines = [f"**{self.title}**", "", f"| {' | '.join(self.head)} |", f"|{'---|' * len(self.head)}"]
        return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in self.rows), ""])


def cases_tables(found: CasesResult) -> list[Grid]:
    """The rivals, the differences, survival by group, who broke it."""
    years = list(found.scores[0].brier)
    head = ("", "C (95% interval)", "C across clusters", *(f"Brier {year:g} y" for year in years))
    rows = [_scores_row(each) for each in found.scores]
    differences = [
        (name, *(f"{each.estimate:+.3f} ({each.low:+.3f} to {each.high:+.3f})" for each in intervals))
        for name, intervals in found.differences.items()
    ]
    grids = [
        Grid(f"Ranking and error, {found.scores[0].cases} cases, {found.scores[0].events} collapses", head, rows),
        Grid(
            f"Brier score of the {MODEL}, less that of the rival (below zero: the model is better)",
            ("rival", *(f"{year:g} y" for year in years)),
            differences,
        ),
    ]
    for name, check in found.checks.items():
        grids.append(
            Grid(
                f"Still holding, by {name.replace('_', ' ')}",
                ("", "cases", "years", "data (95% interval)", "model", ""),
                [
                    (
                        str(row["group"]),
                        f"{row['n']:.0f}",
                        f"{row['horizon_years']:g}",
                        f"{row['survival']:.2f} ({row['low']:.2f} to {row['high']:.2f})",
                        f"{row['predicted']:.2f}",
                        "inside" if row["inside"] else "OUTSIDE",
                    )
                    for row in check.to_dict("records")
                ],
            )
        )
    grids.append(
        Grid(
            "Who broke it, share of collapses",
            ("", *found.broken),
            [
                ("model, within eleven years", *(f"{share:.2f}" for share in found.broken.values())),
                ("data", *(f"{share:.2f}" for share in found.broken_observed.values())),
            ],
        )
    )
    return grids


def _scores_row(each: Scores) -> tuple[str, ...]:
    brier = (f"{value:.3f}" for value in each.brier.values())
    return each.name, f"{each.c:.3f} ({each.c_low:.3f} to {each.c_high:.3f})", f"{each.c_across_clusters:.3f}", *brier


def patterns_table(findings: Sequence[Finding], title: str) -> Grid:
    """A row for each pattern: target, what the model gives, pass or fail."""
    rows: list[tuple[str, ...]] = []
    for finding in findings:
        values = "; ".join(
            f"{name.replace('_', ' ')} {each.estimate:.3g} ({each.low:.3g} to {each.high:.3g})"
            for name, each in finding.values.items()
            if name in finding.bands
        )
        rows.append((finding.name, finding.use, finding.target, values, "pass" if finding.passed else "FAIL"))
    return Grid(title, ("", "use", "target", "model (95% over sets and luck)", ""), rows)


def moved_table(moved: pd.DataFrame) -> Grid:
    """The inputs that the evidence moved, and how many it did not."""
    told = moved[moved["moved"]]
    rows: list[tuple[str, ...]] = [
        (f"`{row['parameter']}`", f"{row['mean_shift']:+.2f}", f"{row['sd_ratio']:.2f}")
        for row in told.to_dict("records")
    ]
    title = f"{len(told)} of {len(moved)} calibrated parameters were moved; the others kept their priors"
    return Grid(title, ("parameter", "mean, in prior standard deviations", "spread over the prior's"), rows)


def agreement_table(found: pd.DataFrame) -> Grid:
    """How far two calibrations are apart."""
    rows: list[tuple[str, ...]] = [
        ("parameters compared", f"{len(found)}"),
        ("mean gap, in prior standard deviations", f"{found['gap'].abs().mean():.3f}"),
        ("gap below a quarter of a standard deviation", f"{(found['gap'].abs() < 0.25).mean():.0%}"),
        ("gap below half a standard deviation", f"{(found['gap'].abs() < 0.5).mean():.0%}"),
        ("gap within twice its sampling error", f"{(found['apart'] < 2.0).mean():.0%}"),
    ]
    worst = found.iloc[found["gap"].abs().to_numpy().argsort()[::-1][:5]]
    rows += [(f"largest: `{row['parameter']}`", f"{row['gap']:+.2f}") for row in worst.to_dict("records")]
    return Grid("Two calibrations from different seeds", ("", ""), rows)


def verdict(found: CasesResult) -> str:
    """One sentence: whether the model beats its rivals."""
    first = found.scores[0]
    better = [each.name for each in found.scores[1:] if each.c >= first.c]
    beaten = [each.name for each in found.scores[1:] if any(each.brier[y] < first.brier[y] for y in first.brier)]
    text = f"C = {first.c:.3f}"
    text += f"; not above {', '.join(better)}" if better else ", above every rival"
    text += (
        f". Brier score worse at some horizon than {', '.join(beaten)}."
        if beaten
        else ". Brier score below every rival's."
    )
    return text
