"""The WebSocket consumer of `/live/v1/ws`."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from channels.consumer import AsyncConsumer
from django.conf import settings

from tracking.domain.errors import Unavailable
from tracking.live.closing import CloseCode
from tracking.transports.connection import LiveConnection
from tracking.transports.services import Services

logger = logging.getLogger(__name__)

SUBPROTOCOL = "fleet.v1.json"


class LiveConsumer(AsyncConsumer):  # type: ignore[misc]
    """Channels routes to it and puts the session's user into its scope.

    It replaces Channels' own loop: messages pass without `dispatch`, and it has no channel layer of its own, since one
    receiver serves the whole process.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    async def __call__(
        self,
        scope: Mapping[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[Mapping[str, Any]], Awaitable[None]],
    ) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        offered = scope.get("subprotocols") or []
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if SUBPROTOCOL in offered else None})
        connection = LiveConnection(self._services, send)
        try:
            await self._admit(connection, scope, offered)
            await self._converse(connection, receive)
        finally:
            connection.gone()

    async def _admit(self, connection: LiveConnection, scope: Mapping[str, Any], offered: list[str]) -> None:
        """Finds out who asks. A cookie counts only when a page of this site opened the socket."""
        origin = _header(scope, b"origin")
        if origin is not None and not is_own_origin(origin, _header(scope, b"host")):
            connection.close(CloseCode.FORBIDDEN)
        elif offered and SUBPROTOCOL not in offered:
            connection.close(CloseCode.VERSION)
        else:
            try:
                await self._services.start()
                await self._identify(connection, scope, has_origin=origin is not None)
            except Unavailable as error:
                connection.close(CloseCode.OVERLOAD, error.reason)

    async def _identify(self, connection: LiveConnection, scope: Mapping[str, Any], *, has_origin: bool) -> None:
        scheme, _, token = (_header(scope, b"authorization") or "").partition(" ")
        if scheme.lower() == "bearer" and token:
            connection.session.device = await self._services.find_device(token.strip())
        if has_origin:
            connection.session.rights = await self._services.find_rights(scope["user"])

    @staticmethod
    async def _converse(connection: LiveConnection, receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        logger.info("connection %s is open", connection.session.connection)
        while (message := await receive())["type"] != "websocket.disconnect":
            text = message.get("text")
            await connection.receive(message.get("bytes") or b"" if text is None else text)
        logger.info("connection %s has left with %s", connection.session.connection, message.get("code"))


def is_own_origin(origin: str, host: str | None) -> bool:
    """The page's host is the host asked for, or one of CSRF_TRUSTED_ORIGINS, compared exactly."""
    return origin in settings.CSRF_TRUSTED_ORIGINS or (host is not None and urlsplit(origin).netloc == host)


def _header(scope: Mapping[str, Any], name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)
