"""The day of a vehicle as a strip of letters."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracking.domain.day_strip import SILENCE_MS, SLOT_S, day_strip
from tracking.domain.thinned import Thinned, ThinRow

SLOT_MS = SLOT_S * 1000
MINUTE_MS = 60_000


def at(minute: float, *, east: float = 0.0) -> ThinRow:
    """`east` in 1e-3 degrees, which are 60 m there."""
    return 1, round(minute * MINUTE_MS), 577_000_000, 119_000_000 + round(east * 10_000)


def strip_of(fixes: list[ThinRow], from_ms: int, to_ms: int) -> str:
    return day_strip(Thinned.of(fixes), from_ms, to_ms)


def test_a_drive_between_two_rests() -> None:
    rest = [at(minute) for minute in range(11)]
    drive = [at(10 + minute, east=2.0 * minute) for minute in range(1, 11)]
    parked = [at(20 + minute, east=20.0) for minute in range(1, 11)]
    assert strip_of([*rest, *drive, *parked], 0, 4 * SLOT_MS) == "sms-"


def test_a_parked_vehicle_may_be_silent_for_a_while_and_not_for_longer() -> None:
    assert strip_of([at(0), at(15)], 0, 3 * SLOT_MS) == "ss-"
    assert strip_of([at(0), at(15.1)], 0, 3 * SLOT_MS) == "---"


def test_a_step_aside_is_no_drive() -> None:
    """Less than a minute of a slot."""
    assert strip_of([at(0), at(5), at(5.5, east=2), at(9, east=2)], 0, SLOT_MS) == "s"


def test_the_fix_before_midnight_tells_of_the_day() -> None:
    assert strip_of([at(-5), at(5)], 0, 2 * SLOT_MS) == "s-"


def test_a_day_without_fixes_or_with_one_is_unknown() -> None:
    """A last slot may be shorter than the others."""
    assert strip_of([], 0, 2 * SLOT_MS + 1) == "---"
    assert strip_of([at(5)], 0, 2 * SLOT_MS) == "--"


def test_a_minute_of_moving_makes_a_slot_a_moving_one() -> None:
    assert strip_of([at(0), at(0.999, east=2), at(15, east=2)], 0, 2 * SLOT_MS) == "ss"
    assert strip_of([at(0), at(1, east=2), at(15, east=2)], 0, 2 * SLOT_MS) == "ms"


@given(st.lists(st.tuples(st.integers(-20, 1500), st.integers(0, 50)), max_size=60, unique_by=lambda one: one[0]))
def test_every_slot_has_a_letter_and_silence_none(steps: list[tuple[int, int]]) -> None:
    """Where a letter stands, two fixes no further apart than the silence lie around it."""
    fixes = [at(minute, east=east) for minute, east in sorted(steps)]
    strip = strip_of(fixes, 0, 144 * SLOT_MS)
    assert len(strip) == 144 and set(strip) <= {"-", "s", "m"}
    seen = [
        any(
            after[1] - before[1] <= SILENCE_MS and before[1] < (slot + 1) * SLOT_MS and after[1] > slot * SLOT_MS
            for before, after in pairwise(fixes)
        )
        for slot in range(144)
    ]
    assert [letter != "-" for letter in strip] == seen
