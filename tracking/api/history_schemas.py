"""What the endpoints of history answer with: tracks, trips, stops, summaries, the fleet of the past."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, WithJsonSchema

from tracking.api.schemas import Time


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
    """Columns of equal length. `time_s` counts from `from`; a first one below 0 is the newest fix before, which who has one at 0 lacks."""

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
class VehicleWithin:
    """`stretches` are from ≤ time < to of each stay, in order; `seconds` adds them up."""

    vehicle: str
    stretches: list[tuple[Time, Time]]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetWithin:
    """By slug; who was never there is not listed. A first stretch that begins at `from` may have begun before, a last one go on."""

    from_: Annotated[Time, Field(alias="from")]
    to: Time
    within_s: int
    limited_to_regions: bool
    vehicles: list[VehicleWithin]


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
class DayStrips:
    """By slug a letter for each `slot_s` from `from` on: `m` moving, `s` at rest, `-` nothing known."""

    day: str
    tz: str
    from_: Annotated[Time, Field(alias="from")]
    to: Time
    slot_s: int
    limited_to_regions: bool
    strips: dict[str, str]


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
