"""How each target speaks: what a vehicle posts or sends, what a dispatcher asks for and reads."""

import re
import struct
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec
import numpy as np

from benchmarks.load.drives import Drive
from benchmarks.load.http import request, request_head

decode = msgspec.json.Decoder().decode

STATE_FRAME = re.compile(rb'\{"type":"(?:snapshot|delta)","seq":(\d+)')
HEAD = struct.Struct("<QI")
HEAD_BYTES = 30
"""Of a packed frame: its length, and in it from byte 14 the base time and the number of rows."""

Row = tuple[int | str, int]
"""Vehicle and fix time (ms)."""


class Dialect:
    """The tutorial's: a position is an object that names its vehicle and region; nothing is asked or acknowledged."""

    subprotocol = ""
    drive_path = "/drive/"
    greets_in_turn = False
    """Whether each greeting waits for a message of the server."""
    answers_reports = False
    begins_with_picture = False
    """Whether a dispatcher is told at once what is known."""
    position_names_region = True
    ping, pong = b"", ""

    def watch_path(self, region: str) -> str:
        return f"/ws/{region}/"

    def watch_greetings(self, region: str) -> list[str]:
        return []

    def entering_s(self, vehicles: int) -> float:
        """How long a server goes on telling that so many have entered their regions."""
        return 1.0

    def drive_greetings(self, drive: Drive) -> list[str]:
        return []

    def position(self, drive: Drive, due_ms: int) -> str:
        return f'{{"region":"{drive.region}",{drive.next_fix(str(due_ms), is_named=True)[1:]}'

    def post(self, drive: Drive, position: str) -> bytes:
        return request(request_head("/api/v1/fixes", token=drive.token), position.encode())

    def report(self, position: str) -> str:
        return position

    def batch_greetings(self, token: str) -> list[str]:
        """Of a socket that reports for many vehicles; `token` is a gateway's."""
        return []

    def batch(self, positions: Sequence[str]) -> str:
        """Many positions in a message."""
        return f"[{','.join(positions)}]"

    def named_position(self, drive: Drive, due_ms: int) -> str:
        """One that says whose it is."""
        return self.position(drive, due_ms)

    def is_report_stored(self, payload: bytes) -> bool:
        """Raises ValueError when it was refused."""
        return False

    def fix_times_ms(self, payload: bytes) -> Sequence[int]:
        return [decode(payload)["fix_time"]]

    def seq(self, payload: bytes) -> str | None:
        """Of a frame that is to be acknowledged."""
        return None


class NodeWs(Dialect):
    """The newest positions of a tick in one array."""

    def fix_times_ms(self, payload: bytes) -> Sequence[int]:
        return [position["fix_time"] for position in decode(payload)]


SILENCE = ""
"""In a greeting: says nothing, and hears the answer before anything else is said."""


class SocketIo(Dialect):
    """Engine.IO 4 below Socket.IO 5, by WebSocket only: `0{…}` open, `40` connect, `42[…]` event, `2` ping, `3` pong."""

    drive_path = "/socket.io/?EIO=4&transport=websocket"
    greets_in_turn = True
    ping, pong = b"2", "3"

    def watch_path(self, region: str) -> str:
        return self.drive_path

    def watch_greetings(self, region: str) -> list[str]:
        return ["40", f'42["join","{region}"]']

    def drive_greetings(self, drive: Drive) -> list[str]:
        return ["40", SILENCE]

    def report(self, position: str) -> str:
        return f'42["position",{position}]'

    def batch_greetings(self, token: str) -> list[str]:
        return ["40", SILENCE]

    def batch(self, positions: Sequence[str]) -> str:
        return f'42["positions",{super().batch(positions)}]'

    def fix_times_ms(self, payload: bytes) -> Sequence[int]:
        return [decode(payload[2:])[1]["fix_time"]] if payload.startswith(b"42") else []


class Product(Dialect):
    """`fleet.v1.json`; a device's token names its vehicle, the server finds the regions."""

    subprotocol = "fleet.v1.json"
    drive_path = "/live/v1/ws"
    answers_reports = begins_with_picture = True
    position_names_region = False

    def watch_path(self, region: str) -> str:
        return self.drive_path

    def watch_greetings(self, region: str) -> list[str]:
        return ['{"type":"hello"}', f'{{"type":"join","id":1,"channel":"region:{region}"}}']

    def entering_s(self, vehicles: int) -> float:
        return 12.0 + vehicles / 2_000

    def drive_greetings(self, drive: Drive) -> list[str]:
        return [f'{{"type":"hello","token":"{drive.token}"}}']

    def position(self, drive: Drive, due_ms: int) -> str:
        return drive.next_fix(str(due_ms), is_named=False)

    def report(self, position: str) -> str:
        return f'{{"type":"report","id":1,"fixes":[{position}]}}'

    def batch_greetings(self, token: str) -> list[str]:
        return [f'{{"type":"hello","token":"{token}"}}']

    def batch(self, positions: Sequence[str]) -> str:
        return f'{{"type":"report","id":1,"fixes":{super().batch(positions)}}}'

    def named_position(self, drive: Drive, due_ms: int) -> str:
        return drive.next_fix(str(due_ms), is_named=True)

    def is_report_stored(self, payload: bytes) -> bool:
        return bool(_refuse_errors(decode(payload))["type"] == "ok")

    def fix_times_ms(self, payload: bytes) -> Sequence[int]:
        message = _refuse_errors(decode(payload))
        return [row[1] for row in message["rows"]] if message["type"] == "delta" else []

    def seq(self, payload: bytes) -> str | None:
        found = STATE_FRAME.match(payload)
        return None if found is None else found[1].decode()


class ProductPacked(Product):
    """`fleet.v1.bin`: state frames packed, the rest as text."""

    subprotocol = "fleet.v1.bin"
    delta = b"\x01\x02"
    """Version 1, a delta: how the frames begin that count."""

    def fix_times_ms(self, payload: bytes) -> Sequence[int]:
        if not payload.startswith(self.delta):
            return super().fix_times_ms(payload) if payload.startswith(b"{") else []
        base_ms, count = HEAD.unpack_from(payload, 14)
        at = HEAD_BYTES
        for size_bytes in (1, 1, 4):
            at += size_bytes + int.from_bytes(payload[at : at + size_bytes], "little")
        ages_ms = np.frombuffer(payload, "<u4", 5 * count, at)[1::5]
        times: list[int] = (base_ms - ages_ms.astype(np.int64)).tolist()
        return times

    def seq(self, payload: bytes) -> str | None:
        return None if payload.startswith(b"{") else str(int.from_bytes(payload[2:6], "little"))


class Polling(Dialect):
    """A Django view that lists the latest positions of a region."""

    def poll_path(self, region: str, cursor: str) -> str:
        return f"/positions?region={region}"

    def poll_rows(self, body: bytes, cursor: str) -> tuple[list[Row], str]:
        """Rows, and the next cursor."""
        return [(one["vehicle"], one["fix_time"]) for one in decode(body)["positions"]], ""


class PollingSince(Polling):
    """Asks only for what is newer."""

    def poll_path(self, region: str, cursor: str) -> str:
        return f"/positions?region={region}&since={cursor or 0}"

    def poll_rows(self, body: bytes, cursor: str) -> tuple[list[Row], str]:
        rows, _ = super().poll_rows(body, cursor)
        return rows, str(max((time_ms for _, time_ms in rows), default=int(cursor or 0)))


class PollingLogin(Polling):
    def poll_path(self, region: str, cursor: str) -> str:
        return f"/mine/positions?region={region}"


class ProductStreams(Product):
    """The product's other ways: poll, long poll, Server-Sent Events."""

    wait_s = 0

    def poll_path(self, region: str, cursor: str) -> str:
        return f"/live/v1/poll?channel=region:{region}&cursor={quote(cursor)}&wait={self.wait_s}"

    def poll_rows(self, body: bytes, cursor: str) -> tuple[list[Row], str]:
        answer = decode(body)
        return [row for message in answer["messages"] for row in message_rows(message)], answer["cursor"]


class ProductLongPoll(ProductStreams):
    wait_s = 25


def message_rows(message: dict[str, Any]) -> list[Row]:
    """Of a snapshot or delta of the product."""
    _refuse_errors(message)
    return [(row[0], row[1]) for row in message.get("rows", ())]


def _refuse_errors(message: dict[str, Any]) -> dict[str, Any]:
    if message["type"] in {"error", "bye", "kick"}:
        raise ValueError(str(message))
    return message


DIALECTS: dict[str, Dialect] = {
    "product": Product(),
    "product packed": ProductPacked(),
    "product poll": ProductStreams(),
    "product long poll": ProductLongPoll(),
    "tutorial": Dialect(),
    "socketio": SocketIo(),
    "node ws": NodeWs(),
    "polling": Polling(),
    "polling since": PollingSince(),
    "polling login": PollingLogin(),
}
