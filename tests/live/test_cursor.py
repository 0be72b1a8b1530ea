"""Cursors go to any process and back."""

from tracking.live.cursor import (
    MOST_ROOMS,
    Cursor,
    carry_over,
    decode_cursor,
    encode_cursor,
    seen_mark,
    with_mark,
)


def cursor(seen_ms: int, *rooms: tuple[str, int]) -> str:
    return encode_cursor(Cursor("store", seen_ms, rooms))


def test_a_cursor_survives_the_way() -> None:
    known = Cursor("store", 5, (("a1", 17), ("b1", 0)), names=3)
    assert decode_cursor(encode_cursor(known)) == known


def test_what_is_no_cursor_is_none() -> None:
    for text in (
        "",
        "store",
        "store.5",
        "store.5.a",
        "store.zz.a.1",
        "store.5.a.1",
        "store.5-0.a.zz",
        "store.5-zz.a.1",
        "store.5-0.a.1.b",
        f"store.{'f' * 13}-0.a.1",
    ):
        assert decode_cursor(text) is None


def test_the_answer_of_one_process_keeps_what_is_known_of_another() -> None:
    """Newer is what the answer says of its own room."""
    assert carry_over(cursor(5, ("a", 1), ("b", 2)), cursor(4, ("b", 3))) == cursor(5, ("b", 3), ("a", 1))


def test_nothing_is_carried_over_from_another_store() -> None:
    assert carry_over("other.5.a.1", cursor(4, ("b", 3))) == cursor(4, ("b", 3))
    assert carry_over("", cursor(4, ("b", 3))) == cursor(4, ("b", 3))


def test_the_people_that_were_shown_are_part_of_a_cursor() -> None:
    """It means the same to whoever does not ask for them, and is kept when rows are answered."""
    shown = with_mark(with_mark(cursor(5, ("a", 1)), "0badcafe"), "1234abcd")
    assert (seen_mark(shown), decode_cursor(shown)) == ("1234abcd", decode_cursor(cursor(5, ("a", 1))))
    assert carry_over(shown, cursor(6, ("a", 2))) == with_mark(cursor(6, ("a", 2)), "1234abcd")
    assert seen_mark(with_mark("", "1234abcd")) == "1234abcd"
    assert seen_mark(cursor(5, ("a", 1))) == seen_mark("") == ""


def test_a_cursor_stays_small() -> None:
    """However many processes there are; the one met longest ago is forgotten."""
    text = ""
    for number in range(2 * MOST_ROOMS):
        text = carry_over(text, cursor(5, (f"room{number}", 1)))
    known = decode_cursor(text)
    assert known is not None
    assert [name for name, _ in known.rooms] == [f"room{n}" for n in reversed(range(MOST_ROOMS, 2 * MOST_ROOMS))]
