/** Questions of the page: each is answered once, at the latest when its connection is gone. Pure. */
import type { Failure, Ok, Question } from './protocol.ts';
import { type Effect, type SessionState, type Step, send } from './session-state.ts';

export function ask(state: SessionState, ticket: number, question: Question): Step {
  if (state.phase !== 'live') return [state, [{ do: 'answer', ticket, answer: null }]];
  const id = state.nextId;
  const { type, ...fields } = question;
  return [
    { ...state, nextId: id + 1, asked: new Map(state.asked).set(id, ticket) },
    [send({ type, id, ...fields })],
  ];
}

/** Null when it answers no question. */
export function answered(state: SessionState, answer: Ok | Failure): Step | null {
  const ticket = answer.id === null ? undefined : state.asked.get(answer.id);
  if (answer.id === null || ticket === undefined) return null;
  const asked = new Map(state.asked);
  asked.delete(answer.id);
  return [{ ...state, asked }, [{ do: 'answer', ticket, answer }]];
}

/** Whether they were heard nobody knows; they can be asked again, since commands are harmless when repeated. */
export function unanswered(state: SessionState): Effect[] {
  return [...state.asked.values()].map((ticket) => ({ do: 'answer', ticket, answer: null }));
}
