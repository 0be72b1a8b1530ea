"""Posting fixes over HTTP."""

import gzip
import json
import time
from typing import Any

import pytest

from tests.transports.conftest import Process
from tracking.domain.errors import Overloaded, Unavailable
from tracking.ingest import writer
from tracking.transports.posting import MAX_INFLATED_BYTES, MAX_SENT_BYTES

NOW_MS = int(time.time() * 1000)


def item(**fields: Any) -> dict[str, Any]:
    return {"vehicle": "van", "fix_time": NOW_MS, "lat": 57.7, "lon": 11.95, **fields}


async def test_an_accepted_fix_is_in_the_store_when_it_is_acknowledged(process: Process) -> None:
    async with process.http() as client:
        response = await client.post("fixes", json=item())
    assert (response.status_code, response.json()) == (200, {"stored": 1, "duplicates": 0, "refused": []})
    van = process.fleet.directory.vehicle_ids["van"]
    assert process.fleet.telemetry.load_track(van, 0, 1 << 41, limit=9) == [(NOW_MS, 57.7, 11.95, None, None, None)]


async def test_a_receipt_accounts_for_every_item(process: Process) -> None:
    async with process.http() as client:
        await client.post("fixes", json=item())
        response = await client.post("fixes", json=[item(), item(vehicle="bus"), item(lat=99), "x"])
    receipt = response.json()
    assert (receipt["stored"], receipt["duplicates"]) == (1, 1)
    assert [(entry["index"], entry["reason"]) for entry in receipt["refused"]] == [
        (2, "lat_out_of_range"),
        (3, "not_an_object"),
    ]


async def test_two_places_at_one_time_are_told_apart_from_a_repetition(process: Process) -> None:
    """The first that is stored stays; the other is refused however often it comes."""
    places = [item(), item(lat=58.2), item(lat=99), item(vehicle="bus")]
    async with process.http() as client:
        receipts = [(await client.post("fixes", json=places)).json() for _ in range(2)]
    assert [(receipt["stored"], receipt["duplicates"]) for receipt in receipts] == [(2, 0), (0, 2)]
    for receipt in receipts:
        told = [(entry["index"], entry["reason"]) for entry in receipt["refused"]]
        assert told == [(1, "time_taken"), (2, "lat_out_of_range")]
    van = process.fleet.directory.vehicle_ids["van"]
    assert process.fleet.telemetry.load_track(van, 0, 1 << 41, limit=9) == [(NOW_MS, 57.7, 11.95, None, None, None)]


async def test_ndjson_and_gzip_are_taken(process: Process) -> None:
    lines = "\n".join(json.dumps(item(fix_time=NOW_MS + i)) for i in range(3))
    headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
    async with process.http() as client:
        response = await client.post("fixes", content=gzip.compress(lines.encode()), headers=headers)
    assert response.json()["stored"] == 3


async def test_nan_is_refused_by_its_own_reason(process: Process) -> None:
    async with process.http() as client:
        response = await client.post("fixes", content=json.dumps([item(speed_mps=float("nan")), item()]))
    receipt = response.json()
    assert (receipt["stored"], receipt["refused"][0]["reason"]) == (1, "not_finite")


async def test_a_device_needs_no_vehicle_name(process: Process) -> None:
    nameless = item()
    del nameless["vehicle"]
    async with process.http("van") as client:
        assert (await client.post("fixes", json=nameless)).json()["stored"] == 1


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"content": b"{"}, 400, "bad_json"),
        ({"content": b"[" + b"{}," * 1_000 + b"{}]"}, 413, "too_many_fixes"),
        ({"content": b" " * (MAX_SENT_BYTES + 1)}, 413, "too_large"),
        (
            {"content": gzip.compress(b" " * (MAX_INFLATED_BYTES + 1)), "headers": {"Content-Encoding": "gzip"}},
            413,
            "too_large",
        ),
        ({"content": b"no gzip", "headers": {"Content-Encoding": "gzip"}}, 400, "bad_gzip"),
        ({"content": gzip.compress(b"{}")[:-5], "headers": {"Content-Encoding": "gzip"}}, 400, "bad_gzip"),
        ({"content": b"{}", "headers": {"Content-Encoding": "br"}}, 415, "bad_encoding"),
    ],
)
async def test_a_bad_request_gets_a_problem_document(
    process: Process, options: dict[str, Any], status: int, code: str
) -> None:
    async with process.http() as client:
        response = await client.post("fixes", **options)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert (response.json()["status"], response.json()["code"]) == (status, code)


async def test_a_body_without_a_length_is_bounded_too(process: Process) -> None:
    async def endless() -> Any:
        for _ in range(MAX_SENT_BYTES // 65_536 + 2):
            yield b" " * 65_536

    async with process.http() as client:
        assert (await client.post("fixes", content=endless())).status_code == 413


@pytest.mark.parametrize("token", [None, "invented", ""])
async def test_only_devices_may_post(process: Process, token: str | None) -> None:
    async with process.http(token) as client:
        response = await client.post("fixes", json=item())
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


async def test_only_post_is_spoken(process: Process) -> None:
    async with process.http() as client:
        response = await client.get("fixes")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["/api/v1/fixes", "/in/unknown"])
async def test_a_stranger_is_refused_after_the_body(process: Process, path: str) -> None:
    """A server ends the connection of a body that nobody reads, perhaps before the answer has arrived."""
    parts = [{"type": "http.request", "body": b"[", "more_body": True}, {"type": "http.request", "body": b"]"}]
    happened: list[str] = []

    async def receive() -> dict[str, Any]:
        happened.append("read")
        return parts.pop(0)

    async def send(message: Any) -> None:
        happened.append(str(message.get("status", "sent")))

    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b"", "client": ("::1", 1)}
    await process.application(scope, receive, send)
    assert happened == ["read", "read", "401", "sent"]


async def test_a_new_token_and_a_new_vehicle_work_at_once(process: Process) -> None:
    from asgiref.sync import sync_to_async

    from tracking.models import DeviceToken, Vehicle

    def make() -> str:
        token = DeviceToken(vehicle=Vehicle.objects.create(slug="new", name="New"))
        secret = token.renew_secret()
        token.save()
        return secret

    async with process.http() as client:
        assert (await client.post("fixes", json=item(vehicle="new"))).json()["refused"][0][
            "reason"
        ] == "unknown_vehicle"
    secret = await sync_to_async(make)()
    async with process.http(secret) as client:
        response = await client.post("fixes", json=item(vehicle="new"))
    assert response.json()["stored"] == 1


async def test_a_full_queue_answers_busy_and_keeps_nothing(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_WAITING_FIXES", 1)
    async with process.http() as client:
        response = await client.post("fixes", json=[item(), item(vehicle="bus")])
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        assert (await client.post("fixes", json=item())).json()["stored"] == 1


@pytest.mark.parametrize(
    ("error", "status"), [(Unavailable("disk full"), 503), (Overloaded("full"), 503), (RuntimeError("bug"), 500)]
)
async def test_a_failing_store_is_told_and_the_next_post_works(
    process: Process, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*args: Any, **options: Any) -> Any:
        raise error

    monkeypatch.setattr(writer, "GIVE_UP_AFTER_S", 0.0)
    async with process.http() as client:
        with monkeypatch.context() as broken:
            broken.setattr(writer, "commit", fail)
            assert (await client.post("fixes", json=item())).status_code == status
        assert (await client.post("fixes", json=item())).json() == {"stored": 1, "duplicates": 0, "refused": []}


async def test_one_request_that_breaks_a_commit_spares_the_others(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    real = writer.commit

    def picky(transaction: Any, batches: Any, **options: Any) -> Any:
        if any(fix.lat == 1.0 for batch in batches for fix in batch):
            raise RuntimeError("bug")
        time.sleep(0.02)
        return real(transaction, batches, **options)

    monkeypatch.setattr(writer, "commit", picky)
    async with process.http() as client:
        posts = [client.post("fixes", json=item(fix_time=NOW_MS + i, lat=float(i == 3))) for i in range(8)]
        statuses = [response.status_code for response in await asyncio.gather(*posts)]
    assert statuses == [200, 200, 200, 500, 200, 200, 200, 200]
