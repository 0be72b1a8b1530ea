"""Packed replays that both readers are held against; run as a program it writes them to tests/data/packed-replays.json."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracking.domain.thinned import Thinned, ThinRow
from tracking.wire.replay_packed import ReplayHead, encode_replay_packed

FILE = Path(__file__).parent.parent / "data" / "packed-replays.json"
FROM_MS = 1_767_258_000_000
WEEK_MS = 604_800_000
SLUGS = {3: "bus", 7: "van", 9: "långholmen-2"}


def row(vehicle: int, at_ms: int, lat: int = 576_900_000, lon: int = 119_500_000) -> ThinRow:
    return (vehicle, FROM_MS + at_ms, lat, lon)


SAMPLES: dict[str, tuple[list[ThinRow], dict[str, Any]]] = {
    "no vehicle": ([], {}),
    "one fix": ([row(3, 0)], {}),
    "three vehicles, one with the newest fix before": (
        [row(3, -WEEK_MS), row(3, 10_001), row(7, 90_000_000, -339_000_004, -1_799_999_996), row(9, 5), row(9, 10_005)],
        {"step_s": 3_600, "limited": True},
    ),
}


def document() -> list[dict[str, Any]]:
    return [sample_of(name, rows, **told) for name, (rows, told) in SAMPLES.items()]


def sample_of(name: str, rows: Sequence[ThinRow], *, step_s: int = 10, limited: bool = False) -> dict[str, Any]:
    packed = encode_replay_packed(ReplayHead(FROM_MS, step_s, limited), Thinned.of(rows), SLUGS)
    return {
        "name": name,
        "packed": base64.b64encode(packed).decode(),
        "step_s": step_s,
        "limited": limited,
        "rows": [[SLUGS[id_], at_ms - FROM_MS, round(lat / 100), round(lon / 100)] for id_, at_ms, lat, lon in rows],
    }


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(sample, ensure_ascii=False) for sample in document())
    FILE.write_text(f"[\n{lines}\n]\n")
