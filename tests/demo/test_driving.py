"""Drivers stay on the streets, and the same seed drives the same way."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.demo.towns import make_town
from tracking.demo.driving import MANNERS, Driver, choose_places
from tracking.demo.motion import Moment
from tracking.demo.streets import Streets

ON_THE_STREET_DEG = 1e-9
kinds = st.sampled_from(["car", *MANNERS])


def make_driver(streets: Streets, *, seed: str = "1", kind: str = "car", noise_m: float = 0) -> Driver:
    return Driver(streets, choose_places(streets, seed=1), seed=seed, kind=kind, noise_m=noise_m)


def drive(driver: Driver, *, every_s: float, until_s: float) -> list[Moment]:
    return [driver.at(i * every_s) for i in range(int(until_s / every_s) + 1)]


def legs_at(streets: Streets, moment: Moment) -> list[float]:
    """The limits of the streets that a place lies on."""
    point = shapely.Point(moment.lat, moment.lon)
    legs = [leg for legs in streets.leaving for leg in legs]
    return [leg.limit_mps for leg in legs if shapely.LineString(leg.points).distance(point) < ON_THE_STREET_DEG]


@settings(max_examples=20)
@given(town=st.integers(0, 1_000), seed=st.text(max_size=4), kind=kinds)
def test_a_driver_is_always_on_a_street_and_within_its_limit(town: int, seed: str, kind: str) -> None:
    streets = make_town(town)
    for moment in drive(make_driver(streets, seed=seed, kind=kind), every_s=17, until_s=900):
        limits_mps = legs_at(streets, moment)
        assert limits_mps, "off the streets"
        assert moment.speed_mps <= max(limits_mps) + 1e-6


@settings(max_examples=20)
@given(town=st.integers(0, 1_000), seed=st.text(max_size=4))
def test_where_it_is_does_not_depend_on_how_often_it_is_asked(town: int, seed: str) -> None:
    streets = make_town(town)
    often = drive(make_driver(streets, seed=seed), every_s=2, until_s=1_800)
    seldom = drive(make_driver(streets, seed=seed), every_s=30, until_s=1_800)
    assert often[::15] == seldom


def test_another_seed_drives_elsewhere() -> None:
    streets = make_town(1)
    assert make_driver(streets, seed="1").at(60) != make_driver(streets, seed="2").at(60)


def test_at_any_time_some_move_and_some_rest() -> None:
    streets = make_town(3, size=8)
    speeds = [make_driver(streets, seed=str(i)).at(0).speed_mps for i in range(200)]
    assert 0.2 < sum(speed > 1 for speed in speeds) / len(speeds) < 0.9


def test_noise_blurs_the_place_but_not_the_drive() -> None:
    """The drive of a seed is the same with and without it."""
    streets = make_town(1)
    true, blurred = make_driver(streets), make_driver(streets, noise_m=5)
    for time_s in range(0, 600, 20):
        a, b = true.at(time_s), blurred.at(time_s)
        assert a.speed_mps == b.speed_mps
        assert b.lat == pytest.approx(a.lat, abs=3e-4)
        assert b.lat != a.lat
