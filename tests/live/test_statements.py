"""Whatever is lost, repeated or out of order on the way: the newest statements count."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.live.test_presence import make_contact
from tracking.live.presence import Contact
from tracking.live.statements import SILENT_MS, Change, Hearsay, Statement, decode_statement, encode_statement

PROCESSES, IDS = ("p", "q"), ("a", "b", "c")
contacts = st.builds(make_contact, st.sampled_from(["user:1", "device:2"]), since_ms=st.integers(0, 3))
moves = st.tuples(
    st.sampled_from(PROCESSES), st.dictionaries(st.sampled_from(IDS), st.none() | contacts), st.booleans()
)

Known = dict[tuple[str, str], Contact]


def say(histories: list[tuple[str, dict[str, Contact | None], bool]]) -> tuple[list[Statement], Known]:
    """What processes say while their contacts change, and what is true at the end."""
    statements, truth = [], {name: dict[str, Contact]() for name in PROCESSES}
    for number, (process, changed, is_whole) in enumerate(histories, 1):
        for id_, contact in changed.items():
            truth[process].pop(id_, None)
            if contact is not None:
                truth[process][id_] = contact
        statements.append(Statement(process, number, is_whole, dict(truth[process]) if is_whole else changed))
    return statements, {(name, id_): contact for name in PROCESSES for id_, contact in truth[name].items()}


class Listener:
    """Keeps what it is told to change."""

    def __init__(self) -> None:
        self.hearsay = Hearsay()
        self.known: Known = {}

    def hear(self, *statements: Statement, now_ms: int = 0) -> None:
        for statement in statements:
            self.apply(self.hearsay.hear(statement, now_ms=now_ms))

    def apply(self, changes: list[Change]) -> None:
        for process, id_, contact, _ in changes:
            assert self.known.get((process, id_)) != contact
            self.known.pop((process, id_), None)
            if contact is not None:
                self.known[process, id_] = contact


@given(st.lists(moves, max_size=8), st.data())
def test_any_order_and_repetition_end_with_the_same_picture(histories: list[Any], data: Any) -> None:
    statements, truth = say(histories)
    repeated = data.draw(st.permutations(statements * 2))
    listener = Listener()
    listener.hear(*repeated)
    assert listener.known == truth


@given(st.lists(moves, max_size=8), st.data())
def test_a_whole_statement_after_lost_ones_repairs_all(histories: list[Any], data: Any) -> None:
    """Late ones after it change nothing."""
    said = [*histories, *((name, {}, True) for name in PROCESSES)]
    statements, truth = say(said)
    early = data.draw(st.lists(st.sampled_from(statements[:-2]), unique_by=id) if histories else st.just([]))
    late = data.draw(st.lists(st.sampled_from(statements[:-2])) if histories else st.just([]))
    listener = Listener()
    listener.hear(*early, *statements[-2:], *late)
    assert listener.known == truth


def test_a_process_that_is_silent_has_ended() -> None:
    """Its people were last seen when it was heard last; others stay."""
    listener = Listener()
    listener.hear(Statement("p", 1, True, {"a": make_contact()}), now_ms=5)
    listener.hear(Statement("q", 1, True, {"a": make_contact()}), now_ms=6)
    assert listener.hearsay.expire(now_ms=4 + SILENT_MS) == []
    silent = listener.hearsay.expire(now_ms=5 + SILENT_MS)
    assert silent == [Change("p", "a", None, 5)]
    listener.apply(silent)
    listener.hear(Statement("p", 2, True, {"a": make_contact()}), now_ms=20_000)
    assert ("p", "a") in listener.known


def test_a_goodbye_is_not_unsaid_by_what_comes_late() -> None:
    hearsay = Hearsay()
    hearsay.hear(Statement("p", 3, True, {"a": make_contact()}, lasts_ms=100), now_ms=0)
    hearsay.hear(Statement("p", 2, False, {"b": make_contact()}), now_ms=1)
    assert hearsay.expire(now_ms=100) == [Change("p", "a", None, 0)]


def test_a_statement_survives_the_way() -> None:
    statement = Statement("p", 7, False, {"a": make_contact(vehicles=(1, 2), ended_ms=3), "b": None})
    assert decode_statement(encode_statement(statement)) == statement
