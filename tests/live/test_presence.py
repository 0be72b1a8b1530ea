"""Who is connected here, and for how long."""

from typing import Any

import pytest

from tests.builders import BOSS, GATEWAY_TOKEN, VAN_TOKEN, make_access, make_caller, make_directory, make_office
from tracking.domain.access import NOBODY, Person
from tracking.domain.directory import Device
from tracking.live.channels import find_channel
from tracking.live.presence import (
    EVERYBODY,
    GRACE_MS,
    POLL_LASTS_MS,
    Contact,
    Register,
    find_circle,
    find_contact,
)
from tracking.models import token_digest

VAN, BUS = 1, 2
DEVICES = {token_digest(GATEWAY_TOKEN): Device(1, None, "Gateway"), token_digest(VAN_TOKEN): Device(2, VAN, "Anna")}
PEOPLE = {BOSS: Person(make_access().people[BOSS].rights, b"stamp", "boss")}
OFFICE = make_office(directory=make_directory(devices=DEVICES), access=make_access(people=PEOPLE))


def make_contact(who: str = "user:1", **fields: Any) -> Contact:
    values = {"role": "dispatcher", "name": "boss", "vehicle": None, "vehicles": (), "transport": "websocket"}
    return Contact(**{"who": who, "since_ms": 0, **values, **fields})


def contact_of(caller: Any, *channels: str) -> Contact | None:
    found = [find_channel(name, OFFICE.directory) for name in channels]
    return find_contact(caller, [item for item in found if item], OFFICE, transport="sse", since_ms=5)


def test_a_dispatcher_is_seen_where_it_reads() -> None:
    contact = contact_of(make_caller(BOSS), "driver:van", "vehicle:van", "vehicle:bus", "region:all", "admin:ops")
    assert contact == Contact("user:1", "dispatcher", "boss", None, (VAN, BUS), "sse", 5)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (VAN_TOKEN, Contact("device:2", "driver", "Anna", "van", (VAN,), "sse", 5)),
        (GATEWAY_TOKEN, Contact("device:1", "driver", "Gateway", None, (), "sse", 5)),
    ],
)
def test_a_driver_is_seen_on_its_vehicle(token: str, expected: Contact) -> None:
    """Whatever it reads, and whoever carries it."""
    assert contact_of(make_caller(token=token), "driver:bus") == expected
    assert contact_of(make_caller(BOSS, token=token), "vehicle:bus") == expected


@pytest.mark.parametrize("caller", [NOBODY, make_caller(77), make_caller(token="revoked")])
def test_whose_access_was_withdrawn_is_nobody(caller: Any) -> None:
    assert contact_of(caller) is None


@pytest.mark.parametrize(
    ("channel", "circle"),
    [("vehicle:van", VAN), ("driver:bus", BUS), ("admin:ops", EVERYBODY), ("region:all", None), ("region:west", None)],
)
def test_rooms_show_a_vehicles_people_everybody_or_none(channel: str, circle: int | None) -> None:
    found = find_channel(channel, OFFICE.directory)
    assert found is not None and find_circle(found) == circle


def test_a_contact_ends_and_is_gone_after_its_grace() -> None:
    """Not before its end was told."""
    register = Register()
    register.put("a", make_contact())
    assert register.take_changes() == {"a": make_contact()}
    register.end("a", now_ms=100)
    register.expire(now_ms=100 + GRACE_MS)
    assert register.take_changes() == {"a": make_contact(ended_ms=100)}
    register.expire(now_ms=99 + GRACE_MS)
    assert register.take_changes() == {}
    register.expire(now_ms=100 + GRACE_MS)
    assert register.take_changes() == {"a": None}
    assert register.contacts == {}


def test_what_is_said_anew_changes_nothing_and_not_since_when() -> None:
    register = Register()
    register.put("a", make_contact(since_ms=5))
    register.take_changes()
    register.put("a", make_contact(since_ms=9))
    assert register.take_changes() == {}
    register.put("a", make_contact(since_ms=9, vehicles=(VAN,)))
    assert register.take_changes() == {"a": make_contact(since_ms=5, vehicles=(VAN,))}


def test_a_reader_that_polls_is_here_until_it_has_not_asked_for_long() -> None:
    """It is told as ended, with the time of its last answer, before it is gone."""
    register, poll = Register(), make_contact(transport="poll")
    register.answer("a", poll, now_ms=0)
    register.answer("a", poll, now_ms=10_000)
    register.expire(now_ms=9_999 + POLL_LASTS_MS)
    assert register.take_changes() == {"a": poll}
    register.expire(now_ms=10_000 + POLL_LASTS_MS)
    assert register.take_changes() == {"a": poll._replace(ended_ms=10_000)}
    register.expire(now_ms=10_000 + POLL_LASTS_MS)
    assert register.take_changes() == {"a": None}


def test_a_poll_in_its_grace_goes_on() -> None:
    register, poll = Register(), make_contact(transport="poll")
    register.answer("a", poll, now_ms=0)
    register.expire(now_ms=POLL_LASTS_MS)
    register.answer("a", poll, now_ms=POLL_LASTS_MS)
    register.expire(now_ms=POLL_LASTS_MS)
    assert register.take_changes() == {"a": poll}


def test_who_was_never_here_does_not_end() -> None:
    register = Register()
    register.end("a", now_ms=1)
    assert register.take_changes() == {}
