/** Figures of the lab as people read them. Pure. */
import { UNKNOWN_TEXT } from '../format.ts';
import { numberText, t } from '../texts.ts';
import type { CpuShare } from './cpu-share.ts';

export function bytesText(bytes: number | null): string {
  if (bytes === null) return UNKNOWN_TEXT;
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 1_000_000) return `${short(bytes / 1000)} kB`;
  return `${short(bytes / 1_000_000)} MB`;
}

export function secondsText(durationMs: number | null): string {
  if (durationMs === null) return UNKNOWN_TEXT;
  return durationMs < 10_000
    ? `${numberText(durationMs / 1000, 2)} s`
    : `${numberText(durationMs / 1000, 1)} s`;
}

function short(value: number): string {
  return numberText(value, value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** Small against what the server does anyway, the figure only has an upper bound. */
export function cpuText({ perUpdateMs, plusMinusMs }: CpuShare): string {
  if (perUpdateMs === null) return t('no update came');
  if (perUpdateMs <= plusMinusMs)
    return t('below {time}', { time: microsecondsText(perUpdateMs + plusMinusMs) });
  return `${microsecondsText(perUpdateMs)} ± ${microsecondsText(plusMinusMs)}`;
}

function microsecondsText(durationMs: number): string {
  return `${numberText(Math.ceil(durationMs * 1000))} µs`;
}
