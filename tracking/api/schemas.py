"""What the endpoints answer with; read by the encoder and by the OpenAPI document alike.

Vehicles, shares, alerts and history have modules of their own.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import WithJsonSchema

Time: TypeAlias = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Polygon: TypeAlias = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "description": "GeoJSON geometry; positions are [lon, lat].",
            "properties": {"type": {"enum": ["Polygon", "MultiPolygon"]}, "coordinates": {"type": "array"}},
            "required": ["type", "coordinates"],
        }
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionArea:
    """A named polygon."""

    slug: str
    name: str
    colour: str
    polygon: Polygon


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRegion:
    """What became of a feature."""

    slug: str
    outcome: Literal["added", "changed", "unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """In the order of the file."""

    features: list[ImportedRegion]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionVisit:
    """One stay. `vehicle` is null when it was deleted, `exit_time` while it lasts."""

    vehicle: str | None
    enter_time: Time
    exit_time: Time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """`kind` as in the live protocol. `vehicle` and `region` are null when deleted; messages have no region.

    `retracted`: a later event of kind retract has taken it back.
    """

    id: int
    kind: str
    vehicle: str | None
    region: str | None
    time: Time
    data: dict[str, Any]
    retracted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """By id. `next` is the cursor of the next page, null at the end."""

    items: list[LoggedEvent]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """What the live page shows with this query; one at most is the default."""

    id: int
    name: str
    query: str
    default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewList:
    """All of them, by name; `next` is null always."""

    items: list[KeptView]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMessage:
    """Between the dispatchers and the driver of a vehicle. The state is the other side's; `author` is empty when deleted."""

    id: int
    key: str
    vehicle: str | None
    from_driver: bool
    author: str
    text: str
    quick_replies: list[str]
    state: Literal["sent", "delivered", "read"]
    sent_time: Time
    delivered_time: Time | None
    read_time: Time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """By id. `next` is the cursor of the next page, null at the end."""

    items: list[KeptMessage]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """`vehicle` and `region` are slugs as they were; both empty: all that the reader could see.

    What ends in `_name` is what user, vehicle and region are called now; empty for those that are gone, or have no other name.
    """

    id: int
    time: Time
    kind: str
    who: str
    user_name: str
    vehicle: str
    vehicle_name: str
    region: str
    region_name: str
    from_time: Time | None
    to_time: Time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """The newest first. `next` is the cursor of the next page, null at the end."""

    items: list[LookedAt]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPage:
    """`next` is the cursor of the next page, null at the end."""

    items: list[RegionArea]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPage:
    """By enter time. `next` is the cursor of the next page, null at the end."""

    items: list[RegionVisit]
    next: str | None
