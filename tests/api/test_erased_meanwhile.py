"""A vehicle is erased, or a region deleted, between two looks of one answer at the office."""

from dataclasses import replace
from itertools import chain, repeat
from typing import Any

import pytest

from tests.api.conftest import Fleet
from tracking.domain.directory import Directory

HOUR = {"from": "2026-01-01T09:00:00Z", "to": "2026-01-01T10:00:00Z"}
ASKED: dict[str, dict[str, Any]] = {
    "fleet/at": {"time": "2026-01-01T09:00:05Z"},
    "fleet/replay": HOUR,
    "fleet/within": {**HOUR, "west": 11, "east": 13, "south": 57, "north": 58},
    "fleet/days": {"vehicles": "bus-1,truck", "day": "2026-01-01"},
    "fleet/summary": {"day": "2026-01-01"},
    "regions/haga/visits": HOUR,
    "vehicles": {},
    "vehicles/truck": {},
    "vehicles/truck/summary": HOUR,
    "vehicles/truck/track": HOUR,
    "vehicles/truck/trips": HOUR,
    "events": {"vehicle": "truck"},
}
MOST_LOOKS = 6


def without_truck_and_haga(directory: Directory) -> Directory:
    truck, haga = directory.vehicle_ids["truck"], directory.region_ids["haga"]
    return replace(
        directory,
        vehicles={id_: card for id_, card in directory.vehicles.items() if id_ != truck},
        vehicle_ids={slug: id_ for slug, id_ in directory.vehicle_ids.items() if id_ != truck},
        regions={id_: card for id_, card in directory.regions.items() if id_ != haga},
        region_ids={slug: id_ for slug, id_ in directory.region_ids.items() if id_ != haga},
    )


@pytest.mark.parametrize("path", ASKED)
async def test_it_fails_no_answer(fleet: Fleet, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Each answer is that of before or of afterwards."""
    fleet.store(fleet.make_fix("bus-1"), fleet.make_fix("truck"))
    before = fleet.directory
    after = without_truck_and_haga(before)
    for looks in range(MOST_LOOKS):
        pictures = chain([before] * looks, repeat(after))
        monkeypatch.setattr(Fleet, "directory", property(lambda _, pictures=pictures: next(pictures)))
        async with fleet.as_user("chief") as client:
            answer = await client.get(path, params=ASKED[path])
        assert answer.status_code in (200, 404, 422), (looks, answer.text)
