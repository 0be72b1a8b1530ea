"""Credit ends by frames or by bytes, and comes back by acknowledgement."""

from tracking.live.credit import PROGRESS_WITHIN_S, WINDOW_BYTES, WINDOW_FRAMES, Credit


def test_credit_ends_with_the_window_and_comes_back_with_an_acknowledgement() -> None:
    credit = Credit()
    for seq in range(1, WINDOW_FRAMES + 1):
        assert credit.is_left
        credit.spend(seq, 100, now_s=0)
    assert not credit.is_left
    assert not credit.acknowledge(0, now_s=1)
    assert credit.acknowledge(3, now_s=1)
    assert credit.frames == WINDOW_FRAMES - 3
    assert not credit.acknowledge(WINDOW_FRAMES, now_s=1)


def test_credit_ends_with_the_bytes() -> None:
    credit = Credit()
    credit.spend(1, WINDOW_BYTES, now_s=0)
    assert not credit.is_left
    assert credit.acknowledge(1, now_s=0)


def test_only_who_uses_up_its_credit_and_makes_no_progress_is_stuck() -> None:
    credit = Credit(window=2)
    credit.spend(1, 100, now_s=0)
    assert not credit.is_stuck(PROGRESS_WITHIN_S)
    credit.spend(2, 100, now_s=10)
    credit.acknowledge(1, now_s=20)
    credit.spend(3, 100, now_s=20)
    assert not credit.is_stuck(19 + PROGRESS_WITHIN_S)
    assert credit.is_stuck(20 + PROGRESS_WITHIN_S)
