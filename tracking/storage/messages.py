"""Keeps what dispatchers and drivers write to each other, in the office database; call it off the event loop."""

from collections.abc import Collection
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce

from tracking.domain import messages
from tracking.domain.messages import Author, Draft
from tracking.domain.times import ms_of, time_of
from tracking.models import Message


def keep_message(draft: Draft, *, now_ms: int) -> messages.Message:
    """The message as it is stored; one with the key of an earlier one by the same author is that earlier one."""
    user, device = draft.author.user, draft.author.device
    author: dict[str, Any] = {"user_id": user} if device is None else {"device_id": device}
    row, _ = Message.objects.get_or_create(
        **author,
        key=draft.key,
        defaults={
            "vehicle_id": draft.vehicle,
            "from_driver": device is not None,
            "text": draft.text,
            "quick_replies": list(draft.quick_replies),
            "sent_at": time_of(now_ms),
        },
    )
    return _message(row)


def name_event(message: int, event: int) -> None:
    """From now on the message is known to be in the log of events."""
    Message.objects.filter(pk=message, event=None).update(event=event)


def load_messages(
    *,
    vehicles: Collection[int] | None,
    after: int = 0,
    before: int | None = None,
    is_unread: bool = False,
    limit: int,
) -> list[messages.Message]:
    """By id, those with larger ids than `after`; with `before` those with smaller ids too, from the largest down.

    `vehicles` None: of all. `is_unread`: written by drivers and read by nobody.
    """
    found = Message.objects.select_related("user", "device").filter(pk__gt=after)
    if vehicles is not None:
        found = found.filter(vehicle_id__in=vehicles)
    if is_unread:
        found = found.filter(from_driver=True, read_at=None)
    if before is not None:
        found = found.filter(pk__lt=before)
    return [_message(row) for row in found.order_by("pk" if before is None else "-pk")[:limit]]


def find_message(id_: int) -> messages.Message | None:
    row = Message.objects.filter(pk=id_).first()
    return None if row is None else _message(row)


def mark(id_: int, *, now_ms: int, is_read: bool) -> bool:
    """Delivered, or read and with that delivered; the first time stays. False when nothing changed."""
    now = time_of(now_ms)
    rows = Message.objects.filter(pk=id_)
    if not is_read:
        return rows.filter(delivered_at=None).update(delivered_at=now) > 0
    delivered_at = Coalesce("delivered_at", Value(now))
    return rows.filter(read_at=None).update(read_at=now, delivered_at=delivered_at) > 0


def _message(row: Message) -> messages.Message:
    name = str(row.device or row.user or "")
    return messages.Message(
        id=row.pk,
        vehicle=row.vehicle_id,
        author=Author(user=row.user_id, device=row.device_id, name=name),
        from_driver=row.from_driver,
        key=row.key,
        text=row.text,
        quick_replies=tuple(row.quick_replies),
        sent_ms=ms_of(row.sent_at),
        delivered_ms=None if row.delivered_at is None else ms_of(row.delivered_at),
        read_ms=None if row.read_at is None else ms_of(row.read_at),
        event=row.event,
    )
