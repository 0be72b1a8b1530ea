"""Counts the open connections of each user in this process."""

from typing import Protocol

from tracking.live.closing import CloseCode
from tracking.live.limits import CONNECTIONS_OF_USER


class Ending(Protocol):
    def close(self, code: CloseCode) -> None: ...


class Roster:
    """The oldest of too many has to go."""

    def __init__(self) -> None:
        self._of_user: dict[int, list[Ending]] = {}

    def enter(self, user: int, connection: Ending) -> None:
        connections = self._of_user.setdefault(user, [])
        connections.append(connection)
        if len(connections) > CONNECTIONS_OF_USER:
            connections.pop(0).close(CloseCode.TOO_MANY_CONNECTIONS)

    def leave(self, user: int, connection: Ending) -> None:
        """Harmless for one that is not there."""
        connections = self._of_user.get(user, [])
        if connection in connections:
            connections.remove(connection)
        if not connections:
            self._of_user.pop(user, None)
