-- The tables of version 4, as the program of that version made them.
CREATE TABLE IF NOT EXISTS meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE IF NOT EXISTS fix (
    vehicle integer NOT NULL, t bigint NOT NULL, lat_e7 integer NOT NULL, lon_e7 integer NOT NULL,
    speed_mms integer, course_cdeg integer, accuracy_cm integer, PRIMARY KEY (vehicle, t)) PARTITION BY RANGE (t);
CREATE INDEX IF NOT EXISTS fix_time ON fix USING brin (t);
CREATE TABLE IF NOT EXISTS sealed (
    vehicle integer NOT NULL, hour integer NOT NULL, fixes integer NOT NULL, first_time bigint NOT NULL,
    last_time bigint NOT NULL, blob bytea NOT NULL, PRIMARY KEY (vehicle, hour));
CREATE INDEX IF NOT EXISTS sealed_hour ON sealed (hour);
CREATE TABLE IF NOT EXISTS reach (
    vehicle integer NOT NULL, hour integer NOT NULL, west bigint NOT NULL, south bigint NOT NULL,
    east bigint NOT NULL, north bigint NOT NULL, cells bytea NOT NULL, PRIMARY KEY (vehicle, hour));
CREATE TABLE IF NOT EXISTS overview (
    vehicle integer NOT NULL, hour integer NOT NULL, fixes integer NOT NULL, blob bytea NOT NULL,
    PRIMARY KEY (vehicle, hour));
CREATE TABLE IF NOT EXISTS framed (hour integer PRIMARY KEY, stamp bigint NOT NULL, is_built smallint NOT NULL);
CREATE INDEX IF NOT EXISTS framed_stale ON framed (hour) WHERE is_built = 0;
CREATE TABLE IF NOT EXISTS frame (minute integer PRIMARY KEY, blob bytea NOT NULL);
CREATE TABLE IF NOT EXISTS latest (
    vehicle integer PRIMARY KEY, fix_time bigint NOT NULL, lat_e7 integer NOT NULL, lon_e7 integer NOT NULL,
    speed_mms integer, course_cdeg integer, accuracy_cm integer, status smallint, rest_time bigint,
    received_time bigint NOT NULL, changed_at bigint NOT NULL, moved_at bigint NOT NULL DEFAULT 0)
    WITH (fillfactor = 60);
CREATE TABLE IF NOT EXISTS visit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, vehicle integer NOT NULL, region integer NOT NULL,
    enter_time bigint NOT NULL, exit_time bigint, changed_at bigint NOT NULL,
    exit_seen bigint, enter_event bigint, exit_event bigint);
CREATE UNIQUE INDEX IF NOT EXISTS visit_open ON visit (vehicle, region) WHERE exit_time IS NULL;
CREATE INDEX IF NOT EXISTS visit_present ON visit (region, vehicle) WHERE exit_time IS NULL;
CREATE INDEX IF NOT EXISTS visit_region ON visit (region, enter_time);
CREATE INDEX IF NOT EXISTS visit_vehicle ON visit (vehicle, enter_time);
CREATE INDEX IF NOT EXISTS visit_seen ON visit (vehicle, exit_seen);
CREATE INDEX IF NOT EXISTS visit_untold ON visit (enter_time) WHERE exit_time IS NULL AND enter_event IS NULL;
CREATE TABLE IF NOT EXISTS departure (
    region integer NOT NULL, vehicle integer NOT NULL, moved_at bigint NOT NULL, changed_at bigint NOT NULL,
    PRIMARY KEY (region, vehicle));
CREATE INDEX IF NOT EXISTS departure_changed ON departure (region, changed_at);
CREATE TABLE IF NOT EXISTS unsettled (
    vehicle integer NOT NULL, hour integer NOT NULL, from_time bigint NOT NULL, to_time bigint NOT NULL,
    PRIMARY KEY (vehicle, hour));
CREATE TABLE IF NOT EXISTS retraction (event bigint PRIMARY KEY, by_event bigint NOT NULL);
CREATE TABLE IF NOT EXISTS clock_ahead (
    vehicle integer NOT NULL, hour integer NOT NULL, fixes bigint NOT NULL, first_time bigint NOT NULL,
    last_time bigint NOT NULL, most_ms bigint NOT NULL, PRIMARY KEY (vehicle, hour));
CREATE TABLE IF NOT EXISTS event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, vehicle integer NOT NULL, region integer,
    time bigint NOT NULL, data jsonb NOT NULL DEFAULT '{}', changed_at bigint NOT NULL);
CREATE INDEX IF NOT EXISTS event_time ON event (time);
CREATE INDEX IF NOT EXISTS event_changed ON event (changed_at);
CREATE INDEX IF NOT EXISTS event_region ON event (region, id);
CREATE INDEX IF NOT EXISTS event_vehicle ON event (vehicle, id);
CREATE INDEX IF NOT EXISTS event_region_changed ON event (region, changed_at);
CREATE INDEX IF NOT EXISTS event_vehicle_changed ON event (vehicle, changed_at);
CREATE TABLE IF NOT EXISTS event_place (
    region integer NOT NULL, changed_at bigint NOT NULL, event bigint NOT NULL,
    PRIMARY KEY (region, changed_at, event));
CREATE TABLE IF NOT EXISTS alert (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, rule integer NOT NULL, name text NOT NULL, kind text NOT NULL,
    vehicle integer NOT NULL, region integer, start_time bigint NOT NULL, end_time bigint, quiet_time bigint,
    acknowledged_time bigint, acknowledged_by text, changed_at bigint NOT NULL, UNIQUE (rule, vehicle, start_time));
CREATE UNIQUE INDEX IF NOT EXISTS alert_open ON alert (rule, vehicle) WHERE end_time IS NULL;
CREATE INDEX IF NOT EXISTS alert_region ON alert (region, id);
