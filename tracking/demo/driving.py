"""Drivers on the demo streets: trips between random places, red lights, stops short and long."""

from collections.abc import Mapping, Sequence
from math import cos, radians
from random import Random

from tracking.demo.motion import M_PER_DEGREE, Manner, Moment, Motion
from tracking.demo.streets import Leg, Streets
from tracking.domain.geo import distance_m

CAR = Manner(1.8, 2.2, 33.0)
MANNERS: Mapping[str, Manner] = {
    "van": Manner(1.5, 2.0, 28.0),
    "truck": Manner(0.8, 1.5, 22.0),
    "bus": Manner(1.0, 1.4, 20.0),
    "bike": Manner(0.9, 1.5, 6.0),
}
"""By kind of vehicle; every other kind drives as a car."""

PLACE_COUNT = 120  # goals that drivers share, as each costs one search of the whole graph
SHORTEST_TRIP_M, LONGEST_TRIP_M = 700.0, 7_000.0
GOALS_TRIED = 8
RED_LIGHT_CHANCE = 0.25
RED_LIGHT_S = (4.0, 35.0)
HALTS_S = ((0.55, 15.0, 90.0), (0.85, 90.0, 420.0), (1.0, 600.0, 2_400.0))
"""Up to which chance a halt between trips lasts from … to … seconds: a drop-off, a delivery, a break."""


class Driver:
    """Drives for ever. Where it is depends on streets, places, seed and kind alone, not on how often it is asked."""

    def __init__(self, streets: Streets, places: Sequence[int], *, seed: str, kind: str, noise_m: float = 0.0) -> None:
        self._streets = streets
        self._places = places
        self._manner = MANNERS.get(kind, CAR)
        self._chance = Random(seed)
        self._noise = Random(f"{seed} noise")
        self._noise_m = noise_m
        self._junction = self._chance.randrange(len(streets.junctions))
        self._plan()
        self._left_s = -self._chance.uniform(0, self._until_s)

    def at(self, time_s: float) -> Moment:
        """From 0 on; `time_s` must not fall from call to call."""
        while time_s - self._left_s >= self._until_s:
            self._left_s += self._until_s
            self._plan()
        return self._blurred(self._motion.at(time_s - self._left_s))

    def _plan(self) -> None:
        """The next trip, and the halt after it."""
        route = self._streets.route(self._junction, self._choose_goal())
        self._junction = route[-1].end
        self._motion = self._drive(route)
        self._until_s = self._motion.duration_s + self._halt_s()

    def _choose_goal(self) -> int:
        """One of the shared places, at a fair distance if a few tries find one."""
        here = self._streets.junctions[self._junction]
        others = [place for place in self._places if place != self._junction]
        for _ in range(GOALS_TRIED):
            goal = self._chance.choice(others)
            if SHORTEST_TRIP_M <= distance_m(*here, *self._streets.junctions[goal]) <= LONGEST_TRIP_M:
                break
        return goal

    def _drive(self, route: Sequence[Leg]) -> Motion:
        points = [route[0].points[0]]
        limits_mps: list[float] = []
        rests_s: dict[int, float] = {}
        for leg in route:
            points += leg.points[1:]
            limits_mps += [leg.limit_mps] * (len(leg.points) - 1)
            if leg is not route[-1] and self._streets.has_signal(leg.end) and self._chance.random() < RED_LIGHT_CHANCE:
                rests_s[len(points) - 1] = self._chance.uniform(*RED_LIGHT_S)
        return Motion(points, limits_mps, rests_s, self._manner)

    def _halt_s(self) -> float:
        dice = self._chance.random()
        shortest_s, longest_s = next(halt[1:] for halt in HALTS_S if dice <= halt[0])
        return self._chance.uniform(shortest_s, longest_s)

    def _blurred(self, moment: Moment) -> Moment:
        if not self._noise_m:
            return moment
        lat = moment.lat + self._noise.gauss(0, self._noise_m) / M_PER_DEGREE
        lon = moment.lon + self._noise.gauss(0, self._noise_m) / (M_PER_DEGREE * cos(radians(moment.lat)))
        return moment._replace(lat=lat, lon=lon)


def choose_places(streets: Streets, *, seed: int) -> list[int]:
    """The junctions that drivers drive to."""
    count = len(streets.junctions)
    return Random(f"{seed} places").sample(range(count), min(PLACE_COUNT, count))
