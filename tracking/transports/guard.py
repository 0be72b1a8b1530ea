"""Between the requests of one connection: what comes is offered to a quicker way before a server reads it."""

from collections.abc import Callable
from enum import Enum
from typing import Protocol, TypeAlias

Answer: TypeAlias = Callable[[bytes], None]


class Verdict(Enum):
    """What becomes of the bytes with which a request begins."""

    TAKEN = "answered once its fixes are on disk, or already"
    AWAITED = "the same, of somebody whose next request should be heard at once"
    MORE = "the rest of the body must come first; to be called again with all of it"
    SERVERS = "left to the server"


class Posts(Protocol):
    """The quicker way."""

    def begin(self, data: bytes, answer: Answer) -> Verdict:
        """`data` is all that came since the last answer; `answer` gets the whole of this one when TAKEN or AWAITED, perhaps at once."""
        ...


class Guard:
    """Of one connection: offers what comes between its requests, and holds what comes while one is answered.

    `take` gives what the server has to read now. `is_awaited` is of the last request that it did not give.
    """

    __slots__ = ("_answer", "_begun", "_held", "_posts", "is_awaited", "is_busy")

    def __init__(self, posts: Posts, answer: Answer) -> None:
        self._posts = posts
        self._answer = answer
        self._begun = b""
        self._held = b""
        self.is_busy = self.is_awaited = False

    def take(self, data: bytes, *, is_between: bool) -> bytes:
        """`is_between`: the server has no part of a request and owes no answer."""
        if self.is_busy:
            self._held += data
            return b""
        if not is_between:
            return data
        data = self._begun + data
        self._begun = b""
        self.is_busy = True
        verdict = self._posts.begin(data, self._end)
        if verdict in (Verdict.TAKEN, Verdict.AWAITED):
            self.is_awaited = verdict is Verdict.AWAITED
            return b""
        self.is_busy = False
        if verdict is Verdict.SERVERS:
            return data
        self._begun = data
        return b""

    def _end(self, data: bytes) -> None:
        self.is_busy = False
        self._answer(data)

    @property
    def has_held(self) -> bool:
        """The sender does not wait for its answer."""
        return bool(self._held)

    def release(self) -> bytes:
        """What came meanwhile, once."""
        held, self._held = self._held, b""
        return held
