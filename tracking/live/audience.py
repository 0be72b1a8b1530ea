"""Who in this process reads whose presence, and what they are shown. No socket, no clock, no loop."""

from functools import partial
from typing import NamedTuple, Protocol

from tracking.live.attendees import Picture, Told, presence_message
from tracking.live.frames import Notice
from tracking.live.presence import Circle


class Reader(Protocol):
    """A connection that joined a room."""

    def show(self, notice: Notice) -> None:
        """Passes without credit. Must return at once."""
        ...


class Watched(NamedTuple):
    """A room and its readers; `told` is what they know."""

    circle: Circle
    told: Told
    readers: set[Reader]


class Audience:
    """Readers by the names of rooms that show presence."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._rooms: dict[str, Watched] = {}

    def enter(self, channel: str, circle: Circle, reader: Reader, *, now_ms: int) -> None:
        """Shows everybody, and from then on whoever changes."""
        self.listen(channel, circle, reader)
        people = self._picture.people(circle).values()
        reader.show(Notice(presence_message(channel, people, is_whole=True, now_ms=now_ms)))

    def listen(self, channel: str, circle: Circle, reader: Reader) -> None:
        """Shows only who changes."""
        if channel not in self._rooms:
            self._rooms[channel] = Watched(circle, Told(self._picture.people(circle)), set())
        self._rooms[channel].readers.add(reader)

    def leave(self, channel: str, reader: Reader) -> None:
        """Harmless for one that is not there."""
        if (room := self._rooms.get(channel)) is not None:
            room.readers.discard(reader)
            if not room.readers:
                del self._rooms[channel]

    def tell(self, *, now_ms: int) -> None:
        """What readers do not know yet."""
        touched = self._picture.take_touched()
        for channel, room in [item for item in self._rooms.items() if item[1].circle in touched]:
            find = partial(self._picture.find, room.circle)
            if news := room.told.take_news(touched[room.circle], find):
                notice = Notice(presence_message(channel, news, is_whole=False, now_ms=now_ms))
                for reader in list(room.readers):  # one that reads too slowly leaves while it is shown
                    reader.show(notice)
