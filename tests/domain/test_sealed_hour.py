"""Sealed hours."""

import base64
import json
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.domain.sealed_samples import FILE, SAMPLES, document, drive_columns, rows_of
from tracking.domain import unpacking
from tracking.domain.columns import UNKNOWN, Columns
from tracking.domain.packing import BrokenBlob
from tracking.domain.quality import Ints
from tracking.domain.sealed_hour import MAX_ROWS, decode_hour, decode_hours, decode_places, encode_hour

HOUR = encode_hour(drive_columns(60))
ONE = encode_hour(SAMPLES["one row"])


def assert_same(found: Columns, expected: Columns) -> None:
    for name in Columns._fields:
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name


@st.composite
def hours(draw: st.DrawFn) -> Columns:
    """Any rows that can be stored."""
    count = draw(st.integers(0, 60))

    def column(low: int, high: int, *, or_unknown: bool = False) -> Ints:
        values: Ints = draw(arrays.arrays(np.int64, count, elements=st.integers(low, high)))
        if or_unknown:
            values[draw(arrays.arrays(np.bool_, count))] = UNKNOWN
        return values

    return Columns(
        np.sort(column(0, (1 << 42) - 1)),
        column(-900_000_000, 900_000_000),
        column(-1_800_000_000, 1_800_000_000),
        column(0, 150_000, or_unknown=True),
        column(0, 35_999, or_unknown=True),
        column(0, 10_000_000, or_unknown=True),
    )


@given(hours())
def test_what_was_sealed_comes_back(columns: Columns) -> None:
    assert_same(decode_hour(encode_hour(columns)), columns)


@given(
    st.lists(st.one_of(hours(), st.sampled_from(list(SAMPLES.values()))), max_size=12), st.sampled_from([1, 50, 40_000])
)
def test_many_come_back_in_order(many: list[Columns], most_rows: int) -> None:
    """However many are read at once, with empty ones and ones of which nothing is known between."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpacking, "MOST_ROWS", most_rows)
        found = list(decode_hours(encode_hour(columns) for columns in many))
    assert len(found) == len(many)
    for columns, expected in zip(found, many, strict=True):
        assert_same(columns, expected)


@given(st.lists(hours(), max_size=5))
def test_places_come_back_without_the_rest(many: list[Columns]) -> None:
    found = list(decode_places(encode_hour(columns) for columns in many))
    assert [[column.tolist() for column in one] for one in found] == [
        [column.tolist() for column in columns[:3]] for columns in many
    ]


def test_one_that_is_broken_is_noticed_among_many() -> None:
    with pytest.raises(BrokenBlob):
        list(decode_hours([HOUR, ONE, HOUR[:-3], HOUR]))
    with pytest.raises(BrokenBlob):
        list(decode_places([HOUR, ONE, HOUR[:-1] + b"x"]))


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_come_back(name: str) -> None:
    assert_same(decode_hour(encode_hour(SAMPLES[name])), SAMPLES[name])


@pytest.mark.parametrize("sample", json.loads(FILE.read_text()), ids=lambda sample: sample["name"])
def test_what_an_earlier_version_wrote_is_read(sample: dict[str, object]) -> None:
    """The file is not written anew when the writer changes."""
    columns = decode_hour(base64.b64decode(str(sample["blob"])))
    assert rows_of(columns) == {name: sample[name] for name in Columns._fields}


def test_the_shared_file_has_every_sample() -> None:
    assert [sample["name"] for sample in json.loads(FILE.read_text())] == [sample["name"] for sample in document()]


def test_ten_fixes_a_second_fit() -> None:
    times = np.arange(36_000, dtype=np.int64) * 100
    columns = Columns(times, times * 7 % 1000, -times, times % 50, times % 36_000, np.full(36_000, UNKNOWN))
    assert_same(decode_hour(encode_hour(columns)), columns)


def test_a_second_s_sampling_takes_at_most_seven_and_a_half_bytes_a_fix() -> None:
    assert len(encode_hour(drive_columns())) <= 7.5 * 3_600


@settings(max_examples=300)
@given(st.integers(0, len(HOUR) - 1), st.integers(1, 255))
def test_a_changed_byte_never_gives_other_rows(at: int, change: int) -> None:
    """Deflate has bits that mean nothing, and the header a byte."""
    changed = HOUR[:at] + bytes([HOUR[at] ^ change]) + HOUR[at + 1 :]
    try:
        found = decode_hour(changed)
    except BrokenBlob:
        return
    assert_same(found, decode_hour(HOUR))


@given(st.integers(0, len(HOUR) - 1))
def test_a_cut_blob_is_noticed(length: int) -> None:
    with pytest.raises(BrokenBlob):
        decode_hour(HOUR[:length])


def blob_of(body: bytes, rows: int) -> bytes:
    """With the right checksum."""
    return (
        b"FH\x01\x00" + rows.to_bytes(4, "little") + zlib.crc32(body, rows).to_bytes(4, "little") + zlib.compress(body)
    )


@pytest.mark.parametrize(
    ("blob", "words"),
    [
        (b"", "not a sealed hour"),
        (b"PK\x03\x04" + bytes(20), "not a sealed hour"),
        (HOUR[:2] + b"\x02" + HOUR[3:], "version 2; version 1 can be read"),
        (HOUR[:4] + b"\xff\xff\xff\xff" + HOUR[8:], "at most 3,600,000"),
        (HOUR + b"more", "followed by other bytes"),
        (HOUR[:12] + b"no zlib", "cannot be inflated"),
        (blob_of(bytes(1_000_000), 1), "is cut, or followed"),
        (blob_of(zlib.decompress(ONE[12:]) + b"x", 1), "longer than its columns"),
        (blob_of(b"\x01\x01" + bytes(8), 1), "shorter than its columns"),
        (blob_of(bytes(60), 1), "times of the sealed hour has kind 0"),
        (blob_of(b"\x09" + bytes(59), 1), "times of the sealed hour has kind 9"),
        (blob_of(b"\x01\x07" + bytes(66), 1), "kind 1 and width 7"),
    ],
)
def test_what_is_wrong_is_told(blob: bytes, words: str) -> None:
    with pytest.raises(BrokenBlob, match=words):
        decode_hour(blob)


def test_what_does_not_fit_is_not_sealed() -> None:
    with pytest.raises(ValueError, match=r"below 2\^42"):
        encode_hour(Columns.of([0, 1 << 60], [0, 0], [0, 0], [None] * 2, [None] * 2, [None] * 2))
    many = np.zeros(MAX_ROWS + 1, dtype=np.int64)
    with pytest.raises(ValueError, match="at most"):
        encode_hour(Columns(many, many, many, many, many, many))
