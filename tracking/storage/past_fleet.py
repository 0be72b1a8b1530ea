"""The whole fleet of the past, from minute frames where there are some; every answer is what the fixes one by one would give.

What is hot is read first: a fix that is sealed between the two looks takes its frames away, and is not missed.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tracking.domain.columns import UNKNOWN, OneEach
from tracking.domain.hours import HOUR_MS
from tracking.domain.minute_frame import AHEAD_MS, HOUR_MINUTES, MINUTE_MS, REACH_MS, Frame, decode_frame, decode_frames
from tracking.domain.moment import INTERPOLATE_UP_TO_MS
from tracking.domain.quality import Ints
from tracking.domain.thinned import Thinned
from tracking.storage.history import History
from tracking.storage.telemetry import Telemetry


def load_last(telemetry: Telemetry, vehicles: Sequence[int], time_ms: int, *, within_ms: int) -> OneEach:
    """What the store's `load_last` gives, but for accuracies, which may be missing; in order of vehicles."""
    history, span = telemetry.history, (time_ms - within_ms, time_ms + 1)
    hot = history.hot.one_each(vehicles, *span, newest=True)
    minute = (time_ms + 1) // MINUTE_MS  # a frame of the next millisecond tells as much
    frame = _find_frame(telemetry, minute, vehicles) if within_ms <= REACH_MS else None
    if frame is None:
        return history.one_each(vehicles, *span, newest=True)
    start_ms = minute * MINUTE_MS
    times = start_ms - frame.ages
    has_last = frame.ages != UNKNOWN
    is_passed = (frame.waits != UNKNOWN) & (start_ms + frame.waits <= time_ms) | has_last & (times > time_ms)
    told = _last_of(frame, times).chosen(has_last & ~is_passed & (times >= time_ms - within_ms))
    others = history.one_each(frame.vehicles[is_passed].tolist(), *span, newest=True)
    return OneEach.nearest([told, others, hot], newest=True)


def load_around(
    telemetry: Telemetry, vehicles: Sequence[int], time_ms: int, *, within_ms: int
) -> tuple[OneEach, OneEach]:
    """Of each vehicle the newest fix up to an instant, and the next one that a moment may interpolate to; in order of vehicles.

    What the store's `load_last` and `load_next` give, but for accuracies, and of next ones speeds and courses, which may be missing.
    """
    history, end_ms = telemetry.history, time_ms + INTERPOLATE_UP_TO_MS
    hot_last, hot_next = history.hot.around(vehicles, time_ms - within_ms, time_ms + 1, end_ms + 1)
    frame = _find_frame(telemetry, time_ms // MINUTE_MS, vehicles) if within_ms <= REACH_MS else None
    if frame is None:
        return (
            history.one_each(vehicles, time_ms - within_ms, time_ms + 1, newest=True),
            history.one_each(vehicles, time_ms + 1, end_ms + 1, newest=False),
        )
    start_ms = time_ms // MINUTE_MS * MINUTE_MS
    times, next_times = start_ms - frame.ages, start_ms + frame.waits
    has_last, has_next = frame.ages != UNKNOWN, frame.waits != UNKNOWN
    is_passed = has_next & (next_times <= time_ms)
    last = _last_of(frame, times).chosen(has_last & ~is_passed & (times >= time_ms - within_ms))
    following = _next_of(frame, next_times).chosen(has_next & ~is_passed & (next_times <= end_ms))
    inner_last, inner_next = _split_hours(history, frame.vehicles[is_passed].tolist(), time_ms)
    inner_last = inner_last.chosen(inner_last.times >= time_ms - within_ms)
    inner_next = inner_next.chosen(inner_next.times <= end_ms)
    return (
        OneEach.nearest([last, inner_last, hot_last], newest=True),
        OneEach.nearest([following, inner_next, hot_next], newest=False),
    )


def _split_hours(history: History, vehicles: list[int], time_ms: int) -> tuple[OneEach, OneEach]:
    """Of vehicles with a fix in the same minute, at the instant or before: the one up to it and the next, from one sealed hour each.

    The former may be hot as well. Nexts of the following hour are looked for one by one.
    """
    last, following = [], []
    for vehicle, _, columns in history.sealed_in((vehicle, time_ms // HOUR_MS) for vehicle in vehicles):
        after = int(np.searchsorted(columns.times, time_ms, side="right"))
        if after:
            last.append((vehicle, *(column.item(after - 1) for column in columns)))
        if after < len(columns.times):
            following.append((vehicle, *(column.item(after) for column in columns)))
    others = sorted(set(vehicles).difference(row[0] for row in following))
    later = history.one_each(others, time_ms + 1, time_ms + INTERPOLATE_UP_TO_MS + 1, newest=False)
    return OneEach.of(last), OneEach.nearest([OneEach.of(following), later], newest=False)


def load_thinned(telemetry: Telemetry, vehicles: Sequence[int], from_ms: int, to_ms: int, *, step_ms: int) -> Thinned:
    """As the store's."""
    if from_ms % MINUTE_MS or to_ms % MINUTE_MS or step_ms % MINUTE_MS:
        return telemetry.load_thinned(vehicles, from_ms, to_ms, step_ms=step_ms)
    hot = telemetry.history.hot.thinned(vehicles, from_ms, to_ms, step_ms=step_ms)
    looks = list(_looks(from_ms, to_ms, step_ms))
    frames = _find_frames(telemetry, [look.minute for look in looks])
    if frames is None:
        return telemetry.load_thinned(vehicles, from_ms, to_ms, step_ms=step_ms)
    told = [_first_within(look, frames[look.minute]) for look in looks if look.minute in frames]
    found = Thinned.joined([hot, *told])
    return found.chosen(np.isin(found.vehicles, list(vehicles))).first_of_steps(step_ms)


class Look(NamedTuple):
    """At the frame of a minute, for fixes less than `within_ms` after its start."""

    minute: int
    within_ms: int


def _looks(from_ms: int, to_ms: int, step_ms: int) -> Iterator[Look]:
    """As few as tell the first fix of each step: a frame looks ahead for some minutes."""
    for step in range(from_ms // step_ms, -(-to_ms // step_ms)):
        start_ms, end_ms = max(step * step_ms, from_ms), min((step + 1) * step_ms, to_ms)
        for at_ms in range(start_ms, end_ms, AHEAD_MS):
            yield Look(at_ms // MINUTE_MS, min(AHEAD_MS, end_ms - at_ms))


def _first_within(look: Look, frame: Frame) -> Thinned:
    waits = np.where(frame.ages == 0, 0, frame.waits)
    (first,) = np.nonzero((waits != UNKNOWN) & (waits < look.within_ms))
    is_later = waits[first] > 0
    return Thinned(
        frame.vehicles[first],
        look.minute * MINUTE_MS + waits[first],
        frame.lats[first] + is_later * frame.lat_steps[first],
        frame.lons[first] + is_later * frame.lon_steps[first],
    )


def _find_frame(telemetry: Telemetry, minute: int, vehicles: Sequence[int]) -> Frame | None:
    """What it tells of those vehicles."""
    rows = telemetry.read("SELECT blob FROM frame WHERE minute = ?", [minute])
    if not rows:
        return None
    frame = decode_frame(rows[0][0])
    is_asked = np.isin(frame.vehicles, list(vehicles))
    return frame if is_asked.all() else Frame(*(column[is_asked] for column in frame))


def _find_frames(telemetry: Telemetry, minutes: list[int]) -> dict[int, Frame] | None:
    """By minute; None when one is missing in an hour of which something is sealed."""
    hot = telemetry.history.hot
    rows = telemetry.read(f"SELECT minute, blob FROM frame WHERE minute {hot.listed}", [hot.as_list(minutes)])
    framed = {minute // HOUR_MINUTES for minute, _ in rows}
    hours = [minute // HOUR_MINUTES for minute in minutes]
    sealed = telemetry.read("SELECT DISTINCT hour FROM sealed WHERE hour >= ? AND hour <= ?", [hours[0], hours[-1]])
    if not framed.issuperset(hour for (hour,) in sealed):
        return None
    return dict(zip((minute for minute, _ in rows), decode_frames(blob for _, blob in rows), strict=True))


def _last_of(frame: Frame, times: Ints) -> OneEach:
    unknown = np.full_like(times, UNKNOWN)
    return OneEach(frame.vehicles, times, frame.lats, frame.lons, frame.speeds, frame.courses, unknown)


def _next_of(frame: Frame, times: Ints) -> OneEach:
    lats, lons, unknown = frame.lats + frame.lat_steps, frame.lons + frame.lon_steps, np.full_like(times, UNKNOWN)
    return OneEach(frame.vehicles, times, lats, lons, unknown, unknown, unknown)
