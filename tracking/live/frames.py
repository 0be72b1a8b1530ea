"""Server messages as bytes; the live protocol document is the contract."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from tracking.domain.directory import VehicleCard
from tracking.live.room import FIELDS, Row
from tracking.wire.packed import DELTA, SNAPSHOT, pack_state
from tracking.wire.websocket import Opcode, deflated_frame, frame

_encode = msgspec.json.Encoder().encode


def bytes_of(message: Mapping[str, Any]) -> bytes:
    return _encode(message)


def text_of(message: Mapping[str, Any]) -> str:
    return _encode(message).decode()


def asgi_message(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "websocket.send", "text": text_of(message)}


class Notice:
    """A message for all readers of a channel, encoded once in each way that they ask for."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self._on_wire: dict[tuple[bool, bool], bytes] = {}

    def on_wire(self, *, packed: bool, deflated: bool) -> bytes:
        """The WebSocket frame, the same bytes for all who read it so."""
        found = self._on_wire.get((packed, deflated))
        if found is None:
            message = self.packed_message if packed else self.message
            payload = message.get("bytes")
            opcode = Opcode.TEXT if payload is None else Opcode.BINARY
            encode = deflated_frame if deflated else frame
            found = self._on_wire[packed, deflated] = encode(
                opcode, message["text"].encode() if payload is None else payload
            )
        return found

    @cached_property
    def text(self) -> str:
        return text_of(self.content)

    @cached_property
    def message(self) -> dict[str, Any]:
        """The one ASGI message for all who read `fleet.v1.json`."""
        return {"type": "websocket.send", "text": self.text}

    @cached_property
    def packed_message(self) -> dict[str, Any]:
        """The one ASGI message for all who read `fleet.v1.bin`: text, unless it is a state frame."""
        return self.message

    @cached_property
    def sse_data(self) -> bytes:
        """The end of a server-sent event, after its id."""
        return f"data: {self.text}\n\n".encode()


class Frame(Notice):
    """A state frame; `seq`, `channel` and `cursor` are the message's. `calm_rows`: as they are without alarms."""

    def __init__(self, content: Mapping[str, Any], *, calm_rows: Sequence[Row] = ()) -> None:
        super().__init__(content)
        self._calm_rows = calm_rows
        self.seq: int = content["seq"]
        self.channel: str = content["channel"]
        self.cursor: str = content["cursor"]

    def anew(self, *, seq: int) -> "Frame":
        """For one who has seen newer frames of other rooms or events: to each reader `seq` only rises."""
        return Frame({**self.content, "seq": seq}, calm_rows=self._calm_rows)

    @property
    def ends_picture(self) -> bool:
        """Its cursor may be kept: it is no early part of a snapshot."""
        return bool(self.content.get("part", 1) == self.content.get("parts", 1))

    @cached_property
    def for_guests(self) -> "Frame":
        """The same for all who came by a share: of a vehicle they are told its name, kind and colour, and no alarm."""
        vehicles: Mapping[str, Mapping[str, str]] = self.content["vehicles"]
        told = {
            id_: {"slug": id_, "plate": "", **{field: card[field] for field in ("name", "kind", "colour")}}
            for id_, card in vehicles.items()
        }
        is_calm = not self._calm_rows or self.content["rows"] == self._calm_rows
        if is_calm and not told:
            return self
        rows = {} if is_calm else {"rows": self._calm_rows}
        return Frame({**self.content, "vehicles": told, **rows}, calm_rows=self._calm_rows)

    @cached_property
    def packed_message(self) -> dict[str, Any]:
        content = self.content
        packed = pack_state(
            SNAPSHOT if content["type"] == "snapshot" else DELTA,
            seq=self.seq,
            prev=content.get("prev", 0),
            part=content.get("part", 1),
            parts=content.get("parts", 1),
            channel=self.channel,
            cursor=self.cursor,
            vehicles_json=_encode(content["vehicles"]),
            rows=content["rows"],
            gone=content.get("gone", ()),
        )
        return {"type": "websocket.send", "bytes": packed}


def vehicles_field(vehicles: Iterable[int], cards: Mapping[int, VehicleCard]) -> dict[str, dict[str, Any]]:
    """Names for the vehicles whose card is known; of those that have one the driver, of those that are off duty since when."""
    return {str(card.id): _told(card) for card in map(cards.get, vehicles) if card is not None}


def _told(card: VehicleCard) -> dict[str, Any]:
    told = {"slug": card.slug, "name": card.name, "plate": card.plate, "kind": card.kind, "colour": card.colour}
    if card.driver:
        told["driver"] = card.driver
    return told if card.off_duty_since_ms is None else {**told, "off_duty_since": card.off_duty_since_ms}


def snapshot_message(
    *, seq: int, channel: str, cursor: str, rows: Sequence[Row], vehicles: Mapping[str, Any], part: int, parts: int
) -> dict[str, Any]:
    return {
        "type": "snapshot",
        "seq": seq,
        "channel": channel,
        "cursor": cursor,
        "part": part,
        "parts": parts,
        "fields": FIELDS,
        "rows": rows,
        "vehicles": vehicles,
    }


def delta_message(
    *,
    seq: int,
    prev: int,
    channel: str,
    cursor: str,
    rows: Sequence[Row],
    gone: Sequence[int],
    vehicles: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "type": "delta",
        "seq": seq,
        "prev": prev,
        "channel": channel,
        "cursor": cursor,
        "rows": rows,
        "gone": gone,
        "vehicles": vehicles,
    }
