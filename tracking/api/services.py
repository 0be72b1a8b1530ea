"""What the endpoints need of the running process, and where they find it."""

from contextlib import suppress
from typing import Protocol, cast

from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest

from tracking.domain.directory import Directory
from tracking.domain.errors import Unavailable
from tracking.ingest.housekeeping import Housekeeper
from tracking.ingest.looks import LookLog
from tracking.ingest.mail import Mail
from tracking.storage.telemetry import Telemetry

SCOPE_KEY = "fleet"


class Services(Protocol):
    """`directory` is the newest picture of the office that the process has."""

    @property
    def telemetry(self) -> Telemetry: ...

    @property
    def directory(self) -> Directory: ...

    @property
    def mail(self) -> Mail: ...

    @property
    def looks(self) -> LookLog: ...

    @property
    def housekeeper(self) -> Housekeeper: ...

    async def refresh_office(self) -> None:
        """Returns once `directory` is as new as this call. Raises Unavailable."""
        ...


def services_of(request: HttpRequest) -> Services:
    """Raises ImproperlyConfigured when the ASGI application did not put the services into the scope."""
    scope = request.scope if isinstance(request, ASGIRequest) else {}
    if SCOPE_KEY not in scope:
        raise ImproperlyConfigured(
            f"The ASGI scope has no {SCOPE_KEY!r}: serve fleet.asgi.application, which puts the services of the process there."
        )
    return cast(Services, scope[SCOPE_KEY])


async def take_note(request: HttpRequest) -> None:
    """This process knows of the change before it is answered; the others a moment later, as this one when the office is away."""
    with suppress(Unavailable):
        await services_of(request).refresh_office()
