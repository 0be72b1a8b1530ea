"""The whole fleet of the past, from minute frames where there are some; every answer is what the fixes one by one would give.

What is hot is read first: a fix that is sealed between the two looks takes its frames away, and is not missed.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tracking.domain.columns import UNKNOWN, Columns
from tracking.domain.fix import Fix
from tracking.domain.hours import HOUR_MS
from tracking.domain.minute_frame import AHEAD_MS, HOUR_MINUTES, MINUTE_MS, REACH_MS, Frame, decode_frame, decode_frames
from tracking.domain.moment import INTERPOLATE_UP_TO_MS
from tracking.domain.quality import Bools, Ints
from tracking.domain.thinned import Thinned
from tracking.storage.history import track_rows
from tracking.storage.records import track_row
from tracking.storage.telemetry import Telemetry


def load_last(telemetry: Telemetry, vehicles: Sequence[int], time_ms: int, *, within_ms: int) -> list[Fix]:
    """As the store's, but for accuracies, which may be missing."""
    hot = telemetry.history.hot.one_each(vehicles, time_ms - within_ms, time_ms + 1, newest=True)
    minute = (time_ms + 1) // MINUTE_MS  # a frame of the next millisecond tells as much
    frame = _find_frame(telemetry, minute) if within_ms <= REACH_MS else None
    if frame is None:
        return telemetry.load_last(vehicles, time_ms, within_ms=within_ms)
    start_ms = minute * MINUTE_MS
    times = start_ms - frame.ages
    has_last, is_asked = frame.ages != UNKNOWN, np.isin(frame.vehicles, list(vehicles))
    is_passed = (frame.waits != UNKNOWN) & (start_ms + frame.waits <= time_ms) | has_last & (times > time_ms)
    told = _last_fixes(frame, times, is_asked & has_last & ~is_passed & (times >= time_ms - within_ms))
    others = frame.vehicles[is_asked & is_passed].tolist()
    return _nearest([*told, *telemetry.load_last(others, time_ms, within_ms=within_ms), *hot], newest=True)


def load_around(
    telemetry: Telemetry, vehicles: Sequence[int], time_ms: int, *, within_ms: int
) -> tuple[list[Fix], list[Fix]]:
    """Of each vehicle the newest fix up to an instant, and the next one that a moment may interpolate to.

    As the store's `load_last` and `load_next`, but for accuracies, and of next ones speeds and courses, which may be missing.
    """
    end_ms = time_ms + INTERPOLATE_UP_TO_MS
    hot = telemetry.history.hot
    hot_last, hot_next = hot.around(vehicles, time_ms - within_ms, time_ms + 1, end_ms + 1)
    frame = _find_frame(telemetry, time_ms // MINUTE_MS) if within_ms <= REACH_MS else None
    if frame is None:
        return (
            telemetry.load_last(vehicles, time_ms, within_ms=within_ms),
            telemetry.load_next(vehicles, time_ms, within_ms=INTERPOLATE_UP_TO_MS),
        )
    start_ms = time_ms // MINUTE_MS * MINUTE_MS
    times, next_times = start_ms - frame.ages, start_ms + frame.waits
    has_last, has_next = frame.ages != UNKNOWN, frame.waits != UNKNOWN
    is_asked = np.isin(frame.vehicles, list(vehicles))
    is_passed = has_next & (next_times <= time_ms)
    last = _last_fixes(frame, times, is_asked & has_last & ~is_passed & (times >= time_ms - within_ms))
    following = _next_fixes(frame, next_times, is_asked & has_next & ~is_passed & (next_times <= end_ms))
    within_hour = _split_hours(telemetry, frame.vehicles[is_asked & is_passed].tolist(), time_ms)
    inner_last = [fix for fix in within_hour[0] if fix.fix_time_ms >= time_ms - within_ms]
    inner_next = [fix for fix in within_hour[1] if fix.fix_time_ms <= end_ms]
    return (
        _nearest([*last, *inner_last, *hot_last], newest=True),
        _nearest([*following, *inner_next, *hot_next], newest=False),
    )


def _split_hours(telemetry: Telemetry, vehicles: list[int], time_ms: int) -> tuple[list[Fix], list[Fix]]:
    """Of vehicles with a fix in the same minute, at the instant or before: the one up to it and the next, from one sealed hour each.

    The former may be hot as well. Nexts of the following hour are looked for one by one.
    """
    last, following = [], []
    for vehicle, _, columns in telemetry.history.sealed_in((vehicle, time_ms // HOUR_MS) for vehicle in vehicles):
        after = int(np.searchsorted(columns.times, time_ms, side="right"))
        around = track_rows(Columns(*(column[max(after - 1, 0) : after + 1] for column in columns)))
        fixes = [Fix(vehicle, *row) for row in around]
        last += [fix for fix in fixes if fix.fix_time_ms <= time_ms]
        following += [fix for fix in fixes if fix.fix_time_ms > time_ms]
    others = sorted(set(vehicles).difference(fix.vehicle for fix in following))
    following += telemetry.load_next(others, time_ms, within_ms=INTERPOLATE_UP_TO_MS)
    return last, following


def load_thinned(telemetry: Telemetry, vehicles: Sequence[int], from_ms: int, to_ms: int, *, step_ms: int) -> Thinned:
    """As the store's."""
    if from_ms % MINUTE_MS or to_ms % MINUTE_MS or step_ms % MINUTE_MS:
        return telemetry.load_thinned(vehicles, from_ms, to_ms, step_ms=step_ms)
    hot = Thinned.of(telemetry.history.hot.thinned(vehicles, from_ms, to_ms, step_ms=step_ms))
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


def _find_frame(telemetry: Telemetry, minute: int) -> Frame | None:
    rows = telemetry.read("SELECT blob FROM frame WHERE minute = ?", [minute])
    return decode_frame(rows[0][0]) if rows else None


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


def _last_fixes(frame: Frame, times: Ints, chosen: Bools) -> Iterator[Fix]:
    columns = (frame.vehicles, times, frame.lats, frame.lons, frame.speeds, frame.courses)
    for vehicle, time_ms, lat, lon, speed, course in zip(*(one[chosen].tolist() for one in columns), strict=True):
        speed_mms, course_cdeg = (None if value == UNKNOWN else value for value in (speed, course))
        yield Fix(vehicle, *track_row(time_ms, lat, lon, speed_mms, course_cdeg, None))


def _next_fixes(frame: Frame, times: Ints, chosen: Bools) -> Iterator[Fix]:
    columns = (frame.vehicles, times, frame.lats + frame.lat_steps, frame.lons + frame.lon_steps)
    for vehicle, time_ms, lat, lon in zip(*(one[chosen].tolist() for one in columns), strict=True):
        yield Fix(vehicle, *track_row(time_ms, lat, lon, None, None, None))


def _nearest(fixes: Iterable[Fix], *, newest: bool) -> list[Fix]:
    """Of each vehicle the newest or oldest."""
    found: dict[int, Fix] = {}
    for fix in fixes:
        known = found.get(fix.vehicle)
        if known is None or (fix.fix_time_ms > known.fix_time_ms) is newest:
            found[fix.vehicle] = fix
    return list(found.values())
