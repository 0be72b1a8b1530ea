import type { LogEntry } from '../../src/desk/event-log.ts';

export function makeEntry(id: number | string, more: Partial<LogEntry> = {}): LogEntry {
  return {
    ...{ id, kind: 'enter', timeMs: 0, vehicle: 'bus-1', name: 'Bus 1', region: 'haga' },
    ...{ isFromDriver: false, text: '', isLate: false, alert: null },
    ...more,
  };
}
