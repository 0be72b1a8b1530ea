"""Dispatchers: by WebSocket, by polling, by Server-Sent Events. Each watches one region."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Protocol

from benchmarks.load.calls import Calls
from benchmarks.load.dialects import DIALECTS, Dialect, Polling, ProductStreams, Row, decode, message_rows
from benchmarks.load.http import EventStream, HttpConnection, browser_get, connect
from benchmarks.load.log import Arrival, Log
from benchmarks.load.socket import Socket

POLL_EVERY_S = 0.2
PICTURE_WITHIN_S = 30
LOOK_S = 0.05
ACK_AT_FRAMES, ACK_AT_BYTES = 4, 128 * 1024  # half of what may be unacknowledged, as clients do


class Watchers(Protocol):
    @property
    def is_compressed(self) -> bool: ...

    async def open(self) -> None: ...

    @property
    def traffic_bytes(self) -> int:
        """Both ways, headers included."""

    def close(self) -> None: ...


class SocketWatchers:
    """The frames of a region are the same for all who watch it, so each is read once."""

    def __init__(self, settings: dict[str, Any], log: Log) -> None:
        self._settings = settings
        self._dialect: Dialect = DIALECTS[settings["dialect"]]
        self._log = log
        self._calls = Calls(
            port=settings["port"], dialect=self._dialect, log=log, is_compressed=settings["offers_compression"]
        )
        self._read: dict[bytes, Sequence[int]] = {}
        self._unacked_frames: Counter[Socket] = Counter()
        self._unacked_bytes: Counter[Socket] = Counter()
        self._shown: set[Socket] = set()

    async def open(self) -> None:
        """Where a server begins with a picture, each has it."""
        watched = self._settings["watched"]
        await asyncio.gather(*(self._open(i, region) for i, region in enumerate(watched)))
        async with asyncio.timeout(PICTURE_WITHIN_S):
            while self._dialect.begins_with_picture and len(self._shown) < len(watched):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_S)

    async def _open(self, number: int, region: str) -> None:
        await self._calls.open(
            self._dialect.watch_path(region),
            session=session_of(self._settings, number),
            greetings=self._dialect.watch_greetings(region),
            on_message=partial(self._take, region == "quiet"),
        )

    def _take(self, is_quiet: bool, socket: Socket, payload: bytes) -> None:
        at_ms = time.time() * 1000
        times = self._times(payload)
        if times:
            self._log.arrivals.append(Arrival(at_ms, times, is_quiet))
        if (seq := self._dialect.seq(payload)) is not None:
            self._shown.add(socket)
            self._acknowledge(socket, seq, len(payload))

    def _times(self, payload: bytes) -> Sequence[int]:
        times = self._read.get(payload)
        if times is None:
            if len(self._read) > 100:
                self._read.clear()
            try:
                times = self._dialect.fix_times_ms(payload)
            except ValueError as error:
                self._log.errors[str(error)] += 1
                times = []
            self._read[payload] = times
        return times

    def _acknowledge(self, socket: Socket, seq: str, size: int) -> None:
        self._unacked_frames[socket] += 1
        self._unacked_bytes[socket] += size
        if self._unacked_frames[socket] >= ACK_AT_FRAMES or self._unacked_bytes[socket] >= ACK_AT_BYTES:
            self._unacked_frames[socket] = self._unacked_bytes[socket] = 0
            socket.send(f'{{"type":"ack","seq":{seq}}}')

    @property
    def traffic_bytes(self) -> int:
        return self._calls.traffic_bytes

    @property
    def is_compressed(self) -> bool:
        return any(socket.is_compressed for socket in self._calls.sockets)

    def close(self) -> None:
        self._calls.close()


class Fresh:
    """What one dispatcher knows; only positions newer than that count as delivered."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._newest: dict[int | str, int] = {}

    def take(self, rows: Iterable[Row]) -> None:
        at_ms = time.time() * 1000
        fresh = [(vehicle, time_ms) for vehicle, time_ms in rows if time_ms > self._newest.get(vehicle, 0)]
        self._newest.update(fresh)
        if fresh:
            self._log.arrivals.append(Arrival(at_ms, [time_ms for _, time_ms in fresh], False))


class PollWatchers:
    """A kept-alive connection each; asks each POLL_EVERY_S at its own moment, in long polling as soon as it was answered."""

    is_compressed = False

    def __init__(self, settings: dict[str, Any], log: Log) -> None:
        dialect = DIALECTS[settings["dialect"]]
        assert isinstance(dialect, Polling | ProductStreams)
        self._dialect = dialect
        self._is_long = settings["watch"] == "long poll"
        self._settings = settings
        self._log = log
        self._connections: list[HttpConnection] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        watched = self._settings["watched"]
        self._connections = await connect(self._settings["port"], len(watched), self._lost)
        self._tasks = [asyncio.create_task(self._run(i, region)) for i, region in enumerate(watched)]

    async def _run(self, number: int, region: str) -> None:
        fresh, cursor, answers = Fresh(self._log), "", asyncio.Queue[tuple[int, bytes]]()
        connection = self._connections[number]
        await asyncio.sleep(POLL_EVERY_S * number / len(self._connections))
        due_s = time.monotonic()
        while True:
            path = self._dialect.poll_path(region, cursor)
            session = session_of(self._settings, number)
            asked = browser_get(path, port=self._settings["port"], session=session)
            self._log.requests += 1
            connection.ask(asked, lambda status, body: answers.put_nowait((status, body)))
            status, body = await answers.get()
            if status == 200:
                rows, cursor = self._dialect.poll_rows(body, cursor)
                fresh.take(rows)
            elif status != 304:
                self._log.errors[f"{status} {body[:200].decode(errors='replace')}"] += 1
                return
            if not self._is_long:
                due_s = max(due_s + POLL_EVERY_S, time.monotonic())
                await asyncio.sleep(due_s - time.monotonic())

    def _lost(self) -> None:
        self._log.errors["a polling connection was lost"] += 1

    @property
    def traffic_bytes(self) -> int:
        return sum(connection.received_bytes + connection.sent_bytes for connection in self._connections)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        for connection in self._connections:
            connection.close()


class EventWatchers:
    """The product's SSE, as EventSource does it: comes back with the last id when a stream ends."""

    is_compressed = False

    def __init__(self, settings: dict[str, Any], log: Log) -> None:
        self._settings = settings
        self._log = log
        self._fresh = [Fresh(log) for _ in settings["watched"]]
        self._last_id = [""] * len(settings["watched"])
        self._streams: dict[int, EventStream] = {}
        self._ended_bytes = 0
        self._comings: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        for number in range(len(self._settings["watched"])):
            await self._connect(number)

    async def _connect(self, number: int) -> None:
        port = self._settings["port"]
        path = f"/live/v1/sse?channel=region:{self._settings['watched'][number]}"
        asked = browser_get(path, port=port, session=session_of(self._settings, number), accept="text/event-stream")
        if last_id := self._last_id[number]:
            asked = asked[:-2] + f"Last-Event-ID: {last_id}\r\n\r\n".encode()
        self._log.requests += 1
        make = partial(EventStream, asked, on_event=partial(self._take, number), on_end=partial(self._ended, number))
        _, self._streams[number] = await asyncio.get_running_loop().create_connection(make, "127.0.0.1", port)

    def _take(self, number: int, event_id: str, data: bytes) -> None:
        self._last_id[number] = event_id or self._last_id[number]
        try:
            self._fresh[number].take(message_rows(decode(data)))
        except ValueError as error:
            self._log.errors[str(error)] += 1

    def _ended(self, number: int) -> None:
        stream = self._streams.pop(number, None)
        if stream is None or not self._last_id[number]:
            self._log.errors["a stream ended before its first event"] += 1
            return
        self._ended_bytes += stream.received_bytes + stream.sent_bytes
        coming = asyncio.create_task(self._connect(number))
        self._comings.add(coming)
        coming.add_done_callback(self._comings.discard)

    @property
    def traffic_bytes(self) -> int:
        streams = self._streams.values()
        return self._ended_bytes + sum(stream.received_bytes + stream.sent_bytes for stream in streams)

    def close(self) -> None:
        for stream in self._streams.values():
            stream.close()


def session_of(settings: dict[str, Any], number: int) -> str:
    sessions: list[str] = settings["sessions"]
    return sessions[number % len(sessions)]


def make_watchers(settings: dict[str, Any], log: Log) -> Watchers:
    kinds: dict[str, Callable[[dict[str, Any], Log], Watchers]] = {
        "socket": SocketWatchers,
        "poll": PollWatchers,
        "long poll": PollWatchers,
        "sse": EventWatchers,
    }
    return kinds[settings["watch"]](settings, log)
