"""Messages between dispatchers and drivers."""

import asyncio
from collections.abc import Sequence
from operator import attrgetter
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import Field

from tracking.api.auth import ApiTokenAuth, DeviceAuth, SessionAuth
from tracking.api.caching import json_answer
from tracking.api.callers import Caller, caller_of, named_vehicle, own_vehicle
from tracking.api.openapi import documented
from tracking.api.paging import PageQuery, page_of
from tracking.api.queries import StrictBody, refuse_unknown
from tracking.api.schemas import KeptMessage, MessagePage
from tracking.api.services import Services, services_of
from tracking.api.sight import visible_vehicles
from tracking.domain import messages as domain
from tracking.domain.directory import Device, Directory
from tracking.domain.messages import Author, Message, make_draft
from tracking.ingest.mail import in_office
from tracking.storage.messages import load_messages
from tracking.wire.rfc3339 import encode_if_known, encode_time

router = Router(tags=["messages"], auth=[SessionAuth(), ApiTokenAuth(), DeviceAuth()])


class MessageQuery(PageQuery):
    """All of them narrow; none is needed."""

    vehicle: str | None = Field(None, description="Slug.")
    after: int = Field(0, ge=0, lt=1 << 63, description="Larger ids than this.")
    before: int | None = Field(
        None, ge=0, lt=1 << 63, description="Smaller ids than this; with it the newest come first."
    )
    unread: bool = Field(False, description="Only what drivers wrote and no dispatcher has read.")


class NewMessage(StrictBody):
    """`vehicle` may be left out by a device. A message with a `key` that its author used before is that earlier message."""

    vehicle: str | None = Field(None, description="Slug.")
    key: str = Field(min_length=1, max_length=domain.MAX_KEY_CHARS)
    text: str = Field(min_length=1, max_length=domain.MAX_TEXT_CHARS)
    quick_replies: list[Annotated[str, Field(min_length=1, max_length=domain.MAX_QUICK_REPLY_CHARS)]] = Field(
        [], max_length=domain.MAX_QUICK_REPLIES, description="Answers that the driver can give with one touch."
    )


@router.get("messages", response=MessagePage, openapi_extra=documented(403, 422))
async def list_messages(request: HttpRequest, query: Query[MessageQuery]) -> HttpResponse:
    """Messages by id, or the newest first. What a device asks for counts as delivered to it."""
    services, caller = services_of(request), caller_of(request)
    vehicles = await asyncio.to_thread(vehicles_of, services, caller)
    if query.vehicle is not None:
        vehicles = {await named_vehicle(services, caller, query.vehicle)}
    page_end = query.cursor_key(int)
    after, before = query.after, query.before
    if before is None:
        after = max(after, page_end or 0)
    else:
        before = before if page_end is None else min(before, page_end)
    found = await in_office(
        load_messages,
        vehicles=vehicles,
        after=after,
        before=before,
        is_unread=query.unread,
        limit=query.limit + 1,
    )
    shown, next_ = page_of(found, query, attrgetter("id"))
    page = MessagePage(items=[kept_message(message, services.directory) for message in shown], next=next_)
    if isinstance(caller, Device):
        await mark_delivered(services, shown)
    return json_answer(request, page)


@router.post("messages", response=KeptMessage, openapi_extra=documented(400, 403, 422))
async def send_message(request: HttpRequest, message: NewMessage) -> HttpResponse:
    """Answered when it is stored and told; a dispatcher writes to the driver, a device to the dispatchers."""
    refuse_unknown(request)
    services, caller = services_of(request), caller_of(request)
    draft = make_draft(
        vehicle=await named_vehicle(services, caller, message.vehicle),
        author=author_of(caller),
        key=message.key,
        text=message.text,
        quick_replies=message.quick_replies,
    )
    return json_answer(request, kept_message(await services.mail.send(draft), services.directory))


@router.post("messages/{id_}/read", response=KeptMessage, openapi_extra=documented(403, 404, 422))
async def read_message(request: HttpRequest, id_: int) -> HttpResponse:
    """Says that the side it was written to has read it; the first time stays."""
    refuse_unknown(request)
    services, caller = services_of(request), caller_of(request)
    message = await services.mail.find(id_)
    vehicles = await asyncio.to_thread(vehicles_of, services, caller)
    if message is None or (vehicles is not None and message.vehicle not in vehicles):
        raise Http404(f"There is no message {id_} that you may see.")
    if message.from_driver == isinstance(caller, Device):
        raise HttpError(403, "A message is read by the side it was written to.")
    await services.mail.mark(message, is_read=True)
    return json_answer(request, kept_message(await services.mail.find(id_) or message, services.directory))


def author_of(caller: Caller) -> Author:
    return Author(device=caller.id) if isinstance(caller, Device) else Author(user=caller.user)


def vehicles_of(services: Services, caller: Caller) -> set[int] | None:
    """Whose messages the caller may see now; None stands for every vehicle."""
    if isinstance(caller, Device):
        return {own_vehicle(caller)}
    return visible_vehicles(services.telemetry, caller)


async def mark_delivered(services: Services, found: Sequence[Message]) -> None:
    for message in found:
        if not message.from_driver and message.delivered_ms is None:
            await services.mail.mark(message, is_read=False)


def kept_message(message: Message, directory: Directory) -> KeptMessage:
    vehicle = directory.vehicles.get(message.vehicle)
    return KeptMessage(
        id=message.id,
        key=message.key,
        vehicle=None if vehicle is None else vehicle.slug,
        from_driver=message.from_driver,
        author=message.author.name,
        text=message.text,
        quick_replies=list(message.quick_replies),
        state=message.state,
        sent_time=encode_time(message.sent_ms),
        delivered_time=encode_if_known(message.delivered_ms),
        read_time=encode_if_known(message.read_ms),
    )
