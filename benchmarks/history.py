"""What history costs: sealing, a day as JSON, 2,000 points of it, trips; beside the usual Django way."""

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from benchmarks.fleet_day import worst_error_m
from benchmarks.machine import wait_until_quiet
from benchmarks.report import median_of, number, print_goal, print_head, print_table
from benchmarks.servers import ROOT, clean_environment, temporary_folder
from benchmarks.town_day import make_day
from tracking.domain.columns import Columns, fixes_of, known
from tracking.domain.distance import Odometer, line_starts
from tracking.domain.geo import DEGREE_M
from tracking.domain.hours import HOUR_MS
from tracking.domain.journey import Readings
from tracking.domain.quality import Ints
from tracking.domain.rest import MANNERS, Fixes
from tracking.domain.sealed_hour import decode_hour, encode_hour
from tracking.domain.simplify import at_most, within_tolerance
from tracking.domain.trips import detect
from tracking.wire.track_geojson import encode_track_geojson
from tracking.wire.track_json import encode_track_json
from tracking.wire.track_rows import Encoder, Page, TrackEnd, TrackHead

MAX_POINTS = 2_000
OVERVIEW_M = 12.0
SAMPLINGS_S = (1, 10, 60, 240)
METHOD = f"""
A made-up day of one vehicle, a fix a second (86,400), jitter of 3 m that drifts over a minute. CPU of the process, medians of interleaved
rounds. From sealed hours means: 24 blobs decoded and written as one document. `usual` is a Django model with a unique (vehicle, time) in
SQLite, filled by `bulk_create`, read by `values()` and written by Django's JSON encoder, without the serializer that most would put
between. Errors are the largest distance of a fix from where {MAX_POINTS:,} points place it at its time.
"""
HEAD = TrackHead(slug="van", name="Van", from_ms=0, to_ms=1, limited=False)
END = TrackEnd(fixes=0, distance_m=0, duration_s=0, gaps=[], tolerance_m=None)


def run(*, rounds: int) -> None:
    print_head("history: a day of 86,400 fixes", METHOD)
    runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _ in range(rounds):
        wait_until_quiet()
        runs["product"].append(_product())
        with temporary_folder() as folder:
            runs["usual"].append(_usual(folder))
    _print(runs["product"], runs["usual"])


def _product() -> dict[str, Any]:
    day = make_day()
    count = len(day.times)
    blobs, seal_s = _cost(lambda: [encode_hour(hour) for hour in _hours(day)])
    fixes = fixes_of(day)
    starts = line_starts(day.times)
    (kept, _), points_s = _cost(lambda: at_most(fixes, starts, MAX_POINTS))
    overview, overview_s = _cost(lambda: _overview(day))
    return {
        "seal_us": 1e6 * seal_s / count,
        "bytes": sum(map(len, blobs)) / count,
        "json_ms": 1e3 * _cost(lambda: _document(blobs, encode_track_json))[1],
        "geojson_ms": 1e3 * _cost(lambda: _document(blobs, encode_track_geojson))[1],
        "points_ms": 1e3 * points_s,
        "points_error_m": worst_error_m(fixes, kept),
        "overview_us": 1e6 * overview_s / count,
        "overview_points": len(overview),
        "overview_error_m": worst_error_m(fixes, overview),
        "distance_ms": 1e3 * _cost(lambda: _distance_m(day))[1],
        **{f"trips_{every_s}_us": _trips_us(every_s) for every_s in SAMPLINGS_S},
        **_douglas_peucker(fixes),
    }


def _hours(day: Columns) -> list[Columns]:
    hours = day.times // HOUR_MS
    bounds = np.searchsorted(hours, np.arange(hours[0], hours[-1] + 2))
    return [Columns(*(column[begin:end] for column in day)) for begin, end in pairwise(bounds)]


def _overview(day: Columns) -> Ints:
    """What sealing would keep beside each hour: its fixes within OVERVIEW_M."""
    kept, offset = [], 0
    for hour in _hours(day):
        kept.append(offset + within_tolerance(fixes_of(hour), line_starts(hour.times), OVERVIEW_M))
        offset += len(hour.times)
    return np.concatenate(kept)


def _document(blobs: list[bytes], encode: Encoder) -> bytes:
    first, later = np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64)
    pages = (Page(decode_hour(blob), later if index else first) for index, blob in enumerate(blobs))
    return b"".join(encode(HEAD, pages, lambda: END))


def _distance_m(day: Columns) -> float:
    odometer = Odometer(MANNERS["van"])
    odometer.add(fixes_of(day), known(day.accuracies, 100))
    return odometer.total_m()


def _trips_us(every_s: int) -> float:
    day = make_day(every_s=every_s)
    readings = Readings(fixes_of(day), known(day.speeds, 1000), known(day.accuracies, 100))
    return 1e6 * _cost(lambda: detect(readings, MANNERS["van"]))[1] / len(day.times)


def _douglas_peucker(fixes: Fixes) -> dict[str, float]:
    """The same number of points by the shape alone, in C (GEOS); the tolerance that leaves so many is found by halving."""
    squeeze = np.cos(np.radians(fixes.lats.mean()))
    line = shapely.LineString(np.column_stack([fixes.lons * squeeze, fixes.lats, np.arange(len(fixes.times))]))
    low, high = 0.0, 200.0
    for _ in range(25):
        middle = (low + high) / 2
        few, seconds = _cost(lambda: line.simplify(middle / DEGREE_M, preserve_topology=False))  # noqa: B023
        low, high = (middle, high) if shapely.get_num_points(few) > MAX_POINTS else (low, middle)
    kept = np.rint(shapely.get_coordinates(few, include_z=True)[:, 2]).astype(np.int64)
    return {"shape_ms": 1e3 * seconds, "shape_error_m": worst_error_m(fixes, kept)}


def _usual(folder: Path) -> dict[str, Any]:
    env = {"DJANGO_SETTINGS_MODULE": "benchmarks.peers.usual.settings", "PEER_DIR": str(folder)}
    command = [sys.executable, "-m", "benchmarks.peers.usual.history"]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment() | env, check=True, capture_output=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _cost(work: Callable[[], Any]) -> tuple[Any, float]:
    begin = time.process_time()
    value = work()
    return value, time.process_time() - begin


def _print(product: list[dict[str, Any]], usual: list[dict[str, Any]]) -> None:
    def pair(name: str, other: str | None = None) -> list[str]:
        return [number(median_of(product, name)), "–" if other is None else number(median_of(usual, other))]

    rows = [
        ["bytes a fix, sealed; a row", *pair("bytes", "bytes")],
        ["sealing; `bulk_create`, µs a fix", *pair("seal_us", "store_us")],
        ["the day as JSON from sealed hours, ms", *pair("json_ms", "json_ms")],
        ["as GeoJSON, ms", *pair("geojson_ms")],
        ["as 2,000 points by time ratio, ms", *pair("points_ms")],
        ["their largest error, m", *pair("points_error_m")],
        ["hourly overviews within 12 m, µs a fix", *pair("overview_us")],
        ["points of all overviews", *pair("overview_points")],
        ["their largest error, m", *pair("overview_error_m")],
        ["as many by shape alone (GEOS), ms", *pair("shape_ms")],
        ["their largest error, m", *pair("shape_error_m")],
        ["its distance, ms", *pair("distance_ms")],
        *([f"trips and stops, a fix each {s} s, µs a fix", *pair(f"trips_{s}_us")] for s in SAMPLINGS_S),
    ]
    print_table(["what", "product", "usual"], rows)
    for what, name, goal, unit in (
        ("bytes a fix", "bytes", 7.5, ""),
        ("sealing", "seal_us", 1.5, " µs"),
        ("JSON", "json_ms", 25, " ms"),
        ("2,000 points", "points_ms", 3, " ms"),
        ("their error", "points_error_m", 25, " m"),
        ("trips, a fix a second", "trips_1_us", 1.5, " µs"),
    ):
        print_goal(what, median_of(product, name), goal=goal, unit=unit, at_least=False)
