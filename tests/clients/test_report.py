"""Over the WebSocket nothing is lost: what was not acknowledged is sent again."""

import asyncio

import pytest

from fleet_client import GaveUp, LiveReporter, NotAuthorised, Rejected
from tests.clients.fake_server import TOKEN, WRONG_TOKEN, FakeLive

FIX = {"vehicle": "a", "fix_time": 1_800_000_000_000, "lat": 57.7, "lon": 11.9}


def reports(live: FakeLive) -> list[int]:
    return [message["id"] for message in live.heard if message["type"] == "report"]


async def test_a_report_is_acknowledged_with_its_result(live: FakeLive) -> None:
    async with LiveReporter(live.url, TOKEN) as reporter:
        result = await reporter.report([FIX, {**FIX, "lat": None}])
    assert (result.stored, [one.index for one in result.refused]) == (1, [1])


async def test_many_reports_are_on_their_way_at_once_and_in_order(live: FakeLive) -> None:
    """More than the window, too."""
    async with LiveReporter(live.url, TOKEN) as reporter:
        results = await asyncio.gather(*(reporter.report([FIX]) for _ in range(40)))
    assert sum(result.stored for result in results) == 40
    assert reports(live) == list(range(1, 41))


async def test_unacknowledged_reports_are_sent_again_after_a_lost_connection(live: FakeLive) -> None:
    live.script = [None, None]
    async with LiveReporter(live.url, TOKEN) as reporter:
        results = await asyncio.gather(*(reporter.report([FIX]) for _ in range(5)))
    assert [result.stored for result in results] == [1] * 5
    assert reports(live)[-5:] == [1, 2, 3, 4, 5]


async def test_a_server_that_hangs_is_left(live: FakeLive, monkeypatch: pytest.MonkeyPatch) -> None:
    """It listens and never answers: the next connection may be luckier."""
    monkeypatch.setattr("fleet_client.report.ANSWER_WITHIN_S", 0.2)
    live.script = [{"type": "other"}]
    async with LiveReporter(live.url, TOKEN) as reporter:
        assert (await reporter.report([FIX])).stored == 1
    assert reports(live) == [1, 1]


@pytest.mark.parametrize("code", ["busy", "rate"])
async def test_a_busy_server_gets_the_report_again(live: FakeLive, code: str) -> None:
    live.script = [{"type": "error", "code": code, "reason": "full", "retry_after_s": 0.01}] * 2
    async with LiveReporter(live.url, TOKEN) as reporter:
        assert (await reporter.report([FIX])).stored == 1
    assert reports(live) == [1, 1, 1]


async def test_a_report_refused_as_a_whole_does_not_harm_the_next(live: FakeLive) -> None:
    live.script = [{"type": "error", "code": "too_many_fixes", "reason": "at most 1000"}]
    async with LiveReporter(live.url, TOKEN) as reporter:
        with pytest.raises(Rejected, match="too_many_fixes"):
            await reporter.report([FIX])
        assert (await reporter.report([FIX])).stored == 1


async def test_an_answer_without_numbers_is_an_error(live: FakeLive) -> None:
    live.script = [{"type": "ok", "result": {}}]
    async with LiveReporter(live.url, TOKEN) as reporter:
        with pytest.raises(Rejected, match="cannot be read"):
            await reporter.report([FIX])


async def test_a_wrong_token_ends_it(live: FakeLive) -> None:
    async with LiveReporter(live.url, WRONG_TOKEN) as reporter:
        for _ in range(2):
            with pytest.raises(NotAuthorised, match="4500"):
                await reporter.report([FIX])


async def test_it_gives_up_after_the_time_allowed() -> None:
    async with LiveReporter("http://127.0.0.1:1", TOKEN, give_up_after_s=0.05) as reporter:
        with pytest.raises(GaveUp, match="no connection"):
            await reporter.report([FIX])


async def test_closing_leaves_nobody_waiting(live: FakeLive) -> None:
    live.script = [{"type": "other"}]
    async with LiveReporter(live.url, TOKEN) as reporter:
        waiting = asyncio.create_task(reporter.report([FIX]))
        await live.wait_until(lambda: bool(live.heard))
    with pytest.raises(GaveUp, match="closed"):
        await waiting
