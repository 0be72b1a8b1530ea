"""The operators' page: every process tells about itself and does what it is told."""

from typing import Any

import httpx
import pytest
from channels.layers import InMemoryChannelLayer

from tests.transports.conftest import Process
from tests.transports.test_websocket import item
from tracking.live.bus import Bus
from tracking.live.ops_line import OpsLine


def staff(process: Process, user: str = "boss", **options: Any) -> httpx.AsyncClient:
    """A logged-in browser; `boss` is staff."""
    cookies = {"sessionid": process.sessions[user], "csrftoken": "c" * 32}
    headers = {"X-CSRFToken": "c" * 32}
    transport = httpx.ASGITransport(app=process.application)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies, headers=headers)


async def test_a_process_tells_its_figures_and_connections(process: Process) -> None:
    socket = await process.connect("boss")
    await socket.join("region:all")
    async with process.http() as client:
        await client.post("fixes", json=[item(), item(lat=99)])
    await socket.hear("delta")
    async with staff(process) as browser:
        answer = (await browser.get("/ops/reports")).json()
    [report] = answer["processes"]
    [connection] = report["connections"]
    assert answer["users"][str(connection["user"])] == "boss"
    assert (connection["transport"], connection["rooms"]) == ("websocket", ["region:all"])
    assert report["counters"]["fixes_refused"] == {"lat_out_of_range": 1}
    assert report["counters"]["frames_out"] == connection["unacknowledged"] == 2


async def test_an_operator_ends_a_connection(process: Process) -> None:
    socket = await process.connect("west")
    await socket.join("region:west")
    async with staff(process) as browser:
        [report] = (await browser.get("/ops/reports")).json()["processes"]
        order = {"process": report["process"], "do": "end", "connection": report["connections"][0]["connection"]}
        assert (await browser.post("/ops/orders", json=order)).status_code == 202
    assert (await socket.hear("bye"))["code"] == 4505


@pytest.mark.parametrize("body", [b"[", b"{}", b'{"process":"a","do":"dance"}', b'{"process":"a","do":"end"}'])
async def test_an_order_that_is_none_is_refused(process: Process, body: bytes) -> None:
    async with staff(process) as browser:
        assert (await browser.post("/ops/orders", content=body)).status_code == 400


async def test_whoever_is_not_staff_sees_and_orders_nothing(process: Process) -> None:
    async with staff(process, "west") as browser:
        assert (await browser.get("/ops/reports")).status_code == 403
        assert (await browser.post("/ops/orders", json={"process": "a", "do": "drain"})).status_code == 403
        assert (await browser.get("/ops")).status_code == 403


async def test_an_order_of_a_foreign_page_is_refused(process: Process) -> None:
    async with staff(process) as browser:
        answer = await browser.post("/ops/orders", json={"process": "a", "do": "drain"}, headers={"X-CSRFToken": "x"})
    assert answer.status_code == 403


async def test_processes_hear_of_each_other_and_obey() -> None:
    layer = InMemoryChannelLayer()
    obeyed: list[Any] = []
    buses = [Bus(layer, on_news=lambda group, batches: None, on_gap=lambda group: None) for _ in range(2)]
    lines = [
        OpsLine(bus, process=name, report=lambda name=name: {"process": name}, obey=obeyed.append)
        for name, bus in zip("ab", buses, strict=True)
    ]
    for bus, line in zip(buses, lines, strict=True):
        await bus.start()
        await line.start()
    told: list[Any] = []
    while len(told) < 2:
        told = await lines[0].ask()
    assert told == [{"process": "a"}, {"process": "b"}]
    lines[0].order("b", {"do": "drain"})
    await lines[1].ask()
    assert obeyed == [{"do": "drain"}]
    for bus in buses:
        await bus.stop()
