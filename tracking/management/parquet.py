"""Fixes as Parquet files of whole UTC days, and back; needs pyarrow, which no server does."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tracking.domain.columns import UNKNOWN, Columns
from tracking.domain.fix import Fix
from tracking.domain.times import DAY_MS
from tracking.storage.hot import END_MS
from tracking.storage.telemetry import Telemetry

try:
    import pyarrow
    from pyarrow import parquet
except ImportError:  # told by `is_ready`
    pyarrow = parquet = None

BATCH_FIXES = 5_000  # as many as a server commits at once
UNITS = {"lat": 1e7, "lon": 1e7, "speed_mps": 1e3, "course_deg": 1e2, "accuracy_m": 1e2}
COLUMNS = ("vehicle", "fix_time", *UNITS)


class WrongFile(ValueError):
    """A file that is none of ours."""


class DayFile(NamedTuple):
    """What was written."""

    path: Path
    fixes: int
    vehicles: int


def is_ready() -> bool:
    return parquet is not None


def day_of(day: int) -> date:
    """Counted from 1970."""
    return datetime.fromtimestamp(day * 86_400, UTC).date()


def export_day(telemetry: Telemetry, slugs: Mapping[int, str], day: int, folder: Path) -> DayFile:
    """Replaces the file of that day, once the new one is complete. A row group for each vehicle, by slug, in time order."""
    path = folder / f"{day_of(day).isoformat()}.parquet"
    unfinished = path.with_suffix(".unfinished")
    fixes = vehicles = 0
    with parquet.ParquetWriter(unfinished, _schema(), compression="zstd", use_dictionary=["vehicle"]) as writer:
        for vehicle, slug in sorted(slugs.items(), key=lambda item: item[1]):
            columns = telemetry.load_columns(vehicle, day * DAY_MS, (day + 1) * DAY_MS, limit=END_MS)
            if len(columns.times):
                writer.write_table(_table(slug, columns))
                fixes, vehicles = fixes + len(columns.times), vehicles + 1
    unfinished.replace(path)
    return DayFile(path, fixes, vehicles)


def read_day(path: Path, ids: Mapping[str, int]) -> Iterator[list[Fix]]:
    """BATCH_FIXES at once. Raises WrongFile, also for a vehicle that is not in `ids`, before anything is given."""
    try:
        file = parquet.ParquetFile(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise WrongFile(f"{path} cannot be read: {error}") from None
    if not set(COLUMNS) <= set(file.schema_arrow.names):
        raise WrongFile(
            f"{path} must have the columns {', '.join(COLUMNS)}; it has {', '.join(file.schema_arrow.names)}"
        )
    found = {slug for part in file.iter_batches(columns=["vehicle"]) for slug in part.column(0).unique().to_pylist()}
    if unknown := sorted(found - ids.keys()):
        raise WrongFile(f"{path}: there are no vehicles {', '.join(map(repr, unknown))}; make them first")
    for part in file.iter_batches(batch_size=BATCH_FIXES, columns=list(COLUMNS)):
        slugs, times, *others = (part.column(number) for number in range(len(COLUMNS)))
        values = (column.to_pylist() for column in others)
        times_ms = times.cast(pyarrow.timestamp("ms", "UTC")).cast(pyarrow.int64()).to_pylist()
        rows = zip(slugs.to_pylist(), times_ms, *values, strict=True)
        yield [Fix(ids[slug], *row) for slug, *row in rows]


def _schema() -> Any:
    times = ("fix_time", pyarrow.timestamp("ms", "UTC"))
    numbers = [(name, pyarrow.float64()) for name in UNITS]
    return pyarrow.schema([("vehicle", pyarrow.dictionary(pyarrow.int32(), pyarrow.string())), times, *numbers])


def _table(slug: str, columns: Columns) -> Any:
    count = len(columns.times)
    vehicles = pyarrow.DictionaryArray.from_arrays(pyarrow.array(np.zeros(count, np.int32)), [slug])
    times = pyarrow.array(columns.times, pyarrow.timestamp("ms", "UTC"))
    numbers = [
        pyarrow.array(column / unit, mask=column == UNKNOWN if name not in ("lat", "lon") else None)
        for column, (name, unit) in zip(columns[1:], UNITS.items(), strict=True)
    ]
    return pyarrow.Table.from_arrays([vehicles, times, *numbers], schema=_schema())
