"""What validation says, as tables for a terminal and for Markdown: built once, shown twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import pandas as pd

from experiments.history.evaluation import Scores
from experiments.patterns.backcasts import Backcast
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


def backcasts_table(found: Sequence[Backcast]) -> Grid:
    """What each backcast says, and whether the war came within its range."""
    rows: list[tuple[str, ...]] = []
    for each in found:
        rows.append(
            (each.name, "month of the war inside the 90% range of dates", "inside" if each.inside else "OUTSIDE")
        )
        for name, value in each.values.items():
            number = f"{value.estimate:.3g}" if isfinite(value.estimate) else "never within the horizon"
            width = "" if value.low == value.high else f" ({value.low:.3g} to {value.high:.3g})"
            rows.append(("", name.replace("_", " "), number + width))
    return Grid("Backcasts (median and 95% over parameter sets)", ("", "", ""), rows)


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
    """In a few sentences: whether the model beats its rivals, and where it does not."""
    first, rivals = found.scores[0], found.scores[1:]
    ranked = [each for each in rivals if each.c >= first.c]
    best = max(rivals, key=lambda each: each.c)
    text = (
        f"On {first.cases} past ceasefires, each predicted without its own dyad cluster, the model ranks with "
        f"C = {first.c:.3f} ({first.c_low:.3f} to {first.c_high:.3f}), "
    )
    if ranked:
        text += f"no better than {_named(ranked)}. "
    else:
        text += f"above every rival (best: {best.name}, {best.c:.3f}). "
    worse = [
        f"{each.name} at {', '.join(f'{year:g}' for year in each.brier if first.brier[year] > each.brier[year])} years"
        for each in rivals
        if any(first.brier[year] > each.brier[year] for year in each.brier)
    ]
    text += "Its Brier score is " + (
        f"not below that of {'; '.join(worse)}" if worse else "below every rival's at 1, 2, 5 and 10 years"
    )
    sure = []
    for name, intervals in found.differences.items():
        years = [f"{year:g}" for year, each in zip(first.brier, intervals, strict=True) if each.high < 0]
        sure += [f"{name} at {', '.join(years)} years"] if years else []
    text += (
        f"; the 95% interval of the difference leaves out zero against {'; '.join(sure)}. "
        if sure
        else "; no 95% interval of a difference leaves out zero. "
    )
    checks = {name: (int(check["inside"].sum()), len(check)) for name, check in found.checks.items()}
    inside = "; ".join(f"by {name.replace('_', ' ')}, {hits} of {count}" for name, (hits, count) in checks.items())
    text += f"Mean expected survival lies inside the data's 95% interval: {inside}. "
    both = found.broken["defender"] + found.broken["both"]
    seen = found.broken_observed["defender"] + found.broken_observed["both"]
    return text + f"The defender or both break {both:.0%} of simulated collapses, and {seen:.0%} of real ones."


def _named(scores: Sequence[Scores]) -> str:
    return ", ".join(f"{each.name} ({each.c:.3f})" for each in scores)
