"""Europe as SVG, made here and not by a script in the browser: outlines, or one equal square a state.

Colours are the classes of static/europe.css. Both maps show the same numbers on the same scale.
"""

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from experiments.figures.europe import tile_places
from model.register import state_names

type Kind = Literal["tiles", "shapes"]

CLASSES = 7
STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.5, 10.0)
LEADERS = 3  # states that the description names
TILE, GAP = 100, 3
OTHERS = {  # drawn to find one's way
    "ALB": "Albania", "ARM": "Armenia", "AZE": "Azerbaijan", "BIH": "Bosnia and Herzegovina", "BLR": "Belarus",
    "CHE": "Switzerland", "CYP": "Cyprus", "GEO": "Georgia", "ISL": "Iceland", "KAZ": "Kazakhstan", "MDA": "Moldova",
    "MKD": "North Macedonia", "MLT": "Malta", "MNE": "Montenegro", "SRB": "Serbia", "XKX": "Kosovo",
}  # fmt: skip
FRONT = "Line of contact, roughly"


class Scale(NamedTuple):
    """Where each shade but the first begins, and with how many decimals numbers are written."""

    breaks: tuple[float, ...]
    places: int = 0

    def shade(self, value: float) -> str:
        """The class of a number's colour."""
        return f"q{sum(value >= each for each in self.breaks)}"

    def number(self, value: float) -> str:
        """A number as it stands in a text."""
        return f"{value:,.{self.places}f}".replace("-", "\N{MINUS SIGN}")

    def key(self) -> list[str]:
        """What each shade stands for."""
        first = "0" if self.breaks[0] == 1.0 and not self.places else f"under {self.number(self.breaks[0])}"
        return [first, *(f"{self.number(each)}+" for each in self.breaks)]


def scale_of(values: Iterable[float]) -> Scale:
    """Seven equal shades from zero, with round ends, that reach the largest number."""
    most = max((value for value in values if math.isfinite(value)), default=0.0)
    rough = most / CLASSES if most > 0.0 else 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each for each in (step * power for step in STEPS) if each >= rough * (1.0 - 1e-9))
    places = next(each for each in range(12) if math.isclose(step * 10.0**each, round(step * 10.0**each)) or each == 11)
    return Scale(tuple(step * place for place in range(1, CLASSES)), places)


@cache
def outlines() -> dict[str, Any]:
    """What shapes/europe.json has."""
    found: dict[str, Any] = json.loads((files("experiments.page") / "shapes" / "europe.json").read_text("utf-8"))
    return found


def full_name(code: str) -> str:
    """A state's name."""
    return state_names().get(code) or OTHERS.get(code, code)


def amount(text: str, unit: str) -> str:
    """A number with its unit: a per cent sign stands at the number."""
    return f"{text}{unit}" if unit.startswith("%") else f"{text} {unit}"


def finding(values: Mapping[str, float], unit: str, scale: Scale) -> str:
    """In words, the largest three."""
    top = sorted(((value, code) for code, value in values.items() if value > 0.0), reverse=True)[:LEADERS]
    if not top:
        return "no state has any"
    return "largest: " + ", ".join(f"{full_name(code)} {amount(scale.number(value), unit)}" for value, code in top)


def europe_figure(
    values: Mapping[str, float], *, title: str, unit: str, kind: Kind = "tiles", scale: Scale | None = None
) -> str:
    """A map with its key, as an HTML figure. `kind` is tiles or shapes."""
    chosen = scale or scale_of(values.values())
    draw = tiles_svg if kind == "tiles" else map_svg
    told = draw(values, title=title, unit=unit, scale=chosen)
    return f'<figure class="europe">{told}{_key(unit, chosen, kind)}</figure>'


def map_svg(values: Mapping[str, float], *, title: str, unit: str, scale: Scale | None = None) -> str:
    """Outlines of the states, by ISO 3166 code; those without a number are pale. North America is not on it."""
    chosen, drawn = scale or scale_of(values.values()), outlines()
    told = []
    for code in sorted(drawn["states"], key=lambda code: (code == "UKR", code)):  # Ukraine's edge lies on top
        told.append(
            f'<path class="state {code} {_shade(values, code, chosen)}" d="{drawn["states"][code]}">'
            f"{_tip(values, code, unit, chosen)}</path>"
        )
    told.append(f'<path class="front" d="{drawn["front"]}"><title>{FRONT}</title></path>')
    for code, (x, y) in drawn["labels"].items():
        told.append(f'<text class="name {_shade(values, code, chosen)}" x="{x}" y="{y}">{full_name(code)}</text>')
    return _sheet(drawn["width"], drawn["height"], "".join(told), f"{title}; {finding(values, unit, chosen)}")


def tiles_svg(values: Mapping[str, float], *, title: str, unit: str, scale: Scale | None = None) -> str:
    """One equal square a state, with its code and its number; those without a number are pale."""
    chosen, told = scale or scale_of(values.values()), []
    for code, (column, row) in tile_places().items():
        shade, known = _shade(values, code, chosen), code in values and math.isfinite(values[code])
        x, y = column * TILE, row * TILE
        side = TILE - 2 * GAP
        text = f'<text class="code {shade}" x="{x + TILE // 2}" y="{y + (43 if known else 60)}">{code}</text>'
        if known:
            text += f'<text class="{shade}" x="{x + TILE // 2}" y="{y + 77}">{_short(values[code], chosen)}</text>'
        told.append(
            f'<g class="tile">{_tip(values, code, unit, chosen)}<rect class="{code} {shade}" x="{x + GAP}" '
            f'y="{y + GAP}" width="{side}" height="{side}" rx="6"/>{text}</g>'
        )
    columns, rows = (max(each) + 1 for each in zip(*tile_places().values(), strict=True))
    return _sheet(columns * TILE, rows * TILE, "".join(told), f"{title}; {finding(values, unit, chosen)}")


def _sheet(width: int, height: int, told: str, label: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-label="{escape(label)}">{told}</svg>'
    )


def _shade(values: Mapping[str, float], code: str, scale: Scale) -> str:
    value = values.get(code, math.nan)
    return scale.shade(value) if math.isfinite(value) else "no"


def _tip(values: Mapping[str, float], code: str, unit: str, scale: Scale) -> str:
    value = values.get(code, math.nan)
    said = f": {amount(scale.number(value), unit)}" if math.isfinite(value) else ""
    return f"<title>{escape(full_name(code) + said)}</title>"


def _short(value: float, scale: Scale) -> str:
    """A number that fits a tile."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:.1f}M"
    return f"{value / 1e3:.0f}k" if abs(value) >= 1e4 else scale.number(value)


def _key(unit: str, scale: Scale, kind: Kind) -> str:
    """What the shades stand for, in words that wrap."""
    shades = [(f"q{place}", said) for place, said in enumerate(scale.key())]
    swatch = '<svg viewBox="0 0 22 17" aria-hidden="true"><rect class="{} state" width="22" height="17"/></svg>'
    told = [f"<span>{swatch.format(shade)}{said}</span>" for shade, said in [*shades, ("no", "no number")]]
    if kind == "shapes":
        line = '<svg viewBox="0 0 22 17" aria-hidden="true"><path class="front" d="M2 9H20"/></svg>'
        told.append(f"<span>{line}{FRONT.lower()}</span>")
    return f"<figcaption><span>{escape(unit)}:</span>{''.join(told)}</figcaption>"
