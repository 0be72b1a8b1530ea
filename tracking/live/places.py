"""What a live room is about, the group that carries its news, and how it is read from the store."""

from typing import NamedTuple

from tracking.domain.latest import SOMEWHERE, Standing
from tracking.live.channels import Channel, Namespace
from tracking.live.events import MOST_EVENTS, REMEMBER_EVENTS_MS
from tracking.live.hub import REMEMBER_DEPARTURES_MS
from tracking.live.news import ALL, Group, News, driver_group, group_of
from tracking.storage.records import RecentEvents, RoomRows
from tracking.storage.telemetry import Telemetry


class Place(NamedTuple):
    """A region, one vehicle, or neither: everything. `has_positions` False: only what happens there."""

    region: int | None = None
    vehicle: int | None = None
    has_positions: bool = True

    @property
    def group(self) -> Group:
        """A vehicle's positions come with everyone's: a group for each would cost a send for each."""
        if self.vehicle is None:
            return group_of(self.region)
        return ALL if self.has_positions else driver_group(self.vehicle)

    def narrow(self, news: list[News]) -> list[News]:
        """The part of the group's news that belongs here."""
        return news if self.vehicle is None else [item.about(self.vehicle) for item in news]

    def load_standing(self, telemetry: Telemetry) -> Standing:
        """Where the vehicle is; nowhere without one. Read after its rows: none may be newer."""
        return SOMEWHERE if self.vehicle is None else telemetry.standing_of(self.vehicle)

    def load(
        self, telemetry: Telemetry, *, rows_since_ms: int = 0, events_since_ms: int | None = None
    ) -> tuple[RoomRows, RecentEvents]:
        """All that is there, or what changed since; the rows are read first, so that no event or alarm is behind their watermark."""
        rows = self._load_rows(telemetry, rows_since_ms)
        if self.has_positions:
            alarms_since_ms = rows_since_ms or rows.watermark_ms - REMEMBER_DEPARTURES_MS
            rows = rows._replace(alarms=telemetry.load_alarms(since_ms=alarms_since_ms))
        since_ms = rows.watermark_ms - REMEMBER_EVENTS_MS if events_since_ms is None else events_since_ms
        return rows, telemetry.load_recent_events(
            since_ms=since_ms, region=self.region, vehicle=self.vehicle, limit=MOST_EVENTS
        )

    def _load_rows(self, telemetry: Telemetry, since_ms: int) -> RoomRows:
        if self.vehicle is None:
            return telemetry.load_room(self.region, since_ms=since_ms, gone_within_ms=REMEMBER_DEPARTURES_MS)
        return telemetry.load_vehicle(self.vehicle if self.has_positions else None)


def place_of(channel: Channel) -> Place:
    """Of a channel that exists."""
    if channel.namespace is Namespace.REGION:
        return Place(region=channel.id)
    return Place(vehicle=channel.id, has_positions=channel.namespace is Namespace.VEHICLE)
