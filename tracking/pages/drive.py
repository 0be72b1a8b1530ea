"""The driver's page: the same for everybody, since the phone keeps it and knows by itself whose it is."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django_vite.core.exceptions import DjangoViteAssetNotFoundError, DjangoViteManifestError

from tracking.pages.front_end import needs_front_end

TEMPLATE = "tracking/drive.html"
ENTRY, WORKER = "src/pages/drive.ts", "src/drive/worker.ts"
TEXTS = "src/texts/"
"""A phone without network may be told to speak another language."""
PLAIN_FILES = ("theme.js", "favicon.svg", "drive.webmanifest", "drive-192.png", "drive-512.png", "drive-apple.png")
"""What the page needs and no build names by its content."""


@cache_control(no_cache=True)
@needs_front_end
def page(request: HttpRequest) -> HttpResponse:
    return render(request, TEMPLATE)


@cache_control(no_cache=True)
@needs_front_end
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: what to keep, then the program. Another one as soon as anything of the page is another."""
    manifest = load_manifest()
    texts = [name for name in manifest if name.startswith(TEXTS)]
    built = [
        static(name) for name in dict.fromkeys(name for entry in (ENTRY, *texts) for name in files_of(manifest, entry))
    ]
    kept = ["/drive", *built, *map(static, PLAIN_FILES)]
    version = hashlib.sha256(render_to_string(TEMPLATE, request=request).encode())
    for name in PLAIN_FILES:
        if (found := finders.find(name)) is not None:
            version.update(Path(str(found)).read_bytes())
    config = json.dumps({"version": version.hexdigest()[:16], "files": kept})
    script = static(manifest[WORKER]["file"])
    body = f"self.fleetDrive = {config};\nimportScripts({json.dumps(script)});\n"
    return HttpResponse(body, content_type="text/javascript")


def load_manifest() -> dict[str, Any]:
    """Raises DjangoViteManifestError or DjangoViteAssetNotFoundError, as django-vite does."""
    path = Path(settings.DJANGO_VITE["default"]["manifest_path"])
    try:
        manifest: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise DjangoViteManifestError(f"{path} cannot be read: {error}") from error
    if not {ENTRY, WORKER} <= manifest.keys():
        raise DjangoViteAssetNotFoundError(f"{path} lacks {ENTRY} or {WORKER}")
    return manifest


def files_of(manifest: dict[str, Any], entry: str) -> list[str]:
    """The chunk itself, its styles and assets, and those of all that it imports; each once."""
    files: dict[str, None] = {}
    waiting, seen = [entry], {entry}
    while waiting:
        chunk = manifest[waiting.pop(0)]
        files |= dict.fromkeys([chunk["file"], *chunk.get("css", ()), *chunk.get("assets", ())])
        for name in chunk.get("imports", ()):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return list(files)
