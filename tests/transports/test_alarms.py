"""A vehicle with an alert that nobody has noted is in alarm: live on every transport, and over REST."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.transports.conftest import Process
from tracking.domain.alerts import Breach, happening_of
from tracking.domain.events import EventKind
from tracking.domain.latest import Changes
from tracking.domain.region_rules import Rule, RuleKind
from tracking.domain.status import Status
from tracking.ingest.commit import Committed
from tracking.ingest.watchman import alarms_after
from tracking.models import Region
from tracking.models import Rule as RuleRow
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.telemetry import Transaction


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def dispatcher(process: Process, user: str = "boss") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=process.application)
    headers = {"X-Fleet": "1", "Origin": "http://localhost"}
    cookies = {"sessionid": process.sessions[user]}
    return httpx.AsyncClient(transport=transport, base_url="http://localhost/api/v1/", cookies=cookies, headers=headers)


@pytest.fixture
async def speeder(process: Process) -> AsyncIterator[Process]:
    """The van is slow in West, where it may not be fast."""
    west = await Region.objects.aget(slug="west")
    await RuleRow.objects.acreate(name="Slow", kind="speed", region=west, limit_mps=5.0)
    await process.fleet.start()
    await process.fleet.refresh_office()
    await drive(process, speed_mps=3, at_s=0)
    yield process


async def drive(process: Process, *, speed_mps: float, at_s: int) -> int:
    """The fix time in ms, by a clock that goes right, so that no alert is over before a minute has passed."""
    async with process.http("van") as van:
        fix_time_ms = now_ms() + at_s * 1000
        item = {"fix_time": fix_time_ms, "lat": 57.5, "lon": 11.5, "speed_mps": speed_mps}
        assert (await van.post("fixes", json=item)).json()["stored"] == 1
        return fix_time_ms


async def acknowledge(process: Process) -> None:
    async with dispatcher(process) as client:
        [alert] = (await client.get("alerts", params={"open": "true"})).json()["items"]
        assert (await client.post(f"alerts/{alert['id']}/acknowledge")).status_code == 200


async def end_alert(process: Process) -> None:
    """As the watchman does once the rule has been kept for a minute."""

    def chore(transaction: Transaction) -> Committed:
        [alert] = transaction.find_open_alerts()
        transaction.find_latest([alert.vehicle])
        transaction.end_alert(alert.id, now_ms())
        told = happening_of(alert, EventKind.ALERT_END, now_ms(), start_time=alert.start_ms)
        events = transaction.append_events([told], {})
        alarms = alarms_after(transaction, events)
        return Committed([], Changes(), events, {}, transaction.changed_ms, alarms=alarms)

    process.fleet._on_commit(await process.fleet._writer.do(chore))


def statuses(frame: dict[str, Any]) -> list[int | None]:
    return [row[6] for row in frame["rows"]]


@pytest.mark.parametrize("channel", ["region:west", "region:all", "vehicle:van"])
async def test_an_alarm_is_raised_by_the_alert_and_lifted_by_taking_note(speeder: Process, channel: str) -> None:
    socket = await speeder.connect("boss")
    assert statuses(await socket.join(channel)) == [Status.MOVING]
    fix_time_ms = await drive(speeder, speed_mps=9, at_s=1)
    while statuses(frame := await socket.hear("delta")) != [Status.ALARM]:
        """The row may come a moment before."""
    assert frame["rows"][0][1] == fix_time_ms
    await acknowledge(speeder)
    lifted = await socket.hear("delta")
    assert (statuses(lifted), lifted["rows"][0][1]) == ([Status.MOVING], fix_time_ms)


async def test_an_alarm_is_lifted_when_its_alert_is_over(speeder: Process) -> None:
    await drive(speeder, speed_mps=9, at_s=1)
    socket = await speeder.connect("boss")
    assert statuses(await socket.join("region:west")) == [Status.ALARM]
    await end_alert(speeder)
    assert statuses(await socket.hear("delta")) == [Status.MOVING]


async def test_one_of_two_alerts_that_is_noted_leaves_the_other(speeder: Process) -> None:
    def open_another(transaction: Transaction) -> None:
        transaction.open_alert(Breach(Rule(99, "other", RuleKind.OFFLINE), 1, now_ms()), quiet_ms=None)

    await speeder.fleet._writer.do(open_another)
    await drive(speeder, speed_mps=9, at_s=1)
    async with dispatcher(speeder) as client:
        alerts = (await client.get("alerts")).json()["items"]
        await client.post(f"alerts/{alerts[0]['id']}/acknowledge")
        assert (await client.get("vehicles/van")).json()["latest"]["status"] == "alarm"
        await client.post(f"alerts/{alerts[1]['id']}/acknowledge")
        assert (await client.get("vehicles/van")).json()["latest"]["status"] == "moving"
        assert (await client.get("vehicles")).json()["items"][1]["latest"]["status"] == "moving"


async def test_streams_and_polls_show_it_too(speeder: Process) -> None:
    async with dispatcher(speeder) as client:
        poll = "http://localhost/live/v1/poll?channel=region:west"
        answer = (await client.get(poll)).json()
        assert [statuses(m) for m in answer["messages"] if m["type"] == "snapshot"] == [[Status.MOVING]]
        await drive(speeder, speed_mps=9, at_s=1)
        messages = (await client.get(f"{poll}&cursor={answer['cursor']}")).json()["messages"]
        assert [statuses(m) for m in messages if m["type"] == "delta"] == [[Status.ALARM]]


@pytest.mark.parametrize("telemetry", ["postgres"], indirect=True)
async def test_other_processes_hear_of_it_at_once(speeder: Process, neighbour: Process) -> None:
    """Also one that watches a room to which the alert itself is not told."""
    await neighbour.fleet.start()
    socket = await neighbour.connect("boss")
    assert statuses(await socket.join("vehicle:van")) == [Status.MOVING]
    await drive(speeder, speed_mps=9, at_s=1)
    while statuses(await socket.hear("delta")) != [Status.ALARM]:
        """The row may come a moment before."""
    await acknowledge(neighbour)
    assert statuses(await socket.hear("delta")) == [Status.MOVING]


@pytest.mark.parametrize("telemetry", ["postgres"], indirect=True)
async def test_a_process_that_begins_knows_of_it(
    speeder: Process, neighbour: Process, telemetry: PostgresTelemetry
) -> None:
    await drive(speeder, speed_mps=9, at_s=1)
    await neighbour.fleet.start()
    socket = await neighbour.connect("boss")
    assert statuses(await socket.join("region:west")) == [Status.ALARM]


async def test_the_page_of_a_vehicle_in_alarm_says_so(speeder: Process) -> None:
    await drive(speeder, speed_mps=9, at_s=1)
    async with dispatcher(speeder) as client:
        assert '<span class="mark is-alarm">alarm</span>' in (await client.get("http://localhost/vehicles/van")).text
