"""Sessions that many ask for at once are read together."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
from django.db import OperationalError

from tests.transports.conftest import Process
from tracking.domain.access import Login
from tracking.domain.errors import Unavailable
from tracking.transports import admission
from tracking.transports.admission import Admission
from tracking.transports.logins import MOST_AT_ONCE, LoginReader


class Office:
    """Whoever's key is a number is logged in; the first reading lasts until it is let go."""

    def __init__(self) -> None:
        self.readings: list[list[str]] = []
        self.goes_on = threading.Event()
        self.failure: Exception | None = None

    def find(self, keys: Sequence[str]) -> Mapping[str, Login]:
        self.readings.append(list(keys))
        assert self.goes_on.wait(10)
        if self.failure is not None:
            raise self.failure
        return {key: Login(user=int(key), proof=key.encode()) for key in keys if key.isdigit()}


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
async def reader(office: Office) -> AsyncIterator[LoginReader]:
    reader = LoginReader(office.find)
    yield reader
    office.goes_on.set()
    reader.stop()


async def test_those_who_come_while_it_reads_are_read_together(office: Office, reader: LoginReader) -> None:
    asked = [asyncio.create_task(reader.read("0"))]
    await asyncio.sleep(0.01)
    keys = [*map(str, range(1, 3)), "nobody's", "1"]
    asked += [asyncio.create_task(reader.read(key)) for key in keys]
    await asyncio.sleep(0.01)
    office.goes_on.set()
    users = [login and login.user for login in await asyncio.gather(*asked)]
    assert users == [0, 1, 2, None, 1]
    assert office.readings == [["0"], ["1", "2", "nobody's"]]


async def test_very_many_are_read_in_pieces(office: Office, reader: LoginReader) -> None:
    office.goes_on.set()
    await asyncio.gather(*(reader.read(str(number)) for number in range(MOST_AT_ONCE + 1)))
    assert [len(keys) for keys in office.readings] == [MOST_AT_ONCE, 1]


async def test_a_database_that_does_not_answer_is_told_to_all_and_asked_again(
    office: Office, reader: LoginReader
) -> None:
    office.failure = OperationalError("locked")
    office.goes_on.set()
    told = await asyncio.gather(reader.read("1"), reader.read("2"), return_exceptions=True)
    assert [type(error) for error in told] == [Unavailable, Unavailable]
    office.failure = None
    assert (await reader.read("1")) is not None


async def test_one_that_leaves_takes_no_answer_from_the_others(office: Office, reader: LoginReader) -> None:
    leaves, stays = asyncio.create_task(reader.read("1")), asyncio.create_task(reader.read("1"))
    await asyncio.sleep(0.01)
    leaves.cancel()
    office.goes_on.set()
    login = await stays
    assert login is not None and login.user == 1
    assert leaves.cancelled()


@pytest.mark.parametrize("cookie", [rb'"\000"', rb'"1\000"', b"%00", b"\xe5", b"1"])
async def test_what_is_no_key_of_a_session_is_not_asked_for(
    office: Office, monkeypatch: pytest.MonkeyPatch, process: Process, cookie: bytes
) -> None:
    """One that the database cannot take would fail all that are read with it."""
    monkeypatch.setattr(admission, "find_logins", office.find)
    office.goes_on.set()
    await process.fleet.start()
    door = Admission(office=lambda: process.fleet.office, refresh=process.fleet.refresh_office)
    scope = {"type": "http", "method": "GET", "headers": [(b"cookie", b"sessionid=" + cookie)]}
    assert await door.identify(scope) is None
    assert office.readings == ([["1"]] if cookie == b"1" else [])
    door.stop()
