"""A WebSocket client (RFC 6455) that reads unfragmented messages and offers compression as browsers do."""

import asyncio
import base64
import os
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import cast

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
DEFLATE_TAIL = b"\x00\x00\xff\xff"


@lru_cache(maxsize=64)
def inflated_alone(payload: bytes) -> bytes:
    """Of a message that was compressed without those before it; the same one comes to many sockets."""
    return zlib.decompressobj(wbits=-15).decompress(payload + DEFLATE_TAIL)


def upgrade_request(
    path: str, *, port: int, session: str = "", subprotocol: str = "", is_compressed: bool = True
) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        *(["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"] if is_compressed else []),
        *([f"Cookie: sessionid={session}"] if session else []),
        *([f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class Socket(asyncio.Protocol):
    """`on_message(socket, payload)` gets each message, `on_end(reason)` an end that was not asked for."""

    def __init__(
        self, upgrade: bytes, *, on_message: Callable[["Socket", bytes], None], on_end: Callable[[str], None]
    ) -> None:
        self._upgrade = upgrade
        self._on_message = on_message
        self._on_end = on_end
        self._received = b""
        self._is_open = False
        self._inflater = zlib.decompressobj(wbits=-15)
        self.is_compressed = self._comes_alone = False
        self.received_bytes = 0
        self.sent_bytes = 0
        self.opened = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class
        self._transport.write(self._upgrade)

    def connection_lost(self, error: Exception | None) -> None:
        self._on_end("connection lost")

    def close(self) -> None:
        self._on_end = lambda _reason: None
        self._transport.close()

    def send(self, text: str) -> None:
        """Masked with zeros, which the protocol allows and costs nothing."""
        payload = text.encode()
        size = len(payload)
        if size < 126:
            length = bytes([0x80 | size])
        else:
            length = b"\xfe" + size.to_bytes(2, "big") if size < 65_536 else b"\xff" + size.to_bytes(8, "big")
        self._write(bytes([0x80 | TEXT]) + length + b"\0\0\0\0" + payload)

    def _write(self, data: bytes) -> None:
        self.sent_bytes += len(data)
        self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        self.received_bytes += len(data)
        self._received = self._received + data if self._received else data
        if not self._is_open and not self._finish_upgrade():
            return
        while (frame := self._next_frame()) is not None:
            self._take(*frame)

    def _finish_upgrade(self) -> bool:
        head, blank, rest = self._received.partition(b"\r\n\r\n")
        if not blank:
            return False
        if not head.startswith(b"HTTP/1.1 101"):
            self._on_end(head[:100].decode(errors="replace"))
            return False
        self.is_compressed = b"permessage-deflate" in head.lower()
        self._comes_alone = b"server_no_context_takeover" in head.lower()
        self._received, self._is_open = rest, True
        self.opened.set()
        return True

    def _next_frame(self) -> tuple[int, bytes] | None:
        """First byte and payload."""
        received = self._received
        if len(received) < 2:
            return None
        size, start = received[1] & 0x7F, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(received) < start:
                return None
            size = int.from_bytes(received[2:start], "big")
        if len(received) < start + size:
            return None
        self._received = received[start + size :]
        return received[0], received[start : start + size]

    def _take(self, first: int, payload: bytes) -> None:
        kind = first & 0x0F
        if kind in {TEXT, BINARY}:
            self._on_message(self, self._inflated(payload) if first & 0x40 else payload)
        elif kind == PING:
            self._write(bytes([0x80 | PONG, 0x80 | len(payload), 0, 0, 0, 0]) + payload)
        elif kind == CLOSE:
            self._on_end(f"closed with {int.from_bytes(payload[:2], 'big')} {payload[2:].decode(errors='replace')}")

    def _inflated(self, payload: bytes) -> bytes:
        return inflated_alone(payload) if self._comes_alone else self._inflater.decompress(payload + DEFLATE_TAIL)
