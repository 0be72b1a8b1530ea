"""Reports fixes to a Fleet server and watches its live map, from any Python program.

Needs the `websockets` package and no Django. One loop, no threads to care for:

    async with HttpReporter("http://127.0.0.1:8000", token) as reporter:
        result = await reporter.report([{"fix_time": "2026-01-01T12:00:00Z", "lat": 57.7, "lon": 11.97}])

Both reporters send again what was not acknowledged; the server counts a repeated fix as a duplicate and keeps one.
"""

from fleet_client.http import HttpReporter, wait_until_up
from fleet_client.login import log_in
from fleet_client.report import LiveReporter
from fleet_client.results import (
    MAX_FIXES_PER_REPORT,
    ClientError,
    FixObject,
    GaveUp,
    NotAuthorised,
    Refused,
    Rejected,
    Reporter,
    Result,
)
from fleet_client.watch import Frame, LiveWatcher

__all__ = [
    "MAX_FIXES_PER_REPORT",
    "ClientError",
    "FixObject",
    "Frame",
    "GaveUp",
    "HttpReporter",
    "LiveReporter",
    "LiveWatcher",
    "NotAuthorised",
    "Refused",
    "Rejected",
    "Reporter",
    "Result",
    "log_in",
    "wait_until_up",
]
