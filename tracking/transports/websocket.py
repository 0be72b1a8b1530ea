"""The WebSocket consumer of `/live/v1/ws`."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from channels.consumer import AsyncConsumer

from tracking.domain.access import NOBODY
from tracking.domain.errors import Unavailable
from tracking.live.closing import CloseCode
from tracking.transports.admission import header, is_foreign
from tracking.transports.connection import LiveConnection
from tracking.transports.direct import EXTENSION, HandOver
from tracking.transports.direct_connection import DirectConnection
from tracking.transports.services import Services
from tracking.wire.websocket import accept_deflate

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
        is_spoken, is_packed = spoken is not None or not offered, spoken == PACKED
        hand_over: HandOver | None = scope.get("extensions", {}).get(EXTENSION)
        if hand_over is None:
            await send({"type": "websocket.accept", "subprotocol": spoken})
            connection = LiveConnection(self._services, send, is_packed=is_packed)
            await self._serve(connection, scope, self._converse(connection, receive), is_spoken=is_spoken)
            return
        deflate = accept_deflate(header(scope, b"sec-websocket-extensions") or "")
        headers = [] if deflate is None else [(b"sec-websocket-extensions", deflate.encode())]
        await send({"type": "websocket.accept", "subprotocol": spoken, "headers": headers})
        direct = DirectConnection(self._services, is_packed=is_packed, deflates=deflate is not None)
        try:
            await hand_over(direct.socket)
        except OSError as error:
            logger.info("a connection was not handed over: %s", error)
            return
        try:
            await self._let_go(direct, scope, is_spoken=is_spoken)
        except BaseException:
            direct.socket.line.abort()
            raise

    async def _serve(
        self, connection: LiveConnection, scope: Mapping[str, Any], until_over: Awaitable[object], *, is_spoken: bool
    ) -> None:
        connection.register()
        try:
            await self._admit(connection, scope, is_spoken=is_spoken)
            logger.info("connection %s is open", connection.session.connection)
            await until_over
        finally:
            connection.gone()

    async def _let_go(self, connection: DirectConnection, scope: Mapping[str, Any], *, is_spoken: bool) -> None:
        """Returns when it is admitted: it goes on by itself, and costs no more than itself."""
        connection.begin()
        await self._admit(connection, scope, is_spoken=is_spoken)
        logger.info("connection %s is open", connection.session.connection)
        connection.go_on()

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
                connection.await_hello()
            except Unavailable as error:
                connection.close(CloseCode.OVERLOAD, error.reason)

    @staticmethod
    async def _converse(connection: LiveConnection, receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            text = message.get("text")
            await connection.receive(message.get("bytes") or b"" if text is None else text)
        logger.info("connection %s has left with %s", connection.session.connection, message.get("code"))
