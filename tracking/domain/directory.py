"""What a process knows of the office: vehicles, devices, regions; one frozen picture, replaced as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracking.domain.duty import OffDuty
from tracking.domain.region_rules import Rule, RuleKind
from tracking.domain.regions import RegionIndex
from tracking.domain.rest import MANNERS, Manner


class VehicleCard(NamedTuple):
    """What others see of a vehicle; the live protocol names it so.

    `off_duty_since_ms`: since when its driver is off duty, in ms since 1970 UTC; None: on duty. `driver`: by name; empty: not told.
    """

    id: int
    slug: str
    name: str
    plate: str
    kind: str
    colour: str
    active: bool
    driver: str = ""
    off_duty_since_ms: int | None = None


class RegionCard(NamedTuple):
    """`version` is of 64 bits, the same in every process, and another one for another slug, name, colour or polygon."""

    id: int
    slug: str
    name: str
    colour: str
    version: int = 0


class Device(NamedTuple):
    """Who posts: `vehicle` is the one it posts for, None for a gateway that names the vehicle in each fix. `label` is its name."""

    id: int
    vehicle: int | None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """`devices` by token digest. Revoked tokens are not in it; inactive vehicles are. `off_duty`: by vehicle, in order of time.

    `ready_ids`: of vehicles that take fixes of any time, by slug.
    """

    revision: int
    vehicles: Mapping[int, VehicleCard]
    vehicle_ids: Mapping[str, int]
    regions: Mapping[int, RegionCard]
    region_ids: Mapping[str, int]
    devices: Mapping[bytes, Device]
    index: RegionIndex
    off_duty: Mapping[int, tuple[OffDuty, ...]] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    ready_ids: Mapping[str | None, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cards = self.vehicles.values()
        ready = {card.slug: card.id for card in cards if card.active and card.id not in self.off_duty}
        object.__setattr__(self, "ready_ids", ready)  # the way of the frozen

    def manner_of(self, vehicle: int) -> Manner:
        """How it moves; of one that is not known, as of any other."""
        card = self.vehicles.get(vehicle)
        return MANNERS["other" if card is None else card.kind]

    @property
    def speed_rules(self) -> Sequence[Rule]:
        return [rule for rule in self.rules if rule.kind is RuleKind.SPEED]
