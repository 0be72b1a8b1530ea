"""The live stream without a WebSocket: `/live/v1/sse`, `/live/v1/poll` and the uplink `/live/v1/command`."""

import asyncio
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any

from tracking.domain.access import Caller
from tracking.domain.errors import BadRequest, Unavailable
from tracking.live import limits
from tracking.live.closing import bye_message
from tracking.live.cursor import carry_over
from tracking.live.events import EventFrame
from tracking.live.frames import Frame, text_of
from tracking.live.hub import WatchedRoom
from tracking.live.session import Close, Enter, Exit, Reply, Session, State, error_message
from tracking.transports.connection import LiveConnection, now_ms
from tracking.transports.http import (
    ClientLeft,
    Receive,
    Send,
    encode,
    join_text,
    problem,
    query_of,
    read_body,
    respond,
    until_gone,
)
from tracking.transports.services import Services
from tracking.transports.sse import HEAD, SseConnection
from tracking.wire.fix_json import decode_json

STREAM_PATHS = ("/live/v1/sse", "/live/v1/poll", "/live/v1/command")
LONGEST_WAIT_S = 25.0
COMMANDS = {"report", "send", "read"}
CURSOR = re.compile(r"[\w.-]*", re.ASCII)
STATUS_OF_ERROR = {"forbidden": 403, "too_large": 413, "rate": 429, "busy": 503}


class StreamsApp:
    """Problems before the stream begins are RFC 9457 documents; later ones are messages in it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._ways = dict(zip(STREAM_PATHS, (self._sse, self._poll, self._command), strict=True))

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        way = self._ways[scope["path"]]
        method = "POST" if way == self._command else "GET"
        if scope["method"] != method:
            await problem(send, 405, "method_not_allowed", f"Use {method}.", {b"allow": method.encode()})
            return
        try:
            await self._services.start()
            caller = await self._services.admission.identify(scope)
            if caller is None:
                await problem(send, 401, "not_authenticated", "A session or a token is needed.")
                return
            await way(scope, receive, send, caller)
        except BadRequest as error:
            status = 413 if error.code == "too_large" else 403 if error.code == "forbidden" else 400
            await problem(send, status, error.code, error.reason)
        except Unavailable as error:
            await problem(send, 503, "busy", error.reason, {b"retry-after": str(error.retry_after_s).encode()})
        except ClientLeft:
            return

    async def _sse(self, scope: Mapping[str, Any], receive: Receive, send: Send, caller: Caller) -> None:
        cursors = asked_channels(scope, header=b"last-event-id")
        connection = SseConnection(self._services, send, self._session(caller), cursors)
        await send(HEAD)
        connection.register()
        await connection.greet()
        await connection.join_all()
        await connection.run(receive)

    @staticmethod
    def _session(caller: Caller) -> Session:
        burst = limits.CHANNELS + limits.MESSAGES_BURST
        bucket = limits.TokenBucket(limits.MESSAGES_PER_S, burst, burst, time.monotonic())
        return Session(
            connection=secrets.token_hex(8),
            caller=caller,
            bucket=bucket,
            state=State.OPEN,
        )

    async def _poll(self, scope: Mapping[str, Any], receive: Receive, send: Send, caller: Caller) -> None:
        cursors = asked_channels(scope, header=b"if-none-match")
        wait_s = asked_wait_s(scope)
        session = self._session(caller)
        poll = Poll(self._services, cursors)
        await poll.join(session)
        if not any(cursors.values()) or ("hello", "1") in query_of(scope):
            poll.messages[:0] = [text_of(a.message) for a in session.welcome(now_ms=now_ms()) if isinstance(a, Reply)]
        messages = await poll.wait(wait_s, receive)
        cursor = ",".join(poll.cursors.values())
        headers = {b"etag": f'"{cursor}"'.encode(), b"cache-control": b"no-store"}
        if not messages:
            await send({"type": "http.response.start", "status": 304, "headers": list(headers.items())})
            await send({"type": "http.response.body", "body": b""})
            return
        body = f'{{"cursor":"{cursor}","messages":[{",".join(messages)}]}}'.encode()
        await respond(send, 200, b"application/json", body, headers)

    async def _command(self, scope: Mapping[str, Any], receive: Receive, send: Send, caller: Caller) -> None:
        headers = dict(scope["headers"])
        body = await read_body(headers, receive, most_bytes=limits.REPORT_BYTES)
        answer = await Command(self._services, self._session(caller)).run(body)
        status = 200 if answer["type"] == "ok" else STATUS_OF_ERROR.get(answer["code"], 400)
        await respond(send, status, b"application/json", encode(answer), {b"cache-control": b"no-store"})


class Poll:
    """One answer to a reader: what it lacks in each channel, or, if that is nothing, what comes next."""

    def __init__(self, services: Services, cursors: Mapping[str, str]) -> None:
        self._services = services
        self.cursors = dict(cursors)
        self.messages: list[str] = []
        self._rooms: list[WatchedRoom] = []
        self._news = asyncio.Event()

    @property
    def has_credit(self) -> bool:
        return True

    def deliver(self, frame: Frame) -> None:
        self._news.set()

    def tell(self, frame: EventFrame) -> None:
        self._news.set()

    async def join(self, session: Session) -> None:
        """Opens the rooms that may be seen, and says of the others why not."""
        self._session = session
        office = self._services.office
        for channel, cursor in self.cursors.items():
            text = join_text(0, channel, cursor)
            for action in session.receive(text, now_s=time.monotonic(), office=office):
                if isinstance(action, Enter):
                    self._rooms.append(await self._services.feed.open_room(action.channel))
                elif isinstance(action, Reply):
                    self.messages.append(text_of({**action.message, "id": None, "channel": channel}))

    async def wait(self, wait_s: float, receive: Receive) -> list[str]:
        """The messages; after `wait_s` perhaps none. Raises ClientLeft."""
        if self._collect() or wait_s <= 0:
            return self.messages
        for room in self._rooms:
            self._services.feed.listen(room, self)
        gone = asyncio.create_task(until_gone(receive))
        news = asyncio.create_task(self._news.wait())
        try:
            await asyncio.wait([gone, news], timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                raise ClientLeft
            self._recheck()
            return self._collect()
        finally:
            gone.cancel()
            news.cancel()
            for channel in self.cursors:
                self._services.feed.leave(channel, self)

    def _recheck(self) -> None:
        """Rights may have changed while it waited."""
        for action in self._session.recheck(self._services.office, now_s=time.time()):
            if isinstance(action, Exit):
                self._rooms = [room for room in self._rooms if room.channel != action.channel]
            elif isinstance(action, Reply):
                self.messages.append(text_of(action.message))
            elif isinstance(action, Close):
                self._rooms = []
                self.messages.append(text_of(bye_message(action.code, action.reason)))

    def _collect(self) -> list[str]:
        for room in self._rooms:
            for frame in self._services.feed.lacks(room, self.cursors[room.channel]):
                self.messages.append(frame.text)
                self.cursors[room.channel] = carry_over(self.cursors[room.channel], frame.cursor)
        return self.messages


class Command(LiveConnection):
    """Runs one message and keeps its answer."""

    def __init__(self, services: Services, session: Session) -> None:
        super().__init__(services, _nowhere, session=session)
        self._answer: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()

    async def run(self, body: bytes) -> Mapping[str, Any]:
        if _kind_of(body) not in COMMANDS | {None}:
            return error_message(None, "unknown_type", f"A command is one of {', '.join(sorted(COMMANDS))}.")
        await self.receive(body)
        return await self._answer

    def _say(self, message: Mapping[str, Any]) -> None:
        if not self._answer.done():
            self._answer.set_result(message)

    def _end(self, code: Any, reason: str | None) -> None:
        self._say({"type": "error", "id": None, "code": "too_large", "reason": reason})


def _kind_of(body: bytes) -> str | None:
    """None when it is no message; the session says why."""
    try:
        message = decode_json(body)
    except ValueError:
        return None
    kind = message.get("type") if isinstance(message, dict) else None
    return kind if isinstance(kind, str) else None


async def _nowhere(message: Mapping[str, Any]) -> None:
    """A command has no stream."""


def asked_channels(scope: Mapping[str, Any], *, header: bytes) -> dict[str, str]:
    """Each channel with the reader's cursor, "" without one. Raises BadRequest."""
    query = query_of(scope)
    channels = [value for name, value in query if name == "channel"]
    if not channels or len(channels) > limits.CHANNELS or len(set(channels)) < len(channels):
        raise BadRequest("bad_request", f"Name 1 to {limits.CHANNELS} different channels: ?channel=region:haga.")
    told = next((value.decode("latin-1") for name, value in scope["headers"] if name == header), None)
    joined = told if told is not None else next((value for name, value in query if name == "cursor"), "")
    cursors = [one if CURSOR.fullmatch(one) else "" for one in joined.removeprefix("W/").strip('"').split(",")]
    return dict(zip(channels, cursors if len(cursors) == len(channels) else [""] * len(channels), strict=True))


def asked_wait_s(scope: Mapping[str, Any]) -> float:
    """Raises BadRequest."""
    text: Iterable[str] = (value for name, value in query_of(scope) if name == "wait")
    try:
        wait_s = float(next(iter(text), "0"))
    except ValueError:
        wait_s = -1
    if not 0 <= wait_s <= LONGEST_WAIT_S:
        raise BadRequest("bad_request", f"wait must be from 0 to {LONGEST_WAIT_S:.0f} seconds.")
    return wait_s
