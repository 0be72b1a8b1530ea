"""The power fails while fixes are stored in SQLite.

The calls of a real run of the writer, with checkpoints, are recorded. At each of many moments of the run the files are made as a
disk could have left them, and opened by the store. `FLEET_POWER_CUTS` is how many moments (1,000 for a night's run).
"""

import asyncio
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from benchmarks.load.dispatcher import holds
from tests.builders import make_directory
from tests.durability.disk import Disk
from tests.durability.recorder import Call, Recorder
from tests.storage.test_sealing import START_MS, make_fix
from tracking.domain.counters import Counters
from tracking.domain.events import EventKind, Happening
from tracking.domain.fix import Fix
from tracking.domain.sealed_hour import decode_hour
from tracking.ingest.sealing import Sealer
from tracking.ingest.upkeep import Chore, Upkeep, _settle
from tracking.ingest.writer import FixWriter, settle
from tracking.storage import sqlite
from tracking.storage.hot import END_MS, TIME_BITS
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import TelemetryWriter, Transaction

CUTS = int(os.environ.get("FLEET_POWER_CUTS", "60"))
ROUNDS, VEHICLES, SENDERS, MOST_FIXES = 150, 12, 4, 12
CHECKPOINT_PAGES = 60  # so that a short run has many
LEAST_SEALED = 20
FILE = "telemetry.sqlite3"
LONGITUDES = (11.5, 11.9, 12.1, 12.5, 13.5)  # West, West, East, East, nowhere


class Acknowledged(NamedTuple):
    """Stands in the log where the sender has heard it."""

    fixes: set[tuple[int, int]]
    events: set[int]


class WatchedTelemetry(SqliteTelemetry):
    """Notes what is in the store after each commit, before anybody hears of it."""

    def __init__(self, path: Path, *, synchronous: str = "FULL") -> None:
        super().__init__(path)
        self._synchronous = synchronous
        self.states: set[str] = set()

    def _connect(self) -> Any:
        connection = super()._connect()
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        return connection

    def open_writer(self) -> TelemetryWriter:
        writer = super().open_writer()
        plain_transaction = writer.transaction
        self.note_state()

        @contextmanager
        def transaction() -> Iterator[Transaction]:
            with plain_transaction() as inner:
                yield inner
            self.note_state()

        writer.transaction = transaction  # type: ignore[method-assign]
        return writer

    def note_state(self) -> None:
        self.states.add(Content(self).digest)


class Content:
    """All that the store holds, whatever tables it has."""

    def __init__(self, telemetry: SqliteTelemetry) -> None:
        names = [
            name for (name,) in telemetry.read("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        ]
        self.tables = {name: telemetry.read(f"SELECT * FROM {name}") for name in names if name != "meta"}

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(repr(self.tables).encode()).hexdigest()

    @property
    def fixes(self) -> set[tuple[int, int]]:
        """Vehicle and time of each."""
        hot = {(row[0] >> TIME_BITS, row[0] & END_MS) for row in self.tables["fix"]}
        return hot | {
            (row[0], time_ms) for row in self.tables["sealed"] for time_ms in decode_hour(row[5]).times.tolist()
        }

    @property
    def events(self) -> set[int]:
        return {row[0] for row in self.tables["event"]}


class Recording(NamedTuple):
    log: list[Any]
    states: set[str]

    def promised(self, cut: int) -> Acknowledged:
        """By the first `cut` entries of the log."""
        heard = [entry for entry in self.log[:cut] if isinstance(entry, Acknowledged)]
        return Acknowledged(
            {fix for entry in heard for fix in entry.fixes}, {event for entry in heard for event in entry.events}
        )

    def cuts(self, count: int, chance: Random) -> list[int]:
        """Half of them right after an acknowledgement, in order of time."""
        heard = [number + 1 for number, entry in enumerate(self.log) if isinstance(entry, Acknowledged)]
        return sorted(chance.choice(heard) if i % 2 else chance.randint(0, len(self.log)) for i in range(count))


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sqlite, "CHECKPOINT_PAGES", CHECKPOINT_PAGES)
    folder = tmp_path / "recorded"
    folder.mkdir()

    async def run(synchronous: str) -> Recording:
        log: list[Any] = []
        telemetry = WatchedTelemetry(folder / FILE, synchronous=synchronous)
        with Recorder(folder, log).recording():
            telemetry.prepare()
            await drive(telemetry, log)
            telemetry.close()
        return Recording(log, telemetry.states)

    return run


async def drive(telemetry: SqliteTelemetry, log: list[Any]) -> None:
    """Vehicles wander between two regions; fixes come late and twice as well, messages are told, and hours sealed."""
    chance, counters = Random(1), Counters()
    directory = make_directory()
    writer = FixWriter(
        telemetry,
        directory=lambda: directory,
        on_commit=lambda committed: None,
        counters=counters,
        upkeep=Upkeep(
            [
                Chore(partial(_settle, directory=lambda: directory), every_s=0.02),
                Chore(Sealer(closed_ms=3_600_000), every_s=0.02),
            ]
        ),
    )
    writer.open()
    for number in range(ROUNDS):
        await asyncio.gather(*(send(writer, log, some_fixes(chance, number)) for _ in range(SENDERS)))
        if number % 10 == 0:
            await tell(writer, log, vehicle=1 + number % VEHICLES)
    await holds(lambda: count_sealed(telemetry) > LEAST_SEALED)
    await asyncio.to_thread(writer.stop)


def count_sealed(telemetry: SqliteTelemetry) -> int:
    ((hours,),) = telemetry.read("SELECT count(*) FROM sealed")
    return int(hours)


def some_fixes(chance: Random, number: int) -> list[Fix]:
    vehicle, late_s = chance.randint(1, VEHICLES), chance.choice((0, 0, 0, 40))
    return [
        make_fix(vehicle=vehicle, at_s=number * 60 + i - late_s, lon=chance.choice(LONGITUDES), speed_mps=5.0)
        for i in range(chance.randint(1, MOST_FIXES))
    ]


async def send(writer: FixWriter, log: list[Any], fixes: list[Fix]) -> None:
    stored = asyncio.get_running_loop().create_future()
    writer.submit(fixes, partial(settle, stored))
    await stored
    log.append(Acknowledged({(fix.vehicle, fix.fix_time_ms) for fix in fixes}, set()))


async def tell(writer: FixWriter, log: list[Any], *, vehicle: int) -> None:
    event = await writer.append(Happening(EventKind.MESSAGE, vehicle, None, START_MS, {"message": vehicle}))
    log.append(Acknowledged(set(), {event}))


class Survivor(NamedTuple):
    """The store as it opens after the power is back, and what of the promised it lacks."""

    integrity: str
    is_whole: bool
    lost: int


def cut_power(recording: Recording, count: int, folder: Path) -> Iterator[Survivor]:
    """`is_whole`: all tables are as some commit has left them together."""
    chance, disk, done = Random(2), Disk(), 0
    for number, cut in enumerate(recording.cuts(count, chance)):
        disk.run(recording.log[done:cut])
        done = cut
        place = folder / str(number)
        place.mkdir()
        disk.write_out(place, chance)
        if chance.random() < 0.5:
            (place / f"{FILE}-shm").write_bytes(chance.randbytes(32 * 1024))
        yield open_again(place / FILE, recording, cut)


def open_again(path: Path, recording: Recording, cut: int) -> Survivor:
    telemetry = SqliteTelemetry(path)
    telemetry.prepare()
    writer = telemetry.open_writer()
    (integrity,) = telemetry.read("PRAGMA integrity_check")[0]
    content, promised = Content(telemetry), recording.promised(cut)
    lost = len(promised.fixes - content.fixes) + len(promised.events - content.events)
    writer.close()
    telemetry.close()
    return Survivor(integrity, content.digest in recording.states, lost)


async def test_nothing_acknowledged_is_lost_when_the_power_fails(record: Any, tmp_path: Path) -> None:
    """The database is sound, and history, latest states, visits and events are those of one commit."""
    recording = await record("FULL")
    assert sum(call == Call("sync", FILE) for call in recording.log) > 20, "there were checkpoints"
    survivors = list(cut_power(recording, CUTS, tmp_path))
    assert {(survivor.integrity, survivor.is_whole, survivor.lost) for survivor in survivors} == {("ok", True, 0)}


async def test_the_power_cut_finds_commits_that_do_not_wait_for_the_disk(record: Any, tmp_path: Path) -> None:
    """What `synchronous=NORMAL` acknowledges is lost at many moments, so that the other test means something."""
    recording = await record("NORMAL")
    survivors = list(cut_power(recording, CUTS, tmp_path))
    assert {(survivor.integrity, survivor.is_whole) for survivor in survivors} == {("ok", True)}
    assert sum(survivor.lost > 0 for survivor in survivors) > CUTS / 10
