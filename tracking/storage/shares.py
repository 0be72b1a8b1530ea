"""Makes, lists and revokes shares in the office database; call it off the event loop."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tracking.domain.rights import Rights
from tracking.domain.shares import MOST_ACTIVE_SHARES
from tracking.models import Share


class TooManyShares(Exception):
    """The maker has MOST_ACTIVE_SHARES that are active."""


@transaction.atomic
def make_share(maker: int, **fields: Any) -> tuple[Share, str]:
    """The share and its secret, which cannot be had again. Raises TooManyShares."""
    User.objects.select_for_update().get(pk=maker)
    if active(Share.objects.filter(maker_id=maker)).count() >= MOST_ACTIVE_SHARES:
        raise TooManyShares
    share = Share(maker_id=maker, **fields)
    secret = share.renew_secret()
    share.save()
    return _seen(Share.objects.filter(pk=share.pk)).get(), secret


def load_shares(rights: Rights, *, is_active: bool, before: int | None, limit: int) -> list[Share]:
    """The newest first, those with smaller ids than `before`: one's own, for staff everybody's."""
    found = _listed(rights)
    if is_active:
        found = active(found)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def revoke_share(rights: Rights, id_: int) -> bool:
    """False when there is none that one may revoke; a revoked one stays as it is."""
    share = _listed(rights).filter(pk=id_).first()
    if share is not None and share.revoked_at is None:
        share.revoke()
    return share is not None


def active(shares: QuerySet[Share]) -> QuerySet[Share]:
    return shares.filter(revoked_at=None, expires_at__gt=timezone.now())


def _listed(rights: Rights) -> QuerySet[Share]:
    return _seen(Share.objects.all() if rights.staff else Share.objects.filter(maker_id=rights.user))


def _seen(shares: QuerySet[Share]) -> QuerySet[Share]:
    return shares.select_related("maker", "vehicle", "region")
