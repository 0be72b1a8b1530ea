"""A process that drains, in process."""

import asyncio
from typing import Any

import pytest

from tests.transports.conftest import Process
from tests.transports.test_websocket import item


async def test_every_live_connection_is_told_to_come_back(process: Process) -> None:
    sockets = [await process.connect("boss"), await process.connect("west")]
    await sockets[0].join("region:all")
    await process.fleet.start()
    draining = asyncio.create_task(process.fleet.drain.run(spread_s=0))
    for socket in sockets:
        bye = await socket.hear("bye")
        assert (bye["code"], bye["resume"]) == (4000, True)
        assert await socket.closed() == 4000
        await socket.communicator.disconnect()
    await draining


async def test_nobody_new_is_admitted(process: Process) -> None:
    await process.fleet.drain.run(spread_s=0)
    late = await process.connect("boss")
    assert late.subprotocol == "fleet.v1.json"
    assert (await late.hear())["code"] == 4000
    assert await late.closed() == 4000


async def test_streams_are_busy_and_posts_are_still_answered(process: Process) -> None:
    await process.fleet.drain.run(spread_s=0)
    async with process.http() as client:
        stream = await client.get("http://localhost/live/v1/sse?channel=region:all")
        assert (stream.status_code, stream.json()["code"], stream.headers["retry-after"]) == (503, "busy", "1")
        assert (await client.post("fixes", json=[item()])).json()["stored"] == 1


async def test_reports_under_way_are_answered_before_bye(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, held = process.fleet.intake.begin, asyncio.Queue[Any]()
    monkeypatch.setattr(process.fleet.intake, "begin", lambda *report: held.put_nowait(report))
    socket = await process.connect()
    await socket.say(type="hello", token=process.tokens["van"])
    await socket.say(type="report", id=4, fixes=[item()])
    report = await held.get()
    draining = asyncio.create_task(process.fleet.drain.run(spread_s=0))
    assert (await socket.hear())["type"] == "welcome"
    assert not draining.done()
    begin(*report)
    assert (await socket.hear())["result"]["stored"] == 1
    assert (await socket.hear())["type"] == "bye"
    assert await socket.closed() == 4000
    await socket.communicator.disconnect()
    await draining
