"""What the endpoints of vehicles answer with: their state, devices, duty, refused fixes, and all that is known of one."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tracking.api.schemas import Time

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
class VehiclePage:
    """`next` is the cursor of the next page, null at the end."""

    items: list[VehicleState]
    next: str | None


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
