"""What a reader knows of a channel, by the rules that the protocol document gives to clients."""

import math
from typing import Any

from tracking.domain.events import Event

Row = tuple[Any, ...]


class Known:
    """Of one channel. `told_from`: it is owed the events with larger ids, but for those before a gap; unknown until it has a picture.

    A cursor is kept of whole pictures only: whoever is cut off within one starts afresh.
    """

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.names: dict[int, str] = {}
        self.events: set[int] = set()
        self.cursor = ""
        self.told_from: float = math.inf
        self.may_see = True
        self._gap_ms = 0
        self._seq = 0
        self._is_restarting = False

    def begin(self) -> None:
        """It is asked for on a new connection, or anew: frames that continue what was before are passed over."""
        self._seq, self._is_restarting = 0, True
        if not self.cursor:
            self.told_from = math.inf

    def apply(self, message: dict[str, Any]) -> None:
        assert self.may_see, f"withdrawn, and yet: {message}"
        if message["type"] == "event":
            self._hear(message)
            return
        is_snapshot = message["type"] == "snapshot"
        starts = message["part"] == 1 if is_snapshot else message["prev"] == 0
        if self._is_restarting and not starts:
            return
        self._is_restarting = False
        if is_snapshot and message["part"] == 1:
            self.rows.clear()
        assert is_snapshot or message["prev"] <= self._seq, "frames are missing"
        for vehicle in message.get("gone", ()):
            self.rows.pop(vehicle, None)
        for row in message["rows"]:
            if row[0] not in self.rows or row[1] >= self.rows[row[0]][1]:
                self.rows[row[0]] = tuple(row)
        self.names |= {int(vehicle): card["name"] for vehicle, card in message["vehicles"].items()}
        is_whole = not is_snapshot or message["part"] == message["parts"]
        self._seq, self.cursor = message["seq"], message["cursor"] if is_whole else ""

    def _hear(self, event: dict[str, Any]) -> None:
        if event["kind"] == "gap":
            self._gap_ms = max(self._gap_ms, event["time"])
        else:
            self.events.add(event["event_id"])

    def lacks(self, events: list[Event]) -> list[Event]:
        """Of `events` those that it should have heard of."""
        return [
            event
            for event in events
            if event.id > self.told_from and event.changed_ms >= self._gap_ms and event.id not in self.events
        ]
