"""Fixes that cannot be believed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import make_fix
from tracking.domain.fix import Fix
from tracking.domain.quality import (
    JUMP_FROM_M,
    JUMP_MPS,
    Flag,
    flags,
    is_jump,
    jumps,
    spikes,
)

M_PER_DEGREE = 111_195.08


def jumps_at(seconds: list[float], metres: list[float]) -> list[int]:
    """Which fixes of a way to the north are jumps."""
    times = np.rint(np.array(seconds) * 1000).astype(np.int64)
    lats = np.array(metres, dtype=float) / M_PER_DEGREE
    return np.flatnonzero(jumps(times, lats, np.zeros(len(lats)))).tolist()


def test_a_jump_there_and_back_is_found() -> None:
    assert jumps_at([0, 1, 2, 3, 4], [0, 10, 900, 30, 40]) == [2]


def test_a_jump_that_stays_is_none() -> None:
    """A receiver that comes out of a tunnel tells the truth at last."""
    assert jumps_at([0, 1, 2, 3, 4], [0, 10, 900, 910, 920]) == []


def test_what_a_vehicle_can_do_is_none() -> None:
    assert jumps_at([0, 60, 120], [0, 60 * (JUMP_MPS - 1), 0]) == []
    assert jumps_at([0, 60, 120], [0, 60 * (JUMP_MPS + 1), 0]) == [1]


def test_a_step_as_short_as_noise_is_none_however_fast() -> None:
    assert jumps_at([0, 0.1, 0.2], [0, JUMP_FROM_M - 1, 0]) == []
    assert jumps_at([0, 0.1, 0.2], [0, JUMP_FROM_M + 1, 0]) == [1]


def test_the_ends_are_believed() -> None:
    """They have one neighbour, and it may be the one that is wrong."""
    assert jumps_at([0, 1, 2, 3], [5000, 0, 0, 5000]) == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_fixes_have_no_jump(count: int) -> None:
    assert jumps_at([*range(count)], [10_000.0 * n for n in range(count)]) == []


METRE_DEG = 1 / 111_195


def track(*steps: tuple[float, float]) -> list[Fix]:
    """Seconds and metres north."""
    return [make_fix(at_s=s, lat=57 + metres * METRE_DEG) for s, metres in steps]


@pytest.mark.parametrize(
    ("seconds", "metres", "expected"),
    [(1, 99, False), (1, 101, True), (2, 170, False), (2, 190, True), (3_600, 300_000, False), (0.1, 50, False)],
)
def test_a_jump_is_far_and_faster_than_any_vehicle(seconds: float, metres: float, expected: bool) -> None:
    a, b = track((0, 0), (seconds, metres))
    assert is_jump(a, b) is expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(0, 0), (1, 5_000), (2, 20)], [False, True, False]),
        ([(0, 0), (1, 5_000), (2, 5_020)], [False, False, False]),
        ([(0, 0), (1, 5_000), (2, 5_020), (3, 30)], [False, False, False, False]),
        ([(0, 0), (100, 5_000), (200, 20)], [False, False, False]),
        ([(0, 0), (1, 5_000)], [False, False]),
        ([(0, 0)], [False]),
        ([], []),
    ],
    ids=["a spike", "borne out", "two alike", "slow enough", "no fix after", "alone", "none"],
)
def test_a_spike_is_contradicted_on_both_sides(steps: list[tuple[float, float]], expected: list[bool]) -> None:
    fixes = track(*steps)
    assert spikes(fixes) == expected


def test_the_date_line_is_no_jump() -> None:
    assert not is_jump(make_fix(lat=0, lon=179.9999), make_fix(at_s=1, lat=0, lon=-179.9999))


@given(
    st.lists(st.tuples(st.integers(1, 5_000), st.integers(-2_000, 2_000)), max_size=8, unique_by=lambda step: step[0])
)
def test_one_fix_after_the_other_is_judged_as_all_at_once(steps: list[tuple[int, int]]) -> None:
    fixes = track(*sorted(steps))
    times = np.array([fix.fix_time_ms for fix in fixes], dtype=np.int64)
    places = [np.array([fix[i] for fix in fixes], dtype=float) for i in (2, 3)]
    assert spikes(fixes) == jumps(times, *places).tolist()


def test_flags_name_spikes_and_poor_accuracy() -> None:
    fixes = [*track((0, 0), (1, 5_000), (2, 20)), make_fix(at_s=3, lat=57, accuracy_m=101.0)]
    assert list(flags(fixes)) == [(fixes[1], Flag.JUMP), (fixes[3], Flag.POOR_ACCURACY)]
