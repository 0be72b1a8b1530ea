"""What a commit means for each room."""

from tests.builders import make_fix
from tracking.domain.events import Event, EventKind
from tracking.domain.latest import Changes, Latest, Standing
from tracking.live.news import ALL, driver_group, group_of, news_of

WEST, EAST = 1, 2
STATE = Latest(make_fix(vehicle=7), None, None, frozenset({WEST}), 5)
CHANGES = Changes(latest={7: STATE}, left={7: frozenset({EAST})})
ENTERED = Event(1, EventKind.ENTER, 7, WEST, 5, {}, 5)


def test_each_room_that_is_touched_has_its_part() -> None:
    news = news_of(CHANGES, 5, [ENTERED])
    assert news.keys() == {ALL, group_of(WEST), group_of(EAST), driver_group(7)}
    assert news[group_of(EAST)].gone == [(7, 5)] and not news[group_of(EAST)].rows
    assert news[group_of(WEST)].rows == news[ALL].rows and news[group_of(WEST)].events == [ENTERED]
    assert news[driver_group(7)].standings == [(7, Standing(frozenset({WEST}), 5))]


def test_rooms_that_nobody_hears_have_no_news() -> None:
    heard = {group_of(WEST), driver_group(7)}
    assert news_of(CHANGES, 5, [ENTERED], is_heard=heard.__contains__) == {
        group: news for group, news in news_of(CHANGES, 5, [ENTERED]).items() if group in heard
    }
