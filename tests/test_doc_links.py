"""Documents lead where they say: links, headings, files, commands; and they explain each package."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS
from tracking.api.urls import api

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")])
FOLDERS = ("benchmarks", "deploy", "docs", "fleet_client", "frontend", "scripts", "tests", "tracking")
MADE_LATER = re.compile(r"/fi[./]|^frontend/(dist|generated)")
"""By whoever adds a language, as docs/languages.md says, and by `make build`."""
FILE = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]+)`")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchor_of(heading: str) -> str:
    """As GitHub makes it."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def anchors_in(page: Path) -> set[str]:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return {anchor_of(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def links_in(page: Path) -> list[tuple[Path, str]]:
    """Files of ours, with the heading or an empty text."""
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    parts = [link.partition("#") for link in found if not link.startswith("http")]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in parts]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target, anchor in links_in(page):
        assert target.exists()
        assert not anchor or anchor in anchors_in(target)


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name == "docs"], ids=name_of)
def test_every_page_is_found_from_the_readme(page: Path) -> None:
    seen, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        here = waiting.pop()
        seen.add(here)
        waiting += [target for target, _ in links_in(here) if target.suffix == ".md" and target not in seen]
    assert page in seen


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = {name for name in FILE.findall(page.read_text()) if not MADE_LATER.search(name)}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
    assert set(re.findall(r'make bench ARGS="?([a-z]\w*)', text)) <= BENCHMARKS.keys()


def test_every_package_is_explained() -> None:
    decision = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text().lower()
    front_end = json.loads((ROOT / "frontend" / "package.json").read_text())
    lines = [line for path in ROOT.glob("requirements*.txt") for line in path.read_text().splitlines()]
    names = [re.split(r"[\[=]", line)[0] for line in lines if re.match(r"\w", line)]
    names += [*front_end["dependencies"], *front_end["devDependencies"]]
    assert [name for name in names if name.lower() not in decision] == []


def shape_of(path: str) -> str:
    """Names of parts do not matter: `{slug}`, `SLUG`."""
    return re.sub(r"\{[^}]*\}|(?<=/)[A-Z]{3,}", "{}", path).rstrip("/.")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_of_rest_that_a_page_names_is_there(page: Path) -> None:
    known = {shape_of(path) for path in api.get_openapi_schema(path_prefix="/api/v1/")["paths"]}
    named = {shape_of(path) for path in re.findall(r"/api/v1/[\w{}./-]*", page.read_text())}
    assert named - {"/api/v1", "/api/v1/docs"} <= known
