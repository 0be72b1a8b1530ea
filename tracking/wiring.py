"""The one place where the parts meet."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import dj_database_url
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

from tracking.domain.access import Office
from tracking.domain.counters import Counters
from tracking.domain.directory import Device, Directory
from tracking.domain.hours import HOUR_MS
from tracking.domain.times import DAY_MS
from tracking.ingest.commit import Committed
from tracking.ingest.framing import Framer
from tracking.ingest.housekeeping import Housekeeper
from tracking.ingest.intake import Intake
from tracking.ingest.looks import LookLog
from tracking.ingest.mail import Mail
from tracking.ingest.refusals import RefusalLog
from tracking.ingest.sightings import SightingLog
from tracking.ingest.upkeep import make_upkeep
from tracking.ingest.writer import FixWriter
from tracking.live.feed import LiveFeed
from tracking.live.ops_line import OpsLine
from tracking.live.ops_room import OpsRoom
from tracking.live.presence_feed import PresenceFeed
from tracking.models import token_digest
from tracking.storage.looks import keep_looks
from tracking.storage.office_keeper import OfficeKeeper
from tracking.storage.office_pruning import prune_office
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.refusals import keep_tallies
from tracking.storage.sightings import keep_sightings
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry
from tracking.transports import pair_http, token_http
from tracking.transports.admission import Admission
from tracking.transports.bulk import BulkLane
from tracking.transports.drain import Drain
from tracking.transports.fixes_http import FixesApp
from tracking.transports.health import HealthApp
from tracking.transports.operator import Operator
from tracking.transports.pair_http import PairApp
from tracking.transports.phones_http import PhonesApp, is_phones_path
from tracking.transports.quick_posts import QuickPosts
from tracking.transports.roster import Roster
from tracking.transports.streams import STREAM_PATHS, StreamsApp
from tracking.transports.throttle import Doorkeeper
from tracking.transports.token_http import TokenApp
from tracking.transports.websocket import LiveConsumer

AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]

SOCKETIO_PATH = "/socket.io/"


def open_telemetry(url: str) -> Telemetry:
    """The store that a `sqlite:` or `postgresql:` address names."""
    if url.startswith("sqlite:"):
        return SqliteTelemetry(Path(dj_database_url.parse(url)["NAME"]))
    return PostgresTelemetry(url)


class Fleet:
    """All the parts of one process; nothing runs before `prepare` and the first use."""

    def __init__(self, telemetry: Telemetry, layer: Any, *, retention_days: int, seal_after_hours: int = 6) -> None:
        self.telemetry = telemetry
        self.counters = Counters()
        self._keeper = OfficeKeeper(on_change=self._on_office_change)
        self.admission = Admission(office=lambda: self.office, refresh=self._keeper.refresh)
        self.roster = Roster()
        self._writer = FixWriter(
            telemetry,
            directory=lambda: self.directory,
            on_commit=self._on_commit,
            counters=self.counters,
            upkeep=make_upkeep(
                lambda: self.directory, seal_after_ms=seal_after_hours * HOUR_MS, counters=self.counters
            ),
        )
        self._refusals = RefusalLog(lambda tallies: keep_tallies(tallies, now_ms=time.time_ns() // 1_000_000))
        self.sightings = SightingLog(keep_sightings)
        self.intake = Intake(
            self._writer,
            directory=lambda: self.directory,
            refresh_directory=self._keeper.refresh,
            find_clashes=telemetry.find_clashes,
            retention_ms=retention_days * DAY_MS,
            counters=self.counters,
            refusals=self._refusals,
            sightings=self.sightings,
        )
        self.mail = Mail(self._writer)
        self.looks = LookLog(keep_looks)
        self.housekeeper = Housekeeper(
            telemetry, self._writer, retention_days=retention_days, prune_office=prune_office
        )
        self.framer = Framer(telemetry, self._writer, directory=lambda: self.directory)
        self.feed = LiveFeed(telemetry, layer, directory=lambda: self.directory, counters=self.counters)
        self.drain = Drain(lambda: self.feed.connections)
        self.doorkeeper = Doorkeeper(self, clock_s=time.monotonic)
        self.quick_posts = QuickPosts(self, self.doorkeeper, self.drain)
        self.operator = Operator(self.counters, self.feed, self.drain)
        process, bus = self.operator.process, self.feed.bus
        self.ops_line = OpsLine(bus, process=process, report=self.operator.report, obey=self.operator.obey)
        self.ops_room = OpsRoom(self.ops_line.ask)
        self.presence = PresenceFeed(bus, process=process, office=lambda: self.office)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_running = False

    @property
    def office(self) -> Office:
        return self._keeper.current

    @property
    def directory(self) -> Directory:
        return self.office.directory

    def prepare(self) -> None:
        """Makes the tables and takes the writer's place. Raises Unavailable when another process holds it."""
        self.telemetry.prepare()
        self._writer.open()
        self._keeper.start()

    async def start(self) -> None:
        """Begins in the running loop what was not begun before."""
        if self.is_running:
            return
        if self._loop is None:
            self.prepare()
            self._loop = asyncio.get_running_loop()
        await self.feed.start()
        self._writer.start()
        await self.ops_line.start()
        await self.presence.start()
        self.housekeeper.start()
        self.framer.start()
        self.is_running = True

    async def stop(self) -> None:
        await self.housekeeper.stop()
        await self.framer.stop()
        self.ops_room.stop()
        await self.presence.stop()
        await self.feed.stop()
        await asyncio.to_thread(self._writer.stop)
        await asyncio.to_thread(self._refusals.stop)
        await asyncio.to_thread(self.sightings.stop)
        await asyncio.to_thread(self.looks.stop)
        await asyncio.to_thread(self._keeper.stop)
        await asyncio.to_thread(self.admission.stop)
        self.telemetry.close()

    async def end(self, *, drain_s: float) -> None:
        """Everybody here goes elsewhere, and the other processes are told."""
        await self.drain.run(spread_s=drain_s)
        await self.presence.stop()
        await self.feed.bus.flush()

    async def refresh_office(self) -> None:
        """Returns once the pictures are as new as this call. Raises Unavailable."""
        await self._keeper.refresh()

    async def find_device(self, token: str) -> Device | None:
        digest = token_digest(token)
        if (device := self.directory.devices.get(digest)) is not None:
            return device
        await self._keeper.refresh()
        return self.directory.devices.get(digest)

    def _on_commit(self, committed: Committed) -> None:
        self.feed.publish(
            committed.changes,
            committed.events,
            changed_ms=committed.changed_ms,
            vehicle_regions=committed.vehicle_regions,
            told_alarms=committed.alarms,
        )

    def _on_office_change(self, before: Office, after: Office) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.feed.rename, before.directory, after.directory)
            self._loop.call_soon_threadsafe(self.feed.recheck)
            self._loop.call_soon_threadsafe(self.presence.recheck)


def make_fleet() -> Fleet:
    """As the settings say."""
    return Fleet(
        open_telemetry(settings.TELEMETRY_URL),
        get_channel_layer(),
        retention_days=settings.RETENTION_DAYS,
        seal_after_hours=settings.SEAL_AFTER_HOURS,
    )


def make_application(fleet: Fleet, django_application: AsgiApp) -> AsgiApp:
    """Hot paths are bare apps; the rest goes through Django, which finds the parts in `scope["fleet"]`."""
    doorkeeper, bulk = fleet.doorkeeper, BulkLane()
    fixes, phones = FixesApp(fleet, doorkeeper, bulk), PhonesApp(fleet, doorkeeper, bulk)
    socketio = make_socketio(fleet) if settings.SOCKETIO else None
    bare = bare_apps(fleet, fixes, PairApp(fleet, doorkeeper)) | ({} if socketio is None else {SOCKETIO_PATH: socketio})

    async def http(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        app = phones if is_phones_path(scope["path"]) else bare.get(scope["path"])
        if app is not None:
            await app(scope, receive, send)
            return
        await fleet.start()
        await django_application({**scope, "fleet": fleet}, receive, send)

    async def live(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        await LiveConsumer(fleet)(scope, receive, send)

    routes: list[Any] = [path("live/v1/ws", live)]  # type: ignore[arg-type]
    if socketio is not None:
        routes.append(path(SOCKETIO_PATH.removeprefix("/"), socketio))  # type: ignore[arg-type]
    application: AsgiApp = ProtocolTypeRouter({"http": http, "websocket": URLRouter(routes)})
    return fleet.drain.around(application)


def bare_apps(fleet: Fleet, fixes: AsgiApp, pair: AsgiApp) -> dict[str, AsgiApp]:
    """Those in front of Django, by path."""
    health = HealthApp(fleet, fleet.drain, read_store=fleet.telemetry.identity, metrics_token=settings.METRICS_TOKEN)
    return {
        "/api/v1/fixes": fixes,
        token_http.PATH: TokenApp(fleet),
        pair_http.PATH: pair,
        **dict.fromkeys(STREAM_PATHS, StreamsApp(fleet)),
        **dict.fromkeys(health.ways, health),
    }


def make_socketio(fleet: Fleet) -> AsgiApp:
    """The only part that needs the package python-socketio."""
    from tracking.transports.socketio_server import SocketIoApp

    return SocketIoApp(fleet)
