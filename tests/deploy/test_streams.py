"""Streams without a WebSocket behind a proxy: each answer may come from another process."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from typing import Any

import httpx
import pytest

from benchmarks.load.dispatcher import Picture, newest_of
from scripts.support.children import LOOPBACK
from tests.deploy.site import Site

CHANNEL = "region:all"
ROUNDS = 6
WITHIN_S = 60.0


@pytest.fixture
def doors(large_site: Site) -> Iterator[Iterator[httpx.Client]]:
    """The proxy, then each process by itself, in turn for ever, all with the dispatcher's session."""
    with ExitStack() as stack:
        proxied = stack.enter_context(large_site.client())
        large_site.log_in(proxied)
        cookies = {"Cookie": f"sessionid={proxied.cookies['sessionid']}"}
        direct = [
            httpx.Client(base_url=f"http://{LOOPBACK}:{port}", headers=cookies, timeout=WITHIN_S, trust_env=False)
            for port in large_site.web_ports
        ]
        yield cycle([proxied, *(stack.enter_context(client) for client in direct)])


def post_fix(site: Site, client: httpx.Client) -> int:
    """Its fix time."""
    fix_time = time.time_ns() // 1_000_000
    fix = {"fix_time": fix_time, "lat": 57.7, "lon": 11.95}
    answer = client.post("/api/v1/fixes", json=fix, headers={"Authorization": f"Bearer {site.token}"})
    assert answer.json()["stored"] == 1
    return fix_time


def apply_all(picture: Picture, messages: list[dict[str, Any]]) -> None:
    for message in messages:
        if message["type"] in {"snapshot", "delta"}:
            picture.apply(message)


def poll(client: httpx.Client, picture: Picture, cursor: str) -> str:
    """The cursor to go on with."""
    answer = client.get("/live/v1/poll", params={"channel": CHANNEL}, headers=seen(cursor))
    if answer.status_code == 304:
        return cursor
    assert answer.status_code == 200, answer.text
    apply_all(picture, answer.json()["messages"])
    return str(answer.json()["cursor"])


def seen(cursor: str) -> dict[str, str]:
    return {"If-None-Match": f'"{cursor}"'} if cursor else {}


def fresh_picture(client: httpx.Client) -> Picture:
    picture = Picture([CHANNEL])
    poll(client, picture, "")
    return picture


def until(knows: Callable[[], bool], act: Callable[[], None]) -> None:
    """Repeats what it takes, since the other process hears of a fix a little later."""
    end_s = time.monotonic() + WITHIN_S
    while not knows():
        assert time.monotonic() < end_s
        act()


def has(picture: Picture, fix_time: int) -> bool:
    return fix_time in newest_of(picture.rows).values()


def test_polls_go_on_at_any_process(large_site: Site, doors: Iterator[httpx.Client]) -> None:
    """One cursor, every door in turn, and the end is that of a fresh snapshot."""
    picture, cursor = Picture([CHANNEL]), ""

    def ask() -> None:
        nonlocal cursor
        cursor = poll(next(doors), picture, cursor)

    for _ in range(ROUNDS):
        fix_time = post_fix(large_site, next(doors))
        until(lambda: has(picture, fix_time), ask)  # noqa: B023
    until(lambda: picture.rows == fresh_picture(next(doors)).rows, ask)


def test_events_go_on_at_any_process(large_site: Site, doors: Iterator[httpx.Client]) -> None:
    """What is posted while nobody listens comes by the id of the last event, and the stream is not held up in a buffer."""
    picture, last_id = Picture([CHANNEL]), ""
    for _ in range(ROUNDS):
        fix_time = post_fix(large_site, next(doors))
        last_id = listen(next(doors), picture, last_id, fix_time)
    until(lambda: picture.rows == fresh_picture(next(doors)).rows, lambda: None)


def listen(client: httpx.Client, picture: Picture, last_id: str, fix_time: int) -> str:
    """Until the fix has come; gives the newest id."""
    headers = {"Last-Event-ID": last_id} if last_id else {}
    with client.stream("GET", "/live/v1/sse", params={"channel": CHANNEL}, headers=headers, timeout=WITHIN_S) as answer:
        assert answer.status_code == 200
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                last_id = value
            elif name == "data":
                apply_all(picture, [json.loads(value)])
                if has(picture, fix_time):
                    return last_id
    raise AssertionError("the stream has ended without the fix")


def test_each_process_tells_a_piece_of_news_once(large_site: Site, doors: Iterator[httpx.Client]) -> None:
    """Else a reader who goes round would be answered at once without end."""
    picture, cursor, told, silent = Picture([CHANNEL]), "", 0, 0

    def ask() -> None:
        nonlocal cursor, told, silent
        before, cursor = cursor, poll(next(doors), picture, cursor)
        told, silent = (told, silent + 1) if cursor == before else (told + 1, 0)

    fix_time = post_fix(large_site, next(doors))
    until(lambda: silent > ROUNDS and has(picture, fix_time), ask)
    assert told <= 2 * len(large_site.web_ports)


async def test_a_long_poll_through_the_proxy_waits_for_news(large_site: Site) -> None:
    """No answer says that nothing is new, though the fix comes late."""
    with large_site.client() as client:
        large_site.log_in(client)
        picture = Picture([CHANNEL])
        cursor = poll(client, picture, "")
        fix = asyncio.create_task(asyncio.to_thread(post_fix, large_site, client))
        async with httpx.AsyncClient(
            base_url=f"https://{large_site.host}",
            verify=large_site.tls,
            cookies={"sessionid": client.cookies["sessionid"]},
            timeout=WITHIN_S,
            trust_env=False,
        ) as browser:
            while not (fix.done() and has(picture, fix.result())):
                params = {"channel": CHANNEL, "wait": "25"}
                answer = await browser.get("/live/v1/poll", params=params, headers=seen(cursor))
                assert answer.status_code == 200
                apply_all(picture, answer.json()["messages"])
                cursor = answer.json()["cursor"]
