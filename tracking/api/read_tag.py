"""Validators of what was found in vehicles' fixes: they say how far was read, so that a 304 reads none of them."""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.http import parse_etags

from tracking.api.caching import etag_of
from tracking.api.reads import Read
from tracking.api.sight import Span

MOST_SPANS = 2_000
MOST_CHARS = 1_500  # of a header, of which servers and proxies take 4 KB: of about 100 vehicles that parked in hours of their own
FORM = 2  # of answers, and of how they are found; to be raised when equal fixes give another answer
TAG = re.compile(r'"([\w-]+)\.[0-9a-f]+"', re.ASCII)
SPANS = re.compile(r"\d{1,13}-\d{1,13}(?:_\d{1,13}-\d{1,13})*", re.ASCII)
SPAN_CHARS = 28


class Copy(NamedTuple):
    """What a reader keeps: its validator, and in what it was found."""

    tag: str
    reads: Sequence[Read]


def tag_of(known: Any, reads: Sequence[Read]) -> str:
    """`known`: all that the answer depends on besides the fixes. What would be too long says nothing of how far was read."""
    digest = etag_of([FORM, known, reads]).strip('"')
    spans = _packed([(read.from_ms, read.to_ms) for read in reads])
    return f'"{spans}.{digest}"' if len(reads) <= MOST_SPANS and len(spans) <= MOST_CHARS else f'"{digest}"'


def find_fresh_copy(
    request: HttpRequest, known: Any, look_again: Callable[[Sequence[Span]], list[Read] | None]
) -> Copy | None:
    """The reader's copy if it is still good; `look_again` counts the fixes of spans, None where they are not for this reader."""
    named = parse_etags(request.headers.get("If-None-Match", ""))
    for tag in (one.removeprefix("W/") for one in named):
        if (spans := _spans_in(tag)) is None:
            continue
        reads = look_again(spans)
        if reads is not None and tag_of(known, reads) == tag:
            return Copy(tag, reads)
    return None


def _packed(spans: Sequence[Span]) -> str:
    """Most vehicles were read over the same hours, which deflating makes short."""
    text = "_".join(f"{from_ms}-{to_ms}" for from_ms, to_ms in spans)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()


def _spans_in(tag: str) -> list[Span] | None:
    """None when the tag was not made here."""
    found = TAG.fullmatch(tag)
    if found is None:
        return None
    try:
        packed = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
        text = zlib.decompressobj().decompress(packed, MOST_SPANS * SPAN_CHARS).decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        return None
    if not text:
        return []
    pairs = (one.split("-") for one in text.split("_")) if SPANS.fullmatch(text) else None
    return None if pairs is None else [(int(from_ms), int(to_ms)) for from_ms, to_ms in pairs]
