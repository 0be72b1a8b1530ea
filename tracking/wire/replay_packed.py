"""A replay for our own page: columns that it takes as they are; the byte table stands in docs/telemetry.md under "Packed replay"."""

import struct
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tracking.domain.quality import Ints
from tracking.domain.thinned import Thinned

MEDIA_TYPE = "application/vnd.fleet.replay"
MAGIC, VERSION = b"FR", 1
LIMITED = 1
ALIGNED = 4  # bytes: where the page's columns of integers may begin

_head = struct.Struct("<2sBBIIII")


class ReplayHead(NamedTuple):
    """What the columns do not tell; `limited`: only what happened in the reader's regions is in them."""

    from_ms: int
    step_s: int
    limited: bool


def encode_replay_packed(head: ReplayHead, thinned: Thinned, slugs: Mapping[int, str]) -> bytes:
    """`slugs`: of each vehicle's id. Times may lie up to 24 days from the beginning."""
    starts = thinned.starts()
    names = "\n".join(slugs[vehicle] for vehicle in thinned.vehicles[starts].tolist()).encode()
    flags = LIMITED if head.limited else 0
    bounds = np.append(starts, len(thinned.times))
    return b"".join(
        [
            _head.pack(MAGIC, VERSION, flags, head.step_s, len(starts), len(thinned.times), len(names)),
            names,
            bytes(-len(names) % ALIGNED),
            *map(_column, (bounds, thinned.times - head.from_ms, *thinned.places_e5())),
        ]
    )


def _column(values: Ints) -> bytes:
    return values.astype("<i4").tobytes()
