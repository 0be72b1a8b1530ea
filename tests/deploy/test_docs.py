"""The operations page lists each variable that settings read, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "operations.md"
COMPOSE = ROOT / "docker-compose.yml"
READERS = {"flag", "words", "number", "zone", "get", "getenv"}
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "REMOTE_ADDR"}
NOT_OF_THE_IMAGE = {"DEBUG", "FLEET_BENCH_PAGE", "FLEET_DEMO", "FLEET_MQTT_URL", "FLEET_MQTT_TOKEN"}
"""For those who work on it, and of a process of its own."""
FIXED_BY_COMPOSE = {"FLEET_DATA_DIR", "TELEMETRY_URL", "FLEET_BUS_PREFIX", "FLEET_DRAIN_S"}
"""The last goes with `stop_grace_period`."""


def variables_read(source: str) -> Iterator[str]:
    """Names in capitals that are asked for by a call of a reader or by `environ[…]`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=reader) | ast.Attribute(attr=reader), args=[ast.Constant(value=name), *_]):
                if reader in READERS and re.fullmatch(r"[A-Z][A-Z0-9_]+", str(name)):
                    yield str(name)
            case ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(value=name)):
                yield str(name)


def settings_read() -> set[str]:
    files = [path for folder in ("fleet", "tracking") for path in (ROOT / folder).rglob("*.py")]
    return {name for path in files for name in variables_read(path.read_text())} - NOT_SETTINGS


def settings_listed() -> set[str]:
    section = PAGE.read_text().partition("## Settings")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE))


def test_the_page_lists_what_is_read() -> None:
    """A setting nobody can find is no setting; one that nothing reads is a trap."""
    assert settings_listed() == settings_read()


def test_every_way_of_reading_is_seen() -> None:
    """Else the test above would pass for want of finds."""
    source = "flag('A1'); words('B1', ''); os.environ['C1']; os.environ.get('D1', ''); numbers.get('e1')"
    assert set(variables_read(source)) == {"A1", "B1", "C1", "D1"}


def test_the_compose_file_sets_known_settings() -> None:
    """A misspelt one would be ignored in silence, and so would one in `.env` that is not handed on."""
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    assert set(services["web"]["environment"]) == settings_read() - NOT_OF_THE_IMAGE - FIXED_BY_COMPOSE


def test_the_example_names_what_the_compose_file_takes() -> None:
    """From `.env`, which is made from `.env.example`."""
    taken = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text()))
    offered = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert taken == set(offered)


def test_no_secret_has_a_value() -> None:
    """In files that are kept in the repository."""
    example = (ROOT / ".env.example").read_text()
    assert "\nSECRET_KEY=\n" in example and "\nPOSTGRES_PASSWORD=\n" in example
    assert not re.search(r"(PASSWORD|SECRET_KEY): (?!\$\{)", COMPOSE.read_text())


def test_the_image_has_what_it_copies() -> None:
    """`.dockerignore` lets through only what it names, so a new source would be missing from the build."""
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    kept = [line[1:].rstrip("/") for line in ignored if line.startswith("!")]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for source in " ".join(copied).split():
        assert (ROOT / source).exists(), source
        assert any(source.rstrip("/") == name or source.startswith(name + "/") for name in kept), source
