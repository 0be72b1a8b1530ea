"""Validators of what was found in a vehicle's fixes: they say how far was read, so that a 304 reads none of them."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from django.http import HttpRequest
from django.utils.http import parse_etags

from tracking.api.caching import etag_of
from tracking.api.trip_reading import Read

MOST_SPANS = 20  # a validator of more says nothing: it is compared once all was read anew
FORM = 1  # of answers, and of how they are found; to be raised when equal fixes give another answer
TAG = re.compile(r'"((?:\d{1,13}-\d{1,13}_?)*)\.[0-9a-f]+"')

Range: TypeAlias = tuple[int, int]
"""From ≤ time < to, in ms since 1970 UTC."""


def tag_of(known: Any, reads: Sequence[Read]) -> str:
    """`known`: all that the answer depends on besides the fixes."""
    ranges = "_".join(f"{read.from_ms}-{read.to_ms}" for read in reads[: MOST_SPANS + 1])
    digest = etag_of([FORM, known, reads]).strip('"')
    return f'"{ranges}.{digest}"' if len(reads) <= MOST_SPANS else f'"{digest}"'


def find_fresh_tag(
    request: HttpRequest, known: Any, look_again: Callable[[Sequence[Range]], list[Read] | None]
) -> str | None:
    """The validator of a copy that is still good; `look_again` counts the fixes of ranges, None where they are not for this reader."""
    named = parse_etags(request.headers.get("If-None-Match", ""))
    for tag in (one.removeprefix("W/") for one in named):
        if (ranges := _ranges_in(tag)) is None:
            continue
        reads = look_again(ranges)
        if reads is not None and tag_of(known, reads) == tag:
            return tag
    return None


def _ranges_in(tag: str) -> list[Range] | None:
    found = TAG.fullmatch(tag)
    texts = [text for text in found[1].split("_") if text] if found else []
    if found is None or len(texts) > MOST_SPANS:
        return None
    return [(int(from_ms), int(to_ms)) for from_ms, to_ms in (text.split("-") for text in texts)]
