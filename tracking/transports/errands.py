"""What callers ask to be done: fixes stored, messages sent, noted as delivered and as read; answered when it is done."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from tracking.domain.access import Caller
from tracking.domain.errors import BadRequest, Unavailable
from tracking.domain.events import EventKind
from tracking.domain.messages import Message
from tracking.ingest.intake import Receipt
from tracking.live.actions import Read, Send, Store
from tracking.live.channels import Channel, Denial, denial, find_channel
from tracking.live.commands import is_written_to
from tracking.live.events import EventFrame
from tracking.live.inbound import error_message, ok_message
from tracking.transports import eager
from tracking.transports.services import Services

logger = logging.getLogger(__name__)


class Errands:
    """Those of one connection; `answer` gets `ok` or `error` of each, `await_next` whether the next report is to be heard at once."""

    def __init__(
        self,
        services: Services,
        *,
        answer: Callable[[Mapping[str, Any]], None],
        await_next: Callable[[bool], None],
    ) -> None:
        self._services = services
        self._answer = answer
        self._await_next = await_next
        self._under_way = 0
        self._then: list[Callable[[], None]] = []

    def begin(self, action: Store | Send | Read, caller: Caller) -> None:
        """The next message need not wait for it."""
        if isinstance(action, Store):
            self._under_way += 1
            begun = self._services.intake.begin(action.device, action.fixes, partial(self._end_report, action.id))
            self._await_next(self._services.feed.awaits_any(begun))
        else:
            self._start(self._settle(action, caller))

    def _end_report(self, id_: int, outcome: Receipt | Exception) -> None:
        if isinstance(outcome, Receipt):
            self._answer(ok_message(id_, outcome.as_json()))
        else:
            self._answer(answer_of(id_, outcome))
        self._end()

    async def _settle(self, action: Send | Read, caller: Caller) -> None:
        self._answer(await settle(self._services, action, caller))

    def note_delivery(self, caller: Caller, frame: EventFrame) -> None:
        """What was told need not wait for it."""
        if frame.content["kind"] == EventKind.MESSAGE:
            self._start(deliver(self._services, caller, frame))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if (task := eager.start(work)) is not None:
            self._under_way += 1
            task.add_done_callback(self._end)

    def _end(self, _task: "asyncio.Task[None] | None" = None) -> None:
        self._under_way -= 1
        while self._then and not self._under_way:
            self._then.pop()()

    def when_done(self, call: Callable[[], None]) -> None:
        """At once when nothing is under way."""
        if self._under_way:
            self._then.append(call)
        else:
            call()


async def deliver(services: Services, caller: Caller, frame: EventFrame) -> None:
    """A message that was told to whom it was written to is delivered; when that fails, once its event is told again."""
    event = frame.content
    if event["kind"] != EventKind.MESSAGE or not is_written_to(
        caller, event["vehicle"], from_driver=event["data"]["from_driver"], office=services.office
    ):
        return
    id_ = event["data"]["message"]
    try:
        message = await services.mail.find(id_)
        if message is not None and message.delivered_ms is None:
            await services.mail.mark(message, is_read=False)
    except Unavailable as error:
        logger.warning("message %s was not marked as delivered: %s", id_, error)
    except Exception:
        logger.exception("message %s was not marked as delivered", id_)


async def settle(services: Services, action: Store | Send | Read, caller: Caller) -> dict[str, Any]:
    """Does it; the answer says how it went."""
    try:
        return answer_of(action.id, await _do(services, action, caller))
    except Exception as error:
        return answer_of(action.id, error)


def answer_of(id_: int, outcome: dict[str, Any] | Exception) -> dict[str, Any]:
    match outcome:
        case BadRequest():
            return error_message(id_, outcome.code, outcome.reason)
        case Unavailable():
            return error_message(id_, "busy", outcome.reason, retry_after_s=outcome.retry_after_s)
        case Exception():
            logger.error("a request was not done", exc_info=outcome)
            return error_message(id_, "busy", "The server failed; try again.", retry_after_s=1)
    return ok_message(id_, outcome)


async def _do(services: Services, action: Store | Send | Read, caller: Caller) -> dict[str, Any]:
    match action:
        case Store(_, device, fixes):
            return (await services.intake.take(device, fixes)).as_json()
        case Send(_, channel, draft):
            if (why_not := await _denial(services, channel, caller)) is not None:
                raise BadRequest(*why_not)
            return {"message_id": (await services.mail.send(draft)).id}
        case Read(_, message):
            return await _read(services, message, caller)


async def _read(services: Services, id_: int, caller: Caller) -> dict[str, Any]:
    message = await services.mail.find(id_)
    if message is None or not await _is_readers(services, message, caller):
        raise BadRequest("forbidden", f"There is no message {id_} that was written to you.")
    await services.mail.mark(message, is_read=True)
    return {}


async def _is_readers(services: Services, message: Message, caller: Caller) -> bool:
    """Whether the caller may see the message now and has it to read."""
    office = services.office
    card = office.directory.vehicles.get(message.vehicle)
    channel = None if card is None else find_channel(f"driver:{card.slug}", office.directory)
    if channel is None or await _denial(services, channel, caller) is not None:
        return False
    return is_written_to(caller, message.vehicle, from_driver=message.from_driver, office=office)


async def _denial(services: Services, channel: Channel, caller: Caller) -> Denial | None:
    """Where the channel's vehicle is, is read only when it matters. Raises Unavailable."""
    why_not = denial(channel, caller, services.office)
    if why_not is None or channel.id is None:
        return why_not
    regions = await services.feed.locate(channel.id)
    return denial(channel, caller, services.office, vehicle_regions=regions)
