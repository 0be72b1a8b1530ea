"""Who may open a live connection by what, and what a withdrawn right does to open ones, in process."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.transports.conftest import HOST, ORIGIN, Process, Socket
from tests.transports.test_websocket import item, post
from tracking.live.limits import CONNECTIONS_OF_USER
from tracking.live.stream_token import LASTS_S
from tracking.models import ApiToken, DeviceToken, Region, RegionAccess

OWN_PAGE = {"Origin": "http://localhost", "X-Fleet": "1"}


def make_api_token(name: str) -> str:
    token = ApiToken(user=User.objects.get(username=name))
    secret = token.renew_secret()
    token.save()
    return secret


async def ask_token(process: Process, **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app=process.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/", **options) as client:
        return await client.post("live/v1/token")


async def stream_token(process: Process, user: str) -> str:
    """As the user's page asks for it."""
    answer = await ask_token(process, headers=OWN_PAGE, cookies={"sessionid": process.sessions[user]})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json()["expires_in_s"] == LASTS_S
    return str(answer.json()["token"])


async def greeted(socket: Socket, **fields: Any) -> dict[str, Any]:
    """What is said to `hello`."""
    await socket.say(type="hello", **fields)
    return await socket.hear()


async def test_a_stream_token_opens_what_its_user_may_see(process: Process) -> None:
    token = await stream_token(process, "west")
    socket = await process.connect()
    welcome = await greeted(socket, token=token)
    assert welcome["type"] == "welcome" and 0 < welcome["expires_in_s"] <= LASTS_S
    await socket.say(type="join", id=1, channel="region:west")
    await socket.say(type="join", id=2, channel="region:east")
    assert [(await socket.hear())["type"] for _ in range(3)] == ["ok", "snapshot", "error"]


async def test_a_fresh_stream_token_prolongs(process: Process) -> None:
    socket = await process.connect()
    await greeted(socket, token=await stream_token(process, "west"))
    await socket.say(type="auth", id=7, token=await stream_token(process, "west"))
    answer = await socket.hear()
    assert (answer["type"], answer["id"], answer["result"]["expires_in_s"] > LASTS_S - 60) == ("ok", 7, True)
    await socket.say(type="auth", token=await stream_token(process, "boss"))
    assert (await socket.hear("bye"))["code"] == 4500


async def test_a_session_says_when_it_ends(process: Process) -> None:
    welcome = await greeted(await process.connect("west"))
    assert welcome["expires_in_s"] > 24 * 3600


async def test_an_api_token_opens_a_stream_and_mints_tokens(process: Process) -> None:
    secret = await sync_to_async(make_api_token)("west")
    bearer = f"Bearer {secret}"
    socket = await process.connect(headers=[(b"authorization", bearer.encode())])
    assert (await greeted(socket))["expires_in_s"] is None
    answer = await ask_token(process, headers={"Authorization": bearer})
    assert (await greeted(await process.connect(), token=answer.json()["token"]))["type"] == "welcome"


@pytest.mark.parametrize(
    ("headers", "has_cookie"),
    [
        ({}, True),
        ({"X-Fleet": "1"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "http://evil.example", "X-Fleet": "1"}, True),
        (OWN_PAGE, False),
        ({"Authorization": "Bearer nonsense"}, True),
    ],
)
async def test_no_token_for_strangers_and_foreign_pages(
    process: Process, headers: dict[str, str], has_cookie: bool
) -> None:
    cookies = {"sessionid": process.sessions["boss"]} if has_cookie else {}
    assert (await ask_token(process, headers=headers, cookies=cookies)).status_code == 401


async def test_neither_devices_nor_stream_tokens_mint_tokens(process: Process) -> None:
    """Else a stolen one would live for ever."""
    for token in (process.tokens["van"], await stream_token(process, "boss")):
        answer = await ask_token(process, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("cookie", [None, b"sessionid=nonsense", b"sessionid="])
async def test_a_made_up_session_opens_nothing(process: Process, cookie: bytes | None) -> None:
    headers = [HOST, ORIGIN] if cookie is None else [ORIGIN, (b"cookie", cookie)]
    assert (await greeted(await process.connect(headers=headers)))["code"] == 4500


def delete_session(process: Process) -> None:
    Session.objects.filter(session_key=process.sessions["west"]).delete()


def change_password(process: Process) -> None:
    user = User.objects.get(username="west")
    user.set_password("another")
    user.save()


def disable(process: Process) -> None:
    User.objects.filter(username="west").update(is_active=False)


WITHDRAWALS = [delete_session, change_password, disable]


@pytest.mark.parametrize("withdraw", WITHDRAWALS)
async def test_a_withdrawn_login_ends_its_connections(process: Process, withdraw: Callable[[Process], None]) -> None:
    """By cookie and by stream token; those of others go on."""
    token = await stream_token(process, "west")
    by_cookie, by_token, other = await process.connect("west"), await process.connect(), await process.connect("boss")
    await by_cookie.join("region:west")
    await greeted(by_token, token=token)
    await other.join("region:west")
    await sync_to_async(withdraw)(process)
    for socket in (by_cookie, by_token):
        assert (await socket.hear("bye"))["code"] == 4505
        assert await socket.closed() == 4505
    await other.say(type="leave", id=2, channel="region:west")
    assert (await other.hear())["id"] == 2
    assert (await greeted(await process.connect(), token=token))["code"] == 4500
    assert (await greeted(await process.connect("west")))["code"] == 4500


@pytest.mark.parametrize("model", [ApiToken, DeviceToken])
async def test_a_revoked_token_ends_its_connections(process: Process, model: Any) -> None:
    secret = process.tokens["van"] if model is DeviceToken else await sync_to_async(make_api_token)("west")
    socket = await process.connect()
    assert (await greeted(socket, token=secret))["type"] == "welcome"
    await sync_to_async(model.objects.update)(revoked_at=timezone.now())
    assert (await socket.hear("bye"))["code"] == 4505


def take_region(process: Process) -> None:
    RegionAccess.objects.all().delete()


def delete_region(process: Process) -> None:
    Region.objects.filter(slug="west").delete()


def rename_region(process: Process) -> None:
    Region.objects.filter(slug="west").update(slug="occident")


@pytest.mark.parametrize(
    ("user", "withdraw", "code"),
    [
        ("west", take_region, "forbidden"),
        ("west", delete_region, "unknown_channel"),
        ("boss", delete_region, "unknown_channel"),
        ("boss", rename_region, "unknown_channel"),
    ],
)
async def test_a_lost_room_is_told_and_silent(
    process: Process, user: str, withdraw: Callable[[Process], None], code: str
) -> None:
    socket = await process.connect(user)
    await socket.join("region:west")
    await sync_to_async(withdraw)(process)
    assert await socket.hear("kick") == {"type": "kick", "channel": "region:west", "code": code}
    assert not any(room.watchers for room in process.fleet.feed.hub.rooms.values())
    await socket.say(type="leave", id=2, channel="region:west")
    assert (await socket.hear("error"))["code"] == "not_joined"


def grant_east(process: Process) -> None:
    RegionAccess.objects.create(user=User.objects.get(username="west"), region=Region.objects.get(slug="east"))


def move_west(process: Process) -> None:
    Region.objects.filter(slug="west").update(polygon=WESTERLY)


def move_east(process: Process) -> None:
    Region.objects.filter(slug="east").update(polygon=WESTERLY)


WESTERLY = {"type": "Polygon", "coordinates": [[[11, 57], [11.9, 57], [11.9, 58], [11, 57]]]}


@pytest.mark.parametrize("change", [grant_east, move_west])
async def test_other_regions_to_watch_are_told_live(process: Process, change: Callable[[Process], None]) -> None:
    """The page then asks for them."""
    socket = await process.connect("west")
    welcome = await greeted(socket)
    await sync_to_async(change)(process)
    mark = (await socket.hear("regions"))["mark"]
    assert mark != welcome["regions"]
    assert (await greeted(await process.connect("west")))["regions"] == mark


async def test_changes_of_regions_that_may_not_be_watched_are_not_told(process: Process) -> None:
    west, boss = await process.connect("west"), await process.connect("boss")
    for socket in (west, boss):
        await greeted(socket)
    await sync_to_async(move_east)(process)
    await boss.hear("regions")
    assert await west.communicator.receive_nothing()


def demote(user: str) -> None:
    User.objects.filter(username=user).update(is_superuser=False)


def promote(user: str) -> None:
    permission = Permission.objects.get(codename="watch_everything")
    User.objects.get(username=user).user_permissions.add(permission)


async def test_more_and_fewer_rights_count_at_once(process: Process) -> None:
    boss, west = await process.connect("boss"), await process.connect("west")
    await boss.join("region:all")
    await west.join("region:west")
    await sync_to_async(promote)("west")
    await sync_to_async(demote)("boss")
    assert (await boss.hear("kick"))["channel"] == "region:all"
    await west.say(type="join", id=5, channel="region:all")
    assert (await west.hear("ok"))["id"] == 5


async def test_a_login_that_is_too_old_ends_its_connections(process: Process) -> None:
    from django.utils.timezone import timedelta

    await sync_to_async(Session.objects.update)(expire_date=timezone.now() + timedelta(seconds=2))
    socket = await process.connect("west")
    assert (await greeted(socket))["expires_in_s"] <= 2
    assert (await socket.hear("bye"))["code"] == 4005
    assert (await greeted(await process.connect("west")))["code"] == 4500


async def test_the_oldest_of_too_many_connections_goes(process: Process) -> None:
    sockets = [await process.connect("boss") for _ in range(CONNECTIONS_OF_USER + 1)]
    for socket in sockets[:-1]:
        assert (await greeted(socket))["type"] == "welcome"
    assert (await greeted(await process.connect("west")))["type"] == "welcome"
    assert (await greeted(sockets[-1]))["type"] == "welcome"
    assert (await sockets[0].hear())["code"] == 4506
    assert await sockets[0].closed() == 4506
    assert await sockets[1].communicator.receive_nothing()


async def test_a_waiting_poll_shows_nothing_that_was_withdrawn_meanwhile(process: Process) -> None:
    """It hears why instead."""
    transport = httpx.ASGITransport(app=process.application)
    cookies = {"sessionid": process.sessions["west"]}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/live/v1/", cookies=cookies) as client:
        cursor = (await client.get("poll?channel=region:west")).json()["cursor"]
        waiting = asyncio.create_task(client.get(f"poll?channel=region:west&wait=20&cursor={cursor}"))
        await has_watcher(process)
        await sync_to_async(take_region)(process)
        await process.fleet.admission.identify_token("a look at the office")
        await post(process, item())
        (message,) = (await waiting).json()["messages"]
    assert message == {"type": "kick", "channel": "region:west", "code": "forbidden"}


async def has_watcher(process: Process) -> None:
    async with asyncio.timeout(5):
        while not any(room.watchers for room in process.fleet.feed.hub.rooms.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), ({"Origin": "http://evil.example"}, 401), ({"Sec-Fetch-Site": "cross-site"}, 401)],
)
async def test_a_cookie_counts_for_pages_of_this_site(process: Process, headers: dict[str, str], status: int) -> None:
    transport = httpx.ASGITransport(app=process.application)
    cookies = {"sessionid": process.sessions["west"]}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/live/v1/", cookies=cookies) as client:
        assert (await client.get("poll?channel=region:west", headers=headers)).status_code == status


async def test_only_a_stream_token_may_stand_in_an_address(process: Process) -> None:
    transport = httpx.ASGITransport(app=process.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/live/v1/") as client:
        tokens = [await stream_token(process, "west"), await sync_to_async(make_api_token)("west")]
        answers = [await client.get("poll", params={"channel": "region:west", "token": token}) for token in tokens]
    assert [answer.status_code for answer in answers] == [200, 401]
