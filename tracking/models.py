"""The office: vehicles, regions, and who may post or watch what. Positions live in the telemetry store."""

import hashlib
import re
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

import tracking.personal_models  # noqa: F401 (Django looks for tables from here on)
from tracking.domain.geo import polygon_error
from tracking.domain.messages import MAX_KEY_CHARS, MAX_TEXT_CHARS
from tracking.domain.refusals import MAX_DETAIL_CHARS, MAX_NAMED_CHARS
from tracking.domain.region_rules import LIMITS, RuleKind, rule_error

SLUG = re.compile(r"[-\w]{1,64}", re.ASCII)  # what the slug of a vehicle or region takes

colour_validator = RegexValidator(r"^#[0-9a-fA-F]{6}$", "A colour is written as #rrggbb.")


def validate_polygon(value: object) -> None:
    """Raises ValidationError unless `value` is a valid GeoJSON Polygon or MultiPolygon."""
    if reason := polygon_error(value):
        raise ValidationError(reason)


class Vehicle(models.Model):
    """A managed thing that moves."""

    class Kind(models.TextChoices):
        CAR = "car"
        VAN = "van"
        TRUCK = "truck"
        BUS = "bus"
        BIKE = "bike"
        OTHER = "other"

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    plate = models.CharField(max_length=20, blank=True)
    driver = models.CharField(max_length=60, blank=True, help_text="Who drives it, as dispatchers say.")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CAR)
    colour = models.CharField(max_length=7, default="#2f6fde", validators=[colour_validator])
    active = models.BooleanField(default=True, help_text="An inactive vehicle's fixes are refused.")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Region(models.Model):
    """A named polygon: also a live room and a permission."""

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    colour = models.CharField(max_length=7, default="#7a5af5", validators=[colour_validator])
    polygon = models.JSONField(
        validators=[validate_polygon], help_text="GeoJSON Polygon or MultiPolygon, positions as [lon, lat]."
    )
    min_stay_s = models.PositiveIntegerField(
        "minimum stay",
        default=10,
        validators=[MaxValueValidator(3_600)],
        help_text="Seconds; shorter visits are kept but not told as events. 0 tells each at once.",
    )
    watchers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="RegionAccess",
        related_name="regions",
        help_text="Users who may watch this region.",
    )

    class Meta:
        ordering = ["name"]
        permissions = [("watch_everything", "Can watch every region and every vehicle")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug="all"),
                name="region_slug_is_not_all",
                violation_error_message="The slug 'all' means every region.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RegionAccess(models.Model):
    """One user's right to watch one region."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    class Meta:
        verbose_name_plural = "region access"
        constraints = [models.UniqueConstraint(fields=["region", "user"], name="one_access_per_region_and_user")]

    def __str__(self) -> str:
        return f"{self.user} may watch {self.region}"


class Rule(models.Model):
    """What vehicles should do or leave in a region, or that they should be heard of; breaking it is an alert."""

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.label) for kind in RuleKind])
    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, help_text="Empty for “offline” alone."
    )
    vehicles = models.ManyToManyField(Vehicle, blank=True, help_text="None: for all vehicles.")
    limit_s = models.PositiveIntegerField(
        "time limit", null=True, blank=True, help_text="Seconds: of “dwell” and “offline”."
    )
    limit_mps = models.FloatField("speed limit", null=True, blank=True, help_text="Metres per second: of “speed”.")
    from_time = models.TimeField(
        null=True, blank=True, help_text="Of “hours”, in its time zone; may lie after the end."
    )
    to_time = models.TimeField(null=True, blank=True)
    days = models.CharField(
        max_length=7,
        blank=True,
        default="12345",
        help_text="Of “hours”: digits of the days they begin on, 1 is Monday.",
    )
    time_zone = models.CharField(max_length=64, default="UTC", help_text="Of “hours”, as Europe/Stockholm.")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for the first field that does not fit its kind."""
        values = {name: getattr(self, name) for name in (*LIMITS, "days", "time_zone")}
        if (wrong := rule_error(self.kind, region=self.region_id, **values)) is not None:
            raise ValidationError({wrong.field: wrong.reason})


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


class Look(models.Model):
    """Somebody looked at the history of a vehicle or region, or opened a share; rows are added and, when old, deleted.

    It says in words whom and what it was about, so that it stays readable when they are gone.
    """

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=16)
    who = models.CharField(max_length=160, help_text="The user's name; with the token's or share's, if it was one.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    vehicle = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Slug; empty: all that could be seen."
    )
    region = models.CharField(max_length=64, blank=True, help_text="Slug.")
    from_time = models.DateTimeField(null=True)
    to_time = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "look at history"
        verbose_name_plural = "audit: looks at history"

    def __str__(self) -> str:
        return f"{self.who}: {self.kind} {self.vehicle or self.region}"


class Message(models.Model):
    """What a dispatcher writes to a vehicle's driver, or a driver to the dispatchers."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    device = models.ForeignKey(DeviceToken, on_delete=models.SET_NULL, null=True, blank=True)
    from_driver = models.BooleanField()
    key = models.CharField(
        max_length=MAX_KEY_CHARS, help_text="Made by the client: a repeated send is the same message."
    )
    text = models.TextField(max_length=MAX_TEXT_CHARS)
    quick_replies = models.JSONField(default=list, blank=True)
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    event = models.BigIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_message_per_user_and_key"),
            models.UniqueConstraint(fields=["device", "key"], name="one_message_per_device_and_key"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class PairingCode(models.Model):
    """Good for one device token of a vehicle, once and for a quarter of an hour; only a digest of the code is kept."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="pairing_codes")
    label = models.CharField(max_length=100, help_text="Of the device token to be.")
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"pairing code {self.pk}"


class DutySwitch(models.Model):
    """The driver of a vehicle went off duty, or came back; `time` is the phone's."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="duty_switches")
    device = models.ForeignKey(DeviceToken, on_delete=models.SET_NULL, null=True, blank=True)
    time = models.DateTimeField()
    is_off = models.BooleanField()

    class Meta:
        ordering = ["vehicle", "time"]
        verbose_name_plural = "duty switches"
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "time", "is_off"], name="one_duty_switch_per_vehicle_and_time")
        ]

    def __str__(self) -> str:
        return f"{self.vehicle} {'off' if self.is_off else 'on'} duty"


class DeviceSighting(models.Model):
    """When a device was heard of last, its newest fix of a vehicle, and its battery; written by the ingest."""

    device = models.ForeignKey(DeviceToken, on_delete=models.CASCADE, related_name="sightings")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="sightings")
    seen_at = models.DateTimeField()
    fix_time = models.DateTimeField(null=True)
    battery_time = models.DateTimeField(null=True)
    battery_percent = models.PositiveSmallIntegerField(null=True)
    dialect = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "vehicle"], name="one_sighting_per_device_and_vehicle")
        ]

    def __str__(self) -> str:
        return f"{self.device} of {self.vehicle}"


class RefusalTally(models.Model):
    """Refused fixes of one device, for one vehicle (or a name that nobody knows) and reason; written by the ingest."""

    device = models.ForeignKey(DeviceToken, on_delete=models.CASCADE)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, null=True, blank=True)
    named = models.CharField(max_length=MAX_NAMED_CHARS, blank=True, help_text="How the device called the vehicle.")
    reason = models.CharField(max_length=32)
    count = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    fix_time = models.DateTimeField(
        null=True, blank=True, help_text="Of the last one; empty when it could not be read."
    )
    detail = models.CharField(max_length=MAX_DETAIL_CHARS, help_text="Of the last one.")

    class Meta:
        ordering = ["-last_at"]
        verbose_name = "refused fixes"
        verbose_name_plural = "refused fixes"
        constraints = [models.UniqueConstraint(fields=["device", "named", "reason"], name="one_tally_per_origin")]

    def __str__(self) -> str:
        return f"{self.count} × {self.reason} of {self.named or self.device}"


class Revision(models.Model):
    """A row for each picture that running processes keep; triggers raise its number with every change."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
