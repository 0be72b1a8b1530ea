"""The driver's page and its service worker, as a phone that nobody knows gets them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_vite.core.asset_loader import DjangoViteAssetLoader

from tracking.pages.drive import PLAIN_FILES, files_of

pytestmark = pytest.mark.django_db


def config_of(worker: str) -> Any:
    found = re.match(r"self\.fleetDrive = (\{.*\});\n", worker)
    assert found is not None
    return json.loads(found[1])


def test_the_page_is_the_same_for_everybody(client: Client) -> None:
    """It may be kept: no session, no token, nothing inline."""
    response = client.get("/drive")
    assert response.status_code == 200
    assert not response.cookies and "no-cache" in response.headers["cache-control"]
    page = response.content.decode()
    assert "csrf" not in page and "drive.webmanifest" in page
    assert [tag for tag in re.findall(r"<script([^>]*)>", page) if "src=" not in tag] == []
    assert "unsafe" not in response.headers["content-security-policy"]


def test_the_worker_keeps_all_that_the_page_needs(client: Client) -> None:
    """Its scope covers the page, since it lies above it."""
    response = client.get("/drive-worker.js")
    assert response.headers["content-type"] == "text/javascript"
    assert "no-cache" in response.headers["cache-control"]
    worker = response.content.decode()
    kept = config_of(worker)["files"]
    assert kept[:2] == ["/drive", "/static/assets/drive-abcdefgh.js"]
    assert {f"/static/{name}" for name in PLAIN_FILES} <= set(kept)
    assert worker.endswith('importScripts("/static/assets/worker-abcdefgh.js");\n')


def test_another_build_is_another_worker(client: Client, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = config_of(client.get("/drive-worker.js").content.decode())
    assert config_of(client.get("/drive-worker.js").content.decode()) == before
    built.write_text(built.read_text().replace("drive-abcdefgh", "drive-hgfedcba"))
    monkeypatch.setattr(DjangoViteAssetLoader, "_instance", None)
    after = config_of(client.get("/drive-worker.js").content.decode())
    assert after["version"] != before["version"]


@pytest.mark.parametrize("path", ["/drive", "/drive-worker.js"])
@pytest.mark.parametrize("content", ["{}", "no json", None])
def test_a_missing_build_is_named(
    client: Client, built: Path, monkeypatch: pytest.MonkeyPatch, path: str, content: str | None
) -> None:
    if content is None:
        built.unlink()
    else:
        built.write_text(content)
    monkeypatch.setattr(DjangoViteAssetLoader, "_instance", None)
    response = client.get(path)
    assert response.status_code == 503 and "make run" in response.content.decode()


def test_the_files_of_a_page_are_those_of_all_it_imports() -> None:
    manifest = {
        "page": {"file": "page.js", "css": ["page.css"], "imports": ["one", "two"]},
        "one": {"file": "one.js", "imports": ["two"], "assets": ["one.svg"]},
        "two": {"file": "two.js", "css": ["two.css"], "imports": ["one"]},
        "other": {"file": "other.js"},
    }
    assert files_of(manifest, "page") == ["page.js", "page.css", "one.js", "one.svg", "two.js", "two.css"]
