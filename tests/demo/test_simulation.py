"""Many drivers report as one even stream."""

from itertools import pairwise

from tests.demo.towns import make_town
from tracking.demo.driving import Driver, choose_places
from tracking.demo.simulation import Simulation, make_drivers


def make_simulation(*, vehicles: int = 4, hz: float = 1) -> Simulation:
    streets = make_town(1)
    places = choose_places(streets, seed=1)
    drivers = [Driver(streets, places, seed=str(i), kind="car") for i in range(vehicles)]
    return Simulation([f"v{i}" for i in range(vehicles)], drivers, hz=hz, origin_s=1_000_000)


def test_reports_are_spread_evenly_over_the_second() -> None:
    times = [fix["fix_time"] for fix in make_simulation().take_due(3, limit=100)]
    assert len(times) == 12
    assert {after - before for before, after in pairwise(times)} == {250}  # type: ignore[operator]


def test_each_vehicle_reports_at_its_rate() -> None:
    fixes = make_simulation(hz=2).take_due(3, limit=100)
    assert [fix["vehicle"] for fix in fixes].count("v2") == 6


def test_nothing_is_skipped_or_repeated_however_it_is_taken() -> None:
    """After an outage what fell due in between follows, in order."""
    whole, parts = make_simulation(), make_simulation()
    taken = [fix for at_s in (0.3, 0.3, 7, 7, 20) for fix in parts.take_due(at_s, limit=30)]
    taken += parts.take_due(20, limit=100)
    assert taken == whole.take_due(20, limit=100)
    assert parts.behind_s(25) == 5


def test_a_report_is_a_fix_of_the_public_api() -> None:
    (fix,) = make_simulation(vehicles=1).take_due(1, limit=1)
    assert set(fix) == {"vehicle", "fix_time", "lat", "lon", "speed_mps", "course_deg"}
    assert fix["fix_time"] == 1_000_000_000


def test_the_demo_fleet_drives_the_same_way_twice() -> None:
    kinds = ["car", "bike", "bus"]
    first, second = ([driver.at(90) for driver in make_drivers(kinds, seed=1, noise_m=0)] for _ in range(2))
    assert first == second
