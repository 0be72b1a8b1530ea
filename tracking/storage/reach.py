"""Where each sealed hour led, so that who was in a box is looked for in few of them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracking.domain.columns import Columns
from tracking.domain.hours import HOUR_MS
from tracking.domain.moment import INTERPOLATE_UP_TO_MS
from tracking.domain.reach import Reach, boxes_of, may_touch, reach_of, stretched
from tracking.domain.within import Bounds
from tracking.storage.history import ClosedHour
from tracking.storage.records import stored_from_fix
from tracking.storage.telemetry import Telemetry, Transaction

SAVE = (
    "INSERT INTO reach (vehicle, hour, west, south, east, north, cells) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (vehicle, hour) DO UPDATE SET west = excluded.west, south = excluded.south, east = excluded.east,"
    " north = excluded.north, cells = excluded.cells"
)
BESIDE = "r.west <= ? AND r.east >= ?"
NEWEST = "SELECT hour FROM sealed WHERE vehicle = v.value AND hour >= ? AND hour < ? ORDER BY hour DESC LIMIT 1"
FIELDS = "r.vehicle, r.west, r.south, r.east, r.north, r.cells"


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


def may_have_been(telemetry: Telemetry, vehicles: Sequence[int], asked: Asked) -> set[int]:
    """Whoever was in the box is among them.

    A way over the end of an hour is written with the hour that was sealed last, so both neighbours of the time are asked as well.
    What is hot has no reach: whoever has hot fixes of the time may have been anywhere.
    """
    end_ms = asked.to_ms + INTERPOLATE_UP_TO_MS
    newest, following = telemetry.history.hot.around(vehicles, _since_ms(asked), asked.to_ms, end_ms)
    found = {fix.vehicle for fix in newest}
    followers = {fix.vehicle: fix for fix in following}
    others = [vehicle for vehicle in vehicles if vehicle not in found]
    for vehicle, reach in _reaches(telemetry, others, asked, whole=list(followers)):
        if vehicle in found:
            continue
        follower = followers.get(vehicle)
        whole = reach if follower is None else stretched(reach, *stored_from_fix(follower)[:2])
        if may_touch(whole, asked.bounds):
            found.add(vehicle)
    return found


def _since_ms(asked: Asked) -> int:
    return asked.from_ms - asked.within_ms


def _reaches(
    telemetry: Telemetry, vehicles: Sequence[int], asked: Asked, *, whole: Sequence[int]
) -> list[tuple[int, Reach]]:
    """Of the hours of the time, and of each vehicle the newest one before: those whose rectangle meets the box, and all of `whole`."""
    listed, ids = telemetry.listed, telemetry.as_list(vehicles)
    boxes = boxes_of(asked.bounds)
    meets = f"(r.vehicle {listed} OR r.south <= ? AND r.north >= ? AND ({' OR '.join([BESIDE] * len(boxes))}))"
    box = [
        telemetry.as_list(whole),
        boxes[0].north,
        boxes[0].south,
        *(x for box in boxes for x in (box.east, box.west)),
    ]
    first = (asked.from_ms - INTERPOLATE_UP_TO_MS) // HOUR_MS
    last = (asked.to_ms + INTERPOLATE_UP_TO_MS) // HOUR_MS
    rows = telemetry.read(
        f"SELECT {FIELDS} FROM reach r WHERE r.vehicle {listed} AND r.hour >= ? AND r.hour <= ? AND {meets} UNION ALL"
        f" SELECT {FIELDS} FROM {telemetry.history.hot.each} JOIN reach r ON r.vehicle = v.value AND r.hour = ({NEWEST})"
        f" WHERE {meets}",
        [ids, first, last, *box, ids, _since_ms(asked) // HOUR_MS, first, *box],
    )
    return [(row[0], Reach(row[1], row[2], row[3], row[4], bytes(row[5]))) for row in rows]
