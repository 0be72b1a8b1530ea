"""Server messages as the bytes of `fleet.v1.json`; the live protocol document is the contract."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from tracking.domain.directory import VehicleCard
from tracking.live.room import FIELDS, Row

_encode = msgspec.json.Encoder().encode


class Frame(NamedTuple):
    """A state frame, encoded once; `message` is the one ASGI message that all its readers get."""

    seq: int
    message: dict[str, Any]
    size: int


def text_of(message: Mapping[str, Any]) -> str:
    return _encode(message).decode()


def asgi_message(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "websocket.send", "text": text_of(message)}


def make_frame(message: Mapping[str, Any]) -> Frame:
    """`message` carries its `seq`."""
    text = text_of(message)
    return Frame(message["seq"], {"type": "websocket.send", "text": text}, len(text))


def vehicles_field(vehicles: Iterable[int], cards: Mapping[int, VehicleCard]) -> dict[str, dict[str, str]]:
    """Names for the vehicles whose card is known."""
    return {
        str(card.id): {
            "slug": card.slug,
            "name": card.name,
            "plate": card.plate,
            "kind": card.kind,
            "colour": card.colour,
        }
        for card in map(cards.get, vehicles)
        if card is not None
    }


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
