"""Pairing codes in the office database: made for a vehicle, and exchanged once for a device token; call it off the event loop."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tracking.domain.errors import BadRequest
from tracking.domain.pairing import CODE_CHARS, LASTS_S, make_code, normal_code
from tracking.models import DeviceToken, PairingCode, Vehicle

SALT = "fleet.pairing"
FORGOTTEN_AFTER = timedelta(days=1)
"""Until then a code that comes late is told what became of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """A phone that may post from now on; `token` is its secret."""

    token: str
    label: str
    vehicle: str
    name: str
    plate: str


def issue_code(vehicle: Vehicle, *, label: str) -> str:
    """A code that can be used for LASTS_S; the token will be called `label`."""
    code, now = make_code(secrets.choice), timezone.now()
    PairingCode.objects.filter(expires_at__lt=now - FORGOTTEN_AFTER).delete()
    expires_at = now + timedelta(seconds=LASTS_S)
    PairingCode.objects.create(vehicle=vehicle, label=label, digest=code_digest(code), expires_at=expires_at)
    return code


@transaction.atomic
def redeem_code(typed: str) -> Paired:
    """Raises BadRequest with `bad_code`, `unknown_code`, `code_used` or `code_expired`. Of two at once, one succeeds."""
    code = normal_code(typed)
    if code is None:
        raise BadRequest("bad_code", f"A pairing code has {CODE_CHARS} letters and digits, such as K7QM-3WXD.")
    known = PairingCode.objects.select_related("vehicle").filter(digest=code_digest(code)).first()
    if known is None:
        raise BadRequest(
            "unknown_code", "This pairing code is not known. Look at each letter again, or ask for a new one."
        )
    now = timezone.now()
    if PairingCode.objects.filter(pk=known.pk, used_at=None, expires_at__gt=now).update(used_at=now) == 0:
        raise _refusal(PairingCode.objects.get(pk=known.pk))
    token = DeviceToken(vehicle=known.vehicle, label=known.label)
    secret = token.renew_secret()
    token.save()
    vehicle = known.vehicle
    return Paired(token=secret, label=token.label, vehicle=vehicle.slug, name=vehicle.name, plate=vehicle.plate)


def _refusal(code: PairingCode) -> BadRequest:
    if code.used_at is not None:
        return BadRequest(
            "code_used", "This pairing code was used already; each is good for one phone. Ask for a new one."
        )
    minutes = LASTS_S // 60
    return BadRequest(
        "code_expired", f"This pairing code has expired; it is good for {minutes} minutes. Ask for a new one."
    )


def code_digest(code: str) -> bytes:
    """Keyed, since a code is short: who has the database alone cannot guess it."""
    return salted_hmac(SALT, code, algorithm="sha256").digest()
