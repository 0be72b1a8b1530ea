"""`manage.py serve` on both servers: how it ends, and what a flood does to it."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from scripts.support.children import Children
from tests.deploy.office import ENDS_WITHIN_S, Office

LONG_S = "600"

pytestmark = pytest.mark.parametrize("server", ["daphne", "uvicorn"])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("serve"))


@pytest.fixture
def children() -> Iterator[Children]:
    with Children() as made:
        yield made


async def last_words(socket: ClientConnection) -> tuple[dict[str, Any], int]:
    """The last message and the code of the close frame."""
    message: dict[str, Any] = {}
    try:
        while True:
            message = json.loads(await socket.recv())
    except ConnectionClosed as closed:
        assert closed.rcvd is not None, "no close frame came"
        return message, closed.rcvd.code


async def first_of(*sockets: ClientConnection) -> Any:
    """The message that comes first on any of them."""
    waits = [asyncio.create_task(socket.recv()) for socket in sockets]
    done, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return done.pop().result()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_says_goodbye_to_everybody(
    office: Office, children: Children, server: str, number: signal.Signals
) -> None:
    running = office.start(children, server, FLEET_DRAIN_S="0")
    async with running.device() as one, running.device() as other:
        os.kill(running.child.pid, number)
        for socket in (one, other):
            message, code = await last_words(socket)
            assert (message["type"], message["code"], code) == ("bye", 4000, 4000)
    assert running.ended() == 0


async def test_a_connection_is_counted_while_it_lasts(office: Office, children: Children, server: str) -> None:
    """Also one that lives on after the application has returned; the server's own looks for such come each second."""
    running = office.start(children, server)
    async with httpx.AsyncClient(base_url=running.site, trust_env=False) as client:

        async def counted() -> bool:
            return 'fleet_under_way{way="websocket"} 1.0' in (await client.get("/metrics")).text

        async with running.device() as socket:
            assert await counted()
            await asyncio.sleep(2.5)
            assert await counted()
            await socket.send(json.dumps({"type": "join", "id": 1, "channel": "driver:van"}))
            assert json.loads(await socket.recv()) == {"type": "ok", "id": 1, "result": {}}
        async with asyncio.timeout(ENDS_WITHIN_S):
            while await counted():  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def test_who_comes_while_it_drains_is_sent_elsewhere(office: Office, children: Children, server: str) -> None:
    running = office.start(children, server, FLEET_DRAIN_S=LONG_S)
    async with running.device() as one, running.device() as other:
        running.child.terminate()
        await first_of(one, other)
        async with connect(running.url, proxy=None) as late:
            message, code = await last_words(late)
        assert (message["code"], code) == (4000, 4000)
        async with httpx.AsyncClient(base_url=running.site, trust_env=False) as probe:
            assert [(await probe.get(path)).status_code for path in ("/healthz", "/readyz")] == [200, 503]


async def test_a_second_signal_ends_it_at_once(office: Office, children: Children, server: str) -> None:
    running = office.start(children, server, FLEET_DRAIN_S=LONG_S)
    async with running.device() as one, running.device() as other:
        running.child.terminate()
        told = await first_of(one, other)
        assert json.loads(told)["type"] == "bye"
        running.child.terminate()
        assert running.ended() == -signal.SIGTERM


async def test_a_token_in_an_address_stands_in_no_log(
    office: Office, children: Children, server: str, tmp_path: Path
) -> None:
    """Neither a right nor a wrong one, however much is logged."""
    with (tmp_path / "log").open("wb") as log:
        running = office.start(children, server, log, LOG_LEVEL="DEBUG")
        async with httpx.AsyncClient(base_url=running.site, trust_env=False) as phone:
            for token, status in ((office.token, 200), ("wrong-token", 401)):
                for options in ({"json": {"_type": "lwt"}}, {"content": "{"}, {"params": {"lat": "0"}}):
                    assert (await phone.post(f"/in/{token}", **options)).status_code == status
            assert (await phone.get("/nowhere")).status_code == 404
    text = (tmp_path / "log").read_text()
    assert "/nowhere" in text
    assert office.token not in text and "wrong-token" not in text


async def test_a_flood_is_closed_and_others_go_on(office: Office, children: Children, server: str) -> None:
    running = office.start(children, server)
    async with running.device() as calm:
        async with running.device() as flood:
            try:
                for _ in range(20_000):
                    await flood.send('{"type":"ack","seq":1}')
            except ConnectionClosed:
                pass
            message, code = await last_words(flood)
            assert (message["code"], code) == (4007, 4007)
        await calm.send(json.dumps({"type": "report", "id": 1, "fixes": []}))
        assert json.loads(await calm.recv())["id"] == 1
