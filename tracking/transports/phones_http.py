"""The bare ASGI app of `/in/{token}`: phone apps as they are.

These apps send the head of their queue until it succeeds. So what a device sent and the server cannot take is refused without an
error, and counted; only a wrong token, too many requests, a body beyond the limits and a store that is away are told.
"""

import time
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping
from typing import Any

from tracking.domain.directory import Device
from tracking.domain.fix import Refusal
from tracking.ingest.sightings import Source
from tracking.transports.bulk import BulkLane
from tracking.transports.http import Headers, Receive, Send, bearer_of, pass_over_body, problem, query_of, respond
from tracking.transports.posting import MAX_SENT_BYTES, answer_failure, expected_bytes, inflate, read_sent
from tracking.transports.services import Services
from tracking.transports.throttle import Doorkeeper
from tracking.wire.fix_json import Reading
from tracking.wire.phones import decode_request

PATH = "/in"
METHODS = ("GET", "POST", "PUT")
NO_ENTRY = "A valid device token is needed: in the address, as the password of Basic or as Bearer."


class PhonesApp:
    """The app's own answer comes once every accepted fix is on disk."""

    def __init__(self, services: Services, doorkeeper: Doorkeeper, bulk: BulkLane) -> None:
        self._services = services
        self._doorkeeper = doorkeeper
        self._bulk = bulk

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["method"] not in METHODS:
            allow = {b"allow": ", ".join(METHODS).encode()}
            await problem(send, 405, "method_not_allowed", f"Use one of {', '.join(METHODS)}.", allow)
            return
        await answer_failure(send, self._take(scope, receive, send))

    async def _take(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        await self._services.start()
        headers = dict(scope["headers"])
        device = await self._doorkeeper.admit(scope, token_of(scope["path"], headers))
        if device is None:
            challenge = {b"www-authenticate": b'Basic realm="Fleet"'}
            await pass_over_body(receive, most_bytes=MAX_SENT_BYTES)
            await problem(send, 401, "not_authenticated", NO_ENTRY, challenge)
            return
        sent = await read_sent(receive)
        async with self._bulk.turn(expected_bytes(sent, headers)):
            body = inflate(sent, headers)
            decoded = decode_request(query_of(scope), body, now_ms=time.time_ns() // 1_000_000)
            source = Source(decoded.dialect, decoded.heartbeats)
            await self._services.intake.take(device, items_of(device, decoded.items), source=source)
        self._services.counters.phone_requests[decoded.dialect] += 1
        self._services.counters.passed_over.update(decoded.passed_over)
        await respond(send, 200, decoded.reply.content_type, decoded.reply.body, {})


def is_phones_path(path: str) -> bool:
    return path == PATH or path.startswith(f"{PATH}/")


def token_of(path: str, headers: Headers) -> str | None:
    """From the address, which counts alone when it has one; else the password of Basic, or Bearer."""
    if token := path.removeprefix(PATH).strip("/").partition("/")[0]:
        return token
    scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "basic":
        return _password_of(secret.strip())
    return bearer_of(headers)


def _password_of(secret: str) -> str | None:
    try:
        return b64decode(secret, validate=True).decode().partition(":")[2]
    except (Base64Error, ValueError):
        return None


def items_of(device: Device, items: Iterable[Reading | Refusal]) -> list[Reading | Refusal]:
    """What an app calls itself names the vehicle of a gateway's readings; any other device has a vehicle already."""
    if device.vehicle is None:
        return list(items)
    return [item._replace(vehicle=None) if isinstance(item, Reading) else item for item in items]
