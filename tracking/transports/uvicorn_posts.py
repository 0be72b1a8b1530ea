"""uvicorn's HTTP protocol with a short way for posts of fixes."""

from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from tracking.ingest.intake import Receipt
from tracking.transports.bulk import LARGE_BYTES
from tracking.transports.fixes_http import PATH
from tracking.transports.http import encode
from tracking.transports.posting import answer_failure
from tracking.transports.shortcut import Shortcut


class PostingProtocol(HttpToolsProtocol):
    """Holds a post back until its body is there, then hands both over; the application gets what is not taken.

    A request that waited for the answer to another goes to the application: answers at once would call each other.
    """

    def __init__(self, shortcut: Shortcut, **given: Any) -> None:
        super().__init__(**given)
        self._shortcut = shortcut
        self._held: Any = None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if cycle.more_body and not cycle.waiting_for_100_continue and is_post_of_fixes(cycle.scope):
            self._held = app
        else:
            super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        app, self._held = self._held, None
        if app is None:
            return
        cycle = self.cycle
        answer = partial(self._answer, cycle)
        if self.flow.write_paused or not self._shortcut.begin(cycle.scope["headers"], bytes(cycle.body), answer):
            super()._start_asgi_task(cycle, app)

    def _answer(self, cycle: RequestResponseCycle, outcome: Receipt | Exception) -> None:
        if isinstance(outcome, Exception):
            super()._start_asgi_task(cycle, partial(_fail, outcome))
        elif not cycle.disconnected:
            self.transport.write(self._response(cycle, encode(outcome.as_json())))
            cycle.response_started = cycle.response_complete = True
            if not cycle.keep_alive:
                self.transport.close()
            cycle.on_response()

    def _response(self, cycle: RequestResponseCycle, body: bytes) -> bytes:
        """Head and body are written at once: the client is woken once."""
        usual = b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)
        end = b"" if cycle.keep_alive else b"connection: close\r\n"
        own = b"content-type: application/json\r\ncontent-length: %d\r\n" % len(body)
        return b"".join((STATUS_LINE[200], usual, own, end, b"\r\n", body))


def is_post_of_fixes(scope: Any) -> bool:
    """Of a size that is told and small."""
    if scope["path"] != PATH or scope["method"] != "POST":
        return False
    size = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return size.isdigit() and int(size) <= LARGE_BYTES


async def _fail(error: Exception, scope: Any, receive: Any, send: Any) -> None:
    async def work() -> None:
        raise error

    await answer_failure(send, work())
