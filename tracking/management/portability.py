"""All that is known of one vehicle and its drivers, as files in a zip; call it off the event loop."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import Model, QuerySet

from tracking.models import DeviceSighting, Look, Message, RefusalTally, Share, Vehicle
from tracking.storage.telemetry import Telemetry
from tracking.wire.rfc3339 import encode_time

PAGE_ROWS = 10_000
END_MS = (1 << 42) - 1
FIX_FIELDS = ("fix_time", "lat", "lon", "speed_mps", "course_deg", "accuracy_m")
README = """Everything that Fleet knows of one vehicle. Times are UTC, measures SI, empty is unknown.

fixes.csv      every stored position
visits.csv     stays in regions
events.json    what happened once, one a line
messages.csv   between its driver and the dispatchers
refusals.csv   refused fixes, counted
sightings.csv  when its devices were heard of last, and their batteries
shares.csv     links to it
audit.csv      who looked at its history
vehicle.json   what the office knows of it
"""


def export_vehicle(telemetry: Telemetry, vehicle: Vehicle, path: Path) -> dict[str, int]:
    """How many rows each file has. Raises FileExistsError and Unavailable."""
    counts: dict[str, int] = {}
    with path.open("xb") as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        archive.writestr("vehicle.json", json.dumps(_card(vehicle), indent=1))
        counts["fixes.csv"] = _write(archive, "fixes.csv", FIX_FIELDS, fixes_of(telemetry, vehicle.pk))
        visits = telemetry.read(
            "SELECT region, enter_time, exit_time FROM visit WHERE vehicle = ? ORDER BY enter_time", [vehicle.pk]
        )
        stays = (
            (region, encode_time(enter), "" if exit_ is None else encode_time(exit_)) for region, enter, exit_ in visits
        )
        counts["visits.csv"] = _write(archive, "visits.csv", ("region", "enter_time", "exit_time"), stays)
        counts["events.json"] = _write_events(archive, telemetry, vehicle.pk)
        for name, found in office_rows(vehicle).items():
            counts[name] = _write_rows(archive, name, found)
    return counts


def fixes_of(telemetry: Telemetry, vehicle: int) -> Iterator[tuple[Any, ...]]:
    next_ms = 0
    while page := telemetry.load_track(vehicle, next_ms, END_MS, limit=PAGE_ROWS):
        yield from ((encode_time(row[0]), *row[1:]) for row in page)
        next_ms = page[-1][0] + 1


def office_rows(vehicle: Vehicle) -> dict[str, QuerySet[Any]]:
    """By file."""
    return {
        "messages.csv": Message.objects.filter(vehicle=vehicle),
        "refusals.csv": RefusalTally.objects.filter(vehicle=vehicle),
        "sightings.csv": DeviceSighting.objects.filter(vehicle=vehicle),
        "shares.csv": Share.objects.filter(vehicle=vehicle),
        "audit.csv": Look.objects.filter(vehicle=vehicle.slug),
    }


def _card(vehicle: Vehicle) -> dict[str, Any]:
    fields = ("id", "slug", "name", "plate", "driver", "kind", "colour", "active")
    devices = vehicle.device_tokens.values_list("label", "created_at", "revoked_at")
    return {
        **{name: getattr(vehicle, name) for name in fields},
        "devices": [[str(value) if value is not None else None for value in row] for row in devices],
    }


def _write(archive: ZipFile, name: str, fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with archive.open(name, "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(fields)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _write_rows(archive: ZipFile, name: str, found: "QuerySet[Any]") -> int:
    """Every column but secrets' digests."""
    model: type[Model] = found.model
    fields = [field.attname for field in model._meta.concrete_fields if field.name != "digest"]
    return _write(archive, name, fields, found.order_by("pk").values_list(*fields).iterator())


def _write_events(archive: ZipFile, telemetry: Telemetry, vehicle: int) -> int:
    count = after = 0
    with archive.open("events.json", "w", force_zip64=True) as file:
        while page := telemetry.load_events(after=after, vehicle=vehicle, limit=PAGE_ROWS):
            for event in page:
                line = {"id": event.id, "kind": event.kind, "region": event.region, "time": encode_time(event.time_ms)}
                file.write(json.dumps({**line, "data": dict(event.data)}).encode() + b"\n")
            count += len(page)
            after = page[-1].id
    return count
