"""What a person may see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """`regions` are ids; they do not matter when `everything` is true. `staff` may see how the server does."""

    user: int
    everything: bool
    regions: frozenset[int]
    staff: bool = False

    def may_watch(self, region: int | None) -> bool:
        """None stands for all regions together."""
        return self.everything or (region is not None and region in self.regions)

    def may_watch_vehicle(self, regions: frozenset[int]) -> bool:
        """`regions`: where the vehicle is now."""
        return self.everything or not self.regions.isdisjoint(regions)


NO_RIGHTS = Rights(user=0, everything=False, regions=frozenset())
