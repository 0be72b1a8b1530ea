"""The bare ASGI app of `POST /api/v1/fixes`, in front of Django since it is called most."""

from collections.abc import Mapping
from typing import Any

from tracking.transports.bulk import BulkLane
from tracking.transports.http import Receive, Send, bearer_of, encode, pass_over_body, problem, respond
from tracking.transports.posting import MAX_SENT_BYTES, answer_failure, expected_bytes, inflate, read_sent
from tracking.transports.services import Services
from tracking.transports.throttle import Doorkeeper
from tracking.wire.fix_json import decode_body


class FixesApp:
    """Answers 200 with a receipt once every accepted fix is on disk, else a problem document (RFC 9457)."""

    def __init__(self, services: Services, doorkeeper: Doorkeeper, bulk: BulkLane) -> None:
        self._services = services
        self._doorkeeper = doorkeeper
        self._bulk = bulk

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await problem(send, 405, "method_not_allowed", "Fixes are sent with POST.", {b"allow": b"POST"})
            return
        await answer_failure(send, self._post(scope, receive, send))

    async def _post(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        await self._services.start()
        headers = dict(scope["headers"])
        device = await self._doorkeeper.admit(scope, bearer_of(headers))
        if device is None:
            detail = "A valid device token is needed: Authorization: Bearer TOKEN."
            await pass_over_body(receive, most_bytes=MAX_SENT_BYTES)
            await problem(send, 401, "not_authenticated", detail, {b"www-authenticate": b"Bearer"})
            return
        content_type = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
        sent = await read_sent(receive)
        async with self._bulk.turn(expected_bytes(sent, headers)):
            body = inflate(sent, headers)
            receipt = await self._services.intake.take(device, decode_body(body, content_type))
        await respond(send, 200, b"application/json", encode(receipt.as_json()), {})
