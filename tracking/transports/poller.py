"""Reads and writes the sockets that were handed over, and tells others when they can be read, all in one epoll of their own.

A wake-up of the loop costs more than most messages it is for. After a pause a message is heard at once; one that comes soon after
another waits until WORTH_A_LOOK may have come, as far as WAITS_S allow, and while they go on coming so a timer looks. The loop watches
a second epoll, the bell, which holds the first and tells of the first message after a pause: to silence it and to set it again costs
the same for any number of sockets, while the loop's own `add_reader` walks through all of them.
"""

import asyncio
import logging
import select
import socket
from collections.abc import Callable
from typing import Protocol

from tracking.domain.rate import rate_per_s
from tracking.transports.look_pace import WAITS_S, wait_s

logger = logging.getLogger(__name__)

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


class Served(Protocol):
    """Whose descriptor is ready."""

    def serve(self, events: int) -> None: ...

    def abort(self) -> None:
        """It could not be served."""
        ...


class Poller:
    """Of one event loop; needs an operating system with epoll. `expect` is told at each look when the next may be, by the loop's clock."""

    def __init__(self, expect: Callable[[float], None]) -> None:
        self._expect = expect
        self._loop = asyncio.get_running_loop()
        self._epoll = select.epoll()
        self._bell = select.epoll()
        self._bell.register(self._epoll, IN | ONCE)
        self._ahead = select.epoll()
        self._hurried: set[int] = set()
        self._served: dict[int, Served] = {}
        self._looked_s = self._measured_s = 0.0
        self._heard = 0
        self._wait_s = WAITS_S[-1]
        self._per_s = 0.0
        self._loop.add_reader(self._bell.fileno(), self._look)
        self._loop.add_reader(self._ahead.fileno(), self._look_ahead)

    def adopt(self, sock: socket.socket, listener: Listener) -> "Line":
        """The socket is its own from now on; it is hurried."""
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(sock, listener, self)
        self._hurried.add(sock.fileno())
        self.listen(sock.fileno(), line)
        return line

    def listen(self, descriptor: int, served: Served) -> None:
        """Until it is forgotten; that has to be before it is closed."""
        self._served[descriptor] = served
        self._epoll_of(descriptor).register(descriptor, IN)

    def count(self) -> None:
        """A report came that no look brought."""
        self._heard += 1

    def forget(self, descriptor: int) -> None:
        del self._served[descriptor]
        self._epoll_of(descriptor).unregister(descriptor)
        self._hurried.discard(descriptor)

    def change(self, descriptor: int, events: int) -> None:
        """For what it is listened to."""
        self._epoll_of(descriptor).modify(descriptor, events)

    def hurry(self, descriptor: int, events: int, *, is_on: bool) -> None:
        """Whether what comes is heard at once, whatever the others do."""
        self._epoll_of(descriptor).unregister(descriptor)
        (self._hurried.add if is_on else self._hurried.discard)(descriptor)
        self._epoll_of(descriptor).register(descriptor, events)

    def _epoll_of(self, descriptor: int) -> select.epoll:
        return self._ahead if descriptor in self._hurried else self._epoll

    def _look(self) -> None:
        """The bell rings."""
        now_s = self._loop.time()
        if now_s - self._looked_s >= self._wait_s:
            self._serve(self._epoll.poll(0), now_s)
        elif self._bell.poll(0):  # heard, it is silent
            self._loop.call_at(self._looked_s + self._wait_s, self._look_again)

    def _look_again(self) -> None:
        if not (ready := self._epoll.poll(0)):
            self._bell.modify(self._epoll, IN | ONCE)
            return
        try:
            self._serve(ready, self._loop.time())
        finally:  # the bell is silent: without a next look nobody would ever be heard again
            self._loop.call_at(self._looked_s + self._wait_s, self._look_again)

    def _serve(self, ready: list[tuple[int, int]], now_s: float) -> None:
        self._measure(len(ready), now_s)
        self._looked_s = now_s
        self._expect(now_s + self._wait_s)
        self._serve_each(ready)

    def _look_ahead(self) -> None:
        self._serve_each(self._ahead.poll(0))
        if self._heard:
            self._measure(0, self._loop.time())

    def _measure(self, looked_at: int, now_s: float) -> None:
        self._per_s = rate_per_s(self._per_s, looked_at + self._heard, now_s - self._measured_s)
        self._heard, self._measured_s = 0, now_s
        self._wait_s = wait_s(self._per_s)

    def _serve_each(self, ready: list[tuple[int, int]]) -> None:
        for descriptor, events in ready:
            if (served := self._served.get(descriptor)) is None:
                continue
            try:
                served.serve(events)
            except Exception:  # it must not keep the others from being read
                logger.exception("a socket could not be served")
                served.abort()


class Line:
    """One socket. What cannot be sent at once waits; `waiting` counts its bytes."""

    __slots__ = ("_events", "_is_ending", "_is_hurried", "_listener", "_out", "_poller", "_sock")

    def __init__(self, sock: socket.socket, listener: Listener, poller: Poller) -> None:
        self._sock = sock
        self._listener = listener
        self._poller = poller
        self._events = IN
        self._is_hurried = True
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
            self._poller.change(self._sock.fileno(), events)

    def hurry(self, is_on: bool) -> None:
        """After a report: whether the next is heard at once, whatever the others do."""
        if self._is_hurried:
            self._poller.count()
        if is_on is not self._is_hurried and self._sock.fileno() >= 0:
            self._is_hurried = is_on
            self._poller.hurry(self._sock.fileno(), self._events, is_on=is_on)

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
            self._poller.forget(self._sock.fileno())
            self._sock.close()
            self._tell_loss()

    def _tell_loss(self) -> None:
        try:
            self._listener.connection_lost()
        except Exception:
            logger.exception("the end of a socket was not taken")
