"""The WebSocket consumer of `/live/v1/ws`."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from channels.consumer import AsyncConsumer

from tracking.domain.access import NOBODY
from tracking.domain.errors import Unavailable
from tracking.live.closing import CloseCode
from tracking.transports.admission import is_foreign
from tracking.transports.connection import LiveConnection
from tracking.transports.services import Services

logger = logging.getLogger(__name__)

JSON, PACKED = "fleet.v1.json", "fleet.v1.bin"


class LiveConsumer(AsyncConsumer):  # type: ignore[misc]
    """Channels routes to it.

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
        spoken = next((name for name in offered if name in {JSON, PACKED}), None)
        await send({"type": "websocket.accept", "subprotocol": spoken})
        connection = LiveConnection(self._services, send, is_packed=spoken == PACKED)
        connection.register()
        try:
            await self._admit(connection, scope, is_spoken=spoken is not None or not offered)
            await self._converse(connection, receive)
        finally:
            connection.gone()

    async def _admit(self, connection: LiveConnection, scope: Mapping[str, Any], *, is_spoken: bool) -> None:
        """Finds out who asks, unless `hello` will say so."""
        if is_foreign(scope):
            connection.close(CloseCode.FORBIDDEN)
        elif not is_spoken:
            connection.close(CloseCode.VERSION)
        else:
            try:
                await self._services.start()
                connection.session.caller = await self._services.admission.identify(scope) or NOBODY
            except Unavailable as error:
                connection.close(CloseCode.OVERLOAD, error.reason)

    @staticmethod
    async def _converse(connection: LiveConnection, receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        logger.info("connection %s is open", connection.session.connection)
        while (message := await receive())["type"] != "websocket.disconnect":
            text = message.get("text")
            await connection.receive(message.get("bytes") or b"" if text is None else text)
        logger.info("connection %s has left with %s", connection.session.connection, message.get("code"))
