"""Reads of an HTTP connection that posts now and then, by the poller's looks: many such posts wake the loop once, and are one commit."""

import os
from collections.abc import Callable
from math import inf
from typing import Protocol

from tracking.transports.poller import READ_BYTES, Poller

PROMPT_S = 0.02
"""Who posts again so soon after an answer has a backlog, and waits for each answer: the loop reads him."""

AWAITED_S = 5.0
"""For so long all of a connection is heard at once that once brought what somebody waits for; one may bring many vehicles'."""


class Reading(Protocol):
    """What the server does for the connection while nobody is patient."""

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def abort(self) -> None: ...


class Patience:
    """Of one connection. `received` gets what came, as from the server; the end of the connection is left to the server."""

    __slots__ = ("_answered_s", "_awaited_s", "_descriptor", "_is_on", "_poller", "_reading", "_received")

    def __init__(self, poller: Poller, descriptor: int, reading: Reading, received: Callable[[bytes], None]) -> None:
        self._poller = poller
        self._descriptor = descriptor
        self._reading = reading
        self._received = received
        self._answered_s = self._awaited_s = -inf
        self._is_on = False

    def posted(self, now_s: float, *, is_awaited: bool) -> None:
        """Its next post may wait, if this one came a while after the last answer and nobody waits for it.

        Most connections post once, which is why the first post says nothing.
        """
        if is_awaited:
            self._awaited_s = now_s
        is_prompt = not PROMPT_S <= now_s - self._answered_s < inf
        if is_prompt or now_s - self._awaited_s < AWAITED_S:
            self.end()
            self._poller.count()
        elif not self._is_on:
            self._is_on = True
            self._reading.pause()
            self._poller.listen(self._descriptor, self)

    def answered(self, now_s: float) -> None:
        self._answered_s = now_s

    def end(self) -> None:
        """The server reads again."""
        if self._is_on:
            self.lose()
            self._reading.resume()

    def lose(self) -> None:
        """The connection is no more."""
        if self._is_on:
            self._is_on = False
            self._poller.forget(self._descriptor)

    def serve(self, _events: int) -> None:
        self.look()

    def look(self) -> bool:
        """Whether something came that had not been looked at."""
        if not self._is_on:
            return False
        try:
            data = os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if data:
            self._received(data)
        else:
            self.end()
        return bool(data)

    def abort(self) -> None:
        self.lose()
        self._reading.abort()
