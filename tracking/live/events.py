"""The events of one live room: each reaches each reader at least once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tracking.domain.directory import RegionCard, VehicleCard
from tracking.domain.events import Event
from tracking.domain.times import DAY_MS
from tracking.live.frames import Frame, vehicles_field
from tracking.storage.records import RecentEvents

REMEMBER_EVENTS_MS = DAY_MS
MOST_EVENTS = 5_000  # a room; what is older is left to `GET /api/v1/events`

NO_EVENTS = RecentEvents([], 0, 0)


class Missed(NamedTuple):
    """What a reader has not seen. `since_ms` is not None when there is more: events stored before may be missing."""

    events: list[Event]
    since_ms: int | None = None


class EventLog:
    """Each event once, whatever the order and number of arrivals, with the room's position when it came.

    All that was stored before `watermark_ms` is known; all since `horizon_ms` is remembered.
    """

    def __init__(self, recent: RecentEvents) -> None:
        self._events = {event.id: (0, event) for event in recent.events}
        self._horizon_position = 0
        self._told_position = 0
        self._lost_ms: int | None = None
        self.horizon_ms = recent.since_ms
        self.watermark_ms = recent.watermark_ms

    def is_new(self, event: Event) -> bool:
        """False as well for one so old that it must have been seen."""
        return event.id not in self._events and event.changed_ms >= self.watermark_ms

    def add(self, event: Event, *, position: int) -> None:
        """`position` rises with every event."""
        self._events[event.id] = (position, event)

    def take_untold(self) -> Missed:
        """What came since the last call."""
        untold = Missed(self._after(self._told_position), self._lost_ms)
        self._lost_ms = None
        if untold.events:
            self._told_position = self._events[untold.events[-1].id][0]
        return untold

    def _after(self, position: int) -> list[Event]:
        newest_first = []
        for at, event in reversed(self._events.values()):
            if at <= position:
                break
            newest_first.append(event)
        return newest_first[::-1]

    def after(self, position: int) -> Missed:
        """What came after a position of this room."""
        return Missed(self._after(position), None if position >= self._horizon_position else self.horizon_ms)

    def since(self, seen_ms: int) -> Missed:
        """What was stored at `seen_ms` or later, by the store's clock."""
        events = [event for _, event in self._events.values() if event.changed_ms >= seen_ms]
        return Missed(events, None if seen_ms >= self.horizon_ms else self.horizon_ms)

    def advance(self, recent: RecentEvents, *, position: int) -> None:
        """The events of `recent` were added: all that was stored before its watermark is known now.

        When they were too many, those before are lost at `position`. Forgets the oldest, but none that may come again; readers
        hear of a gap where one had not been told.
        """
        if recent.since_ms > self.watermark_ms:
            self.horizon_ms, self._horizon_position = recent.since_ms, position
            self._lost_ms = recent.since_ms
        self.watermark_ms = max(self.watermark_ms, recent.watermark_ms)
        self.horizon_ms = max(self.horizon_ms, self.watermark_ms - REMEMBER_EVENTS_MS)
        surplus, newest_lost = len(self._events) - MOST_EVENTS, 0
        for id_, (at, event) in list(self._events.items()):
            is_due = event.changed_ms < self.horizon_ms or surplus > 0
            if not is_due or event.changed_ms >= self.watermark_ms:
                break
            del self._events[id_]
            surplus, newest_lost = surplus - 1, max(newest_lost, at)
            self._horizon_position = max(self._horizon_position, at)
            self.horizon_ms = max(self.horizon_ms, event.changed_ms + 1)
        if newest_lost > self._told_position:
            self._lost_ms = self.horizon_ms


class EventFrame(Frame):
    """One event for all readers of a channel. `cursor`: what a reader has seen that got all events with it."""

    def __init__(self, content: Mapping[str, Any], *, cursor: str) -> None:
        super().__init__({**content, "cursor": cursor})
        self.content = content

    @property
    def packed_message(self) -> dict[str, Any]:
        return self.message


def event_message(
    event: Event,
    *,
    seq: int,
    channel: str,
    cards: Mapping[int, VehicleCard],
    regions: Mapping[int, RegionCard],
) -> dict[str, Any]:
    """`vehicle` as in rows, named in `vehicles`; `region` by its slug."""
    region = None if event.region is None else regions.get(event.region)
    return {
        "type": "event",
        "seq": seq,
        "channel": channel,
        "event_id": event.id,
        "kind": event.kind,
        "vehicle": event.vehicle,
        "region": None if region is None else region.slug,
        "time": event.time_ms,
        "data": event.data,
        "vehicles": vehicles_field([event.vehicle], cards),
    }


def gap_message(since_ms: int, *, seq: int, channel: str) -> dict[str, Any]:
    """There were events that the room does not remember; REST has them."""
    return {
        "type": "event",
        "seq": seq,
        "channel": channel,
        "event_id": f"gap.{since_ms}",
        "kind": "gap",
        "vehicle": None,
        "region": None,
        "time": since_ms,
        "data": {},
    }
