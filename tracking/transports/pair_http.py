"""`POST /api/v1/pair`: a pairing code becomes a device token, for a phone that nobody knows yet."""

from dataclasses import asdict
from typing import Any

from tracking.domain.errors import BadRequest
from tracking.ingest.mail import in_office
from tracking.storage.pairing import redeem_code
from tracking.transports.admission import Scope
from tracking.transports.http import Receive, Send, encode, problem, read_body, respond
from tracking.transports.posting import answer_failure
from tracking.transports.services import Services
from tracking.transports.throttle import Doorkeeper
from tracking.wire.fix_json import decode_json

PATH = "/api/v1/pair"
MAX_BYTES = 1024
STATUS_OF_CODE = {"unknown_code": 404, "code_used": 410, "code_expired": 410, "too_large": 413}


class PairApp:
    """A bare app, so that strangers are counted before anything is read."""

    def __init__(self, services: Services, doorkeeper: Doorkeeper) -> None:
        self._services = services
        self._doorkeeper = doorkeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await problem(send, 405, "method_not_allowed", "Use POST.", {b"allow": b"POST"})
            return
        await answer_failure(send, self._pair(scope, receive, send), status_of_code=STATUS_OF_CODE)

    async def _pair(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._services.start()
        await self._doorkeeper.admit(scope, None)
        body = await read_body(receive, most_bytes=MAX_BYTES)
        paired = await in_office(redeem_code, decode_code(body))
        await respond(send, 200, b"application/json", encode(asdict(paired)), {b"cache-control": b"no-store"})


def decode_code(body: bytes) -> str:
    """Raises BadRequest."""
    try:
        message: Any = decode_json(body)
    except ValueError as error:
        raise BadRequest("bad_json", f"The body is not valid JSON: {error}.") from error
    code = message.get("code") if isinstance(message, dict) else None
    if not isinstance(code, str):
        raise BadRequest("bad_json", 'The body must be an object such as {"code": "K7QM-3WXD"}.')
    return code
