"""The live stream without a WebSocket: `/live/v1/sse`, `/live/v1/poll` and the uplink `/live/v1/command`."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from tracking.domain.access import Caller
from tracking.domain.errors import BadRequest, Unavailable
from tracking.live import limits
from tracking.live.limits import CallerBuckets, TokenBucket
from tracking.live.session import Session, State
from tracking.transports.asked import asked_channels
from tracking.transports.command import STATUS_OF_ERROR, answer_command
from tracking.transports.http import ClientLeft, Receive, Send, problem
from tracking.transports.poll import answer_poll
from tracking.transports.services import Services
from tracking.transports.sse import HEAD, SseConnection

STREAM_PATHS = ("/live/v1/sse", "/live/v1/poll", "/live/v1/command")


class StreamsApp:
    """Problems before the stream begins are RFC 9457 documents; later ones are messages in it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._ways = dict(zip(STREAM_PATHS, (self._sse, self._poll, self._command), strict=True))
        self._polls = CallerBuckets(limits.POLLS_PER_S, limits.POLLS_BURST)
        self._commands = CallerBuckets(limits.MESSAGES_PER_S, limits.MESSAGES_BURST)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        way = self._ways[scope["path"]]
        method = "POST" if way == self._command else "GET"
        if scope["method"] != method:
            await problem(send, 405, "method_not_allowed", f"Use {method}.", {b"allow": method.encode()})
            return
        try:
            await self._services.start()
            caller = await self._services.admission.identify(scope)
            if caller is None:
                await problem(send, 401, "not_authenticated", "A session or a token is needed.")
                return
            await way(scope, receive, send, caller)
        except BadRequest as error:
            headers = {b"retry-after": b"1"} if error.code == "rate" else None
            await problem(send, STATUS_OF_ERROR.get(error.code, 400), error.code, error.reason, headers)
        except Unavailable as error:
            await problem(send, 503, "busy", error.reason, {b"retry-after": str(error.retry_after_s).encode()})
        except ClientLeft:
            return

    async def _sse(self, scope: Mapping[str, Any], receive: Receive, send: Send, caller: Caller) -> None:
        cursors = asked_channels(scope, header=b"last-event-id")
        connection = SseConnection(self._services, send, open_session(caller), cursors)
        await send(HEAD)
        await connection.run(receive)

    async def _poll(self, scope: Mapping[str, Any], receive: Receive, send: Send, caller: Caller) -> None:
        now_s = time.monotonic()
        if not self._polls.of(caller.key, now_s).take(now_s):
            raise BadRequest("rate", f"At most {limits.POLLS_PER_S} polls a second.")
        await answer_poll(self._services, open_session(caller), scope, receive, send)

    async def _command(self, scope: Mapping[str, Any], receive: Receive, send: Send, caller: Caller) -> None:
        session = open_session(caller, self._commands.of(caller.key, time.monotonic()))
        await answer_command(self._services, session, scope, receive, send)


def open_session(caller: Caller, bucket: TokenBucket | None = None) -> Session:
    """Who asks is known already. Without a `bucket` of its own joining every channel at once is no flood."""
    burst = limits.CHANNELS + limits.MESSAGES_BURST
    bucket = bucket or TokenBucket(limits.MESSAGES_PER_S, burst, burst, time.monotonic())
    return Session(connection=secrets.token_hex(8), caller=caller, bucket=bucket, state=State.OPEN)
