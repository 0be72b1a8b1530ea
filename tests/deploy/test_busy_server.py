"""What a flood fills while the application is busy."""

import asyncio
import sys

import httpx
from websockets.asyncio.client import ClientConnection, connect

from scripts.support.children import LOOPBACK, Children, free_port, wait_until_listening
from tests.deploy.site import ROOT, STARTS_WITHIN_S

MOST_QUEUED_MESSAGES = 64
LOOKS = 50


async def test_daphne_reads_no_more_than_the_application_takes() -> None:
    port = free_port()
    with Children() as children:
        child = children.start([sys.executable, "-m", "tests.deploy.busy_server", str(port)], folder=ROOT)
        assert wait_until_listening(child, port, within_s=STARTS_WITHIN_S)
        async with (
            connect(f"ws://{LOOPBACK}:{port}/", proxy=None, ping_interval=None, close_timeout=0) as socket,
            httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{port}", trust_env=False) as client,
        ):
            flood = asyncio.create_task(send_without_end(socket))
            seen = 0
            while seen < MOST_QUEUED_MESSAGES:
                seen = int((await client.get("/")).text)
            for _ in range(LOOKS):
                assert int((await client.get("/")).text) == MOST_QUEUED_MESSAGES
            flood.cancel()
            socket.transport.abort()


async def send_without_end(socket: ClientConnection) -> None:
    while True:
        await socket.send("x" * 100)
