"""Who may join what."""

import pytest

from tests.builders import (
    BOSS,
    CLERK,
    EAST,
    GATEWAY_TOKEN,
    IDLER,
    VAN_TOKEN,
    WATCHER,
    WEST,
    make_caller,
    make_directory,
    make_office,
)
from tracking.domain.access import Caller
from tracking.domain.regions import NOWHERE
from tracking.live.channels import denial, find_channel, may_hear

CALLERS = {
    "boss": make_caller(BOSS),
    "watcher": make_caller(WATCHER),
    "idler": make_caller(IDLER),
    "clerk": make_caller(CLERK),
    "van": make_caller(token=VAN_TOKEN),
    "gateway": make_caller(token=GATEWAY_TOKEN),
    "driver": make_caller(WATCHER, token=VAN_TOKEN),
}
"""The van is in the West; `watcher` and `driver` may watch West."""

MAY_JOIN = {
    "region:west": {"boss", "watcher", "driver"},
    "region:east": {"boss"},
    "region:all": {"boss"},
    "vehicle:van": {"boss", "watcher", "driver"},
    "vehicle:bus": {"boss"},
    "driver:van": {"boss", "watcher", "van", "driver"},
    "driver:bus": {"boss"},
    "admin:ops": {"clerk"},
    "region:nowhere": set(),
    "vehicle:nothing": set(),
    "driver:nothing": set(),
    "admin:other": set(),
}
TOLD_THAT_IT_IS_UNKNOWN = {
    "region:nowhere": {"boss"},
    "vehicle:nothing": {"boss"},
    "driver:nothing": {"boss"},
    "admin:other": {"clerk"},
}
REGIONS_OF_VEHICLES = {"van": frozenset({WEST}), "bus": frozenset({EAST})}


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("name", MAY_JOIN)
def test_who_may_join_what(name: str, who: str) -> None:
    """Only who may see everything of a kind learns what does not exist."""
    channel = find_channel(name, make_directory())
    assert channel is not None
    why_not = denial(
        channel, CALLERS[who], make_office(), vehicle_regions=REGIONS_OF_VEHICLES.get(channel.room, NOWHERE)
    )
    if who in MAY_JOIN[name]:
        assert why_not is None
    else:
        is_unknown = who in TOLD_THAT_IT_IS_UNKNOWN.get(name, ())
        assert why_not is not None and why_not.code == ("unknown_channel" if is_unknown else "forbidden")


@pytest.mark.parametrize("name", ["vehicle:van", "vehicle:bus", "driver:bus"])
def test_before_a_vehicle_is_located_it_may_be_in_ones_regions(name: str) -> None:
    channel = find_channel(name, make_directory())
    assert channel is not None
    assert denial(channel, CALLERS["watcher"], make_office(), vehicle_regions=None) is None
    assert denial(channel, CALLERS["idler"], make_office(), vehicle_regions=None) is not None


@pytest.mark.parametrize(
    ("region", "hearers"),
    [("west", {"boss", "watcher", "van", "driver"}), ("east", {"boss", "van", "driver"}), (None, {*CALLERS})],
)
def test_a_vehicles_room_tells_nothing_of_regions_one_may_not_watch(region: str | None, hearers: set[str]) -> None:
    """But its driver is told where it is."""
    event = {"channel": "vehicle:van", "vehicle": 1, "region": region}
    assert {who for who, caller in CALLERS.items() if may_hear(event, caller, make_office())} == hearers


def test_a_vehicle_outside_of_every_region_is_for_who_sees_everything() -> None:
    channel = find_channel("vehicle:van", make_directory())
    assert channel is not None
    assert denial(channel, CALLERS["boss"], make_office()) is None
    assert denial(channel, CALLERS["watcher"], make_office()) is not None


@pytest.mark.parametrize("name", ["", ":", "region", "nonsense:all", "Region:all"])
def test_other_names_are_no_channels(name: str) -> None:
    channel = find_channel(name, make_directory())
    assert channel is None or denial(channel, Caller(), make_office()) is not None
