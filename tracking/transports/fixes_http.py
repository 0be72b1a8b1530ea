"""The bare ASGI app of `POST /api/v1/fixes`, in front of Django since it is called most."""

import logging
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from tracking.domain.errors import BadRequest, Unavailable
from tracking.ingest.intake import Receipt
from tracking.transports.services import Services
from tracking.wire.fix_json import MAX_FIXES, decode_body

logger = logging.getLogger(__name__)

MAX_SENT_BYTES = 1024 * 1024
MAX_INFLATED_BYTES = 8 * 1024 * 1024

TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    405: "Method not allowed",
    413: "Too large",
    415: "Unsupported encoding",
    500: "Server error",
    503: "Busy",
}
STATUS_OF_CODE = {"too_many_fixes": 413, "too_large": 413, "bad_encoding": 415}

_encode = msgspec.json.Encoder().encode

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class FixesApp:
    """Answers 200 with a receipt once every accepted fix is on disk, else a problem document (RFC 9457)."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if scope["method"] != "POST":
            await _problem(send, 405, "method_not_allowed", "Fixes are sent with POST.", {b"allow": b"POST"})
            return
        try:
            await self._post(headers, receive, send)
        except BadRequest as error:
            await _problem(send, STATUS_OF_CODE.get(error.code, 400), error.code, error.reason)
        except Unavailable as error:
            retry = {b"retry-after": str(error.retry_after_s).encode()}
            await _problem(send, 503, "busy", error.reason, retry)
        except ClientLeft:
            return
        except Exception:
            logger.exception("a post of fixes failed")
            await _problem(send, 500, "failed", "The server failed; nothing is known to be stored. Try again.")

    async def _post(self, headers: Mapping[bytes, bytes], receive: Receive, send: Send) -> None:
        await self._services.start()
        scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        device = await self._services.find_device(token.strip()) if scheme.lower() == "bearer" else None
        if device is None:
            detail = "A valid device token is needed: Authorization: Bearer TOKEN."
            await _problem(send, 401, "not_authenticated", detail, {b"www-authenticate": b"Bearer"})
            return
        body = inflate(await _read(headers, receive), headers.get(b"content-encoding", b"").decode("latin-1"))
        content_type = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
        items = decode_body(body, content_type)
        await _answer(send, await self._services.intake.take(device, items))


class ClientLeft(Exception):
    """The request ended before its body did."""


async def _read(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    if int(headers.get(b"content-length", b"0")) > MAX_SENT_BYTES:
        raise _too_large()
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_SENT_BYTES:
            raise _too_large()
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large() -> BadRequest:
    return BadRequest("too_large", f"A body may have {MAX_SENT_BYTES} bytes and {MAX_FIXES} fixes at most.")


def inflate(body: bytes, encoding: str) -> bytes:
    """The body without its Content-Encoding. Raises BadRequest beyond MAX_INFLATED_BYTES or for a broken stream."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return body
    if encoding != "gzip":
        raise BadRequest("bad_encoding", f"Content-Encoding may be gzip or absent; it is {encoding[:40]!r}.")
    inflater = zlib.decompressobj(wbits=31)
    try:
        inflated = inflater.decompress(body, MAX_INFLATED_BYTES)
    except zlib.error as error:
        raise BadRequest("bad_gzip", f"The body is not valid gzip: {error}.") from error
    if inflater.unconsumed_tail:
        raise BadRequest("too_large", f"A body may inflate to {MAX_INFLATED_BYTES} bytes at most.")
    if not inflater.eof:
        raise BadRequest("bad_gzip", "The gzip stream ends too early.")
    return inflated


async def _answer(send: Send, receipt: Receipt) -> None:
    await _respond(send, 200, b"application/json", _encode(receipt.as_json()), {})


async def _problem(
    send: Send, status: int, code: str, detail: str, headers: Mapping[bytes, bytes] | None = None
) -> None:
    document = {"type": "about:blank", "title": TITLES[status], "status": status, "code": code, "detail": detail}
    await _respond(send, status, b"application/problem+json", _encode(document), headers or {})


async def _respond(send: Send, status: int, content_type: bytes, body: bytes, headers: Mapping[bytes, bytes]) -> None:
    head = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), *headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
