"""All that is known of one vehicle and its drivers, as files in a zip, made page by page; call it off the event loop."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import Model, QuerySet

from tracking.models import DeviceSighting, DutySwitch, Look, Message, RefusalTally, Share, Vehicle
from tracking.storage.alerts import ALERT_COLUMNS
from tracking.storage.hot import END_MS
from tracking.storage.telemetry import Telemetry
from tracking.wire.rfc3339 import encode_time, encode_times
from tracking.wire.table import csv_cell

PAGE_ROWS = 10_000
FIX_FIELDS = ("fix_time", "lat", "lon", "speed_mps", "course_deg", "accuracy_m")
VISIT_FIELDS = ("id", "region", "enter_time", "exit_time")
ALERT_FIELDS = tuple(ALERT_COLUMNS.split(", "))
README = """Everything that Fleet knows of one vehicle. Times are UTC, measures SI, empty is unknown.
An apostrophe in a CSV file before = + - or @ keeps spreadsheets from taking the text for a formula.

fixes.csv      every stored position
visits.csv     stays in regions
alerts.csv     broken rules
events.json    what happened once, one a line
messages.csv   between its driver and the dispatchers
duty.csv       when its driver went off duty, and came back
refusals.csv   refused fixes, counted
sightings.csv  when its devices were heard of last, and their batteries
shares.csv     links to it
audit.csv      who looked at its history
vehicle.json   what the office knows of it
"""

Rows: TypeAlias = Sequence[Sequence[Any]]
File: TypeAlias = tuple[str, Iterable[str]]
"""Its name, and its text in parts."""


def export_vehicle(telemetry: Telemetry, vehicle: Vehicle) -> Iterator[bytes]:
    """The bytes of the zip; holds one page of rows at a time. Raises Unavailable."""
    return zipped(files_of(telemetry, vehicle))


def zipped(files: Iterable[File]) -> Iterator[bytes]:
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for name, parts in files:
            with archive.open(name, "w", force_zip64=True) as file:
                for part in parts:
                    file.write(part.encode())
                    if made := sink.take():
                        yield made
    yield sink.take()


class _Sink(io.RawIOBase):
    """What was written and not yet taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def files_of(telemetry: Telemetry, vehicle: Vehicle) -> Iterator[File]:
    of_store = partial(_stored, telemetry, vehicle.pk)
    yield "README.txt", [README]
    yield "vehicle.json", [json.dumps(_card(vehicle), indent=1)]
    yield "fixes.csv", _csv(FIX_FIELDS, _fixes(telemetry, vehicle.pk))
    yield "visits.csv", _csv(VISIT_FIELDS, of_store("visit", VISIT_FIELDS))
    yield "alerts.csv", _csv(ALERT_FIELDS, of_store("alert", ALERT_FIELDS))
    yield "events.json", _events(telemetry, vehicle.pk)
    for name, found in _office_rows(vehicle).items():
        model: type[Model] = found.model
        fields = ["pk", *(field.attname for field in model._meta.concrete_fields if field.name not in ("id", "digest"))]
        yield name, _csv(["id", *fields[1:]], _kept(found.values_list(*fields)))


def _fixes(telemetry: Telemetry, vehicle: int) -> Iterator[Rows]:
    next_ms = 0
    while page := telemetry.load_track(vehicle, next_ms, END_MS, limit=PAGE_ROWS):
        times = encode_times([row[0] for row in page])
        yield [(time, *row[1:]) for time, row in zip(times, page, strict=True)]
        next_ms = page[-1][0] + 1


def _stored(telemetry: Telemetry, vehicle: int, table: str, fields: Sequence[str]) -> Iterator[Rows]:
    sql = f"SELECT {', '.join(fields)} FROM {table} WHERE vehicle = ? AND id > ? ORDER BY id LIMIT {PAGE_ROWS}"
    are_times = [name.endswith("_time") for name in fields]
    after = 0
    while page := telemetry.read(sql, [vehicle, after]):
        yield [
            [
                encode_time(value) if is_time and value is not None else value
                for value, is_time in zip(row, are_times, strict=True)
            ]
            for row in page
        ]
        after = page[-1][0]


def _events(telemetry: Telemetry, vehicle: int) -> Iterator[str]:
    after = 0
    while page := telemetry.load_events(after=after, vehicle=vehicle, limit=PAGE_ROWS):
        lines = (
            {"id": event.id, "kind": event.kind, "region": event.region, "time": encode_time(event.time_ms)}
            | {"data": dict(event.data)}
            for event in page
        )
        yield "".join(f"{json.dumps(line)}\n" for line in lines)
        after = page[-1].id


def _kept(found: "QuerySet[Any, Any]") -> Iterator[Rows]:
    """Each page by a query of its own, since each may be read in another thread. The first column is the key."""
    after = 0
    while page := list(found.filter(pk__gt=after).order_by("pk")[:PAGE_ROWS]):
        yield page
        after = page[-1][0]


def _office_rows(vehicle: Vehicle) -> dict[str, "QuerySet[Any]"]:
    """By file; of all columns but secrets' digests."""
    return {
        "messages.csv": Message.objects.filter(vehicle=vehicle),
        "duty.csv": DutySwitch.objects.filter(vehicle=vehicle),
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


def _csv(fields: Sequence[str], pages: Iterable[Rows]) -> Iterator[str]:
    yield _lines([fields])
    for page in pages:
        yield _lines(page)


def _lines(rows: Rows) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(csv_cell, row) for row in rows)
    return text.getvalue()
