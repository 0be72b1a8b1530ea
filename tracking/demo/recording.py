"""A recording: a CSV file of fixes, read row by row, and when each row is due in a replay."""

import csv
import gzip
import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import NamedTuple, TextIO

from tracking.domain.times import DAY_MS, ms_of

NEEDED = ("vehicle_id", "fix_time", "lat", "lon")
OPTIONAL = ("speed_mps", "heading_deg", "accuracy_m")
FIELD_NAMES = {"heading_deg": "course_deg"}
"""Column names that the public API calls otherwise."""
MAX_TEXT = 200  # characters of a value that is passed on as it stands; longer ones make no sense
MAX_SLUG = 64
OLDEST_PLAUSIBLE_MS = 946_684_800_000  # 2000: receivers without a fix report 1970 or 1980
MAX_SORTED_ROWS = 2_000_000  # about 1 GB of memory
AHEAD_PLAUSIBLE_MS = DAY_MS  # of now; a recording is of the past


class RecordingError(Exception):
    """The file cannot be read as a recording; the message says why."""


class Row(NamedTuple):
    """`values` are the other fields as the public API names them; None when the row holds nothing that could be sent.

    `time_ms` None: no time could be read; what stood there is in `values["fix_time"]`. `line` counts from 1.
    """

    line: int
    vehicle_id: str
    time_ms: int | None
    values: dict[str, object] | None


def read_rows(path: Path) -> Iterator[Row]:
    """In file order, one at a time. Raises RecordingError, also in the middle of a broken file."""
    with _opened(path) as file:
        reader = csv.reader(file)
        columns = _columns(next(reader, []))
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(reader.line_num, "", None, None)
                continue
            if cells:
                yield _row(reader.line_num, cells, columns)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    open_bytes = gzip.open if path.suffix == ".gz" else Path.open
    try:
        with open_bytes(path, "rb") as file, TextIOWrapper(file, "utf-8-sig", errors="replace", newline="") as text:
            yield text
    except (OSError, EOFError, zlib.error) as error:
        raise RecordingError(f"{path} cannot be read: {error}") from error


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Where the columns stand."""
    places = {name.strip().lower(): place for place, name in reversed(list(enumerate(header)))}
    if missing := [name for name in NEEDED if name not in places]:
        raise RecordingError(f"the columns {', '.join(NEEDED)} are needed; missing: {', '.join(missing)}")
    return {name: places[name] for name in (*NEEDED, *OPTIONAL) if name in places}


def _row(line: int, cells: Sequence[str], columns: dict[str, int]) -> Row:
    texts = {name: cells[place].strip() for name, place in columns.items() if place < len(cells)}
    vehicle_id, time_text = texts.pop("vehicle_id", ""), texts.pop("fix_time", "")
    if any(len(text) > MAX_TEXT for text in (vehicle_id, time_text, *texts.values())):
        return Row(line, "", None, None)
    values: dict[str, object] = {FIELD_NAMES.get(name, name): number(text) for name, text in texts.items() if text}
    time_ms = time_ms_from_text(time_text)
    if time_ms is None and time_text:
        values["fix_time"] = time_text
    return Row(line, vehicle_id, time_ms, values)


def number(text: str) -> float | str:
    """The text itself when it is no finite number: it is for the server to refuse it and say why."""
    try:
        value = float(text)
    except ValueError:
        return text
    return value if isfinite(value) else text


def time_ms_from_text(text: str) -> int | None:
    """From ISO 8601, without an offset taken as UTC, or from whole milliseconds since 1970; None for anything else."""
    try:
        if text.isdecimal():
            return int(text)
        at = datetime.fromisoformat(text)
        return ms_of(at if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def is_plausible(time_ms: int | None, *, now_ms: int) -> bool:
    """Other times are of broken clocks: they are sent as they are and do not make the replay wait."""
    return time_ms is not None and OLDEST_PLAUSIBLE_MS <= time_ms <= now_ms + AHEAD_PLAUSIBLE_MS


@dataclass(slots=True)
class Survey:
    """What a look through the file tells: vehicles in order of appearance, rows, and of the plausible times the first,
    the oldest and the newest; `late` counts the rows that are older than one before them.
    """

    vehicle_ids: dict[str, None]
    rows: int = 0
    late: int = 0
    first_ms: int | None = None
    oldest_ms: int | None = None
    newest_ms: int | None = None

    @property
    def is_in_order_of_arrival(self) -> bool:
        """A feed written down as it came has some late rows; a file grouped by vehicle or trip has little else."""
        return self.late <= self.rows / 2


def survey(rows: Iterator[Row], *, now_ms: int) -> Survey:
    """Reads to the end; keeps one text a vehicle."""
    seen = Survey({})
    for row in rows:
        seen.rows += 1
        if row.vehicle_id:
            seen.vehicle_ids.setdefault(row.vehicle_id)
        if row.time_ms is not None and is_plausible(row.time_ms, now_ms=now_ms):
            seen.first_ms = row.time_ms if seen.first_ms is None else seen.first_ms
            seen.oldest_ms = row.time_ms if seen.oldest_ms is None else min(seen.oldest_ms, row.time_ms)
            seen.late += seen.newest_ms is not None and row.time_ms < seen.newest_ms
            seen.newest_ms = row.time_ms if seen.newest_ms is None else max(seen.newest_ms, row.time_ms)
    return seen


def in_time_order(rows: Iterator[Row]) -> list[Row]:
    """All rows by their time, those without one first. Raises RecordingError beyond MAX_SORTED_ROWS."""
    taken = list(islice(rows, MAX_SORTED_ROWS + 1))
    if len(taken) > MAX_SORTED_ROWS:
        raise RecordingError(f"only {MAX_SORTED_ROWS:,} rows can be put in order of time; sort the file first")
    return sorted(taken, key=lambda row: row.time_ms or 0)


class Timeline:
    """When rows are due, asked in the order in which they are played, and the time they are sent with.

    A row is due when the newest time so far is reached, `speed` times as fast as in the file; a row from before it, or
    without a plausible time, is due at once. With `speed` 0 everything is.
    """

    def __init__(self, seen: Survey, *, speed: float, shift: bool, by_time: bool, now_ms: int) -> None:
        """With `shift` the first row played happens now, or with `speed` 0 the newest one."""
        self._speed = speed
        self._shift = shift
        self._now_ms = now_ms
        self._first_ms = self._newest_ms = (seen.oldest_ms if by_time else seen.first_ms) or 0
        self._origin_ms = self._first_ms if speed else seen.newest_ms or 0

    def due_s(self, row: Row) -> float:
        """Seconds after the start; to be asked once for each row."""
        if row.time_ms is not None and is_plausible(row.time_ms, now_ms=self._now_ms):
            self._newest_ms = max(self._newest_ms, row.time_ms)
        return (self._newest_ms - self._first_ms) / 1000 / self._speed if self._speed else 0.0

    def sent_ms(self, time_ms: int) -> int:
        """Shifted, times between rows shrink as the replay is faster than the recording."""
        if not self._shift or not is_plausible(time_ms, now_ms=self._now_ms):
            return time_ms
        return self._now_ms + round((time_ms - self._origin_ms) / (self._speed or 1))


def slugs_for(vehicle_ids: Sequence[str], *, prefix: str) -> dict[str, str]:
    """A slug for each vehicle, no two alike, the same for the same file."""
    slugs: dict[str, str] = {}
    taken: set[str] = set()
    for vehicle_id in vehicle_ids:
        slug = slug_from(prefix + vehicle_id)
        if not slug_from(vehicle_id) or len(slug) > MAX_SLUG or slug in taken:
            digest = hashlib.sha256(vehicle_id.encode()).hexdigest()[:8]
            slug = f"{slug[: MAX_SLUG - 9]}-{digest}".lstrip("-")
        taken.add(slug)
        slugs[vehicle_id] = slug
    return slugs


def slug_from(text: str) -> str:
    """The text itself when it may be a slug; empty when nothing of it may."""
    if re.fullmatch(r"[-\w]+", text, re.ASCII):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")
