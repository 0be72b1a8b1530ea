"""The one place where the parts meet."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import dj_database_url
from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

from tracking.domain.counters import Counters
from tracking.domain.directory import Device, Directory
from tracking.domain.rights import Rights
from tracking.ingest.commit import Committed
from tracking.ingest.intake import Intake
from tracking.ingest.writer import FixWriter
from tracking.live.feed import LiveFeed
from tracking.models import token_digest
from tracking.storage.directory_keeper import DirectoryKeeper
from tracking.storage.office import load_rights
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry
from tracking.transports.drain import Drain
from tracking.transports.fixes_http import FixesApp
from tracking.transports.health import HealthApp
from tracking.transports.websocket import LiveConsumer

AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]

DAY_MS = 86_400_000


def open_telemetry(url: str) -> Telemetry:
    """The store that a `sqlite:` or `postgresql:` address names."""
    if url.startswith("sqlite:"):
        return SqliteTelemetry(Path(dj_database_url.parse(url)["NAME"]))
    return PostgresTelemetry(url)


class Fleet:
    """All the parts of one process; nothing runs before `prepare` and the first use."""

    def __init__(self, telemetry: Telemetry, layer: Any, *, retention_days: int) -> None:
        self.telemetry = telemetry
        self.counters = Counters()
        self._keeper = DirectoryKeeper(on_change=self._on_directory_change)
        self._writer = FixWriter(
            telemetry, index=lambda: self.directory.index, on_commit=self._on_commit, counters=self.counters
        )
        self.intake = Intake(
            self._writer,
            directory=lambda: self.directory,
            refresh_directory=self._keeper.refresh,
            retention_ms=retention_days * DAY_MS,
            counters=self.counters,
        )
        self.feed = LiveFeed(telemetry, layer, directory=lambda: self.directory, counters=self.counters)
        self.drain = Drain(lambda: self.feed.connections)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_running = False

    @property
    def directory(self) -> Directory:
        return self._keeper.current

    def prepare(self) -> None:
        """Makes the tables and takes the writer's place. Raises Unavailable when another process holds it."""
        self.telemetry.prepare()
        self._writer.open()
        self._keeper.start()

    async def start(self) -> None:
        """Begins in the running loop what was not begun before."""
        if self._is_running:
            return
        if self._loop is None:
            self.prepare()
            self._loop = asyncio.get_running_loop()
        await self.feed.start()
        self._is_running = True

    async def stop(self) -> None:
        await self.feed.stop()
        await asyncio.to_thread(self._writer.stop)
        await asyncio.to_thread(self._keeper.stop)
        self.telemetry.close()

    async def find_device(self, token: str) -> Device | None:
        digest = token_digest(token)
        if (device := self.directory.devices.get(digest)) is not None:
            return device
        await self._keeper.refresh()
        return self.directory.devices.get(digest)

    async def find_rights(self, user: Any) -> Rights | None:
        rights: Rights | None = await database_sync_to_async(load_rights)(user)
        return rights

    def _on_commit(self, committed: Committed) -> None:
        self.feed.publish(committed.changes, changed_ms=committed.changed_ms)

    def _on_directory_change(self, before: Directory, after: Directory) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.feed.rename, before.vehicles, after.vehicles)


def make_fleet() -> Fleet:
    """As the settings say."""
    return Fleet(open_telemetry(settings.TELEMETRY_URL), get_channel_layer(), retention_days=settings.RETENTION_DAYS)


def make_application(fleet: Fleet, django_application: AsgiApp) -> AsgiApp:
    """Hot paths are bare apps; the rest goes through Django, which finds the parts in `scope["fleet"]`."""
    fixes = FixesApp(fleet)
    health = HealthApp(fleet, fleet.drain, read_store=fleet.telemetry.identity, metrics_token=settings.METRICS_TOKEN)

    async def http(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        if scope["path"] == "/api/v1/fixes":
            await fixes(scope, receive, send)
            return
        if scope["path"] in health.ways:
            await health(scope, receive, send)
            return
        await fleet.start()
        await django_application({**scope, "fleet": fleet}, receive, send)

    async def live(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        await LiveConsumer(fleet)(scope, receive, send)

    routes: list[Any] = [path("live/v1/ws", live)]  # type: ignore[arg-type]
    application: AsgiApp = ProtocolTypeRouter({"http": http, "websocket": AuthMiddlewareStack(URLRouter(routes))})
    return fleet.drain.around(application)
