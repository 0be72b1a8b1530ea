"""Asks at every door of a server all the time, and keeps what was answered."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from http.client import HTTPException
from itertools import count
from typing import Any, NamedTuple

from benchmarks.crashes import start_ms
from benchmarks.load.dispatcher import holds
from fleet_client.http import Exchange

EVERY_S = 0.2
GOOD, BUSY = 200, 503


class Door(NamedTuple):
    """`body` makes that of the next request."""

    name: str
    method: str
    path: str
    headers: dict[str, str]
    body: Callable[[], bytes]
    tells_when: bool = True
    """Says with 503 when to come again."""


class Answer(NamedTuple):
    """`status` 0: the connection was refused or broke."""

    door: str
    at_s: float
    status: int
    retry_after: str
    text: str
    sent: bytes


class Knocker:
    """Its vehicle's fixes are none of the load's."""

    def __init__(self, url: str, office: dict[str, Any]) -> None:
        self._url = url
        self._doors = doors_of(office)
        self._is_over = False
        self.answers: list[Answer] = []

    @asynccontextmanager
    async def knocking(self) -> AsyncIterator[None]:
        """Ends when all that was asked is answered."""
        tasks = [asyncio.create_task(self._knock(door)) for door in self._doors]
        try:
            yield
        finally:
            self._is_over = True
            await asyncio.gather(*tasks)

    async def _knock(self, door: Door) -> None:
        exchange = Exchange(self._url)
        while not self._is_over:
            self.answers.append(await asyncio.to_thread(ask, exchange, door))
            await asyncio.sleep(EVERY_S)
        exchange.abort()

    async def until_all_well(self) -> float:
        """Seconds until every door has taken a request that was made after this call."""
        asked_s = time.monotonic()
        well: set[str] = set()

        def is_well() -> bool:
            well.update(one.door for one in self.answers if one.at_s > asked_s and one.status == GOOD)
            return len(well) == len(self._doors)

        await holds(is_well)
        return time.monotonic() - asked_s

    def busy(self, door: str) -> int:
        """How often the door said 503."""
        return sum(one.door == door and one.status == BUSY for one in self.answers)

    def acknowledged(self) -> set[int]:
        """Times (ms) of the fixes that were."""
        return {json.loads(one.sent)["fix_time"] for one in self.answers if one.door == "fixes" and one.status == GOOD}

    def troubles(self) -> list[Answer]:
        """What was neither done nor put off in order."""
        tells_when = {door.name: door.tells_when for door in self._doors}
        return [
            one
            for one in self.answers
            if one.status != GOOD and (one.status != BUSY or (tells_when[one.door] and not one.retry_after.isdecimal()))
        ]


def ask(exchange: Exchange, door: Door) -> Answer:
    """A server ends connections that were idle; then it is asked once more."""
    at_s, body = time.monotonic(), door.body()
    try:
        try:
            answer = exchange.request(door.method, door.path, body, door.headers)
        except ConnectionError:
            answer = exchange.request(door.method, door.path, body, door.headers)
    except (OSError, HTTPException) as error:
        return Answer(door.name, at_s, 0, "", repr(error), body)
    retry_after, text = answer.headers.get("Retry-After", ""), answer.body[:200].decode(errors="replace")
    return Answer(door.name, at_s, answer.status, retry_after, text, body)


def doors_of(office: dict[str, Any]) -> list[Door]:
    vehicle = office["vehicles"][-1]
    device = {"Authorization": f"Bearer {vehicle['token']}"}
    reader = {"Authorization": f"Bearer {office['reader_token']}", "Content-Type": "application/json"}
    page = {"Cookie": f"sessionid={office['sessions'][-1]}"}
    fixes, records, messages = fix_bodies(vehicle), phone_bodies(vehicle), message_bodies(vehicle)
    return [
        Door("fixes", "POST", "/api/v1/fixes", device, lambda: next(fixes)),
        Door("phones", "POST", "/in", device, lambda: next(records)),
        Door("vehicles", "GET", "/api/v1/vehicles?limit=1", reader, bytes),
        Door("events", "GET", "/api/v1/events?limit=1", reader, bytes),
        Door("message", "POST", "/api/v1/messages", reader, lambda: next(messages)),
        Door("poll", "GET", "/live/v1/poll?channel=region:quiet", page, bytes),
        Door("page", "GET", "/", page, bytes),
        Door("ready", "GET", "/readyz", {}, bytes, tells_when=False),
    ]


def fix_bodies(vehicle: dict[str, Any]) -> Iterator[bytes]:
    """One fix each, later than all before."""
    for time_ms in count(start_ms(), 1_000):
        yield json.dumps({"fix_time": time_ms, "lat": vehicle["lat"], "lon": vehicle["lon"]}).encode()


def phone_bodies(vehicle: dict[str, Any]) -> Iterator[bytes]:
    """The form that OsmAnd and Traccar send, half a second beside the other fixes."""
    for time_ms in count(start_ms() + 500, 1_000):
        yield f"lat={vehicle['lat']}&lon={vehicle['lon']}&timestamp={time_ms}".encode()


def message_bodies(vehicle: dict[str, Any]) -> Iterator[bytes]:
    for number in count():
        yield json.dumps({"vehicle": vehicle["slug"], "key": f"knock-{number}", "text": "Come back."}).encode()
