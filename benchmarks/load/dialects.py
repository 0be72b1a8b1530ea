"""How each target speaks: what a vehicle posts or sends, what a dispatcher asks for and reads."""

from typing import Any
from urllib.parse import quote

import msgspec

from benchmarks.load.drives import Drive
from benchmarks.load.http import request, request_head

decode = msgspec.json.Decoder().decode

Row = tuple[int | str, int]
"""Vehicle and fix time (ms)."""


class Dialect:
    """The tutorial's: a position is an object that names its vehicle and region; nothing is asked or acknowledged."""

    subprotocol = ""
    drive_path = "/drive/"
    greets_in_turn = False
    """Whether each greeting waits for a message of the server."""
    acknowledges = False
    answers_reports = False
    position_names_region = True
    ping, pong = b"", ""

    def watch_path(self, region: str) -> str:
        return f"/ws/{region}/"

    def watch_greetings(self, region: str) -> list[str]:
        return []

    def drive_greetings(self, drive: Drive) -> list[str]:
        return []

    def position(self, drive: Drive, due_ms: int) -> str:
        return f'{{"region":"{drive.region}",{drive.next_fix(str(due_ms), is_named=True)[1:]}'

    def post(self, drive: Drive, position: str) -> bytes:
        return request(request_head("/api/v1/fixes", token=drive.token), position.encode())

    def report(self, position: str) -> str:
        return position

    def is_report_stored(self, payload: bytes) -> bool:
        """Raises ValueError when it was refused."""
        return False

    def fix_times_ms(self, payload: bytes) -> list[int]:
        return [decode(payload)["fix_time"]]


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
        return ["40"]

    def report(self, position: str) -> str:
        return f'42["position",{position}]'

    def fix_times_ms(self, payload: bytes) -> list[int]:
        return [decode(payload[2:])[1]["fix_time"]] if payload.startswith(b"42") else []


class Product(Dialect):
    """`fleet.v1.json`; a device's token names its vehicle, the server finds the regions."""

    subprotocol = "fleet.v1.json"
    drive_path = "/live/v1/ws"
    acknowledges = True
    answers_reports = True
    position_names_region = False

    def watch_path(self, region: str) -> str:
        return self.drive_path

    def watch_greetings(self, region: str) -> list[str]:
        return ['{"type":"hello"}', f'{{"type":"join","id":1,"channel":"region:{region}"}}']

    def drive_greetings(self, drive: Drive) -> list[str]:
        return [f'{{"type":"hello","token":"{drive.token}"}}']

    def position(self, drive: Drive, due_ms: int) -> str:
        return drive.next_fix(str(due_ms), is_named=False)

    def report(self, position: str) -> str:
        return f'{{"type":"report","id":1,"fixes":[{position}]}}'

    def is_report_stored(self, payload: bytes) -> bool:
        return _refuse_errors(decode(payload))["type"] == "ok"

    def fix_times_ms(self, payload: bytes) -> list[int]:
        message = _refuse_errors(decode(payload))
        return [row[1] for row in message["rows"]] if message["type"] == "delta" else []


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
    "product poll": ProductStreams(),
    "product long poll": ProductLongPoll(),
    "tutorial": Dialect(),
    "socketio": SocketIo(),
    "polling": Polling(),
    "polling since": PollingSince(),
    "polling login": PollingLogin(),
}
