"""Looks at history: who saw where whom had been, for the audit."""

from enum import StrEnum
from typing import NamedTuple


class LookKind(StrEnum):
    TRACK = "track"
    QUALITY = "quality"
    TRIPS = "trips"
    STOPS = "stops"
    SUMMARY = "summary"
    VISITS = "visits"
    EVENTS = "events"
    ALERTS = "alerts"
    FLEET = "fleet"
    WITHIN = "within"
    EXPORT = "export"
    ERASE = "erase"
    SHARE = "share"


class Look(NamedTuple):
    """`by` says by what, when it was no login: a token or a share; `user` is then whose it is, None for a command.

    `vehicle` and `region` are slugs; both empty: all that the user could see. Times in ms since 1970 UTC.
    """

    kind: LookKind
    user: int | None
    by: str = ""
    vehicle: str = ""
    region: str = ""
    from_ms: int | None = None
    to_ms: int | None = None
