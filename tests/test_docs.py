"""What programs rely on is written down: reasons, codes, limits."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tracking.api import summary_reading, trip_reading
from tracking.api.day_strips import MAX_STRIPS
from tracking.api.region_files import MAX_FILE_BYTES
from tracking.api.rules import MAX_RULE_VEHICLES
from tracking.domain.alerts import MOST_SNOOZE_DAYS, MOST_SNOOZES
from tracking.domain.day_strip import MOVED_M, SILENCE_MS, SLOT_S
from tracking.domain.events import EventKind
from tracking.domain.fix import Reason
from tracking.domain.geo import MAX_POLYGON_POSITIONS
from tracking.domain.looks import LookKind
from tracking.domain.quality import Flag
from tracking.domain.region_rules import MAX_LIMIT_MPS, MAX_LIMIT_S, RuleKind
from tracking.domain.rest import MANNERS
from tracking.domain.saved_views import MAX_VIEW_NAME_CHARS, MAX_VIEW_QUERY_CHARS, MOST_VIEWS
from tracking.domain.shares import MOST_ACTIVE_SHARES, MOST_TRIP_HOURS, TRIM_M
from tracking.domain.sightings import LOW_BATTERY_PERCENT
from tracking.domain.status import Status
from tracking.ingest.looks import MAX_WAITING_LOOKS
from tracking.ingest.sightings import KEEP_EVERY_S
from tracking.ingest.writer import MAX_WAITING_FIXES
from tracking.live import limits
from tracking.live.attendees import Attendee
from tracking.live.closing import REASONS, CloseCode
from tracking.live.commands import COMMANDS
from tracking.live.limits import WELCOME_LIMITS
from tracking.live.room import FIELDS
from tracking.live.session import HANDLERS
from tracking.transports import pair_http
from tracking.transports.posting import MAX_INFLATED_BYTES, MAX_SENT_BYTES, STATUS_OF_CODE
from tracking.transports.throttle import (
    DEVICE_BURST,
    DEVICE_REQUESTS_PER_S,
    STRANGER_BURST,
    STRANGER_REQUESTS_PER_S,
)
from tracking.wire.fix_json import MAX_FIXES
from tracking.wire.phone import MAX_RECORDS, Kind
from tracking.wire.region_geojson import MAX_FEATURES

MIB = 1024 * 1024
DOCS = Path(__file__).parent.parent / "docs"
PROTOCOL = (DOCS / "live-protocol.md").read_text()
POSTING = (DOCS / "posting-fixes.md").read_text()
OPERATIONS = (DOCS / "operations.md").read_text()
SHARING = (DOCS / "sharing.md").read_text()
DRIVE = (DOCS / "drive.md").read_text()
OUTBOX_RULES = (DOCS.parent / "frontend" / "src" / "drive" / "outbox-rules.ts").read_text()
REGION_RULES = (DOCS / "region-rules.md").read_text()
PHONES = (DOCS / "phones.md").read_text()
TRIPS = (DOCS / "trips.md").read_text()
HISTORY = (DOCS / "history.md").read_text()


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_a_refusal_is_documented(reason: Reason) -> None:
    assert f"`{reason}`" in POSTING


def test_how_many_views_one_may_keep_is_documented() -> None:
    views = (DOCS / "saved-views.md").read_text()
    assert f"at most {MOST_VIEWS} views; a name has at most {MAX_VIEW_NAME_CHARS} characters" in views
    assert f"a query {MAX_VIEW_QUERY_CHARS:,}." in views


def test_what_a_day_strip_says_is_documented() -> None:
    assert f"the days of up to {MAX_STRIPS} vehicles" in HISTORY and SLOT_S == 600
    assert f"{MOVED_M:.0f} m from" in HISTORY and f"more than {SILENCE_MS // 60_000} minutes)" in HISTORY


def test_how_long_and_how_many_alerts_may_be_snoozed_is_documented() -> None:
    assert f"in at most {MOST_SNOOZE_DAYS} days" in REGION_RULES and f"({MOST_SNOOZES} at most)" in REGION_RULES


@pytest.mark.parametrize("reason", Reason)
def test_the_page_has_words_for_every_reason(reason: Reason) -> None:
    words = (DOCS.parent / "frontend" / "src" / "refusals" / "reasons.ts").read_text()
    assert f" {reason}: " in words or f"'{reason}'" in words


@pytest.mark.parametrize("code", STATUS_OF_CODE)
def test_every_code_of_a_problem_is_documented(code: str) -> None:
    assert f"`{code}`" in POSTING


@pytest.mark.parametrize("code", ["bad_json", "bad_code", *pair_http.STATUS_OF_CODE])
def test_every_way_in_which_pairing_fails_is_documented(code: str) -> None:
    assert f"| `{code}` | {pair_http.STATUS_OF_CODE.get(code, 400)} |" in DRIVE


@pytest.mark.parametrize(
    ("name", "sentence"), [("MOST_FIXES", "The phone keeps **{}** fixes"), ("BATCH_FIXES", "Batches have {} fixes")]
)
def test_what_a_phone_keeps_and_sends_is_documented(name: str, sentence: str) -> None:
    number = re.search(rf"{name} = ([\d_]+);", OUTBOX_RULES)
    assert number is not None
    assert sentence.format(f"{int(number[1]):,}") in DRIVE


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_record_that_is_passed_over_is_documented(kind: Kind) -> None:
    assert f"`{kind}`" in PHONES.partition("| passed over |")[2]


def test_what_is_told_of_batteries_is_documented() -> None:
    assert f"within {KEEP_EVERY_S:g} s" in PHONES and f"A battery of {LOW_BATTERY_PERCENT} % or less" in PHONES


def test_the_number_of_records_that_phones_may_send_is_documented() -> None:
    assert f"more than {MAX_RECORDS:,} records" in PHONES


@pytest.mark.parametrize(
    ("rate_per_s", "burst"), [(DEVICE_REQUESTS_PER_S, DEVICE_BURST), (STRANGER_REQUESTS_PER_S, STRANGER_BURST)]
)
def test_how_often_one_may_post_is_documented(rate_per_s: int, burst: int) -> None:
    assert f"| {rate_per_s} a second, {burst:,} at once |" in POSTING


def test_how_much_one_may_post_is_documented() -> None:
    assert f"| fixes in a request | {MAX_FIXES:,} | 413 `too_many_fixes` |" in POSTING
    assert f"| body as sent | {MAX_SENT_BYTES // MIB} MiB | 413 `too_large` |" in POSTING
    assert f"| body inflated | {MAX_INFLATED_BYTES // MIB} MiB | 413 `too_large` |" in POSTING
    assert f"| fixes waiting in the server | {MAX_WAITING_FIXES:,} | 503 with `Retry-After`" in POSTING
    assert f"above {MAX_SENT_BYTES // MIB} MiB ({MAX_INFLATED_BYTES // MIB} MiB inflated)" in PHONES


def test_how_often_one_may_sign_in_wrongly_is_documented() -> None:
    minutes = settings.AXES_COOLOFF_TIME.total_seconds() / 60
    assert (
        f"| {settings.AXES_FAILURE_LIMIT} with one user name from one address | that name waits {minutes:.0f} minutes"
        in OPERATIONS
    )
    assert f"| {settings.LOGIN_FAILURES_OF_ADDRESS} from one address," in OPERATIONS


@pytest.mark.parametrize("code", CloseCode)
def test_every_close_code_is_documented_and_explained(code: CloseCode) -> None:
    assert f"| {code.value} |" in PROTOCOL
    assert REASONS[code].endswith(".")


@pytest.mark.parametrize("name", [*WELCOME_LIMITS, *FIELDS, *HANDLERS, *COMMANDS, *Attendee._fields, "hello"])
def test_every_name_of_the_protocol_is_documented(name: str) -> None:
    assert f"`{name}`" in PROTOCOL or f'"{name}"' in PROTOCOL


@pytest.mark.parametrize(
    ("what", "per_s", "burst"),
    [
        ("messages", limits.MESSAGES_PER_S, limits.MESSAGES_BURST),
        ("polls", limits.POLLS_PER_S, limits.POLLS_BURST),
    ],
)
def test_every_rate_is_documented(what: str, per_s: int, burst: int) -> None:
    assert f"| {what} | {per_s} a second, bursts of {burst}" in PROTOCOL


def test_the_limits_of_regions_are_documented() -> None:
    regions = (DOCS / "regions.md").read_text()
    assert f"at most {MAX_FEATURES} features and {MAX_FILE_BYTES // 2**20} MiB" in regions
    assert f"at most {MAX_POLYGON_POSITIONS:,} positions" in regions


@pytest.mark.parametrize("kind", LookKind)
def test_every_kind_of_look_is_documented(kind: LookKind) -> None:
    assert f"| `{kind}` |" in SHARING


def test_the_limits_of_shares_are_documented() -> None:
    assert f"{MOST_ACTIVE_SHARES} active ones" in SHARING and f"{MOST_TRIP_HOURS} hours at most" in SHARING
    assert f"{limits.CONNECTIONS_OF_SHARE} connections of a share" in SHARING and f"within {TRIM_M:.0f} m" in SHARING
    assert f"{MAX_WAITING_LOOKS:,} looks" in SHARING


@pytest.mark.parametrize("status", Status)
def test_every_status_is_documented(status: Status) -> None:
    assert f"{status.value} {status.name.lower()}" in PROTOCOL


@pytest.mark.parametrize("kind", MANNERS)
def test_how_each_kind_of_vehicle_moves_is_documented(kind: str) -> None:
    manner = MANNERS[kind]
    assert f"| {kind} | {manner.cruise_mps:g} m/s | {manner.plausible_mps:g} m/s |" in TRIPS


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_is_documented(kind: EventKind) -> None:
    assert f"`{kind}`" in PROTOCOL


@pytest.mark.parametrize("name", [*RuleKind, *Flag])
def test_every_kind_of_rule_and_flag_is_documented(name: str) -> None:
    assert f"| `{name}` |" in REGION_RULES


def test_the_limits_of_rules_are_documented() -> None:
    assert f"at most {MAX_RULE_VEHICLES:,}" in REGION_RULES
    assert f"1 to {MAX_LIMIT_S:,}" in REGION_RULES and f"up to {MAX_LIMIT_MPS:g}" in REGION_RULES


def test_how_much_is_read_for_trips_and_summaries_is_documented() -> None:
    assert trip_reading.PAGE_FIXES == 1_000_000 and HISTORY.count("having read a million") == 2
    assert f"more than {summary_reading.MAX_FIXES:,} fixes" in HISTORY
    assert f"More than {trip_reading.MAX_FIXES:,} fixes" in TRIPS
    assert f"on both sides {trip_reading.FIRST_REACH_MS // trip_reading.HOUR_MS} hours" in TRIPS
