/** What the page says of what it shows and of what it does not know. Pure. */
import { clockText, courseText, durationText, minuteText, shortDayText, speedText } from '../format.ts';
import type { Episode } from './episodes.ts';
import type { Track, Whereabout } from './track.ts';

/** Slower it goes nowhere in particular. */
const SLOWEST_MPS = 1;

/** `Thu 26 Nov, 10:12:33` */
export function cursorText(timeMs: number): string {
  return `${shortDayText(timeMs)}, ${clockText(timeMs)}`;
}

/** What the vehicle did then. */
export function doingText(at: Whereabout | null, episode: Episode | null): string {
  if (at === null) return 'No fix yet';
  const stopped = episode?.kind === 'stop' ? `Stopped since ${minuteText(episode.fromMs)}` : null;
  if (!at.isKnown) {
    const silent = `no fix since ${clockText(at.fixMs)}`;
    return stopped === null ? `Last seen here: ${silent}` : `${stopped}, ${silent}`;
  }
  if (stopped !== null) return stopped;
  const isDriving = (at.speedMps ?? 0) >= SLOWEST_MPS && at.headingDeg !== null;
  return isDriving ? `${speedText(at.speedMps)}, ${courseText(at.headingDeg)}` : speedText(at.speedMps);
}

/** What one should know before one believes what is drawn; empty: nothing. */
export function caveatsOf(track: Track): readonly string[] {
  const { gaps, fixes, times, toleranceM, isLimited } = track;
  const caveats: string[] = [];
  if (isLimited)
    caveats.push('You see what happened in your regions, while it did; elsewhere the line ends.');
  if (gaps.length > 0) {
    const silentS = gaps.reduce((sum, [fromMs, toMs]) => sum + toMs - fromMs, 0) / 1_000;
    const count = gaps.length === 1 ? 'One gap' : `${gaps.length} gaps`;
    caveats.push(
      `${count} of more than 5 minutes without a fix, ${durationText(silentS)} together: nothing is drawn there.`,
    );
  }
  if (toleranceM !== null && times.length < fixes) {
    const shown = `${times.length.toLocaleString()} of ${fixes.toLocaleString()} fixes`;
    caveats.push(
      `${shown} are shown, at most ${Math.max(1, Math.round(toleranceM))} m off; look closer in map or chart for all.`,
    );
  }
  return caveats;
}

export function emptyText(isLimited: boolean): string {
  return isLimited
    ? 'Nothing is known of this vehicle in your regions in these days.'
    : 'The vehicle sent nothing in these days.';
}
