"""What the pages need of the running process, and where they find it."""

from typing import Any, Protocol, cast

from django.http import HttpRequest

from tracking.domain.directory import Directory
from tracking.ingest.housekeeping import Housekeeper
from tracking.live.ops_line import OpsLine
from tracking.live.presence_feed import PresenceFeed
from tracking.storage.telemetry import Telemetry


class Services(Protocol):
    """`directory` is the newest picture of the office that the process has."""

    telemetry: Telemetry
    presence: PresenceFeed
    ops_line: OpsLine
    housekeeper: Housekeeper

    @property
    def directory(self) -> Directory: ...

    async def refresh_office(self) -> None: ...


def services_of(request: HttpRequest) -> Services:
    scope: dict[str, Any] = request.scope  # type: ignore[attr-defined]
    return cast(Services, scope["fleet"])
