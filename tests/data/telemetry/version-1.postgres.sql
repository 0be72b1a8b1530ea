-- The tables of version 1, as the program of that version made them.
CREATE TABLE IF NOT EXISTS meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE IF NOT EXISTS fix (
    vehicle integer NOT NULL, t bigint NOT NULL, lat_e7 integer NOT NULL, lon_e7 integer NOT NULL,
    speed_mms integer, course_cdeg integer, accuracy_cm integer, PRIMARY KEY (vehicle, t)) PARTITION BY RANGE (t);
CREATE INDEX IF NOT EXISTS fix_time ON fix USING brin (t);
CREATE TABLE IF NOT EXISTS latest (
    vehicle integer PRIMARY KEY, fix_time bigint NOT NULL, lat_e7 integer NOT NULL, lon_e7 integer NOT NULL,
    speed_mms integer, course_cdeg integer, accuracy_cm integer, status smallint, rest_time bigint,
    received_time bigint NOT NULL, changed_at bigint NOT NULL) WITH (fillfactor = 60);
CREATE TABLE IF NOT EXISTS visit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, vehicle integer NOT NULL, region integer NOT NULL,
    enter_time bigint NOT NULL, exit_time bigint, changed_at bigint NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS visit_open ON visit (vehicle, region) WHERE exit_time IS NULL;
CREATE INDEX IF NOT EXISTS visit_present ON visit (region, vehicle) WHERE exit_time IS NULL;
CREATE INDEX IF NOT EXISTS visit_region ON visit (region, enter_time);
CREATE INDEX IF NOT EXISTS visit_vehicle ON visit (vehicle, enter_time);
CREATE INDEX IF NOT EXISTS visit_left ON visit (region, changed_at) WHERE exit_time IS NOT NULL;
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
