/** Stream tokens end after minutes, connections need not: when the session asks for a fresh one. Pure. */
import type { Ok } from './protocol.ts';
import { cancel, type Effect, type SessionState, type Step, send, set } from './session-state.ts';

/** Time enough to fetch a token a few times if need be… */
const BEFORE_END_S = 60;
/** …and of a token that lasts less, its last fifth. */
const LEAST_SHARE = 0.8;
const RETRY_MS = 10_000;
/** Who is given tokens about to end shall not ask for them without pause. */
const LEAST_MS = 1_000;
/** Timers of browsers are 32 bits wide and fire at once beyond. */
const MOST_MS = 2 ** 31 - 1;

/** A cookie's session is left alone: it ends by age, or is renewed by whoever visits the site. */
export function renewIn(state: SessionState, expiresInS: number | null): Effect[] {
  if (!state.hasToken || expiresInS === null) return [];
  return [set('renew', renewAfterMs(expiresInS))];
}

/** Until it is answered it will be tried again. */
export function renew(state: SessionState): Step {
  const id = state.nextId;
  return [{ ...state, nextId: id + 1, renewing: id }, [send({ type: 'auth', id }), set('renew', RETRY_MS)]];
}

/** A stream that begins anew says in its next welcome how long the token lasts, a WebSocket says it here. */
export function renewed(state: SessionState, ok: Ok): Step {
  const expiresInS = ok.result?.expires_in_s;
  const next = typeof expiresInS === 'number' ? set('renew', renewAfterMs(expiresInS)) : cancel('renew');
  return [{ ...state, renewing: null }, [next]];
}

function renewAfterMs(expiresInS: number): number {
  const delayMs = 1000 * Math.max(expiresInS - BEFORE_END_S, expiresInS * LEAST_SHARE);
  return Math.min(MOST_MS, Math.max(LEAST_MS, delayMs));
}
