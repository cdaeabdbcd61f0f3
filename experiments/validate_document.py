"""Pages with generated parts, which stand between `<!-- begin: NAME -->` and `<!-- end: NAME -->`."""

import re
from collections.abc import Mapping

from experiments.design import ExperimentError


def fill(text: str, parts: Mapping[str, str]) -> str:
    """The page with its generated parts replaced. Raises ExperimentError if a part has no place in it."""
    for name, content in parts.items():
        begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
        if begin not in text or end not in text:
            raise ExperimentError(f"the page has no place for {name}: write {begin} and {end}")
        before, rest = text.split(begin, 1)
        after = rest.split(end, 1)[1]
        text = f"{before}{begin}\n\n{content.strip()}\n\n{end}{after}"
    return text


def parts_of(text: str) -> dict[str, str]:
    """The generated parts of a page."""
    found = re.findall(r"<!-- begin: (\w+) -->\n(.*?)<!-- end: \1 -->", text, flags=re.S)
    return {name: content.strip() for name, content in found}
