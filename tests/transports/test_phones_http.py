"""Phone apps at `/in/{token}`."""

import asyncio
import gzip
import json
import time
from base64 import b64encode
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from tests.transports.conftest import Process
from tests.wire.phone_samples import SAMPLES, Sample
from tracking.ingest import minutes, writer
from tracking.storage.refusals import load_tallies
from tracking.transports.posting import MAX_SENT_BYTES

NOW_S = int(time.time())
NOW_MS = NOW_S * 1000
ISO = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW_S))
QUERY = f"lat=57.7&lon=11.95&timestamp={NOW_S}"
OWNTRACKS = {"_type": "location", "lat": 57.7, "lon": 11.95, "tst": NOW_S, "vel": 36}
FEATURE = {"geometry": {"type": "Point", "coordinates": [11.95, 57.7]}, "properties": {"timestamp": ISO, "speed": 10}}
COORDS = {"latitude": 57.7, "longitude": 11.95, "speed": 10, "heading": -1, "accuracy": -1}


def phone(process: Process, **options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=process.application), base_url="http://localhost", **options
    )


def door(process: Process, token: str = "van") -> str:
    return f"/in/{process.tokens[token]}"


def track(process: Process, slug: str = "van") -> list[Any]:
    return process.fleet.telemetry.load_track(process.fleet.directory.vehicle_ids[slug], 0, 1 << 41, limit=99)


@pytest.mark.parametrize(
    ("query", "options", "reply"),
    [
        (f"?{QUERY}&speed_mps=10", {}, "OK\n"),
        ("", {"content": f"{QUERY}&speed=19.438444924406"}, "OK\n"),
        (f"?{QUERY}&spd_kph=36", {}, "OK\n"),
        ("", {"json": {"location": {"timestamp": ISO, "coords": COORDS}, "device_id": "1"}}, "OK\n"),
        ("", {"json": OWNTRACKS}, "[]"),
        ("", {"json": {"locations": [FEATURE]}}, '{"result":"ok"}'),
    ],
    ids=["osmand", "osmand form", "gpslogger", "traccar", "owntracks", "overland"],
)
async def test_each_app_is_answered_as_it_expects_when_its_fix_is_on_disk(
    process: Process, query: str, options: dict[str, Any], reply: str
) -> None:
    async with phone(process) as client:
        response = await client.post(door(process) + query, **options)
    assert (response.status_code, response.text) == (200, reply)
    assert track(process) == [(NOW_MS, 57.7, 11.95, 10.0, None, None)]


async def test_every_request_of_the_tables_succeeds(process: Process) -> None:
    """The head of a phone's queue never stays, whether it was stored, refused or passed over."""
    async with phone(process) as client:

        async def answer(sample: Sample) -> tuple[int, bytes]:
            response = await client.post(f"{door(process)}?{sample.query}", content=sample.body)
            return response.status_code, response.content

        assert [await answer(sample) for sample in SAMPLES] == [(200, sample.reply) for sample in SAMPLES]


async def test_what_is_not_stored_is_counted(process: Process) -> None:
    async with phone(process) as client:
        await client.get(f"{door(process)}?lat=0&lon=0&timestamp={NOW_S}")
        await client.post(door(process), json={"_type": "lwt", "tst": NOW_S})
        await client.post(door(process), content="{")
    counters = process.fleet.counters
    assert counters.fixes_refused == {"no_position": 1, "bad_json": 1}
    assert (counters.passed_over, counters.phone_requests) == ({"lwt": 1}, {"osmand": 1, "owntracks": 1, "unknown": 1})


async def test_a_refused_fix_of_a_phone_leaves_a_trace(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the office, since the phone was told success and has forgotten it."""
    monkeypatch.setattr(minutes, "KEEP_EVERY_S", 0.01)
    async with phone(process) as client:
        await client.get(f"{door(process)}?lat=0&lon=0&timestamp={NOW_S}")
        await client.get(f"{door(process, 'gateway')}?{QUERY}&id=ghost")
    async with asyncio.timeout(5):
        while len(kept := await sync_to_async(load_tallies)(vehicles=None, limit=9)) < 2:
            pass
    assert sorted((tally.device, tally.origin.named, tally.origin.reason) for tally in kept) == [
        ("gateway", "ghost", "unknown_vehicle"),
        ("van", "van", "no_position"),
    ]


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'anna:{secret}'.encode()).decode()}"}


@pytest.mark.parametrize("path", ["/in", "/in/"])
async def test_the_token_may_come_in_a_header(process: Process, path: str) -> None:
    """As the password of Basic, with any user, or as Bearer."""
    token = process.tokens["van"]
    async with phone(process) as client:
        for headers in (basic(token), {"Authorization": f"Bearer {token}"}):
            assert (await client.post(path, json=OWNTRACKS, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/in/invented", {}),
        ("/in", {}),
        ("/in/", basic("invented")),
        ("/in/", basic("")),
        ("/in/", {"Authorization": "Basic %%%"}),
        ("/in/", {"Authorization": "Basic gA=="}),
        ("/in/", {"Authorization": "Digest x"}),
        ("/in/%C3%A9%00", {}),
    ],
)
async def test_a_wrong_credential_is_told(process: Process, path: str, headers: dict[str, str]) -> None:
    async with phone(process) as client:
        response = await client.post(path, json=OWNTRACKS, headers=headers)
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response.headers["www-authenticate"] == 'Basic realm="Fleet"'


async def test_a_wrong_token_in_the_address_is_not_mended_by_a_header(process: Process) -> None:
    async with phone(process) as client:
        response = await client.post("/in/invented", json=OWNTRACKS, headers=basic(process.tokens["van"]))
    assert response.status_code == 401


async def test_a_store_that_is_away_makes_the_phone_wait(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_WAITING_FIXES", 0)
    async with phone(process) as client:
        response = await client.post(door(process), json=OWNTRACKS)
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")


async def test_a_phones_own_name_counts_only_at_a_gateway(process: Process) -> None:
    """A device has its vehicle; of a gateway's phones each is called as its vehicle's slug."""
    async with phone(process) as client:
        await client.get(f"{door(process)}?{QUERY}&id=48241179")
        await client.get(f"{door(process, 'gateway')}?{QUERY}&id=bus")
        await client.get(f"{door(process, 'gateway')}?{QUERY}&id=ghost")
        await client.get(f"{door(process, 'gateway')}?{QUERY}")
    assert (len(track(process)), len(track(process, "bus"))) == (1, 1)
    assert process.fleet.counters.fixes_refused == {"unknown_vehicle": 1, "vehicle_missing": 1}


async def test_bodies_are_bounded_and_inflated_as_at_the_other_door(process: Process) -> None:
    async with phone(process) as client:
        packed = gzip.compress(json.dumps(OWNTRACKS).encode())
        response = await client.post(door(process), content=packed, headers={"Content-Encoding": "gzip"})
        assert (response.status_code, len(track(process))) == (200, 1)
        large = await client.post(door(process), content=b" " * (MAX_SENT_BYTES + 1))
        assert (large.status_code, large.json()["code"]) == (413, "too_large")


async def test_what_no_app_asks_is_not_spoken(process: Process) -> None:
    async with phone(process) as client:
        response = await client.delete(door(process))
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST, PUT")
