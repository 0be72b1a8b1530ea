"""Deletes what is older than the retention, now."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tracking.domain.errors import Unavailable
from tracking.domain.times import DAY_MS
from tracking.management.owner import owning
from tracking.storage.office_pruning import prune_office
from tracking.storage.pruning import prune
from tracking.wiring import open_telemetry


class Command(BaseCommand):
    help = "Deletes what is older than FLEET_RETENTION_DAYS and FLEET_AUDIT_DAYS. A running server does it itself, every hour."

    def handle(self, *args: Any, **options: Any) -> None:
        telemetry = open_telemetry(settings.TELEMETRY_URL)
        telemetry.prepare()
        before_ms = time.time_ns() // 1_000_000 - settings.RETENTION_DAYS * DAY_MS
        try:
            with owning(telemetry) as do:
                deleted = prune(telemetry, do, before_ms=before_ms) + prune_office()
        except Unavailable as error:
            self.stdout.write(f"Nothing deleted: {error}. The server that runs deletes it itself, within an hour.")
            return
        finally:
            telemetry.close()
        for table, count in sorted(deleted.items()):
            self.stdout.write(f"{table}: {count:,}")
        self.stdout.write("Done." if deleted else "Nothing is older than the retention.")
