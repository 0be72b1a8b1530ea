"""Where each sealed hour led, so that who was in a box is looked for in few of them."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from tracking.domain.columns import Columns
from tracking.domain.moment import INTERPOLATE_UP_TO_MS
from tracking.domain.reach import Reach, may_touch, reach_of, stretched
from tracking.domain.within import Bounds
from tracking.storage.history import ClosedHour, History
from tracking.storage.hot import HOUR_MS
from tracking.storage.records import stored_from_fix
from tracking.storage.telemetry import Telemetry, Transaction

SAVE = (
    "INSERT INTO reach (vehicle, hour, west, south, east, north, cells) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (vehicle, hour) DO UPDATE SET west = excluded.west, south = excluded.south, east = excluded.east,"
    " north = excluded.north, cells = excluded.cells"
)
FIELDS = "r.vehicle, r.west, r.south, r.east, r.north, r.cells"


class Asked(NamedTuple):
    """A box, and from ≤ time < to in ms; after `within_ms` of silence a vehicle is nowhere."""

    bounds: Bounds
    from_ms: int
    to_ms: int
    within_ms: int


def write_reach(transaction: Transaction, closed: ClosedHour) -> None:
    """With the ways from the hour before and into the next one, as they are known now."""
    vehicle, hour, columns = closed
    first_ms, last_ms = columns.times.item(0), columns.times.item(-1)
    before, after = [], []
    if first_ms - INTERPOLATE_UP_TO_MS < hour * HOUR_MS:
        before = _one(transaction.history, vehicle, first_ms - INTERPOLATE_UP_TO_MS, hour * HOUR_MS, newest=True)
    if last_ms + INTERPOLATE_UP_TO_MS >= (hour + 1) * HOUR_MS:
        end_ms = last_ms + INTERPOLATE_UP_TO_MS + 1
        after = _one(transaction.history, vehicle, (hour + 1) * HOUR_MS, end_ms, newest=False)
    reach = reach_of(Columns.joined([*before, columns, *after]))
    transaction.run(SAVE, [vehicle, hour, *reach])


def _one(history: History, vehicle: int, from_ms: int, to_ms: int, *, newest: bool) -> list[Columns]:
    found = history.columns(vehicle, from_ms, to_ms, limit=1, newest_first=newest)
    return [found] if len(found.times) else []


def may_have_been(telemetry: Telemetry, vehicles: Sequence[int], asked: Asked) -> set[int]:
    """Whoever was in the box is among them.

    A way over the end of an hour is written with the hour that was sealed last, so both neighbours of the time are asked as well.
    What is hot has no reach: whoever has hot fixes of the time may have been anywhere.
    """
    hot = telemetry.history.hot
    found = {fix.vehicle for fix in hot.one_each(vehicles, _since_ms(asked), asked.to_ms, newest=True)}
    others = [vehicle for vehicle in vehicles if vehicle not in found]
    end_ms = asked.to_ms + INTERPOLATE_UP_TO_MS
    followers = {fix.vehicle: fix for fix in hot.one_each(others, asked.to_ms, end_ms, newest=False)}
    for vehicle, reach in _reaches(telemetry, others, asked):
        if vehicle in found:
            continue
        follower = followers.get(vehicle)
        whole = reach if follower is None else stretched(reach, *stored_from_fix(follower)[:2])
        if may_touch(whole, asked.bounds):
            found.add(vehicle)
    return found


def _since_ms(asked: Asked) -> int:
    return asked.from_ms - asked.within_ms


def _reaches(telemetry: Telemetry, vehicles: Collection[int], asked: Asked) -> list[tuple[int, Reach]]:
    """Of the hours of the time, and of each vehicle the newest one before."""
    listed, ids = telemetry.listed, telemetry.as_list(list(vehicles))
    first = (asked.from_ms - INTERPOLATE_UP_TO_MS) // HOUR_MS
    last = (asked.to_ms + INTERPOLATE_UP_TO_MS) // HOUR_MS
    newest = f"SELECT vehicle, max(hour) AS hour FROM sealed WHERE vehicle {listed} AND hour >= ? AND hour < ? GROUP BY vehicle"
    rows = telemetry.read(
        f"SELECT {FIELDS} FROM reach r WHERE vehicle {listed} AND hour >= ? AND hour <= ? UNION ALL"
        f" SELECT {FIELDS} FROM reach r JOIN ({newest}) n ON n.vehicle = r.vehicle AND n.hour = r.hour",
        [ids, first, last, ids, _since_ms(asked) // HOUR_MS, first],
    )
    return [(row[0], Reach(row[1], row[2], row[3], row[4], bytes(row[5]))) for row in rows]
