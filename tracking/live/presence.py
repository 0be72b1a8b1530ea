"""Who is connected here: one contact for each open connection, and for each reader that polls. No socket, no clock."""

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from tracking.domain.access import Caller, Office
from tracking.live.channels import Channel, Namespace

GRACE_MS = 3_000  # a reconnection takes less
POLL_LASTS_MS = 30_000  # after the last answer; a long poll waits less

Circle: TypeAlias = int
"""Those whose presence a room shows: by its id a vehicle's drivers and readers, or everybody."""
EVERYBODY: Circle = 0


class Contact(NamedTuple):
    """`vehicles`: ids of those whose rooms show it. `ended_ms`: None while it is open."""

    who: str
    role: Literal["driver", "dispatcher"]
    name: str
    vehicle: str | None
    vehicles: tuple[int, ...]
    transport: str
    since_ms: int
    ended_ms: int | None = None

    @property
    def circles(self) -> tuple[Circle, ...]:
        return (EVERYBODY, *self.vehicles)


def find_circle(channel: Channel) -> Circle | None:
    """None when the room shows nobody's presence."""
    match channel.namespace:
        case Namespace.VEHICLE | Namespace.DRIVER:
            return channel.id
        case Namespace.ADMIN:
            return EVERYBODY
    return None


def find_contact(
    caller: Caller, channels: Iterable[Channel], office: Office, *, transport: str, since_ms: int
) -> Contact | None:
    """None for a caller whose access was withdrawn. A device counts before the person who carries it."""
    if (device := caller.device(office)) is not None:
        card = None if device.vehicle is None else office.directory.vehicles.get(device.vehicle)
        vehicles, slug = ((), None) if card is None else ((card.id,), card.slug)
        return Contact(f"device:{device.id}", "driver", device.label, slug, vehicles, transport, since_ms)
    if (person := caller.person(office)) is not None:
        circles = {circle for channel in channels if (circle := find_circle(channel))}
        return Contact(
            f"user:{caller.user}", "dispatcher", person.name, None, tuple(sorted(circles)), transport, since_ms
        )
    return None


class Register:
    """The contacts of this process, by an id of each."""

    def __init__(self) -> None:
        self.contacts: dict[str, Contact] = {}
        self._answered_ms: dict[str, int] = {}
        self._changed: set[str] = set()

    def put(self, id_: str, contact: Contact) -> None:
        """Opens it, or says anew what it is: it has been open since it was opened first."""
        known = self.contacts.get(id_)
        new = contact if known is None else contact._replace(since_ms=known.since_ms)
        if new != known:
            self.contacts[id_] = new
            self._changed.add(id_)

    def answer(self, id_: str, contact: Contact, *, now_ms: int) -> None:
        """To a reader that polls: its contact is open for POLL_LASTS_MS."""
        self._answered_ms[id_] = now_ms
        self.put(id_, contact)

    def end(self, id_: str, *, now_ms: int) -> None:
        """Its grace begins; harmless for one that was never opened."""
        if (contact := self.contacts.get(id_)) is not None:
            self.contacts[id_] = contact._replace(ended_ms=now_ms)
            self._changed.add(id_)

    def expire(self, *, now_ms: int) -> None:
        """What ends is told as ended before it is gone."""
        for id_, contact in list(self.contacts.items()):
            is_told = id_ not in self._changed
            if is_told and contact.ended_ms is not None and now_ms - contact.ended_ms >= GRACE_MS:
                del self.contacts[id_]
                self._changed.add(id_)
        for id_, answered_ms in list(self._answered_ms.items()):
            if now_ms - answered_ms >= POLL_LASTS_MS:
                del self._answered_ms[id_]
                self.end(id_, now_ms=answered_ms)

    def take_changes(self) -> dict[str, Contact | None]:
        """What changed since the last call; None is no more."""
        changed, self._changed = self._changed, set()
        return {id_: self.contacts.get(id_) for id_ in changed}
