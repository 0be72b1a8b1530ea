"""All rooms that someone in this process watches: who gets which frame. No socket, no clock, no loop."""

from collections.abc import Mapping
from typing import Protocol

from tracking.domain.directory import VehicleCard
from tracking.live.cursor import Cursor, decode_cursor, encode_cursor
from tracking.live.frames import Frame, delta_message, make_frame, snapshot_message, vehicles_field
from tracking.live.room import Room, row_of, split
from tracking.storage.records import OVERLAP_MS, RoomRows

SNAPSHOT_PART_ROWS = 2_000
REMEMBER_DEPARTURES_MS = 600_000


class Watcher(Protocol):
    """A connection, as the hub sees it."""

    def deliver(self, frame: Frame) -> None:
        """Must return at once."""
        ...


class WatchedRoom:
    """A room with its readers. `region` is an id, None for all; `last_seq` the room's newest frame."""

    def __init__(self, channel: str, region: int | None, room: Room) -> None:
        self.channel = channel
        self.region = region
        self.room = room
        self.watchers: set[Watcher] = set()
        self.last_seq = 0


class Hub:
    """`store` is the telemetry store's identity, part of every cursor."""

    def __init__(self, store: str) -> None:
        self._store = store
        self._seq = 0
        self.rooms: dict[str, WatchedRoom] = {}

    def open_room(self, channel: str, region: int | None, rows: RoomRows) -> WatchedRoom:
        """`rows`: all that is in it, with the departures of the last REMEMBER_DEPARTURES_MS."""
        room = Room(horizon_ms=rows.watermark_ms - REMEMBER_DEPARTURES_MS)
        watched = self.rooms[channel] = WatchedRoom(channel, region, room)
        self.merge(watched, rows)
        room.take_delta()
        return watched

    def merge(self, watched: WatchedRoom, rows: RoomRows) -> None:
        """What the store says wins over what the bus may have lost."""
        room = watched.room
        for vehicle, exit_ms in rows.gone:
            room.drop(vehicle, exit_ms=exit_ms, changed_ms=rows.watermark_ms + OVERLAP_MS)
        for entry in rows.rows:
            room.put(row_of(entry.latest), changed_ms=entry.changed_ms)
        room.watermark_ms = max(room.watermark_ms, rows.watermark_ms)
        room.forget_departures(before_ms=room.watermark_ms - REMEMBER_DEPARTURES_MS)

    def join(
        self, watched: WatchedRoom, watcher: Watcher, cursor: str | None, cards: Mapping[int, VehicleCard]
    ) -> None:
        """The watcher gets what it lacks now, and every later frame."""
        self.flush(watched, cards)
        watched.watchers.add(watcher)
        seen = decode_cursor(cursor) if cursor else None
        delta = watched.room.since(seen.seen_ms) if seen is not None and seen.store == self._store else None
        if delta is None:
            self._send_snapshot(watched, watcher, cards)
            return
        frame = delta_message(
            seq=self._next_seq(),
            prev=0,
            channel=watched.channel,
            cursor=self._cursor(watched),
            rows=delta.rows,
            gone=delta.gone,
            vehicles=vehicles_field(delta.named, cards),
        )
        watcher.deliver(make_frame(frame))

    def _send_snapshot(self, watched: WatchedRoom, watcher: Watcher, cards: Mapping[int, VehicleCard]) -> None:
        parts = split(list(watched.room.rows.values()), SNAPSHOT_PART_ROWS)
        for number, rows in enumerate(parts, 1):
            message = snapshot_message(
                seq=self._next_seq(),
                channel=watched.channel,
                cursor=self._cursor(watched),
                rows=rows,
                vehicles=vehicles_field((row[0] for row in rows), cards),
                part=number,
                parts=len(parts),
            )
            watcher.deliver(make_frame(message))

    def leave(self, watched: WatchedRoom, watcher: Watcher) -> None:
        watched.watchers.discard(watcher)

    def flush(self, watched: WatchedRoom, cards: Mapping[int, VehicleCard]) -> bool:
        """Hands one frame with all news to every watcher; False when there was none."""
        if not watched.room.has_news:
            return False
        delta = watched.room.take_delta()
        prev, watched.last_seq = watched.last_seq, self._next_seq()
        message = delta_message(
            seq=watched.last_seq,
            prev=prev,
            channel=watched.channel,
            cursor=self._cursor(watched),
            rows=delta.rows,
            gone=delta.gone,
            vehicles=vehicles_field(delta.named, cards),
        )
        frame = make_frame(message)
        for watcher in watched.watchers:
            watcher.deliver(frame)
        return True

    def _next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def _cursor(self, watched: WatchedRoom) -> str:
        return encode_cursor(Cursor(self._store, watched.room.watermark_ms))
