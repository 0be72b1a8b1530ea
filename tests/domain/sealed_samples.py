"""Hours that every decoder of sealed hours must read; `python -m tests.domain.sealed_samples` writes them anew."""

import base64
import json
from pathlib import Path

import numpy as np

from tests.domain.drives import START_MS, Drive, Park, Tracker, day
from tracking.domain.columns import UNKNOWN, Columns
from tracking.domain.sealed_hour import encode_hour

FILE = Path(__file__).parent.parent / "data" / "sealed-hours.json"


def drive_columns(count: int = 3_600) -> Columns:
    """A made-up drive in a town, a fix each second, with speeds, courses (unknown at rest) and accuracies."""
    parts = [part for towards in range(0, 9 * 360, 70) for part in (Drive(600, towards), Park(25))]
    fixes = day(parts, Tracker(jitter_m=2, memory_s=60)).readings.fixes
    times, lats, lons = (column[:count] for column in fixes)
    north, east = np.gradient(lats) * 111_195, np.gradient(lons) * 59_400
    speeds = np.rint(np.hypot(north, east) * 100).astype(np.int64) * 10
    courses = np.rint(np.degrees(np.arctan2(east, north)) * 10).astype(np.int64) * 10 % 36_000
    accuracies = 400 + 100 * (np.arange(count) // 40 % 3)
    return Columns(
        times // 1000 * 1000,
        np.rint(lats * 1e7).astype(np.int64),
        np.rint(lons * 1e7).astype(np.int64),
        speeds,
        np.where(speeds < 500, UNKNOWN, courses),
        accuracies,
    )


SAMPLES = {
    "no row": Columns.of([], [], [], [], [], []),
    "one row": Columns.of([START_MS], [577_000_000], [119_500_000], [8_123], [35_999], [450]),
    "only times and places": Columns.of([1, 2, 900_001], [-1, 0, -2], [0, -1, 1], [None] * 3, [None] * 3, [None] * 3),
    "extremes": Columns.of(
        [0, 1, 3_600_000, (1 << 42) - 1],
        [900_000_000, -900_000_000, 900_000_000, 0],
        [1_800_000_000, -1_800_000_000, 1_800_000_000, -1],
        [0, 150_000, None, 150_000],
        [0, 35_999, 1, None],
        [None, 10_000_000, 0, 10_000_000],
    ),
    "across north": Columns.of(
        [0, 1, 2, 3], [0] * 4, [0] * 4, [5] * 4, [35_900, 100, 35_900, 17_900], [None, 1, None, 2]
    ),
    "a drive": Columns(*(column[100:160] for column in drive_columns(200))),
}


def document() -> list[dict[str, object]]:
    return [
        {"name": name, "blob": base64.b64encode(encode_hour(columns)).decode(), **rows_of(columns)}
        for name, columns in SAMPLES.items()
    ]


def rows_of(columns: Columns) -> dict[str, list[int | None]]:
    """As JSON has them: null is unknown."""
    nullable = {"speeds", "courses", "accuracies"}
    return {
        name: [None if name in nullable and value == UNKNOWN else value for value in column.tolist()]
        for name, column in columns._asdict().items()
    }


if __name__ == "__main__":
    FILE.write_text("[\n" + ",\n".join(json.dumps(sample) for sample in document()) + "\n]\n")
