"""The demo office is complete, valid and invented."""

import re
from itertools import combinations

import pytest
from shapely import unary_union
from shapely.geometry import box, shape

from tracking.demo.office import USERS, demo_vehicles, extra_vehicle
from tracking.demo.regions import ENVIRONMENTAL_ZONE, REGIONS, DemoRegion
from tracking.domain.geo import polygon_error

DEMO_STREETS = box(11.86, 57.648, 12.09, 57.762)


@pytest.mark.parametrize("region", [*REGIONS, ENVIRONMENTAL_ZONE], ids=lambda region: region.slug)
def test_a_region_is_a_valid_polygon(region: DemoRegion) -> None:
    assert polygon_error(region.polygon()) is None


def test_regions_cover_the_streets_without_gap_or_overlap() -> None:
    shapes = [shape(region.polygon()) for region in REGIONS]
    assert unary_union(shapes).contains(DEMO_STREETS)
    assert all(a.intersection(b).area < 1e-12 for a, b in combinations(shapes, 2))


def test_the_zone_lies_in_several_regions() -> None:
    zone = shape(ENVIRONMENTAL_ZONE.polygon())
    assert sum(zone.intersects(shape(region.polygon())) for region in REGIONS) >= 3


def test_users_watch_regions_that_there_are() -> None:
    assert {slug for user in USERS for slug in user.regions} <= {region.slug for region in REGIONS}


def test_there_are_sixty_vehicles_of_several_kinds_always_the_same() -> None:
    vehicles = list(demo_vehicles())
    assert vehicles == list(demo_vehicles())
    assert len({vehicle.slug for vehicle in vehicles}) == len({vehicle.name for vehicle in vehicles}) == 60
    assert len({vehicle.kind for vehicle in vehicles}) >= 4


def test_plates_are_swedish_in_form_but_nobodys() -> None:
    plates = [vehicle.plate for vehicle in demo_vehicles() if vehicle.kind != "bike"]
    assert all(re.fullmatch(r"Q[A-Z]{2} \d\d[0-9A-Z]", plate) for plate in plates)
    assert len(set(plates)) == len(plates)


def test_more_vehicles_have_slugs_of_their_own() -> None:
    assert extra_vehicle(7).slug == "sim-0007"
