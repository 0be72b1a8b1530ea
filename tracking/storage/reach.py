"""Where each sealed hour led, so that who was in a box is looked for in few of them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tracking.domain.columns import Columns, OneEach
from tracking.domain.hours import HOUR_MS
from tracking.domain.moment import INTERPOLATE_UP_TO_MS
from tracking.domain.reach import Box, Reach, boxes_of, may_touch, reach_of, stretched
from tracking.domain.thinned import Thinned
from tracking.domain.within import Bounds, may_lead_through
from tracking.storage.history import ClosedHour
from tracking.storage.past_fleet import load_around
from tracking.storage.telemetry import Telemetry, Transaction

SAVE = (
    "INSERT INTO reach (vehicle, hour, west, south, east, north, cells) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (vehicle, hour) DO UPDATE SET west = excluded.west, south = excluded.south, east = excluded.east,"
    " north = excluded.north, cells = excluded.cells"
)
BESIDE = "r.west <= ? AND r.east >= ?"
NEWEST = "SELECT hour FROM sealed WHERE vehicle = v.value AND hour >= ? AND hour < ? ORDER BY hour DESC LIMIT 1"
FIELDS = "r.vehicle, r.hour, r.west, r.south, r.east, r.north, r.cells"


class Asked(NamedTuple):
    """A box, and from ≤ time < to in ms; after `within_ms` of silence a vehicle is nowhere."""

    bounds: Bounds
    from_ms: int
    to_ms: int
    within_ms: int


def write_reaches(transaction: Transaction, closed: Sequence[ClosedHour]) -> None:
    """Of one vehicle, with the ways from the hour before and into the next one where those are sealed.

    A way to an hour that is hot is written with that hour; until then its fixes are looked for themselves.
    """
    known = {hour: columns for _, hour, columns in closed}
    vehicle, asked = closed[0].vehicle, {hour for one in closed for hour in _neighbours(one)}
    keys = [(vehicle, hour) for hour in sorted(asked.difference(known))]
    known |= {hour: columns for _, hour, columns in transaction.history.sealed_in(keys)}
    for _, hour, columns in closed:
        before = [_row(known[hour - 1], -1)] if hour - 1 in known else []
        after = [_row(known[hour + 1], 0)] if hour + 1 in known else []
        transaction.run(SAVE, [vehicle, hour, *reach_of(Columns.joined([*before, columns, *after]))])


def _neighbours(closed: ClosedHour) -> Iterator[int]:
    """Hours from or to which a way may lead."""
    _, hour, columns = closed
    if columns.times.item(0) - INTERPOLATE_UP_TO_MS < hour * HOUR_MS:
        yield hour - 1
    if columns.times.item(-1) + INTERPOLATE_UP_TO_MS >= (hour + 1) * HOUR_MS:
        yield hour + 1


def _row(columns: Columns, at: int) -> Columns:
    return Columns(*(column[[at]] for column in columns))


class Near(NamedTuple):
    """Whoever was in the box is among `vehicles`.

    Of them and some others `before` has the newest fix before the time, where there is none at its beginning, and `after` the oldest
    from its end on that a way may lead to.
    """

    vehicles: list[int]
    before: Thinned
    after: Thinned


def find_near(telemetry: Telemetry, vehicles: Sequence[int], asked: Asked) -> Near:
    """All in order of vehicles. Minute frames tell the fixes beside the time, where else the hours beside it would be read."""
    inside, beside = _reached(telemetry, vehicles, asked)
    both = sorted(inside | beside)
    at_begin, at_end = (
        load_around(telemetry, both, ms, within_ms=asked.within_ms) for ms in (asked.from_ms, asked.to_ms)
    )
    last, following = at_end
    just_then = last.chosen(last.times == asked.to_ms)
    through = _led_through(asked.bounds, *at_begin) | _led_through(asked.bounds, *at_end)
    near = inside | beside & (through | set(just_then.vehicles.tolist()))
    before = at_begin[0].chosen(at_begin[0].times < asked.from_ms)
    after = OneEach.nearest([just_then, following], newest=False)
    return Near(sorted(near), Thinned.of_each(before), Thinned.of_each(after))


def _led_through(bounds: Bounds, last: OneEach, following: OneEach) -> set[int]:
    """Who was in the box on the way from one fix to the next is among them."""
    nexts = following.of_vehicles(last.vehicles)
    goes_on = nexts.vehicles == last.vehicles
    lats, lons = (
        (here, np.where(goes_on, there, here)) for here, there in ((last.lats, nexts.lats), (last.lons, nexts.lons))
    )
    return set(last.vehicles[may_lead_through(bounds, lats, lons)].tolist())


def _reached(telemetry: Telemetry, vehicles: Sequence[int], asked: Asked) -> tuple[set[int], set[int]]:
    """Who may have been in the box by an hour of the time; and who only by one beside it, so on a way over one of its ends at most.

    A way over the end of an hour is written with the hour that was sealed last. What is hot has no reach: whoever has hot fixes of the
    time may have been anywhere.
    """
    end_ms = asked.to_ms + INTERPOLATE_UP_TO_MS
    newest, following = telemetry.history.hot.around(vehicles, _since_ms(asked), asked.to_ms, end_ms)
    inside, beside = set(newest.vehicles.tolist()), set[int]()
    places = zip(following.lats.tolist(), following.lons.tolist(), strict=True)
    followers = dict(zip(following.vehicles.tolist(), places, strict=True))
    others, boxes = [vehicle for vehicle in vehicles if vehicle not in inside], boxes_of(asked.bounds)
    hours = range(asked.from_ms // HOUR_MS, -(-asked.to_ms // HOUR_MS))
    for vehicle, hour, reach in _reaches(telemetry, others, asked, boxes, whole=list(followers)):
        follower = followers.get(vehicle)
        found = inside if hour in hours or follower else beside
        whole = reach if follower is None else stretched(reach, *follower)
        if vehicle not in found and may_touch(whole, boxes):
            found.add(vehicle)
    return inside, beside - inside


def _since_ms(asked: Asked) -> int:
    return asked.from_ms - asked.within_ms


def _reaches(
    telemetry: Telemetry, vehicles: Sequence[int], asked: Asked, boxes: Sequence[Box], *, whole: Sequence[int]
) -> list[tuple[int, int, Reach]]:
    """Vehicles and hours of the time, those soon after, and of each vehicle the newest before: where the rectangle meets the box, and all
    of `whole`.
    """
    listed, ids = telemetry.listed, telemetry.as_list(vehicles)
    meets = f"(r.vehicle {listed} OR r.south <= ? AND r.north >= ? AND ({' OR '.join([BESIDE] * len(boxes))}))"
    box = [
        telemetry.as_list(whole),
        boxes[0].north,
        boxes[0].south,
        *(x for box in boxes for x in (box.east, box.west)),
    ]
    first = asked.from_ms // HOUR_MS
    last = (asked.to_ms + INTERPOLATE_UP_TO_MS) // HOUR_MS
    rows = telemetry.read(
        f"SELECT {FIELDS} FROM reach r WHERE r.vehicle {listed} AND r.hour >= ? AND r.hour <= ? AND {meets} UNION ALL"
        f" SELECT {FIELDS} FROM {telemetry.history.hot.each} JOIN reach r ON r.vehicle = v.value AND r.hour = ({NEWEST})"
        f" WHERE {meets}",
        [ids, first, last, *box, ids, _since_ms(asked) // HOUR_MS, first, *box],
    )
    return [(row[0], row[1], Reach(row[2], row[3], row[4], row[5], bytes(row[6]))) for row in rows]
