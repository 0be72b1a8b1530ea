"""Packed tracks that both readers are held against; run as a program it writes them to tests/data/packed-tracks.json."""

import base64
import json
from pathlib import Path
from typing import Any

from tests.domain.sealed_samples import drive_columns
from tests.wire.track_samples import make_end, make_head
from tracking.domain.columns import Columns
from tracking.domain.sealed_hour import encode_hour
from tracking.wire.track_packed import Part, encode_parts

FILE = Path(__file__).parent.parent / "data" / "packed-tracks.json"
DRIVE = Columns(*(column[:60] for column in drive_columns(60)))


def later(columns: Columns, seconds: int) -> Columns:
    return columns._replace(times=columns.times + 1000 * seconds)


def part_of(columns: Columns, *, begins: bool = False) -> Part:
    return Part(begins, len(columns.times), encode_hour(columns))


HALVES = (Columns(*(column[:30] for column in DRIVE)), Columns(*(column[30:] for column in DRIVE)))
SAMPLES: dict[str, tuple[list[Part], dict[str, Any]]] = {
    "no fix": ([], {}),
    "two hours of one line": ([part_of(HALVES[0], begins=True), part_of(HALVES[1])], {"gaps": 0}),
    "ten minutes of silence within an hour": (
        [part_of(Columns.joined([HALVES[0], later(HALVES[1], 600)]), begins=True)],
        {"gaps": 1},
    ),
    "what the reader may not see in between": (
        [part_of(HALVES[0], begins=True), part_of(HALVES[1], begins=True)],
        {"gaps": 1, "limited": True},
    ),
    "ten minutes left out": (
        [part_of(HALVES[0], begins=True), part_of(later(HALVES[1], 600))],
        {"gaps": 0, "fixes": 660, "tolerance_m": 2.5},
    ),
}


def document() -> list[dict[str, Any]]:
    return [sample_of(name, parts, **told) for name, (parts, told) in SAMPLES.items()]


def sample_of(
    name: str,
    parts: list[Part],
    *,
    gaps: int = 0,
    limited: bool = False,
    fixes: int | None = None,
    tolerance_m: float | None = None,
) -> dict[str, Any]:
    """`fixes`: of the whole range, where some are left out."""
    end = None if fixes is None else (lambda: make_end(fixes=fixes, tolerance_m=tolerance_m))
    packed = b"".join(encode_parts(make_head(limited=limited), parts, end))
    rows = sum(part.fixes for part in parts)
    return {
        "name": name,
        "packed": base64.b64encode(packed).decode(),
        "rows": rows,
        "fixes": rows if fixes is None else fixes,
        "gaps": gaps,
        "limited": limited,
        "tolerance_m": tolerance_m,
    }


if __name__ == "__main__":
    FILE.write_text("[\n" + ",\n".join(json.dumps(sample) for sample in document()) + "\n]\n")
