"""Counts the open connections of each user, and of each share's guests, in this process."""

from typing import Protocol

from tracking.live.closing import CloseCode
from tracking.live.limits import CONNECTIONS_OF_SHARE, CONNECTIONS_OF_USER


class Ending(Protocol):
    def close(self, code: CloseCode) -> None: ...


class Roster:
    """The oldest of too many has to go. A reader is a user's id or a share's digest, as `Caller.reader` gives it."""

    def __init__(self) -> None:
        self._of_reader: dict[int | bytes, list[Ending]] = {}

    def enter(self, reader: int | bytes, connection: Ending) -> None:
        connections = self._of_reader.setdefault(reader, [])
        connections.append(connection)
        most = CONNECTIONS_OF_USER if isinstance(reader, int) else CONNECTIONS_OF_SHARE
        if len(connections) > most:
            connections.pop(0).close(CloseCode.TOO_MANY_CONNECTIONS)

    def leave(self, reader: int | bytes, connection: Ending) -> None:
        """Harmless for one that is not there."""
        connections = self._of_reader.get(reader, [])
        if connection in connections:
            connections.remove(connection)
        if not connections:
            self._of_reader.pop(reader, None)
