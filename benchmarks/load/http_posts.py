"""Kept-alive HTTP connections that post ready-made requests, one at a time, with next to no work of their own."""

import asyncio
from collections.abc import Callable
from typing import cast

Answered = Callable[[int, bytes], None]
"""Called with status and body."""


def request_head(path: str, *, token: str = "", host: str = "127.0.0.1") -> bytes:
    """All but Content-Length, the blank line and the body."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{bearer}".encode()


def request(head: bytes, body: bytes) -> bytes:
    return b"%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body)


class PostConnection(asyncio.Protocol):
    """`on_lost` is called when the other side ends it."""

    def __init__(self, on_lost: Callable[[], None]) -> None:
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._answered: Answered | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    @property
    def is_free(self) -> bool:
        return self._answered is None

    def post(self, sent: bytes, answered: Answered) -> None:
        """`answered` may post again."""
        assert self._transport is not None and self._answered is None
        self._answered = answered
        self._transport.write(sent)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank or len(body) < _content_length(head):
            return
        answered, self._answered, self._received = self._answered, None, b""
        assert answered is not None, "an answer without a request"
        answered(int(head[9:12]), body)

    def connection_lost(self, error: Exception | None) -> None:
        self._on_lost()

    def close(self) -> None:
        if self._transport is not None:
            self._on_lost = lambda: None
            self._transport.close()


def _content_length(head: bytes) -> int:
    lower = head.lower()
    start = lower.index(b"content-length:") + len(b"content-length:")
    end = lower.find(b"\r\n", start)
    return int(lower[start : end if end >= 0 else None])


async def connect(port: int, count: int, on_lost: Callable[[], None]) -> list[PostConnection]:
    loop = asyncio.get_running_loop()
    pairs = [await loop.create_connection(lambda: PostConnection(on_lost), "127.0.0.1", port) for _ in range(count)]
    return [connection for _, connection in pairs]
