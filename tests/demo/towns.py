"""Small towns to drive in: street data as the front-end build writes it."""

from random import Random
from typing import Any

from tracking.demo.streets import Streets, streets_from_json

WEST, SOUTH, STEP = 11.9, 57.7, 0.004
CLASSES = ["motorway", "secondary", "residential", "living_street"]


def make_way(*points: tuple[float, float], road_class: str = "residential", oneway: int = 0, limit: Any = None) -> Any:
    """Points as (lon, lat) in steps from the town's south-west corner."""
    places = [[round(WEST + STEP * x, 6), round(SOUTH + STEP * y, 6)] for x, y in points]
    return {"c": CLASSES.index(road_class), "n": None, "o": oneway, "v": limit, "p": places}


def make_streets(*ways: Any) -> Streets:
    return streets_from_json({"classes": CLASSES, "ways": list(ways)})


def make_town(seed: int, size: int = 5) -> Streets:
    """A grid of crooked streets, some of them one-way, some missing."""
    chance = Random(seed)
    ways = []
    for x in range(size):
        for y in range(size):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < size and y + dy < size and chance.random() < 0.9:
                    bend = (x + dx * 0.5 + chance.uniform(-0.2, 0.2), y + dy * 0.5 + chance.uniform(-0.2, 0.2))
                    oneway = chance.choice((0, 0, 0, 1, -1))
                    road_class = chance.choice(CLASSES)
                    ways.append(make_way((x, y), bend, (x + dx, y + dy), road_class=road_class, oneway=oneway))
    return make_streets(*ways)
