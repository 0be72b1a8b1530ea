-- The tables of version 1, as the program of that version made them.
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fix (
    key INTEGER PRIMARY KEY, lat_e7 INTEGER NOT NULL, lon_e7 INTEGER NOT NULL,
    speed_mms INTEGER, course_cdeg INTEGER, accuracy_cm INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS latest (
    vehicle INTEGER PRIMARY KEY, fix_time INTEGER NOT NULL, lat_e7 INTEGER NOT NULL, lon_e7 INTEGER NOT NULL,
    speed_mms INTEGER, course_cdeg INTEGER, accuracy_cm INTEGER, status INTEGER, rest_time INTEGER,
    received_time INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS visit (
    id INTEGER PRIMARY KEY, vehicle INTEGER NOT NULL, region INTEGER NOT NULL,
    enter_time INTEGER NOT NULL, exit_time INTEGER, changed_at INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS visit_open ON visit (vehicle, region) WHERE exit_time IS NULL;
CREATE INDEX IF NOT EXISTS visit_present ON visit (region, vehicle) WHERE exit_time IS NULL;
CREATE INDEX IF NOT EXISTS visit_region ON visit (region, enter_time);
CREATE INDEX IF NOT EXISTS visit_vehicle ON visit (vehicle, enter_time);
CREATE INDEX IF NOT EXISTS visit_left ON visit (region, changed_at) WHERE exit_time IS NOT NULL;
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
