"""Figures as files: small ones, since results are kept in git and the report holds every picture inside."""

import re
from pathlib import Path

from PIL import Image

COLOURS = 256  # of a PNG file: flat colours and their edges need no more
LONG = 400  # characters of a path: longer ones are curves of many points
NUMBER = re.compile(r"-?\d+(?:\.\d+)?e-\d+|-?\d+\.\d+")
PLACES = re.compile(r'(?<= d=")[^"]*|(?<=translate\()[^)]*|(?<= [xy]=")[^"]*')  # what an SVG file says in points
NAMED = re.compile(r' id="([^"]+)"')
MEANT = re.compile(r'(?<=href="#)[\w-]+|(?<=url\(#)[\w-]+')  # a name that is used: a colour has a hash as well


def small_png(path: Path) -> None:
    """Keep a PNG file's picture in a palette of its own: a third of the bytes."""
    with Image.open(path) as image:
        small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, format="PNG", optimize=True)


def small_svg(svg: str) -> str:
    """The same picture in fewer characters.

    Without what nobody sees (comments, metadata, line ends, names that nothing uses), with places to a hundredth of a
    point, or a tenth in long paths, and with short names.
    """
    svg = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    svg = re.sub(r"(?<=>) +(?=<)| +(?=\"[ />])", "", svg)
    svg = re.sub(r' style="[^"]*"', lambda style: style[0].replace("; ", ";").replace(": ", ":"), svg)
    svg = PLACES.sub(lambda places: _shorten(places[0]), svg)
    svg = re.sub(r' transform="translate\((-?[\d.]+) 0\)"/>', r' x="\1"/>', svg)  # of a letter in its line
    used = {name: f"a{place:x}" for place, name in enumerate(dict.fromkeys(MEANT.findall(svg)))}
    svg = NAMED.sub(lambda name: f' id="{used[name[1]]}"' if name[1] in used else "", svg)
    return MEANT.sub(lambda name: used[name[0]], svg)


def _shorten(places: str) -> str:
    digits = 1 if len(places) > LONG else 2
    places = NUMBER.sub(
        lambda number: f"{round(float(number[0]), digits) + 0.0:.{digits}f}".rstrip("0").rstrip("."), places
    )
    return re.sub(r" ?([MLHVCQZmlhvcqz]) ?", r"\1", places)
