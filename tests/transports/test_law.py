"""The law of live sync over every transport: an old picture and the frames since make the new picture, no event is missed.

FLEET_LAW_STEPS sets how many steps are taken; without it a few thousand, the same ones in every run.
"""

import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from tests.transports.law.desk import Desk
from tests.transports.law.hands import Clock, Hands, PromptExecutor, timed
from tests.transports.law.machine import LiveLaw
from tests.transports.law.world import CLIENTS, World
from tracking.ingest import housekeeping, writer
from tracking.live import hub
from tracking.storage import office_keeper
from tracking.storage.postgres import PostgresTelemetry
from tracking.storage.sqlite import SqliteTelemetry
from tracking.storage.telemetry import Telemetry
from tracking.transports import logins

STEPS = int(os.environ.get("FLEET_LAW_STEPS", "0"))
STEPS_AN_EXAMPLE = 50


class Faults(logging.Handler):
    """Whatever the product reports as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(logging.Formatter().format(record))


@pytest.fixture
def faults() -> Iterator[list[str]]:
    handler = Faults()
    logging.getLogger().addHandler(handler)
    yield handler.texts
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Clock:
    """Nothing happens by itself; parts are small, so that pictures come in several."""
    clock = Clock()
    settings.SOCKETIO = True
    monkeypatch.setattr(time, "monotonic", clock)
    monkeypatch.setattr(hub, "SNAPSHOT_PART_ROWS", 2)
    for pace in ("BRIEFEST_PACE_S", "LONGEST_PACE_S"):
        monkeypatch.setattr(writer, pace, 0.0)  # by a clock that stands still each commit would be early
    monkeypatch.setattr(office_keeper, "LOOK_EVERY_S", 3_600.0)
    monkeypatch.setattr(housekeeping, "FIRST_AFTER_S", 1e9)  # its thread waits for the loop, which waits for threads
    monkeypatch.setattr(office_keeper, "LOOK_AGAIN_AFTER_S", 0.0)
    monkeypatch.setattr(logins, "ThreadPoolExecutor", PromptExecutor)
    return clock


def obey_the_law(
    clock: Clock, faults: list[str], make_store: Callable[[], Callable[[], Telemetry]], *, processes: int, share: float
) -> None:
    """`make_store` makes a new store, and gives what opens it once for each process."""
    desk = Desk(list(CLIENTS))

    def make_world() -> World:
        desk.tidy()
        faults.clear()
        return World(Hands(clock), desk, make_store(), processes=processes)

    plan = hypothesis_settings(
        max_examples=max(1, round((STEPS or 2_500) * share) // STEPS_AN_EXAMPLE),
        stateful_step_count=STEPS_AN_EXAMPLE,
        derandomize=not STEPS,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(partial(LiveLaw, make_world, faults), settings=plan)


TABLES = (
    "fix",
    "latest",
    "visit",
    "event",
    "event_place",
    "departure",
    "unsettled",
    "retraction",
    "clock_ahead",
    "alert",
)


def test_two_processes_on_postgres_obey_the_law(
    transactional_db: None, clock: Clock, faults: list[str], postgres_url: str
) -> None:
    schema = f"law_{secrets.token_hex(4)}"
    PostgresTelemetry(postgres_url, schema=schema).prepare()

    def empty() -> Callable[[], Telemetry]:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            for table in TABLES:
                connection.execute(f"DELETE FROM {schema}.{table}")
        return lambda: timed(PostgresTelemetry(postgres_url, schema=schema), clock)

    obey_the_law(clock, faults, empty, processes=2, share=0.4)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def test_a_process_on_sqlite_obeys_the_law(
    transactional_db: None, clock: Clock, faults: list[str], tmp_path: Path
) -> None:
    def empty() -> Callable[[], Telemetry]:
        path = tmp_path / f"{secrets.token_hex(4)}.sqlite3"
        SqliteTelemetry(path).prepare()
        return lambda: timed(SqliteTelemetry(path), clock)

    obey_the_law(clock, faults, empty, processes=1, share=0.6)
