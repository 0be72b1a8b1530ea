"""Kills the server under load, again and again, and looks whether what it acknowledged is still there."""

import asyncio
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, NamedTuple

from benchmarks.load.drives import Drive
from benchmarks.load.http import HttpConnection, connect, request, request_head
from benchmarks.servers import Product, Server, running

CONNECTIONS = 20
BATCHES = (1, 1, 1, 20)
"""How many fixes the posts of a vehicle carry, in turn."""
LOAD_S = (0.2, 0.9)
"""How long a server lives under load, at least and at most."""

Place = tuple[float, float]


class Post(NamedTuple):
    """One request of one vehicle, with the place of each of its fixes by fix time (ms)."""

    sent: bytes
    fixes: dict[int, Place]


@dataclass(slots=True)
class Ledger:
    """What one vehicle's device knows. `unanswered` is sent again first, as a phone does."""

    drive: Drive
    next_ms: int
    acknowledged: dict[int, Place] = field(default_factory=dict)
    sent: dict[int, Place] = field(default_factory=dict)
    unanswered: Post | None = None
    posts: int = 0

    def next_post(self) -> Post:
        if self.unanswered is not None:
            return self.unanswered
        fixes, texts = {}, []
        for _ in range(BATCHES[self.posts % len(BATCHES)]):
            texts.append(self.drive.next_fix(str(self.next_ms), is_named=False))
            fixes[self.next_ms] = self.drive.place()
            self.next_ms += 1_000
        self.posts += 1
        self.sent |= fixes
        body = texts[0] if len(texts) == 1 else f"[{','.join(texts)}]"
        head = request_head("/api/v1/fixes", token=self.drive.token)
        self.unanswered = Post(request(head, body.encode()), fixes)
        return self.unanswered

    def note_answer(self) -> None:
        assert self.unanswered is not None
        self.acknowledged |= self.unanswered.fixes
        self.unanswered = None


class Round(NamedTuple):
    """Counted over all rounds so far. `lost`: acknowledged and not there, or changed; `invented`: there and never sent."""

    number: int
    acknowledged: int
    unanswered: int
    lost: int
    invented: int


def crash_rounds(product: Product, *, times: int, port: int, seed: int = 1) -> Iterator[Round]:
    """Each round loads a started server and kills it; the next start reads back through the REST track."""
    chance = Random(seed)
    unanswered = 0
    ledgers = [Ledger(Drive(vehicle), start_ms()) for vehicle in product.office["vehicles"][:CONNECTIONS]]
    for number in range(times + 1):
        with running(product.serve(port=port)) as server:
            if number:
                yield _compare_all(server, product, ledgers, number, unanswered)
            if number < times:
                asyncio.run(_load_until_killed(server, ledgers, chance.uniform(*LOAD_S)))
        unanswered = sum(ledger.unanswered is not None for ledger in ledgers)


def _compare_all(server: Server, product: Product, ledgers: list[Ledger], number: int, unanswered: int) -> Round:
    differences = [compare(server.port, product.office["reader_token"], ledger) for ledger in ledgers]
    lost, invented = (sum(column) for column in zip(*differences, strict=True))
    return Round(number, sum(len(ledger.acknowledged) for ledger in ledgers), unanswered, lost, invented)


def start_ms() -> int:
    """A day ago, so that fixes a second apart never come from the future."""
    return (int(time.time()) - 86_400) * 1_000


async def _load_until_killed(server: Server, ledgers: list[Ledger], life_s: float) -> None:
    """Raises RuntimeError when the server refuses anything before."""
    gone, refusals = asyncio.Semaphore(0), list[str]()
    connections = await connect(server.port, len(ledgers), gone.release)
    for connection, ledger in zip(connections, ledgers, strict=True):
        _post_for_ever(connection, ledger, refusals)
    await asyncio.sleep(life_s)
    server.kill()
    for _ in connections:
        await asyncio.wait_for(gone.acquire(), 5)
    if refusals:
        raise RuntimeError(f"the server answered {refusals[0]}")


def _post_for_ever(connection: HttpConnection, ledger: Ledger, refusals: list[str]) -> None:
    def answered(status: int, body: bytes) -> None:
        if status != 200 or json.loads(body)["refused"]:
            refusals.append(f"{status} {body[:300].decode(errors='replace')}")
            return
        ledger.note_answer()
        _post_for_ever(connection, ledger, refusals)

    connection.ask(ledger.next_post().sent, answered)


def compare(port: int, token: str, ledger: Ledger) -> tuple[int, int]:
    """How many acknowledged fixes are not in the track as sent, and how many of the track's were never sent."""
    track = load_track(port, token, ledger.drive.slug)
    lost = sum(track.get(time_ms) != place for time_ms, place in ledger.acknowledged.items())
    invented = sum(ledger.sent.get(time_ms) != place for time_ms, place in track.items())
    return lost, invented


def load_track(port: int, token: str, slug: str) -> dict[int, Place]:
    """Places by fix time, as `GET /api/v1/vehicles/{slug}/track` tells them."""
    now = datetime.now(UTC)
    span = {"from": datetime.fromtimestamp(now.timestamp() - 2 * 86_400, UTC).isoformat(), "to": now.isoformat()}
    url = f"http://127.0.0.1:{port}/api/v1/vehicles/{slug}/track?{urllib.parse.urlencode(span)}"
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        track: dict[str, Any] = json.load(answer)
    time_at, lat_at, lon_at = (track["fields"].index(name) for name in ("fix_time", "lat", "lon"))
    return {_ms_of(row[time_at]): (row[lat_at], row[lon_at]) for row in track["rows"]}


def _ms_of(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
