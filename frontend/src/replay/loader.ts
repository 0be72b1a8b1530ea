/** Keeps the archive filled around the cursor: one request of each grade on its way. */
import type { Span } from '../history/player.ts';
import { t } from '../texts.ts';
import type { Archive, Grade } from './archive.ts';
import { type Chunk, HOUR_MS } from './chunk.ts';
import { isWanted, type Look, nextSpan, stepFor } from './chunk-plan.ts';
import type { FromReplayWorker, ToReplayWorker } from './replay-worker.ts';

/** After an answer that was none. */
const AGAIN_MS = 2_000;
const GRADES: readonly Grade[] = ['outline', 'coarse', 'fine'];
/** The server would have to give more than it gives at once. */
const TOO_MUCH = 422;

export interface LoaderOptions {
  readonly archive: Archive;
  readonly fleetUrl: string;
  /** How many vehicles there may be. */
  vehicles(): number;
  onChunks(chunks: readonly Chunk[], grade: Grade): void;
  /** Null: it goes well again. */
  onTrouble(text: string | null): void;
}

interface Request {
  readonly id: number;
  readonly span: Span;
  readonly stepS: number;
}

export class Loader {
  readonly #options: LoaderOptions;
  readonly #worker = new Worker(new URL('./replay-worker.ts', import.meta.url), { type: 'module' });
  readonly #running: Record<Grade, Request | null> = { outline: null, coarse: null, fine: null };
  readonly #refused: Record<Grade, number> = { outline: 0, coarse: 0, fine: 0 };
  #isByTheHour = false;
  #look: Look | null = null;
  #ids = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWaiting = false;

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.#worker.onmessage = ({ data }: MessageEvent<FromReplayWorker>) => this.#answered(data);
  }

  /** Null: nobody looks at the past any more. */
  look(look: Look | null): void {
    this.#look = look;
    for (const grade of GRADES) this.#drop(grade, look);
    this.#go();
  }

  #drop(grade: Grade, look: Look | null): void {
    const request = this.#running[grade];
    if (request === null || (look !== null && isWanted(request.span, grade, look))) return;
    this.#tell({ kind: 'drop', id: request.id });
    this.#running[grade] = null;
  }

  #go(): void {
    if (this.#look === null || this.#isWaiting) return;
    for (const grade of GRADES) {
      if (this.#running[grade] === null) this.#get(grade, this.#look);
    }
  }

  #get(grade: Grade, look: Look): void {
    const { archive, fleetUrl, vehicles } = this.#options;
    const stepS = stepFor(grade, vehicles(), this.#refused[grade]);
    const rows = this.#isByTheHour ? Number.POSITIVE_INFINITY : (vehicles() * 3_600) / stepS;
    const span = nextSpan(grade, archive, look, rows);
    if (span === null) return;
    const asked = { from: instant(span[0]), to: instant(span[1]), step_s: String(stepS), format: 'packed' };
    const url = new URL(`${fleetUrl}/replay?${new URLSearchParams(asked)}`, location.href).href;
    this.#ids += 1;
    this.#running[grade] = { id: this.#ids, span, stepS };
    this.#tell({ kind: 'get', id: this.#ids, url, span });
  }

  #answered(answer: FromReplayWorker): void {
    const grade = GRADES.find((one) => this.#running[one]?.id === answer.id);
    if (grade === undefined) return;
    const request = this.#running[grade] as Request;
    this.#running[grade] = null;
    if ('chunks' in answer) {
      this.#options.onTrouble(null);
      this.#options.onChunks(answer.chunks, grade);
    } else this.#failed(grade, request, answer.status);
    this.#go();
  }

  #failed(grade: Grade, { span, stepS }: Request, status: number): void {
    if (status === TOO_MUCH && span[1] - span[0] > HOUR_MS) {
      this.#isByTheHour = true;
      return;
    }
    const isCoarser = stepFor(grade, this.#options.vehicles(), stepS) > stepS;
    if (status === TOO_MUCH && isCoarser) {
      this.#refused[grade] = stepS;
      return;
    }
    this.#options.onTrouble(troubleText(status));
    this.#isWaiting = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isWaiting = false;
      this.#go();
    }, AGAIN_MS);
  }

  #tell(message: ToReplayWorker): void {
    this.#worker.postMessage(message);
  }
}

function troubleText(status: number): string {
  if (status === 0) return t('The past cannot be loaded; trying again.');
  if (status === 401 || status === 403) return t('You may not see the past, or have to sign in again.');
  return t('The past cannot be loaded (the server answered {status}); trying again.', {
    status: String(status),
  });
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
