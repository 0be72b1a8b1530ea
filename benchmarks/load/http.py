"""Kept-alive HTTP connections that send ready-made requests, one at a time, with next to no work of their own."""

import asyncio
from collections.abc import Callable
from typing import cast

Answered = Callable[[int, bytes], None]
"""Called with status and body."""
NOT_MODIFIED = 304
CHROME = """
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"
sec-ch-ua-mobile: ?0
sec-ch-ua-platform: "Linux"
Sec-Fetch-Site: same-origin
Sec-Fetch-Mode: cors
Sec-Fetch-Dest: empty
Accept-Language: en-GB,en;q=0.9
""".strip().splitlines()
"""What a browser adds to each request."""


def request_head(path: str, *, token: str = "", host: str = "127.0.0.1") -> bytes:
    """Of a post: all but Content-Length, the blank line and the body."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{bearer}".encode()


def request(head: bytes, body: bytes) -> bytes:
    return b"%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body)


def browser_get(path: str, *, port: int, session: str, accept: str = "*/*") -> bytes:
    host = f"127.0.0.1:{port}"
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: keep-alive",
        *CHROME,
        f"Accept: {accept}",
        f"Referer: http://{host}/live/",
        f"Cookie: sessionid={session}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class HttpConnection(asyncio.Protocol):
    """Reads answers with a Content-Length, and 304. `on_lost` is called when the other side ends it before it has answered."""

    def __init__(self, on_lost: Callable[[], None]) -> None:
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._answered: Answered | None = None
        self.received_bytes = 0
        self.sent_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    @property
    def is_free(self) -> bool:
        return self._answered is None

    @property
    def is_lost(self) -> bool:
        return self._transport is None

    def ask(self, sent: bytes, answered: Answered) -> None:
        """`answered` may ask again."""
        assert self._transport is not None and self._answered is None
        self._answered = answered
        self.sent_bytes += len(sent)
        self._transport.write(sent)

    def data_received(self, data: bytes) -> None:
        self.received_bytes += len(data)
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        status = int(head[9:12])
        if status != NOT_MODIFIED and len(body) < _content_length(head):
            return
        answered, self._answered, self._received = self._answered, None, b""
        assert answered is not None, "an answer without a request"
        answered(status, body)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if not self.is_free:
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


async def connect(port: int, count: int, on_lost: Callable[[], None]) -> list[HttpConnection]:
    loop = asyncio.get_running_loop()
    pairs = [await loop.create_connection(lambda: HttpConnection(on_lost), "127.0.0.1", port) for _ in range(count)]
    return [connection for _, connection in pairs]


class EventStream(asyncio.Protocol):
    """One GET of a text/event-stream; `on_event(id, data)` gets each event, `on_end()` its end, also an asked one."""

    def __init__(self, sent: bytes, *, on_event: Callable[[str, bytes], None], on_end: Callable[[], None]) -> None:
        self._sent = sent
        self._on_event = on_event
        self._on_end = on_end
        self._received = b""
        self._text = b""
        self._is_open = False
        self.received_bytes = 0
        self.sent_bytes = len(sent)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._sent)

    def connection_lost(self, error: Exception | None) -> None:
        self._on_end()

    def close(self) -> None:
        self._on_end = lambda: None
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self.received_bytes += len(data)
        self._received += data
        if not self._is_open:
            _head, blank, rest = self._received.partition(b"\r\n\r\n")
            if not blank:
                return
            self._received, self._is_open = rest, True
        self._dechunk()
        *events, self._text = self._text.split(b"\n\n")
        for event in events:
            self._take(event)

    def _dechunk(self) -> None:
        while True:
            size_text, line_end, rest = self._received.partition(b"\r\n")
            if not line_end:
                return
            size = int(size_text, 16)
            if len(rest) < size + 2:
                return
            if size == 0:
                self._transport.close()
                return
            self._text += rest[:size]
            self._received = rest[size + 2 :]

    def _take(self, event: bytes) -> None:
        fields = dict(line.split(b": ", 1) for line in event.split(b"\n") if b": " in line)
        if b"data" in fields:
            self._on_event(fields.get(b"id", b"").decode(), fields[b"data"])
