"""What the doors for fixes share: bodies within limits, and an answer to whatever goes wrong."""

import logging
import zlib
from collections.abc import Awaitable, Mapping
from typing import NamedTuple

from tracking.domain.errors import BadRequest, TooOften, Unavailable
from tracking.transports.http import (
    PROBLEM_TYPE,
    ClientLeft,
    Headers,
    Receive,
    Send,
    problem_document,
    read_body,
    respond,
)

logger = logging.getLogger(__name__)

MAX_SENT_BYTES = 1024 * 1024
GZIP_RATIO = 8  # of fixes as JSON
MAX_INFLATED_BYTES = 8 * 1024 * 1024

STATUS_OF_CODE = {"too_many_fixes": 413, "too_large": 413, "bad_encoding": 415}


class Failure(NamedTuple):
    """A problem document as an answer; `headers` beside its type and length."""

    status: int
    headers: Headers
    body: bytes


def failure_of(error: Exception, *, status_of_code: Mapping[str, int] = STATUS_OF_CODE) -> Failure:
    """What the sender hears of it."""
    match error:
        case BadRequest():
            return _failure(status_of_code.get(error.code, 400), error.code, error.reason)
        case TooOften():
            return _failure(429, "rate", error.reason, retry_after_s=error.retry_after_s)
        case Unavailable():
            return _failure(503, "busy", error.reason, retry_after_s=error.retry_after_s)
    logger.error("a post failed", exc_info=error)
    return _failure(500, "failed", "The server failed; nothing is known to be stored. Try again.")


def _failure(status: int, code: str, detail: str, *, retry_after_s: int | None = None) -> Failure:
    retry = {} if retry_after_s is None else {b"retry-after": str(retry_after_s).encode()}
    return Failure(status, retry, problem_document(status, code, detail))


async def answer_failure(
    send: Send, work: Awaitable[None], *, status_of_code: Mapping[str, int] = STATUS_OF_CODE
) -> None:
    """Awaits `work`, which answers by itself unless it raises."""
    try:
        await work
    except ClientLeft:
        return
    except Exception as error:
        status, headers, body = failure_of(error, status_of_code=status_of_code)
        await respond(send, status, PROBLEM_TYPE, body, headers)


async def read_sent(receive: Receive) -> bytes:
    """The body as sent. Raises BadRequest, or ClientLeft."""
    return await read_body(receive, most_bytes=MAX_SENT_BYTES)


def expected_bytes(body: bytes, headers: Headers) -> int:
    """About how large a body as sent is once inflated."""
    return len(body) * (GZIP_RATIO if b"content-encoding" in headers else 1)


def inflate(body: bytes, headers: Headers) -> bytes:
    """The body without its Content-Encoding. Raises BadRequest beyond MAX_INFLATED_BYTES or for a broken stream."""
    encoding = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
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
