"""Which texts both databases take."""

import re
from collections.abc import Iterator
from typing import Any

UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL knows no zero in a text, and UTF-8 no half of a pair
NOT_STORABLE = "holds a character that cannot be stored"


def is_storable(value: Any) -> bool:
    """Of a text, or of all texts in a value of JSON."""
    return not any(UNSTORABLE.search(text) for text in _texts_in(value))


def _texts_in(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
