"""The track as it lies in the store: what JSON tells, in sealed hours that nobody unpacks on the way."""

import struct
import time
from typing import NamedTuple

import httpx
import pytest

from tests.api.conftest import HAGA_LON, Fleet
from tests.api.test_sealed_past import seal_all
from tracking.api import packed_track
from tracking.domain.columns import Columns
from tracking.domain.sealed_hour import decode_hour
from tracking.storage.records import track_row
from tracking.wire.rfc3339 import encode_time, encode_times

DAY = {"from": "2026-01-01T08:30:00Z", "to": "2026-01-01T12:20:00Z"}


class Packed(NamedTuple):
    """As a reader of the byte table has it; `begins`: the rows before which a line ends."""

    limited: bool
    columns: Columns
    begins: list[int]
    fixes: int
    tolerance_m: float


def unpack(packed: bytes) -> Packed:
    assert packed[:3] == b"FT\x01"
    at, rows, parts, begins = 4, 0, [], []
    while packed[at] != 2:
        kind, size = struct.unpack_from("<BI", packed, at)
        parts.append(decode_hour(packed[at + 5 : at + 5 + size]))
        begins += [rows] if kind == 1 else []
        rows += len(parts[-1].times)
        at += 5 + size
    fixes, tolerance_m = struct.unpack("<Id", packed[at + 1 :])
    return Packed(bool(packed[3] & 1), Columns.joined(parts), begins, fixes, tolerance_m)


async def ask(fleet: Fleet, format_: str, user: str = "chief", *, etag: str = "", **params: str) -> httpx.Response:
    async with fleet.as_user(user) as client:
        headers = {"If-None-Match": etag} if etag else {}
        query = {**DAY, "format": format_, **params}
        return await client.get("vehicles/bus-1/track", params=query, headers=headers)


async def assert_same_track(fleet: Fleet, user: str = "chief", **params: str) -> Packed:
    """As JSON tells it."""
    told = (await ask(fleet, "json", user, **params)).json()
    packed = await ask(fleet, "packed", user, **params)
    assert packed.headers["content-type"] == "application/vnd.fleet.track"
    found = unpack(packed.content)
    columns = ([None if one == -1 else one for one in column.tolist()] for column in found.columns[3:])
    rows = zip(*(column.tolist() for column in found.columns[:3]), *columns, strict=True)
    times = encode_times(found.columns.times.tolist())
    assert [[said, *track_row(*row)[1:]] for said, row in zip(times, rows, strict=True)] == told["rows"]
    assert (found.limited, found.fixes) == (told["limited_to_regions"], told["fixes"])
    return found


def drive(fleet: Fleet) -> None:
    """From 8:50 to 11:10, a fix each 20 s, with ten minutes of silence; sealed, but for what comes later."""
    seconds = [*range(-600, 3_300, 20), *range(3_900, 7_800, 20)]
    fleet.store(*(fleet.make_fix(at_s=s, lat=57.69 + s / 1e6, lon=HAGA_LON, speed_mps=s % 13 / 2) for s in seconds))
    seal_all(fleet)


@pytest.mark.parametrize("blobs", [1, 48])
async def test_sealed_hours_late_fixes_and_hot_ones_are_one_track(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, blobs: int
) -> None:
    """However many hours are read at once. The range begins and ends within hours."""
    monkeypatch.setattr(packed_track, "BLOBS", blobs)
    drive(fleet)
    sealed = await assert_same_track(fleet)
    fleet.store(fleet.make_fix(at_s=3_610), fleet.make_fix(at_s=9_000), fleet.make_fix(at_s=11_000))
    mixed = await assert_same_track(fleet)
    assert (sealed.begins, mixed.fixes) == ([0], sealed.fixes + 3)
    await assert_same_track(fleet, **{"from": "2026-01-01T09:10:00Z", "to": "2026-01-01T09:40:00Z"})


async def test_blobs_are_handed_on_as_they_lie_in_the_store(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """No fix of them is read."""
    drive(fleet)
    whole_hours = {"from": "2026-01-01T08:00:00Z", "to": "2026-01-01T12:00:00Z"}
    monkeypatch.setattr("tracking.api.packed_track.encode_hour", None)
    monkeypatch.setattr("tracking.storage.history.decode_hour", None)
    packed = (await ask(fleet, "packed", **whole_hours)).content
    vehicle = fleet.make_fix("bus-1").vehicle
    for hour in fleet.telemetry.load_hours(vehicle, 0, 1 << 40, limit=9):
        assert hour.blob in packed


async def test_what_is_left_out_is_told(fleet: Fleet) -> None:
    """Lines begin where they do in the whole track: a long leg is no silence there."""
    drive(fleet)
    few = await assert_same_track(fleet, max_points="20")
    assert len(few.columns.times) <= 20 < few.fixes
    assert len(few.begins) == 2
    assert few.tolerance_m > 0
    assert (await assert_same_track(fleet, max_points="2000")).tolerance_m != 0


async def test_a_limited_reader_gets_lines_that_end(fleet: Fleet) -> None:
    outside_lon = HAGA_LON + 0.03  # near enough to be driven to in a minute: no spike
    lons = [HAGA_LON, HAGA_LON, outside_lon, HAGA_LON, HAGA_LON]
    fleet.store(*(fleet.make_fix(at_s=60 * minute, lon=lon) for minute, lon in enumerate(lons)))
    assert (await assert_same_track(fleet, "haga")).begins == [0, 2]


@pytest.mark.parametrize("form", ["packed", "json"])
async def test_what_is_sealed_may_be_kept_and_a_late_fix_changes_it(fleet: Fleet, form: str) -> None:
    drive(fleet)
    first = await ask(fleet, form)
    again = await ask(fleet, form, etag=first.headers["etag"])
    assert first.headers["cache-control"] == again.headers["cache-control"] == "private, max-age=3600, immutable"
    assert (again.status_code, again.content) == (304, b"")
    fleet.store(fleet.make_fix(at_s=3_610))
    late = await ask(fleet, form, etag=first.headers["etag"])
    assert (late.status_code, late.headers["cache-control"]) == (200, "private, max-age=60")
    recent = encode_time(time.time_ns() // 1_000_000 - 60_000)
    assert (await ask(fleet, form, to=recent)).headers["cache-control"] == "private, max-age=60"


async def test_what_is_sealed_may_be_kept_once_the_hours_beside_are(fleet: Fleet) -> None:
    """They have a say in the distance; packed tracks have none."""
    drive(fleet)
    fleet.store(fleet.make_fix(at_s=7_205))
    told, packed = [await ask(fleet, form, to="2026-01-01T11:00:00Z") for form in ("json", "packed")]
    assert told.headers["cache-control"] == "private, max-age=60"
    assert packed.headers["cache-control"] == "private, max-age=3600, immutable"
