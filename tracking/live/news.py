"""What a commit means for each live room, and how it travels between processes."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

import msgspec

from tracking.domain.events import Event, VehicleRegions, told_in
from tracking.domain.latest import Changes, Standing
from tracking.live.room import Room, Row, row_of

ALL = "region.all"
NOTHING_KNOWN: VehicleRegions = {}


class News(NamedTuple):
    """What one commit changed in one room: newest rows with their vehicle's `moved_ms`, who left and when, and what happened.

    `standings` are told where vehicles are followed.
    """

    changed_ms: int
    rows: list[tuple[Row, int]]
    gone: list[tuple[int, int]]
    events: list[Event] = []
    standings: list[tuple[int, Standing]] = []

    def about(self, vehicle: int) -> "News":
        """What it tells of one vehicle."""
        return News(
            self.changed_ms,
            [entry for entry in self.rows if entry[0][0] == vehicle],
            [],
            [event for event in self.events if event.vehicle == vehicle],
            [entry for entry in self.standings if entry[0] == vehicle],
        )


Group: TypeAlias = str


def group_of(region: int | None) -> Group:
    """The Channels group that carries a region's news; None is all regions together."""
    return ALL if region is None else f"region.{region}"


def driver_group(vehicle: int) -> Group:
    """The Channels group that carries what happens to one vehicle, without its positions."""
    return f"driver.{vehicle}"


def anywhere(group: Group) -> bool:
    return True


def news_of(
    changes: Changes,
    changed_ms: int,
    events: Sequence[Event] = (),
    vehicle_regions: VehicleRegions = NOTHING_KNOWN,
    *,
    is_heard: Callable[[Group], bool] = anywhere,
) -> dict[Group, News]:
    """One News for each room that the commit touched and that somebody hears."""
    news: dict[Group, News] = {}

    def of(*groups: Group) -> list[News]:
        heard = [group for group in groups if is_heard(group)]
        return [news.setdefault(group, News(changed_ms, [], [], [], [])) for group in heard]

    by_regions: dict[frozenset[int], list[News]] = {}
    for latest in changes.latest.values():
        papers = by_regions.get(latest.regions)
        if papers is None:
            papers = by_regions[latest.regions] = of(ALL, *map(group_of, latest.regions))
        if papers:
            row = (row_of(latest), latest.moved_ms)
            for paper in papers:
                paper.rows.append(row)
    for vehicle, left in changes.left.items():
        latest = changes.latest[vehicle]
        for paper in of(*map(group_of, left)):
            paper.gone.append((vehicle, latest.moved_ms))
        for paper in of(ALL, driver_group(vehicle)):
            paper.standings.append((vehicle, Standing(latest.regions, latest.moved_ms)))
    for event in events:
        for paper in of(ALL, driver_group(event.vehicle), *map(group_of, told_in(event, vehicle_regions))):
            paper.events.append(event)
    return news


def apply_news(room: Room, batches: Iterable[News]) -> None:
    """Repeats and late arrivals are harmless; what is older than the room's memory of departures is left to a repair."""
    for changed_ms, rows, gone, *_ in batches:
        if changed_ms < room.horizon_ms:
            continue
        for vehicle, moved_ms in gone:
            room.drop(vehicle, moved_ms=moved_ms, changed_ms=changed_ms)
        for row, moved_ms in rows:
            room.put(row, moved_ms=moved_ms, changed_ms=changed_ms)


class Parcel(NamedTuple):
    """News of one group on the bus; `number` counts what `publisher` sent to it, from 1."""

    publisher: str
    number: int
    batches: list[News]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Parcel).decode


def encode_parcel(parcel: Parcel) -> bytes:
    return _encode(parcel)


def decode_parcel(payload: bytes) -> Parcel:
    return _decode(payload)
