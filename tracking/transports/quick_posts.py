"""Posts of fixes answered from the bytes of their connection, without a server's own HTTP and without ASGI.

Most posts are small, plain, whole in one read or two, and from a device that is known; ASGI and what a server does around it cost
more than everything else of them. All other requests go the server's way, byte for byte as they came.
"""

import logging
import time
from collections.abc import Callable
from email.utils import formatdate
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from tracking.ingest.intake import Receipt
from tracking.transports.bulk import LARGE_BYTES
from tracking.transports.drain import Drain
from tracking.transports.http import PROBLEM_TYPE, encode
from tracking.transports.posting import failure_of
from tracking.wire.fix_json import decode_sound
from tracking.wire.http_post import read_head, response

if TYPE_CHECKING:  # these bring the office's tables, which a server by itself has not
    from tracking.transports.services import Services
    from tracking.transports.throttle import Doorkeeper

logger = logging.getLogger(__name__)

PATH = b"/api/v1/fixes"

Answer: TypeAlias = Callable[[bytes], None]


class Verdict(Enum):
    """What becomes of the bytes with which a request begins."""

    TAKEN = "answered once its fixes are on disk, or already"
    MORE = "the rest of the body must come first; to be called again with all of it"
    SERVERS = "left to the server"


class QuickPosts:
    """One for all connections of a process."""

    def __init__(self, services: "Services", doorkeeper: "Doorkeeper", drain: Drain) -> None:
        self._services = services
        self._doorkeeper = doorkeeper
        self._drain = drain
        self._date = (0, b"")

    def begin(self, data: bytes, answer: Answer) -> Verdict:
        """`data` is all that came since the last answer; `answer` gets the whole of this one when TAKEN, perhaps at once."""
        head = read_head(data, PATH)
        if head is None or head.end - head.start > LARGE_BYTES or head.end < len(data):
            return Verdict.SERVERS
        if head.end > len(data):
            return Verdict.MORE
        fixes = decode_sound(data[head.start :])
        if fixes is None or self._drain.is_on or not self._services.is_running:
            return Verdict.SERVERS
        if (device := self._doorkeeper.admit_known(head.token)) is None:
            return Verdict.SERVERS
        self._drain.enter("http")
        done = partial(self._end, answer)
        try:
            self._services.intake.begin(device, fixes, done)
        except Exception as error:
            done(error)
        return Verdict.TAKEN

    def _end(self, answer: Answer, outcome: Receipt | Exception) -> None:
        try:
            answer(self._response_to(outcome))
        finally:
            self._drain.leave("http")

    def _response_to(self, outcome: Receipt | Exception) -> bytes:
        if isinstance(outcome, Receipt):
            fields = {b"date": self._now(), b"content-type": b"application/json"}
            return response(200, fields, encode(outcome.as_json()))
        status, headers, body = failure_of(outcome)
        return response(status, {b"date": self._now(), b"content-type": PROBLEM_TYPE, **headers}, body)

    def _now(self) -> bytes:
        """As the Date field has it."""
        now_s = int(time.time())
        if self._date[0] != now_s:
            self._date = now_s, formatdate(now_s, usegmt=True).encode()
        return self._date[1]


class Guard:
    """Of one connection: between its requests it offers what comes to the quick way, and holds what comes during one.

    `take` gives what the server has to read now, and nothing while a quick post is under way.
    """

    __slots__ = ("_answer", "_begun", "_held", "_posts", "is_busy")

    def __init__(self, posts: QuickPosts, answer: Answer) -> None:
        self._posts = posts
        self._answer = answer
        self._begun = b""
        self._held = b""
        self.is_busy = False

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
        if verdict is Verdict.TAKEN:
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
