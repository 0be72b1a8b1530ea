"""A client's message as its handlers read it: fields of the right types, else an answer that says what is wrong."""

from typing import Any

from tracking.domain.access import Caller, Office
from tracking.live.channels import Channel, denial, find_channel, unknown
from tracking.wire.fix_json import decode_json


class Refused(Exception):
    """A message that is answered with `error`."""

    def __init__(self, code: str, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.retry_after_s = retry_after_s


def ok_message(id_: int, result: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "ok", "id": id_, "result": result or {}}


def error_message(id_: int | None, code: str, reason: str, *, retry_after_s: float | None = None) -> dict[str, Any]:
    message = {"type": "error", "id": id_, "code": code, "reason": reason}
    return message if retry_after_s is None else {**message, "retry_after_s": retry_after_s}


def decode_message(text: str | bytes) -> dict[str, Any]:
    """Raises Refused."""
    try:
        message = decode_json(text)
    except ValueError as error:
        raise Refused("bad_message", f"The message is not JSON: {error}.") from error
    if not isinstance(message, dict):
        raise Refused("bad_message", "A message must be a JSON object.")
    return message


def known_id(message: Any) -> int | None:
    """The sender's, when there is a usable one."""
    id_ = message.get("id") if isinstance(message, dict) else None
    return id_ if type(id_) is int else None


def text_field(message: dict[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str):
        raise Refused("bad_message", f"{name} must be a text.")
    return value


def integer_field(message: dict[str, Any], name: str) -> int:
    value = message.get(name)
    if type(value) is not int:
        raise Refused("bad_message", f"{name} must be an integer.")
    return value


def id_field(message: dict[str, Any]) -> int:
    return integer_field(message, "id")


def find_joinable(message: dict[str, Any], caller: Caller, office: Office) -> Channel:
    """The channel that it names. Raises Refused for one that the caller may not join, wherever its vehicle is."""
    name = message.get("channel")
    if not isinstance(name, str):
        raise Refused("bad_message", "channel must be a text such as region:haga.")
    channel = find_channel(name, office.directory)
    why_not = unknown(name) if channel is None else denial(channel, caller, office, vehicle_regions=None)
    if channel is None or why_not is not None:
        raise Refused(*(why_not or unknown(name)))
    return channel
