"""Export and erasing of one vehicle over REST, beside a running writer."""

import asyncio
import csv
import io
import json
import random
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission, User

from tests.api.conftest import assert_is_problem, session_of
from tests.transports.conftest import Process, layer, process
from tests.transports.test_websocket import item, post
from tracking.api import portability
from tracking.models import DutySwitch, Look, Message, Vehicle
from tracking.storage import erasing

__all__ = ["layer", "process"]

END_MS = 1 << 41
DATA, EXPORT, ERASE = "vehicles/van/data", "vehicles/van/export", "vehicles/van/erase"
CONFIRMED = {"confirm": "van"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two rows, and nobody waited for."""
    monkeypatch.setattr(portability, "PAGE_ROWS", 2)
    monkeypatch.setattr(erasing, "SERVERS_LOOK_WITHIN_S", 0)


@pytest.fixture
async def boss(process: Process) -> AsyncIterator[httpx.AsyncClient]:
    """Of a fleet whose van has five fixes in West, and whose bus has one."""
    await post(process, *(item(number) for number in range(5)), item(vehicle="bus"))
    await sync_to_async(fill_office)()
    async with browser(process, process.sessions["boss"]) as client:
        yield client


def fill_office() -> None:
    van = Vehicle.objects.get(slug="van")
    now = Look.objects.create(at="2026-01-01T00:00:00Z", kind="track", who="anna", vehicle="van").at
    for number in range(3):
        Message.objects.create(vehicle=van, from_driver=True, key=str(number), text="One\ntwo", sent_at=now)
    DutySwitch.objects.create(vehicle=van, time=now, is_off=True)


def browser(process: Process, session: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=process.application)
    cookies, headers = {"sessionid": session}, {"X-Fleet": "1"}
    return httpx.AsyncClient(transport=transport, base_url="http://localhost/api/v1/", cookies=cookies, headers=headers)


def auditor(*permissions: str) -> str:
    """The session of somebody of the staff."""
    user = User.objects.create_user("auditor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return session_of(user)


def rows_of(archive: ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


def looks() -> list[tuple[str, str]]:
    return list(Look.objects.order_by("pk").values_list("kind", "who"))


def wait_until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        time.sleep(0.01)


async def told(client: httpx.AsyncClient, path: str = DATA) -> dict[str, Any]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_is_known_is_told_in_figures(boss: httpx.AsyncClient) -> None:
    figures = await told(boss)
    names = ("fixes", "visits", "messages", "devices", "duty_switches", "shares", "looks")
    assert [figures[name] for name in names] == [5, 1, 3, 1, 1, 0, 1]
    assert figures["first_time"] < figures["last_time"]
    assert (await told(boss, "vehicles/bus/data"))["fixes"] == 1


async def test_an_export_has_all_of_it_and_the_audit_tells(boss: httpx.AsyncClient, process: Process) -> None:
    """In pages, none of which is lost, or comes twice."""
    answer = await boss.get(EXPORT)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="van.zip"'
    with ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        times = [row["fix_time"] for row in rows_of(archive, "fixes.csv")]
        assert len(set(times)) == 5 and times == sorted(times)
        assert [row["text"] for row in rows_of(archive, "messages.csv")] == ["One\ntwo"] * 3
        assert [row["is_off"] for row in rows_of(archive, "duty.csv")] == ["True"]
        assert json.loads(archive.read("vehicle.json"))["slug"] == "van"
    await asyncio.to_thread(process.fleet.looks.stop)
    assert ("export", "boss") in await sync_to_async(looks)()


async def test_nothing_in_an_export_is_taken_for_a_formula(boss: httpx.AsyncClient) -> None:
    await Message.objects.filter(key="0").aupdate(text="=HYPERLINK(1)")
    with ZipFile(io.BytesIO((await boss.get(EXPORT)).content)) as archive:
        assert next(row["text"] for row in rows_of(archive, "messages.csv")) == "'=HYPERLINK(1)"


def test_an_export_is_made_while_it_is_read() -> None:
    """However much there is, about one page is held."""
    texts = [random.Random(number).randbytes(50_000).hex() for number in range(40)]
    chunks = list(portability.zipped([("fixes.csv", iter(texts))]))
    assert sum(map(len, chunks)) > 2_000_000 and max(map(len, chunks)) < 150_000
    with ZipFile(io.BytesIO(b"".join(chunks))) as archive:
        assert archive.read("fixes.csv").decode() == "".join(texts)


async def test_erasing_leaves_the_others_and_the_audit(boss: httpx.AsyncClient, process: Process) -> None:
    answer = await boss.post(ERASE, json=CONFIRMED)
    assert answer.status_code == 200
    deleted = answer.json()["deleted"]
    assert (deleted["fix"], deleted["message"], deleted["vehicle"]) == (5, 3, 1)
    assert process.fleet.telemetry.load_track(1, 0, END_MS, limit=9) == []
    assert len(process.fleet.telemetry.load_track(2, 0, END_MS, limit=9)) == 1
    assert await sync_to_async(looks)() == [("track", "anna"), ("erase", "boss")]
    assert_is_problem(await boss.get(DATA), 404)
    assert_is_problem(await boss.get("vehicles/van"), 404)
    async with process.http("van") as device:
        refused = await device.post("fixes", json={"fix_time": int(time.time() * 1000), "lat": 57.5, "lon": 11.5})
    assert refused.status_code == 401


@pytest.mark.parametrize("body", [{}, {"confirm": ""}, {"confirm": "bus"}, {"confirm": "van", "why": "asked"}])
async def test_erasing_wants_the_slug_once_more(boss: httpx.AsyncClient, body: dict[str, str]) -> None:
    assert_is_problem(await boss.post(ERASE, json=body), 422)
    assert (await told(boss))["fixes"] == 5


async def test_erasing_goes_on_when_who_asked_has_left(boss: httpx.AsyncClient, process: Process) -> None:
    asking = asyncio.create_task(boss.post(ERASE, json=CONFIRMED))
    await sync_to_async(wait_until)(lambda: looks()[-1][0] == "erase")
    asking.cancel()
    await sync_to_async(wait_until)(lambda: not Vehicle.objects.filter(slug="van").exists())
    assert process.fleet.telemetry.load_track(1, 0, END_MS, limit=9) == []


async def test_whoever_may_not_delete_vehicles_takes_out_alone(boss: httpx.AsyncClient, process: Process) -> None:
    session = await sync_to_async(auditor)("watch_everything")
    async with browser(process, session) as client:
        assert (await client.get(EXPORT)).status_code == 200
        assert_is_problem(await client.post(ERASE, json=CONFIRMED), 403)
    assert (await told(boss))["fixes"] == 5


@pytest.mark.parametrize("permissions", [(), ("delete_vehicle",)])
async def test_staff_that_may_not_watch_everything_takes_out_nothing(
    boss: httpx.AsyncClient, process: Process, permissions: tuple[str, ...]
) -> None:
    session = await sync_to_async(auditor)(*permissions)
    async with browser(process, session) as client:
        answers = [await client.get(DATA), await client.get(EXPORT), await client.post(ERASE, json=CONFIRMED)]
    for answer in answers:
        assert_is_problem(answer, 403)
