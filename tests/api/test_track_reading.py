"""A track is the same whatever of it was sealed, and whichever overviews were made; on both engines."""

import os
from collections.abc import Sequence
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.test_trip_reading import within_a_month
from tests.domain.drives import histories
from tests.storage.conftest import Store, store
from tests.storage.test_sealing import seal_once
from tracking.api import track_reading
from tracking.api.track_reading import TrackReading, TrackSource
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS
from tracking.domain.journey import Readings
from tracking.domain.rest import MANNERS
from tracking.domain.simplify import TooFewPoints
from tracking.storage.history import track_rows
from tracking.storage.overviews import build_overviews, find_overviews, save_overviews
from tracking.storage.sealing import drop_hours

__all__ = ["store"]

EXAMPLES = int(os.environ.get("FLEET_SEAL_EXAMPLES", "25"))
CAR = MANNERS["car"]
vehicles = count(1_000, 2)


@pytest.fixture(autouse=True)
def overviews_of_few_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.storage.overviews.LEAST_FIXES", 1)
    monkeypatch.setattr("tracking.domain.overview.FIXES_A_POINT", 1)
    monkeypatch.setattr(track_reading, "EXACT_FIXES", 10)
    monkeypatch.setattr(track_reading, "PAGE_ROWS", 97)


def build(store: Store, hour: int) -> int:
    rows = build_overviews(store.telemetry, hour, lambda _: CAR)
    with store.writer.transaction() as transaction:
        return save_overviews(transaction, rows)


def told(source: TrackSource, max_points: int | None = None, tolerance_m: float | None = None) -> object:
    """All that an answer is made of; where its pages end is not."""
    reading = TrackReading(source)
    try:
        if max_points is None and tolerance_m is None:
            pages = list(reading.pages())
        else:
            fixes = sum(source.telemetry.track_mark(source.vehicle, *span).fixes for span in source.spans)
            pages = reading.simplified(fixes, max_points=max_points, tolerance_m=tolerance_m)
    except TooFewPoints as error:
        return str(error)
    offsets = np.cumsum([0, *(len(page.columns.times) for page in pages)])
    end = reading.end()
    return (
        [row for page in pages for row in track_rows(page.columns)],
        [start for page, offset in zip(pages, offsets, strict=False) for start in (page.starts + offset).tolist()],
        end.distance_m,
        end.fixes,
        end.duration_s,
        end.gaps,
        end.tolerance_m,
    )


def fixes_of(readings: Readings, vehicle: int) -> list[Fix]:
    columns = (column.tolist() for column in readings.fixes)
    return [Fix(vehicle, time_ms, lat, lon) for time_ms, lat, lon in zip(*columns, strict=True)]


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories().map(within_a_month), st.data())
def test_overviews_change_nothing_but_the_time_it_takes(store: Store, readings: Readings, data: st.DataObject) -> None:
    """Fixes come in any order, late ones after some of it was sealed; hours get overviews now and then."""
    plain, sealed = (vehicle := next(vehicles)), vehicle + 1
    fixes = fixes_of(readings, plain)
    store.commit(fixes)
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    parts: Sequence[Sequence[int]] = np.array_split(chance.permutation(len(fixes)), data.draw(st.integers(1, 3)))
    hours = sorted({fix.fix_time_ms // HOUR_MS for fix in fixes})
    for part in parts:
        store.commit([fixes[index]._replace(vehicle=sealed) for index in part])
        for _ in range(data.draw(st.integers(0, 3))):
            seal_once(store, sealed, most_hours=data.draw(st.integers(1, 400)), most_fixes=10_000)
        for hour in chance.permutation(hours)[:20].tolist():
            build(store, hour)
    moments = st.one_of(
        st.integers(fixes[0].fix_time_ms, fixes[-1].fix_time_ms + 1),
        st.sampled_from(hours).map(lambda hour: hour * HOUR_MS),
    )
    begin, middle, again, end = sorted(data.draw(moments) for _ in range(4))
    spans = data.draw(st.sampled_from([[(begin, end + 1)], [(begin, middle + 1), (again + 2, end + 3)]]))
    source = TrackSource(store.telemetry, plain, spans, CAR, is_whole=len(spans) == 1)
    for params in ((None, None), (data.draw(st.integers(2, 300)), None), (None, data.draw(st.floats(1, 300)))):
        assert told(source._replace(vehicle=sealed), *params) == told(source, *params)


def test_an_overview_is_told_until_a_fix_comes_near_it(store: Store) -> None:
    """To its hour or those beside it; once that is sealed it is made anew. What is deleted takes it away."""
    start = 450_000
    fixes = [Fix(7, start * HOUR_MS + 60_000 * minute, 57.7 + minute / 1e4, 11.95) for minute in range(240)]
    store.commit(fixes)

    def known() -> list[int]:
        return sorted(find_overviews(store.telemetry, 7, range(start, start + 9), CAR, with_points=True))

    def seal_and_build() -> None:
        seal_once(store, 7)
        assert sum(build(store, hour) for hour in range(start, start + 9)) > 0

    seal_and_build()
    assert known() == [start, start + 1, start + 2, start + 3]
    assert build(store, start + 1) == 0
    store.commit([fixes[0]._replace(fix_time_ms=fixes[0].fix_time_ms + 1)])
    assert known() == [start + 2, start + 3]
    seal_and_build()
    assert known() == [start, start + 1, start + 2, start + 3]
    with store.writer.transaction() as transaction:
        drop_hours(transaction, [(7, start + 3)])
    assert known() == [start, start + 1]
