"""The picture that all contacts make together: people, by the rooms that show them, and what their readers lack."""

import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from tracking.live.presence import Circle, Contact
from tracking.live.statements import Change

POLL = "poll"

_encode = msgspec.json.Encoder().encode


class Attendee(NamedTuple):
    """One of `people` in a `presence` message. Without connections: has left."""

    who: str
    role: str
    name: str
    vehicle: str | None
    connections: int
    transports: tuple[str, ...]
    since: int
    last_seen: int | None = None


def make_attendee(contacts: Iterable[Contact]) -> Attendee:
    """Of one person's contacts. While none is open the one that ended last counts on, for its grace.

    A reader that polls is one, whichever processes answer it.
    """
    newest_first = sorted(contacts, key=lambda contact: -(contact.ended_ms or 0))
    counted = [contact for contact in newest_first if contact.ended_ms is None] or newest_first[:1]
    polls = sum(contact.transport == POLL for contact in counted)
    shown = counted[0]
    return Attendee(
        shown.who,
        shown.role,
        shown.name,
        shown.vehicle,
        connections=len(counted) - max(0, polls - 1),
        transports=tuple(sorted({contact.transport for contact in counted})),
        since=min(contact.since_ms for contact in counted),
    )


Contacts = dict[tuple[str, str], Contact]


class Picture:
    """Contacts by circle and person; `touched` by circle: whose have changed, and when those that are no more were seen last."""

    def __init__(self) -> None:
        self._contacts: Contacts = {}
        self._circles: dict[Circle, dict[str, Contacts]] = {}
        self._touched: dict[Circle, dict[str, int]] = {}

    def apply(self, changes: Iterable[Change]) -> None:
        for change in changes:
            key = change.process, change.id
            if (before := self._contacts.pop(key, None)) is not None:
                self._remove(key, before, before.ended_ms or change.seen_ms)
            if change.contact is not None:
                self._contacts[key] = change.contact
                self._add(key, change.contact)

    def _remove(self, key: tuple[str, str], contact: Contact, seen_ms: int) -> None:
        for circle in contact.circles:
            of_person = self._circles[circle][contact.who]
            del of_person[key]
            if not of_person:
                del self._circles[circle][contact.who]
            self._touched.setdefault(circle, {})[contact.who] = seen_ms

    def _add(self, key: tuple[str, str], contact: Contact) -> None:
        for circle in contact.circles:
            self._circles.setdefault(circle, {}).setdefault(contact.who, {})[key] = contact
            self._touched.setdefault(circle, {}).setdefault(contact.who, contact.since_ms)

    def people(self, circle: Circle) -> dict[str, Attendee]:
        """By `who`, in its order."""
        circle_contacts = self._circles.get(circle, {})
        return {who: make_attendee(circle_contacts[who].values()) for who in sorted(circle_contacts)}

    def find(self, circle: Circle, who: str) -> Attendee | None:
        contacts = self._circles.get(circle, {}).get(who)
        return None if contacts is None else make_attendee(contacts.values())

    def take_touched(self) -> dict[Circle, dict[str, int]]:
        """Since the last call."""
        touched, self._touched = self._touched, {}
        return touched


class Told:
    """What the readers of one circle know of it."""

    def __init__(self, people: Mapping[str, Attendee]) -> None:
        self._people = dict(people)

    def take_news(self, touched: Mapping[str, int], find: Callable[[str], Attendee | None]) -> list[Attendee]:
        """What they do not know yet of those who were touched; from now on they do."""
        news = []
        for who, seen_ms in touched.items():
            known, now = self._people.pop(who, None), find(who)
            if now is not None:
                self._people[who] = now
            elif known is not None:
                now = known._replace(connections=0, transports=(), last_seen=seen_ms)
            if now is not None and now != known:
                news.append(now)
        return news


def presence_message(channel: str, people: Iterable[Attendee], *, is_whole: bool, now_ms: int) -> dict[str, Any]:
    return {
        "type": "presence",
        "channel": channel,
        "whole": is_whole,
        "time": now_ms,
        "people": [attendee._asdict() for attendee in people],
    }


def fingerprint(people: Iterable[Attendee]) -> str:
    """Another one when anything of them is another."""
    return f"{zlib.crc32(_encode(list(people))):08x}"
