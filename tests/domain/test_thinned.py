"""Thinned fixes of many vehicles."""

import numpy as np

from tracking.domain.sealed_hour import Places
from tracking.domain.thinned import Thinned

ROWS = [(1, 5, 10, 20), (1, 12, 11, 21), (3, 2, -12, -22)]


def test_rows_become_columns_and_rows_again() -> None:
    assert Thinned.of(ROWS).rows() == ROWS
    assert Thinned.of([]).rows() == []


def test_parts_are_joined_by_vehicle_and_time() -> None:
    """Whatever their order; of rows of the same time that of the earlier part comes first."""
    late, early = Thinned.of(ROWS[1:]), Thinned.of(ROWS[:1])
    assert Thinned.joined([late, early]).rows() == ROWS
    assert Thinned.joined([early, late]).rows() == ROWS
    assert Thinned.joined([Thinned.of([(1, 5, 0, 0)]), early]).lats.tolist() == [0, 10]


def test_of_each_vehicle_and_step_the_first_stays() -> None:
    """Steps are counted from 1970, not from the first fix."""
    rows = [(1, 8, 0, 0), (1, 9, 0, 0), (1, 10, 0, 0), (1, 19, 0, 0), (2, 19, 0, 0)]
    assert Thinned.of(rows).first_of_steps(10).rows() == [rows[0], rows[2], rows[4]]


def test_each_vehicle_has_a_slice() -> None:
    assert list(Thinned.of(ROWS).slices()) == [(1, slice(0, 2)), (3, slice(2, 3))]
    assert list(Thinned.of([]).slices()) == []


def test_rows_can_be_chosen() -> None:
    assert Thinned.of(ROWS).chosen(np.array([True, False, True])).times.tolist() == [5, 2]


def test_rows_may_lie_in_hours_of_several_vehicles() -> None:
    hours = [
        Places(*(np.array(column) for column in columns))
        for columns in (((5, 12), (10, 11), (20, 21)), ((2,), (-12,), (-22,)))
    ]
    assert Thinned.of_hours([1, 3], hours).rows() == ROWS


def test_a_span_has_its_beginning_and_not_its_end() -> None:
    assert Thinned.of(ROWS).within(2, 12).rows() == [ROWS[0], ROWS[2]]
    assert Thinned.of(ROWS).within(2, 13).rows() == ROWS


def test_places_are_rounded() -> None:
    lats, lons = Thinned.of([(1, 5, 149, -151), (1, 6, 150, 250)]).places_e5()
    assert (lats.tolist(), lons.tolist()) == ([1, 2], [-2, 2])
