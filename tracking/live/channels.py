"""Channels by name, and who may join them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from tracking.domain.access import Caller, Office
from tracking.domain.directory import Directory
from tracking.domain.regions import NOWHERE
from tracking.domain.rights import NO_RIGHTS, Rights

OPS = "ops"


class Namespace(StrEnum):
    REGION = "region"
    VEHICLE = "vehicle"
    DRIVER = "driver"
    ADMIN = "admin"


class Channel(NamedTuple):
    """`id` of the room's region or vehicle; None for `region:all`, for `admin` and for what does not exist."""

    name: str
    namespace: Namespace
    room: str
    id: int | None

    @property
    def is_all(self) -> bool:
        return self.namespace is Namespace.REGION and self.room == "all"

    @property
    def exists(self) -> bool:
        return self.id is not None or self.is_all or (self.namespace is Namespace.ADMIN and self.room == OPS)


class Denial(NamedTuple):
    """`code` as in the protocol's error codes."""

    code: str
    reason: str


def find_channel(name: str, directory: Directory) -> Channel | None:
    """None when there is no such namespace."""
    namespace, _, room = name.partition(":")
    match namespace:
        case Namespace.REGION:
            return Channel(name, Namespace.REGION, room, None if room == "all" else directory.region_ids.get(room))
        case Namespace.VEHICLE | Namespace.DRIVER:
            return Channel(name, Namespace(namespace), room, directory.vehicle_ids.get(room))
        case Namespace.ADMIN:
            return Channel(name, Namespace.ADMIN, room, None)
    return None


def denial(
    channel: Channel, caller: Caller, office: Office, *, vehicle_regions: frozenset[int] | None = NOWHERE
) -> Denial | None:
    """Why the caller may not be in the channel now; None when it may.

    `vehicle_regions`: where the vehicle of a `vehicle` or `driver` channel is now; None: not known yet, it may be anywhere. A room
    that one may not see looks like one that does not exist, for all but those who may see everything of its kind.
    """
    if vehicle_regions is None and not channel.exists:
        vehicle_regions = NOWHERE
    if not is_allowed(channel, caller, office, vehicle_regions):
        return Denial("forbidden", f"You may not join {channel.name[:80]!r}.")
    return None if channel.exists else unknown(channel.name)


def is_allowed(channel: Channel, caller: Caller, office: Office, vehicle_regions: frozenset[int] | None) -> bool:
    rights = _shared_rights(channel, caller, office) or caller.rights(office) or NO_RIGHTS
    regions = rights.regions if vehicle_regions is None else vehicle_regions
    match channel.namespace:
        case Namespace.REGION:
            return rights.may_watch(channel.id)
        case Namespace.VEHICLE:
            return rights.may_watch_vehicle(regions)
        case Namespace.DRIVER:
            return rights.may_watch_vehicle(regions) or is_driver(caller, channel.id, office)
        case Namespace.ADMIN:
            return rights.staff


def _shared_rights(channel: Channel, caller: Caller, office: Office) -> Rights | None:
    """In the one channel that a guest's share names: those of its maker, so that a link never shows more than its maker sees."""
    share = caller.share(office)
    if share is None or channel.namespace.value != share.kind.value or channel.id != share.target:
        return None
    maker = office.access.people.get(share.maker)
    return None if maker is None else maker.rights


def is_driver(caller: Caller, vehicle: int | None, office: Office) -> bool:
    """Whether the caller comes with a device of this vehicle."""
    device = caller.device(office)
    return device is not None and device.vehicle is not None and device.vehicle == vehicle


def may_hear(event: Mapping[str, Any], caller: Caller, office: Office) -> bool:
    """Of an event in a room that the caller is in: a vehicle's room tells of regions that not all its readers may watch.

    A guest hears of none.
    """
    if caller.guest is not None:
        return False
    if event["region"] is None or event["channel"].startswith(Namespace.REGION):
        return True
    region = office.directory.region_ids.get(event["region"])
    return (caller.rights(office) or NO_RIGHTS).may_watch(region) or is_driver(caller, event["vehicle"], office)


def may_see_people(caller: Caller) -> bool:
    """Who is connected is no guest's business."""
    return caller.guest is None


def unknown(name: str) -> Denial:
    return Denial("unknown_channel", f"There is no channel {name[:80]!r}.")
