"""Fills the telemetry store with a fleet's day, seals it and asks it; prints what it cost. `python -m … FIXES URL SCHEMA`."""

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import django
import msgspec

from benchmarks.cpu import Meter
from benchmarks.fleet_day import BOX, FIRST, HOUR, INSTANT_MS, batches, count_of, make_fleet, worst_error_m
from benchmarks.town_day import START_MS
from tracking.domain.columns import Columns, fixes_of
from tracking.domain.directory import Directory, VehicleCard
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS
from tracking.domain.latest import Latest
from tracking.domain.quality import Ints
from tracking.domain.regions import NOWHERE, RegionIndex
from tracking.domain.rest import MANNERS
from tracking.ingest.sealing import Sealer
from tracking.storage.frames import build_frames, find_stale, save_frames
from tracking.storage.overviews import build_overviews, save_overviews
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.pruning import prune
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry, TelemetryWriter
from tracking.wire.track_geojson import encode_track_geojson
from tracking.wire.track_json import encode_track_json
from tracking.wire.track_rows import Encoder, TrackHead

MAX_POINTS = 2_000
DAY = (START_MS, START_MS + 86_400_000)
HEAD = TrackHead(slug="van", name="Van", from_ms=DAY[0], to_ms=DAY[1], limited=False)


class Rig(NamedTuple):
    telemetry: Telemetry
    writer: TelemetryWriter
    meter: Meter
    fleet: dict[int, Columns]


class Services(NamedTuple):
    """As much of a process as the answers need."""

    telemetry: Telemetry
    directory: Directory


def main(fixes: int, url: str, schema: str) -> None:
    django.setup()
    telemetry: Telemetry = (
        PostgresTelemetry(url, schema=schema) if url.startswith("postgres") else SqliteTelemetry(Path(url))
    )
    telemetry.prepare()
    writer = telemetry.open_writer()
    rig = Rig(telemetry, writer, Meter(_backends(telemetry, writer)), make_fleet(fixes))
    figures: dict[str, Any] = {"rows": count_of(rig.fleet), "vehicles": len(rig.fleet)}
    figures |= _fill(rig)
    figures["hot_bytes"] = _bytes(telemetry) / figures["rows"]
    figures |= _seal(rig)
    figures["bytes"] = _bytes(telemetry) / figures["rows"]
    figures |= _track(rig) | _fleet(rig)
    (deleted, seconds) = rig.meter.cost_s(lambda: prune(telemetry, partial(_do, rig), before_ms=DAY[1]))
    figures |= {"delete_s": seconds, "deleted_hours": deleted["sealed"]}
    writer.close()
    telemetry.close()
    json.dump(figures, sys.stdout)


def _backends(telemetry: Telemetry, writer: TelemetryWriter) -> list[int]:
    if not isinstance(telemetry, PostgresTelemetry):
        return []
    with writer.transaction() as transaction:
        transaction.run("SET statement_timeout = 0")  # nothing was vacuumed between filling and sealing
        return [telemetry.read("SELECT pg_backend_pid()")[0][0], transaction.fetch("SELECT pg_backend_pid()")[0][0]]


def _do(rig: Rig, chore: Any) -> Any:
    with rig.writer.transaction() as transaction:
        return chore(transaction)


def _fill(rig: Rig) -> dict[str, float]:
    """As if each fix had come at its time."""
    spent_s = sum(rig.meter.cost_s(partial(_insert, rig, batch))[1] for batch in batches(rig.fleet))
    with rig.writer.transaction() as transaction:
        last = {fix.vehicle: Latest(fix, None, None, NOWHERE, 0) for fix in _last_fixes(rig)}
        transaction.save_latest(last, received_ms=DAY[1])
    return {"insert_us": 1e6 * spent_s / count_of(rig.fleet)}


def _insert(rig: Rig, batch: list[Fix]) -> None:
    with rig.writer.transaction() as transaction:
        transaction.changed_ms = batch[-1].fix_time_ms
        transaction.insert_fixes([batch])


def _last_fixes(rig: Rig) -> Any:
    return rig.telemetry.load_last(list(rig.fleet), DAY[1], within_ms=DAY[1] - DAY[0])


def _seal(rig: Rig) -> dict[str, float]:
    sealer = Sealer(closed_ms=0)

    def seal() -> None:
        while _do(rig, sealer) is not None:
            pass
        rig.telemetry.tidy(before_ms=0, closed_ms=HOUR_MS)

    def overview() -> None:
        for (hour,) in rig.telemetry.read("SELECT hour FROM framed ORDER BY hour DESC"):
            rows = build_overviews(rig.telemetry, hour, lambda _: MANNERS["van"])
            _do(rig, partial(save_overviews, rows=rows))

    def frame() -> None:
        for stale in find_stale(rig.telemetry, quiet_ms=-1_000, limit=1_000):
            _do(rig, partial(save_frames, stale=stale, blobs=build_frames(rig.telemetry, stale.hour)))

    count = count_of(rig.fleet)
    seal_s, overview_s, frame_s = (rig.meter.cost_s(work)[1] for work in (seal, overview, frame))
    sums = "SELECT CAST(sum(length(blob)) AS bigint) FROM"
    blobs, frames = (rig.telemetry.read(f"{sums} {table}")[0][0] for table in ("sealed", "frame"))
    overviews = rig.telemetry.read("SELECT CAST(sum(length(blob)) AS bigint) FROM overview")[0][0]
    reaches = rig.telemetry.read("SELECT CAST(sum(40 + length(cells)) AS bigint) FROM reach")[0][0]
    return {
        "seal_us": 1e6 * seal_s / count,
        "overview_us": 1e6 * overview_s / count,
        "frame_us": 1e6 * frame_s / count,
        "blob_bytes": blobs / count,
        "frame_bytes": frames / count,
        "overview_bytes": overviews / count,
        "reach_bytes": reaches / count,
    }


def _bytes(telemetry: Telemetry) -> int:
    """Of the whole store once it has given back what it does not need."""
    if isinstance(telemetry, SqliteTelemetry):
        connection = telemetry._connect()
        connection.execute("VACUUM")
        connection.close()
    return int(telemetry.read(telemetry.bytes_sql)[0][0])


def _track(rig: Rig) -> dict[str, float]:
    from tracking.api.track_reading import TrackReading, TrackSource

    def reading() -> TrackReading:
        return TrackReading(TrackSource(rig.telemetry, FIRST, [DAY], MANNERS["van"], is_whole=True))

    def stream(encode: Encoder) -> None:
        source = reading()
        for _ in encode(HEAD, source.pages(), source.end):
            pass

    def points() -> Any:
        return reading().simplified(
            rig.telemetry.track_mark(FIRST, *DAY).fixes, max_points=MAX_POINTS, tolerance_m=None
        )

    fixes = fixes_of(rig.fleet[FIRST])
    kept: Ints = fixes.times.searchsorted([time_ms for page in points() for time_ms in page.columns.times.tolist()])
    return {
        "json_ms": rig.meter.cost_ms(lambda: stream(encode_track_json)),
        "geojson_ms": rig.meter.cost_ms(lambda: stream(encode_track_geojson)),
        "blobs_ms": rig.meter.cost_ms(
            lambda: b"".join(
                hour.blob for hour in rig.telemetry.load_hours(FIRST, DAY[0] // HOUR_MS, DAY[1] // HOUR_MS, limit=24)
            )
        ),
        "points_ms": rig.meter.cost_ms(points),
        "points_error_m": worst_error_m(fixes, kept),
    }


def _fleet(rig: Rig) -> dict[str, float]:
    """Answers as they are sent, but for HTTP, rights and the audit."""
    from tracking.api.fleet import MomentQuery, ReplayQuery, load_moment, load_replay
    from tracking.api.past import PastView, find_view
    from tracking.api.within import WithinQuery, load_within

    services: Any = Services(rig.telemetry, _directory(list(rig.fleet)))
    view = PastView(list(rig.fleet), None, None, is_sealed=True, directory=services.directory)
    west, south, east, north = BOX
    box = WithinQuery.model_construct(
        from_ms=HOUR[0], to_ms=HOUR[1], west=west, south=south, east=east, north=north, within_s=86_400
    )
    span = ReplayQuery.model_construct(from_ms=HOUR[0], to_ms=HOUR[1], step_s=60, region=None)

    def at(time_ms: int) -> bytes:
        query = MomentQuery.model_construct(time_ms=time_ms, within_s=86_400, region=None)
        return msgspec.json.encode(load_moment(services, query, view, limited=False))

    def within() -> bytes:
        return msgspec.json.encode(load_within(services, box, view, HOUR, limited=False))

    def mark() -> Any:
        return find_view(services, ["at"], None, (INSTANT_MS, INSTANT_MS + 1), within_ms=86_400_000)

    assert mark().etag
    return {
        "box_ms": rig.meter.cost_ms(within),
        "box_vehicles": len(msgspec.json.decode(within())["vehicles"]),
        "instant_ms": rig.meter.cost_ms(lambda: at(INSTANT_MS)),
        "between_ms": rig.meter.cost_ms(lambda: at(INSTANT_MS + 17_300)),
        "replay_ms": rig.meter.cost_ms(lambda: msgspec.json.encode(load_replay(services, span, view, limited=False))),
        "mark_ms": rig.meter.cost_ms(mark),
    }


def _directory(vehicles: list[int]) -> Directory:
    cards = {id_: VehicleCard(id_, f"van-{id_}", f"Van {id_}", "", "van", "#112233", True) for id_ in vehicles}
    ids = {card.slug: id_ for id_, card in cards.items()}
    return Directory(
        revision=1, vehicles=cards, vehicle_ids=ids, regions={}, region_ids={}, devices={}, index=RegionIndex({})
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
