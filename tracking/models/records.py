"""What is written down while the fleet works: looks, messages, times off duty, what was heard of devices, refused fixes."""

from django.conf import settings
from django.db import models

from tracking.domain.messages import MAX_KEY_CHARS, MAX_TEXT_CHARS
from tracking.domain.refusals import MAX_DETAIL_CHARS, MAX_NAMED_CHARS
from tracking.models.fleet import Vehicle
from tracking.models.tokens import DeviceToken


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
