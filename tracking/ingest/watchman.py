"""Looks after the rules: opens alerts, ends them, and has vehicles enter and leave regions that were drawn anew."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tracking.domain.alerts import ALARMING, Alarm, Alert, Breach, find_breaches, happening_of, judge
from tracking.domain.directory import Directory
from tracking.domain.events import Event, EventKind, Happening
from tracking.domain.latest import Changes, Latest, moved
from tracking.domain.region_rules import RuleKind
from tracking.domain.regions import RegionIndex
from tracking.domain.revision import Revision, revise
from tracking.domain.visits import Stay, has_left
from tracking.ingest.settling import END_OF_TIME_MS, write_revisions
from tracking.storage.telemetry import Transaction

MOST_MOVED = 200  # vehicles in one transaction


class Watched(NamedTuple):
    """`vehicle_regions` and `alarms` of the vehicles that the events are about."""

    events: list[Event]
    vehicle_regions: Mapping[int, frozenset[int]]
    alarms: Mapping[int, Alarm]


def watch(transaction: Transaction, directory: Directory, *, now_ms: int) -> Watched | None:
    """Makes the open alerts those of the rules that are broken now; None when nothing was to be told."""
    alerts = transaction.find_open_alerts()
    rules = [rule for rule in directory.rules if rule.kind is not RuleKind.SPEED]
    if not rules and not alerts:
        return None
    cards = directory.vehicles
    signs = {v: sign for v, sign in transaction.load_signs().items() if (card := cards.get(v)) and card.active}
    entered_ms = transaction.load_entered([rule.region for rule in rules if rule.region is not None])
    verdict = judge(alerts, find_breaches(rules, signs, entered_ms, now_ms=now_ms), signs, now_ms=now_ms)
    about = {item.vehicle for items in verdict for item in items}
    if not about:
        return None
    states = transaction.find_latest(sorted(about))  # first, as every commit does: nobody waits for each other
    for alert in verdict.calmed:
        transaction.calm_alert(alert.id, now_ms)
    for alert in verdict.resumed:
        transaction.calm_alert(alert.id, None)
    happenings = [
        *open_alerts(transaction, verdict.opened),
        *(_end(alert) for alert in verdict.ended if transaction.end_alert(alert.id, alert.quiet_ms or now_ms)),
    ]
    if not happenings:
        return None
    vehicle_regions = {vehicle: state.regions for vehicle, state in states.items()}
    events = transaction.append_events(happenings, vehicle_regions)
    return Watched(events, vehicle_regions, alarms_after(transaction, events))


def alarms_after(transaction: Transaction, events: Sequence[Event]) -> dict[int, Alarm]:
    """Of the vehicles whose alerts the events are about, all of which are in the log now, with rising ids."""
    newest = {event.vehicle: event.id for event in events if event.kind in ALARMING}
    if not newest:
        return {}
    on = transaction.find_alarms(sorted(newest))
    return {vehicle: Alarm(vehicle in on, event, transaction.changed_ms) for vehicle, event in newest.items()}


def open_alerts(transaction: Transaction, breaches: Sequence[Breach], *, by_fix: bool = False) -> list[Happening]:
    """What is told of the new ones; `by_fix`: broken at single moments, so that each may be the last."""
    opened = [transaction.open_alert(breach, quiet_ms=breach.start_ms if by_fix else None) for breach in breaches]
    return [happening_of(alert, EventKind.ALERT, alert.start_ms) for alert in opened if alert is not None]


def note_speeding(transaction: Transaction, breaches: Sequence[Breach]) -> list[Happening]:
    """In order of time: the first of a rule and vehicle opens an alert, the others keep it open."""
    first: dict[tuple[int, int], Breach] = {}
    last: dict[tuple[int, int], Breach] = {}
    for breach in sorted(breaches, key=lambda breach: breach.start_ms):
        first.setdefault(breach.key, breach)
        last[breach.key] = breach
    told = open_alerts(transaction, list(first.values()), by_fix=True)
    for breach in last.values():
        transaction.touch_alert(breach)
    return told


def _end(alert: Alert) -> Happening:
    assert alert.quiet_ms is not None
    return happening_of(alert, EventKind.ALERT_END, alert.quiet_ms, start_time=alert.start_ms)


def relocate(transaction: Transaction, index: RegionIndex) -> tuple[Changes, list[Event]] | None:
    """Has vehicles enter and leave regions as they are drawn now, at the time of their newest fix; None when all are right.

    History is not written anew.
    """
    wrong = sorted(v for v, state in _states(transaction).items() if _regions_now(index, state) != state.regions)
    if not wrong:
        return None
    states = transaction.find_latest(wrong[:MOST_MOVED])
    revisions, latest, left = [], dict[int, Latest](), dict[int, frozenset[int]]()
    for vehicle, state in states.items():
        regions = _regions_now(index, state)
        revisions.append(_move(transaction, state, regions, index))
        latest[vehicle] = moved(state, regions, changed_ms=transaction.changed_ms)
        left[vehicle] = state.regions - regions
    events = write_revisions(transaction, revisions, {})
    for vehicle, state in latest.items():
        transaction.save_regions(state)
        transaction.depart(vehicle, left[vehicle], moved_ms=state.moved_ms)
    return Changes(latest=latest, left=left), events


def _states(transaction: Transaction) -> dict[int, Latest]:
    """Of all vehicles; not held."""
    return {state.fix.vehicle: state for state in transaction.load_all_latest()}


def _regions_now(index: RegionIndex, state: Latest) -> frozenset[int]:
    fix = state.fix
    place = index.containing([fix.lat], [fix.lon])[0]
    if place == state.regions:
        return state.regions
    return place | frozenset(region for region in state.regions - place if not has_left(index, region, fix))


def _move(transaction: Transaction, state: Latest, regions: frozenset[int], index: RegionIndex) -> Revision:
    fix_time_ms = state.fix.fix_time_ms
    old = transaction.find_visits(state.fix.vehicle, from_ms=fix_time_ms, to_ms=END_OF_TIME_MS)
    new = [
        visit.stay if visit.stay.region in regions else visit.stay._replace(exit_ms=fix_time_ms, seen_ms=fix_time_ms)
        for visit in old
    ]
    new += [Stay(region, fix_time_ms) for region in regions - state.regions]
    return revise(state.fix.vehicle, old, new, newest_ms=fix_time_ms, min_stay_ms=index.min_stay_ms, is_late=False)
