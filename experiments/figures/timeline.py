"""The timeline of one run: what happened, in stacked panels that share the weeks."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures import findings, labels, style
from experiments.survival import WEEKS_A_YEAR
from model.chronicle import Event, tell
from model.terms import Status

if TYPE_CHECKING:
    from model.ceasefire import Ceasefire

WIDTH, LEFT, RIGHT = 10.0, 0.85, 1.55  # inches; the names of the lines stand on the right
PANEL, BETWEEN = 1.15, 0.3  # inches
MARK, LIST_LINE = 0.2, 0.165  # inches
MOST_EVENTS = 24
NAME = 0.145  # of a panel's height that the name of a line takes
COLUMN_CHARACTERS = 78
KINDS = ("war", "us", "force", "line", "state", "ukraine", "russia")  # of events, the weightiest first

SHADES = {
    Status.STRAINED: ("strained", "#fdf0d5", ""),
    Status.LIMITED_WAR: ("limited war", "#f2b98c", "///"),
    Status.RENEWED_WAR: ("renewed war", "#b5523b", ""),
    Status.CONSOLIDATED: ("consolidated", "#dbeaf5", ""),
}


class Panel(NamedTuple):
    """What one panel shows: columns of the series, what they are called, and its scale."""

    title: str
    lines: dict[str, str]
    top: float | None = None  # of the scale, where it is known
    floor: float | None = None  # of a logarithmic scale; linear from zero without
    indexed: bool = False  # every line as a percentage of its start


PANELS = (
    Panel("Violence (a week, logarithmic)", {"violations": "violations", "deaths": "deaths"}, floor=1),
    Panel("Reassurance force (troops)", {"pledged": "pledged", "troops": "in Ukraine"}),
    Panel(
        "Europe (start = 100)",
        {"support": "support to send", "defence_share": "defence share", "capability": "equipment"},
        indexed=True,
    ),
    Panel(
        "Beliefs (0 to 1)",
        {
            "guarantee_will": "American will",
            "belief_russia": "Russia's belief",
            "belief_europe": "Europe's belief",
            "confidence": "Kyiv's confidence",
            "unity": "European unity",
        },
        top=1,
    ),
    Panel(
        "Russia's options (chance when policy is reviewed, logarithmic)",
        {"p_probe": "probe", "p_limited": "limited attack", "p_renewed": "renewed war"},
        top=1,
        floor=1e-4,
    ),
)


def plot_run(model: "Ceasefire") -> Figure:
    """One recorded run: panels of its series, shaded by status, with its events numbered and told."""
    scenario = model.setting
    caption = (
        f"One run of many possible ones: scenario {scenario.name}, {len(scenario.roster)} states, seed "
        f"{model.seed}, run {model.run}. Simulated, conditional on its assumptions: no forecast. "
    )
    title = findings.of_run(model.outcomes(), scenario.weeks)
    return draw_timeline(model.series, tell(model), title, caption)


def draw_timeline(series: Mapping[str, Sequence[float]], events: Sequence[Event], title: str, caption: str) -> Figure:
    """The timeline from its parts; columns that the series lacks are left out."""
    with style.styled():
        return _draw(series, events, title, caption)


def _draw(series: Mapping[str, Sequence[float]], events: Sequence[Event], title: str, caption: str) -> Figure:
    weeks = list(series["week"])
    panels = [panel for panel in PANELS if any(name in series for name in panel.lines)]
    shown = _most_telling(events)
    if len(shown) < len(events):
        caption += f"{len(events) - len(shown)} events of lesser weight are not shown. "
    span = WIDTH - LEFT - RIGHT
    levels = _levels([event.week for event in shown], max(weeks[-1], 1) * MARK / span)
    columns = _columns_of_text(shown)
    strip = (max(levels, default=-1) + 1) * MARK
    listing = max((len(lines) for lines in columns), default=0) * LIST_LINE + (0.2 if shown else 0.0) + 0.45
    top = listing + len(panels) * (PANEL + BETWEEN)
    sheet = style.new_sheet(WIDTH, top + strip + 0.22, title, caption)
    for place, panel in enumerate(panels):
        axes = sheet.axes(LEFT, top - (place + 1) * (PANEL + BETWEEN), span, PANEL)
        _draw_panel(axes, panel, series)
        _shade(axes, weeks, series.get("status", []))
        for event in shown:
            axes.axvline(event.week, color=style.GREY, linewidth=0.5, linestyle=":", zorder=0.5)
        axes.set_xlim(0, weeks[-1] + 1)
        _tick_weeks(axes, weeks, last=place == len(panels) - 1)
    if shown:
        _number_events(sheet.axes(LEFT, top - 0.08, span, strip), shown, levels, weeks)
        _list_events(sheet, columns)
    _explain_shades(sheet, series.get("status", []), top + strip)
    return sheet.figure


def _draw_panel(axes: Axes, panel: Panel, series: Mapping[str, Sequence[float]]) -> None:
    """The panel's lines, named at their right ends and moved apart where the names would touch."""
    found = {label: list(series[name]) for name, label in panel.lines.items() if name in series}
    if panel.indexed:
        found = {label: [100 * value / (values[0] or 1) for value in values] for label, values in found.items()}
    if panel.floor is not None:
        found = {label: [max(value, panel.floor) for value in values] for label, values in found.items()}
        axes.set_yscale("log")
    else:
        axes.yaxis.set_major_locator(MaxNLocator(3, integer=panel.top is None))
    for (colour, dashes), values in zip(style.LINES, found.values(), strict=False):
        alone = "." if len(values) == 1 else None  # a line needs two weeks
        axes.plot(series["week"], values, color=colour, linestyle=dashes, linewidth=1.3, marker=alone)
    highest = max(value for values in found.values() for value in values)
    bottom, top = panel.floor or 0.0, panel.top or max(highest * 1.08, 1.0)
    axes.set_ylim(bottom, max(top, bottom * 10))
    axes.set_title(panel.title, loc="left", size=8.5, pad=3, weight="bold")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    axes.tick_params(axis="y", which="minor", length=0)
    to_axes = (axes.transData - axes.transAxes).transform
    ends = [float(to_axes((0, values[-1]))[1]) for values in found.values()]
    places = labels.dodge(ends, [NAME] * len(ends), -NAME / 2, 1 + NAME / 2)
    for (colour, _), label, height in zip(style.LINES, found, places, strict=False):
        axes.text(1.01, height, label, transform=axes.transAxes, color=colour, size=8, va="center", weight="bold")


def _shade(axes: Axes, weeks: Sequence[float], status: Sequence[float]) -> None:
    """Bands of the weeks in which the ceasefire was not simply holding."""
    start = 0
    for place in range(1, len(status) + 1):
        if place < len(status) and status[place] == status[start]:
            continue
        shade = SHADES.get(Status(int(status[start])))
        if shade:
            end = weeks[place] if place < len(weeks) else weeks[-1] + 1
            axes.axvspan(
                weeks[start],
                end,
                facecolor=shade[1],
                hatch=shade[2],
                edgecolor="#d99a68",
                linewidth=0,
                zorder=0,
            )
        start = place


def _explain_shades(sheet: style.Sheet, status: Sequence[float], bottom: float) -> None:
    present = sorted({Status(int(value)) for value in status} & set(SHADES))
    handles = [
        Patch(
            facecolor=SHADES[each][1],
            hatch=SHADES[each][2],
            edgecolor="#d99a68",
            linewidth=0,
            label=SHADES[each][0],
        )
        for each in present
    ]
    if handles:
        place = (LEFT / sheet.width, (bottom + sheet.bottom) / sheet.height)
        sheet.figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=place,
            ncols=len(handles),
            borderpad=0,
            fontsize=8,
        )


def _tick_weeks(axes: Axes, weeks: Sequence[float], last: bool) -> None:
    """A tick every year on long runs; numbers and a label only under the last panel."""
    long = weeks[-1] >= WEEKS_A_YEAR
    if long:
        axes.set_xticks(range(0, int(weeks[-1]) + 1, WEEKS_A_YEAR))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.tick_params(labelbottom=last, length=2.5)
    if last:
        axes.set_xlabel(f"Weeks since the ceasefire{' (a tick each year)' if long else ''}")


def _most_telling(events: Sequence[Event]) -> list[Event]:
    """At most MOST_EVENTS: wars before probes, since there are many probes and little room."""
    rank = {kind: place for place, kind in enumerate(KINDS)}
    kept = sorted(events, key=lambda event: (rank.get(event.kind, len(rank)), event.week))[:MOST_EVENTS]
    return sorted(kept, key=lambda event: event.week)


def _levels(weeks: Sequence[float], apart: float) -> list[int]:
    """A level for each mark, so that marks on the same level are at least `apart` weeks from each other."""
    last: list[float] = []
    levels = []
    for week in weeks:
        level = next((place for place, before in enumerate(last) if week - before >= apart), len(last))
        last[level : level + 1] = [week]
        levels.append(level)
    return levels


def _number_events(axes: Axes, events: Sequence[Event], levels: Sequence[int], weeks: Sequence[float]) -> None:
    axes.set_xlim(0, weeks[-1] + 1)
    axes.set_ylim(-0.5, max(levels) + 0.5)
    axes.set_axis_off()
    for number, (event, level) in enumerate(zip(events, levels, strict=True), 1):
        circle = {
            "boxstyle": "circle,pad=0.18",
            "facecolor": style.INK,
            "edgecolor": "white",
            "linewidth": 0.6,
        }
        axes.text(
            event.week,
            level,
            str(number),
            ha="center",
            va="center",
            size=6.5,
            color="white",
            weight="bold",
            bbox=circle,
        )


def _columns_of_text(events: Sequence[Event]) -> list[list[str]]:
    """The numbered events as lines of text, in two columns of about equal length."""
    entries = [
        textwrap.wrap(f"{number}  week {event.week:.0f}: {event.text}", COLUMN_CHARACTERS, subsequent_indent="     ")
        for number, event in enumerate(events, 1)
    ]
    half = sum(map(len, entries)) / 2
    columns: list[list[str]] = [[], []]
    for entry in entries:
        columns[len(columns[0]) >= half].extend(entry)
    return [column for column in columns if column]


def _list_events(sheet: style.Sheet, columns: Sequence[Sequence[str]]) -> None:
    top = max(len(lines) for lines in columns) * LIST_LINE + 0.1
    for place, lines in enumerate(columns):
        for row, line in enumerate(lines):
            x = style.MARGIN + place * (WIDTH - style.MARGIN) / 2
            y = top - row * LIST_LINE + sheet.bottom
            sheet.figure.text(x / sheet.width, y / sheet.height, line, size=7.5, va="top")
