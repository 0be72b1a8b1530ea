"""What opens something to whoever has it: tokens of devices and programs, shares, pairing codes. Only digests are kept."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from tracking.models.fleet import Region, Vehicle


def token_digest(secret: str) -> bytes:
    """SHA-256 of a token; enough without salt, since a token carries 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()


class Token(models.Model):
    """A bearer secret of 256 bits, shown once; only its SHA-256 is kept."""

    label = models.CharField(max_length=100, blank=True)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def renew_secret(self) -> str:
        """Sets a new digest and gives the secret, which cannot be had again. Does not save."""
        secret = secrets.token_urlsafe(32)
        self.digest = token_digest(secret)
        return secret

    def revoke(self) -> None:
        """From now on the token opens nothing."""
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])


class DeviceToken(Token):
    """Lets one device post fixes for one vehicle, or a gateway for any."""

    vehicle = models.ForeignKey(
        Vehicle,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="device_tokens",
        help_text="Empty: a gateway, whose fixes name their vehicle themselves.",
    )

    def __str__(self) -> str:
        return self.label or f"device token {self.pk}"


class ApiToken(Token):
    """Lets a program read with one user's rights."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")

    def __str__(self) -> str:
        return self.label or f"API token {self.pk}"


class Share(Token):
    """A link that shows one vehicle live, one region live or one trip, until it expires or is revoked."""

    class Kind(models.TextChoices):
        VEHICLE = "vehicle"
        REGION = "region"
        TRIP = "trip"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, null=True, blank=True, related_name="shares")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, null=True, blank=True, related_name="shares")
    from_time = models.DateTimeField(null=True, blank=True, help_text="Of a trip: included.")
    to_time = models.DateTimeField(null=True, blank=True, help_text="Of a trip: not included.")
    trimmed = models.BooleanField(default=False, help_text="Of a trip: without what lies within 300 m of its ends.")
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shares")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="vehicle", vehicle__isnull=False, region=None, from_time=None, trimmed=False)
                | models.Q(kind="region", vehicle=None, region__isnull=False, from_time=None, trimmed=False)
                | models.Q(kind="trip", vehicle__isnull=False, region=None, to_time__gt=models.F("from_time")),
                name="share_shows_what_its_kind_says",
            )
        ]

    def __str__(self) -> str:
        return self.label or f"share {self.pk}"

    @property
    def target(self) -> Vehicle | Region:
        """What it shows."""
        target = self.region if self.kind == self.Kind.REGION else self.vehicle
        assert target is not None, "the table's constraint"
        return target


class PairingCode(models.Model):
    """Good for one device token of a vehicle, once and for a quarter of an hour; only a digest of the code is kept."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="pairing_codes")
    label = models.CharField(max_length=100, help_text="Of the device token to be.")
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"pairing code {self.pk}"
