/**
 * Writes the demo streets and the world outline that the map draws when there is no tile server.
 *
 * `generated/streets.json`: drivable ways of Gothenburg, cut from the OpenStreetMap extract that the npm
 * package geojson-path-finder carries for its tests. The simulator drives on the same file.
 *
 *   attribution  string, to be shown wherever the data is
 *   licence      string
 *   bounds       [west, south, east, north], degrees
 *   classes      names of road classes, most important first
 *   ways[]       c  index into classes
 *                n  street name or null
 *                o  1: only along the points, -1: only against them, 0: both ways
 *                v  signed speed limit in km/h or null
 *                p  [[lon, lat], …], degrees with 6 decimals; two ways meet where they share an equal point
 *
 * `generated/world.json`: land and country borders from Natural Earth (public domain).
 *
 *   land[]       rings, each flat [lon, lat, lon, lat, …], first point repeated at the end
 *   borders[]    lines, flat likewise
 *
 * With `--if-missing` a file that is there already is left alone.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { feature, mesh } from 'topojson-client';
import { flatRings } from './over-date-line.mjs';

const CLASSES = [
  'motorway',
  'trunk',
  'primary',
  'secondary',
  'tertiary',
  'unclassified',
  'residential',
  'living_street',
  'motorway_link',
  'trunk_link',
  'primary_link',
  'secondary_link',
  'tertiary_link',
  'road',
];
const CLOSED_TO_CARS = new Set(['no', 'private']);
/** OpenStreetMap: these carry one direction unless `oneway` says otherwise. */
const ONE_WAY_BY_CLASS = new Set(['motorway', 'motorway_link']);
const STREET_DECIMALS = 6;
/** 0.01° is finer than the outline itself (1:50 million). */
const WORLD_DECIMALS = 2;

const require = createRequire(import.meta.url);
const generated = join(dirname(fileURLToPath(import.meta.url)), '..', 'generated');

function readPackageJson(name) {
  return JSON.parse(readFileSync(require.resolve(name), 'utf8'));
}

function rounded(decimals) {
  const factor = 10 ** decimals;
  return (value) => Math.round(value * factor) / factor;
}

function isDrivable({ geometry, properties }) {
  return (
    geometry.type === 'LineString' &&
    CLASSES.includes(properties.highway) &&
    !CLOSED_TO_CARS.has(properties.access) &&
    !CLOSED_TO_CARS.has(properties.motor_vehicle)
  );
}

function directionOf({ oneway, junction, highway }) {
  if (oneway === '-1') return -1;
  if (oneway === 'yes' || oneway === 'true' || oneway === '1') return 1;
  if (oneway === 'no') return 0;
  return junction === 'roundabout' || ONE_WAY_BY_CLASS.has(highway) ? 1 : 0;
}

function speedLimitOf({ maxspeed }) {
  const limit = Number(maxspeed);
  return Number.isFinite(limit) && limit > 0 ? limit : null;
}

function withoutRepeats(points) {
  return points.filter(([lon, lat], i) => i === 0 || lon !== points[i - 1][0] || lat !== points[i - 1][1]);
}

function wayOf({ geometry, properties }) {
  const round = rounded(STREET_DECIMALS);
  return {
    c: CLASSES.indexOf(properties.highway),
    n: properties.name ?? null,
    o: directionOf(properties),
    v: speedLimitOf(properties),
    p: withoutRepeats(geometry.coordinates.map(([lon, lat]) => [round(lon), round(lat)])),
  };
}

function boundsOf(ways) {
  const bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of ways.flatMap((way) => way.p)) {
    bounds[0] = Math.min(bounds[0], lon);
    bounds[1] = Math.min(bounds[1], lat);
    bounds[2] = Math.max(bounds[2], lon);
    bounds[3] = Math.max(bounds[3], lat);
  }
  return bounds;
}

function streets() {
  const network = readPackageJson('geojson-path-finder/test/large-network.json');
  const ways = network.features
    .filter(isDrivable)
    .map(wayOf)
    .filter((way) => way.p.length > 1);
  return {
    attribution: '© OpenStreetMap contributors',
    licence: 'ODbL 1.0',
    bounds: boundsOf(ways),
    classes: CLASSES,
    ways,
  };
}

function flat(line) {
  const round = rounded(WORLD_DECIMALS);
  return withoutRepeats(line.map(([lon, lat]) => [round(lon), round(lat)])).flat();
}

function world() {
  const atlas = readPackageJson('world-atlas/countries-50m.json');
  const land = feature(atlas, atlas.objects.land).features.flatMap(({ geometry }) =>
    geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat(),
  );
  const borders = mesh(atlas, atlas.objects.countries, (a, b) => a !== b).coordinates;
  return {
    attribution: 'Natural Earth',
    licence: 'public domain',
    land: land
      .flatMap(flatRings)
      .map(flat)
      .filter((ring) => ring.length >= 8),
    borders: borders.map(flat).filter((line) => line.length >= 4),
  };
}

function write(name, build) {
  const path = join(generated, name);
  if (process.argv.includes('--if-missing') && existsSync(path)) return;
  mkdirSync(generated, { recursive: true });
  const text = JSON.stringify(build());
  writeFileSync(path, text);
  process.stdout.write(`generated/${name}: ${Math.round(text.length / 1024)} KiB\n`);
}

write('streets.json', streets);
write('world.json', world);
