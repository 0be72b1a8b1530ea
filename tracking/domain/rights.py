"""What a person may see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """`regions` are ids; they do not matter when `everything` is true."""

    user: int
    everything: bool
    regions: frozenset[int]

    def may_watch(self, region: int | None) -> bool:
        """None stands for all regions together."""
        return self.everything or (region is not None and region in self.regions)
