"""What the endpoints of shares answer with: to who makes them, and to guests."""

from dataclasses import dataclass
from typing import Literal

from tracking.api.schemas import Polygon, Time


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
