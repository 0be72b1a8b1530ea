"""What the bare HTTP apps share: problem documents, bodies with a limit, query parameters."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from tracking.domain.errors import BadRequest

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Headers = Mapping[bytes, bytes]

TITLES = {
    304: "Not modified",
    400: "Bad request",
    401: "Not authenticated",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    410: "Gone",
    413: "Too large",
    415: "Unsupported encoding",
    429: "Too many requests",
    500: "Server error",
    503: "Busy",
}

PROBLEM_TYPE = b"application/problem+json"
MAX_PASSED_OVER_BYTES = 4 * 1024 * 1024

encode = msgspec.json.Encoder().encode


class ClientLeft(Exception):
    """The request ended before its body did."""


async def read_body(receive: Receive, *, most_bytes: int) -> bytes:
    """Raises ClientLeft, or BadRequest `too_large` once the rest has been passed over: an answer that comes before may be lost."""
    parts, size, more = [], 0, True
    while more and size <= most_bytes + MAX_PASSED_OVER_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        part = message.get("body", b"")
        size += len(part)
        if size <= most_bytes:
            parts.append(part)
        more = message.get("more_body", False)
    if size > most_bytes:
        raise BadRequest("too_large", f"A body may have {most_bytes} bytes at most.")
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def pass_over_body(receive: Receive, *, most_bytes: int) -> None:
    """An answer that comes before the body has been read may be lost with the connection. Reads `most_bytes` at most."""
    size, more = 0, True
    while more and size <= most_bytes:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)


def join_text(id_: int, channel: str, cursor: str) -> bytes:
    """A `join` as a client of the WebSocket writes it."""
    return encode({"type": "join", "id": id_, "channel": channel, **({"cursor": cursor} if cursor else {})})


async def until_gone(receive: Receive) -> None:
    """Returns when the client has left; reads the rest of its request."""
    while (await receive())["type"] != "http.disconnect":
        pass


def bearer_of(headers: Headers) -> str | None:
    """What follows Bearer; None for another scheme or no header."""
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def query_of(scope: Mapping[str, Any]) -> list[tuple[str, str]]:
    return parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)


async def problem(send: Send, status: int, code: str, detail: str, headers: Headers | None = None) -> None:
    """RFC 9457."""
    await respond(send, status, PROBLEM_TYPE, problem_document(status, code, detail), headers or {})


def problem_document(status: int, code: str, detail: str) -> bytes:
    return encode({"type": "about:blank", "title": TITLES[status], "status": status, "code": code, "detail": detail})


async def respond(send: Send, status: int, content_type: bytes, body: bytes, headers: Headers) -> None:
    head = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), *headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
