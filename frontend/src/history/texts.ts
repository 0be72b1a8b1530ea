/** What the page says of what it shows and of what it does not know. Pure. */
import { clockText, courseText, durationText, minuteText, shortDayText, speedText } from '../format.ts';
import { counted, t } from '../texts.ts';
import type { Member } from './company.ts';
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
  if (at === null) return t('No fix yet');
  const stopped =
    episode?.kind === 'stop' ? t('Stopped since {time}', { time: minuteText(episode.fromMs) }) : null;
  if (!at.isKnown) {
    const silent = t('no fix since {time}', { time: clockText(at.fixMs) });
    return stopped === null ? t('Last seen here: {what}', { what: silent }) : `${stopped}, ${silent}`;
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
    caveats.push(t('You see what happened in your regions, while it did; elsewhere the line ends.'));
  if (gaps.length > 0) {
    const silentS = gaps.reduce((sum, [fromMs, toMs]) => sum + toMs - fromMs, 0) / 1_000;
    caveats.push(
      counted(
        'One gap of more than 5 minutes without a fix, {duration} together: nothing is drawn there.',
        '{count} gaps of more than 5 minutes without a fix, {duration} together: nothing is drawn there.',
        gaps.length,
        { duration: durationText(silentS) },
      ),
    );
  }
  if (toleranceM !== null && times.length < fixes) {
    caveats.push(
      t('{shown} of {all} fixes are shown, at most {distance} off; look closer in map or chart for all.', {
        shown: times.length,
        all: fixes,
        distance: offText(toleranceM),
      }),
    );
  }
  return caveats;
}

/** The same of the vehicles beside the chosen one. */
export function companyCaveatsOf(members: readonly Pick<Member, 'name' | 'track'>[]): readonly string[] {
  const thinned = members.filter(({ track }) => track.toleranceM !== null);
  if (thinned.length === 0) return [];
  const offM = Math.max(...thinned.map(({ track }) => track.toleranceM ?? 0));
  return [
    t(
      'Not all fixes of {names} are shown, the lines are at most {distance} off; choose a vehicle for more of its fixes.',
      { names: thinned.map(({ name }) => name).join(', '), distance: offText(offM) },
    ),
  ];
}

export function emptyText(isLimited: boolean): string {
  return isLimited
    ? t('Nothing is known of this vehicle in your regions in these days.')
    : t('The vehicle sent nothing in these days.');
}

function offText(offM: number): string {
  return `${Math.max(1, Math.round(offM))} m`;
}
