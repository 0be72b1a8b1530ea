"""Over HTTP nothing is lost: busy servers and broken connections are tried again."""

import asyncio
import time

import pytest

from fleet_client import GaveUp, HttpReporter, NotAuthorised, Refused, Rejected, Result, wait_until_up
from scripts.support.children import free_port
from tests.clients.fake_server import TOKEN, WRONG_TOKEN, FakeHttp

FIX = {"vehicle": "a", "fix_time": 1_800_000_000_000, "lat": 57.7, "lon": 11.9}


async def test_a_report_tells_what_became_of_each_fix(http: FakeHttp) -> None:
    async with HttpReporter(http.url, TOKEN) as reporter:
        result = await reporter.report([FIX, {**FIX, "lat": "x"}])
    refused = Refused(index=1, reason="bad_type", detail="lat must be a number")
    assert result == Result(stored=1, duplicates=0, refused=(refused,))


async def test_large_reports_are_packed_and_one_connection_serves_all(http: FakeHttp) -> None:
    async with HttpReporter(http.url, TOKEN) as reporter:
        await reporter.report([FIX])
        await reporter.report([FIX] * 100)
    assert [request.get("Content-Encoding") for request in http.requests] == [None, "gzip"]
    assert len({request["port"] for request in http.requests}) == 1
    assert len(http.fixes) == 101


@pytest.mark.parametrize("trouble", [(503, {"Retry-After": "0"}), (429, {}), (502, {}), None])
async def test_trouble_is_tried_again(http: FakeHttp, trouble: tuple[int, dict[str, str]] | None) -> None:
    http.script = [trouble, trouble]
    async with HttpReporter(http.url, TOKEN) as reporter:
        assert (await reporter.report([FIX])).stored == 1
    assert len(http.requests) == 3


async def test_a_busy_server_is_left_alone_as_long_as_it_asks(http: FakeHttp) -> None:
    http.script = [(503, {"Retry-After": "1"})]
    began_s = time.monotonic()
    async with HttpReporter(http.url, TOKEN) as reporter:
        await reporter.report([FIX])
    assert time.monotonic() - began_s >= 1


async def test_it_gives_up_after_the_time_allowed(http: FakeHttp) -> None:
    http.script = [(503, {"Retry-After": "60"})]
    async with HttpReporter(http.url, TOKEN, give_up_after_s=5) as reporter:
        with pytest.raises(GaveUp, match="503"):
            await reporter.report([FIX])


async def test_a_wrong_token_is_not_tried_again(http: FakeHttp) -> None:
    async with HttpReporter(http.url, WRONG_TOKEN) as reporter:
        with pytest.raises(NotAuthorised, match="The token is unknown"):
            await reporter.report([FIX])
    assert len(http.requests) == 1


async def test_a_report_refused_as_a_whole_says_why(http: FakeHttp) -> None:
    http.script = [(413, {})]
    async with HttpReporter(http.url, TOKEN) as reporter:
        with pytest.raises(Rejected, match="413: as scripted"):
            await reporter.report([FIX])


async def test_reports_from_many_tasks_keep_their_order(http: FakeHttp) -> None:
    async with HttpReporter(http.url, TOKEN) as reporter:
        await asyncio.gather(*(reporter.report([{**FIX, "vehicle": str(i)}]) for i in range(5)))
    assert [fix["vehicle"] for fix in http.fixes] == ["0", "1", "2", "3", "4"]


async def test_a_server_that_answers_is_up(http: FakeHttp) -> None:
    await wait_until_up(http.url, timeout_s=5)


async def test_waiting_for_a_server_ends() -> None:
    with pytest.raises(GaveUp, match="no server at"):
        await wait_until_up(f"http://127.0.0.1:{free_port()}", timeout_s=0.1)


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://"])
async def test_an_address_must_be_one(url: str) -> None:
    with pytest.raises(ValueError, match="must start with http"):
        HttpReporter(url, TOKEN)
