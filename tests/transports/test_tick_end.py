"""When a tick ends: once nothing more will be heard in it, too."""

import math
import time

import pytest

from tests.transports.conftest import Process


async def report(process: Process, vehicle: str) -> None:
    item = {"vehicle": vehicle, "fix_time": int(time.time() * 1000), "lat": 57.5, "lon": 11.5}
    async with process.http() as client:
        answer = await client.post("fixes", json=[item])
    assert answer.json()["stored"] == 1, answer.text


async def test_news_do_not_wait_for_the_end_of_a_tick_in_which_no_more_are_heard(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracking.live.feed.TICK_S", 60.0)
    await process.fleet.start()
    socket = await process.connect("boss")
    await socket.join("region:west")
    await report(process, "van")
    assert len((await socket.hear("delta"))["rows"]) == 1
    await report(process, "van")
    process.fleet.feed.expect_look(math.inf)
    await report(process, "bus")
    assert len((await socket.hear("delta"))["rows"]) == 2, "the van's news had waited"
