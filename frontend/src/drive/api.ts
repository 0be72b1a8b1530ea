/** The driver's calls over plain HTTP; each resolves, with null when nobody can say whether it was heard. */

import { isNumber, isRecord, isText, isTextOrNull } from '../guards.ts';
import { problemText } from '../problem-text.ts';
import type { Answer } from '../protocol.ts';
import { t } from '../texts.ts';
import type { DutySwitch } from './duty.ts';
import type { DriveFix } from './fix.ts';
import { isPairing, type Pairing } from './pairing.ts';

const ROOT = '/api/v1';
const ANSWER_WITHIN_MS = 20_000;

/** What a phone without a token may ask; the text says why not. */
export async function pair(code: string): Promise<Pairing | string> {
  const answer = await call('pair', { method: 'POST', body: JSON.stringify({ code }) });
  if (answer === null) return t('The server cannot be reached. Try again where there is network.');
  if (isPairing(answer.body)) return answer.body;
  return problemOf(answer).reason;
}

export async function postFixes(token: string, fixes: readonly DriveFix[]): Promise<Answer> {
  return answerOf(await call('fixes', { method: 'POST', body: JSON.stringify(fixes) }, token));
}

export async function postSwitches(token: string, switches: readonly DutySwitch[]): Promise<Answer> {
  const body = {
    switches: switches.map(({ off_duty, timeMs }) => ({ off_duty, time: new Date(timeMs).toISOString() })),
  };
  return answerOf(await call('duty', { method: 'POST', body: JSON.stringify(body) }, token));
}

export async function getDuty(token: string): Promise<Answer> {
  return answerOf(await call('duty', {}, token));
}

/** Of an answer about duty: since when the driver is off it; null: on duty. Undefined: it does not say. */
export function offSinceMs(answer: Answer): number | null | undefined {
  const since = answer?.type === 'ok' ? answer.result?.off_duty_since : undefined;
  if (!isTextOrNull(since)) return undefined;
  return since === null ? null : Date.parse(since);
}

/** Of an answer about duty: the vehicle's slug now; null: it does not say. */
export function vehicleOf(answer: Answer): string | null {
  const vehicle = answer?.type === 'ok' ? answer.result?.vehicle : undefined;
  return isText(vehicle) ? vehicle : null;
}

interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterS: number;
}

async function call(path: string, request: RequestInit, token?: string): Promise<HttpAnswer | null> {
  const credentials: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const response = await fetch(`${ROOT}/${path}`, {
      ...request,
      headers: { ...credentials, 'content-type': 'application/json' },
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const retryAfterS = Number(response.headers.get('retry-after') ?? 0);
    const body: unknown = await response.json().catch(() => null);
    return { status: response.status, body, retryAfterS: isNumber(retryAfterS) ? retryAfterS : 0 };
  } catch {
    return null;
  }
}

function answerOf(answer: HttpAnswer | null): Answer {
  if (answer === null) return null;
  if (answer.status === 200 && isRecord(answer.body)) return { type: 'ok', id: 0, result: answer.body };
  return { type: 'error', id: null, ...problemOf(answer), retry_after_s: answer.retryAfterS };
}

function problemOf({ status, body }: HttpAnswer): { readonly code: string; readonly reason: string } {
  const code = isRecord(body) && isText(body.code) ? body.code : String(status);
  const reason =
    isRecord(body) && isText(body.detail)
      ? body.detail
      : t('The server answered {status}.', { status: String(status) });
  return { code: status === 401 ? 'not_authenticated' : code, reason: problemText(code, reason) };
}
