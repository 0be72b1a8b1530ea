"""Fixes as columns."""

import numpy as np

from tests.builders import START_MS, make_each, make_fix
from tracking.domain.columns import UNKNOWN, OneEach, known_or_none


def test_of_each_vehicle_the_nearest_stays() -> None:
    """In order of vehicles, whatever the order and number of parts; of the same time that of the earlier part."""
    first = make_each(make_fix(vehicle=2, at_s=5), make_fix(vehicle=1, at_s=1, speed_mps=3))
    second = make_each(make_fix(vehicle=1, at_s=2), make_fix(vehicle=2, at_s=5, lat=1), make_fix(vehicle=3))
    newest, oldest = (OneEach.nearest([first, second], newest=newest) for newest in (True, False))
    assert newest.vehicles.tolist() == oldest.vehicles.tolist() == [1, 2, 3]
    assert (newest.times - START_MS).tolist() == [2_000, 5_000, 0] and newest.lats.item(1) == 577_000_000
    assert (oldest.times - START_MS).tolist() == [1_000, 5_000, 0] and oldest.speeds.tolist() == [
        3_000,
        UNKNOWN,
        UNKNOWN,
    ]


def test_one_part_is_put_in_order_as_well() -> None:
    assert OneEach.nearest([make_each(make_fix(vehicle=2), make_fix())], newest=True).vehicles.tolist() == [1, 2]
    assert OneEach.nearest([OneEach.of([]), OneEach.of([])], newest=True).vehicles.tolist() == []


def test_what_is_unknown_is_none() -> None:
    assert known_or_none(np.array([UNKNOWN, 0, 7_153]), 1000) == [None, 0.0, 7.153]
