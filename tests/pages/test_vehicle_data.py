"""The page on which all that is known of a vehicle is taken out or erased."""

from collections.abc import AsyncIterator

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from tests.pages.test_vehicle import browser, submit
from tests.transports.conftest import Process, layer, process
from tests.transports.test_websocket import item, post
from tracking.models import Look, Vehicle
from tracking.storage import erasing

__all__ = ["layer", "process"]

PAGE = "/vehicles/van/data"


@pytest.fixture
async def boss(process: Process, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setattr(erasing, "SERVERS_LOOK_WITHIN_S", 0)
    await post(process, *(item(number) for number in range(3)))
    async with browser(process, "boss") as client:
        yield client


async def test_the_page_says_what_is_known(boss: httpx.AsyncClient) -> None:
    page = (await boss.get(PAGE)).text
    assert "<dt>Fixes</dt><dd>3</dd>" in page and "<dt>Messages</dt><dd>0</dd>" in page
    assert 'href="/api/v1/vehicles/van/export"' in page and "Type van to confirm" in page


async def test_the_vehicles_page_leads_there(boss: httpx.AsyncClient, process: Process) -> None:
    assert f'href="{PAGE}"' in (await boss.get("/vehicles/van")).text
    async with browser(process, "west") as client:
        assert f'href="{PAGE}"' not in (await client.get("/vehicles/van")).text
        assert (await client.get(PAGE)).status_code == 403


async def test_another_word_erases_nothing(boss: httpx.AsyncClient) -> None:
    answer = await submit(boss, "/vehicles/van/erase", confirm="bus")
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert await sync_to_async(Vehicle.objects.get)(slug="van", active=True)


async def test_the_slug_erases_all(boss: httpx.AsyncClient) -> None:
    """What there was stays on the screen, once."""
    answer = await submit(boss, "/vehicles/van/erase", confirm=" van ")
    assert answer.status_code == 200
    assert "Van was erased" in answer.text and "<dt>Fixes</dt><dd>3</dd>" in answer.text
    assert not await sync_to_async(Vehicle.objects.filter(slug="van").exists)()
    assert await sync_to_async(Look.objects.filter(kind="erase", who="boss", vehicle="van").exists)()
    assert (await boss.get(PAGE)).status_code == 404


async def test_staff_without_the_permission_may_not_erase(boss: httpx.AsyncClient) -> None:
    await sync_to_async(User.objects.filter(username="boss").update)(is_superuser=False)
    assert (await boss.get(PAGE)).status_code == 403
