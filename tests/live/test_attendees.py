"""People as readers see them, and what readers are told."""

from tests.live.test_presence import make_contact
from tracking.live.attendees import Attendee, Picture, Told, fingerprint, make_attendee
from tracking.live.presence import EVERYBODY, Contact
from tracking.live.statements import Change

VAN = 1


def make_attendee_like(**fields: object) -> Attendee:
    return Attendee("user:1", "dispatcher", "boss", None, 1, ("websocket",), 0)._replace(**fields)  # type: ignore[arg-type]


def put(picture: Picture, id_: str, contact: Contact | None, *, process: str = "p", seen_ms: int = 0) -> None:
    picture.apply([Change(process, id_, contact, seen_ms)])


class Reader:
    """Of one circle; `news` since the last call."""

    def __init__(self, picture: Picture, circle: int = EVERYBODY) -> None:
        self.picture, self.circle = picture, circle
        self.told = Told(picture.people(circle))

    def news(self) -> list[Attendee]:
        touched = self.picture.take_touched().get(self.circle, {})
        return self.told.take_news(touched, lambda who: self.picture.find(self.circle, who))


def test_connections_are_counted_with_their_ways() -> None:
    contacts = [make_contact(since_ms=7), make_contact(since_ms=5), make_contact(transport="sse", since_ms=6)]
    assert make_attendee(contacts) == make_attendee_like(connections=3, transports=("sse", "websocket"), since=5)


def test_one_that_polls_is_one_whoever_answers() -> None:
    contacts = [make_contact(transport="poll", since_ms=since_ms) for since_ms in (4, 9)]
    assert make_attendee(contacts) == make_attendee_like(transports=("poll",), since=4)


def test_an_ended_connection_counts_only_while_none_is_open() -> None:
    """Of several the one that ended last."""
    ended = [make_contact(ended_ms=8), make_contact(transport="sse", ended_ms=9)]
    assert make_attendee(ended) == make_attendee_like(transports=("sse",))
    assert make_attendee([*ended, make_contact(since_ms=3)]) == make_attendee_like(since=3)


def test_who_comes_changes_and_leaves_is_told_once() -> None:
    picture = Picture()
    reader = Reader(picture)
    put(picture, "a", make_contact())
    assert reader.news() == [make_attendee_like()]
    put(picture, "b", make_contact(transport="sse"))
    assert reader.news() == [make_attendee_like(connections=2, transports=("sse", "websocket"))]
    put(picture, "b", None)
    put(picture, "a", make_contact(ended_ms=70))
    assert reader.news() == [make_attendee_like()]
    put(picture, "a", None, seen_ms=99)
    assert reader.news() == [make_attendee_like(connections=0, transports=(), last_seen=70)]
    assert reader.news() == []
    assert picture.people(EVERYBODY) == {}


def test_a_reconnection_is_no_news() -> None:
    picture = Picture()
    put(picture, "a", make_contact())
    reader = Reader(picture)
    put(picture, "a", make_contact(ended_ms=5))
    assert reader.news() == []
    put(picture, "a", make_contact(), process="q")
    put(picture, "a", None)
    assert reader.news() == []


def test_who_comes_and_leaves_between_two_looks_was_never_here() -> None:
    picture = Picture()
    reader = Reader(picture)
    put(picture, "a", make_contact())
    put(picture, "a", None)
    assert reader.news() == []


def test_a_vehicles_readers_see_those_who_read_it() -> None:
    """One who turns to another vehicle has left, though its connection is open."""
    picture = Picture()
    everybody, van = Reader(picture), Reader(picture, VAN)
    put(picture, "a", make_contact(vehicles=(VAN,)))
    touched = picture.take_touched()
    assert set(touched) == {EVERYBODY, VAN}
    assert van.told.take_news(touched[VAN], lambda who: picture.find(VAN, who)) == [make_attendee_like()]
    put(picture, "a", make_contact(vehicles=(2,)), seen_ms=44)
    assert van.news() == [make_attendee_like(connections=0, transports=(), last_seen=44)]
    assert everybody.picture.people(EVERYBODY) == {"user:1": make_attendee_like()}


def test_a_fingerprint_tells_whether_anything_is_different() -> None:
    people = [make_attendee_like()]
    assert fingerprint(people) == fingerprint(list(people))
    assert len({fingerprint(people), fingerprint([]), fingerprint([make_attendee_like(since=1)])}) == 3
