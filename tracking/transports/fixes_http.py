"""The bare ASGI app of `POST /api/v1/fixes`, in front of Django since it is called most."""

import logging
import zlib
from collections.abc import Mapping
from typing import Any

from tracking.domain.errors import BadRequest, Unavailable
from tracking.transports.http import ClientLeft, Receive, Send, encode, problem, read_body, respond
from tracking.transports.services import Services
from tracking.wire.fix_json import decode_body

logger = logging.getLogger(__name__)

MAX_SENT_BYTES = 1024 * 1024
MAX_INFLATED_BYTES = 8 * 1024 * 1024

STATUS_OF_CODE = {"too_many_fixes": 413, "too_large": 413, "bad_encoding": 415}


class FixesApp:
    """Answers 200 with a receipt once every accepted fix is on disk, else a problem document (RFC 9457)."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if scope["method"] != "POST":
            await problem(send, 405, "method_not_allowed", "Fixes are sent with POST.", {b"allow": b"POST"})
            return
        try:
            await self._post(headers, receive, send)
        except BadRequest as error:
            await problem(send, STATUS_OF_CODE.get(error.code, 400), error.code, error.reason)
        except Unavailable as error:
            retry = {b"retry-after": str(error.retry_after_s).encode()}
            await problem(send, 503, "busy", error.reason, retry)
        except ClientLeft:
            return
        except Exception:
            logger.exception("a post of fixes failed")
            await problem(send, 500, "failed", "The server failed; nothing is known to be stored. Try again.")

    async def _post(self, headers: Mapping[bytes, bytes], receive: Receive, send: Send) -> None:
        await self._services.start()
        scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        device = await self._services.find_device(token.strip()) if scheme.lower() == "bearer" else None
        if device is None:
            detail = "A valid device token is needed: Authorization: Bearer TOKEN."
            await problem(send, 401, "not_authenticated", detail, {b"www-authenticate": b"Bearer"})
            return
        body = inflate(
            await read_body(headers, receive, most_bytes=MAX_SENT_BYTES),
            headers.get(b"content-encoding", b"").decode("latin-1"),
        )
        content_type = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
        items = decode_body(body, content_type)
        receipt = await self._services.intake.take(device, items)
        await respond(send, 200, b"application/json", encode(receipt.as_json()), {})


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
