"""A packed frame holds what the JSON frame holds, in the layout of the protocol document."""

import struct
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tracking.wire.packed import DELTA, Row, pack_state

BASE_MS = 1_800_000_000_000
rows = st.tuples(
    st.integers(1, 2**21),
    st.integers(BASE_MS - 400 * 86_400_000, BASE_MS),
    st.integers(-90_000_000, 90_000_000).map(lambda value: value / 1e6),
    st.integers(-180_000_000, 180_000_000).map(lambda value: value / 1e6),
    st.none() | st.integers(0, 15_000).map(lambda value: value / 100),
    st.none() | st.integers(0, 3_599).map(lambda value: value / 10),
    st.none() | st.integers(1, 4),
)


def unpack(data: bytes) -> dict[str, Any]:
    """Written from the protocol document alone."""
    _, kind, seq, prev, part, parts, base_ms, count, left = struct.unpack_from("<BBIIHHQII", data)
    at = 30
    channel = data[at + 1 : at + 1 + data[at]].decode()
    at += 1 + data[at]
    cursor = data[at + 1 : at + 1 + data[at]].decode()
    at += 1 + data[at]
    size = int.from_bytes(data[at : at + 4], "little")
    vehicles = data[at + 4 : at + 4 + size]
    at += 4 + size
    found = [_unpack_row(struct.unpack_from("<IIiiHH", data, at + 20 * i), base_ms) for i in range(count)]
    gone = list(struct.unpack_from(f"<{left}I", data, at + 20 * count))
    assert len(data) == at + 20 * count + 4 * left
    return {
        "kind": kind,
        "seq": seq,
        "prev": prev,
        "part": part,
        "parts": parts,
        "channel": channel,
        "cursor": cursor,
        "vehicles": vehicles,
        "rows": found,
        "gone": gone,
    }


def _unpack_row(values: tuple[int, ...], base_ms: int) -> Row:
    vehicle, age, lat, lon, speed, turn = values
    age_ms = (age & 0x7FFFFFFF) * 1000 if age >> 31 else age
    course, status = turn & 0xFFF, turn >> 12
    return (
        vehicle,
        base_ms - age_ms,
        lat / 1e6,
        lon / 1e6,
        None if speed == 0xFFFF else speed / 100,
        None if course == 0xFFF else course / 10,
        None if status == 0xF else status,
    )


@given(st.lists(rows, max_size=20), st.lists(st.integers(1, 2**21), max_size=5))
def test_what_is_packed_can_be_read(written: list[Row], gone: list[int]) -> None:
    """Only ages beyond 24 days lose their milliseconds."""
    told: dict[str, Any] = {"seq": 9, "prev": 7, "part": 1, "parts": 1, "channel": "region:haga", "cursor": "s.1.p1.2"}
    packed = pack_state(DELTA, **told, vehicles_json=b"{}", rows=written, gone=gone)
    read = unpack(packed)
    assert {name: read[name] for name in told} == told
    assert (read["vehicles"], read["gone"]) == (b"{}", gone)
    for row, found in zip(written, read["rows"], strict=True):
        assert (row[0], *row[2:]) == (found[0], *found[2:])
        assert abs(row[1] - found[1]) < (1 if max(r[1] for r in written) - row[1] < 2**31 else 1000)
