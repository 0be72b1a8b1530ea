"""In which regions one vehicle is, from what the store says at first and the events that follow."""

from collections.abc import Iterable

from tracking.domain.events import Event, EventKind


class Whereabouts:
    """Of each region the newest event tells, whatever the order and number of arrivals."""

    def __init__(self, regions: Iterable[int] = (), events: Iterable[Event] = ()) -> None:
        """`regions` were read first, then `events`."""
        self.regions = frozenset(regions)
        self._heard: dict[int, int] = {}
        for event in events:
            self.note(event)

    def note(self, event: Event) -> None:
        if event.region is None or event.id <= self._heard.get(event.region, 0):
            return
        self._heard[event.region] = event.id
        if event.kind == EventKind.ENTER:
            self.regions |= {event.region}
        elif event.kind == EventKind.EXIT:
            self.regions -= {event.region}
