"""Many drivers as one even stream of fixes."""

from collections.abc import Sequence

from tracking.demo.driving import Driver, choose_places
from tracking.demo.streets import FAST_CLASSES, load_streets


class Simulation:
    """Fix number n is of vehicle n mod N, at time n / (N × hz): evenly spread over every second."""

    def __init__(self, slugs: Sequence[str], drivers: Sequence[Driver], *, hz: float, origin_s: float) -> None:
        """`origin_s`: the moment, in seconds since 1970, at which the drivers' time is 0."""
        self._slugs = slugs
        self._drivers = drivers
        self._per_s = len(slugs) * hz
        self._origin_s = origin_s
        self._taken = 0

    def take_due(self, elapsed_s: float, *, limit: int) -> list[dict[str, object]]:
        """The next fixes that fell due since the origin, oldest first, at most `limit`."""
        until = min(int(elapsed_s * self._per_s), self._taken + limit)
        due = [self._fix(number) for number in range(self._taken, until)]
        self._taken += len(due)
        return due

    def behind_s(self, elapsed_s: float) -> float:
        """How long the oldest fix that was not taken yet has been due."""
        return elapsed_s - self._taken / self._per_s

    def _fix(self, number: int) -> dict[str, object]:
        index = number % len(self._slugs)
        time_s = number / self._per_s
        moment = self._drivers[index].at(time_s)
        return {
            "vehicle": self._slugs[index],
            "fix_time": round((self._origin_s + time_s) * 1000),
            "lat": round(moment.lat, 7),
            "lon": round(moment.lon, 7),
            "speed_mps": round(moment.speed_mps, 2),
            "course_deg": None if moment.course_deg is None else round(moment.course_deg, 1) % 360,
        }


def make_drivers(kinds: Sequence[str], *, seed: int, noise_m: float) -> list[Driver]:
    """A driver for each kind of vehicle; bicycles keep to slow streets. Raises StreetsMissing."""
    streets = load_streets()
    lanes = load_streets(without=FAST_CLASSES) if "bike" in kinds else streets
    places, bike_places = choose_places(streets, seed=seed), choose_places(lanes, seed=seed)
    return [
        Driver(lanes, bike_places, seed=f"{seed} {i}", kind=kind, noise_m=noise_m)
        if kind == "bike"
        else Driver(streets, places, seed=f"{seed} {i}", kind=kind, noise_m=noise_m)
        for i, kind in enumerate(kinds)
    ]
