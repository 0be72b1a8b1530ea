"""What the doors for fixes share: bodies within limits, and an answer to whatever goes wrong."""

import logging
import zlib
from collections.abc import Awaitable, Mapping

from tracking.domain.errors import BadRequest, TooOften, Unavailable
from tracking.transports.http import ClientLeft, Headers, Receive, Send, problem, read_body

logger = logging.getLogger(__name__)

MAX_SENT_BYTES = 1024 * 1024
GZIP_RATIO = 8  # of fixes as JSON
MAX_INFLATED_BYTES = 8 * 1024 * 1024

STATUS_OF_CODE = {"too_many_fixes": 413, "too_large": 413, "bad_encoding": 415}


async def answer_failure(
    send: Send, work: Awaitable[None], *, status_of_code: Mapping[str, int] = STATUS_OF_CODE
) -> None:
    """Awaits `work`, which answers by itself unless it raises."""
    try:
        await work
    except BadRequest as error:
        await problem(send, status_of_code.get(error.code, 400), error.code, error.reason)
    except (TooOften, Unavailable) as error:
        retry = {b"retry-after": str(error.retry_after_s).encode()}
        status, code = (429, "rate") if isinstance(error, TooOften) else (503, "busy")
        await problem(send, status, code, error.reason, retry)
    except ClientLeft:
        return
    except Exception:
        logger.exception("a post failed")
        await problem(send, 500, "failed", "The server failed; nothing is known to be stored. Try again.")


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
