"""What a client asks to be done: fixes to store, messages to send and to note as read; a stream is not needed for it."""

from collections.abc import Callable
from typing import Any

from tracking.domain.access import Caller, Office
from tracking.domain.errors import BadRequest
from tracking.domain.messages import Author, make_draft
from tracking.live import limits
from tracking.live.actions import Action, Read, Send, Store
from tracking.live.channels import Namespace, is_driver
from tracking.live.inbound import Refused, find_joinable, id_field, integer_field


def report(caller: Caller, message: dict[str, Any], office: Office) -> Store:
    id_, fixes = id_field(message), message.get("fixes")
    device = caller.device(office)
    if device is None:
        raise Refused("forbidden", "Only a device may report; say hello with its token.")
    if not isinstance(fixes, list):
        raise Refused("bad_message", "fixes must be an array of fix objects.")
    if len(fixes) > limits.FIXES_PER_REPORT:
        raise Refused(
            "too_many_fixes", f"A report carries {limits.FIXES_PER_REPORT} fixes at most; this one has {len(fixes)}."
        )
    return Store(id_, device, fixes)


def send(caller: Caller, message: dict[str, Any], office: Office) -> Send:
    id_, channel = id_field(message), find_joinable(message, caller, office)
    if channel.namespace is not Namespace.DRIVER or channel.id is None:
        raise Refused("unknown_channel", "Messages are sent to a channel such as driver:van-1.")
    try:
        draft = make_draft(
            vehicle=channel.id,
            author=author_of(caller, channel.id, office),
            key=message.get("key"),
            text=message.get("text"),
            quick_replies=message.get("quick_replies", ()),
        )
    except BadRequest as error:
        raise Refused(error.code, error.reason) from error
    return Send(id_, channel, draft)


def author_of(caller: Caller, vehicle: int, office: Office) -> Author:
    """The vehicle's own device writes as its driver; a person who carries another one's writes as that person."""
    device = caller.device(office)
    return Author(device=device.id) if device and is_driver(caller, vehicle, office) else Author(user=caller.user)


def read(caller: Caller, message: dict[str, Any], office: Office) -> Read:
    return Read(id_field(message), integer_field(message, "message_id"))


def is_written_to(caller: Caller, vehicle: int, *, from_driver: bool, office: Office) -> bool:
    """Whether a message of this vehicle, which the caller may see, has the caller on its other side."""
    if from_driver:
        return caller.rights(office) is not None
    return is_driver(caller, vehicle, office)


COMMANDS: dict[str, Callable[[Caller, dict[str, Any], Office], Action]] = {"report": report, "send": send, "read": read}
