"""The driver on the live map: readers hear at once who it is, that he went off duty, and that he is back."""

import time

from asgiref.sync import sync_to_async

from tests.transports.conftest import Process
from tracking.domain.duty import Switch
from tracking.models import DeviceToken, Vehicle
from tracking.storage.duty import keep_switches

NOW_MS = time.time_ns() // 1_000_000


async def switch(process: Process, time_ms: int, *, is_off: bool) -> None:
    device = await DeviceToken.objects.aget(label="van")
    await sync_to_async(keep_switches)([Switch(time_ms, is_off)], vehicle=1, device=device.pk, now_ms=NOW_MS)
    await process.fleet.refresh_office()


async def test_off_duty_is_told_with_the_name_of_the_vehicle_as_long_as_it_lasts(process: Process) -> None:
    async with process.http("van") as van:
        await van.post("fixes", json={"fix_time": NOW_MS - 9000, "lat": 57.5, "lon": 11.5, "speed_mps": 9})
    socket = await process.connect("boss")
    assert "off_duty_since" not in (await socket.join("region:west"))["vehicles"]["1"]
    await switch(process, NOW_MS - 5000, is_off=True)
    told = await socket.hear("delta")
    assert (told["rows"][0][0], told["vehicles"]["1"]["off_duty_since"]) == (1, NOW_MS - 5000)
    await switch(process, NOW_MS - 1000, is_off=False)
    assert "off_duty_since" not in (await socket.hear("delta"))["vehicles"]["1"]


async def test_who_comes_later_is_told_and_guests_are_not(process: Process) -> None:
    async with process.http("van") as van:
        await van.post("fixes", json={"fix_time": NOW_MS - 9000, "lat": 57.5, "lon": 11.5, "speed_mps": 9})
    await switch(process, NOW_MS - 5000, is_off=True)
    socket = await process.connect("boss")
    assert (await socket.join("region:west"))["vehicles"]["1"]["off_duty_since"] == NOW_MS - 5000
    watched = process.fleet.feed.hub.rooms["region:west"]
    [frame] = process.fleet.feed.hub.answer(watched, None, process.fleet.directory.vehicles)
    assert "off_duty_since" not in frame.for_guests.content["vehicles"]["1"]


async def test_a_driver_who_is_named_in_the_office_is_told_at_once(process: Process) -> None:
    async with process.http("van") as van:
        await van.post("fixes", json={"fix_time": NOW_MS - 9000, "lat": 57.5, "lon": 11.5, "speed_mps": 9})
    socket = await process.connect("boss")
    assert "driver" not in (await socket.join("region:west"))["vehicles"]["1"]
    await Vehicle.objects.filter(slug="van").aupdate(driver="Anna Ek")
    await process.fleet.refresh_office()
    assert (await socket.hear("delta"))["vehicles"]["1"]["driver"] == "Anna Ek"
