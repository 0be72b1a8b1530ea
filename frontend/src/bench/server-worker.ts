/** Plays the server in a worker: answers the session and sends real protocol frames, as text. */
import type { ClientMessage, Welcome } from '../protocol.ts';
import { type Box, DELTA_MS, SimulatedFleet } from './simulated-fleet.ts';

export interface ServerSetup {
  count: number;
  box: Box;
}

interface WorkerScope {
  onmessage: ((event: MessageEvent<ServerSetup | string>) => void) | null;
  postMessage(text: string): void;
}

const scope = self as unknown as WorkerScope;
let fleet: SimulatedFleet | null = null;

scope.onmessage = ({ data }) => {
  if (typeof data === 'string') answer(JSON.parse(data) as ClientMessage);
  else fleet = new SimulatedFleet(data.count, data.box, seeded(42));
};

function answer(message: ClientMessage): void {
  if (message.type === 'hello') say(welcome());
  if (message.type !== 'join' || fleet === null) return;
  const joined = fleet;
  say({ type: 'ok', id: message.id, result: {} });
  for (const part of joined.snapshot(Date.now())) say(part);
  setInterval(() => say(joined.delta(Date.now())), DELTA_MS);
}

function say(message: object): void {
  scope.postMessage(JSON.stringify(message));
}

function welcome(): Welcome {
  return {
    type: 'welcome',
    connection: 'bench',
    heartbeat_s: 20,
    tick_ms: DELTA_MS,
    server_time: Date.now(),
    expires_in_s: null,
    limits: { channels: 32 },
    stale_after_s: 60,
    offline_after_s: 600,
  };
}

/** Numerical Recipes' linear congruence: the same fleet at every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
