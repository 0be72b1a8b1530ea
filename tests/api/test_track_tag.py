"""A copy of a track is good exactly as long as nobody could tell: for random histories, on both engines."""

import os
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.test_track_reading import build, fixes_of, overviews_of_few_fixes, told
from tests.api.test_trip_reading import within_a_month
from tests.builders import make_card, make_directory
from tests.domain.drives import histories
from tests.storage.conftest import Store, store
from tests.storage.test_sealing import seal_once
from tracking.api.track import Format, FoundTrack, TrackQuery, find_track
from tracking.domain.hours import HOUR_MS
from tracking.domain.journey import Readings
from tracking.domain.rights import Rights

__all__ = ["overviews_of_few_fixes", "store"]

EXAMPLES = int(os.environ.get("FLEET_SEAL_EXAMPLES", "25"))
BOSS = Rights(user=1, everything=True, regions=frozenset())
vehicles = count(9_000)


def find(store: Store, vehicle: int, query: TrackQuery) -> FoundTrack:
    directory = make_directory(vehicles={vehicle: make_card(vehicle)}, vehicle_ids={"van": vehicle})
    services: Any = SimpleNamespace(telemetry=store.telemetry, directory=directory)
    found = find_track(services, BOSS, slug="van", query=query)
    assert found is not None
    return found


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories().map(within_a_month), st.data())
def test_a_copy_of_a_track_is_good_while_it_would_be_told_so(
    store: Store, readings: Readings, data: st.DataObject
) -> None:
    """Late fixes come in and beside the range, and hours are sealed and get overviews."""
    vehicle = next(vehicles)
    fixes = fixes_of(readings, vehicle)
    begin = data.draw(st.integers(fixes[0].fix_time_ms - HOUR_MS, fixes[-1].fix_time_ms))
    length_ms = data.draw(st.sampled_from([1, HOUR_MS // 3, HOUR_MS, 5 * HOUR_MS]))
    query = TrackQuery.model_construct(
        from_ms=begin, to_ms=begin + length_ms, format=Format.JSON, max_points=None, tolerance_m=None
    )
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    is_asked = np.array([begin <= fix.fix_time_ms < begin + length_ms for fix in fixes])
    beside = chance.permutation(np.flatnonzero(~is_asked))
    parts = [np.flatnonzero(is_asked), *np.array_split(beside, data.draw(st.integers(1, 6)))]
    copies: dict[str, object] = {}
    for part in data.draw(st.permutations([part for part in parts if len(part)])):
        store.commit([fixes[index] for index in part])
        for _ in range(2):
            found = find(store, vehicle, query)
            assert copies.setdefault(found.etag, told(found.source)) == told(found.source)
            seal_once(store, vehicle, most_hours=data.draw(st.integers(1, 400)), most_fixes=10_000)
            build(store, begin // HOUR_MS)
