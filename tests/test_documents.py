"""What the documents name exists: parameters, tests, outcomes, files and links."""

import re
from pathlib import Path

import pytest

from experiments.design import ExperimentError
from experiments.validate_document import fill, parts_of
from model.outcomes import OUTCOMES
from model.register import load_register

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
CODE = "".join(file.read_text() for folder in ("model", "tests") for file in (ROOT / folder).rglob("*.py"))
GROUPS = {name.partition(".")[0] for name in load_register()}


def texts() -> list[tuple[str, Path, str]]:
    return [(str(file.relative_to(ROOT)), file, file.read_text()) for file in DOCUMENTS]


@pytest.mark.parametrize(("name", "file", "text"), texts(), ids=[name for name, _, _ in texts()])
def test_links_and_paths_lead_somewhere(name, file, text):
    links = {link for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text) if not link.startswith("http")}
    assert [link for link in links if not (file.parent / link).exists()] == []
    paths = set(re.findall(r"`((?:model|experiments|tests|docs|results|benchmarks)/[\w./-]*\w)`", text))
    named = {path for path in paths if not re.search(r"/[A-Z]+\.", path)}  # GROUP.toml stands for any
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(("name", "file", "text"), texts(), ids=[name for name, _, _ in texts()])
def test_parameters_and_tests_exist(name, file, text):
    register = load_register()
    listed = {
        f"{group}.{key.strip()}"
        for group, keys in re.findall(r"`(\w+)\.\{([^}]*)\}`", text)
        for key in keys.split(",")
        if group in GROUPS
    }
    assert listed - set(register) - {"group.a", "group.b"} == set()
    single = {found for found in re.findall(r"`(\w+\.\w+)`", text) if found.partition(".")[0] in GROUPS}
    here = CODE + "".join(re.findall(r"^\+.*", text, re.M))  # or a patch of the page adds it
    strange = {found for found in single - set(register) if not re.search(rf"\b{found.partition('.')[2]}\b", here)}
    assert strange == set()
    assert {
        test for test in re.findall(r"`(test_\w+)`", text) if test not in CODE and f"{test}.py" not in text
    } == set()


def test_the_protocol_names_every_parameter_and_outcome():
    odd = (ROOT / "docs" / "odd.md").read_text()
    words = set(re.findall(r"\w+", odd))
    units = {name for name in load_register() if name.startswith("calendar.")}
    assert {name for name in set(load_register()) - units if name.partition(".")[2] not in words} == set()
    assert set(OUTCOMES) - words == set()


def test_the_validation_page_shows_what_the_commands_wrote():
    parts = parts_of((ROOT / "docs" / "validation.md").read_text())
    assert {"verdict", "patterns", "cases", "backcasts", "moved", "agreement"} == set(parts)
    for name, content in parts.items():
        assert content == (ROOT / "results" / "validation" / f"{name}.md").read_text().strip(), name


def test_a_part_without_a_place_is_one_clear_line():
    with pytest.raises(ExperimentError, match="no place for cases"):
        fill("nothing", {"cases": "x"})
    page = "a\n<!-- begin: cases -->\nold\n<!-- end: cases -->\nb"
    assert parts_of(fill(page, {"cases": " new \n"})) == {"cases": "new"}
