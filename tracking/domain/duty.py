"""When a vehicle's driver is off duty, as the switches on the driver's phone say."""

from collections.abc import Iterable
from typing import NamedTuple

KEPT_DAYS = 30
"""How far back off duty is known: a backlog from before is taken as on duty."""


class Switch(NamedTuple):
    """The driver went off duty, or came back, at a time in ms since 1970 UTC by the phone's clock, which also tells the fixes' times."""

    time_ms: int
    is_off: bool


class OffDuty(NamedTuple):
    """From ≤ time < to, in ms since 1970 UTC; `to_ms` is None while it lasts."""

    from_ms: int
    to_ms: int | None


def off_duty_spans(switches: Iterable[Switch]) -> tuple[OffDuty, ...]:
    """By time. Any order and any repetition of the switches gives the same; of two at one time, off wins."""
    spans: list[OffDuty] = []
    for time_ms, is_off in sorted(switches):
        is_lasting = bool(spans) and spans[-1].to_ms is None
        if is_off and not is_lasting:
            spans.append(OffDuty(time_ms, None))
        elif not is_off and is_lasting:
            spans[-1] = spans[-1]._replace(to_ms=time_ms)
    return tuple(spans)


def is_off_duty(spans: Iterable[OffDuty], time_ms: int) -> bool:
    return any(span.from_ms <= time_ms and (span.to_ms is None or time_ms < span.to_ms) for span in spans)


def off_duty_since(spans: tuple[OffDuty, ...]) -> int | None:
    """Since when it lasts; None: on duty."""
    return spans[-1].from_ms if spans and spans[-1].to_ms is None else None
