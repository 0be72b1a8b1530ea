"""What people keep for themselves."""

from django.conf import settings
from django.db import models

from tracking.domain.saved_views import MAX_VIEW_NAME_CHARS, MAX_VIEW_QUERY_CHARS


class Snooze(models.Model):
    """Somebody wants to hear nothing of one rule and vehicle for a while; numbers as in alerts, whose rule and vehicle may be gone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="snoozes")
    rule = models.BigIntegerField()
    vehicle = models.BigIntegerField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "rule", "vehicle"], name="one_snooze_per_user_rule_and_vehicle")
        ]

    def __str__(self) -> str:
        return f"snooze {self.pk}"


class SavedView(models.Model):
    """What somebody wants to see on the live page, under a name of their own; `query` is the page's address without the question mark."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=MAX_VIEW_NAME_CHARS)
    query = models.CharField(max_length=MAX_VIEW_QUERY_CHARS, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_view_per_user_and_name"),
            models.UniqueConstraint(fields=["user"], condition=models.Q(is_default=True), name="one_default_view"),
        ]

    def __str__(self) -> str:
        return self.name
