"""The audit's log in memory: nothing lost while the office is away, repetitions once, and bounded."""

import threading
from collections.abc import Sequence

import pytest
from django.db import DatabaseError

from tracking.domain.errors import Unavailable
from tracking.domain.looks import Look, LookKind
from tracking.ingest import looks, minutes
from tracking.ingest.looks import LookLog, as_asked

LOOK = Look(LookKind.TRACK, 1, vehicle="van")


class Office:
    """Takes nothing the first `refuses` times."""

    def __init__(self, *, refuses: int = 0) -> None:
        self.kept: list[Look] = []
        self.has_refused = threading.Event()
        self._refuses = refuses

    def keep(self, seen: Sequence[tuple[int, Look]]) -> None:
        if self._refuses > 0:
            self._refuses -= 1
            self.has_refused.set()
            raise DatabaseError("away")
        self.kept += [look for _, look in seen]


def test_an_equal_look_again_is_one() -> None:
    office = Office()
    log = LookLog(office.keep)
    for look in (LOOK, LOOK._replace(to_ms=5), LOOK):
        log.note(look)
    log.stop()
    assert office.kept == [LOOK, LOOK._replace(to_ms=5)]


def test_a_look_that_moves_on_with_the_clock_is_one() -> None:
    now_ms, half_hour_ms = 1_800_000_000_000, 1_800_000
    last_half_hour = LOOK._replace(from_ms=now_ms - half_hour_ms, to_ms=now_ms)
    later = LOOK._replace(from_ms=now_ms + 60_010 - half_hour_ms, to_ms=now_ms + 60_000)
    assert as_asked(last_half_hour, now_ms + 5) == as_asked(later, now_ms + 60_500)
    assert as_asked(last_half_hour, now_ms) != as_asked(LOOK._replace(from_ms=now_ms - 3_600_000, to_ms=now_ms), now_ms)
    assert as_asked(last_half_hour, now_ms + 3_600_000) == last_half_hour


def test_what_the_office_did_not_take_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minutes, "KEEP_EVERY_S", 0.01)
    office = Office(refuses=2)
    log = LookLog(office.keep)
    log.note(LOOK)
    assert office.has_refused.wait(5)
    log.note(LOOK._replace(vehicle="bus"))
    log.stop()
    while office.kept == [] and log._waiting:
        log._flush()
    assert office.kept == [LOOK, LOOK._replace(vehicle="bus")]


def test_history_that_cannot_be_audited_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "MAX_WAITING_LOOKS", 2)
    log = LookLog(Office(refuses=1_000).keep)
    for number in range(2):
        log.note(LOOK._replace(to_ms=number))
    with pytest.raises(Unavailable):
        for number in range(2, 5):
            log.note(LOOK._replace(to_ms=number))
    log.stop()


def test_old_looks_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "MAX_REMEMBERED_LOOKS", 1)
    office = Office()
    log = LookLog(office.keep)
    for look in (LOOK, LOOK._replace(to_ms=5), LOOK):
        log.note(look)
    log.stop()
    assert len(office.kept) == 3
