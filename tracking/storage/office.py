"""Loads what running processes need of the office tables as domain values; call it off the event loop."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Permission, PermissionsMixin, User
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tracking.domain.access import Access, Login, Office, Person
from tracking.domain.directory import Device, Directory, RegionCard, VehicleCard
from tracking.domain.duty import off_duty_since
from tracking.domain.geo import polygon_from_geojson
from tracking.domain.regions import RegionIndex
from tracking.domain.rights import Rights
from tracking.domain.shares import Share, ShareKind
from tracking.models import ApiToken, DeviceToken, Region, RegionAccess, Revision, Vehicle, token_digest
from tracking.models import Share as ShareRow
from tracking.storage.duty import load_off_duty
from tracking.storage.region_rules import load_rules

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

DIRECTORY, ACCESS = 1, 2
WATCH_EVERYTHING = "watch_everything"


def load_revisions() -> dict[int, int]:
    """Of DIRECTORY and of ACCESS: rises with every change that `load_directory` or `load_access` would show.

    Asked twice a second, without the ORM, which takes most of what an idle server's second costs.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, number FROM {Revision._meta.db_table}")
        return dict(cursor.fetchall())


def load_office(known: Office | None = None) -> Office:
    """What is newer than `known`, which itself comes back when nothing is."""
    if known is None:
        return Office(load_directory(), load_access())
    revisions = load_revisions()
    directory, access = known
    if revisions.get(DIRECTORY, 0) != directory.revision:
        directory = load_directory()
    if revisions.get(ACCESS, 0) != access.revision:
        access = load_access()
    return known if directory is known.directory and access is known.access else Office(directory, access)


@transaction.atomic
def load_directory() -> Directory:
    """One consistent picture of the office."""
    revision = load_revisions().get(DIRECTORY, 0)
    off_duty = load_off_duty()
    vehicles = [
        VehicleCard(*row, off_duty_since(off_duty.get(row[0], ())))
        for row in Vehicle.objects.order_by("id").values_list(
            "id", "slug", "name", "plate", "kind", "colour", "active", "driver"
        )
    ]
    regions = list(Region.objects.order_by("id").values_list("id", "slug", "name", "colour", "polygon", "min_stay_s"))
    devices = DeviceToken.objects.filter(revoked_at=None).values_list("digest", "id", "vehicle_id", "label")
    return Directory(
        revision=revision,
        vehicles={vehicle.id: vehicle for vehicle in vehicles},
        vehicle_ids={vehicle.slug: vehicle.id for vehicle in vehicles},
        regions={row[0]: RegionCard(*row[:4], version=_version_of(row)) for row in regions},
        region_ids={row[1]: row[0] for row in regions},
        devices={bytes(digest): Device(id_, vehicle, label) for digest, id_, vehicle, label in devices},
        index=RegionIndex(
            {row[0]: polygon_from_geojson(row[4]) for row in regions}, {row[0]: row[5] * 1000 for row in regions}
        ),
        off_duty=off_duty,
        rules=load_rules(),
    )


def _version_of(row: tuple[Any, ...]) -> int:
    return int.from_bytes(blake2b(msgspec.json.encode(row), digest_size=8).digest())


@transaction.atomic
def load_access() -> Access:
    """One consistent picture of who may do what."""
    revision = load_revisions().get(ACCESS, 0)
    regions: dict[int, set[int]] = {}
    for holder, region in RegionAccess.objects.values_list("user_id", "region_id"):
        regions.setdefault(holder, set()).add(region)
    everything = users_who_watch_everything()
    people = {}
    for user in User.objects.filter(is_active=True).only("password", "is_staff", "username"):
        granted = frozenset(regions.get(user.pk, ()))
        rights = Rights(user=user.pk, everything=user.pk in everything, regions=granted, staff=user.is_staff)
        people[user.pk] = Person(rights, stamp_of(user), user.get_username())
    live_sessions = Session.objects.filter(expire_date__gt=timezone.now())
    api_tokens = ApiToken.objects.filter(revoked_at=None).values_list("digest", "user_id")
    return Access(
        revision=revision,
        people=people,
        sessions=frozenset(map(token_digest, live_sessions.values_list("session_key", flat=True))),
        api_tokens={bytes(digest): user for digest, user in api_tokens},
        shares=load_shares(),
    )


def load_shares() -> dict[bytes, Share]:
    """Those that were not revoked and have not expired, by digest."""
    rows = ShareRow.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
    return {bytes(row.digest): share_of(row) for row in rows}


def share_of(row: ShareRow) -> Share:
    target = row.region_id if row.kind == ShareRow.Kind.REGION else row.vehicle_id
    assert target is not None, "the table's constraint"
    return Share(row.pk, ShareKind(row.kind), target, row.maker_id, row.expires_at.timestamp())


def users_who_watch_everything() -> set[int]:
    """As `has_perm` finds it for each: superusers, and whoever was given the permission, alone or in a group."""
    permission = Permission.objects.filter(content_type__app_label="tracking", codename=WATCH_EVERYTHING)
    holders = Q(is_superuser=True) | Q(user_permissions__in=permission) | Q(groups__permissions__in=permission)
    return set(User.objects.filter(holders, is_active=True).values_list("pk", flat=True))


def stamp_of(user: User) -> bytes:
    """Another one after every change of the password."""
    return token_digest(user.get_session_auth_hash())


def find_logins(session_keys: Sequence[str]) -> dict[str, Login]:
    """Whose sessions these are; left out are those that there are not, that are over, or whose password was changed since."""
    revision = load_revisions().get(ACCESS, 0)
    sessions = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    decoded = [(session, session.get_decoded()) for session in sessions]
    users = User.objects.filter(is_active=True).in_bulk({int(data.get(SESSION_KEY, 0)) for _, data in decoded})
    found = {}
    for session, data in decoded:
        user = users.get(int(data.get(SESSION_KEY, 0)))
        if user is not None and knows_password(user, data.get(HASH_SESSION_KEY, "")):
            found[session.session_key] = Login(
                user=user.pk,
                proof=token_digest(session.session_key),
                stamp=stamp_of(user),
                revision=revision,
                expires_s=session.expire_date.timestamp(),
            )
    return found


def load_user_name(user: int) -> str:
    """As others see it; empty for one that was deleted."""
    found = User.objects.filter(pk=user).first()
    return "" if found is None else found.get_username()


def knows_password(user: User, session_hash: str) -> bool:
    """As Django's own middleware checks it."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, known) for known in hashes)


def load_rights(user: "AbstractBaseUser | AnonymousUser") -> Rights | None:
    """None for a person who is not logged in or no longer active."""
    if not user.is_authenticated or not user.is_active:
        return None
    assert user.pk is not None
    regions = RegionAccess.objects.filter(user_id=user.pk).values_list("region_id", flat=True)
    everything = isinstance(user, PermissionsMixin) and user.has_perm(f"tracking.{WATCH_EVERYTHING}")
    staff = isinstance(user, User) and user.is_staff
    return Rights(user=user.pk, everything=everything, regions=frozenset(regions), staff=staff)
