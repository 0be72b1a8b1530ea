"""Links to one vehicle live, one region live or one trip: made, listed and revoked by those who may see the same."""

import asyncio
import time
from http import HTTPStatus
from operator import attrgetter

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from tracking.api.auth import need_permission, rights_of
from tracking.api.caching import json_answer, unkept_answer
from tracking.api.openapi import documented
from tracking.api.paging import PageQuery, page_of
from tracking.api.problems import refused
from tracking.api.queries import Instant, StrictBody, refuse_unknown
from tracking.api.services import Services, services_of
from tracking.api.share_schemas import MadeShare, NewLink, SharePage
from tracking.api.sight import find_visible, vehicle_refused, visible_spans
from tracking.domain.hours import HOUR_MS
from tracking.domain.rights import Rights
from tracking.domain.shares import MOST_ACTIVE_SHARES, MOST_TRIP_HOURS, ShareKind
from tracking.domain.times import DAY_MS, ms_of, time_of
from tracking.ingest.mail import in_office
from tracking.models import Share
from tracking.storage.shares import TooManyShares, load_shares, make_share, revoke_share
from tracking.wire.rfc3339 import encode_instant, encode_time

router = Router(tags=["shares"])


class NewShare(StrictBody):
    """A `vehicle` or a `trip` names the vehicle, a trip its times too; a `region` names the region."""

    kind: ShareKind
    vehicle: str | None = Field(None, description="Slug.")
    region: str | None = Field(None, description="Slug.")
    from_time: Instant | None = Field(None, description="Of a trip: included.")
    to_time: Instant | None = Field(
        None, description=f"Of a trip: not included; at most {MOST_TRIP_HOURS} hours later."
    )
    trimmed: bool = Field(False, description="Of a trip: without what lies within 300 m of its first or last fix.")
    expires_time: Instant = Field(description=f"In at most {settings.SHARE_DAYS} days.")
    label: str = Field("", max_length=100, description="A note of your own; guests do not see it.")


class ShareQuery(PageQuery):
    """Which shares."""

    active: bool = Field(False, description="Only those that are neither expired nor revoked.")


@router.get("shares", response=SharePage, openapi_extra=documented(422))
async def list_shares(request: HttpRequest, query: Query[ShareQuery]) -> HttpResponse:
    """The shares that one has made, staff sees everybody's; the newest first."""
    found = await in_office(
        load_shares,
        rights_of(request),
        is_active=query.active,
        before=query.cursor_key(int),
        limit=query.limit + 1,
    )
    shown, next_ = page_of(found, query, attrgetter("pk"))
    return json_answer(request, SharePage(items=[made_share(share) for share in shown], next=next_))


@router.post("shares", response={201: NewLink}, openapi_extra=documented(400, 403, 422))
async def add_share(request: HttpRequest, new: NewShare) -> HttpResponse:
    """Needs the permission "Can add share", and the right to see what is shared. The secret is told this once.

    Guests see what its maker may see at that time, positions alone: no events, no messages, no plates, nobody's presence.
    """
    refuse_unknown(request)
    rights = rights_of(request)
    await need_permission(request, "tracking.add_share")
    fields = await asyncio.to_thread(checked_fields, services_of(request), rights, new)
    try:
        share, secret = await in_office(make_share, rights.user, **fields)
    except TooManyShares:
        raise refused("kind", f"you have {MOST_ACTIVE_SHARES} active shares already; revoke one first") from None
    url = f"{request.build_absolute_uri('/s')}#{secret}"
    return unkept_answer(NewLink(share=made_share(share), secret=secret, url=url), status=HTTPStatus.CREATED)


@router.delete("shares/{id_}", response={204: None}, openapi_extra=documented(403, 404, 422))
async def remove_share(request: HttpRequest, id_: int) -> HttpResponse:
    """Revokes it: within a second its guests see nothing more. One's own; staff may revoke everybody's."""
    refuse_unknown(request)
    if not 0 < id_ < 1 << 63 or not await in_office(revoke_share, rights_of(request), id_):
        raise Http404(f"There is no share {id_} that you may revoke.")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def checked_fields(services: Services, rights: Rights, new: NewShare) -> dict[str, object]:
    """The row's. Raises a refusal of the first field that does not fit."""
    now_ms = time.time_ns() // 1_000_000
    if not now_ms < new.expires_time <= now_ms + settings.SHARE_DAYS * DAY_MS:
        raise refused("expires_time", f"must lie in the future, at most {settings.SHARE_DAYS} days away")
    fields: dict[str, object] = {"kind": new.kind, "expires_at": time_of(new.expires_time), "label": new.label}
    if new.kind is ShareKind.REGION:
        _refuse_given(new, "vehicle", "from_time", "to_time", "trimmed")
        return fields | {"region_id": _region(services, rights, new.region)}
    _refuse_given(new, "region")
    if new.kind is ShareKind.VEHICLE:
        _refuse_given(new, "from_time", "to_time", "trimmed")
        return fields | {"vehicle_id": _vehicle(services, rights, new.vehicle)}
    return fields | _trip(services, rights, new)


def _refuse_given(new: NewShare, *names: str) -> None:
    for name in names:
        if getattr(new, name):
            raise refused(name, f"does not belong to a share of a {new.kind}")


def _region(services: Services, rights: Rights, slug: str | None) -> int:
    region = None if slug is None else services.directory.region_ids.get(slug)
    if region is None or not rights.may_watch(region):
        raise refused("region", f"there is no region {slug!r} that you may watch")
    return region


def _vehicle(services: Services, rights: Rights, slug: str | None) -> int:
    vehicle = find_visible(services, rights, slug)
    if vehicle is None:
        raise vehicle_refused(slug)
    return vehicle


def _trip(services: Services, rights: Rights, new: NewShare) -> dict[str, object]:
    from_ms, to_ms = new.from_time, new.to_time
    if from_ms is None or to_ms is None or not from_ms < to_ms <= from_ms + MOST_TRIP_HOURS * HOUR_MS:
        raise refused("to_time", f"a trip needs from_time, and to_time at most {MOST_TRIP_HOURS} hours later")
    vehicle = None if new.vehicle is None else services.directory.vehicle_ids.get(new.vehicle)
    if vehicle is None or visible_spans(services.telemetry, rights, vehicle=vehicle, asked=(from_ms, to_ms)) is None:
        raise vehicle_refused(new.vehicle)
    times = {"from_time": time_of(from_ms), "to_time": time_of(to_ms)}
    return {"vehicle_id": vehicle, "trimmed": new.trimmed, **times}


def made_share(share: Share) -> MadeShare:
    state = "revoked" if share.revoked_at else "active" if share.expires_at > timezone.now() else "expired"
    return MadeShare(
        id=share.pk,
        kind=ShareKind(share.kind).value,
        name=share.target.name,
        label=share.label,
        vehicle=None if share.vehicle is None else share.vehicle.slug,
        region=None if share.region is None else share.region.slug,
        from_time=encode_instant(share.from_time),
        to_time=encode_instant(share.to_time),
        trimmed=share.trimmed,
        maker=share.maker.get_username(),
        made_time=encode_time(ms_of(share.created_at)),
        expires_time=encode_time(ms_of(share.expires_at)),
        state=state,  # type: ignore[arg-type]
    )
