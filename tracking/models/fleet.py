"""What the office is about: vehicles, regions with their watchers, and the rules of the fleet."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models

from tracking.domain.geo import polygon_error
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
