"""What visits computed anew change of those that are stored, and what is told of it; events that turn out wrong are taken back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from tracking.domain.events import Event, EventKind, Happening
from tracking.domain.visits import KeptVisit, Stay


class Told(NamedTuple):
    """What an event says of a vehicle; the same is told once."""

    kind: str
    region: int
    time_ms: int


class Revision(NamedTuple):
    """`visits` are to be written once the events of `happenings` have ids, `dropped` are ids of visits that never were."""

    vehicle: int
    visits: list[KeptVisit]
    dropped: list[int]
    happenings: list[Happening]
    known: Mapping[Told, int]

    def with_events(self, events: Iterable[Event]) -> list[KeptVisit]:
        """The visits to write; `events` of the vehicle are those of the happenings."""
        ids = dict(self.known)
        for event in events:
            if event.kind in (EventKind.ENTER, EventKind.EXIT):
                assert event.region is not None
                ids[Told(event.kind, event.region, event.time_ms)] = event.id
        return [_with_events(visit, ids) for visit in self.visits]


def revise(
    vehicle: int,
    old: Sequence[KeptVisit],
    new: Iterable[Stay],
    *,
    newest_ms: int,
    min_stay_ms: Callable[[int], int],
    is_late: bool,
) -> Revision:
    """`old` are stored, `new` are true; a visit without change is in neither list of the answer.

    A visit is told once it has lasted `min_stay_ms`, one that goes on until `newest_ms` or once its entering was told.
    """
    stays = sorted(new)
    known = {told: id_ for visit in old for told, id_ in _told(visit)}
    true = {told for stay in stays if _is_due(stay, known, newest_ms, min_stay_ms) for told in _tellings(stay)}
    moments = {Told(EventKind.EXIT, stay.region, stay.enter_ms) for stay in stays}
    wrong = sorted(known.keys() - true)
    fresh = sorted(true - known.keys(), key=lambda told: (told.time_ms, _rank(told, moments), told.region))
    kept = {told: id_ for told, id_ in known.items() if told in true}
    matched = _matched(old, stays)
    stored = {visit.id: visit for visit in old}
    return Revision(
        vehicle,
        visits=[
            visit
            for visit in matched
            if visit.id is None
            or visit.stay != stored[visit.id].stay
            or not {*wrong, *fresh}.isdisjoint(_tellings(visit.stay))
        ],
        dropped=[id_ for id_ in stored if id_ is not None and id_ not in {visit.id for visit in matched}],
        happenings=[
            *(
                Happening(
                    EventKind.RETRACT, vehicle, told.region, told.time_ms, {"event_id": known[told], "kind": told.kind}
                )
                for told in wrong
            ),
            *(
                Happening(EventKind(told.kind), vehicle, told.region, told.time_ms, {"late": True} if is_late else {})
                for told in fresh
            ),
        ],
        known=kept,
    )


def _tellings(stay: Stay) -> list[Told]:
    entered = Told(EventKind.ENTER, stay.region, stay.enter_ms)
    return [entered] if stay.exit_ms is None else [entered, Told(EventKind.EXIT, stay.region, stay.exit_ms)]


def _told(visit: KeptVisit) -> list[tuple[Told, int]]:
    """With the ids of the events that told it."""
    ids = [visit.enter_event, visit.exit_event]
    return [(told, id_) for told, id_ in zip(_tellings(visit.stay), ids, strict=False) if id_ is not None]


def _is_due(stay: Stay, known: Mapping[Told, int], newest_ms: int, min_stay_ms: Callable[[int], int]) -> bool:
    lasted_ms = (newest_ms if stay.exit_ms is None else stay.exit_ms) - stay.enter_ms
    was_told = stay.exit_ms is None and Told(EventKind.ENTER, stay.region, stay.enter_ms) in known
    return was_told or lasted_ms >= min_stay_ms(stay.region)


def _rank(told: Told, moments: set[Told]) -> int:
    """Of one time: who leaves one region for the next leaves first, but nobody before having entered."""
    return 1 if told.kind == EventKind.ENTER else 2 if told in moments else 0


def _matched(old: Iterable[KeptVisit], stays: Sequence[Stay]) -> list[KeptVisit]:
    """Each true visit under the id of the stored one that it is, or goes on from."""
    ids = {visit.stay: visit.id for visit in old}
    begun = {(stay.region, stay.enter_ms): stay for stay in ids}
    same = [begun.get((stay.region, stay.enter_ms)) for stay in stays]
    return [KeptVisit(None if was is None else ids[was], stay) for stay, was in zip(stays, same, strict=True)]


def _with_events(visit: KeptVisit, ids: Mapping[Told, int]) -> KeptVisit:
    entered, exited = [*map(ids.get, _tellings(visit.stay)), None][:2]
    return visit._replace(enter_event=entered, exit_event=exited)
