"""A copy of trips and summaries is good exactly as long as nobody could tell: for random histories, on both engines."""

import base64
import os
import zlib
from collections.abc import Sequence
from functools import partial
from itertools import count
from typing import NamedTuple

import numpy as np
import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.test_track_reading import fixes_of
from tests.api.test_trip_reading import within_a_month
from tests.domain.drives import histories
from tests.storage.conftest import Store, store
from tests.storage.test_sealing import seal_once
from tracking.api.read_tag import find_fresh_copy, tag_of
from tracking.api.sight import ALL_TIME, Span
from tracking.api.trip_reading import TripReading
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS
from tracking.domain.journey import Readings
from tracking.domain.rest import MANNERS
from tracking.domain.summary import totals
from tracking.storage.pruning import Chore, erase, prune

__all__ = ["store"]

EXAMPLES = int(os.environ.get("FLEET_SEAL_EXAMPLES", "25"))
CAR = MANNERS["car"]
DAY_MS = 24 * HOUR_MS
vehicles = count(5_000)


class Copy(NamedTuple):
    """What a reader was told, and its validator."""

    tag: str
    told: object


class Reader(NamedTuple):
    store: Store
    vehicle: int
    seen: Sequence[Span]
    asked: Span

    def ask(self) -> Copy:
        reading = self._reading()
        pieces = list(reading.pieces(self.asked))
        told = [(piece.items, totals(piece.journey, piece.items, piece.from_ms, piece.to_ms)) for piece in pieces]
        return Copy(tag_of(reading.known(), reading.reads), told)

    def may_keep(self, copy: Copy) -> bool:
        reading = self._reading()
        request = RequestFactory().get("/", headers={"If-None-Match": f'"other", W/{copy.tag}'})
        fresh = find_fresh_copy(request, reading.known(), partial(reading.look_again, self.asked))
        return fresh is not None and fresh.tag == copy.tag

    def _reading(self) -> TripReading:
        return TripReading(self.store.telemetry, self.vehicle, CAR, self.seen)


def do_in(store: Store, chore: Chore) -> int:
    with store.writer.transaction() as transaction:
        return chore(transaction)


def change(store: Store, vehicle: int, waiting: list[list[Fix]], data: st.DataObject) -> bool:
    """Something that happens to a store; whether fixes came or went."""
    deed = data.draw(st.sampled_from(["commit", "commit", "commit", "seal", "prune", "erase"]))
    if deed == "commit" and waiting:
        store.commit(waiting.pop())
    elif deed == "prune":
        oldest = store.telemetry.track_mark(vehicle, *ALL_TIME).first_ms or 0
        hours = data.draw(st.integers(1, 100))
        prune(store.telemetry, lambda chore: do_in(store, chore), before_ms=oldest + hours * HOUR_MS)
    elif deed == "erase" and not waiting:
        erase(store.telemetry, lambda chore: do_in(store, chore), vehicle)
    elif store.telemetry.load_latest([vehicle]):
        seal_once(store, vehicle, most_hours=data.draw(st.integers(1, 400)), most_fixes=10_000)
        return False
    else:
        return False
    return True


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories().map(within_a_month), st.data())
def test_what_may_be_kept_is_what_would_be_told(store: Store, readings: Readings, data: st.DataObject) -> None:
    """Late fixes, sealing, pruning and erasing between; every copy that was ever given is looked at after each of them."""
    vehicle = next(vehicles)
    fixes = fixes_of(readings, vehicle)
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    parts = np.array_split(chance.permutation(len(fixes)), data.draw(st.integers(1, 4)))
    waiting = [[fixes[index] for index in part] for part in parts]
    moments = st.integers(fixes[0].fix_time_ms - HOUR_MS, fixes[-1].fix_time_ms + HOUR_MS)
    begin = data.draw(moments)
    asked = (begin, begin + data.draw(st.sampled_from([1, HOUR_MS, DAY_MS, 9 * DAY_MS])))
    cut_ms = data.draw(moments)
    seen = data.draw(st.sampled_from([[ALL_TIME], [(0, cut_ms), (cut_ms + 60_000, ALL_TIME[1])]]))
    reader = Reader(store, vehicle, seen, asked)
    copies = [reader.ask()]
    for _ in range(data.draw(st.integers(1, 8))):
        has_changed = change(store, vehicle, waiting, data)
        fresh = reader.ask()
        assert all(copy.told == fresh.told for copy in copies if reader.may_keep(copy))
        assert reader.may_keep(fresh) and (has_changed or reader.may_keep(copies[-1]))
        copies.append(fresh)


def test_nothing_that_was_read_is_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that is sealed as a whole: its hours are counted, and of all others at most the one before and the one after are looked at."""
    vehicle = next(vehicles)
    store.commit([Fix(vehicle, hour * HOUR_MS, 57.7, 12 + hour % 7 / 100) for hour in range(400_000, 400_072)])
    seal_once(store, vehicle, most_hours=400, most_fixes=10_000)
    reader = Reader(store, vehicle, [ALL_TIME], (400_024 * HOUR_MS, 400_048 * HOUR_MS))
    copy = reader.ask()
    monkeypatch.setattr(type(store.telemetry), "load_columns", None)
    assert reader.may_keep(copy)


@pytest.mark.parametrize(
    "text", ["0-1", "9-1", "0-9999999999999", "1-2_0-9", "0-1_8-9_8-9", "", "-", "é", "0-1" * 99_999]
)
def test_a_validator_that_somebody_made_up_keeps_nothing(store: Store, text: str) -> None:
    reader = Reader(store, next(vehicles), [(0, 5), (8, 10)], (0, 9))
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode())).decode().rstrip("=")
    for spans in (packed, packed[:-2], "0-1", "a", ""):
        assert not reader.may_keep(Copy(f'"{spans}.{"0" * 32}"', None))


def test_of_very_many_stays_a_validator_tells_nothing(store: Store) -> None:
    """It would be too long for a header: all is read and compared."""
    vehicle = next(vehicles)
    spans = [(hour * HOUR_MS, hour * HOUR_MS + 60_000) for hour in range(400_000, 401_000)]
    reader = Reader(store, vehicle, spans, (spans[0][0], spans[-1][1]))
    first, again = reader.ask(), reader.ask()
    assert first == again and len(first.tag) < 100 and not reader.may_keep(first)
