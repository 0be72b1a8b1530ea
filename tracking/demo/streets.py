"""The demo streets as a graph to drive on: junctions, one-way legs between them, quickest routes.

Only the largest part in which every junction reaches every other is kept, so that a route always exists.
"""

import json
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from tracking.domain.geo import distance_m

STREETS_FILE = Path(__file__).resolve().parents[2] / "frontend" / "generated" / "streets.json"
MPS_FROM_KMH = 1 / 3.6

LIMIT_KMH: Mapping[str, float] = {
    "motorway": 80,
    "trunk": 70,
    "primary": 60,
    "secondary": 50,
    "tertiary": 50,
    "motorway_link": 50,
    "trunk_link": 50,
    "primary_link": 40,
    "secondary_link": 40,
    "tertiary_link": 40,
    "living_street": 15,
}
"""Where no sign is known. Town speeds, since the streets are those of a town."""
OTHER_LIMIT_KMH = 30.0

FAST_CLASSES = frozenset({"motorway", "trunk", "motorway_link", "trunk_link"})
"""Closed to bicycles."""

SIGNAL_CLASSES = frozenset({"primary", "secondary", "tertiary"})
"""Where they meet another street there may be a traffic light."""

Place: TypeAlias = tuple[float, float]
"""lat, lon"""


class StreetsMissing(Exception):
    """The file has not been made yet; the message says how."""


class Leg(NamedTuple):
    """A drivable way from one junction to the next, in driving direction."""

    start: int
    end: int
    points: tuple[Place, ...]
    length_m: float
    limit_mps: float
    road_class: str


class Streets:
    """`junctions[i]` is a place; `leaving[i]` are the legs that start there."""

    def __init__(self, legs: Iterable[Leg], places: Sequence[Place]) -> None:
        legs = list(legs)
        kept = largest_strong_part(len(places), legs)
        number = {old: new for new, old in enumerate(sorted(kept))}
        self.junctions = [places[old] for old in number]
        self.leaving: list[list[Leg]] = [[] for _ in number]
        self._arriving: list[list[Leg]] = [[] for _ in number]
        for whole in legs:
            if whole.start in number and whole.end in number:
                leg = whole._replace(start=number[whole.start], end=number[whole.end])
                self.leaving[leg.start].append(leg)
                self._arriving[leg.end].append(leg)
        self._towards: dict[int, list[Leg | None]] = {}

    def route(self, start: int, goal: int) -> list[Leg]:
        """The quickest legs from junction to junction, empty when they are the same.

        All routes to one goal are worked out together and kept: cheap when many vehicles share few goals.
        """
        if goal not in self._towards:
            self._towards[goal] = self._quickest_to(goal)
        following, route = self._towards[goal], list[Leg]()
        while (leg := following[start]) is not None:
            route.append(leg)
            start = leg.end
        return route

    def has_signal(self, junction: int) -> bool:
        """Whether a traffic light is likely: three streets or more meet, one of them busy."""
        legs = self.leaving[junction]
        neighbours = {leg.end for leg in legs} | {leg.start for leg in self._arriving[junction]}
        return len(neighbours) >= 3 and any(leg.road_class in SIGNAL_CLASSES for leg in legs)

    def _quickest_to(self, goal: int) -> list[Leg | None]:
        """For each junction the next leg to take (Dijkstra's algorithm, against the driving direction)."""
        following: list[Leg | None] = [None] * len(self.junctions)
        quickest_s = [float("inf")] * len(self.junctions)
        quickest_s[goal] = 0.0
        heap = [(0.0, goal)]
        while heap:
            time_s, junction = heappop(heap)
            if time_s > quickest_s[junction]:
                continue
            for leg in self._arriving[junction]:
                total_s = time_s + leg.length_m / leg.limit_mps
                if total_s < quickest_s[leg.start]:
                    quickest_s[leg.start] = total_s
                    following[leg.start] = leg
                    heappush(heap, (total_s, leg.start))
        return following


def load_streets(path: Path = STREETS_FILE, *, without: Collection[str] = ()) -> Streets:
    """Leaves out the road classes in `without`. Raises StreetsMissing."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StreetsMissing(f"{path} is not there; `make build` makes it") from None
    return streets_from_json(data, without=without)


def streets_from_json(data: Mapping[str, Any], *, without: Collection[str] = ()) -> Streets:
    """`data` as `frontend/scripts/build-streets.mjs` describes it."""
    classes = data["classes"]
    ways = [way for way in data["ways"] if classes[way["c"]] not in without]
    lines = [[(lat, lon) for lon, lat in way["p"]] for way in ways]
    uses = Counter(place for line in lines for place in line)
    junctions = {place for place, count in uses.items() if count > 1}
    junctions.update(place for line in lines for place in (line[0], line[-1]))
    numbers = {place: number for number, place in enumerate(sorted(junctions))}
    legs = [leg for way, line in zip(ways, lines, strict=True) for leg in _legs(way, line, classes, numbers)]
    return Streets(legs, list(numbers))


def _legs(
    way: Mapping[str, Any], line: Sequence[Place], classes: Sequence[str], numbers: Mapping[Place, int]
) -> Iterator[Leg]:
    road_class = classes[way["c"]]
    limit_kmh = way.get("v") or LIMIT_KMH.get(road_class, OTHER_LIMIT_KMH)
    for points in _pieces(line, numbers):
        length_m = sum(distance_m(*a, *b) for a, b in pairwise(points))
        leg = Leg(numbers[points[0]], numbers[points[-1]], points, length_m, limit_kmh * MPS_FROM_KMH, road_class)
        if way["o"] >= 0:
            yield leg
        if way["o"] <= 0:
            yield leg._replace(start=leg.end, end=leg.start, points=points[::-1])


def _pieces(line: Sequence[Place], numbers: Mapping[Place, int]) -> Iterator[tuple[Place, ...]]:
    """Cuts a line at junctions. A piece that ends where it began leads nowhere and is left out."""
    piece = [line[0]]
    for place in line[1:]:
        if place != piece[-1]:
            piece.append(place)
        if place in numbers and len(piece) > 1:
            if piece[0] != place:
                yield tuple(piece)
            piece = [place]


def largest_strong_part(count: int, legs: Iterable[Leg]) -> set[int]:
    """The largest set of junctions that all reach each other (Kosaraju's algorithm)."""
    forward: list[list[int]] = [[] for _ in range(count)]
    backward: list[list[int]] = [[] for _ in range(count)]
    for leg in legs:
        forward[leg.start].append(leg.end)
        backward[leg.end].append(leg.start)
    largest: set[int] = set()
    seen: set[int] = set()
    for root in reversed(_finishing_order(forward)):
        if root not in seen:
            part = _reachable(root, backward, seen)
            largest = max(largest, part, key=len)
    return largest


def _finishing_order(following: Sequence[Sequence[int]]) -> list[int]:
    order: list[int] = []
    seen: set[int] = set()
    for root in range(len(following)):
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(following[root]))]
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if other not in seen:
                    seen.add(other)
                    stack.append((other, iter(following[other])))
                    break
            else:
                order.append(node)
                stack.pop()
    return order


def _reachable(root: int, following: Sequence[Sequence[int]], seen: set[int]) -> set[int]:
    """All that `root` reaches and nobody has seen yet; they are seen from now on."""
    part = {root}
    seen.add(root)
    queue = deque([root])
    while queue:
        for other in following[queue.popleft()]:
            if other not in seen:
                seen.add(other)
                part.add(other)
                queue.append(other)
    return part
