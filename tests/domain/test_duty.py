"""Off duty, from the switches that tell it."""

from hypothesis import given
from hypothesis import strategies as st

from tracking.domain.duty import OffDuty, Switch, is_off_duty, off_duty_since, off_duty_spans

SWITCHES = st.lists(st.builds(Switch, st.integers(0, 20), st.booleans()), max_size=12)


def test_off_duty_lasts_from_one_switch_to_the_next() -> None:
    spans = off_duty_spans([Switch(10, True), Switch(20, False), Switch(30, True)])
    assert spans == (OffDuty(10, 20), OffDuty(30, None))
    assert [is_off_duty(spans, time_ms) for time_ms in (9, 10, 19, 20, 29, 30, 999)] == [
        *(False, True, True, False),
        *(False, True, True),
    ]


def test_since_when_it_lasts() -> None:
    assert off_duty_since(()) is None
    assert off_duty_since((OffDuty(10, 20),)) is None
    assert off_duty_since((OffDuty(10, 20), OffDuty(30, None))) == 30


def test_coming_back_without_having_left_is_nothing() -> None:
    assert off_duty_spans([Switch(10, False)]) == ()


def test_of_two_switches_at_one_time_off_wins() -> None:
    assert off_duty_spans([Switch(10, True), Switch(10, False)]) == (OffDuty(10, None),)


@given(SWITCHES.flatmap(lambda switches: st.tuples(st.just(switches), st.permutations([*switches, *switches]))))
def test_any_order_and_any_repetition_gives_the_same(case: tuple[list[Switch], list[Switch]]) -> None:
    switches, shuffled = case
    assert off_duty_spans(shuffled) == off_duty_spans(switches)


@given(SWITCHES, st.integers(0, 21))
def test_the_newest_switch_until_then_tells(switches: list[Switch], time_ms: int) -> None:
    newest = max((switch for switch in switches if switch.time_ms <= time_ms), default=Switch(0, False))
    assert is_off_duty(off_duty_spans(switches), time_ms) == newest.is_off
