"""What the endpoints answer with; read by the encoder and by the OpenAPI document alike."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, WithJsonSchema

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
    """The newest fix by its own time, and what the vehicle does by it. Null is unknown."""

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
    """`latest` is null until the first fix; `off_duty_since` while the driver is on duty."""

    slug: str
    name: str
    plate: str
    kind: str
    colour: str
    active: bool
    off_duty_since: Time | None
    latest: LatestState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastState:
    """`fix_time`, speed and course are of the newest fix up to the instant. `between`: the place is on the way to the next fix."""

    vehicle: str
    lat: float
    lon: float
    between: bool
    fix_time: Time
    speed_mps: float | None
    course_deg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMoment:
    """Every vehicle that had sent a fix within the asked time before, by slug."""

    time: Time
    within_s: int
    limited_to_regions: bool
    vehicles: list[PastState]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTrack:
    """Columns of equal length. `time_s` counts from `from`; a first one below 0 is the newest fix before."""

    vehicle: str
    time_s: list[float]
    lat_e5: list[int]
    lon_e5: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One fix a vehicle and step at most, as it was sent; `lat_e5` and `lon_e5` are 1e-5 degrees. By slug."""

    from_: Annotated[Time, Field(alias="from")]
    to: Time
    step_s: int
    limited_to_regions: bool
    tracks: list[ReplayTrack]


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
class RaisedAlert:
    """An episode in which a vehicle broke a rule. `rule` is its name; `end_time` is null while it lasts.

    `region` is null for rules without one, `vehicle` when it was deleted.
    """

    id: int
    rule: str
    kind: str
    vehicle: str | None
    region: str | None
    start_time: Time
    end_time: Time | None
    acknowledged_time: Time | None
    acknowledged_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """By id. `next` is the cursor of the next page, null at the end."""

    items: list[RaisedAlert]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulFixes:
    """`flag` is jump, poor_accuracy or clock_ahead; `samples` are times of the first few."""

    flag: str
    count: int
    first_time: Time
    last_time: Time
    samples: list[Time]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackQuality:
    """Of all `fixes` of the range, what is doubtful; a flag that no fix has is not listed."""

    vehicle: str
    fixes: int
    flags: list[DoubtfulFixes]


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
class Place:
    """Degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivenTrip:
    """Between two stops. `moving_s`, `idle_s` and `unseen_s` (nothing was heard for ten minutes or more) make up its time.

    The highest speed leaves spikes out. `open`: it goes on as far as is known.
    """

    id: str
    start_time: Time
    end_time: Time
    start: Place
    end: Place
    distance_m: float
    moving_s: float
    idle_s: float
    unseen_s: float
    max_speed_mps: float
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TripPage:
    """By start. A page may hold fewer than `limit`; `next` is the cursor of the next page, null at the end."""

    vehicle: str
    from_: Annotated[Time, Field(alias="from")]
    to: Time
    limited_to_regions: bool
    items: list[DrivenTrip]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeStop:
    """A rest of two minutes or more. `open`: it lasts as far as is known."""

    id: str
    start_time: Time
    end_time: Time
    lat: float
    lon: float
    duration_s: float
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPage:
    """By start. A page may hold fewer than `limit`; `next` is the cursor of the next page, null at the end."""

    vehicle: str
    from_: Annotated[Time, Field(alias="from")]
    to: Time
    limited_to_regions: bool
    items: list[MadeStop]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionStay:
    """`visits` that began in the time, and how long the vehicle was there in it."""

    region: str
    visits: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotals:
    """The parts of trips and stops that lie in the day. `trips` and `stops` count those that start in it.

    `max_speed_mps`, `first_start` and `last_stop` are null without trips and stops.
    """

    day: Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
    start_time: Time
    end_time: Time
    distance_m: float
    moving_s: float
    idle_s: float
    stopped_s: float
    unseen_s: float
    max_speed_mps: float | None
    first_start: Time | None
    last_stop: Time | None
    trips: int
    stops: int
    regions: list[RegionStay]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleSummary:
    """Every day of the zone that touches the range, whole."""

    vehicle: str
    tz: str
    limited_to_regions: bool
    days: list[DayTotals]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleTotals(DayTotals):
    """Of one vehicle."""

    vehicle: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSummary:
    """By slug. A page may hold fewer than `limit`; `next` is the cursor of the next page, null at the end."""

    tz: str
    limited_to_regions: bool
    items: list[VehicleTotals]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """`rows` are arrays in the order of `fields`; unknown is null. `limited_to_regions`: there may be more than one may see.

    `fixes`, `distance_m` and `gaps` are of all fixes of the range, also of those left out; these lie at most `tolerance_m` from where
    the rows place them at their time. Between the two times of a gap nothing is known.

    For the document only: tracks are written by `wire.track_json`.
    """

    vehicle: str
    from_: Annotated[Time, Field(alias="from")]
    to: Time
    limited_to_regions: bool
    fields: list[str]
    rows: list[list[str | float | None]]
    fixes: int
    distance_m: float
    duration_s: float
    tolerance_m: float | None
    gaps: list[tuple[Time, Time]]
