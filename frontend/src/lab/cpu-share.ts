/** What one way costs the server, from what a process spent with and without it. Pure. */

export interface CpuReading {
  /** Which process answered. */
  readonly process: number;
  readonly cpu_s: number;
}

/** What a process spent over a stretch of time. */
export interface Spent {
  readonly cpu_s: number;
  readonly duration_s: number;
}

export interface CpuShare {
  /** Null when no update came. */
  readonly perUpdateMs: number | null;
  /** How far the figure may be off, since the server had more or less else to do. */
  readonly plusMinusMs: number;
}

/** `idle` was measured before and after: what the server spends anyway, and how much that sways. */
export function cpuShare(spent: Spent, updates: number, idle: readonly Spent[]): CpuShare {
  const rates = idle.map(({ cpu_s, duration_s }) => cpu_s / duration_s);
  const lowest = Math.min(...rates);
  const highest = Math.max(...rates);
  const extra_s = spent.cpu_s - ((lowest + highest) / 2) * spent.duration_s;
  if (updates === 0) return { perUpdateMs: null, plusMinusMs: 0 };
  return {
    perUpdateMs: Math.max(0, (1000 * extra_s) / updates),
    plusMinusMs: (1000 * ((highest - lowest) / 2) * spent.duration_s) / updates,
  };
}

/** Several processes behind one address count different clocks. */
export function spentBetween(before: CpuReading, after: CpuReading, duration_s: number): Spent | null {
  return before.process === after.process ? { cpu_s: after.cpu_s - before.cpu_s, duration_s } : null;
}
