"""Posts of fixes answered from the bytes of their connection, without a server's own HTTP and without ASGI.

Most posts are small, plain, whole in one read or two, and from a device that is known; ASGI and what a server does around it cost
more than everything else of them. All other requests go the server's way, byte for byte as they came.
"""

import time
from email.utils import formatdate
from functools import partial

from tracking.ingest.intake import Receipt
from tracking.transports.bulk import LARGE_BYTES
from tracking.transports.drain import Drain
from tracking.transports.guard import Answer, Verdict
from tracking.transports.http import PROBLEM_TYPE, encode
from tracking.transports.posting import failure_of
from tracking.transports.services import Services
from tracking.transports.throttle import Doorkeeper
from tracking.wire.fix_json import decode_sound
from tracking.wire.http_post import read_head, response

PATH = b"/api/v1/fixes"


class QuickPosts:
    """One for all connections of a process."""

    def __init__(self, services: Services, doorkeeper: Doorkeeper, drain: Drain) -> None:
        self._services = services
        self._doorkeeper = doorkeeper
        self._drain = drain
        self._date = (0, b"")

    def begin(self, data: bytes, answer: Answer) -> Verdict:
        """`data` is all that came since the last answer; `answer` gets the whole of this one when TAKEN or AWAITED, perhaps at once."""
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
            begun = self._services.intake.begin(device, fixes, done)
        except Exception as error:
            done(error)
            return Verdict.TAKEN
        return Verdict.AWAITED if self._services.feed.awaits_any(begun) else Verdict.TAKEN

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
