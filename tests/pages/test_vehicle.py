"""A vehicle's page, over a real store: who sees it, who pairs and revokes."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.transports.conftest import Process, layer, process
from tracking.domain.duty import Switch
from tracking.models import DeviceToken, PairingCode
from tracking.pages.phone_apps import PHONE_APPS, PhoneApp, settings_of
from tracking.storage.duty import keep_switches

__all__ = ["layer", "process"]

PHONES = (Path(__file__).parents[2] / "docs" / "phones.md").read_text()


def browser(process: Process, user: str | None) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=process.application)
    cookies = {} if user is None else {"sessionid": process.sessions[user]}
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies)


async def submit(client: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """A form of the page, as it was loaded before."""
    token = (await client.get("/admin/login/", follow_redirects=True)).cookies.get("csrftoken", "")
    token = token or client.cookies["csrftoken"]
    form = {"csrfmiddlewaretoken": token, **fields}
    return await client.post(path, data=form, headers={"Referer": "http://localhost/"})


@pytest.fixture
async def boss(process: Process) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(process, "boss") as client:
        yield client


@pytest.fixture
async def limited(process: Process) -> AsyncIterator[httpx.AsyncClient]:
    """May watch West; the van is there."""
    async with process.http("van") as van:
        await van.post("fixes", json={"fix_time": int(time.time() * 1000), "lat": 57.5, "lon": 11.5, "speed_mps": 9})
    async with browser(process, "west") as client:
        yield client


async def test_a_stranger_is_asked_to_log_in(process: Process) -> None:
    async with browser(process, None) as client:
        assert (await client.get("/vehicles/van")).headers["location"] == "/login/?next=/vehicles/van"


async def test_the_page_shows_what_is_known(limited: httpx.AsyncClient, process: Process) -> None:
    """The latest state and the devices; making and revoking is for those who may."""
    page = (await limited.get("/vehicles/van")).text
    for shown in ("Van", "moving", "57.50000, 11.50000", "<b>van</b>", "last seen", "/refusals?vehicle=van"):
        assert shown in page
    assert "Pair a phone" not in page and "Revoke" not in page


async def test_a_vehicle_that_one_may_not_see_is_not_there(limited: httpx.AsyncClient) -> None:
    for path in ("/vehicles/bus", "/vehicles/ghost"):
        assert (await limited.get(path)).status_code == 404


async def test_a_device_that_is_connected_is_shown_so(boss: httpx.AsyncClient, process: Process) -> None:
    socket = await process.connect(headers=[(b"authorization", f"Bearer {process.tokens['van']}".encode())])
    await socket.say(type="hello")
    await socket.hear("welcome")
    assert "connected</span> since" in (await boss.get("/vehicles/van")).text


async def test_what_was_heard_of_a_device_is_shown(boss: httpx.AsyncClient, process: Process) -> None:
    """Its app, its last fix, and a battery that is low."""
    now_s = int(time.time())
    for token in ("van", "gateway"):
        query = f"lat=57.5&lon=11.5&timestamp={now_s}&speed_mps=9&batt=12&id=van"
        async with browser(process, None) as phone:
            assert (await phone.get(f"/in/{process.tokens[token]}?{query}")).status_code == 200
    await asyncio.to_thread(process.fleet.sightings.stop)
    page = (await boss.get("/vehicles/van")).text
    assert page.count('class="mark is-amber">battery 12 %</span> at') == 2
    assert page.count("OsmAnd, last fix") == 2 and "Gateways that post for it" in page


async def test_off_duty_is_shown(boss: httpx.AsyncClient, process: Process) -> None:
    device = await DeviceToken.objects.aget(label="van")
    now_ms = time.time_ns() // 1_000_000
    await sync_to_async(keep_switches)([Switch(now_ms, True)], vehicle=1, device=device.pk, now_ms=now_ms)
    await process.fleet.start()
    await process.fleet.refresh_office()
    assert "off duty since" in (await boss.get("/vehicles/van")).text


async def test_a_pairing_code_is_shown_once_as_code_link_and_picture(boss: httpx.AsyncClient) -> None:
    page = await submit(boss, "/vehicles/van/pair", whose="Anna")
    assert "no-store" in page.headers["cache-control"]
    code = re.search(r'<p class="code">(\w{4})-(\w{4})</p>', page.text)
    assert code is not None
    assert f"http://localhost/drive#pair={code[1]}{code[2]}" in page.text and "<svg" in page.text
    kept = await PairingCode.objects.aget()
    assert (kept.label, kept.vehicle_id) == ("phone of Anna", 1)
    assert code[1] not in (await boss.get("/vehicles/van")).text


@pytest.mark.parametrize("app", PHONE_APPS, ids=lambda app: app.key)
async def test_the_settings_of_an_app_have_a_token_of_their_own(boss: httpx.AsyncClient, app: PhoneApp) -> None:
    page = (await submit(boss, "/vehicles/van/apps", app=app.key)).text
    token = await DeviceToken.objects.aget(label=f"{app.name} of Van")
    assert token.vehicle_id == 1
    assert f'<h2 id="app-title">{app.name}</h2>' in page and "http://localhost/in" in page


@pytest.mark.parametrize("app", PHONE_APPS, ids=lambda app: app.key)
def test_the_settings_are_those_of_the_manual(app: PhoneApp) -> None:
    made = settings_of(app, site="https://fleet.example.org", token="TOKEN", vehicle="van")
    for setting in made:
        if setting.is_copied and setting.value != "van":
            assert setting.value in PHONES


async def test_an_app_that_is_not_there_is_refused(boss: httpx.AsyncClient) -> None:
    assert (await submit(boss, "/vehicles/van/apps", app="nothing")).status_code == 400


async def test_a_device_is_revoked(boss: httpx.AsyncClient) -> None:
    device = await DeviceToken.objects.aget(label="van")
    answer = await submit(boss, f"/vehicles/van/devices/{device.pk}/revoke")
    assert (answer.status_code, answer.headers["location"]) == (302, "/vehicles/van")
    await device.arefresh_from_db()
    assert device.revoked_at is not None
    assert "No device of its own. A gateway may post for it." in (await boss.get("/vehicles/van")).text


async def test_a_device_of_another_vehicle_is_not_revoked_here(boss: httpx.AsyncClient) -> None:
    device = await DeviceToken.objects.aget(label="van")
    assert (await submit(boss, f"/vehicles/bus/devices/{device.pk}/revoke")).status_code == 404


@pytest.mark.parametrize(
    ("path", "permission"),
    [("pair", "add_devicetoken"), ("apps", "add_devicetoken"), ("devices/{id}/revoke", "change_devicetoken")],
)
async def test_what_changes_something_takes_its_permission(
    limited: httpx.AsyncClient, process: Process, path: str, permission: str
) -> None:
    """Staff or not; and a vehicle that one may see."""
    device = await DeviceToken.objects.aget(label="van")
    address, fields = path.format(id=device.pk), {"app": "osmand"}
    assert (await submit(limited, f"/vehicles/van/{address}", **fields)).status_code == 403
    user = await User.objects.aget(username="west")
    await user.user_permissions.aadd(await Permission.objects.aget(codename=permission))
    assert (await submit(limited, f"/vehicles/van/{address}", **fields)).status_code in {200, 302}
    assert (await submit(limited, f"/vehicles/bus/{address}", **fields)).status_code == 404


async def test_a_foreign_form_makes_nothing(process: Process, boss: httpx.AsyncClient) -> None:
    assert (await boss.post("/vehicles/van/pair", data={"whose": "Eve"})).status_code == 403
    assert await PairingCode.objects.acount() == 0


@pytest.mark.django_db
def test_the_page_takes_a_post_where_it_makes_something(client: Client, user: User) -> None:
    client.force_login(user)
    for path in ("pair", "apps", "devices/1/revoke"):
        assert client.get(f"/vehicles/van/{path}").status_code == 405
