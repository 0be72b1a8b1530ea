/** A place on earth as people write it: degrees, or degrees, minutes and seconds, with signs or letters. Pure. */
import type { Point } from './bounds.ts';

/** Nothing else occurs in a coordinate. */
const LETTERS = /^[-+\d.,°º'’′"”″\sNSEW]+$/i;
/** Two plain whole numbers are rather a name. */
const UNMISTAKABLE = /[.,°º'′NSEW]/i;
const PARTS = /[-+]?\d+(?:\.\d+)?|[NSEW]/gi;
const HALVES = 2;

/** Null when the text is none. */
export function parseCoordinate(text: string): Point | null {
  const asked = text.trim();
  if (!LETTERS.test(asked) || !UNMISTAKABLE.test(asked)) return null;
  const halves = halvesOf(withPoints(asked));
  if (halves === null) return null;
  const [first, second] = halves.map(angleOf);
  if (first === undefined || second === undefined || first === null || second === null) return null;
  const isTurned = first.axis === 'lon' || second.axis === 'lat';
  if (isTurned && (first.axis === 'lat' || second.axis === 'lon')) return null;
  if (first.axis !== null && first.axis === second.axis) return null;
  const [lat, lon] = isTurned ? [second.deg, first.deg] : [first.deg, second.deg];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}

/** `57,7 11,97`, as half of Europe writes it. */
function withPoints(text: string): string {
  const isWithCommas = /^[-+]?\d+,\d+\s*[NSEW]?[;\s]\s*[-+]?\d+,\d+\s*[NSEW]?$/i.test(text);
  return isWithCommas ? text.replaceAll(',', '.') : text;
}

function halvesOf(text: string): readonly string[][] | null {
  const byComma = text.split(',').map((half) => half.match(PARTS) ?? []);
  if (byComma.length === HALVES) return byComma;
  if (byComma.length > HALVES) return null;
  const parts = text.match(PARTS) ?? [];
  const letters = parts.flatMap((part, i) => (isLetter(part) ? [i] : []));
  if (letters.length === 1 || letters.length > HALVES) return null;
  const [one = 0, two = parts.length / HALVES] = letters;
  const middle = letters.length === 0 ? parts.length / HALVES : one === 0 ? two : one + 1;
  return Number.isInteger(middle) ? [parts.slice(0, middle), parts.slice(middle)] : null;
}

interface Angle {
  deg: number;
  axis: 'lat' | 'lon' | null;
}

function angleOf(parts: readonly string[]): Angle | null {
  const letter = parts.find(isLetter)?.toUpperCase() ?? '';
  const numbers = parts.filter((part) => !isLetter(part)).map(Number);
  const [deg = Number.NaN, minutes = 0, seconds = 0] = numbers;
  const isWrong = parts.filter(isLetter).length > 1 || numbers.length > 3 || Number.isNaN(deg);
  if (isWrong || minutes < 0 || minutes >= 60 || seconds < 0 || seconds >= 60) return null;
  const isNegative = parts.some((part) => part.startsWith('-'));
  const size = Math.abs(deg) + minutes / 60 + seconds / 3600;
  const axis = letter === '' ? null : 'NS'.includes(letter) ? 'lat' : 'lon';
  return { deg: isNegative !== (letter === 'S' || letter === 'W') ? -size : size, axis };
}

function isLetter(part: string): boolean {
  return /^[NSEW]$/i.test(part);
}
