"""The dialects of phone apps: a table each in `tests/data/phones`, and whatever else may come."""

import json
import os
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import START_MS
from tests.wire.phone_samples import DIALECTS, SAMPLES, Sample
from tracking.domain.errors import BadRequest
from tracking.domain.fix import Refusal
from tracking.wire.fix_json import Reading
from tracking.wire.owntracks import record_of_topic
from tracking.wire.phone import MAX_RECORDS, Decoded, Heartbeat, Kind
from tracking.wire.phones import MAX_FIELDS, Dialect, decode_request

EXAMPLES = int(os.environ.get("FLEET_PHONE_EXAMPLES", "300"))


def decode(query: list[tuple[str, str]], body: bytes) -> Decoded:
    return decode_request(query, body, now_ms=START_MS)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.dialect}: {sample.says}")
def test_each_request_becomes_what_its_table_says(sample: Sample) -> None:
    """Fixes in SI units, refusals by reason, the rest by kind, and the reply that its app waits for."""
    decoded = decode(sample.pairs, sample.body)
    readings = [item for item in decoded.items if isinstance(item, Reading)]
    refused = [item.reason.value for item in decoded.items if isinstance(item, Refusal)]
    assert [[*reading[1:7], reading.vehicle] for reading in readings] == [pytest.approx(fix) for fix in sample.fixes]
    assert (refused, decoded.passed_over) == (sample.refused, sample.passed_over)
    assert decoded.reply.body == sample.reply


def osmand(batt: str) -> tuple[str, bytes]:
    return f"lat=57.7&lon=11.95&timestamp=1795000000&batt={batt}", b""


def traccar(level: Any) -> tuple[str, bytes]:
    coords = {"latitude": 57.7, "longitude": 11.95}
    record = {"timestamp": 1795000000, "coords": coords, "battery": {"level": level}}
    return "", json.dumps({"location": record, "device_id": "1"}).encode()


def owntracks(batt: Any) -> tuple[str, bytes]:
    return "", json.dumps({"_type": "location", "lat": 57.7, "lon": 11.95, "tst": 1795000000, "batt": batt}).encode()


def overland(level: Any) -> tuple[str, bytes]:
    properties = {"timestamp": 1795000000, "battery_level": level}
    feature = {"geometry": {"type": "Point", "coordinates": [11.95, 57.7]}, "properties": properties}
    return "", json.dumps({"locations": [feature]}).encode()


def gpslogger(batt: str) -> tuple[str, bytes]:
    return f"lat=57.7&lon=11.95&time=1795000000&acc=1&batt={batt}", b""


@pytest.mark.parametrize(
    ("request_", "percent"),
    [
        *((osmand(batt), percent) for batt, percent in (("87", 87), ("87.6", 88), ("0", 0), ("-1", None), ("", None))),
        *((traccar(level), percent) for level, percent in ((0.79, 79), (1, 100), (0, 0), (-1, None), (None, None))),
        *((owntracks(batt), percent) for batt, percent in ((46, 46), (100, 100), (-1, None), ("x", None))),
        *((overland(level), percent) for level, percent in ((0.8, 80), (-1, None), (80, None), ([], None))),
        *((gpslogger(batt), percent) for batt, percent in (("91.0", 91), ("101", None), ("nan", None))),
    ],
)
def test_a_battery_is_told_in_percent_and_unknown_otherwise(request_: tuple[str, bytes], percent: int | None) -> None:
    [reading] = decode(parse_qsl(request_[0], keep_blank_values=True), request_[1]).items
    assert isinstance(reading, Reading) and reading.battery_percent == percent


def test_a_heartbeat_tells_of_the_battery() -> None:
    decoded = decode([("id", "van"), ("timestamp", "1795000000"), ("batt", "12")], b"")
    assert decoded.heartbeats == [Heartbeat("van", 1795000000000, 12)]
    assert decode([("id", "van"), ("timestamp", "soon")], b"").heartbeats == [Heartbeat("van", None, None)]


@pytest.mark.parametrize("change", [("lat", "0"), ("lat", "north"), ("timestamp", "soon")])
def test_a_refused_record_tells_whose_it_is(change: tuple[str, str]) -> None:
    """So that a gateway's is kept with its vehicle."""
    fields = {"id": "bus", "lat": "57.7", "lon": "0", "timestamp": "1795000000"} | dict([change])
    [item] = decode([*fields.items()], b"").items
    assert isinstance(item, Refusal) and item.vehicle == "bus"


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"1", b"\xff", b'{"lat": 1}', b'{"_type": 1}', b"[" * 100_000])
def test_what_is_no_message_of_owntracks_is_none_over_mqtt(payload: bytes) -> None:
    """A record of another app would name its vehicle itself."""
    assert record_of_topic("owntracks/van/phone", payload) is None


@pytest.mark.parametrize("claim", [{"topic": "owntracks/anna/bus"}, {"tid": "bus"}, {}])
def test_over_mqtt_the_user_is_the_vehicle(claim: dict[str, str]) -> None:
    message = {"_type": "location", "lat": 57.7, "lon": 11.95, "tst": 1795000000} | claim
    record = record_of_topic("owntracks/van/phone", json.dumps(message).encode())
    [reading] = decode([], json.dumps([record]).encode()).items
    assert reading.vehicle == "van"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_dialect_is_recognised_by_content(dialect: str) -> None:
    told = {decode(sample.pairs, sample.body).dialect for sample in SAMPLES if sample.dialect == dialect}
    assert dialect in told and told <= {dialect, Dialect.UNKNOWN}


def test_there_is_a_table_for_every_dialect() -> None:
    assert set(DIALECTS) == set(Dialect) - {Dialect.UNKNOWN}


def test_every_kind_that_is_passed_over_stands_in_a_table() -> None:
    assert {kind for sample in SAMPLES for kind in sample.passed_over} == set(Kind)


@pytest.mark.parametrize(
    "body",
    [
        {"locations": [0] * (MAX_RECORDS + 1)},
        {"location": [0] * (MAX_RECORDS + 1)},
        [0] * (MAX_RECORDS + 1),
        [{"locations": [0] * MAX_RECORDS}, {"locations": [0]}],
    ],
    ids=["overland", "traccar", "array", "nested"],
)
def test_a_request_has_a_largest_number_of_records(body: Any) -> None:
    with pytest.raises(BadRequest) as caught:
        decode([], json.dumps(body).encode())
    assert caught.value.code == "too_many_fixes"


def test_more_fields_than_any_app_sends_are_one_refusal() -> None:
    many = "&".join(f"f{i}=1" for i in range(MAX_FIELDS + 1))
    for decoded in (decode([], many.encode()), decode([("f", "1")] * (MAX_FIELDS + 1), b"")):
        assert [item.reason for item in decoded.items if isinstance(item, Refusal)] == ["unknown_format"]


def test_a_number_may_be_as_long_as_it_likes() -> None:
    """Python reads very long ones slowly, or refuses to."""
    for digits in ("1" * 5_000_000, "1e999", "9" * 400):
        decode([("lat", digits), ("lon", "1"), ("timestamp", digits)], b"")
        decode([], f'{{"_type":"location","lat":{digits},"lon":1,"tst":{digits},"vel":{digits}}}'.encode())


ODD = st.sampled_from(
    [
        *(None, True, -1, 0, 0.0, 1e308, -(10**400), 10**25, float("nan"), float("inf"), "", "NaN", "-1", "1_0", "٣"),
        *("\0", "é", "T", [], [[]], {}, {"_type": []}, {"latitude": {}}, "2026-11-18T99:99:99Z", "9" * 5_000),
        *("0001-01-01T00:00:00+14:00", "location"),
    ]
)


@st.composite
def mutated_bodies(draw: st.DrawFn) -> tuple[list[tuple[str, str]], bytes]:
    """A request of the tables with a value replaced, added or dropped at any depth, or with its bytes damaged."""
    sample = draw(st.sampled_from(SAMPLES))
    query, body = list(sample.pairs), sample.body
    if query and draw(st.booleans()):
        place = draw(st.integers(0, len(query) - 1))
        query[place] = (query[place][0], str(draw(ODD)))
    if body[:1] in b"{[" and body and draw(st.integers(0, 3)):
        with suppress(ValueError):
            body = json.dumps(_mutate(draw, json.loads(body))).encode()
    if body and draw(st.integers(0, 4)) == 0:
        cut = draw(st.integers(0, len(body)))
        body = body[:cut] + draw(st.binary(max_size=8)) + body[cut + draw(st.integers(0, 3)) :]
    return query, body


def _mutate(draw: st.DrawFn, value: Any) -> Any:
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 3)) == 0:
        return draw(ODD)
    if isinstance(value, list):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], _mutate(draw, value[place]), *value[place + 1 :]]
    key = draw(st.sampled_from(sorted(value)))
    if draw(st.integers(0, 5)) == 0:
        return {name: kept for name, kept in value.items() if name != key}
    return {**value, key: _mutate(draw, value[key])}


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(mutated_bodies())
def test_whatever_comes_has_an_outcome_and_a_reply(request_: tuple[list[tuple[str, str]], bytes]) -> None:
    """10,000 of them in a night's run: FLEET_PHONE_EXAMPLES=10000."""
    decoded = decode(*request_)
    assert decoded.reply.body
    assert all(isinstance(item, Reading | Refusal) for item in decoded.items)
    assert all(
        reading.speed_mps is None or reading.speed_mps >= 0 for reading in decoded.items if isinstance(reading, Reading)
    )


@settings(max_examples=EXAMPLES)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=4), st.binary(max_size=200))
def test_any_bytes_have_an_outcome(query: list[tuple[str, str]], body: bytes) -> None:
    decoded = decode(query, body)
    assert len(decoded.items) + len(decoded.passed_over) >= 1
