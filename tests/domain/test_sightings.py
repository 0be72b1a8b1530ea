"""What was heard of a device last, whatever the order in which it was heard."""

from itertools import permutations

from tracking.domain.sightings import Battery, Sighting, merged

LIVE = Sighting(300, 250, Battery(250, 40), "osmand")
BACKLOG = Sighting(310, 100, Battery(100, 80), "osmand")
HEARTBEAT = Sighting(320, None, Battery(320, 39), "traccar")
REPORT = Sighting(305, 290, None, "fleet")


def test_the_newest_of_each_counts_in_any_order() -> None:
    for order in permutations([LIVE, BACKLOG, HEARTBEAT, REPORT]):
        known = None
        for sighting in order:
            known = merged(known, sighting)
        assert known == Sighting(320, 290, Battery(320, 39), "traccar")


def test_a_backlog_does_not_fill_the_battery() -> None:
    assert merged(LIVE, BACKLOG).battery == Battery(250, 40)
