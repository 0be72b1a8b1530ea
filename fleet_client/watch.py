"""Watches channels of the live map and comes back by itself, with cursors."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from fleet_client.backoff import HEALTHY_AFTER_S, retry_delay_s
from fleet_client.live import LiveConnection, Lost, Message, open_live
from fleet_client.results import Rejected

Frame: TypeAlias = dict[str, Any]
"""A `snapshot` or `delta` as the protocol writes it."""

ACK_AT_FRAMES = 4  # the server waits for an acknowledgement after 8…
ACK_AT_ROWS = 500  # …or 256 KiB: a row with its vehicle's name takes some 200 bytes


@dataclass(slots=True)
class Joined:
    """What is known of one channel: the newest cursor, the `seq` of the newest frame on this connection."""

    cursor: str | None = None
    seq: int = 0
    restarting: bool = False


class LiveWatcher:
    """Identify yourself by `token`, or by `headers` with a session cookie and its `origin` (see `log_in`)."""

    def __init__(
        self,
        url: str,
        channels: Iterable[str],
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        origin: str | None = None,
    ) -> None:
        self._url = url
        self._who: dict[str, Any] = {"token": token, "headers": headers, "origin": origin}
        self._joined = {channel: Joined() for channel in channels}
        self.welcome: Message = {}

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """Snapshots and deltas of all channels, without gaps. Raises NotAuthorised or Rejected; never ends otherwise."""
        attempt = 0
        while True:
            began_s = time.monotonic()
            try:
                async for frame in self._converse():
                    yield frame
            except Lost as error:
                attempt = 0 if time.monotonic() - began_s > HEALTHY_AFTER_S else attempt
                retry_s = error.retry_s
            await asyncio.sleep(retry_delay_s(attempt, at_least_s=retry_s))
            attempt += 1

    async def _converse(self) -> AsyncGenerator[Frame, None]:
        connection = await open_live(self._url, **self._who)
        self.welcome = connection.welcome
        try:
            for channel in self._joined:
                await self._join(connection, channel)
            frames = rows = 0
            async for message in connection.messages():
                if message.get("type") == "error":
                    raise error_from(message)
                if message.get("type") not in {"snapshot", "delta"}:
                    continue
                frames, rows = frames + 1, rows + len(message["rows"])
                if frames >= ACK_AT_FRAMES or rows >= ACK_AT_ROWS:
                    await connection.send({"type": "ack", "seq": message["seq"]})
                    frames = rows = 0
                if await self._fits(connection, message):
                    yield message
        finally:
            await connection.close()

    async def _join(self, connection: LiveConnection, channel: str) -> None:
        known = self._joined[channel]
        known.restarting = True
        number = list(self._joined).index(channel) + 1
        asked = {"type": "join", "id": number, "channel": channel}
        await connection.send(asked if known.cursor is None else {**asked, "cursor": known.cursor})

    async def _fits(self, connection: LiveConnection, frame: Frame) -> bool:
        """Whether the frame follows what is known; after a gap joins the channel again."""
        known = self._joined.get(frame["channel"])
        if known is None:
            return False
        starts = frame["prev"] == 0 if frame["type"] == "delta" else frame["part"] == 1
        if known.restarting and not starts:
            return False
        if not starts and frame["type"] == "delta" and frame["prev"] > known.seq:
            await self._join(connection, frame["channel"])
            return False
        known.seq, known.restarting = frame["seq"], False
        if frame["type"] == "delta" or frame["part"] == frame["parts"]:
            known.cursor = frame["cursor"]
        return True


def error_from(message: Message) -> Lost | Rejected:
    """Lost when trying again can help."""
    sentence = f"{message.get('code')}: {message.get('reason')}"
    retry_s = message.get("retry_after_s")
    return Rejected(sentence) if retry_s is None else Lost(sentence, retry_s=retry_s)
