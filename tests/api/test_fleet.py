"""The fleet at a past moment, and over a span of time."""

import struct
from itertools import pairwise
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from tests.api.conftest import HAGA_LON, Fleet, assert_is_problem
from tracking.models import Vehicle
from tracking.storage.office import load_directory

BESIDE_LON = HAGA_LON + 0.05  # 3 km, which a minute's drive can make
AT = "2026-01-01T09:00:05Z"
HOUR = {"from": "2026-01-01T09:00:00Z", "to": "2026-01-01T10:00:00Z"}


async def ask(fleet: Fleet, path: str, *, user: str = "chief", **params: Any) -> Any:
    async with fleet.as_user(user) as client:
        response = await client.get(path, params=params)
    assert response.status_code == 200, response.text
    return response.json()


async def test_everybody_is_where_they_were(fleet: Fleet) -> None:
    """Between two fixes on the way between them, after the last one at it."""
    fleet.store(
        fleet.make_fix("bus-1"), fleet.make_fix("bus-1", at_s=10, lat=57.70, speed_mps=9), fleet.make_fix("truck")
    )
    moment = await ask(fleet, "fleet/at", time=AT)
    assert [(one["vehicle"], one["lat"], one["between"]) for one in moment["vehicles"]] == [
        ("bus-1", 57.695, True),
        ("truck", 57.69, False),
    ]
    assert moment["vehicles"][0]["fix_time"] == "2026-01-01T09:00:00.000Z"


async def test_who_was_silent_for_longer_is_left_out(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix("bus-1", at_s=-60), fleet.make_fix("truck"))
    assert [one["vehicle"] for one in (await ask(fleet, "fleet/at", time=AT, within_s=30))["vehicles"]] == ["truck"]


async def test_a_limited_reader_sees_who_was_in_their_regions_then(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("truck", lon=BESIDE_LON))
    fleet.store(fleet.make_fix("bus-1", at_s=60, lon=BESIDE_LON), fleet.make_fix("truck", at_s=60))
    assert [one["vehicle"] for one in (await ask(fleet, "fleet/at", user="haga", time=AT))["vehicles"]] == ["bus-1"]
    later = await ask(fleet, "fleet/at", user="haga", time="2026-01-01T09:01:30Z")
    assert ([one["vehicle"] for one in later["vehicles"]], later["limited_to_regions"]) == (["truck"], True)


async def test_a_region_narrows_the_moment(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("truck", lon=BESIDE_LON))
    assert [one["vehicle"] for one in (await ask(fleet, "fleet/at", time=AT, region="haga"))["vehicles"]] == ["bus-1"]


async def test_a_replay_has_one_fix_a_step_and_the_one_before(fleet: Fleet) -> None:
    """Times count from the beginning of the span; who has a fix there needs none before."""
    fleet.store(*(fleet.make_fix(at_s=s, lat=57.69 + s / 1e4) for s in (-30, 1, 5, 12, 3_600)))
    fleet.store(*(fleet.make_fix("truck", at_s=s) for s in (-30, 0)))
    replay = await ask(fleet, "fleet/replay", step_s=10, **HOUR)
    assert replay["tracks"] == [
        {
            "vehicle": "bus-1",
            "time_s": [-30.0, 1.0, 12.0],
            "lat_e5": [5_768_700, 5_769_010, 5_769_120],
            "lon_e5": [round(HAGA_LON * 1e5)] * 3,
        },
        {"vehicle": "truck", "time_s": [0.0], "lat_e5": [5_769_000], "lon_e5": [round(HAGA_LON * 1e5)]},
    ]


async def test_a_limited_reader_replays_what_happened_in_their_regions(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix("bus-1"))
    fleet.store(fleet.make_fix("bus-1", at_s=60, lon=BESIDE_LON))
    fleet.store(fleet.make_fix("bus-1", at_s=120))
    (track,) = (await ask(fleet, "fleet/replay", user="haga", step_s=1, **HOUR))["tracks"]
    assert track["time_s"] == [0.0, 120.0]


@pytest.mark.parametrize("user", ["chief", "haga"])
async def test_a_packed_replay_tells_what_json_tells(fleet: Fleet, user: str) -> None:
    fleet.store(
        *(fleet.make_fix(at_s=s, lat=57.69 + s / 1e5) for s in (-30, 1, 5, 12)), fleet.make_fix("truck", at_s=0.5)
    )
    async with fleet.as_user(user) as client:
        told = (await client.get("fleet/replay", params=HOUR)).json()
        packed = await client.get("fleet/replay", params={**HOUR, "format": "packed"})
    assert packed.headers["content-type"] == "application/vnd.fleet.replay"
    assert unpack_replay(packed.content) == (told["step_s"], told["limited_to_regions"], told["tracks"])


async def test_a_packed_replay_has_a_validator_of_its_own(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix("bus-1"))
    async with fleet.as_user("chief") as client:
        etag = (await client.get("fleet/replay", params=HOUR)).headers["etag"]
        packed = {**HOUR, "format": "packed"}
        other = await client.get("fleet/replay", params=packed, headers={"If-None-Match": etag})
        own = await client.get("fleet/replay", params=packed, headers={"If-None-Match": other.headers["etag"]})
    assert (other.status_code, own.status_code) == (200, 304)


def unpack_replay(packed: bytes) -> tuple[int, bool, list[dict[str, Any]]]:
    """As a reader of the byte table has it: seconds of a step, whether it is limited, tracks."""
    magic, version, flags, step_s, vehicles, rows, names = struct.unpack_from("<2sBBIIII", packed)
    assert (magic, version) == (b"FR", 1)
    slugs = packed[20 : 20 + names].decode().split("\n")
    columns = struct.unpack_from(f"<{vehicles + 1 + 3 * rows}i", packed, 20 + -(-names // 4) * 4)
    starts, values = columns[: vehicles + 1], columns[vehicles + 1 :]
    times, lats, lons = values[:rows], values[rows : 2 * rows], values[2 * rows :]
    tracks = []
    for slug, (begin, end) in zip(slugs, pairwise(starts), strict=True):
        time_s = [time_ms / 1000 for time_ms in times[begin:end]]
        tracks.append({"vehicle": slug, "time_s": time_s, "lat_e5": [*lats[begin:end]], "lon_e5": [*lons[begin:end]]})
    return step_s, bool(flags & 1), tracks


async def test_a_closed_span_can_be_kept_and_is_not_sent_again(fleet: Fleet) -> None:
    fleet.store(fleet.make_fix("bus-1"))
    async with fleet.as_user("chief") as client:
        first = await client.get("fleet/replay", params=HOUR)
        again = await client.get("fleet/replay", params=HOUR, headers={"If-None-Match": first.headers["etag"]})
    assert (first.headers["cache-control"], again.status_code) == ("private, max-age=60", 304)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("fleet/at", "time"),
        ("fleet/at?time=noon", "time"),
        (f"fleet/at?time={AT}&within_s=604801", "within_s"),
        (f"fleet/at?time={AT}&region=nowhere", "region"),
        ("fleet/replay?from=2026-01-01T00:00:00Z&to=2026-01-02T01:00:01Z", "to"),
        ("fleet/replay?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&step_s=0", "step_s"),
        ("fleet/replay?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&format=csv", "format"),
    ],
)
async def test_a_parameter_that_cannot_be_used_is_named(fleet: Fleet, path: str, field: str) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.get(path)
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == [field]


async def test_a_replay_of_too_many_cells_is_refused(fleet: Fleet) -> None:
    """It says how many there would be."""
    for slug in ("bus-3", "bus-4", "bus-5"):
        await Vehicle.objects.acreate(slug=slug, name=slug)
    fleet.directory = await sync_to_async(load_directory)()
    day = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z", "step_s": 1}
    async with fleet.as_user("chief") as client:
        response = await client.get("fleet/replay", params=day)
    assert_is_problem(response, 422)
    assert "6 vehicles times 86400 steps are more than 500,000" in response.text
