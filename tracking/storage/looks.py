"""Keeps looks at history in the office database; call it off the event loop."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from tracking.domain.looks import Look
from tracking.domain.times import time_of
from tracking.models import Look as LookRow


def keep_looks(looks: Sequence[tuple[int, Look]]) -> None:
    """Each with when it was, in ms since 1970 UTC."""
    users = {look.user for _, look in looks if look.user is not None}
    names = dict(User.objects.filter(pk__in=users).values_list("pk", "username"))
    LookRow.objects.bulk_create([_row(at_ms, look, names) for at_ms, look in looks])


def _row(at_ms: int, look: Look, names: dict[int, str]) -> LookRow:
    name = "" if look.user is None else names.get(look.user, f"user {look.user}")
    return LookRow(
        at=time_of(at_ms),
        kind=look.kind,
        who=", ".join(filter(None, (name, look.by)))[:160],
        user_id=look.user if look.user in names else None,
        vehicle=look.vehicle,
        region=look.region,
        from_time=None if look.from_ms is None else time_of(look.from_ms),
        to_time=None if look.to_ms is None else time_of(look.to_ms),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLooks:
    """None: any. From ≤ when it was < to, in ms since 1970 UTC."""

    vehicle: str | None = None
    user: str | None = None
    from_ms: int | None = None
    to_ms: int | None = None


def load_looks(wanted: WantedLooks, *, before: int | None, limit: int) -> list[LookRow]:
    """The newest first, those with smaller ids than `before`."""
    found = LookRow.objects.select_related("user").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    if wanted.vehicle is not None:
        found = found.filter(vehicle=wanted.vehicle)
    if wanted.user is not None:
        found = found.filter(user__username=wanted.user)
    if wanted.from_ms is not None:
        found = found.filter(at__gte=time_of(wanted.from_ms))
    if wanted.to_ms is not None:
        found = found.filter(at__lt=time_of(wanted.to_ms))
    return list(found[:limit])
