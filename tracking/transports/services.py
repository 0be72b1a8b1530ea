"""What the transports need of the rest; `wiring` gives it."""

from typing import Protocol

from tracking.domain.access import Office
from tracking.domain.counters import Counters
from tracking.domain.directory import Device, Directory
from tracking.ingest.intake import Intake
from tracking.ingest.looks import LookLog
from tracking.ingest.mail import Mail
from tracking.live.feed import LiveFeed
from tracking.live.ops_room import OpsRoom
from tracking.live.presence_feed import PresenceFeed
from tracking.transports.admission import Admission
from tracking.transports.roster import Roster


class Services(Protocol):
    """One in a process."""

    feed: LiveFeed
    presence: PresenceFeed
    ops_room: OpsRoom
    intake: Intake
    mail: Mail
    looks: LookLog
    counters: Counters
    admission: Admission
    roster: Roster

    @property
    def office(self) -> Office:
        """The newest pictures that the process has."""
        ...

    @property
    def directory(self) -> Directory: ...

    @property
    def is_running(self) -> bool:
        """Whether `start` has ended."""
        ...

    async def start(self) -> None:
        """Harmless when it runs already. Raises Unavailable."""
        ...

    async def find_device(self, token: str) -> Device | None:
        """None for a token that is unknown or revoked."""
        ...
