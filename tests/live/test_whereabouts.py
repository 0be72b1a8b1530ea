"""Where a vehicle is, from what was read and what was heard."""

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import EAST, START_MS, WEST
from tracking.domain.events import Event, EventKind
from tracking.live.whereabouts import Whereabouts

NORTH = 3


def crossing(id_: int, region: int, *, entered: bool) -> Event:
    return Event(id_, EventKind.ENTER if entered else EventKind.EXIT, 1, region, START_MS, {}, START_MS)


def test_what_was_read_holds_until_it_is_left() -> None:
    van = Whereabouts({WEST})
    assert van.regions == {WEST}
    van.note(crossing(8, EAST, entered=True))
    van.note(crossing(9, WEST, entered=False))
    assert van.regions == {EAST}


def test_what_was_read_is_as_new_as_the_events_read_after_it() -> None:
    """A vehicle that came back before the reading is there; one that left between the two readings is not."""
    events = [crossing(1, WEST, entered=False), crossing(2, WEST, entered=True), crossing(3, EAST, entered=False)]
    assert Whereabouts({WEST, EAST}, events).regions == {WEST}


def test_only_crossings_move_a_vehicle() -> None:
    van = Whereabouts({WEST})
    van.note(Event(9, EventKind.MESSAGE, 1, None, START_MS, {}, START_MS))
    assert van.regions == {WEST}


@given(st.lists(st.sampled_from([WEST, EAST, NORTH]), max_size=12), st.data())
def test_order_and_repetition_do_not_matter(crossed: list[int], data: st.DataObject) -> None:
    """Each crossing of a border leads to its other side."""
    inside: set[int] = set()
    events = []
    for id_, region in enumerate(crossed, 1):
        inside ^= {region}
        events.append(crossing(id_, region, entered=region in inside))
    heard = data.draw(st.permutations(events + events))
    assert Whereabouts((), heard).regions == inside
