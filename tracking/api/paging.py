"""Lists in pages: each tells the cursor of the next one, which is good for the same question alone."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar

import msgspec
from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from tracking.api.caching import etag_of
from tracking.api.problems import refused
from tracking.api.queries import StrictQuery
from tracking.domain.text import is_storable

MAX_ITEMS = 1_000
OF_PAGES = ("limit", "cursor")
QUESTION_CHARS = 8

Key = TypeVar("Key")
Row = TypeVar("Row")


class PageQuery(StrictQuery):
    """Which part of a list."""

    limit: int = Field(100, ge=1, le=MAX_ITEMS, description="At most so many items.")
    cursor: str | None = Field(None, description="`next` of the page before.")
    _question: str = PrivateAttr("")

    @model_validator(mode="after")
    def note_question(self, info: ValidationInfo) -> Self:
        """The path and all that narrows; a cursor of another list, vehicle or time would leave out a part in silence."""
        assert info.context is not None
        request = info.context["request"]
        asked = sorted((name, value) for name, value in request.GET.items() if name not in OF_PAGES)
        self._question = etag_of([request.path, asked]).strip('"')[:QUESTION_CHARS]
        return self

    def next_of(self, key: Any) -> str:
        """The cursor behind the item with that key, opaque to the reader."""
        return base64.urlsafe_b64encode(msgspec.json.encode([self._question, key])).rstrip(b"=").decode()

    def cursor_key(self, type_: type[Key]) -> Key | None:
        """The key behind which the page begins; None for the first page. What is no cursor of this list is refused."""
        if self.cursor is None:
            return None
        try:
            packed = base64.urlsafe_b64decode(self.cursor + "=" * (-len(self.cursor) % 4))
            question, key = msgspec.json.decode(packed, type=tuple[str, type_])  # type: ignore[valid-type]
        except (msgspec.MsgspecError, binascii.Error, ValueError):
            raise refused("cursor", "must be the next of a page of this list") from None
        if question != self._question or not _can_be_asked_for(key):
            raise refused("cursor", "must be the next of a page of this list, with the same parameters")
        return key


def page_of(found: Sequence[Row], query: PageQuery, key: Callable[[Row], Any]) -> tuple[Sequence[Row], str | None]:
    """Of what was found with a limit one higher: the page, and its `next`, which `key` tells of its last row."""
    shown = found[: query.limit]
    return shown, query.next_of(key(shown[-1])) if len(found) > query.limit else None


def _can_be_asked_for(key: Any) -> bool:
    """Databases know no larger numbers, and not every text."""
    if isinstance(key, int):
        return -(1 << 63) <= key < 1 << 63
    return is_storable(key) if isinstance(key, str) else all(map(_can_be_asked_for, key))
