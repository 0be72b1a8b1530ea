"""A store and a writer to fill it by the same commit as real fixes."""

from collections.abc import Iterator, Sequence

import pytest

from tests.builders import START_MS, make_directory
from tracking.domain.events import Event
from tracking.domain.fix import Fix
from tracking.ingest.commit import Committed, commit
from tracking.ingest.settling import settle_marked, tell_due
from tracking.storage.telemetry import Telemetry, TelemetryWriter


class Store:
    """`telemetry` with one open writer."""

    def __init__(self, telemetry: Telemetry, writer: TelemetryWriter) -> None:
        self.telemetry = telemetry
        self.writer = writer
        self.index = make_directory().index

    def commit(self, *batches: Sequence[Fix]) -> Committed:
        with self.writer.transaction() as transaction:
            return commit(transaction, batches, index=self.index, received_ms=START_MS)

    def settle(self) -> list[Event]:
        """All that is marked; the events of it."""
        events: list[Event] = []
        while True:
            with self.writer.transaction() as transaction:
                if (settled := settle_marked(transaction, self.index)) is None:
                    return events
                events += settled[1]

    def tell(self, *, now_ms: int) -> list[Event]:
        """Of visits that have lasted long enough."""
        with self.writer.transaction() as transaction:
            return tell_due(transaction, self.index, now_ms=now_ms)

    def track(self, vehicle: int = 1) -> list[tuple[float | None, ...]]:
        return list(self.telemetry.load_track(vehicle, 0, 1 << 41, limit=100_000))


@pytest.fixture
def store(telemetry: Telemetry) -> Iterator[Store]:
    made = Store(telemetry, telemetry.open_writer())
    yield made
    made.writer.close()
