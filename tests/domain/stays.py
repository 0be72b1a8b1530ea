"""Visits the plain way: what every other way of computing them has to give."""

from collections.abc import Sequence

from tracking.domain.fix import Fix
from tracking.domain.quality import spikes
from tracking.domain.regions import RegionIndex
from tracking.domain.visits import Stay, Walk


def stays_of(index: RegionIndex, fixes: Sequence[Fix]) -> list[Stay]:
    """All visits of a vehicle, from all its fixes in time order."""
    good = [fix for fix, spike in zip(fixes, spikes(fixes), strict=True) if not spike]
    walk = Walk(index)
    walk.go(good, index.containing([fix.lat for fix in good], [fix.lon for fix in good]))
    stays = [Stay(region, enter, left, seen) for region, enter, left, seen in walk.closed if enter is not None]
    return sorted([*stays, *(Stay(region, enter) for region, enter in walk.begun.items())])
