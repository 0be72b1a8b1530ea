"""`POST /live/v1/command`: one message of a client that has no WebSocket, and its answer."""

import time
from collections.abc import Mapping
from typing import Any

from tracking.live import limits
from tracking.live.actions import Close, Read, Reply, Send, Store
from tracking.live.commands import COMMANDS
from tracking.live.inbound import error_message
from tracking.live.session import Session
from tracking.transports import http
from tracking.transports.errands import settle
from tracking.transports.services import Services
from tracking.wire.fix_json import decode_json

STATUS_OF_ERROR = {"forbidden": 403, "too_large": 413, "rate": 429, "busy": 503}


async def answer_command(
    services: Services, session: Session, scope: Mapping[str, Any], receive: http.Receive, send: http.Send
) -> None:
    """Raises BadRequest or ClientLeft."""
    body = await http.read_body(receive, most_bytes=limits.REPORT_BYTES)
    answer = await run_command(services, session, body)
    status = 200 if answer["type"] == "ok" else STATUS_OF_ERROR.get(answer["code"], 400)
    headers = {b"cache-control": b"no-store"}
    if "retry_after_s" in answer:
        headers[b"retry-after"] = str(answer["retry_after_s"]).encode()
    await http.respond(send, status, b"application/json", http.encode(answer), headers)


async def run_command(services: Services, session: Session, body: bytes) -> Mapping[str, Any]:
    services.counters.messages_in += 1
    if _kind_of(body) in COMMANDS.keys() | {None}:
        (action,) = session.receive(body, now_s=time.monotonic(), office=services.office)
        match action:
            case Store() | Send() | Read():
                return await settle(services, action, session.caller)
            case Reply(message):
                return message
            case Close(_, reason):
                return error_message(None, "too_large", reason or "")
    return error_message(None, "unknown_type", f"A command is one of {', '.join(sorted(COMMANDS))}.")


def _kind_of(body: bytes) -> str | None:
    """None when it is no message; the session says why."""
    try:
        message = decode_json(body)
    except ValueError:
        return None
    kind = message.get("type") if isinstance(message, dict) else None
    return kind if isinstance(kind, str) else None
