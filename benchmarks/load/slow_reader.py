"""A dispatcher on a bad line: reads so many bytes a second, and acknowledges what it has read."""

import asyncio
import socket as sockets
from typing import Any, cast

from benchmarks.load.dialects import DIALECTS, decode
from benchmarks.load.log import Log
from benchmarks.load.socket import Socket, upgrade_request
from benchmarks.load.watchers import session_of

READS_PER_S = 4
RECEIVE_BUFFER_BYTES = 4_096  # so that the kernel reads little ahead


class SlowReader:
    """`frames` counts the state frames it has applied."""

    def __init__(self, settings: dict[str, Any], log: Log) -> None:
        self._settings = settings
        self._log = log
        self._dialect = DIALECTS[settings["dialect"]]
        self.frames = 0

    async def run(self) -> None:
        region = self._settings["watched"][0]
        path, number = self._dialect.watch_path(region), len(self._settings["watched"])
        upgrade = upgrade_request(
            path,
            port=self._settings["port"],
            session=session_of(self._settings, number),
            subprotocol=self._dialect.subprotocol,
        )
        reader = Socket(upgrade, on_message=self._take, on_end=self._ended)
        with sockets.socket() as line:
            line.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            line.connect(("127.0.0.1", self._settings["port"]))
            line.setblocking(False)
            reader.connection_made(cast(asyncio.Transport, _Line(line)))
            await self._read(line, reader, region)

    async def _read(self, line: sockets.socket, reader: Socket, region: str) -> None:
        loop, greetings = asyncio.get_running_loop(), self._dialect.watch_greetings(region)
        while data := await loop.sock_recv(line, self._settings["slow_bytes_per_s"] // READS_PER_S):
            reader.data_received(data)
            while greetings and reader.opened.is_set():
                reader.send(greetings.pop(0))
            await asyncio.sleep(1 / READS_PER_S)
        self._ended("connection lost")

    def _take(self, reader: Socket, payload: bytes) -> None:
        message = decode(payload)
        if message["type"] in {"snapshot", "delta"}:
            self.frames += 1
            reader.send(f'{{"type":"ack","seq":{message["seq"]}}}')

    def _ended(self, reason: str) -> None:
        self._log.errors[f"the slow reader: {reason}"] += 1


class _Line:
    """What a protocol needs of a transport; its few bytes always fit."""

    def __init__(self, line: sockets.socket) -> None:
        self._line = line

    def write(self, data: bytes) -> None:
        self._line.send(data)
