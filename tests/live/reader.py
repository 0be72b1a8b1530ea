"""A reader of live frames that does what the protocol document tells clients to do."""

import json
from collections.abc import Sequence
from typing import Any

from tracking.live.events import EventFrame
from tracking.live.frames import Frame
from tracking.live.room import Row


class Reader:
    """What a client knows of one channel; counts as a watcher of the hub. `gap`: frames are missing, join again."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.names: dict[int, str] = {}
        self.cursor: str | None = None
        self.seq = self.newest_seq = 0
        self.gap = False
        self.credit = 1_000_000
        self.frames: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.tellings = 0

    @property
    def has_credit(self) -> bool:
        return self.credit > 0

    def deliver(self, frame: Frame) -> None:
        assert self.credit > 0
        self.credit -= 1
        self._hear(frame)
        self.apply(json.loads(frame.message["text"]))

    def tell(self, frames: Sequence[EventFrame]) -> None:
        self.tellings += bool(frames)
        for frame in frames:
            self._hear(frame)
            self.events.append(json.loads(frame.message["text"]))

    def _hear(self, frame: Frame) -> None:
        assert frame.seq > self.newest_seq
        self.newest_seq = frame.seq

    def recheck(self) -> None:
        """It may see everything."""

    def apply(self, message: dict[str, Any]) -> None:
        self.frames.append(message)
        if message["type"] == "snapshot" and message["part"] == 1:
            self.rows.clear()
        if message["type"] == "delta" and message["prev"] > self.seq:
            self.gap = True
            return
        for vehicle in message.get("gone", ()):
            self.rows.pop(vehicle, None)
        for row in message["rows"]:
            known = self.rows.get(row[0])
            if known is None or row[1] >= known[1]:
                self.rows[row[0]] = tuple(row)
        self.names |= {int(vehicle): card["name"] for vehicle, card in message["vehicles"].items()}
        self.seq, self.cursor = message["seq"], message["cursor"]
