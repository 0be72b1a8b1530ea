-- The tables of version 4, as the program of that version made them.
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
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, vehicle INTEGER NOT NULL, region INTEGER,
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
    id INTEGER PRIMARY KEY, rule INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    vehicle INTEGER NOT NULL, region INTEGER, start_time INTEGER NOT NULL, end_time INTEGER, quiet_time INTEGER,
    acknowledged_time INTEGER, acknowledged_by TEXT, changed_at INTEGER NOT NULL, UNIQUE (rule, vehicle, start_time)) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS alert_open ON alert (rule, vehicle) WHERE end_time IS NULL;
CREATE INDEX IF NOT EXISTS alert_region ON alert (region, id);
