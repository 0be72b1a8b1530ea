"""Query parameters, bodies and pages that several endpoints share; a name that is not known is refused, not ignored."""

import base64
import binascii
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Annotated, Any, Self, TypeVar

import msgspec
from django.http import HttpRequest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema, model_validator

from tracking.api.problems import refused
from tracking.domain.times import DAY_MS
from tracking.wire.rfc3339 import decode_time_ms

MAX_RANGE_DAYS = 400
END_MS = decode_time_ms("2100-01-01T00:00:00Z")  # stored times are packed into 42 bits, which last until 2109
MAX_ITEMS = 1_000

Key = TypeVar("Key")
Row = TypeVar("Row")


def instant_ms(text: Any) -> int:
    """Raises ValueError for what is no RFC 3339 time from 1970 to 2099."""
    hint = " (write + as %2B)" if " " in str(text)[11:] else ""
    try:
        time_ms = decode_time_ms(str(text))
    except ValueError as error:
        raise ValueError(f"{error}{hint}") from None
    if not 0 <= time_ms <= END_MS:
        raise ValueError("must lie between 1970 and 2100")
    return time_ms


Instant = Annotated[int, BeforeValidator(instant_ms), WithJsonSchema({"type": "string", "format": "date-time"})]


class StrictQuery(BaseModel):
    """Refuses parameters that the endpoint does not have."""

    @model_validator(mode="before")
    @classmethod
    def check_names(cls, value: Any, info: ValidationInfo) -> Any:
        """The value holds known parameters only; all that were sent are in the request."""
        assert info.context is not None
        refuse_unknown(info.context["request"], {field.alias or name for name, field in cls.model_fields.items()})
        return value


def refuse_unknown(request: HttpRequest, known: AbstractSet[str] = frozenset()) -> None:
    """A misspelt parameter would otherwise give another answer than the one asked for."""
    for name in request.GET:
        if name not in known:
            raise refused(name, f"is not a parameter here; allowed: {', '.join(sorted(known)) or 'none'}")


class StrictBody(BaseModel):
    """Refuses members that the endpoint does not know."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(StrictQuery):
    """Which part of a list."""

    limit: int = Field(100, ge=1, le=MAX_ITEMS, description="At most so many items.")
    cursor: str | None = Field(None, description="`next` of the page before.")


class RangeQuery(StrictQuery):
    """From ≤ time < to."""

    from_ms: Instant = Field(alias="from", description="RFC 3339 with an offset; included.")
    to_ms: Instant = Field(alias="to", description="RFC 3339 with an offset; not included.")

    @model_validator(mode="after")
    def check_range(self) -> Self:
        """An empty range would look like a vehicle that did not move."""
        if self.from_ms >= self.to_ms:
            raise refused("to", "must be later than from")
        if self.to_ms - self.from_ms > MAX_RANGE_DAYS * DAY_MS:
            raise refused("to", f"may be at most {MAX_RANGE_DAYS} days after from")
        return self


def page_of(found: Sequence[Row], query: PageQuery, key: Callable[[Row], Any]) -> tuple[Sequence[Row], str | None]:
    """Of what was found with a limit one higher: the page, and its `next`, which `key` tells of its last row."""
    shown = found[: query.limit]
    return shown, encode_cursor(key(shown[-1])) if len(found) > query.limit else None


def encode_cursor(key: Any) -> str:
    """The key of the last item of a page, opaque to the reader."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def decode_cursor(text: str | None, type_: type[Key]) -> Key | None:
    """None for the first page; a text that is no cursor of this list is refused."""
    if text is None:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=type_)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        raise refused("cursor", "must be the next of a page of this list") from None
