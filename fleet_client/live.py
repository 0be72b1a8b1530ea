"""One connection of the live protocol (docs/live-protocol.md), from hello to bye."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Origin, Subprotocol

from fleet_client.results import ClientError, NotAuthorised, Rejected

SUBPROTOCOL = Subprotocol("fleet.v1.json")
MAX_FRAME_BYTES = 16 * 1024 * 1024
WELCOME_WITHIN_S = 15.0
FIRST_FINAL_CODE = 4500  # from here on a close code means: do not come back
DENIED_CODES = frozenset({4500, 4501, 4505})

Message = dict[str, Any]


class Lost(Exception):
    """The connection ended; coming back may help, but not before `retry_s`."""

    def __init__(self, reason: str, *, retry_s: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_s = retry_s


class LiveConnection:
    """After `welcome`; give it to one reading task."""

    def __init__(self, socket: ClientConnection, welcome: Message) -> None:
        self._socket = socket
        self.welcome = welcome

    async def send(self, message: Mapping[str, object]) -> None:
        """Raises Lost."""
        try:
            await self._socket.send(json.dumps(message, separators=(",", ":"), allow_nan=False))
        except ConnectionClosed as error:
            raise closed_error(error) from error

    async def messages(self) -> AsyncIterator[Message]:
        """Ends only by raising: Lost, NotAuthorised or Rejected."""
        while True:
            yield await receive(self._socket)

    async def close(self) -> None:
        """Harmless when it is closed already."""
        await self._socket.close()


async def open_live(
    url: str, *, token: str | None = None, headers: Mapping[str, str] | None = None, origin: str | None = None
) -> LiveConnection:
    """Says hello with `token`, or leaves it to a session cookie in `headers`. Raises Lost, NotAuthorised or Rejected."""
    try:
        socket = await connect(
            live_url(url),
            subprotocols=[SUBPROTOCOL],
            additional_headers=headers,
            origin=None if origin is None else Origin(origin),
            max_size=MAX_FRAME_BYTES,
            compression=None,
            proxy=None,
        )
    except (OSError, InvalidHandshake, ConnectionClosed) as error:
        if isinstance(error, InvalidStatus) and error.response.status_code in {401, 403}:
            raise NotAuthorised(str(error)) from error
        raise Lost(f"no connection: {error}") from error
    try:
        await socket.send(json.dumps({"type": "hello"} | ({"token": token} if token else {})))
        async with asyncio.timeout(WELCOME_WITHIN_S):
            welcome = await receive(socket)
    except ConnectionClosed as error:
        raise closed_error(error) from error
    except TimeoutError as error:
        await socket.close()
        raise Lost(f"no welcome within {WELCOME_WITHIN_S:g} s") from error
    if welcome.get("type") != "welcome":
        await socket.close()
        raise Rejected(f"the server began with {welcome.get('type')!r} instead of 'welcome'")
    return LiveConnection(socket, welcome)


def live_url(url: str) -> str:
    """The WebSocket address of a server known by its HTTP address."""
    parts = urlsplit(url)
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme)
    if scheme is None or not parts.netloc:
        raise ValueError(f"the server's address must start with http:// or https://; it is {url!r}")
    return urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + "/live/v1/ws", "", ""))


async def receive(socket: ClientConnection) -> Message:
    """The next message that is not a bye; a bye is raised as the error it means."""
    try:
        message = json.loads(await socket.recv())
    except ConnectionClosed as error:
        raise closed_error(error) from error
    if not isinstance(message, dict):
        raise Rejected("the server sent something that is not an object")
    if message.get("type") == "bye":
        raise bye_error(message.get("code"), str(message.get("reason")), message.get("retry_ms"))
    return message


def closed_error(error: ConnectionClosed) -> ClientError | Lost:
    """What a close without a bye means."""
    code = None if error.rcvd is None else error.rcvd.code
    return bye_error(code, str(error), None)


def bye_error(code: int | None, reason: str, retry_ms: float | None) -> ClientError | Lost:
    """What a close code means: come back, or do not."""
    if code is None or not FIRST_FINAL_CODE <= code < 5000:
        return Lost(f"{reason} ({code})", retry_s=(retry_ms or 0) / 1000)
    sentence = f"the server closed with {code}: {reason}"
    return NotAuthorised(sentence) if code in DENIED_CODES else Rejected(sentence)


def seconds_or(value: object, default: float) -> float:
    """`value` when it is a usable number of seconds."""
    if isinstance(value, int | float) and math.isfinite(value) and value >= 0:
        return float(value)
    return default
