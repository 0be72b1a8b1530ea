"""Reports fixes over HTTP POST with one kept-alive connection."""

import asyncio
import gzip
import json
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from fleet_client.backoff import retry_delay_s
from fleet_client.results import FixObject, GaveUp, NotAuthorised, Rejected, Result, result_from_json

TRY_AGAIN = frozenset({429, 502, 503, 504})
GZIP_FROM_BYTES = 1_000  # below it the packing costs more than it saves
TIMEOUT_S = 30.0
GIVE_UP_AFTER_S = 120.0
PROBE_EVERY_S = 0.25


class HttpReporter:
    """`url` is the server's address, as in `http://127.0.0.1:8000`. Reports go one after the other, in order."""

    def __init__(self, url: str, token: str, *, give_up_after_s: float = GIVE_UP_AFTER_S) -> None:
        self._exchange = Exchange(url)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._give_up_after_s = give_up_after_s
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._exchange.abort()

    async def report(self, fixes: Sequence[FixObject]) -> Result:
        """Sends again on a lost connection and when the server is busy. Raises NotAuthorised, Rejected or GaveUp."""
        body = json.dumps(list(fixes), allow_nan=False).encode()
        headers = dict(self._headers)
        if len(body) >= GZIP_FROM_BYTES:
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        async with self._turn:
            return await self._until_answered(body, headers)

    async def _until_answered(self, body: bytes, headers: dict[str, str]) -> Result:
        deadline_s = time.monotonic() + self._give_up_after_s
        attempt = 0
        while True:
            try:
                answer = await asyncio.to_thread(self._exchange.request, "POST", "/api/v1/fixes", body, headers)
                if answer.status not in TRY_AGAIN:
                    return result_from_answer(answer)
                trouble, at_least_s = f"the server answered {answer.status}", retry_after_s(answer.headers)
            except (OSError, HTTPException) as error:
                trouble, at_least_s = f"no answer: {error!r}", 0.0
            delay_s = retry_delay_s(attempt, at_least_s=at_least_s)
            if time.monotonic() + delay_s > deadline_s:
                raise GaveUp(trouble)
            await asyncio.sleep(delay_s)
            attempt += 1


async def wait_until_up(url: str, *, timeout_s: float) -> None:
    """Returns once the server answers requests. Raises GaveUp after `timeout_s`."""
    exchange = Exchange(url)
    deadline_s = time.monotonic() + timeout_s
    while True:
        try:
            answer = await asyncio.to_thread(exchange.request, "GET", "/api/v1/fixes", b"", {})
            if answer.status < 500:
                return exchange.abort()
            trouble = f"it answered {answer.status}"
        except (OSError, HTTPException) as error:
            trouble = str(error)
        if time.monotonic() > deadline_s:
            exchange.abort()
            raise GaveUp(f"no server at {url} within {timeout_s:g} s: {trouble}")
        await asyncio.sleep(PROBE_EVERY_S)


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes


class Exchange:
    """One connection that is opened on first use and again after it broke; blocks, for use in a thread."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"the server's address must start with http:// or https://; it is {url!r}")
        make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._path = parts.path.rstrip("/")
        self._connection = make(parts.hostname, parts.port, timeout=TIMEOUT_S)

    def request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Raises OSError or HTTPException; the next call then connects anew."""
        try:
            self._connection.request(method, self._path + path, body, headers)
            response = self._connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, HTTPException):
            self._connection.close()
            raise

    def abort(self) -> None:
        """Ends the connection, also under a request that still waits in its thread."""
        if (sock := self._connection.sock) is not None:
            with suppress(OSError):  # the other side may be quicker
                sock.shutdown(socket.SHUT_RDWR)
            self._connection.close()


def result_from_answer(answer: Answer) -> Result:
    """Raises NotAuthorised or Rejected for anything but 200."""
    value = loads_or_none(answer.body)
    if answer.status == 200:
        return result_from_json(value)
    reason = value.get("detail") or value.get("title") if isinstance(value, dict) else None
    sentence = f"the server answered {answer.status}: {reason or 'no reason given'}"
    raise NotAuthorised(sentence) if answer.status in {401, 403} else Rejected(sentence)


def loads_or_none(body: bytes) -> Any:
    """None for what is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def retry_after_s(headers: HTTPMessage) -> float:
    """0 without the header or with a date in it, which this server does not send."""
    text = headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else 0.0
