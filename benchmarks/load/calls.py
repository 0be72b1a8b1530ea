"""WebSockets of one target: opened, greeted, kept alive."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.load.dialects import SILENCE, Dialect
from benchmarks.load.log import Log
from benchmarks.load.socket import Socket, upgrade_request

OPENING_AT_ONCE = 20
OPEN_WITHIN_S = 20


class Calls:
    """All sockets of one role; an end that was not asked for is an error in the log. `is_compressed`: they offer it."""

    def __init__(self, *, port: int, dialect: Dialect, log: Log, is_compressed: bool = True) -> None:
        self._port = port
        self._is_compressed = is_compressed
        self._dialect = dialect
        self._log = log
        self._gate = asyncio.Semaphore(OPENING_AT_ONCE)
        self.sockets: list[Socket] = []

    async def open(
        self, path: str, *, session: str, greetings: Sequence[str], on_message: Callable[[Socket, bytes], None]
    ) -> Socket:
        """Its greetings have gone out when it returns."""
        waiting = deque(greetings)
        in_turn = asyncio.Event()
        upgrade = upgrade_request(
            path,
            port=self._port,
            session=session,
            subprotocol=self._dialect.subprotocol,
            is_compressed=self._is_compressed,
        )
        make = partial(
            Socket, upgrade, on_message=partial(self._hear, waiting, in_turn, on_message), on_end=self._ended
        )
        async with self._gate:
            _, socket = await asyncio.get_running_loop().create_connection(make, "127.0.0.1", self._port)
            self.sockets.append(socket)
            await asyncio.wait_for(socket.opened.wait(), OPEN_WITHIN_S)
        if self._dialect.greets_in_turn:
            await asyncio.wait_for(in_turn.wait(), OPEN_WITHIN_S)
        while waiting:
            socket.send(waiting.popleft())
        return socket

    def _hear(
        self,
        waiting: deque[str],
        in_turn: asyncio.Event,
        on_message: Callable[[Socket, bytes], None],
        socket: Socket,
        payload: bytes,
    ) -> None:
        if waiting and self._dialect.greets_in_turn:
            if (greeting := waiting.popleft()) != SILENCE:
                socket.send(greeting)
            if not waiting:
                in_turn.set()
        elif payload == self._dialect.ping:
            socket.send(self._dialect.pong)
        else:
            on_message(socket, payload)

    def _ended(self, reason: str) -> None:
        self._log.errors[f"a socket: {reason}"] += 1

    @property
    def traffic_bytes(self) -> int:
        return sum(socket.received_bytes + socket.sent_bytes for socket in self.sockets)

    def close(self) -> None:
        for socket in self.sockets:
            socket.close()
