"""The short way of a post of fixes: from the server's buffer to the writer and back, without a task, for what is in order."""

from collections.abc import Callable, Iterable
from functools import partial

from tracking.domain.errors import BadRequest
from tracking.ingest.intake import Receipt
from tracking.transports.drain import Drain
from tracking.transports.fixes_http import bearer_of, media_type_of
from tracking.transports.services import Services
from tracking.transports.throttle import Doorkeeper
from tracking.wire.fix_json import decode_body

Done = Callable[[Receipt | Exception], None]
RawHeaders = Iterable[tuple[bytes, bytes]]


class Shortcut:
    """Beside `FixesApp`, which answers whatever is not taken here, and by the same rules."""

    def __init__(self, services: Services, doorkeeper: Doorkeeper, drain: Drain) -> None:
        self._services = services
        self._doorkeeper = doorkeeper
        self._drain = drain

    def begin(self, headers: RawHeaders, body: bytes, done: Done) -> bool:
        """Whether it was taken; then `done` gets the receipt or what went wrong, perhaps at once.

        `body` is whole and no larger than LARGE_BYTES. Names of headers are in lower case.
        """
        given = dict(headers)
        if not self._services.is_running or b"content-encoding" in given:
            return False
        token = bearer_of(given)
        device = None if token is None else self._doorkeeper.admit_known(token)
        if device is None:
            return False
        try:
            items = decode_body(body, media_type_of(given))
        except BadRequest:
            return False
        self._drain.enter("http")
        answer = partial(self._answer, done)
        try:
            self._services.intake.begin(device, items, answer)
        except Exception as error:
            answer(error)
        return True

    def _answer(self, done: Done, outcome: Receipt | Exception) -> None:
        try:
            done(outcome)
        finally:
            self._drain.leave("http")
