"""What the transports need of the rest; `wiring` gives it."""

from collections.abc import Awaitable
from typing import Any, Protocol

from tracking.domain.counters import Counters
from tracking.domain.directory import Device, Directory
from tracking.domain.rights import Rights
from tracking.ingest.intake import Intake
from tracking.live.feed import LiveFeed


class Services(Protocol):
    """One in a process."""

    feed: LiveFeed
    intake: Intake
    counters: Counters

    @property
    def directory(self) -> Directory: ...

    async def start(self) -> None:
        """Harmless when it runs already. Raises Unavailable."""
        ...

    async def find_device(self, token: str) -> Device | None:
        """None for a token that is unknown or revoked."""
        ...

    def find_rights(self, user: Any) -> Awaitable[Rights | None]:
        """None for nobody."""
        ...
