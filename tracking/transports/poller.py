"""Reads and writes the sockets that were handed over, all in one epoll of their own.

A wake-up of the loop costs more than most messages it is for. After a pause a message is heard at once; one that comes soon after
another waits until WORTH_A_LOOK may have come, within bounds, and while they go on coming so a timer looks. The loop watches a second
epoll, the bell, which holds the first and tells of the first message after a pause: to silence it and to set it again costs the same
for any number of sockets, while the loop's own `add_reader` walks through all of them.
"""

import asyncio
import logging
import select
import socket
from collections.abc import Callable
from typing import Protocol

logger = logging.getLogger(__name__)

WORTH_A_LOOK = 20  # messages
BRIEFEST_WAIT_S = 0.01
LONGEST_WAIT_S = 0.046  # five make a tick with what timers are late, so that the tick tells what the fifth look brought
READ_BYTES = 64 * 1024
IN, OUT, ONCE = select.EPOLLIN, select.EPOLLOUT, select.EPOLLONESHOT


class Listener(Protocol):
    """Whose socket it is."""

    def data_received(self, data: bytes) -> None: ...

    def writable(self) -> None:
        """All that waited has been sent."""
        ...

    def connection_lost(self) -> None:
        """Called once."""
        ...


class Poller:
    """Of one event loop; needs an operating system with epoll."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._epoll = select.epoll()
        self._bell = select.epoll()
        self._bell.register(self._epoll, IN | ONCE)
        self._lines: dict[int, Line] = {}
        self._looked_s = 0.0
        self._wait_s = BRIEFEST_WAIT_S
        self._loop.add_reader(self._bell.fileno(), self._look)

    def adopt(self, sock: socket.socket, listener: Listener) -> "Line":
        """The socket is its own from now on."""
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(sock, listener, self._change)
        self._lines[sock.fileno()] = line
        self._epoll.register(sock.fileno(), IN)
        return line

    def _change(self, descriptor: int, events: int | None) -> None:
        """`events` None: it is to be closed."""
        if events is None:
            del self._lines[descriptor]
            self._epoll.unregister(descriptor)
        else:
            self._epoll.modify(descriptor, events)

    def _look(self) -> None:
        """The bell rings."""
        now_s = self._loop.time()
        if now_s - self._looked_s >= self._wait_s:
            self._serve(self._epoll.poll(0), now_s)
        elif self._bell.poll(0):  # heard, it is silent
            self._loop.call_at(self._looked_s + self._wait_s, self._look_again)

    def _look_again(self) -> None:
        if ready := self._epoll.poll(0):
            self._serve(ready, self._loop.time())
            self._loop.call_at(self._looked_s + self._wait_s, self._look_again)
        else:
            self._bell.modify(self._epoll, IN | ONCE)

    def _serve(self, ready: list[tuple[int, int]], now_s: float) -> None:
        between_s = WORTH_A_LOOK * (now_s - self._looked_s) / max(1, len(ready))
        self._wait_s = min(max(BRIEFEST_WAIT_S, between_s), LONGEST_WAIT_S)
        self._looked_s = now_s
        for descriptor, events in ready:
            if (line := self._lines.get(descriptor)) is None:
                continue
            try:
                line.serve(events)
            except Exception:  # it must not keep the others from being read
                logger.exception("a socket could not be served")
                line.abort()


class Line:
    """One socket. What cannot be sent at once waits; `waiting` counts its bytes."""

    __slots__ = ("_change", "_events", "_is_ending", "_listener", "_out", "_sock")

    def __init__(self, sock: socket.socket, listener: Listener, change: Callable[[int, int | None], None]) -> None:
        self._sock = sock
        self._listener = listener
        self._change = change
        self._events = IN
        self._out = bytearray()
        self._is_ending = False

    @property
    def waiting(self) -> int:
        return len(self._out)

    @property
    def is_open(self) -> bool:
        return self._sock.fileno() >= 0 and not self._is_ending

    def serve(self, events: int) -> None:
        if events & OUT:
            self._send_waiting()
        if events & ~OUT and self._sock.fileno() >= 0:
            self._read()

    def _read(self) -> None:
        try:
            data = self._sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._listener.data_received(data)
        else:
            self.abort()

    def write(self, data: bytes) -> None:
        if not self.is_open:
            return
        sent = 0 if self._out else self._send(data)
        if sent < len(data) and self.is_open:
            self._out += data[sent:]
            self._want(self._events | OUT)

    def _send(self, data: bytes | bytearray) -> int:
        try:
            return self._sock.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self.abort()
            return 0

    def _send_waiting(self) -> None:
        del self._out[: self._send(self._out)]
        if self._out or self._sock.fileno() < 0:
            return
        self._want(self._events & ~OUT)
        if self._is_ending:
            self.abort()
        else:
            self._listener.writable()

    def read(self, *, goes_on: bool) -> None:
        """While it does not go on, TCP slows the sender."""
        if self._sock.fileno() >= 0:
            self._want(self._events | IN if goes_on else self._events & ~IN)

    def _want(self, events: int) -> None:
        if events != self._events:
            self._events = events
            self._change(self._sock.fileno(), events)

    def close(self) -> None:
        """Once all that waits is sent."""
        if not self._out:
            self.abort()
        elif self._sock.fileno() >= 0:
            self._is_ending = True
            self.read(goes_on=False)

    def abort(self) -> None:
        """At once."""
        if self._sock.fileno() >= 0:
            self._change(self._sock.fileno(), None)
            self._sock.close()
            self._tell_loss()

    def _tell_loss(self) -> None:
        try:
            self._listener.connection_lost()
        except Exception:
            logger.exception("the end of a socket was not taken")
