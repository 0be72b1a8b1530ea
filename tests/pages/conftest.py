"""A front end that was built, and someone to look at it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django_vite.core.asset_loader import DjangoViteAssetLoader
from pytest_django import Settings

ENTRIES = (
    "live",
    "login",
    "bench",
    "lab",
    "refusals",
    "share",
    "shares",
    "drive",
    "vehicle",
    "history",
    "visits",
    "audit",
    "rules",
)


@pytest.fixture(autouse=True)
def built(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A front end as the build leaves it; the manifest's path."""
    manifest = tmp_path / "manifest.json"
    entries = {f"src/pages/{name}.ts": {"file": f"assets/{name}-abcdefgh.js", "isEntry": True} for name in ENTRIES}
    entries |= {f"src/texts/{name}.json": {"file": f"assets/{name}-abcdefgh.js"} for name in ("sv", "de")}
    entries["src/drive/worker.ts"] = {"file": "assets/worker-abcdefgh.js", "isEntry": True}
    manifest.write_text(json.dumps(entries))
    settings.DJANGO_VITE = {"default": {"manifest_path": manifest}}
    monkeypatch.setattr(DjangoViteAssetLoader, "_instance", None)
    return manifest


@pytest.fixture
def user() -> User:
    return User.objects.create_user("anna", password="a-long-password")


def config_of(page: str, name: str = "page-config") -> Any:
    """What the page tells its program."""
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page)
    assert found is not None
    return json.loads(found.group(1))
