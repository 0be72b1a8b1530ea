"""A pairing code becomes a device token, once."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from tests.transports.conftest import Process
from tracking.domain.pairing import shown_code
from tracking.models import DeviceToken, PairingCode, Vehicle
from tracking.storage.pairing import issue_code


@pytest.fixture
async def code(process: Process) -> str:
    van = await Vehicle.objects.aget(slug="van")
    return await sync_to_async(issue_code)(van, label="phone of Anna")


async def pair(process: Process, **body: Any) -> httpx.Response:
    async with process.http(None) as stranger:
        return await stranger.post("pair", json=body)


def assert_refused(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_code_becomes_a_token_that_posts(process: Process, code: str) -> None:
    """However it was typed; the token is called as was said when the code was made."""
    answer = await pair(process, code=shown_code(code).lower())
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    paired = answer.json()
    token = paired.pop("token")
    assert paired == {"label": "phone of Anna", "vehicle": "van", "name": "Van", "plate": ""}
    now = timezone.now().isoformat()
    async with process.http(token) as phone:
        stored = await phone.post("fixes", json={"fix_time": now, "lat": 57.5, "lon": 11.5})
    assert stored.json()["stored"] == 1


async def test_a_code_is_good_once(process: Process, code: str) -> None:
    before = await DeviceToken.objects.acount()
    await pair(process, code=code)
    assert_refused(await pair(process, code=code), 410, "code_used")
    assert await DeviceToken.objects.acount() == before + 1


async def test_a_code_is_good_for_a_quarter_of_an_hour(process: Process, code: str) -> None:
    left = (await PairingCode.objects.aget()).expires_at - timezone.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    await PairingCode.objects.aupdate(expires_at=timezone.now())
    assert_refused(await pair(process, code=code), 410, "code_expired")


async def test_a_code_is_kept_only_as_a_digest(process: Process, code: str) -> None:
    kept = await PairingCode.objects.aget()
    assert len(bytes(kept.digest)) == 32
    assert code not in f"{kept.label} {bytes(kept.digest)!r}"


@pytest.mark.parametrize(
    ("body", "status", "refused"),
    [
        ({"code": "AAAA-AAAA"}, 404, "unknown_code"),
        ({"code": "not a code"}, 400, "bad_code"),
        ({"code": 7}, 400, "bad_json"),
        ({}, 400, "bad_json"),
        ({"code": "A" * 2000}, 413, "too_large"),
    ],
)
async def test_what_is_no_good_code_is_told(process: Process, body: Any, status: int, refused: str) -> None:
    assert_refused(await pair(process, **body), status, refused)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 1000])
async def test_what_cannot_be_read_is_told(process: Process, body: bytes) -> None:
    async with process.http(None) as stranger:
        assert_refused(await stranger.post("pair", content=body), 400, "bad_json")


async def test_pairing_takes_a_post(process: Process) -> None:
    async with process.http(None) as stranger:
        answer = await stranger.get("pair")
    assert_refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


async def test_old_codes_are_forgotten(process: Process, code: str) -> None:
    await PairingCode.objects.aupdate(expires_at=timezone.now() - timedelta(days=2))
    await sync_to_async(issue_code)(await Vehicle.objects.aget(slug="bus"), label="another")
    assert [kept.label async for kept in PairingCode.objects.all()] == ["another"]
