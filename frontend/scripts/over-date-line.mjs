/** Rings of a globe, made flat: one that crosses ±180° would else be a stripe across the map. */

const TURN = 360;
const DATE_LINE = 180;

/**
 * The parts of a ring west and east of the date line, each between -180° and 180°. One that goes around a pole is closed along it.
 *
 * @param {readonly (readonly [lon: number, lat: number])[]} ring first point repeated at the end, degrees
 * @returns {[lon: number, lat: number][][]}
 */
export function flatRings(ring) {
  const points = goneOn(ring);
  const [first, last] = [points[0], points.at(-1)];
  if (Math.abs(last[0] - first[0]) > TURN / 2) {
    const pole = first[1] < 0 ? -90 : 90;
    points.push([last[0], pole], [first[0], pole], first);
  }
  return [-TURN, 0, TURN]
    .map((shift) => points.map(([lon, lat]) => [lon + shift, lat]))
    .map((moved) => eastOf(eastOf(moved, -1), 1))
    .filter((part) => part.some(([lon]) => lon !== part[0][0]));
}

/** Each longitude the short way from the one before. */
function goneOn(ring) {
  let shift = 0;
  return ring.map(([lon, lat], i) => {
    const step = i === 0 ? 0 : lon - ring[i - 1][0];
    if (Math.abs(step) > TURN / 2) shift -= Math.sign(step) * TURN;
    return [lon + shift, lat];
  });
}

/** What of the ring is east of -180° (`side` -1), or west of 180° (1). */
function eastOf(ring, side) {
  const line = side * DATE_LINE;
  const isIn = ([lon]) => side * (line - lon) >= 0;
  const kept = ring.flatMap((point, i) => {
    const before = ring[(i || ring.length) - 1];
    const own = isIn(point) ? [point] : [];
    return isIn(before) === isIn(point) ? own : [crossing(before, point, line), ...own];
  });
  return kept.length > 0 ? closed(kept) : [];
}

function crossing([lonA, latA], [lonB, latB], line) {
  return [line, latA + ((latB - latA) * (line - lonA)) / (lonB - lonA)];
}

function closed(points) {
  const [first, last] = [points[0], points.at(-1)];
  return first[0] === last[0] && first[1] === last[1] ? points : [...points, first];
}
