/** The rates of every process, from one report to the next. */
import { type ProcessReport, type Rates, ratesBetween } from './report.ts';

interface Known {
  readonly report: ProcessReport;
  readonly rates: Rates | null;
}

export class RateBook {
  #known = new Map<string, Known>();

  /** Forgets processes that are not among them. The same moment told again changes nothing. */
  note(reports: readonly ProcessReport[]): void {
    const next = new Map<string, Known>();
    for (const report of reports) {
      const before = this.#known.get(report.process);
      const isNews = before === undefined || report.uptime_s > before.report.uptime_s;
      next.set(report.process, isNews ? { report, rates: ratesBetween(before?.report, report) } : before);
    }
    this.#known = next;
  }

  /** Null until there are two reports. */
  ratesOf(process: string): Rates | null {
    return this.#known.get(process)?.rates ?? null;
  }
}
