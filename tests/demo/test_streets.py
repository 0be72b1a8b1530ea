"""Streets become a graph in which every trip has a way."""

import json
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.demo.towns import CLASSES, make_streets, make_town, make_way
from tracking.demo.streets import FAST_CLASSES, Leg, Streets, StreetsMissing, load_streets

SQUARE = (make_way((0, 0), (1, 0)), make_way((1, 0), (1, 1)), make_way((1, 1), (0, 1)), make_way((0, 1), (0, 0)))


def seconds(route: list[Leg]) -> float:
    return sum(leg.length_m / leg.limit_mps for leg in route)


def quickest_by_trying_all(streets: Streets) -> list[list[float]]:
    """Floyd and Warshall's algorithm: slow, short, and written differently."""
    count = len(streets.junctions)
    times = [[0.0 if a == b else float("inf") for b in range(count)] for a in range(count)]
    for legs in streets.leaving:
        for leg in legs:
            times[leg.start][leg.end] = min(times[leg.start][leg.end], leg.length_m / leg.limit_mps)
    for via in range(count):
        for a in range(count):
            for b in range(count):
                times[a][b] = min(times[a][b], times[a][via] + times[via][b])
    return times


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_every_junction_reaches_every_other_by_the_quickest_way(seed: int) -> None:
    """Whatever the town: routes exist, hang together, and none is quicker."""
    streets = make_town(seed)
    times = quickest_by_trying_all(streets)
    for a, b in permutations(range(len(streets.junctions)), 2):
        route = streets.route(a, b)
        assert (route[0].start, route[-1].end) == (a, b)
        assert all(before.end == after.start for before, after in pairwise(route))
        assert seconds(route) == pytest.approx(times[a][b])


def test_a_route_to_where_one_is_is_empty() -> None:
    assert make_streets(*SQUARE).route(2, 2) == []


def test_one_way_streets_are_driven_one_way() -> None:
    """Around the block, since the direct way is against the arrow."""
    streets = make_streets(make_way((0, 0), (1, 0), oneway=1), *SQUARE[1:])
    start, goal = streets.junctions.index((57.7, 11.904)), streets.junctions.index((57.7, 11.9))
    assert len(streets.route(start, goal)) == 3
    assert len(streets.route(goal, start)) == 1


def test_a_way_against_its_points_is_driven_so() -> None:
    streets = make_streets(make_way((0, 0), (1, 0), oneway=-1), *SQUARE[1:])
    start, goal = streets.junctions.index((57.7, 11.904)), streets.junctions.index((57.7, 11.9))
    assert len(streets.route(start, goal)) == 1


def test_streets_without_return_are_left_out() -> None:
    """A one-way street out of the square leads to where nobody comes back from."""
    streets = make_streets(*SQUARE, make_way((1, 1), (2, 2), oneway=1))
    assert len(streets.junctions) == 4


def test_ways_are_cut_where_others_meet_them() -> None:
    """A junction in the middle of a way is one to turn off at."""
    streets = make_streets(make_way((0, 0), (1, 0), (2, 0)), make_way((1, 0), (1, 1)))
    assert sorted(map(len, streets.leaving)) == [1, 1, 1, 3]


def test_repeated_points_and_loops_do_no_harm() -> None:
    streets = make_streets(*SQUARE, make_way((0, 0), (0, 0), (-1, 0), (-1, -1), (0, 0)))
    assert all(a != b for legs in streets.leaving for leg in legs for a, b in pairwise(leg.points))


@pytest.mark.parametrize(("given_kmh", "expected_kmh"), [(None, 15.0), (20, 20.0)])
def test_the_sign_counts_before_the_class(given_kmh: int | None, expected_kmh: float) -> None:
    streets = make_streets(make_way((0, 0), (1, 0), road_class="living_street", limit=given_kmh))
    assert streets.leaving[0][0].limit_mps * 3.6 == pytest.approx(expected_kmh)


def test_only_busy_crossings_have_signals() -> None:
    cross = [make_way((1, 1), end, road_class="secondary") for end in ((0, 1), (2, 1), (1, 0), (1, 2))]
    busy, quiet = make_streets(*cross), make_streets(*(way | {"c": CLASSES.index("residential")} for way in cross))
    assert [busy.has_signal(junction) for junction in range(5)].count(True) == 1
    assert not any(quiet.has_signal(junction) for junction in range(5))


def test_classes_can_be_left_out(tmp_path: Path) -> None:
    """A bicycle's town has no motorway."""
    ways = [*SQUARE, make_way((0, 0), (1, 1), road_class="motorway")]
    (tmp_path / "streets.json").write_text(json.dumps({"classes": CLASSES, "ways": ways}))
    kept = load_streets(tmp_path / "streets.json", without=FAST_CLASSES)
    assert not any(leg.road_class == "motorway" for legs in kept.leaving for leg in legs)


def test_a_missing_file_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(StreetsMissing, match="make build"):
        load_streets(tmp_path / "streets.json")


def test_the_demo_streets_hang_together() -> None:
    """Most of the extract is one town, and both ends of it reach each other."""
    streets = load_streets()
    assert len(streets.junctions) > 5_000
    assert seconds(streets.route(0, len(streets.junctions) - 1)) < 3_600
