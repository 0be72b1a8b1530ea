"""Query parameters and bodies that several endpoints share; a name that is not known is refused, not ignored."""

import re
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Annotated, Any, Self

from django.http import HttpRequest
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from tracking.api.problems import refused
from tracking.domain.text import NOT_STORABLE, is_storable
from tracking.domain.times import DAY_MS
from tracking.wire.rfc3339 import decode_time_ms

MAX_RANGE_DAYS = 400
END_MS = decode_time_ms("2100-01-01T00:00:00Z")  # stored times are packed into 42 bits, which last until 2109
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(2099, 12, 30)


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


def calendar_day(text: Any) -> date:
    """Raises ValueError for what is no day of the calendar, or begins somewhere on earth outside of the time of instants."""
    if not DAY.fullmatch(str(text)):  # pydantic would take seconds since 1970, and times
        raise ValueError(f"must be a day such as 2026-03-01; it is {str(text)[:40]!r}")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"is not in the calendar: {text!r}") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"must lie between {FIRST_DAY} and {LAST_DAY}")
    return day


CalendarDay = Annotated[date, BeforeValidator(calendar_day), WithJsonSchema({"type": "string", "format": "date"})]


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
    """A misspelt parameter, or the first of two, would otherwise give another answer than the one asked for."""
    for name, values in request.GET.lists():
        if name not in known:
            raise refused(name, f"is not a parameter here; allowed: {', '.join(sorted(known)) or 'none'}")
        if len(values) > 1:
            raise refused(name, f"is there {len(values)} times; write it once")
        if not is_storable(values[0]):
            raise refused(name, NOT_STORABLE)


class StrictBody(BaseModel):
    """Refuses members that the endpoint does not know, and texts that cannot be stored."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def check_text(cls, value: Any) -> Any:
        if not is_storable(value):
            raise ValueError(NOT_STORABLE)
        return value


Name = Annotated[str, StringConstraints(strip_whitespace=True)]
"""How people call something; spaces around it are none of it."""


class OpenRangeQuery(StrictQuery):
    """From ≤ time < to; None: since ever, and for ever."""

    from_ms: Instant | None = Field(None, alias="from")
    to_ms: Instant | None = Field(None, alias="to")

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """An empty range would look like a quiet time."""
        if self.from_ms is not None and self.to_ms is not None and self.from_ms >= self.to_ms:
            raise refused("to", "must be later than from")
        return self


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
