"""Adds up a vehicle's days from its fixes and its visits."""

from collections.abc import Sequence
from typing import NamedTuple

from tracking.api.history_schemas import DayTotals, RegionStay
from tracking.api.sight import Span, load_all_visits
from tracking.api.trip_reading import TooManyFixes, TripReading
from tracking.domain.calendar_days import Day
from tracking.domain.directory import Directory
from tracking.domain.summary import Totals, totals
from tracking.storage.records import Visit
from tracking.storage.telemetry import Telemetry
from tracking.wire.rfc3339 import encode_if_known, encode_time

MAX_FIXES = 5_000_000  # in one answer: eight seconds


class Stays(NamedTuple):
    """Of one vehicle in the days. What lasts is known up to `known_ms`."""

    visits: list[Visit]
    known_ms: int


class SummaryReading:
    """Of one vehicle after the other. `fixes` counts what was read of all of them; `regions` are those that the reader may watch."""

    def __init__(self, telemetry: Telemetry, directory: Directory, regions: Sequence[int]) -> None:
        self.telemetry = telemetry
        self._directory = directory
        self._regions = list(regions)
        self.fixes = 0

    def reading(self, vehicle: int, seen: Sequence[Span]) -> TripReading:
        return TripReading(self.telemetry, vehicle, self._directory.manner_of(vehicle), seen)

    def stays(self, vehicles: Sequence[int], days: Sequence[Day]) -> dict[int, Stays]:
        """Of each vehicle. Reads no fix. The days follow one another."""
        asked = (days[0].from_ms, days[-1].to_ms)
        visits: dict[int, list[Visit]] = {vehicle: [] for vehicle in vehicles}
        only = vehicles[0] if len(vehicles) == 1 else None
        for visit in load_all_visits(self.telemetry, self._regions, vehicle=only, asked=asked):
            if visit.vehicle in visits:
                visits[visit.vehicle].append(visit)
        lasting = [vehicle for vehicle in vehicles if any(visit.exit_ms is None for visit in visits[vehicle])]
        rows = self.telemetry.load_latest(lasting) if lasting else []
        known_ms = {row.latest.fix.vehicle: min(row.latest.fix.fix_time_ms, asked[1]) for row in rows}
        return {vehicle: Stays(visits[vehicle], known_ms.get(vehicle, 0)) for vehicle in vehicles}

    def slugs(self, stays: Stays) -> dict[int, str]:
        """Of the regions of stays."""
        return {visit.region: self._directory.regions[visit.region].slug for visit in stays.visits}

    def days(self, reading: TripReading, stays: Stays, days: Sequence[Day]) -> list[DayTotals]:
        """The days follow one another. Raises TooManyFixes."""
        sums = self._sums(reading, days)
        return [day_totals(day, sums[index], self._regions_on(day, stays)) for index, day in enumerate(days)]

    def _sums(self, reading: TripReading, days: Sequence[Day]) -> list[Totals]:
        sums = [Totals()] * len(days)
        for piece in reading.pieces((days[0].from_ms, days[-1].to_ms)):
            if self.fixes + reading.fixes > MAX_FIXES:
                raise TooManyFixes(f"takes reading more than {MAX_FIXES:,} fixes; ask for less at once")
            for index, day in enumerate(days):
                from_ms, to_ms = max(day.from_ms, piece.from_ms), min(day.to_ms, piece.to_ms)
                if from_ms < to_ms:
                    sums[index] += totals(piece.journey, piece.items, from_ms, to_ms)
        self.fixes += reading.fixes
        return sums

    def _regions_on(self, day: Day, stays: Stays) -> list[RegionStay]:
        """By region's slug. A visit that lasts is counted as far as is known."""
        counts: dict[str, int] = {}
        lasted_ms: dict[str, int] = {}
        for visit in stays.visits:
            end_ms = stays.known_ms if visit.exit_ms is None else visit.exit_ms
            in_day_ms = min(end_ms, day.to_ms) - max(visit.enter_ms, day.from_ms)
            starts = day.from_ms <= visit.enter_ms < day.to_ms
            if starts or in_day_ms > 0:
                slug = self._directory.regions[visit.region].slug
                counts[slug] = counts.get(slug, 0) + starts
                lasted_ms[slug] = lasted_ms.get(slug, 0) + max(0, in_day_ms)
        return [RegionStay(region=slug, visits=counts[slug], seconds=lasted_ms[slug] / 1000) for slug in sorted(counts)]


def day_totals(day: Day, sums: Totals, regions: list[RegionStay]) -> DayTotals:
    return DayTotals(
        day=day.date.isoformat(),
        start_time=encode_time(day.from_ms),
        end_time=encode_time(day.to_ms),
        distance_m=round(sums.distance_m, 1),
        moving_s=round(sums.moving_s, 3),
        idle_s=round(sums.idle_s, 3),
        stopped_s=round(sums.stopped_s, 3),
        unseen_s=round(sums.unseen_s, 3),
        max_speed_mps=round(sums.max_speed_mps, 2) if sums.moving_s or sums.distance_m else None,
        first_start=encode_if_known(sums.first_start_ms),
        last_stop=encode_if_known(sums.last_stop_ms),
        trips=sums.trips,
        stops=sums.stops,
        regions=regions,
    )
