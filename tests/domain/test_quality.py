"""Fixes that cannot be believed."""

import numpy as np
import pytest

from tracking.domain.quality import JUMP_FROM_M, JUMP_MPS, jumps

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
