"""Clients over a WebSocket, in JSON, packed, and by Socket.IO."""

import json
from typing import Any

from tests.transports.law.asgi import Call, call_websocket
from tests.transports.law.client import Client
from tests.wire.test_packed import unpack
from tracking.live.room import FIELDS
from tracking.wire.packed import SNAPSHOT

WINDOW = 2
UPGRADE = [(b"upgrade", b"websocket"), (b"connection", b"upgrade")]


class SocketClient(Client):
    """`fleet.v1.json`; acknowledges once for all that it has taken at a time."""

    subprotocol = "fleet.v1.json"
    needs_channels = False

    def _open(self) -> Call:
        call = self._dial()
        self._newest_seq = 0
        self._asked: list[str] = []
        self._say(call, type="hello", window=WINDOW)
        for channel in self.open_channels:
            self._join(call, channel)
        return call

    def _join(self, call: Call, channel: str) -> None:
        cursor = self.channels[channel].cursor
        self._say(call, type="join", id=len(self._asked), channel=channel, **({"cursor": cursor} if cursor else {}))
        self._asked.append(channel)

    def regain(self, channel: str) -> None:
        """On the same connection."""
        self.channels[channel].may_see = True
        self.join_again(channel)

    def join_again(self, channel: str) -> None:
        """All that came before is taken."""
        if self._call is not None:
            self.channels[channel].begin()
            self._join(self._call, channel)

    def _dial(self) -> Call:
        return call_websocket(self.application, "/live/v1/ws", headers=self.headers, offered=[self.subprotocol])

    def _say(self, call: Call, **message: Any) -> None:
        call.tell(type="websocket.receive", text=json.dumps(message))

    def hear(self, most: int | None = None) -> bool:
        acknowledged = self._newest_seq if self.is_online else 0
        has_heard = super().hear(most)
        if self._call is not None and self._newest_seq > acknowledged:
            self._say(self._call, type="ack", seq=self._newest_seq)
        return has_heard

    def _read(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "websocket.accept":
                assert message["subprotocol"] == self.subprotocol
            case "websocket.close":
                assert message["code"] == self.bye
                assert self._call is not None
                self._call.tell(type="websocket.disconnect", code=message["code"])
                self._leave()
            case "websocket.send":
                self._apply(self._decode(message))

    def _decode(self, message: dict[str, Any]) -> dict[str, Any]:
        decoded: dict[str, Any] = json.loads(message["text"])
        return decoded

    def _apply(self, message: dict[str, Any]) -> None:
        if message["type"] == "error":
            message = {**message, "channel": self._asked[message["id"]]}
        super()._apply(message)
        if message["type"] in {"snapshot", "delta"}:
            self._newest_seq = message["seq"]


class PackedClient(SocketClient):
    subprotocol = "fleet.v1.bin"

    def _decode(self, message: dict[str, Any]) -> dict[str, Any]:
        if "bytes" not in message:
            return super()._decode(message)
        frame = unpack(message["bytes"])
        kind = "snapshot" if frame["kind"] == SNAPSHOT else "delta"
        return {**frame, "type": kind, "vehicles": json.loads(frame["vehicles"]), "fields": FIELDS}


class SocketIoClient(SocketClient):
    """Engine.IO 4 below Socket.IO 5, by WebSocket only: `0{…}` open, `40` connect, `42[…]` event, `43[…]` answer."""

    namespace = "/dispatch,"

    def _dial(self) -> Call:
        query = "EIO=4&transport=websocket"
        headers = [*self.headers, *UPGRADE]
        return call_websocket(self.application, "/socket.io/", query=query, headers=headers, offered=[])

    def _say(self, call: Call, **message: Any) -> None:
        kind, id_ = message.pop("type"), message.pop("id", "")
        packet = f"40{self.namespace}" if kind == "hello" else f"42{self.namespace}{id_}"
        body = message if kind == "hello" else [kind, message]
        call.tell(type="websocket.receive", text=packet + json.dumps(body))

    def _read(self, message: dict[str, Any]) -> None:
        text = message.get("text", "")
        if message["type"] == "websocket.close":
            self._hang_up()
        elif text == "2":
            assert self._call is not None
            self._call.tell(type="websocket.receive", text="3")
        elif text.startswith(f"42{self.namespace}"):
            self._apply(json.loads(text.partition(",")[2])[1])
        elif text.startswith(f"43{self.namespace}"):
            self._hear_answer(*text.partition(",")[2].split("[", 1))
        elif text.startswith((f"41{self.namespace}", f"44{self.namespace}")):
            self._hang_up()

    def _hear_answer(self, id_: str, body: str) -> None:
        answer = json.loads(f"[{body}")[0]
        if answer["type"] == "error":
            self._apply({**answer, "id": int(id_)})

    def _hang_up(self) -> None:
        """The namespace is closed to it; the connection ends with it."""
        if self._call is not None:
            self._call.tell(type="websocket.disconnect", code=1000)
            self._leave()
