"""What the endpoints answer with, but for alerts and history; read by the encoder and by the OpenAPI document alike."""

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
StatusWord: TypeAlias = Literal["moving", "idle", "stopped", "alarm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestState:
    """The newest fix by its own time, and what the vehicle does by it; alarm: it has an alert that nobody has noted. Null is unknown."""

    fix_time: Time
    lat: float
    lon: float
    speed_mps: float | None
    course_deg: float | None
    accuracy_m: float | None
    status: StatusWord | None
    received_time: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleState:
    """`driver` is empty when nobody is named; `latest` is null until the first fix; `off_duty_since` while the driver is on duty."""

    slug: str
    name: str
    plate: str
    driver: str
    kind: str
    colour: str
    active: bool
    off_duty_since: Time | None
    latest: LatestState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDevice:
    """When the device was heard of last, its newest fix of the vehicle, and its battery as it told it last; null: never.

    `dialect`: fleet, or of which phone app. `is_gateway`: it posts for other vehicles, too.
    """

    label: str
    dialect: str
    is_gateway: bool
    seen_time: Time
    fix_time: Time | None
    battery_percent: int | None
    battery_time: Time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleDetail(VehicleState):
    """With the devices that have posted for it and are not revoked, the last seen first."""

    devices: list[SeenDevice]


@dataclass(frozen=True, slots=True, kw_only=True)
class OffDutySpan:
    """`to_time` is null while it lasts."""

    from_time: Time
    to_time: Time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """`off_duty_since` is null while the driver is on duty; `off_duty` has what is known of 30 days, by time."""

    vehicle: str
    off_duty_since: Time | None
    off_duty: list[OffDutySpan]


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
class RefusedFixes:
    """Of one device, for one vehicle and reason. `vehicle` is null for a name that nobody knows; then `named` is what a gateway called it.

    `fix_time` and `detail` are of the last one; the time is null when it could not be read.
    """

    device: str
    vehicle: str | None
    vehicle_name: str | None
    named: str
    reason: str
    count: int
    first_time: Time
    last_time: Time
    fix_time: Time | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalPage:
    """By age. `next` is the cursor of the next page, null at the end."""

    items: list[RefusedFixes]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedVehicle:
    """Its slug."""

    vehicle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeShare:
    """A link to one vehicle live, one region live, or one trip of a vehicle; times and `trimmed` are of a trip.

    `name` is the vehicle's or region's.
    """

    id: int
    kind: Literal["vehicle", "region", "trip"]
    name: str
    label: str
    vehicle: str | None
    region: str | None
    from_time: Time | None
    to_time: Time | None
    trimmed: bool
    maker: str
    made_time: Time
    expires_time: Time
    state: Literal["active", "expired", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """`secret` and the `url` with it are told this once."""

    share: MadeShare
    secret: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePage:
    """The newest first. `next` is the cursor of the next page, null at the end."""

    items: list[MadeShare]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedThing:
    """What a share shows to its guests. `channel` is its live room, null for a trip; `polygon` is of a region."""

    kind: Literal["vehicle", "region", "trip"]
    name: str
    colour: str
    channel: str | None
    polygon: Polygon | None
    from_time: Time | None
    to_time: Time | None
    trimmed: bool
    expires_time: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTrack:
    """A trip in parts, none over a silence of five minutes or what was left out; rows are arrays in the order of `fields`."""

    fields: list[str]
    parts: list[list[list[str | float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """`vehicle` and `region` are slugs as they were; both empty: all that the reader could see."""

    id: int
    time: Time
    kind: str
    who: str
    vehicle: str
    region: str
    from_time: Time | None
    to_time: Time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """The newest first. `next` is the cursor of the next page, null at the end."""

    items: list[LookedAt]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VehiclePage:
    """`next` is the cursor of the next page, null at the end."""

    items: list[VehicleState]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleData:
    """How many of each are known of a vehicle and its drivers; `first_time` and `last_time` are of fixes. `looks` outlast an erasure."""

    vehicle: str
    fixes: int
    first_time: Time | None
    last_time: Time | None
    visits: int
    events: int
    alerts: int
    messages: int
    devices: int
    refusals: int
    duty_switches: int
    shares: int
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """`deleted`: rows by table; the fixes of a sealed hour are one."""

    vehicle: str
    deleted: dict[str, int]
