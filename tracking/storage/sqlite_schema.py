"""The tables of the telemetry store on SQLite, and how a store of an older version gets there."""

VERSION = 5

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fix (
    key INTEGER PRIMARY KEY, lat_e7 INTEGER NOT NULL, lon_e7 INTEGER NOT NULL,
    speed_mms INTEGER, course_cdeg INTEGER, accuracy_cm INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS sealed (
    vehicle INTEGER NOT NULL, hour INTEGER NOT NULL, fixes INTEGER NOT NULL, first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL, blob BLOB NOT NULL, PRIMARY KEY (vehicle, hour)) STRICT;
CREATE INDEX IF NOT EXISTS sealed_hour ON sealed (hour);
CREATE TABLE IF NOT EXISTS reach (
    vehicle INTEGER NOT NULL, hour INTEGER NOT NULL, west INTEGER NOT NULL, south INTEGER NOT NULL,
    east INTEGER NOT NULL, north INTEGER NOT NULL, cells BLOB NOT NULL, PRIMARY KEY (vehicle, hour)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS overview (
    vehicle INTEGER NOT NULL, hour INTEGER NOT NULL, fixes INTEGER NOT NULL, blob BLOB NOT NULL,
    PRIMARY KEY (vehicle, hour)) STRICT;
CREATE TABLE IF NOT EXISTS framed (hour INTEGER PRIMARY KEY, stamp INTEGER NOT NULL, is_built INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS framed_stale ON framed (hour) WHERE is_built = 0;
CREATE TABLE IF NOT EXISTS frame (minute INTEGER PRIMARY KEY, blob BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS latest (
    vehicle INTEGER PRIMARY KEY, fix_time INTEGER NOT NULL, lat_e7 INTEGER NOT NULL, lon_e7 INTEGER NOT NULL,
    speed_mms INTEGER, course_cdeg INTEGER, accuracy_cm INTEGER, status INTEGER, rest_time INTEGER,
    received_time INTEGER NOT NULL, changed_at INTEGER NOT NULL, moved_at INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS visit (
    id INTEGER PRIMARY KEY, vehicle INTEGER NOT NULL, region INTEGER NOT NULL,
    enter_time INTEGER NOT NULL, exit_time INTEGER, changed_at INTEGER NOT NULL,
    exit_seen INTEGER, enter_event INTEGER, exit_event INTEGER) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS visit_open ON visit (vehicle, region) WHERE exit_time IS NULL;
CREATE INDEX IF NOT EXISTS visit_present ON visit (region, vehicle) WHERE exit_time IS NULL;
CREATE INDEX IF NOT EXISTS visit_region ON visit (region, enter_time);
CREATE INDEX IF NOT EXISTS visit_vehicle ON visit (vehicle, enter_time);
CREATE INDEX IF NOT EXISTS visit_seen ON visit (vehicle, exit_seen);
CREATE INDEX IF NOT EXISTS visit_untold ON visit (enter_time) WHERE exit_time IS NULL AND enter_event IS NULL;
CREATE TABLE IF NOT EXISTS departure (
    region INTEGER NOT NULL, vehicle INTEGER NOT NULL, moved_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    PRIMARY KEY (region, vehicle)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS departure_changed ON departure (region, changed_at);
CREATE TABLE IF NOT EXISTS unsettled (
    vehicle INTEGER NOT NULL, hour INTEGER NOT NULL, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL,
    PRIMARY KEY (vehicle, hour)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS retraction (event INTEGER PRIMARY KEY, by_event INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS clock_ahead (
    vehicle INTEGER NOT NULL, hour INTEGER NOT NULL, fixes INTEGER NOT NULL, first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL, most_ms INTEGER NOT NULL, PRIMARY KEY (vehicle, hour)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, vehicle INTEGER NOT NULL, region INTEGER,
    time INTEGER NOT NULL, data TEXT NOT NULL DEFAULT '{}', changed_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS event_time ON event (time);
CREATE INDEX IF NOT EXISTS event_changed ON event (changed_at);
CREATE INDEX IF NOT EXISTS event_region ON event (region, id);
CREATE INDEX IF NOT EXISTS event_vehicle ON event (vehicle, id);
CREATE INDEX IF NOT EXISTS event_region_changed ON event (region, changed_at);
CREATE INDEX IF NOT EXISTS event_vehicle_changed ON event (vehicle, changed_at);
CREATE TABLE IF NOT EXISTS event_place (
    region INTEGER NOT NULL, changed_at INTEGER NOT NULL, event INTEGER NOT NULL,
    PRIMARY KEY (region, changed_at, event)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT, rule INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    vehicle INTEGER NOT NULL, region INTEGER, start_time INTEGER NOT NULL, end_time INTEGER, quiet_time INTEGER,
    acknowledged_time INTEGER, acknowledged_by TEXT, changed_at INTEGER NOT NULL, UNIQUE (rule, vehicle, start_time)) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS alert_open ON alert (rule, vehicle) WHERE end_time IS NULL;
CREATE INDEX IF NOT EXISTS alert_region ON alert (region, id);
"""

UPGRADE_FROM_1 = """
ALTER TABLE latest ADD COLUMN moved_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visit ADD COLUMN exit_seen INTEGER;
ALTER TABLE visit ADD COLUMN enter_event INTEGER;
ALTER TABLE visit ADD COLUMN exit_event INTEGER;
DROP INDEX visit_left;
"""
"""Before SCHEMA, which makes what is new."""

FROM_BEFORE_4 = """
INSERT INTO reach SELECT vehicle, hour, -1800000000, -900000000, 1800000000, 900000000,
    X'0c7801fbff7f140cf7100000cc22e22c' FROM sealed;
INSERT INTO framed SELECT DISTINCT hour, 0, 0 FROM sealed;
"""
"""After SCHEMA. What version 3 sealed may have been anywhere on earth, until it is sealed anew."""

EVENTS = "id, kind, vehicle, region, time, data, changed_at"
ALERTS = "id, rule, name, kind, vehicle, region, start_time, end_time, quiet_time, acknowledged_time, acknowledged_by, changed_at"
FROM_BEFORE_5 = f"""
CREATE TEMP TABLE old_event AS SELECT {EVENTS} FROM event;
CREATE TEMP TABLE old_alert AS SELECT {ALERTS} FROM alert;
DROP TABLE event;
DROP TABLE alert;
{SCHEMA}
INSERT INTO event ({EVENTS}) SELECT {EVENTS} FROM old_event;
INSERT INTO alert ({ALERTS}) SELECT {ALERTS} FROM old_alert;
DROP TABLE old_event;
DROP TABLE old_alert;
"""
"""After SCHEMA. Without AUTOINCREMENT an event gets the id of the newest one when that was erased: who has read up to there misses it."""
