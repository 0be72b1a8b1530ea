"""Deletes from the office what is older than the retention; call it off the event loop."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from tracking.models import Look, Message, RefusalTally, Share
from tracking.storage.refusals import KEPT_DAYS


def prune_office() -> Counter[str]:
    """Rows deleted by table. Shares are kept as long as the audit that names them, counted from their end."""
    rules: list[tuple[type[Model], str, int]] = [
        (Message, "sent_at", settings.RETENTION_DAYS),
        (RefusalTally, "last_at", KEPT_DAYS),
        (Share, "expires_at", settings.AUDIT_DAYS),
        (Look, "at", settings.AUDIT_DAYS),
    ]
    deleted: Counter[str] = Counter()
    for model, field, days in rules:
        older: dict[str, Any] = {f"{field}__lt": timezone.now() - timedelta(days=days)}
        deleted[model._meta.model_name or ""] = model._default_manager.filter(**older).delete()[0]
    return +deleted
