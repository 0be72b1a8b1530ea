"""Whose next report is worth a wake-up of its own: a vehicle's whose last one came to a room that had been quiet."""

import asyncio
import time
from typing import Any

from tests.builders import make_fix
from tests.transports.conftest import Process
from tracking.live.feed import QUIET_S

VAN, BUS = make_fix(vehicle=1), make_fix(vehicle=2)


async def report(process: Process, *vehicles: str) -> None:
    now_ms = int(time.time() * 1000)
    items: list[dict[str, Any]] = [
        {"vehicle": vehicle, "fix_time": now_ms, "lat": 57.5, "lon": 11.5} for vehicle in vehicles
    ]
    async with process.http() as client:
        answer = await client.post("fixes", json=items)
    assert answer.json()["stored"] == len(vehicles), answer.text


async def test_one_alone_in_its_region_is_awaited_and_one_of_many_is_not(process: Process) -> None:
    await process.fleet.start()
    feed = process.fleet.feed
    await report(process, "van")
    assert not feed.awaits_any([VAN]), "nobody watches"
    socket = await process.connect("boss")
    await socket.join("region:west")
    await asyncio.sleep(QUIET_S)
    await report(process, "van")
    assert feed.awaits_any([BUS, VAN])
    assert not feed.awaits_any([BUS])
    await report(process, "van", "bus")
    assert not feed.awaits_any([VAN, BUS]), "the room was told a moment ago"


async def test_the_room_of_one_vehicle_awaits_no_other(process: Process) -> None:
    await process.fleet.start()
    socket = await process.connect("boss")
    await socket.join("vehicle:van")
    await asyncio.sleep(QUIET_S)
    await report(process, "van", "bus")
    assert process.fleet.feed.awaits_any([VAN])
    assert not process.fleet.feed.awaits_any([BUS])
