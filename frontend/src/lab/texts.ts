/** Figures of the lab as people read them. Pure. */
import { UNKNOWN_TEXT } from '../format.ts';
import type { CpuShare } from './cpu-share.ts';

export function bytesText(bytes: number | null): string {
  if (bytes === null) return UNKNOWN_TEXT;
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 1_000_000) return `${short(bytes / 1000)} kB`;
  return `${short(bytes / 1_000_000)} MB`;
}

export function secondsText(durationMs: number | null): string {
  if (durationMs === null) return UNKNOWN_TEXT;
  return durationMs < 10_000 ? `${(durationMs / 1000).toFixed(2)} s` : `${(durationMs / 1000).toFixed(1)} s`;
}

function short(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

/** Small against what the server does anyway, the figure only has an upper bound. */
export function cpuText({ perUpdateMs, plusMinusMs }: CpuShare): string {
  if (perUpdateMs === null) return 'no update came';
  if (perUpdateMs <= plusMinusMs) return `below ${microsecondsText(perUpdateMs + plusMinusMs)}`;
  return `${microsecondsText(perUpdateMs)} ± ${microsecondsText(plusMinusMs)}`;
}

function microsecondsText(durationMs: number): string {
  return `${Math.ceil(durationMs * 1000).toLocaleString()} µs`;
}
